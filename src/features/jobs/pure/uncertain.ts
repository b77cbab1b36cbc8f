import type { CompletedJob, Job } from '../../../core/domain/camera/job';
import { isSetAside, learnedVerdictOf } from '../../../core/domain/camera/verdict';
import { COVER } from '../../../core/domain/glass/growth';
import { GLASS_THRESHOLDS } from '../../../core/domain/glass/glass-facts';
import type { Thresholds } from '../../../core/domain/drift/thresholds';

/** Only the newest snapshots show the present lens. */
const NEWEST = 5_000;
const TWELVE = 12;
/** Windows of neighbours hold nearly the same snapshots: one of so many in a row represents the others. */
const APART = 4;
const LEVELS = { normal: 0, warning: 1, drift: 2 } as const;

/**
 * Uncertainty of a scored snapshot, from 0 to 3: the sum of
 * - how near the nearest distance lies to one of its limits: 1 at the limit, 0 from twice or half of it on,
 * - how near the covered share of the glass lies to the cover that growth's drift limit stands for, likewise,
 * - how far the levels of growth, loss and the learned distance lie apart: 1 where one says normal and another drift.
 *
 * A learned distance whose model was not made for the camera has no say in it.
 */
export function uncertaintyOf(job: CompletedJob): number {
  const { glass } = job;
  const isHeard = !job.blindness && (glass?.isOwnModel ?? true);
  const learned = isHeard
    ? [{ distance: job.distance, status: learnedVerdictOf(job), limits: job.thresholds }]
    : [];
  const seen = [glass?.growth, glass?.loss].flatMap((stream) =>
    stream ? [{ distance: stream.distance, status: stream.driftStatus, limits: GLASS_THRESHOLDS }] : [],
  );
  const readings = [...learned, ...seen];
  const nearest = Math.max(0, ...readings.map(({ distance, limits }) => nearnessToLimits(distance, limits)));
  const cover = glass?.growth ? nearness(glass.cover, COVER) : 0;
  const levels = readings.flatMap(({ status }) =>
    status in LEVELS ? [LEVELS[status as keyof typeof LEVELS]] : [],
  );
  const apart = levels.length > 1 ? (Math.max(...levels) - Math.min(...levels)) / 2 : 0;
  return nearest + cover + apart;
}

/**
 * The most uncertain snapshots without a person's judgement, the most uncertain first, and no two of them within four
 * in a row while there are others; in a long history only among the newest five thousand.
 *
 * @param jobs - of one camera, in capture order
 * @param most - how many at most
 */
export function mostUncertain(jobs: readonly Job[], most = TWELVE): CompletedJob[] {
  const asked = jobs
    .slice(-NEWEST)
    .flatMap((job, place) =>
      job.jobStatus === 'Completed' && job.byEye === undefined && !isSetAside(job) && job.windowFill > 0
        ? [{ job, place, uncertainty: uncertaintyOf(job) }]
        : [],
    );
  // Of two equals the newer comes first, because it shows the present lens.
  const ranked = asked
    .filter(({ uncertainty }) => uncertainty > 0)
    .sort((a, b) => b.uncertainty - a.uncertainty || b.place - a.place);
  const taken: typeof ranked = [];
  for (const one of ranked) {
    if (taken.length === most) break;
    if (taken.every(({ place }) => Math.abs(place - one.place) >= APART)) taken.push(one);
  }
  const rest = ranked.filter((one) => !taken.includes(one)).slice(0, most - taken.length);
  return [...taken, ...rest].map(({ job }) => job);
}

function nearnessToLimits(distance: number | null, { warning, drift }: Thresholds): number {
  return distance === null ? 0 : Math.max(nearness(distance, warning), nearness(distance, drift));
}

/** 1 at the limit, 0 at half or twice of it, on a scale of ratios. */
function nearness(value: number, limit: number): number {
  if (value <= 0 || limit <= 0) return 0;
  return Math.max(0, 1 - Math.abs(Math.log2(value / limit)));
}
