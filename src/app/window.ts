import { createDetector, type Detector } from '../domain/detectors';
import type { Embedding } from '../domain/embedding';
import type { Camera, CompletedJob, Job, Reference } from '../domain/job';
import { loadEmbeddings } from '../storage/jobs';
import type { Database } from '../storage/database';

/**
 * The detector as it stood after the last of these jobs: fitted with the reference, its window filled from the
 * stored embeddings, so that the next distance is the same to the last bit as without a reload.
 *
 * @param earlier - the camera's jobs before the next snapshot, in capture order
 * @param fitted - a detector of the same camera and reference: a whole window of updates replaces what it holds,
 *   which spares fitting it again (n² / 2 kernels)
 */
export async function restoreDetector(
  db: Database,
  { camera, reference }: { readonly camera: Camera; readonly reference: Reference },
  earlier: readonly Job[],
  fitted: Detector | null,
): Promise<Detector> {
  const { windowSize } = camera.detector;
  const inWindow = lastOfModel(earlier, camera.modelSha256, windowSize);
  const stored = await loadEmbeddings(
    db,
    inWindow.map((job) => job.id),
  );
  const window = [...warmUpEmbeddings(camera, reference), ...stored.values()].slice(-windowSize);
  const detector = fitted && window.length === windowSize ? fitted : createDetector(camera.detector);
  if (detector !== fitted) detector.fit(reference.embeddings);
  for (const embedding of window) detector.update(embedding);
  return detector;
}

/** The embeddings that stand in the window before the first snapshot. */
function warmUpEmbeddings(camera: Camera, reference: Reference): readonly Embedding[] {
  switch (camera.warmUp) {
    case 'none':
      return [];
    case 'reference':
      return reference.embeddings.slice(-camera.detector.windowSize);
    case 'snapshots':
      return reference.warmUpEmbeddings.slice(-camera.detector.windowSize);
  }
}

/** The last scored jobs of one model, oldest first: embeddings of two models never share a window. */
function lastOfModel(jobs: readonly Job[], modelSha256: string, count: number): CompletedJob[] {
  const found: CompletedJob[] = [];
  for (let i = jobs.length - 1; i >= 0 && found.length < count; i -= 1) {
    const job = jobs[i];
    if (job?.jobStatus === 'Completed' && job.modelSha256 === modelSha256) found.unshift(job);
  }
  return found;
}
