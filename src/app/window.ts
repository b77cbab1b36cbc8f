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
 */
export async function restoreDetector(
  db: Database,
  camera: Camera,
  reference: Reference,
  earlier: readonly Job[],
): Promise<Detector> {
  const { windowSize } = camera.detector;
  const inWindow = lastOfModel(earlier, camera.modelSha256, windowSize);
  const stored = await loadEmbeddings(
    db,
    inWindow.map((job) => job.id),
  );
  const detector = createDetector(camera.detector);
  detector.fit(reference.embeddings);
  for (const embedding of [...warmUpEmbeddings(camera, reference), ...stored].slice(-windowSize)) {
    detector.update(embedding);
  }
  return detector;
}

/** The embeddings that stand in the window before the first snapshot: none, or as many as it holds less one. */
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
