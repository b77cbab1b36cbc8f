import type { Camera, CompletedJob, Job } from '../domain/job';

/** Distances that may stand on one axis: of one model, one reference and one detector. */
export interface History {
  readonly key: string;
  readonly jobs: readonly CompletedJob[];
}

/** What a distance depends on beside the snapshots: two with different keys can't be compared. */
export function historyKey({ modelSha256, referenceId, detector }: HistoryFacts): string {
  return [modelSha256, referenceId, detector.name, detector.windowSize, detector.sigma].join(' ');
}

type HistoryFacts = Pick<Camera, 'modelSha256' | 'referenceId' | 'detector'>;

/** Splits jobs into histories, each in capture order; the one that the camera goes on with comes last, even empty. */
export function histories(jobs: readonly Job[], camera: HistoryFacts): History[] {
  const byKey = new Map<string, CompletedJob[]>();
  for (const job of jobs) {
    if (job.jobStatus !== 'Completed') continue;
    const key = historyKey(job);
    const history = byKey.get(key);
    if (history) history.push(job);
    else byKey.set(key, [job]);
  }
  const current = historyKey(camera);
  const currentJobs = byKey.get(current) ?? [];
  byKey.delete(current);
  return [...byKey, [current, currentJobs] as const].map(([key, jobs]) => ({ key, jobs }));
}

/** The most distances that a chart draws: more than a wide screen has pixels for. */
const MOST_DRAWN = 1500;

/** Few enough jobs to draw: of each stretch its first, lowest, highest and last, so that no peak is lost. */
export function thinned(jobs: readonly CompletedJob[]): readonly CompletedJob[] {
  if (jobs.length <= MOST_DRAWN) return jobs;
  const stretch = Math.ceil((4 * jobs.length) / MOST_DRAWN);
  const kept: CompletedJob[] = [];
  for (let first = 0; first < jobs.length; first += stretch) {
    const end = Math.min(first + stretch, jobs.length);
    let [lowest, highest] = [first, first];
    for (let i = first; i < end; i += 1) {
      if (distanceAt(jobs, i) < distanceAt(jobs, lowest)) lowest = i;
      if (distanceAt(jobs, i) > distanceAt(jobs, highest)) highest = i;
    }
    const chosen = [...new Set([first, lowest, highest, end - 1])].sort((a, b) => a - b);
    kept.push(...chosen.map((i) => jobs[i]!));
  }
  return kept;
}

function distanceAt(jobs: readonly CompletedJob[], i: number): number {
  return jobs[i]?.distance ?? 0;
}

/** The usual time between two snapshots, in milliseconds; null for fewer than two. */
export function medianStep(jobs: readonly Pick<Job, 'capturedAt'>[]): number | null {
  const steps = jobs.slice(1).map((job, i) => job.capturedAt - (jobs[i]?.capturedAt ?? 0));
  return steps.sort((a, b) => a - b)[steps.length >> 1] ?? null;
}

/** A longer pause than this between two snapshots is drawn as a gap, in milliseconds. */
export function gapLength(jobs: readonly CompletedJob[]): number {
  return Math.max(8 * (medianStep(jobs) ?? 0), 36 * 3_600_000);
}
