import { isAside } from './time/clock';
import { isoInstant } from '../instant';
import type { CompletedJob, Job } from './job';
import { alarmsOf, verdictOf } from './verdict';
import { type SpokenDistance, spokenOf, timesOf } from './spoken';
import type { DriftStatus } from '../drift/thresholds';

/** A job's verdict, in the words of the export. */
type Verdict = DriftStatus | 'not-checked';

/** Counts and times of a camera's jobs over a span. */
export interface Summary {
  readonly jobs: number;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  readonly failed: number;
  /** milliseconds since 1970; null without jobs whose time may be right */
  readonly firstCapturedAt: number | null;
  readonly lastCapturedAt: number | null;
  /** of the learned distance, also if it is not used; null if nothing was scored with a full window */
  readonly maxDistance: number | null;
  /** the highest distance that a verdict rests on, relative to its limit; null if there is none */
  readonly highest: SpokenDistance | null;
  /** how many alarms, see `alarmsOf` */
  readonly driftEpisodes: number;
  readonly firstDriftAt: number | null;
}

/** ISO 8601 in UTC with whole seconds, as the export writes times. */
export const isoSeconds = (at: number): string => isoInstant(at).replace(/\.\d+Z$/, 'Z');

/** Counts and extremes of jobs of one camera, given in any order. */
export function summarise(jobs: readonly Job[]): Summary {
  const verdicts: Record<Verdict, number> = {
    'warming-up': 0,
    normal: 0,
    warning: 0,
    drift: 0,
    'not-checked': 0,
  };
  const inOrder = jobs.filter((job) => !isAside(job)).sort((a, b) => a.capturedAt - b.capturedAt);
  const failed = jobs.filter(({ jobStatus }) => jobStatus === 'Failed').length;
  let maxDistance: number | null = null;
  let highest: SpokenDistance | null = null;
  for (const job of jobs) verdicts[verdictOf(job)]++;
  for (const job of inOrder) {
    if (verdictOf(job) === 'not-checked' || job.jobStatus === 'Failed') continue;
    if (job.distance !== null) maxDistance = Math.max(maxDistance ?? job.distance, job.distance);
    highest = higher(highest, job);
  }
  const alarms = alarmsOf(inOrder);
  return {
    jobs: jobs.length,
    verdicts,
    failed,
    firstCapturedAt: inOrder[0]?.capturedAt ?? null,
    lastCapturedAt: inOrder.at(-1)?.capturedAt ?? null,
    maxDistance,
    highest,
    driftEpisodes: alarms.length,
    firstDriftAt: alarms[0] ? inOrder[alarms[0].first]!.capturedAt : null,
  };
}

function higher(highest: SpokenDistance | null, job: CompletedJob): SpokenDistance | null {
  const spoken = spokenOf(job);
  return highest === null || (spoken !== null && timesOf(spoken) > timesOf(highest)) ? spoken : highest;
}
