import { median } from '../glass/order';

export interface TrendPoint {
  /** milliseconds since 1970, UTC */
  readonly at: number;
  /** squared MMD, dimensionless */
  readonly value: number;
}

export interface RisingTrend {
  readonly kind: 'rising';
  /** Theil–Sen slope of the recent blocks, in distance per day */
  readonly perDay: number;
  /** 95 % band of the slope; both edges > 0 */
  readonly perDayBand: readonly [number, number];
  /** level of the line at the last point; below the limit */
  readonly now: number;
  /** when the line and the edges of its 95 % band cross the limit, in milliseconds since 1970 */
  readonly reaches: {
    readonly at: number;
    readonly earliest: number;
    /** null: the band's slow edge does not get there within the horizon */
    readonly latest: number | null;
  };
}

/** A rise, or the reason for saying nothing. */
export type Trend =
  | RisingTrend
  | {
      readonly kind: 'silent';
      /**
       * `too-few` distances; `too-short`: enough of them, but on fewer than six days;
       * `too-uncertain`: it may well rise and arrive within the horizon, or not rise at all
       */
      readonly because: 'too-few' | 'too-short' | 'not-rising' | 'too-uncertain' | 'too-far' | 'above-limit';
    };

const DAY = 86_400_000;
/** Days to look ahead at most; never further than the points reach back. */
const HORIZON = 60;
/** With fewer, Sen's interval of correlated blocks is wider than all slopes. */
const LEAST_BLOCKS = 6;
/** Fouling is often flat at first and then speeds up: older blocks than these would hide it. */
const MOST_BLOCKS = 14;
/** Two-sided 95 % of the normal distribution. */
const Z = 1.96;
/** Neighbouring blocks share windows and weather, and six to fourteen blocks cannot prove that they don't. */
const LEAST_CORRELATION = 0.3;
const MOST_CORRELATION = 0.9;

/**
 * The trend of the distance since the last cleaning, and when it will cross the limit.
 *
 * Distances of overlapping windows repeat each other, so an interval over all of them would be far too narrow.
 * Each block of at least half a window of distances and at least a day gives one median; the last 14 blocks give
 * a Theil–Sen line, and Sen's interval is widened by the correlation that is left between blocks.
 *
 * The line is straight: growth that speeds up arrives sooner than it says. Simulated with AR(1) noise (phi 0 to
 * 0.9 between snapshots, 0 to 0.8 between days, 5 to 40 snapshots a day): a flat level was told as a rise in at
 * most 4 % of series; where a linear rise was told, the bands held the truth in 98 % for phi up to 0.5, and in
 * 76 to 99 % for slower noise, the least where nine of ten rises went untold.
 *
 * @param points - since the last cleaning, of one history; in any order, values that are not finite are left out
 * @param limit - the distance at which the lens is to be cleaned
 * @param windowSize - snapshots that one distance sums up, above 0
 * @see Sen 1968, JASA 63 (slope and interval); Hamed and Rao 1998, J. Hydrol. 204 (correlated data)
 */
export function trendOf(points: readonly TrendPoint[], limit: number, windowSize: number): Trend {
  const usable = points.filter(({ at, value }) => Number.isFinite(at) && Number.isFinite(value));
  usable.sort((a, b) => a.at - b.at);
  // Half a window: whole ones would keep a camera with five snapshots a day silent for three weeks.
  const least = Math.ceil(windowSize / 2);
  const blocks = lastBlocks(usable, least);
  const [first, last] = [usable[0], usable.at(-1)];
  const latest = blocks.at(-1);
  if (!first || !last || !latest || blocks.length < LEAST_BLOCKS) {
    return silent(usable.length < LEAST_BLOCKS * least ? 'too-few' : 'too-short');
  }

  const line = theilSen(blocks.map(({ at, value }) => ({ day: (at - last.at) / DAY, value })));
  const { slope, level, centre, low, high, levelError } = line;
  const now = level - slope * centre;
  if (now >= limit || latest.value >= limit) return silent('above-limit');

  const horizon = Math.min(HORIZON, (last.at - first.at) / DAY);
  const crossing = (day: number) => last.at + Math.round(day * DAY);
  const arrives = slope > 0 ? (limit - now) / slope : Infinity;
  if (!(low > 0)) return silent(arrives <= horizon ? 'too-uncertain' : 'not-rising');
  if (arrives > horizon) return silent('too-far');

  // The level and the slope err independently about the centre of the blocks, so their errors add as squares.
  const edge = (day: number, slopeError: number) => Math.hypot(levelError, slopeError * (day - centre));
  const soonest = firstDay(horizon, (day) => now + slope * day + edge(day, high - slope) >= limit);
  const slowest = firstDay(horizon, (day) => now + slope * day - edge(day, slope - low) >= limit);
  return {
    kind: 'rising',
    perDay: slope,
    perDayBand: [low, high],
    now,
    reaches: {
      at: crossing(arrives),
      earliest: crossing(Math.min(soonest ?? arrives, arrives)),
      latest: slowest === null ? null : crossing(Math.max(slowest, arrives)),
    },
  };
}

type Because = Extract<Trend, { kind: 'silent' }>['because'];
const silent = (because: Because): Trend => ({ kind: 'silent', because });

/**
 * Medians of whole blocks, counted from the end so that the newest block is a full one.
 *
 * @param points - in time order
 * @param least - points that make a block
 * @returns in time order, at most {@link MOST_BLOCKS}
 */
function lastBlocks(points: readonly TrendPoint[], least: number): TrendPoint[] {
  const blocks: TrendPoint[] = [];
  let end = points.length;
  while (end > 0 && blocks.length < MOST_BLOCKS) {
    const newest = points[end - 1]!.at;
    let start = end;
    while (start > 0 && (end - start < least || newest - points[start - 1]!.at < DAY)) start -= 1;
    const block = points.slice(start, end);
    if (block.length < least) break;
    blocks.unshift({
      at: median(block.map(({ at }) => at)),
      value: median(block.map(({ value }) => value)),
    });
    end = start;
  }
  return blocks;
}

interface Line {
  /** per day, with its 95 % band; the band is infinite when there are too few independent blocks for one */
  readonly slope: number;
  readonly low: number;
  readonly high: number;
  /** of the line at `centre`, the blocks' median day; half of its 95 % interval */
  readonly level: number;
  readonly levelError: number;
  readonly centre: number;
}

function theilSen(blocks: readonly { readonly day: number; readonly value: number }[]): Line {
  const count = blocks.length;
  const slopes = blocks
    .flatMap((a, i) => blocks.slice(i + 1).map((b) => (b.value - a.value) / (b.day - a.day)))
    .sort((a, b) => a - b);
  const slope = median(slopes);
  const centre = median(blocks.map(({ day }) => day));
  const levels = blocks.map(({ day, value }) => value - slope * (day - centre));
  const level = median(levels);
  const residuals = levels.map((value) => value - level);

  const correlation = lagOneCorrelation(residuals);
  const inflation = (1 + correlation) / (1 - correlation);
  // Kendall's S under no trend; the pairs further than this from the middle are outside the band.
  const spread = Z * Math.sqrt((inflation * count * (count - 1) * (2 * count + 5)) / 18);
  const outside = Math.floor((slopes.length - spread) / 2);
  const deviation = 1.4826 * median(residuals.map(Math.abs));
  return {
    slope,
    low: slopes[outside] ?? -Infinity,
    high: slopes[slopes.length - 1 - outside] ?? Infinity,
    level,
    // √(π/2): a median is that much less certain than a mean
    levelError: (Z * deviation * Math.sqrt(Math.PI / 2) * Math.sqrt(inflation)) / Math.sqrt(count),
    centre,
  };
}

/** Corrected for the pull towards -1/n that fitting a line to few values gives it (Kendall 1954, Biometrika 41). */
function lagOneCorrelation(residuals: readonly number[]): number {
  const count = residuals.length;
  let products = 0;
  let squares = 0;
  for (let i = 0; i < count; i++) {
    squares += residuals[i]! ** 2;
    if (i > 0) products += residuals[i]! * residuals[i - 1]!;
  }
  const raw = squares > 0 ? products / squares : 0;
  const corrected = (count * raw + 2) / (count - 4);
  return Math.min(MOST_CORRELATION, Math.max(LEAST_CORRELATION, corrected));
}

/** The first day from 0 to the horizon on which `isThere` holds, to a minute; null when there is none. */
function firstDay(horizon: number, isThere: (day: number) => boolean): number | null {
  if (isThere(0)) return 0;
  if (!isThere(horizon)) return null;
  let [before, after] = [0, horizon];
  while (after - before > 1 / 1440) {
    const middle = (before + after) / 2;
    if (isThere(middle)) after = middle;
    else before = middle;
  }
  return after;
}
