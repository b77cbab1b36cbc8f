import type { Camera } from './camera';
import { breaksWindow, type CameraEvent } from './event';
import type { CompletedJob } from './job';
import { BEST_CLEAN, cleanMissing, ENOUGH_CLEAN } from './reference-size';
import type { Reference } from './reference';
import { isNotClean } from '../glass/evidence';
import type { LearningSince } from '../glass/glass-judge';
import { toUtc, toWall, type CameraTime } from './time/zone';
import { isSetAside } from './verdict';

const DAY = 86_400_000;
/** A cycle that has not enough pictures after so long keeps the reference of before: the later ones may show dirt. */
const LEARNS_FOR = 10 * DAY;
/** So long its reference may become a better one. In data/obsea-2014 forty pictures are there after six to eleven days. */
const IMPROVES_FOR = 14 * DAY;

/** A stretch of a camera's life that begins with a clean lens, until the next one begins. */
export interface Cycle {
  /** capture times, in milliseconds since 1970 */
  readonly beganAt: number;
  readonly endsAt: number;
  /** the last picture that a person called clean; null where the lens was cleaned */
  readonly saidUntil: number | null;
  /** false for a view that was accepted: it has a reference of its own from its beginning on */
  readonly isLearned: boolean;
}

/** A camera's cycles, oldest first; none where a cleaning begins none. */
export function cyclesOf(
  { cyclesFrom, renewsReference }: Pick<Camera, 'cyclesFrom' | 'renewsReference'>,
  events: readonly CameraEvent[],
): readonly Cycle[] {
  if (cyclesFrom === undefined || renewsReference === false) return [];
  // A camera that exists keeps its past, but a person's word counts.
  const begins = events.filter(
    (event) =>
      breaksWindow(event) && (event.at >= cyclesFrom || event.kind === 'clean' || event.beginsCycle === true),
  );
  const times = [...new Set(begins.map(({ at }) => at))].sort((a, b) => a - b);
  return times.map((beganAt, i): Cycle => {
    const own = begins.filter(({ at }) => at === beganAt);
    const said = own.flatMap(({ kind, until, beginsCycle }) =>
      kind === 'clean' || beginsCycle ? (until ?? beganAt) : [],
    );
    return {
      beganAt,
      endsAt: times[i + 1] ?? Infinity,
      saidUntil: said.length > 0 ? Math.max(...said) : null,
      isLearned: said.length > 0 || !own.some(({ isNewView }) => isNewView),
    };
  });
}

/** The one of an instant; null before the first. */
export function cycleAt(cycles: readonly Cycle[], at: number): Cycle | null {
  return [...cycles].reverse().find(({ beganAt }) => beganAt <= at) ?? null;
}

/**
 * The instant from which on a reference may judge that is made of a cycle's pictures up to one of them: a day of the
 * camera's clock has ended with it, and every hour of a day is past since the cycle began; or those that a person called
 * clean have ended.
 *
 * @param last - the last picture before `next` in capture order, of the same cycle
 * @returns null if none has
 */
export function choiceBetween(
  { beganAt, saidUntil }: Cycle,
  last: number,
  next: number,
  camera: CameraTime,
): number | null {
  if (last < beganAt) return null;
  if (saidUntil !== null && last <= saidUntil && next > saidUntil) return saidUntil + 1;
  const day = Math.floor(toWall(last, camera) / DAY);
  if (Math.floor(toWall(next, camera) / DAY) === day) return null;
  const ends = toUtc((day + 1) * DAY, camera);
  // A morning is no growth to be warned of because the first afternoon does not show one.
  return ends - beganAt >= DAY ? ends : null;
}

/**
 * Pictures that a cycle's next reference needs; null if it gets none any more.
 *
 * @param last - capture time of the last picture that there is for it
 * @param own - the cycle's references so far
 */
export function picturesNeeded(
  cycle: Cycle,
  last: number,
  own: readonly Pick<Reference, 'embeddings'>[],
): number | null {
  const most = Math.max(0, ...own.map(({ embeddings }) => embeddings.length));
  if (most >= BEST_CLEAN || last > cleanUntil(cycle) + (most > 0 ? IMPROVES_FOR : LEARNS_FOR)) return null;
  return most > 0 ? BEST_CLEAN : ENOUGH_CLEAN;
}

/** True if a cycle's references may still change at an instant. */
export function isOpen(cycle: Cycle, at: number): boolean {
  return cycle.isLearned && at <= cleanUntil(cycle) + IMPROVES_FOR + DAY;
}

/** True while a cycle waits for a reference of its own, and another one measures against its first window. */
export function isLearning(cycle: Cycle, at: number, inForce: Pick<Reference, 'beganAt'>): boolean {
  return cycle.isLearned && inForce.beganAt !== cycle.beganAt && at <= cleanUntil(cycle) + LEARNS_FOR;
}

/** How a snapshot of a cycle is measured while another reference than its own judges; null where nothing is special. */
export function learnsAt(
  cycle: Cycle,
  at: number,
  inForce: Pick<Reference, 'beganAt'>,
): LearningSince | null {
  if (cycle.saidUntil !== null && at <= cycle.saidUntil) return 'called-clean';
  if (!isLearning(cycle, at, inForce)) return null;
  return cycle.saidUntil === null ? 'cleaned' : 'clean';
}

/** The last instant at which somebody knew that the lens was clean. */
export function cleanUntil({ beganAt, saidUntil }: Cycle): number {
  return Math.max(beganAt, saidUntil ?? beganAt);
}

/** False for embeddings alone, which show no glass, and for a reference that judges nothing. */
export function canRenew(reference: Pick<Reference, 'embeddings' | 'properties'>): boolean {
  return reference.properties !== undefined && cleanMissing(reference) === 0;
}

/** The snapshots of a cycle that its reference may be made of, as far as their facts tell. */
export function learnable(jobs: readonly CompletedJob[]): readonly CompletedJob[] {
  const dirty = jobs.map(({ glass }) => isNotClean(glass)).lastIndexOf(true);
  return jobs.slice(dirty + 1).filter((job) => job.properties !== null && !job.glass?.isDark);
}

/** How far a cycle has come, for a person. */
export type CycleState =
  /** the first window after a cleaning fills */
  | { readonly kind: 'filling'; readonly left: number }
  | { readonly kind: 'learning'; readonly pictures: number; readonly needed: number }
  /** the cycle's own reference judges */
  | { readonly kind: 'known' }
  /** too few pictures came: the reference of before judges */
  | { readonly kind: 'kept'; readonly since: number };

/** A reference, as far as a cycle's state rests on it. */
type KnownView = Pick<Reference, 'id' | 'beganAt' | 'capturedAt' | 'createdAt' | 'embeddings' | 'properties'>;

/**
 * The state of the cycle at a camera's newest snapshot; null where cycles don't count, or none has begun.
 *
 * @param jobs - of its present model, in capture order
 */
export function cycleState(
  camera: Camera,
  events: readonly CameraEvent[],
  references: readonly KnownView[],
  jobs: readonly CompletedJob[],
): CycleState | null {
  const newest = jobs.at(-1);
  const cycles = cyclesOf(camera, events);
  const cycle = cycles.at(-1);
  if (!cycle) return null;
  const at = Math.max(newest?.capturedAt ?? 0, cycle.beganAt);
  const inForce = references.find(({ id }) => id === camera.referenceId);
  if (!inForce || !canRenew(inForce)) return null;
  if (!cycle.isLearned || inForce.beganAt === cycle.beganAt) return { kind: 'known' };
  if (!isLearning(cycle, at, inForce)) {
    const since = inForce.beganAt ?? inForce.capturedAt?.find((each) => each !== null) ?? inForce.createdAt;
    return { kind: 'kept', since };
  }
  const own = jobs.filter(({ capturedAt }) => capturedAt >= cycle.beganAt);
  const counted = own.filter((job) => !isSetAside(job));
  const { windowSize } = camera.detector;
  if (counted.length < windowSize) return { kind: 'filling', left: windowSize - counted.length };
  const pictures = Math.min(ENOUGH_CLEAN, learnable(counted).length);
  return { kind: 'learning', pictures, needed: ENOUGH_CLEAN };
}
