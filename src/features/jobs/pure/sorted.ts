import { jobNumberOn } from './job-axes';
import type { Job } from '../../../core/domain/camera/job';
import { isDated } from '../../../core/domain/camera/time/freshness';

const ORDERS = ['newest', 'oldest', 'distance', 'cover', 'blur'] as const;
export type Order = (typeof ORDERS)[number];

/**
 * The number that an order goes by, the first in it having the highest: a blurred picture is one of little sharpness.
 *
 * @returns null if a job has no such number
 */
export function rankOf(job: Job, order: Order): number | null {
  switch (order) {
    case 'newest':
      return job.capturedAt;
    case 'oldest':
      return -job.capturedAt;
    case 'distance':
    case 'cover':
      return jobNumberOn(job, order);
    case 'blur':
      return negative(jobNumberOn(job, 'sharpness'));
  }
}

function negative(value: number | null): number | null {
  return value === null ? null : -value;
}

/**
 * Jobs (in capture order, not changed) in another order; those without its number last, equals newest first. A file that
 * could not be read and says nothing of its time comes last in both orders of time.
 */
export function sortedJobs(jobs: readonly Job[], order: Order): readonly Job[] {
  const newestFirst = [...jobs].reverse();
  if (order === 'newest') return undatedLast(newestFirst);
  if (order === 'oldest') return undatedLast(jobs);
  const ranks = new Map(newestFirst.map((job) => [job.id, rankOf(job, order) ?? -Infinity]));
  // Equal ones, -Infinity among them, have no difference.
  const compare = (a: number, b: number) => (a === b ? 0 : b - a);
  return newestFirst.sort((a, b) => compare(ranks.get(a.id)!, ranks.get(b.id)!));
}

function undatedLast(jobs: readonly Job[]): readonly Job[] {
  return [...jobs.filter(isDated), ...jobs.filter((job) => !isDated(job))];
}

/** Orders for which at least one of these jobs has a number. */
export function ordersOf(jobs: readonly Job[]): readonly Order[] {
  return ORDERS.filter((order) => jobs.some((job) => rankOf(job, order) !== null));
}
