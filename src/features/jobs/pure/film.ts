import type { CompletedJob, Job } from '../../../core/domain/camera/job';
import { isSetAside } from '../../../core/domain/camera/verdict';

const HOUR = 3_600_000;
const NOON = 12;

export interface Film {
  /** of the day, in UTC */
  readonly hour: number;
  /** one of each day, in capture order */
  readonly jobs: readonly CompletedJob[];
}

/**
 * For each hour of the day one picture of each day: the first that counts, or the first where none does.
 *
 * @param jobs - in capture order
 */
export function filmsOf(jobs: readonly Job[]): readonly Film[] {
  const films = new Map<number, CompletedJob[]>();
  for (const job of jobs) {
    if (job.jobStatus === 'Failed') continue;
    const since1970 = Math.floor(job.capturedAt / HOUR);
    const hour = since1970 - 24 * Math.floor(since1970 / 24);
    const film = films.get(hour) ?? [];
    films.set(hour, film);
    const last = film.at(-1);
    if (!last || Math.floor(last.capturedAt / HOUR) !== since1970) film.push(job);
    else if (isSetAside(last) && !isSetAside(job)) film[film.length - 1] = job;
  }
  return [...films].map(([hour, jobs]) => ({ hour, jobs })).sort((a, b) => a.hour - b.hour);
}

/** The film of the most days; of equals the nearest to noon. */
export function longestFilm(films: readonly Film[]): Film | null {
  const apart = ({ hour }: Film) => Math.abs(hour - NOON);
  return [...films].sort((a, b) => b.jobs.length - a.jobs.length || apart(a) - apart(b))[0] ?? null;
}
