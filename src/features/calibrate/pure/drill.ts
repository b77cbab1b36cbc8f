import {
  conclusionOf,
  isSetAside,
  standingAfter,
  type Judged,
  type Reference,
} from '../../../core/domain/camera/job';
import type { ConclusionCode } from '../../../core/domain/glass/conclusion';
import { countedNeeded, GLASS_MEMORY, GLASS_THRESHOLDS } from '../../../core/domain/glass/glass-facts';
import {
  GlassJudge,
  type GlassStand,
  type JudgedGlass,
  type JudgedSight,
} from '../../../core/domain/glass/glass-judge';
import { isCounted } from '../../../core/domain/glass/views';
import type { Embedding } from '../../../core/domain/drift/embedding';
import { FOULINGS, type Fouling, type FoulingMeasure } from '../../../core/domain/picture/fouling';
import { Judge } from '../../../core/domain/drift/judge';
import type { Judging } from '../../../core/domain/drift/judging';
import type { DriftStatus } from '../../../core/domain/drift/thresholds';

/** A lens with drawn dirt, as a person may ask about it. */
export interface DrillLens {
  readonly kind: Fouling;
  /** 0 < severity ≤ 5 */
  readonly severity: number;
  readonly measure: FoulingMeasure;
}

export interface DrillRun {
  /** the model's */
  readonly embeddings: readonly Embedding[];
  /** growth's and loss's; null for a picture of another shape, and for all without a fit */
  readonly sights: readonly (JudgedSight | null)[];
}

/** Seen through a lens, of the same snapshots as the clean run and in the same order. */
export interface FouledRun extends DrillLens, DrillRun {}

/** The parts of a camera's judge that are not its settings. */
export interface DrillCamera extends Pick<Reference, 'embeddings' | 'offGlass'> {
  /** null if there is no fit: then the learned distance judges alone */
  readonly glass: (JudgedGlass & { readonly captions: readonly number[] }) | null;
  /** true if the model was made for this camera, so that its distance counts */
  readonly isOwnModel: boolean;
}

/** A detector that may speak, with its distance from its warning limit. */
export interface Nearness {
  readonly speaker: 'growth' | 'loss' | 'learned';
  /** 1 is at the limit */
  readonly times: number;
}

/** The distances of one window; null if there is none. */
interface DrillDistances {
  readonly growth: number | null;
  readonly loss: number | null;
  readonly learned: number | null;
}

/** The verdict on a stream in which every window is full. */
export interface RunVerdict {
  /** the gravest conclusion */
  readonly driftStatus: Exclude<DriftStatus, 'warming-up'>;
  /** the most frequent name then; if nothing was raised, that of the last snapshot that was judged */
  readonly code: ConclusionCode;
  /** the first name then: dirt may be noticed before its kind is known */
  readonly firstCode: ConclusionCode;
  /** distances of each detector's last window */
  readonly distances: DrillDistances;
  /** the detector nearest to an alarm in windows of this stream alone; null if every snapshot was set aside */
  readonly nearest: Nearness | null;
}

/** The verdict when clean snapshots are followed by ones through a fouled lens. */
export interface LensVerdict extends DrillLens, RunVerdict {
  /** fouled images until a warning or drift, this one included; null when neither came */
  readonly warningDelay: number | null;
  readonly driftDelay: number | null;
}

/** The answer for one kind of dirt. */
export interface DrillAnswer {
  readonly kind: Fouling;
  /** from the weakest to the strongest */
  readonly lenses: readonly LensVerdict[];
  /** the weakest lens that raised a warning or drift; null when none did */
  readonly noticed: LensVerdict | null;
  /** the weakest that raised drift */
  readonly drifted: LensVerdict | null;
  /** true if a stronger lens than `noticed` raised nothing */
  readonly hasBlindSpot: boolean;
}

export interface DrillResult {
  /** the clean snapshots among themselves: anything but normal is a false alarm, and spoils the rest */
  readonly clean: RunVerdict;
  /** in the order of `FOULINGS` */
  readonly answers: readonly DrillAnswer[];
}

/**
 * Tries which dirt on the lens would be noticed, how late, and under which name: by the conclusion that the page draws of
 * growth, loss, the learned distance and the view.
 *
 * Each lens meets windows full of clean snapshots, as a real one would. A run shorter than two windows, or too short
 * for the alarm to be raised, is repeated as a whole.
 *
 * @param judging - settings of the learned distance; growth and loss take their window and persistence
 * @param clean - n ≥ 1 snapshots
 * @param fouled - at least one lens of each kind that an answer is wanted of
 * @throws AppError when the settings, the reference or the embeddings can't be used
 */
export function drill(
  judging: Judging,
  camera: DrillCamera,
  clean: DrillRun,
  fouled: readonly FouledRun[],
): DrillResult {
  const { windowSize } = judging.detector;
  const count = clean.embeddings.length;
  const rounds = Math.ceil(Math.max(2 * windowSize, windowSize + judging.persistence.raiseAfter) / count);
  const stream = new Stream(judging, camera, clean);
  /** The verdict on a run that follows the clean one. */
  const follow = ({ embeddings, sights }: DrillRun) => {
    stream.begin();
    return Array.from({ length: rounds * count }, (_, i) =>
      stream.update(embeddings[i % count]!, sights[i % count] ?? null),
    );
  };
  const verdicts = fouled.map(({ embeddings, sights, ...lens }): LensVerdict => {
    const told = follow({ embeddings, sights });
    const delay = (...levels: readonly string[]) => {
      const place = told.findIndex((each) => levels.includes(conclusionOf(each).level));
      return place < 0 ? null : place + 1;
    };
    return {
      ...lens,
      ...verdictOn(told, windowSize),
      warningDelay: delay('warning', 'drift'),
      driftDelay: delay('drift'),
    };
  });
  return {
    clean: verdictOn(follow(clean), windowSize),
    answers: FOULINGS.filter((kind) => verdicts.some((verdict) => verdict.kind === kind)).map((kind) =>
      answerOf(
        kind,
        verdicts.filter((verdict) => verdict.kind === kind),
      ),
    ),
  };
}

/** A camera's stream, judged as scoring does, that starts again after the clean snapshots. */
class Stream {
  readonly #judging: Judging;
  readonly #clean: DrillRun;
  readonly #learned: Judge;
  readonly #glass: GlassJudge | null;
  /** full of the newest clean sights */
  readonly #full: GlassStand;
  #before: Judged | null = null;

  constructor(judging: Judging, { embeddings, offGlass, glass, isOwnModel }: DrillCamera, clean: DrillRun) {
    this.#judging = judging;
    this.#clean = clean;
    this.#learned = new Judge(judging, embeddings);
    this.#glass =
      glass &&
      new GlassJudge(glass, {
        windowSize: judging.detector.windowSize,
        persistence: judging.persistence,
        offGlass: offGlass ?? glass.captions,
        isOwnModel,
        isWarm: false,
      });
    const sights = clean.sights.filter((sight) => sight !== null);
    const traces = endOf(sights, 2 * GLASS_MEMORY).map((sight) => ({
      sight,
      isOtherView: this.#glass?.update(sight, 'normal').view.isAside ?? false,
    }));
    const counted = traces.filter(isCounted).map(({ sight }) => sight);
    this.#full = {
      traces: traces.slice(-GLASS_MEMORY),
      counted: endOf(counted, countedNeeded(judging.detector.windowSize)),
      isFromStart: false,
      facts: [],
    };
  }

  /** Fills all windows with the newest clean snapshots, and forgets earlier conclusions. */
  begin(): void {
    const { windowSize } = this.#judging.detector;
    this.#before = null;
    this.#learned.empty();
    this.#glass?.restore(this.#full);
    for (const embedding of endOf(this.#clean.embeddings, windowSize)) this.#learned.update(embedding);
  }

  update(embedding: Embedding, sight: JudgedSight | null): Judged {
    const glass = sight && this.#glass ? this.#glass.update(sight, standingAfter(this.#before)) : null;
    const counts = !isSetAside({ glass });
    const judged = counts ? this.#learned.update(embedding) : UNCOUNTED;
    this.#before = { jobStatus: 'Completed', glass, ...judged, thresholds: this.#judging.thresholds };
    return this.#before;
  }
}

const UNCOUNTED = { distance: null, driftStatus: 'warming-up' } as const;

function verdictOn(told: readonly Judged[], windowSize: number): RunVerdict {
  const conclusions = told.map(conclusionOf);
  const driftStatus =
    (['drift', 'warning'] as const).find((level) => conclusions.some((each) => each.level === level)) ??
    'normal';
  const said = conclusions.filter(({ level }) => level === driftStatus).map(({ code }) => code);
  const isRaised = driftStatus !== 'normal';
  const last = said.at(-1) ?? conclusions.at(-1)!.code;
  const counted = told.filter((each) => !isSetAside(each));
  const ends = counted.at(-1);
  return {
    driftStatus,
    code: isRaised ? commonest(said) : last,
    firstCode: isRaised ? said[0]! : last,
    distances: {
      growth: ends?.glass?.growth?.distance ?? null,
      loss: ends?.glass?.loss?.distance ?? null,
      learned: ends?.distance ?? null,
    },
    nearest: nearestOf(counted.slice(windowSize - 1)),
  };
}

/** @returns of several that are as common the first */
function commonest(codes: readonly ConclusionCode[]): ConclusionCode {
  const count = (code: ConclusionCode) => codes.filter((other) => other === code).length;
  return codes.reduce((most, code) => (count(code) > count(most) ? code : most));
}

function nearestOf(told: readonly Judged[]): Nearness | null {
  let nearest: Nearness | null = null;
  const compare = (speaker: Nearness['speaker'], distance: number | null | undefined, warning: number) => {
    const times = (distance ?? Number.NaN) / warning;
    if (times > (nearest?.times ?? Number.NEGATIVE_INFINITY)) nearest = { speaker, times };
  };
  for (const { glass, distance, thresholds } of told) {
    compare('growth', glass?.growth?.distance, GLASS_THRESHOLDS.warning);
    compare('loss', glass?.loss?.distance, GLASS_THRESHOLDS.warning);
    if (glass?.isOwnModel ?? true) compare('learned', distance, thresholds.warning);
  }
  return nearest;
}

function answerOf(kind: Fouling, verdicts: readonly LensVerdict[]): DrillAnswer {
  const lenses = [...verdicts].sort((a, b) => a.severity - b.severity);
  const first = lenses.findIndex(({ warningDelay }) => warningDelay !== null);
  return {
    kind,
    lenses,
    noticed: lenses[first] ?? null,
    drifted: lenses.find(({ driftDelay }) => driftDelay !== null) ?? null,
    hasBlindSpot: first >= 0 && lenses.slice(first).some(({ warningDelay }) => warningDelay === null),
  };
}

/** The last `count` of a list that is repeated as often as it takes. */
function endOf<T>(items: readonly T[], count: number): T[] {
  if (items.length === 0) return [];
  const start = count * items.length - count;
  return Array.from({ length: count }, (_, i) => items[(start + i) % items.length]!);
}
