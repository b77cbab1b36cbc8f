import type { GlassFit } from './glass';
import type { GlassSight } from './sight';
import { DARK, GLASS_MEMORY, VIEW_MEMORY, type ViewFacts } from './glass-facts';
import { LossReader } from './loss';
import { isNear, type Move } from './move';
import { median, medianMove } from './order';
import { correlation, isUnlike, medianView, type KeptView } from './view-gate';

/** Snapshots set aside one after another that are an alarm of their own: fish hide a view twice running, not more. */
const ALARM_ASIDE = 3;
/** So many in a row that agree with each other are a new view. */
export const NEW_VIEW = 12;
const AGREE = 0.5;
/** Snapshots by which a camera is known to be back, and the share of them that must say so. */
const LEAST_BACK = 6;
const SHARE_BACK = 2 / 3;

/** A move more than so many pixels from there is another view, unless the two snapshots before share it to so many, */
const SUDDEN = 12;
const SHARED = 2;
/** or it shows so much of the places that are usually seen: most moves that show less than the second are wrong. */
const USUAL_PLACES = 0.8;
const LEAST_PLACES = 0.2;

/** A sight as its view is judged. */
export type ViewSight = Pick<GlassSight, 'move' | 'places' | 'strength' | 'view' | 'losses' | 'brightness'>;

/** A sight that was judged, for those after it. */
export interface ViewTrace<S extends ViewSight = ViewSight> {
  readonly sight: S;
  readonly isOtherView: boolean;
}

/** True if it is neither another view nor too dark to tell. */
export function isCounted({ sight, isOtherView }: ViewTrace): boolean {
  return !isOtherView && sight.brightness >= DARK;
}

/** @param traces - of a camera's snapshots through one fit, oldest first; the last 24 are enough */
export function positionAfter(traces: readonly ViewTrace[]): Move {
  return medianMove(lastCounted(traces).map(({ move }) => move));
}

function lastCounted(traces: readonly ViewTrace[]): readonly ViewSight[] {
  return traces
    .filter(isCounted)
    .slice(-VIEW_MEMORY)
    .map(({ sight }) => sight);
}

function isSudden({ move, places }: ViewSight, past: readonly ViewTrace[]): boolean {
  if (isNear(move, positionAfter(past), SUDDEN)) return false;
  const before = past.slice(-2);
  if (before.length === 2 && before.every(({ sight }) => isNear(sight.move, move, SHARED))) return false;
  const usual = median(lastCounted(past).map((sight) => sight.places));
  return places < Math.max(LEAST_PLACES, Number.isNaN(usual) ? 0 : USUAL_PLACES * usual);
}

/** @param past - traces of the snapshots before it, oldest first; the last 24 count */
export function isOtherView(
  sight: ViewSight,
  recognised: number,
  { view }: Pick<GlassFit, 'view'>,
  past: readonly ViewTrace[],
): boolean {
  const traces = past.slice(-GLASS_MEMORY);
  const lately = traces.filter((trace) => !trace.isOtherView).map((trace) => trace.sight.view);
  const isElsewhere = viewFacts(traces).isAlarming;
  if (isUnlike({ ...sight, recognised }, view, lately, isElsewhere)) return true;
  return sight.brightness >= DARK && isSudden(sight, traces);
}

/** @param traces - of a camera's snapshots through one fit, oldest first; the last 24 are enough */
export function viewFacts(traces: readonly ViewTrace[]): ViewFacts {
  let asideInARow = 0;
  while (asideInARow < traces.length && traces.at(-1 - asideInARow)!.isOtherView) asideInARow++;
  return {
    isAside: asideInARow > 0,
    asideInARow,
    isAlarming: asideInARow >= ALARM_ASIDE,
    hasMoved: asideInARow >= NEW_VIEW && agree(traces.slice(-NEW_VIEW).map(({ sight }) => sight.view)),
  };
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
