import type { Embedding } from '../../../core/domain/drift/embedding';
import { FOULINGS, type Fouling, type FoulingMeasure } from '../../../core/domain/picture/fouling';
import { Judge, type Judging } from '../../../core/domain/drift/judge';
import type { DriftStatus } from '../../../core/domain/drift/thresholds';

/** A lens with drawn dirt, as a person may ask about it. */
export interface DrillLens {
  readonly kind: Fouling;
  /** 0 < severity ≤ 5 */
  readonly severity: number;
  readonly measure: FoulingMeasure;
}

/** What the model saw through such a lens. */
export interface FouledRun extends DrillLens {
  /** of the same snapshots as the clean run, in the same order */
  readonly embeddings: readonly Embedding[];
}

/** What is said of a stream in which every window is full. */
export interface RunVerdict {
  /** the gravest that was said */
  readonly driftStatus: Exclude<DriftStatus, 'warming-up'>;
  /** of the last window */
  readonly distance: number;
  /** of the windows that hold nothing else */
  readonly highest: number;
}

/** What is said when clean snapshots are followed by ones through a fouled lens. */
export interface LensVerdict extends DrillLens, RunVerdict {
  /** fouled images until a warning or drift, this one included; null when neither came */
  readonly warningDelay: number | null;
  readonly driftDelay: number | null;
}

/** What a person would notice of one kind of dirt. */
export interface DrillAnswer {
  readonly kind: Fouling;
  /** from the weakest to the strongest */
  readonly lenses: readonly LensVerdict[];
  /** the weakest lens that raised a warning or drift; null when none did */
  readonly noticed: LensVerdict | null;
  /** the weakest that raised drift */
  readonly drifted: LensVerdict | null;
  /** whether a stronger lens than `noticed` raised nothing */
  readonly hasBlindSpot: boolean;
}

export interface DrillResult {
  /** the clean snapshots among themselves: anything but normal is a false alarm, and spoils the rest */
  readonly clean: RunVerdict;
  /** in the order of `FOULINGS` */
  readonly answers: readonly DrillAnswer[];
}

/**
 * Tries which dirt on the lens these settings would notice, and how late.
 *
 * Each lens meets a window full of clean snapshots, as a real one would. A run shorter than two windows, or too short
 * for the alarm to be raised, is repeated as a whole.
 *
 * @param clean - n ≥ 1 embeddings in capture order
 * @param fouled - at least one lens of each kind that an answer is wanted of
 * @throws AppError when the settings, the reference or the embeddings can't be used
 */
export function drill(
  judging: Judging,
  reference: readonly Embedding[],
  clean: readonly Embedding[],
  fouled: readonly FouledRun[],
): DrillResult {
  const { windowSize } = judging.detector;
  const rounds = Math.ceil(
    Math.max(2 * windowSize, windowSize + judging.persistence.raiseAfter) / clean.length,
  );
  const judge = new Judge(judging, reference);
  /** Judgements of a run that follows the clean one. */
  const follow = (run: readonly Embedding[]) => {
    judge.empty();
    for (const embedding of endOf(clean, windowSize)) judge.update(embedding);
    const judgements = Array.from({ length: rounds }, () =>
      run.map((embedding) => judge.update(embedding)),
    ).flat();
    return judgements.map(({ distance, driftStatus }) => ({ distance: distance ?? Number.NaN, driftStatus }));
  };
  const verdictOn = (judgements: ReturnType<typeof follow>): RunVerdict => ({
    driftStatus: gravest(judgements.map(({ driftStatus }) => driftStatus)),
    distance: judgements.at(-1)!.distance,
    highest: Math.max(...judgements.slice(windowSize - 1).map(({ distance }) => distance)),
  });
  const verdicts = fouled.map(({ kind, severity, measure, embeddings }): LensVerdict => {
    const judgements = follow(embeddings);
    const delay = (...statuses: readonly DriftStatus[]) => {
      const place = judgements.findIndex(({ driftStatus }) => statuses.includes(driftStatus));
      return place < 0 ? null : place + 1;
    };
    return {
      kind,
      severity,
      measure,
      ...verdictOn(judgements),
      warningDelay: delay('warning', 'drift'),
      driftDelay: delay('drift'),
    };
  });
  return {
    clean: verdictOn(follow(clean)),
    answers: FOULINGS.filter((kind) => verdicts.some((verdict) => verdict.kind === kind)).map((kind) =>
      answerOf(
        kind,
        verdicts.filter((verdict) => verdict.kind === kind),
      ),
    ),
  };
}

/**
 * At most so many of a list, as evenly spread over it as can be, its first and last ones among them.
 *
 * @param most - ≥ 2
 * @returns in the same order
 */
export function spreadSample<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  const step = (items.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, i) => items[Math.round(i * step)]!);
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

function gravest(statuses: readonly DriftStatus[]): RunVerdict['driftStatus'] {
  return (['drift', 'warning'] as const).find((status) => statuses.includes(status)) ?? 'normal';
}

/** The last `count` of a list that is repeated as often as it takes. */
function endOf<T>(items: readonly T[], count: number): T[] {
  const start = count * items.length - count;
  return Array.from({ length: count }, (_, i) => items[(start + i) % items.length]!);
}
