import { DRIFT_STATUS, type Thresholds } from '../drift/thresholds';
import { DISTANCE } from '../ranges';
import { count, flag, instant, number, oneOf, optional, orNull, row, yes, type RowOf } from '../row';
import { MOVE, type Move } from './move';
import { SCENE_CHANGE } from './scene-answer';

/** Raised when a fit made before can no longer be used. */
export const GLASS_VERSION = 4;

/**
 * True for versions whose fits can be used. Up to version 3 a fit was of the snapshots themselves, not of their thumbnails;
 * it stays only where there are none.
 */
export function isReadable(version: unknown): boolean {
  return typeof version === 'number' && version >= 1 && version <= GLASS_VERSION;
}

/** Fewer clean snapshots do not say what is usual. */
export const LEAST_REFERENCE = 12;

/** Snapshots before the next one on which its view and the camera's position depend. */
export const GLASS_MEMORY = 24;

/** Newest of these that count as what the camera saw lately, and in whose median it stands: a fish moves one of them. */
export const VIEW_MEMORY = 12;

/** Snapshots of whose excess the median counts: growth stays, a fish is in one of them. */
export const STAYING = 3;

/** Counted snapshots in which a visit is looked for: three that agree, and a dozen before them, over a cleaning too. */
export const VISIT_MEMORY = 15;

/** Earlier counted snapshots that the next judgement rests on. */
export function countedNeeded(windowSize: number): number {
  return Math.max(windowSize + STAYING - 1, VISIT_MEMORY);
}

/** The numbers of a loss embedding, in order. */
export const LOSS_PARTS = ['red', 'silt', 'blur', 'cover'] as const;
export type LossPart = (typeof LOSS_PARTS)[number];

/** Growth and loss are scaled to these limits at this sigma, whatever a camera's learned distance is judged by. */
export const GLASS_SIGMA = 0.3;
export const GLASS_THRESHOLDS: Thresholds = { warning: 0.05, drift: 0.1 };

/** Below this mean brightness, of 255, JPEG leaves no structure to judge. */
export const DARK = 16;

/** Below this share of the reference's coarse structure nothing of the scene is seen. */
export const UNSEEN = 0.2;

/** More energy of the finest band, in the pattern's own, is in no place that has a pattern. */
export const MOST_ENERGY = 1e6;

/** From this share of the picture left out on, too little of the glass is left to be judged by growth and loss. */
export const MOST_MASKED = 0.6;

/** Places on the glass, in thirds of the picture. */
export const COVER_PLACES = [
  ...(['upperLeft', 'upper', 'upperRight'] as const),
  ...(['left', 'middle', 'right'] as const),
  ...(['lowerLeft', 'lower', 'lowerRight'] as const),
] as const;
const PLACE = oneOf([...COVER_PLACES, 'allOver']);
export type CoverPlace = RowOf<typeof PLACE>;

/** Moves below this, in pixels of a picture 192 wide, are the water's and the registration's. */
export const LEAST_MOVE = 4;

const STREAM = row({
  /** squared MMD; null while the window fills */
  distance: orNull(number(DISTANCE)),
  driftStatus: DRIFT_STATUS,
});
export type StreamFacts = RowOf<typeof STREAM>;

/** A verdict that stands while nothing is judged. */
const STANDING = oneOf(['normal', 'warning', 'drift']);
export type StandingVerdict = RowOf<typeof STANDING>;

/** Facts of the view at a snapshot. */
const VIEW = row({
  /** the newest is set aside: it is not dirt, and counts for nothing */
  isAside: flag,
  /** how many were set aside one after another, the newest last; of those that are remembered, 24 at most */
  asideInARow: count(),
  /** that many in a row: something covers the camera, or it looks elsewhere */
  isAlarming: flag,
  /** a dozen in a row were set aside, have structure and show one and the same thing: the camera was moved for good */
  hasMoved: flag,
});
export type ViewFacts = RowOf<typeof VIEW>;

const LOSS = row({ ...STREAM.fields, part: oneOf(LOSS_PARTS) });
export type LossFacts = RowOf<typeof LOSS>;

const BOTH = row({ growth: number(DISTANCE), loss: number(DISTANCE) });
export type BothDistances = RowOf<typeof BOTH>;

/** While a cycle has no reference of its own, the one of before measures from the first window after the cleaning on. */
const LEARNING = row({
  /** distances of the last window before the cleaning; absent where none was full, or a person called the lens clean */
  before: optional(BOTH),
  /** those of the first full window after it that is cleaner than that one, which others are told above; absent before */
  base: optional(BOTH),
});
export type LearningFacts = RowOf<typeof LEARNING>;

/** Of what was on the lens before a cleaning; a window that has so much of it shows that it is not clean everywhere. */
const STILL_DIRTY = 0.8;

/** True if a window shows about what was on the lens before the cleaning. */
export function isStillDirty(window: BothDistances, before: BothDistances | undefined): boolean {
  const { warning } = GLASS_THRESHOLDS;
  return (['growth', 'loss'] as const).some(
    (stream) => before && before[stream] > warning && window[stream] >= STILL_DIRTY * before[stream],
  );
}

/** Dirt grows over days: what comes at once is mostly somebody's visit, and a person is asked. */
const VISIT = row({
  /** capture time of the first snapshot that shows it */
  since: instant,
  /** the camera stands elsewhere, a compact place has changed, or growth has fallen off */
  kind: oneOf(['turned', 'changed', 'cleared']),
  /** days since then on which snapshots came, the first included */
  days: count(),
  /** the camera's position before */
  from: MOVE,
  /** false for a small turn of the camera while nothing is raised: it needs no answer, and is forgotten after three days */
  isAsked: flag,
  /** true if nobody has answered for three days with snapshots, and a tenth of the glass has changed */
  isOverdue: yes,
});
export type VisitFacts = RowOf<typeof VISIT>;

/** Facts of growth, loss and the view gate at a snapshot: stored with its job, as they stood then. */
export const GLASS_FACTS = row({
  /** both null where the snapshot counts for nothing: another view, or the dark; without a distance where too much is masked */
  growth: orNull(STREAM),
  loss: orNull(LOSS),
  /** while a cycle has no reference of its own; then distances are above `base` */
  learning: optional(LEARNING),
  /** the change that these alarms rest on, and what they say of the rest of the glass */
  changed: optional(row({ ...SCENE_CHANGE.fields, rest: row({ growth: STREAM, loss: LOSS }) })),
  /** while nobody has answered, no cycle has begun, and it is not gone */
  visit: optional(VISIT),
  /** share of the glass that is grown over in the last window */
  cover: number({ least: 0, most: 1 }),
  thickest: orNull(PLACE),
  /** share of the picture that is left out: captions, what is not on the glass, and changes in the scene; absent for none */
  masked: optional(number({ least: 0, most: 1 })),
  view: VIEW,
  isDark: flag,
  /** the conclusion when a snapshot last counted; only if this one does not */
  standing: optional(STANDING),
  /** share of the reference's coarse structure that is seen; null where that can't be told */
  visible: orNull(number({ least: 0, most: 100 })),
  /** only while nothing of the scene is seen in the median of the window: the capture time of the first such picture */
  unseenSince: optional(instant),
  /** how far the scene is from where the reference has it, in pixels of a picture 192 wide: by this snapshot alone, */
  move: MOVE,
  /** and in the median of the last dozen that count, this one included; absent in facts of before version 3 */
  position: optional(MOVE),
  /** capture time from which on it stands there, if it was turned since the oldest snapshot that is remembered */
  turnedAt: optional(instant),
  /** when growth fell off for the first time since the lens was known to be clean: a person is asked about it once */
  clearedAt: optional(instant),
  /** true if the camera's model was made for it, so that its distance counts too */
  isOwnModel: flag,
});
export type GlassFacts = RowOf<typeof GLASS_FACTS>;

/** Facts whose snapshots have other capture times by now. */
export function atOtherTimes(facts: GlassFacts, moved: (at: number) => number): GlassFacts {
  const { changed, visit, unseenSince, turnedAt, clearedAt } = facts;
  return {
    ...facts,
    ...(changed && { changed: { ...changed, since: moved(changed.since) } }),
    ...(visit && { visit: { ...visit, since: moved(visit.since) } }),
    ...(unseenSince !== undefined && { unseenSince: moved(unseenSince) }),
    ...(turnedAt !== undefined && { turnedAt: moved(turnedAt) }),
    ...(clearedAt !== undefined && { clearedAt: moved(clearedAt) }),
  };
}

/** The camera's position: facts of before version 3 have a median of moves as their own move. */
export function positionOf({ position, move }: Pick<GlassFacts, 'position' | 'move'>): Move {
  return position ?? move;
}

/** True if a stream's alarm is raised. */
export function isRaised({ driftStatus }: StreamFacts): boolean {
  return driftStatus === 'warning' || driftStatus === 'drift';
}
