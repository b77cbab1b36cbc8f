import type { CameraEvent } from '../../domain/camera/event';
import {
  historyKey,
  isOfSameHistory,
  type ByEye,
  type CompletedJob,
  type HistoryFacts,
  type Job,
} from '../../domain/camera/job';
import { isSetAside } from '../../domain/camera/verdict';

/** Distances that can share one axis: of one model, one reference and one detector. */
export interface History {
  readonly key: string;
  readonly jobs: readonly CompletedJob[];
}

/** The scored jobs of one model. Another model's distances and embeddings mean something else. */
export function scoredBy(modelSha256: string, jobs: readonly Job[]): CompletedJob[] {
  return jobs.filter(
    (job): job is CompletedJob => job.jobStatus === 'Completed' && job.modelSha256 === modelSha256,
  );
}

/** The jobs of a model that count: a snapshot of another view, or of the dark, is in no window. */
export function countedBy(modelSha256: string, jobs: readonly Job[]): CompletedJob[] {
  return scoredBy(modelSha256, jobs).filter((job) => !isSetAside(job));
}

/** The jobs that a person called so, also if said of another model's job of the same snapshot. */
export function calledBy(byEye: ByEye, modelSha256: string, jobs: readonly Job[]): CompletedJob[] {
  const said = new Map(
    jobs.flatMap((job) =>
      job.jobStatus === 'Completed' && job.byEye ? [[job.contentSha256, job.byEye] as const] : [],
    ),
  );
  if (said.size === 0) return [];
  return countedBy(modelSha256, jobs).filter(({ contentSha256 }) => said.get(contentSha256) === byEye);
}

/** Jobs as if no other model had judged: those of this one, and the files that could not be read. */
export function asOf(modelSha256: string, jobs: readonly Job[]): readonly Job[] {
  return jobs.filter((job) => job.jobStatus === 'Failed' || job.modelSha256 === modelSha256);
}

/** One job for each snapshot, even if several models have judged it: for facts that depend on no model. */
export function oncePerSnapshot(jobs: readonly Job[]): readonly Job[] {
  const seen = new Set<string>();
  return jobs.filter(({ contentSha256, id }) => {
    // The content of a file that could not be read is not known.
    const key = contentSha256 || id;
    const isFirst = !seen.has(key);
    seen.add(key);
    return isFirst;
  });
}

/**
 * Splits jobs into histories, each in capture order. Histories are sorted by their begin, because those of two models
 * cover the same time; the one that the camera goes on with comes last, even empty.
 */
export function histories(jobs: readonly Job[], camera: HistoryFacts): History[] {
  const byKey = new Map<string, { readonly key: string; readonly jobs: CompletedJob[]; begunAt: number }>();
  let [last, history] = [
    null as CompletedJob | null,
    { key: '', jobs: [] as CompletedJob[], begunAt: Infinity },
  ];
  for (const job of jobs) {
    if (job.jobStatus !== 'Completed') continue;
    // Mostly the one before, which is seen sooner than the key is made.
    if (!last || !isOfSameHistory(job, last)) {
      const key = historyKey(job);
      history = byKey.get(key) ?? { key, jobs: [], begunAt: Infinity };
      byKey.set(key, history);
    }
    last = job;
    history.jobs.push(job);
    history.begunAt = Math.min(history.begunAt, job.createdAt);
  }
  const key = historyKey(camera);
  const current = byKey.get(key) ?? { key, jobs: [] };
  byKey.delete(key);
  return [...[...byKey.values()].sort((a, b) => a.begunAt - b.begunAt), current];
}

/**
 * Jobs that the verdict is about: the history that the camera goes on with, or, while that is empty, the one before it
 * of the same model. A history of another view says nothing of this one.
 *
 * @param jobs - of the camera, in capture order
 * @param events - of it
 */
export function tellingHistory(
  jobs: readonly Job[],
  camera: HistoryFacts,
  events: readonly CameraEvent[],
): readonly CompletedJob[] {
  const all = histories(jobs, camera);
  const present = all.at(-1)?.jobs ?? [];
  const earlier = all.findLast((history) => history.jobs.at(-1)?.modelSha256 === camera.modelSha256)?.jobs;
  if (present.length > 0 || !earlier) return present;
  const hasMoved = events.some(({ isNewView, at }) => isNewView && at >= earlier[0]!.capturedAt);
  return hasMoved ? present : earlier;
}

/** The usual time between two snapshots, in milliseconds; null for fewer than two. */
export function medianStep(jobs: readonly Pick<Job, 'capturedAt'>[]): number | null {
  // Numbers of a typed array are sorted without a comparison of ours: ten times as fast with 10,000.
  const steps = Float64Array.from(jobs.slice(1), (job, i) => job.capturedAt - (jobs[i]?.capturedAt ?? 0));
  return steps.sort()[steps.length >> 1] ?? null;
}
