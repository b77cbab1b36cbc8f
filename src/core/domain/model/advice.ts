import {
  FEWEST_DIRTY,
  isAlarming,
  noticedFrom,
  adaptationRefusalOf,
  triedKinds,
  type AdaptationEvidence,
  type AdaptationRefusal,
} from './adaptation-evidence';
import type { Fouling } from '../picture/fouling';

/** Reasons for a changed model, each with a figure beyond what chance gives. */
export type Gain =
  | {
      readonly because: 'calmer';
      /** clean windows above warning, by the present model and by the changed one */
      readonly before: number;
      readonly after: number;
      readonly windows: number;
    }
  | { readonly because: 'sooner'; readonly kinds: readonly Sooner[] }
  /** the dirty snapshots that were given raise drift, and did not before */
  | { readonly because: 'dirty-seen'; readonly delay: number };

/** A kind of drawn dirt that is found at a lower severity; null for one that was not found at any. */
interface Sooner {
  readonly kind: Fouling;
  readonly before: number | null;
  readonly after: number;
}

export type Advice =
  | {
      readonly advice: 'refuse';
      readonly refusal: Exclude<AdaptationRefusal, { readonly because: 'no-gain' }>;
    }
  /** no clear gain: it may be tried, but the present one is to be kept */
  | { readonly advice: 'keep' }
  /** a clear gain, though whether it sees real dirt is not known: it may be tried, but is not recommended */
  | { readonly advice: 'try'; readonly gains: readonly Gain[] }
  /** a clear gain, and real dirt raises drift */
  | { readonly advice: 'accept'; readonly gains: readonly Gain[] };

/** One severity more or less is within what two lenses of each kind give by chance. */
const STEPS = 2;
/** A kind that is not found at any severity counts as one found beyond the last. */
const BEYOND = 6;

/**
 * Advice on a changed model, from its results and the present one's on the days kept out.
 *
 * A gain counts where chance does not give it. Windows follow each other by one snapshot, so one odd snapshot raises as
 * many of them as a window is long: only a fall by more than that is one. Dirt must be found two severities sooner, and
 * none two severities later. What a model sees that alarms on clean snapshots is no measure: it alarms on everything.
 *
 * Days of the same weeks and drawn dirt say little of what a model makes of real dirt: six of six models that were
 * adapted to a second camera passed with them, and two of those were then blind to weeks of barnacles and tubes. So
 * none is recommended that was not tried on real dirt.
 *
 * @param windowSize - of the changed model's detector
 */
export function adviceOn(evidence: AdaptationEvidence, windowSize: number): Advice {
  const refusal = adaptationRefusalOf(evidence);
  if (refusal && refusal.because !== 'no-gain') return { advice: 'refuse', refusal };
  const { before, after, keptOut, dirtySnapshots } = evidence;
  const wasCalm = !isAlarming(before, keptOut);
  const severities = triedKinds(evidence).map((kind) => ({
    kind,
    before: noticedFrom(evidence, before, kind, 'drift'),
    after: noticedFrom(evidence, after, kind, 'drift'),
  }));
  const sooner = severities.flatMap(({ kind, before, after }) =>
    wasCalm && after !== null && after <= (before ?? BEYOND) - STEPS ? { kind, before, after } : [],
  );
  const isLater =
    wasCalm && severities.some(({ before, after }) => before !== null && (after ?? BEYOND) >= before + STEPS);
  // A drift that is over before the last of them was chance, or the model lets go of dirt.
  const hasRealDirt =
    dirtySnapshots >= FEWEST_DIRTY &&
    after.dirtyDelay !== null &&
    (after.dirtyLast ?? 0) > after.thresholds.drift;
  // One snapshot more or less is chance here too.
  const isLaterOnDirt =
    wasCalm && before.dirtyDelay !== null && (after.dirtyDelay ?? Infinity) > before.dirtyDelay + 1;
  if (isLater || isLaterOnDirt) return { advice: 'keep' };
  const gains: Gain[] = [];
  if (before.aboveWarning - after.aboveWarning > windowSize) {
    const { aboveWarning } = before;
    gains.push({ because: 'calmer', before: aboveWarning, after: after.aboveWarning, windows: keptOut });
  }
  if (sooner.length > 0) gains.push({ because: 'sooner', kinds: sooner });
  if (hasRealDirt && before.dirtyDelay === null) {
    gains.push({ because: 'dirty-seen', delay: after.dirtyDelay });
  }
  if (gains.length === 0) return { advice: 'keep' };
  return { advice: hasRealDirt ? 'accept' : 'try', gains };
}
