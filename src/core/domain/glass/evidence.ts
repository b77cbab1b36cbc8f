import type { DriftStatus } from '../drift/thresholds';
import {
  GLASS_THRESHOLDS,
  type GlassFacts,
  type LossFacts,
  type LossPart,
  type StandingVerdict,
  type StreamFacts,
  type ViewFacts,
} from './glass-facts';
import { turnOf } from './turn';

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
export interface Evidence {
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
  /** something came at once and stayed, and nobody has told what happened */
  readonly isAsked: boolean;
  /** growth and loss without what has changed; null where nothing has, or where it was left unanswered for too long */
  readonly rest: { readonly growth: DetectorReading; readonly loss: LossReading } | null;
  /** the windows after a cleaning show about what was on the lens before */
  readonly isStillDirty: boolean;
  /** share of the picture that is left out of growth and loss */
  readonly masked: number;
  /** false if the scene has moved from its place in the reference: the learned model sees a move as something else */
  readonly isInPlace: boolean;
  /** `isOwn`: the model was made for this camera */
  readonly learned: (DetectorReading & { readonly isOwn: boolean }) | null;
  /** share of the reference's structure that is seen; null or NaN where that can't be told */
  readonly visible: number | null;
  /** nothing of the scene is seen in the median of the window */
  readonly isUnseen: boolean;
}

/** The part of the evidence that growth, loss and the view gate give. */
type GlassEvidence = Omit<Evidence, 'isReadable' | 'cleanMissing' | 'isAwaiting' | 'learned'>;

const IN_VIEW = { isAside: false, isAlarming: false, hasMoved: false } as const;

/** @param glass - null or undefined if growth and loss have not looked at the snapshot */
export function evidenceOf(glass: GlassFacts | null | undefined): GlassEvidence {
  const { changed, visit } = glass ?? {};
  const isUntold = visit?.isOverdue || visit?.isAsked === false;
  const rest = isUntold ? undefined : changed?.rest;
  return {
    isDark: glass?.isDark ?? false,
    view: glass?.view ?? IN_VIEW,
    standing: glass?.standing ?? 'normal',
    isInPlace: turnOf(glass) === null,
    growth: glass?.growth ? readingOf(glass.growth) : null,
    loss: glass?.loss ? lossReadingOf(glass.loss) : null,
    isAsked: visit?.isAsked ?? false,
    rest: rest ? { growth: readingOf(rest.growth), loss: lossReadingOf(rest.loss) } : null,
    isStillDirty: isNotClean(glass),
    masked: glass?.masked ?? 0,
    visible: glass?.visible ?? null,
    isUnseen: glass?.unseenSince !== undefined,
  };
}

/** True if a full window since a cleaning is not cleaner than the last one before. */
export function isNotClean(glass: Pick<GlassFacts, 'growth' | 'learning'> | null | undefined): boolean {
  return glass?.learning?.before !== undefined && !glass.learning.base && glass.growth?.distance != null;
}

function readingOf({ distance, driftStatus }: StreamFacts): DetectorReading {
  return { distance, status: driftStatus, limit: GLASS_THRESHOLDS.drift };
}

function lossReadingOf(facts: LossFacts): LossReading {
  return { ...readingOf(facts), part: facts.part };
}
