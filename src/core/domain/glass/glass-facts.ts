import type { DriftStatus, Thresholds } from '../drift/thresholds';
import type { Move } from './move';
import type { SceneChange } from './scene-change';

/** Raised when a fit made before can no longer be used. */
export const GLASS_VERSION = 3;

/** True for versions whose fits can be used: those of before this one are as good as they were. */
export function isReadable(version: unknown): boolean {
  return version === 1 || version === 2 || version === GLASS_VERSION;
}

/** Fewer clean snapshots do not say what is usual. */
export const LEAST_REFERENCE = 12;

/** Snapshots before the next one on which its view and the camera's position depend. */
export const GLASS_MEMORY = 24;

/** Newest of these that count as what the camera saw lately, and in whose median it stands: a fish moves one of them. */
export const VIEW_MEMORY = 12;

/** Snapshots of whose excess the median counts: growth stays, a fish is in one of them. */
export const STAYING = 3;

/** Earlier counted snapshots that the next judgement rests on. */
export function countedNeeded(windowSize: number): number {
  return windowSize + STAYING - 1;
}

/** The numbers of a loss embedding, in order. */
export const LOSS_PARTS = ['red', 'silt', 'blur', 'cover'] as const;
export type LossPart = (typeof LOSS_PARTS)[number];

/** Growth and loss are scaled to these limits at this sigma, whatever a camera's learned distance is judged by. */
export const GLASS_SIGMA = 0.3;
export const GLASS_THRESHOLDS: Thresholds = { warning: 0.05, drift: 0.1 };

/** Below this mean brightness, of 255, JPEG leaves no structure to judge. */
export const DARK = 16;

/** More energy of the finest band, in the pattern's own, is in no place that has a pattern. */
export const MOST_ENERGY = 1e6;

/** Places on the glass, in thirds of the picture. */
export const COVER_PLACES = [
  ...(['upperLeft', 'upper', 'upperRight'] as const),
  ...(['left', 'middle', 'right'] as const),
  ...(['lowerLeft', 'lower', 'lowerRight'] as const),
] as const;
export type CoverPlace = (typeof COVER_PLACES)[number] | 'allOver';

/** Moves below this, in pixels of a picture 192 wide, are the water's and the registration's. */
export const LEAST_MOVE = 4;

export interface StreamFacts {
  /** squared MMD; null while the window fills */
  readonly distance: number | null;
  readonly driftStatus: DriftStatus;
}

/** A verdict that stands while nothing is judged. */
export type StandingVerdict = 'normal' | 'warning' | 'drift';

/** Facts of the view at a snapshot. */
export interface ViewFacts {
  /** the newest is set aside: it is not dirt, and counts for nothing */
  readonly isAside: boolean;
  /** how many were set aside one after another, the newest last; of those that are remembered, 24 at most */
  readonly asideInARow: number;
  /** that many in a row: something covers the camera, or it looks elsewhere */
  readonly isAlarming: boolean;
  /** a dozen in a row were set aside and show one and the same thing: the camera was moved for good */
  readonly hasMoved: boolean;
}

export interface LossFacts extends StreamFacts {
  readonly part: LossPart;
}

/** Facts of growth, loss and the view gate at a snapshot: stored with its job, as they stood then. */
export interface GlassFacts {
  /** both null where the snapshot counts for nothing: another view, or the dark */
  readonly growth: StreamFacts | null;
  readonly loss: LossFacts | null;
  /** the change that these alarms rest on, and what they say of the rest of the glass */
  readonly changed?: SceneChange & {
    readonly rest: { readonly growth: StreamFacts; readonly loss: LossFacts };
  };
  /** share of the glass that is grown over in the last window */
  readonly cover: number;
  readonly thickest: CoverPlace | null;
  readonly view: ViewFacts;
  readonly isDark: boolean;
  /** the conclusion when a snapshot last counted; only if this one does not */
  readonly standing?: StandingVerdict;
  /** share of the reference's coarse structure that is seen; null where that can't be told */
  readonly visible: number | null;
  /** how far the scene is from where the reference has it, in pixels of a picture 192 wide: by this snapshot alone, */
  readonly move: Move;
  /** and in the median of the last dozen that count, this one included; absent in facts of before version 3 */
  readonly position?: Move;
  /** true if the camera's model was made for it, so that its distance counts too */
  readonly isOwnModel: boolean;
  /** it was computed from the kept picture, after the snapshot had been scored */
  readonly isAfterwards?: true;
}

/** The camera's position: facts of before version 3 have a median of moves as their own move. */
export function positionOf({ position, move }: Pick<GlassFacts, 'position' | 'move'>): Move {
  return position ?? move;
}
