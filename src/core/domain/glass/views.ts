import type { GlassFit } from './glass';
import type { GlassSight } from './sight';
import { DARK, GLASS_MEMORY, STAYING, VIEW_MEMORY, type ViewFacts } from './glass-facts';
import { LossReader } from './loss';
import { isNear, type Move } from './move';
import { median, medianMove } from './order';
import { correlation, isUnlike, medianView, type KeptView } from './view-gate';

/** Snapshots set aside one after another that are an alarm of their own: fish hide a view twice running, not more. */
const ALARM_ASIDE = 3;
/** So many in a row that agree with each other are a new view. */
const NEW_VIEW = 12;
const AGREE = 0.5;
/** Share of the reference's structure that they have, or nothing is to be seen. */
const LEAST_STRUCTURE = 0.2;
/** Snapshots by which a camera is known to be back, and the share of them that must say so. */
const LEAST_BACK = 6;
const SHARE_BACK = 2 / 3;

/** A move more than so many pixels from there is another view, unless the two snapshots before share it to so many, */
const SUDDEN = 12;
const SHARED = 2;
/** or it shows so much of the places that are usually seen: most moves that show less than the second are wrong. */
const USUAL_PLACES = 0.8;
const LEAST_PLACES = 0.2;
/** A move that shows fewer places is too often wrong to say where the camera stands. */
export const SURE_PLACES = 0.3;

/** The recognised places fell at once if less than this share is left of the fewest in the snapshots just before, */
const LEFT = 0.4;
/** and so much of all places went; */
const LEAST_FALL = 0.1;
/** but not with the light. */
const LEAST_LIGHT = 0.5;

/** A sight as its view is judged. */
export type ViewSight = Pick<GlassSight, 'move' | 'places' | 'strength' | 'view' | 'losses' | 'brightness'>;

/** A sight that was judged, for those after it. */
export interface ViewTrace<S extends ViewSight = ViewSight> {
  readonly sight: S;
  readonly isOtherView: boolean;
}

/** A trace with the share of the places that were recognised. */
export interface SeenTrace<S extends ViewSight = ViewSight> extends ViewTrace<S> {
  readonly recognised: number;
}

/** True if it is neither another view nor too dark to tell. */
export function isCounted({ sight, isOtherView }: ViewTrace): boolean {
  return !isOtherView && sight.brightness >= DARK;
}

/**
 * @param traces - of a camera's snapshots through one fit, oldest first, since it was turned last; the last 24 are enough. If all
 *   of them are set aside, they tell it themselves
 */
export function positionAfter(traces: readonly ViewTrace[]): Move {
  const sure = traces.filter(({ sight }) => sight.places >= SURE_PLACES);
  const counted = lastCounted(sure);
  return medianMove((counted.length > 0 ? counted : sure.map(({ sight }) => sight)).map(({ move }) => move));
}

function lastCounted(traces: readonly ViewTrace[]): readonly ViewSight[] {
  return traces
    .filter(isCounted)
    .slice(-VIEW_MEMORY)
    .map(({ sight }) => sight);
}

function isSudden(
  { move, places }: ViewSight,
  past: readonly ViewTrace[],
  { position, isTurned }: Stand,
): boolean {
  if (isNear(move, position, SUDDEN)) return false;
  const before = past.slice(-2);
  if (before.length === 2 && before.every(({ sight }) => isNear(sight.move, move, SHARED))) return false;
  const usual = median(lastCounted(past).map((sight) => sight.places));
  return places < Math.max(LEAST_PLACES, Number.isNaN(usual) ? 0 : (isTurned ? 1 : USUAL_PLACES) * usual);
}

/** A camera's stand, as the next snapshot is compared with it. */
export interface Stand {
  readonly position: Move;
  /** it was turned lately: then it shows only a part of the reference's places, and more moves are wrong */
  readonly isTurned: boolean;
}

/** @param past - traces of the snapshots before it, oldest first; the last 24 count */
export function isOtherView(
  sight: ViewSight,
  recognised: number,
  { view }: Pick<GlassFit, 'view'>,
  past: readonly ViewTrace[],
  stand: Stand = { position: positionAfter(past), isTurned: false },
): boolean {
  const traces = past.slice(-GLASS_MEMORY);
  const lately = traces.filter((trace) => !trace.isOtherView).map((trace) => trace.sight.view);
  const isElsewhere = asideInARow(traces) >= ALARM_ASIDE;
  if (isUnlike({ ...sight, recognised }, view, lately, isElsewhere)) return true;
  return sight.brightness >= DARK && isSudden(sight, traces, stand);
}

/**
 * True if the places that were recognised until just before are gone at once: the camera moved, or something was put before
 * it. Growth takes them one after another.
 *
 * @param usual - share that the reference's own snapshots show, in the median: by it a long run of another view goes on
 * @param past - traces of the snapshots before it, oldest first; the last 24 count
 */
export function hasFallen(
  { brightness }: Pick<ViewSight, 'brightness'>,
  recognised: number,
  usual: number,
  past: readonly SeenTrace[],
): boolean {
  const before = past.filter(isCounted).slice(-STAYING);
  const isElsewhere = before.length === 0 && past.at(-1)?.isOtherView === true;
  const least = isElsewhere ? usual : Math.min(...before.map((trace) => trace.recognised));
  const light = Math.min(...before.map(({ sight }) => sight.brightness));
  const isDarker = brightness < DARK || (before.length > 0 && brightness < LEAST_LIGHT * light);
  const isKnown = isElsewhere || before.length > 0;
  return isKnown && !isDarker && recognised < LEFT * least && least - recognised > LEAST_FALL;
}

/** @param traces - of a camera's snapshots through one fit, oldest first; the last 24 are enough */
export function viewFacts(traces: readonly ViewTrace[], { view }: Pick<GlassFit, 'view'>): ViewFacts {
  const count = asideInARow(traces);
  const last = traces.slice(-NEW_VIEW).map(({ sight }) => sight);
  const strength = median(last.map((sight) => sight.strength));
  return {
    isAside: count > 0,
    asideInARow: count,
    isAlarming: count >= ALARM_ASIDE,
    hasMoved:
      count >= NEW_VIEW &&
      strength > LEAST_STRUCTURE * view.strength &&
      agree(last.map((sight) => sight.view)),
  };
}

function asideInARow(traces: readonly ViewTrace[]): number {
  let count = 0;
  while (count < traces.length && traces.at(-1 - count)!.isOtherView) count++;
  return count;
}

/** True if snapshots show the same view: each is like the median of all. */
export function agree(views: readonly KeptView[]): boolean {
  if (views.length === 0) return false;
  const middle = medianView(views);
  return median(views.map((view) => correlation(view, middle))) >= AGREE;
}

/**
 * Which of a camera's references fits what it sees now, as when a camera that was turned returns.
 *
 * @param looks - for each reference its fit, and what the last snapshots show through it; at least 6, oldest first
 * @returns the place of that reference; null when none fits
 */
export function fittingReference(
  looks: readonly { readonly fit: GlassFit; readonly sights: readonly GlassSight[] }[],
): number | null {
  let best: number | null = null;
  let most = 0;
  looks.forEach(({ fit, sights }, place) => {
    const reader = new LossReader(fit, []);
    const recognised = sights.map(({ losses }) => reader.read(losses).recognised);
    const traces: ViewTrace[] = [];
    for (const [i, sight] of sights.entries())
      traces.push({ sight, isOtherView: isOtherView(sight, recognised[i]!, fit, traces) });
    const own = traces.filter((trace) => !trace.isOtherView);
    if (sights.length < LEAST_BACK || own.length < SHARE_BACK * sights.length) return;
    const usual = median(recognised);
    if (usual > most) [most, best] = [usual, place];
  });
  return best;
}
