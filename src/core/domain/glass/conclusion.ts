import type { DriftStatus } from '../drift/thresholds';
import {
  GLASS_THRESHOLDS,
  MOST_MASKED,
  type GlassFacts,
  type LossFacts,
  type LossPart,
  type StandingVerdict,
  type StreamFacts,
  type ViewFacts,
} from './glass-facts';
import { turnOf } from './turn';

export type ConclusionCode =
  /** nothing is on the lens that the clean reference has not */
  | 'clear'
  /** nothing is on the lens as far as can be told through water that hides most of the scene */
  | 'murky'
  | 'growth'
  /** a film takes the red */
  | 'film'
  /** sediment yellows and veils */
  | 'silt'
  /** out of focus, or smeared */
  | 'blurred'
  /** something hides a part of the picture */
  | 'covered'
  /** something compact has changed, on the glass or in the scene: a person is asked which */
  | 'changed'
  /** the learned model alone says that the lens is not clean */
  | 'fouled'
  /** the learned model alone says so, and was made for another camera */
  | 'light-or-water'
  /** this snapshot shows another view, and counts for nothing */
  | 'elsewhere'
  /** several in a row do: something covers the camera, or it looks elsewhere */
  | 'covered-or-elsewhere'
  /** a new view has stayed: a reference of its own is needed */
  | 'moved'
  | 'too-dark'
  /** growth and loss can't tell: most of the picture is left out */
  | 'masked'
  /** the file could not be read, or has no usable time */
  | 'not-checked'
  /** the reference has too few clean pictures to judge by */
  | 'few-clean'
  /** growth and loss are still to look at it, and nobody else has a say */
  | 'awaiting'
  /** no window is full yet */
  | 'warming-up';

/** `unknown` if nothing can be told of the lens. */
export type ConclusionLevel = 'normal' | 'warning' | 'drift' | 'unknown';

type Speaker = 'growth' | 'loss' | 'learned' | 'view';

export interface DetectorReading {
  /** null while its window fills */
  readonly distance: number | null;
  /** its verdict, as it persists */
  readonly status: DriftStatus;
  /** its drift limit, by which the distances of two detectors are compared */
  readonly limit: number;
}

/** `part` is `loudestPart` of its window. */
type LossReading = DetectorReading & { readonly part: LossPart };

/** All that is known at one snapshot. A detector that the camera has not is null. */
export interface ConclusionInput {
  /** false if the file gave no picture with a usable time */
  readonly isReadable: boolean;
  /** clean pictures that the reference lacks; 0 if it has enough to judge by */
  readonly cleanMissing: number;
  /** growth and loss are still to look at it, and the model was made for another camera */
  readonly isAwaiting: boolean;
  readonly isDark: boolean;
  readonly view: Pick<ViewFacts, 'isAside' | 'isAlarming' | 'hasMoved'>;
  /** the conclusion on the last snapshot that counted, if this one does not count */
  readonly standing: StandingVerdict;
  readonly growth: DetectorReading | null;
  readonly loss: LossReading | null;
  /** growth and loss without what has changed; null where nothing compact has */
  readonly rest: { readonly growth: DetectorReading; readonly loss: LossReading } | null;
  /** share of the picture that is left out of growth and loss */
  readonly masked: number;
  /** false if the scene has moved from its place in the reference: the learned model sees a move as something else */
  readonly isInPlace: boolean;
  /** `isOwn`: the model was made for this camera */
  readonly learned: (DetectorReading & { readonly isOwn: boolean }) | null;
  /** share of the reference's structure that is seen; null or NaN where that can't be told */
  readonly visible: number | null;
}

/** The part of the evidence that growth, loss and the view gate give. */
type GlassEvidence = Omit<ConclusionInput, 'isReadable' | 'cleanMissing' | 'isAwaiting' | 'learned'>;

const IN_VIEW = { isAside: false, isAlarming: false, hasMoved: false } as const;

/** @param glass - null or undefined if growth and loss have not looked at the snapshot */
export function evidenceOf(glass: GlassFacts | null | undefined): GlassEvidence {
  const rest = glass?.changed?.rest;
  return {
    isDark: glass?.isDark ?? false,
    view: glass?.view ?? IN_VIEW,
    standing: glass?.standing ?? 'normal',
    isInPlace: turnOf(glass) === null,
    growth: glass?.growth ? readingOf(glass.growth) : null,
    loss: glass?.loss ? lossReadingOf(glass.loss) : null,
    rest: rest ? { growth: readingOf(rest.growth), loss: lossReadingOf(rest.loss) } : null,
    masked: glass?.masked ?? 0,
    visible: glass?.visible ?? null,
  };
}

function readingOf({ distance, driftStatus }: StreamFacts): DetectorReading {
  return { distance, status: driftStatus, limit: GLASS_THRESHOLDS.drift };
}

function lossReadingOf(facts: LossFacts): LossReading {
  return { ...readingOf(facts), part: facts.part };
}

export interface Conclusion {
  readonly code: ConclusionCode;
  readonly level: ConclusionLevel;
  /** null when nobody raised anything */
  readonly speaker: Speaker | null;
  /** the detectors whose windows were full, and so were asked */
  readonly restsOn: readonly Speaker[];
  /** the water hides most of the scene: a sentence beside any verdict, and no reason to silence one */
  readonly isMurky: boolean;
}

/**
 * While so much of the reference's structure is seen, a learned distance alone is light or water: what hides so little and is
 * neither growth nor film is no dirt.
 */
export const SEEN_WELL = 0.7;
/** Below this share of the reference's structure the water is called murky. */
export const MURKY = 0.4;

const PART_CODES: Readonly<Record<LossPart, ConclusionCode>> = {
  red: 'film',
  silt: 'silt',
  blur: 'blurred',
  cover: 'covered',
};

/**
 * The one conclusion about a camera at one snapshot, whoever shows it.
 *
 * First what makes every detector mute: no picture, darkness, another view, and growth and loss that were not asked yet
 * where the learned distance has no say of its own. Behind a mask of most of the picture only the camera's own model is heard,
 * and only if it raises something. Then growth and loss, which know no camera:
 * the higher level speaks, at the same level the one further above its limit. The learned distance speaks beside them
 * on the camera that its model was made for, while that is in place and something hides the scene; else it says only that
 * light or water changed, unless it is alone. If growth and loss rest on something compact that has changed, the rest of the
 * glass speaks; if it raises nothing, a person is asked what has changed.
 */
export function conclude(evidence: ConclusionInput): Conclusion {
  const { view, standing, growth, loss, rest, learned } = evidence;
  const isMurky = evidence.visible !== null && evidence.visible < MURKY;
  const of = (
    code: ConclusionCode,
    level: ConclusionLevel,
    speaker: Speaker | null = null,
    restsOn: readonly Speaker[] = [],
  ): Conclusion => ({ code, level, speaker, restsOn, isMurky });

  if (!evidence.isReadable) return { ...of('not-checked', 'unknown'), isMurky: false };
  if (evidence.cleanMissing > 0) return { ...of('few-clean', 'unknown'), isMurky: false };
  if (evidence.isAwaiting) return { ...of('awaiting', 'unknown'), isMurky: false };
  if (evidence.isDark) return of('too-dark', 'unknown');
  // Dirt that grew until nothing of the view was left is no move: what stood before stands.
  if (view.hasMoved && standing === 'normal') return of('moved', 'unknown', 'view', ['view']);
  if (view.isAlarming) {
    return of('covered-or-elsewhere', standing === 'drift' ? 'drift' : 'warning', 'view', ['view']);
  }
  if (view.isAside) return of('elsewhere', 'unknown', 'view', ['view']);

  const readings: (SpeakerReading & { readonly isFull: boolean })[] = [];
  const read = (speaker: Speaker, reading: DetectorReading | null, code: ConclusionCode) => {
    if (reading !== null)
      readings.push({ speaker, code, ...reading, isFull: reading.status !== 'warming-up' });
  };
  const [ofGrowth, ofLoss] = [rest?.growth ?? growth, rest?.loss ?? loss];
  read('growth', ofGrowth, 'growth');
  read('loss', ofLoss, ofLoss === null ? 'film' : PART_CODES[ofLoss.part]);
  const isAlone = growth === null && loss === null;
  if (isAlone || learned?.isOwn === true) read('learned', learned, 'fouled');
  const restsOn = readings.filter(({ isFull }) => isFull).map(({ speaker }) => speaker);
  const isMasked = evidence.masked >= MOST_MASKED;
  if (restsOn.length === 0) return of(isMasked ? 'masked' : 'warming-up', 'unknown');

  // The learned distance does not tell what has changed from dirt.
  if (rest !== null && !readings.some((reading) => reading.speaker !== 'learned' && isRaised(reading))) {
    const isGrowth = (growth?.distance ?? 0) >= (loss?.distance ?? 0);
    return of('changed', 'warning', isGrowth ? 'growth' : 'loss', restsOn);
  }
  const isSeenWell = evidence.visible !== null && evidence.visible >= SEEN_WELL;
  const raised = readings.filter(isRaised);
  const isBacked = isAlone || raised.some(({ speaker }) => speaker !== 'learned');
  const canSpeak = isBacked || (evidence.isInPlace && !isSeenWell);
  const loudest = canSpeak ? raised.sort(byLevel)[0] : undefined;
  if (loudest) return of(loudest.code, loudest.status, loudest.speaker, restsOn);
  if (isMasked) return of('masked', 'unknown');
  if (learned !== null && isRaised(learned)) {
    return of('light-or-water', 'normal', 'learned', [...new Set([...restsOn, 'learned' as const])]);
  }
  return of(isMurky ? 'murky' : 'clear', 'normal', null, restsOn);
}

interface SpeakerReading extends DetectorReading {
  readonly speaker: Speaker;
  readonly code: ConclusionCode;
}

function isRaised<T extends DetectorReading>(reading: T): reading is T & { status: 'warning' | 'drift' } {
  return reading.status === 'warning' || reading.status === 'drift';
}

/** The higher level first, then who is further above the limit; growth and loss, which say what it is, before a draw. */
function byLevel(a: SpeakerReading, b: SpeakerReading): number {
  if (a.status !== b.status) return a.status === 'drift' ? -1 : 1;
  if ((a.speaker === 'learned') !== (b.speaker === 'learned')) return a.speaker === 'learned' ? 1 : -1;
  return (b.distance ?? 0) / b.limit - (a.distance ?? 0) / a.limit;
}
