import type { CompletedJob, Job } from '../domain/job';

/** Distances that may stand on one axis: of one model, one reference and one detector. */
export interface History {
  readonly key: string;
  readonly jobs: readonly CompletedJob[];
}

/** Splits jobs into histories, the one that grew last at the end; jobs stay in capture order. */
export function histories(jobs: readonly Job[]): History[] {
  const byKey = new Map<string, CompletedJob[]>();
  for (const job of jobs) {
    if (job.jobStatus !== 'Completed') continue;
    const { name, windowSize, sigma } = job.detector;
    const key = [job.modelSha256, job.referenceId, name, windowSize, sigma].join(' ');
    const history = byKey.get(key);
    if (history) history.push(job);
    else byKey.set(key, [job]);
  }
  const newest = (history: History) => Math.max(...history.jobs.slice(-1).map((job) => job.createdAt));
  return [...byKey].map(([key, jobs]) => ({ key, jobs })).sort((a, b) => newest(a) - newest(b));
}

/** A longer pause than this between two snapshots is drawn as a gap, in milliseconds. */
export function gapLength(jobs: readonly CompletedJob[]): number {
  const steps = jobs.slice(1).map((job, i) => job.capturedAt - (jobs[i]?.capturedAt ?? 0));
  const median = steps.sort((a, b) => a - b)[steps.length >> 1] ?? 0;
  return Math.max(8 * median, 36 * 3_600_000);
}
