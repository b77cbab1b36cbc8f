import { daysOf, earliestDays } from '../camera/earliest-days';
import { isShown } from '../camera/time/shown-hours';
import { fitGlass, Glass, type GlassFit } from './glass';
import { STAYING } from './glass-facts';
import { isOneView, viewsOf } from './given-views';
import { DRIFT_LENGTH, growthEmbedding } from './growth';
import type { KernelsFor } from './kernels';
import { LossReader } from './loss';
import { median, spread } from './order';
import { ofCommonestShape, type GlassPicture } from './picture';
import type { GlassSight } from './sight';
import { LEAST_RECOGNISED } from './view-gate';
import { isOtherView, type ViewTrace } from './views';

/** Least excess of a dirty picture, as a share of drift: half of drift is the warning limit. */
const SHOWS = 0.5;
/** Days are put together until they have so many snapshots; two such blocks, and a window, are no passing murk. */
const BLOCK = 6;
const LASTING = 12;
/** Snapshots of a view that decide its usual values. */
const USUAL = 96;

/** Snapshots that a person gave as clean, grouped by content: indices, in capture order. */
export interface GivenSorted {
  /** the largest view up to the first sign of dirt: the candidates for a reference */
  readonly clean: readonly number[];
  /** the same view from the day of the first sign of dirt */
  readonly traced: readonly number[];
  /** each other view, the largest first */
  readonly views: readonly (readonly number[])[];
  /** another shape, or no view of twelve or more: another place or camera, or damaged */
  readonly foreign: readonly number[];
}

/**
 * Finds the pictures that can form a reference together. If fewer than twelve are alike, all of them can.
 *
 * @param pictures - in capture order
 * @param walls - of each, the time that the camera's clock showed, as if it were UTC; null where no time is known
 */
export function sortGiven(
  pictures: readonly GlassPicture[],
  walls: readonly (number | null)[],
  kernelsFor: KernelsFor,
): GivenSorted {
  const all = [...pictures.keys()];
  const alike = ofCommonestShape(pictures.map((picture, place) => ({ picture, place })));
  const [largest, ...views] = viewsOf(alike, kernelsFor);
  if (largest === undefined) return { clean: all, traced: [], views: [], foreign: [] };

  const at = (places: readonly number[]) => places.map((place) => pictures[place]!);
  /** Looks through a fit to some of them. */
  const through = (places: readonly number[]) => {
    const times = places.map((place) => walls[place] ?? 0);
    const fit = fitGlass(at(places), times, kernelsFor);
    const glass = new Glass(fit, kernelsFor);
    return { fit, look: (place: number) => glass.look(pictures[place]!) };
  };
  const inOthers = new Set(views.flat());
  const candidates = alike.flatMap(({ place }) => (inOthers.has(place) ? [] : place));
  const own = ownOf(candidates, new Set(largest), inOthers, through(spread(largest, USUAL)));
  const isOwn = new Set(own);
  const foreign = all.filter((place) => !isOwn.has(place) && !inOthers.has(place));
  const first = earliestDays(own.map((place) => walls[place] ?? null)).map((i) => own[i]!);
  const begins = firstTraces(own, walls, first, through(first));
  const end = begins === null ? own.length : own.indexOf(begins);
  return { clean: own.slice(0, end), traced: own.slice(end), views, foreign };
}

/** A fit, and a picture's sight through it. */
interface Through {
  readonly fit: GlassFit;
  readonly look: (place: number) => GlassSight;
}

/**
 * The pictures of a view, those of no view that its fit finds in place, and murky ones between two of them.
 *
 * @param places - of the view and of no view
 */
function ownOf(
  places: readonly number[],
  isIn: ReadonlySet<number>,
  inOthers: ReadonlySet<number>,
  { fit, look }: Through,
): readonly number[] {
  const reader = new LossReader(fit, []);
  const traces: ViewTrace[] = [];
  const sorted = [...isIn, ...inOthers].sort((a, b) => a - b);
  return places.filter((place) => {
    const sight = look(place);
    const { recognised } = reader.read(sight.losses);
    const trace = { sight, isOtherView: isOtherView(sight, recognised, fit, traces) };
    traces.push(trace);
    if (isIn.has(place)) return true;
    if (recognised >= LEAST_RECOGNISED) return isOneView(sight.move);
    const next = sorted.findIndex((other) => other > place);
    return !trace.isOtherView && next > 0 && isIn.has(sorted[next - 1]!) && isIn.has(sorted[next]!);
  });
}

/**
 * The snapshot from which the excess over the first days stays, to the last one, as high as that of dirt; null if none.
 * Snapshots without a known time, or from hours missing in the first days, are ignored.
 *
 * @param first - those of the earliest days, by which the fit was made
 */
function firstTraces(
  own: readonly number[],
  walls: readonly (number | null)[],
  first: readonly number[],
  { fit: { captions }, look }: Through,
): number | null {
  const isFirst = new Set(first);
  const shown = first.flatMap((place) => walls[place] ?? []);
  const later = own.filter((place) => {
    const at = walls[place] ?? null;
    return !isFirst.has(place) && at !== null && isShown(shown, at);
  });
  const last: GlassSight['excess'][] = [];
  const blocks: { readonly from: number; readonly excess: number[] }[] = [];
  for (const day of daysOf(later.map((place) => walls[place]!))) {
    if ((blocks.at(-1)?.excess.length ?? BLOCK) >= BLOCK) blocks.push({ from: later[day[0]!]!, excess: [] });
    for (const i of day) {
      last.push(look(later[i]!).excess);
      const embedding = growthEmbedding(last.slice(-STAYING), captions);
      blocks.at(-1)!.excess.push(embedding.reduce((sum, value) => sum + value ** 2, 0));
    }
  }
  const isHigh = blocks.map(({ excess }) => median(excess) > SHOWS * DRIFT_LENGTH);
  const high = blocks.slice(isHigh.lastIndexOf(false) + 1);
  const lasting = high.flatMap(({ excess }) => excess).length;
  return high.length > 1 && lasting >= LASTING ? high[0]!.from : null;
}
