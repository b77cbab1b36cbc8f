import type { CompletedJob } from './job';
import { conclusionOf, isAwaiting, isQuiet, isSetAside } from './verdict';
import type { Thresholds } from '../drift/thresholds';
import { GLASS_THRESHOLDS } from '../glass/glass-facts';

/** The distance that a verdict rests on. */
export interface SpokenDistance {
  readonly speaker: 'growth' | 'loss' | 'learned';
  readonly distance: number;
  readonly thresholds: Thresholds;
}

/**
 * The distance that a job's verdict rests on: of the detector that caused it, or of the one nearest to its limit.
 *
 * @returns null while no window is full, and for a snapshot that is set aside
 */
export function spokenOf(job: CompletedJob): SpokenDistance | null {
  // A snapshot found to show another view after scoring still has a learned distance.
  if (isSetAside(job) || isAwaiting(job)) return null;
  const { glass, distance, thresholds } = job;
  // A quiet job has no speaker; this test is cheaper, and a chart of 100,000 jobs runs it for each.
  const concluded = isQuiet(job) ? null : conclusionOf(job);
  const speaker = concluded?.speaker ?? null;
  // Its number is above its limit, and the verdict rests on the others.
  const isOwn = (glass?.isOwnModel ?? true) && !glass?.learning;
  const hasSay = isOwn && concluded?.code !== 'light-or-water';
  // Of something that changed a person is asked; the rest of the glass is judged without it.
  const { growth, loss } = glass?.changed?.rest ?? glass ?? {};
  let spoken = heard(null, speaker, 'growth', growth?.distance, GLASS_THRESHOLDS);
  spoken = heard(spoken, speaker, 'loss', loss?.distance, GLASS_THRESHOLDS);
  return heard(spoken, speaker, 'learned', hasSay ? distance : null, thresholds);
}

/** The detector that caused the verdict, or else the one further above its limit. */
function heard(
  before: SpokenDistance | null,
  speaker: string | null,
  who: SpokenDistance['speaker'],
  distance: number | null | undefined,
  thresholds: Thresholds,
): SpokenDistance | null {
  if (typeof distance !== 'number' || before?.speaker === speaker) return before;
  const isLouder = who === speaker || !before || distance / thresholds.drift > timesOf(before);
  return isLouder ? { speaker: who, distance, thresholds } : before;
}

/** A distance as a multiple of its drift limit. */
export function timesOf({ distance, thresholds }: Pick<SpokenDistance, 'distance' | 'thresholds'>): number {
  return distance / thresholds.drift;
}

/**
 * The distance that a verdict rests on, on the scale of the learned distance's limits, so that both stand on one axis:
 * at a limit it is at the other's.
 */
export function scaledDistance(job: CompletedJob): number | null {
  if (!job.glass) return isAwaiting(job) ? null : job.distance;
  const spoken = spokenOf(job);
  if (!spoken) return null;
  const { distance, thresholds: own } = spoken;
  const { warning, drift } = job.thresholds;
  if (own === job.thresholds) return distance;
  if (distance <= own.warning) return (distance / own.warning) * warning;
  return warning + ((distance - own.warning) / (own.drift - own.warning)) * (drift - warning);
}
