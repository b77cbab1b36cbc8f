import { MOST_MASKED, type LossPart } from './glass-facts';
import type { DetectorReading, Evidence } from './evidence';

export type ConclusionCode =
  /** nothing is on the lens that the clean reference has not */
  | 'clear'
  /** nothing is on the lens as far as can be told through water that hides most of the scene; a warning while all is hidden */
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
  /** something came at once and stayed, on the glass or in the scene: a person is asked what happened */
  | 'changed'
  /** it was cleaned, and shows about what was on it before */
  | 'not-clean'
  /** the learned model alone says that the lens is not clean */
  | 'fouled'
  /** the learned model alone says so, and was made for another camera */
  | 'light-or-water'
  /** this snapshot shows another view, and counts for nothing */
  | 'elsewhere'
  /** several in a row do: something covers the camera, or it looks elsewhere */
  | 'covered-or-elsewhere'
  /** a new view has stayed, or what covers the camera: it needs a look, and a new view a reference of its own */
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

export interface Conclusion {
  readonly code: ConclusionCode;
  readonly level: ConclusionLevel;
  /** the detector that decided; null where the rule names none */
  readonly speaker: Speaker | null;
  /** the detectors with a full window, none at an unknown level or where the view decides; always with the speaker */
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

/** The evidence, weighed: who has a say, and who raises something. */
interface Findings extends Evidence {
  /** who has a say and a full window */
  readonly restsOn: readonly Speaker[];
  /** growth and loss without what has changed, and the learned distance where it has a say: those above a limit */
  readonly raised: readonly RaisedReading[];
  /** of those the one that concludes; undefined if nobody raises anything, or the learned distance alone may not */
  readonly loudest: RaisedReading | undefined;
  readonly isMurky: boolean;
}

type FromFindings<T> = T | ((found: Findings) => T);

/** One sentence of how a verdict comes about; docs/glass.md has them as a table (`npm run build:rules`). */
export interface Rule {
  readonly name: string;
  readonly holds: (found: Findings) => boolean;
  readonly code: FromFindings<ConclusionCode>;
  readonly level: FromFindings<ConclusionLevel>;
  readonly speaker?: FromFindings<Speaker>;
}

/** Asked in this order: the first rule that holds is the conclusion. The last one always holds. */
export const RULES: readonly Rule[] = [
  {
    name: 'The file gives no picture with a usable time',
    holds: ({ isReadable }) => !isReadable,
    code: 'not-checked',
    level: 'unknown',
  },
  {
    name: 'The reference has too few clean pictures',
    holds: ({ cleanMissing }) => cleanMissing > 0,
    code: 'few-clean',
    level: 'unknown',
  },
  {
    name: 'Growth and loss are still to look, and the model was made for another camera',
    holds: ({ isAwaiting }) => isAwaiting,
    code: 'awaiting',
    level: 'unknown',
  },
  {
    name: 'It is dark',
    holds: ({ isDark }) => isDark,
    code: 'too-dark',
    level: 'unknown',
  },
  {
    // Growth that hides the view bit by bit is judged as growth, and never gets here.
    name: 'A dozen pictures with structure agree on another view',
    holds: ({ view }) => view.hasMoved,
    code: 'moved',
    level: 'unknown',
    speaker: 'view',
  },
  {
    name: 'Three pictures or more in a row show another view: drift, if that stood before',
    holds: ({ view }) => view.isAlarming,
    code: 'covered-or-elsewhere',
    level: ({ standing }) => (standing === 'drift' ? 'drift' : 'warning'),
    speaker: 'view',
  },
  {
    name: 'This picture shows another view: an alarm that stood before stands',
    holds: ({ view }) => view.isAside,
    code: 'elsewhere',
    level: ({ standing }) => (standing === 'normal' ? 'unknown' : standing),
    speaker: 'view',
  },
  {
    name: 'After a cleaning, most of what was on the lens is still there',
    holds: ({ isStillDirty }) => isStillDirty,
    code: 'not-clean',
    level: ({ raised }) => (raised[0]?.status === 'drift' ? 'drift' : 'warning'),
    speaker: ({ growth, loss }) => ((growth?.distance ?? 0) >= (loss?.distance ?? 0) ? 'growth' : 'loss'),
  },
  {
    // The learned distance does not tell what has changed from dirt.
    name: 'Something came at once and stayed, or is compact, and growth and loss of the rest raise nothing',
    holds: ({ isAsked, rest, raised }) =>
      (isAsked || rest !== null) && raised.every(({ speaker }) => speaker === 'learned'),
    code: 'changed',
    level: 'warning',
    speaker: ({ growth, loss }) => ((growth?.distance ?? 0) >= (loss?.distance ?? 0) ? 'growth' : 'loss'),
  },
  {
    name: 'No window is full, and most of the picture is left out',
    holds: (found) => found.restsOn.length === 0 && isMasked(found),
    code: 'masked',
    level: 'unknown',
  },
  {
    name: 'No window is full',
    holds: ({ restsOn }) => restsOn.length === 0,
    code: 'warming-up',
    level: 'unknown',
  },
  {
    name: 'A detector that is heard is above a limit: the highest level, then growth or loss, then the furthest above',
    holds: ({ loudest }) => loudest !== undefined,
    code: ({ loudest }) => loudest!.code,
    level: ({ loudest }) => loudest!.status,
    speaker: ({ loudest }) => loudest!.speaker,
  },
  {
    name: 'Nothing of the scene is seen in the median of the window, and hardly anything in this picture',
    holds: (found) => found.isUnseen && found.isMurky,
    code: 'murky',
    level: 'warning',
    speaker: 'view',
  },
  {
    name: 'Most of the picture is left out',
    holds: isMasked,
    code: 'masked',
    level: 'unknown',
  },
  {
    name: 'The learned distance is above a limit, and is not heard',
    holds: ({ learned }) => learned !== null && isRaised(learned),
    code: 'light-or-water',
    level: 'normal',
  },
  {
    name: 'The water hides most of the scene',
    holds: ({ isMurky }) => isMurky,
    code: 'murky',
    level: 'normal',
  },
  {
    name: 'Otherwise',
    holds: () => true,
    code: 'clear',
    level: 'normal',
  },
];

/** The one conclusion about a camera at one snapshot, whoever shows it: the first of `RULES` that holds. */
export function conclude(evidence: Evidence): Conclusion {
  const found = weigh(evidence);
  const rule = RULES.find(({ holds }) => holds(found))!;
  const level = of(rule.level, found);
  const speaker = rule.speaker === undefined ? null : of(rule.speaker, found);
  const heard = level === 'unknown' || speaker === 'view' ? [] : found.restsOn;
  const restsOn = [...new Set(speaker === null ? heard : [...heard, speaker])];
  return { code: of(rule.code, found), level, speaker, restsOn, isMurky: found.isMurky };
}

/** True of a conclusion that the water, or something before the camera, hides the whole scene. */
export function isUnseen({ code, level }: Pick<Conclusion, 'code' | 'level'>): boolean {
  return code === 'murky' && level === 'warning';
}

function of<T extends string>(value: FromFindings<T>, found: Findings): T {
  return typeof value === 'function' ? value(found) : value;
}

interface SpeakerReading extends DetectorReading {
  readonly speaker: Speaker;
  readonly code: ConclusionCode;
}
type RaisedReading = SpeakerReading & { readonly status: 'warning' | 'drift' };

const PART_CODES: Readonly<Record<LossPart, ConclusionCode>> = {
  red: 'film',
  silt: 'silt',
  blur: 'blurred',
  cover: 'covered',
};

/**
 * Growth and loss know no camera, and are always asked; of a compact change the rest of the glass. The learned distance
 * has a say where they are missing, and beside them on the camera that its model was made for. There it is heard if they
 * raise something too, or while the camera is in place and something hides the scene.
 */
function weigh(evidence: Evidence): Findings {
  const { growth, loss, rest, learned, visible } = evidence;
  const [ofGrowth, ofLoss] = [rest?.growth ?? growth, rest?.loss ?? loss];
  const isAlone = growth === null && loss === null;
  const readings: SpeakerReading[] = [];
  if (ofGrowth !== null) readings.push({ ...ofGrowth, speaker: 'growth', code: 'growth' });
  if (ofLoss !== null) readings.push({ ...ofLoss, speaker: 'loss', code: PART_CODES[ofLoss.part] });
  if (learned !== null && (isAlone || learned.isOwn)) {
    readings.push({ ...learned, speaker: 'learned', code: 'fouled' });
  }
  const raised = readings.filter(isRaised).sort(byLevel);
  const isSeenWell = visible !== null && visible >= SEEN_WELL;
  const isBacked = isAlone || raised.some(({ speaker }) => speaker !== 'learned');
  const isHeard = isBacked || (evidence.isInPlace && !isSeenWell);
  const isJudged = evidence.isReadable && evidence.cleanMissing === 0 && !evidence.isAwaiting;
  return {
    ...evidence,
    restsOn: readings
      .filter((reading) => reading.status !== 'warming-up')
      .filter((reading) => isHeard || reading.speaker !== 'learned' || !isRaised(reading))
      .map(({ speaker }) => speaker),
    raised,
    loudest: isHeard ? raised[0] : undefined,
    isMurky: isJudged && visible !== null && visible < MURKY,
  };
}

function isMasked({ masked }: Findings): boolean {
  return masked >= MOST_MASKED;
}

function isRaised<T extends DetectorReading>(reading: T): reading is T & { status: 'warning' | 'drift' } {
  return reading.status === 'warning' || reading.status === 'drift';
}

/** The higher level first; then growth and loss, which say what it is; of these the one further above its limit. */
function byLevel(a: SpeakerReading, b: SpeakerReading): number {
  if (a.status !== b.status) return a.status === 'drift' ? -1 : 1;
  if ((a.speaker === 'learned') !== (b.speaker === 'learned')) return a.speaker === 'learned' ? 1 : -1;
  return (b.distance ?? 0) / b.limit - (a.distance ?? 0) / a.limit;
}
