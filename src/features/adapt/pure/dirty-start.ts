import type { Size } from '../../../core/domain/model/model';
import { TRAINED_WIDTH } from '../../../core/domain/model/trained-size';

/** Every picture is examined at the size that models are trained on. */
export const EXAMINED: Size = { height: 216, width: TRAINED_WIDTH };

/**
 * Signs that a lens was dirty on all snapshots of a set.
 *
 * - cover: places whose light hardly changes while the rest follows the day: growth, or something before the lens
 * - green-veil, brown-veil: even the darkest places have a tone, as if behind a film or silt
 * - haze: even the darkest places are nearly as bright as the picture
 * - soft: nothing is ever sharp, as far as the coarser outlines let it expect
 * - droplets: many small places stay blurred among sharp ones
 */
const SUSPICIONS = ['cover', 'green-veil', 'brown-veil', 'haze', 'soft', 'droplets'] as const;
export type SuspicionKind = (typeof SUSPICIONS)[number];

export interface Suspicion {
  readonly kind: SuspicionKind;
  /**
   * - cover: share of the picture, 0..1; droplets: share that lies blurred between sharp places, 0..1
   * - green-veil: green over red of the darkest places
   * - brown-veil: red minus blue of the darkest places, in levels of a byte
   * - haze: brightness of the darkest places in shares of the mean
   * - soft: natural logarithm of the finest over the coarser contrast
   */
  readonly value: number;
  /** The least and the most of it in sets known to be clean, {@link LIMITS}. */
  readonly usual: readonly [low: number, high: number];
  /** Centre of the suspicious places, 0..1 from the left and from the top; null when it is the whole picture. */
  readonly centre: { readonly x: number; readonly y: number } | null;
  /** the whole set, or only the earlier or the later half: fouled or wiped within the set's days */
  readonly when: 'throughout' | 'earlier' | 'later';
}

/**
 * Limits of suspicion, and the measures of clean sets: some 450 sets of 50 to 150 snapshots, in a row, spread or drawn,
 * of the OBSEA camera (2023) and of four simulated cameras made from it (other views, tints and noise, down to
 * 320 × 180), and the demo's reference; droplets in 86 of them.
 *
 * Lenses of FouledLens at severity 3 measure, in the median of six cameras and 60 snapshots: film 1.8 green, silt 12.5
 * brown, growth 0.20 and cover 0.23 covered, defocus -1.65 soft, droplets 0.08. The OBSEA camera's nine dirty snapshots,
 * repeated, measure green 1.3 to 2.1 and haze 0.63 to 0.80.
 */
const LIMITS: Readonly<Record<SuspicionKind, { usual: readonly [number, number]; limit: number }>> = {
  cover: { usual: [0, 0.04], limit: 0.08 },
  'green-veil': { usual: [0.98, 1.78], limit: 1.85 },
  'brown-veil': { usual: [-18, 6.5], limit: 10 },
  haze: { usual: [0.24, 0.61], limit: 0.65 },
  soft: { usual: [-0.25, 0.5], limit: -0.8 },
  droplets: { usual: [0, 0.002], limit: 0.01 },
};

/** Below this too little has changed to tell: of clean sets of 30 to 36 already four in 250 are suspected. */
const FEWEST = 30;
/** Halves are judged from here on: of 125 clean sets of 50 none is suspected. */
const FEWEST_IN_HALF = 50;

/** Sides in pixels: of a block, whose light is followed, and of a cell, whose sharpness is. */
const BLOCK = 24;
const CELL = 12;
const ROWS = EXAMINED.height / BLOCK;
const COLUMNS = EXAMINED.width / BLOCK;
const BLOCKS = ROWS * COLUMNS;
const CELL_ROWS = EXAMINED.height / CELL;
const CELL_COLUMNS = EXAMINED.width / CELL;
const CELLS = CELL_ROWS * CELL_COLUMNS;

/**
 * A narrower picture has lost so much of its finest detail to enlarging that softness says nothing of the lens. 320
 * pixels, the narrowest we have, still measure as the others do; 3/4 of the examined width leaves room below them.
 */
const NARROWEST = 0.75 * TRAINED_WIDTH;

/** Measures are kept as whole 256ths of a level, in 16 bits. */
const STEP = 256;

/** Kept of one picture: 3.5 kB, so that a thousand are 3.5 MB. It may cross threads. */
export interface Trace {
  readonly at: number;
  /** BLOCKS × 3: mean red, green and blue. */
  readonly means: Uint16Array;
  /** BLOCKS × 3: least red, green and blue among the means of 2 × 2 pixels. */
  readonly darkest: Uint16Array;
  /** BLOCKS: greatest detail at the scale of 2 pixels, and of 8; zeros when the source was too narrow. */
  readonly fine: Uint16Array;
  readonly coarse: Uint16Array;
  /** CELLS: greatest detail at the scale of 2 pixels; zeros when the source was too narrow. */
  readonly cells: Uint16Array;
}

/**
 * Looks for a lens that was dirty from the start, in snapshots that are to become the clean reference.
 *
 * Dirt is fixed to the lens, while light, fish and water change. Nothing absolute is known of the camera, so limits are
 * wide: an empty answer means that nothing suspicious was found, which proves nothing. A thin even veil, a few drops and
 * a single day's snapshots are beyond it; so are a cover that brightens with the day, and veils of the water's colour.
 *
 * @param given - in any order
 * @returns what is suspicious, at most once for each kind; empty also for a set of fewer than 30 snapshots
 */
export function suspicionsOf(given: readonly Trace[]): Suspicion[] {
  const traces = [...given].sort((a, b) => a.at - b.at);
  if (traces.length < FEWEST) return [];
  const found = examine(traces, 'throughout');
  const half = traces.length >> 1;
  if (half >= FEWEST_IN_HALF) {
    for (const suspicion of [
      ...examine(traces.slice(half), 'later'),
      ...examine(traces.slice(0, half), 'earlier'),
    ]) {
      if (!found.some(({ kind }) => kind === suspicion.kind)) found.push(suspicion);
    }
  }
  return found;
}

interface SetMeasure {
  readonly value: number;
  /** Of blocks or cells, as many as `columns` says in a row; null for the whole picture. */
  readonly places: readonly boolean[] | null;
  readonly columns: number;
}

function examine(traces: readonly Trace[], when: Suspicion['when']): Suspicion[] {
  const measures = measureSet(traces);
  return SUSPICIONS.flatMap((kind) => {
    const { value, places, columns } = measures[kind];
    const { usual, limit } = LIMITS[kind];
    const isSuspicious = kind === 'soft' ? value < limit : value > limit;
    return isSuspicious ? [{ kind, value, usual, centre: places && centreOf(places, columns), when }] : [];
  });
}

/** @param traces - two or more, in order of capture */
export function measureSet(traces: readonly Trace[]): Record<SuspicionKind, SetMeasure> {
  const still = stillBlocks(traces);
  const whole = (value: number): SetMeasure => ({ value, places: null, columns: COLUMNS });
  const open = still.flatMap((isStill, block) => (isStill ? [] : [block]));
  const veil = veilOf(traces, open);
  const blurred = blurredCells(traces);
  return {
    cover: { value: shareOf(still), places: still, columns: COLUMNS },
    'green-veil': whole(veil.green),
    'brown-veil': whole(veil.brown),
    haze: whole(veil.haze),
    soft: whole(sharpnessOf(traces, open)),
    droplets: { value: shareOf(blurred), places: blurred, columns: CELL_COLUMNS },
  };
}

/**
 * A block is still when its light changes by less than this share of what the liveliest tenth of the blocks do. Of
 * clean sets at most six blocks of 144 do; behind growth and covers of severity 3 a tenth of the picture and more.
 */
const STILL = 0.25;

/**
 * Changes count in shares of a block's brightness, to which this much of the picture's is added, and a few levels for
 * rounding: what a dark growth lets through is large beside its own tone, but small beside the picture.
 */
const BESIDE = 0.3;
const ROUNDING = 4;

/** The blocks whose brightness hardly differs from one snapshot to the next: the median change, so fish do not count. */
function stillBlocks(traces: readonly Trace[]): boolean[] {
  const changes = new Float64Array(BLOCKS);
  const brightness = new Float64Array(BLOCKS);
  const steps = new Float64Array(traces.length - 1);
  for (let block = 0; block < BLOCKS; block++) {
    let sum = 0;
    for (const { means } of traces) sum += means[3 * block]! + means[3 * block + 1]! + means[3 * block + 2]!;
    brightness[block] = sum / (3 * STEP * traces.length);
    let most = 0;
    for (let i = 3 * block; i < 3 * block + 3; i++) {
      for (let t = 1; t < traces.length; t++) {
        steps[t - 1] = Math.abs(traces[t]!.means[i]! - traces[t - 1]!.means[i]!) / STEP;
      }
      most = Math.max(most, quantile(steps, 0.5));
    }
    changes[block] = most;
  }
  const added = BESIDE * (brightness.reduce((sum, level) => sum + level, 0) / BLOCKS) + ROUNDING;
  for (let block = 0; block < BLOCKS; block++) changes[block]! /= brightness[block]! + added;
  const lively = quantile(changes, 0.9);
  return Array.from(changes, (change) => change < STILL * lively);
}

/**
 * How the darkest places look: the shadows nearest to the camera, which a clean lens shows black.
 *
 * Their hue is steady over a fifth of the snapshots, and there tells a film from the water's own haze; but water lends
 * them no brown, so there the darkest thirtieth, least lifted by the haze, has the wider margin.
 *
 * @see He, Sun and Tang 2009, CVPR (dark channel prior)
 */
function veilOf(
  traces: readonly Trace[],
  blocks: readonly number[],
): { green: number; brown: number; haze: number } {
  if (blocks.length === 0) return { green: 0, brown: 0, haze: 0 };
  const steady = darkTone(traces, blocks, 1 / 5);
  const deep = darkTone(traces, blocks, 1 / 30);
  let mean = 0;
  for (const { means } of traces) for (const block of blocks) mean += means[3 * block + 1]!;
  mean /= STEP * traces.length * blocks.length;
  return {
    green: steady[1] / Math.max(steady[0], 1),
    brown: deep[0] - deep[2],
    haze: steady[1] / Math.max(mean, 1),
  };
}

/**
 * Mean colour of the darkest fifth of the blocks, each as it is in its darkest snapshots.
 *
 * @param share - of the snapshots, 0..1
 * @returns red, green and blue in levels of a byte
 */
function darkTone(
  traces: readonly Trace[],
  blocks: readonly number[],
  share: number,
): readonly [number, number, number] {
  const count = Math.max(Math.round(traces.length * share), 1);
  const tones = blocks.map((block) => {
    const colours = traces.map(({ darkest }) => darkest.subarray(3 * block, 3 * block + 3));
    return meanOf(darkestOf(colours, count));
  });
  const [red, green, blue] = meanOf(darkestOf(tones, Math.max(Math.round(blocks.length / 5), 1)));
  return [red! / STEP, green! / STEP, blue! / STEP];
}

function darkestOf<T extends ArrayLike<number>>(colours: readonly T[], count: number): T[] {
  const level = (colour: T) => Math.max(colour[0]!, colour[1]!, colour[2]!);
  return [...colours].sort((a, b) => level(a) - level(b)).slice(0, count);
}

function meanOf(colours: readonly ArrayLike<number>[]): number[] {
  return [0, 1, 2].map((c) => colours.reduce((sum, colour) => sum + colour[c]!, 0) / colours.length);
}

/** Outlines fainter than so many levels, or than this share of the strongest tenth, say nothing of sharpness. */
const FAINTEST = 3;
const STRONG = 0.3;

/**
 * How sharp the outlines are at their best: per block the strongest detail ever seen at 2 pixels over that at 8, in the
 * median of the blocks that have outlines. A clean edge has both, whatever the contrast; out of focus it loses the first.
 */
function sharpnessOf(traces: readonly Trace[], blocks: readonly number[]): number {
  const best = (kind: 'fine' | 'coarse') => {
    return blocks.map(
      (block) => traces.reduce((most, trace) => Math.max(most, trace[kind][block]!), 0) / STEP,
    );
  };
  const [fine, coarse] = [best('fine'), best('coarse')];
  const strong = Math.max(FAINTEST, STRONG * quantile(coarse, 0.9));
  // The noisiest pixel of the evenest places; seen a hundred times, its maximum is half as much again.
  const noise =
    (1.5 *
      quantile(
        traces.flatMap((trace) => blocks.map((i) => trace.fine[i]!)),
        0.01,
      )) /
    STEP;
  const ratios = coarse.flatMap((level, i) => {
    return level > strong ? [Math.log(Math.max(fine[i]! - noise, 0.1) / level)] : [];
  });
  return ratios.length > 0 ? quantile(ratios, 0.5) : 0;
}

/** A cell must be duller than its surroundings by this natural logarithm: to a quarter. */
const DULLER = 1.3;

/** Levels, so that the logarithm of no detail is that of the noise. */
const QUIET = 0.5;

/** Cells: how far a drop reaches at most, 48 pixels. */
const REACH = 4;

/** The directions in which a cell has two sides; as many of them as {@link SURROUNDED} must be sharp on both. */
const AXES = [
  [0, 1],
  [1, 0],
  [1, 1],
  [1, -1],
] as const;
const SURROUNDED = 2;

/**
 * The cells that lack fine detail, in the mean over all snapshots, between places that have it.
 *
 * Between, and not beside: open water too is dull, but where it ends it has the sharp places on one side.
 */
function blurredCells(traces: readonly Trace[]): boolean[] {
  const detail = new Float64Array(CELLS);
  for (const { cells } of traces) for (let i = 0; i < CELLS; i++) detail[i]! += cells[i]!;
  for (let i = 0; i < CELLS; i++) detail[i] = Math.log(detail[i]! / (STEP * traces.length) + QUIET);
  return Array.from(detail, (own, i) => {
    const [row, column] = [Math.floor(i / CELL_COLUMNS), i % CELL_COLUMNS];
    const isSharp = (down: number, right: number) => {
      for (let away = 1; away <= REACH; away++) {
        const [y, x] = [row + away * down, column + away * right];
        if (y < 0 || y >= CELL_ROWS || x < 0 || x >= CELL_COLUMNS) return false;
        if (detail[y * CELL_COLUMNS + x]! - own > DULLER) return true;
      }
      return false;
    };
    return (
      AXES.filter(([down, right]) => isSharp(down, right) && isSharp(-down, -right)).length >= SURROUNDED
    );
  });
}

/**
 * Measures of one picture for the examination of a set.
 *
 * @param picture - 216 × 384 × 3 bytes: red, green, blue; not changed
 * @param at - time of capture, milliseconds since 1970
 * @param source - the snapshot's size before it was resized, in pixels
 * @throws RangeError when the picture is not of the size that is examined
 */
export function traceOf(picture: Uint8Array, at: number, source: Size): Trace {
  const { height, width } = EXAMINED;
  if (picture.length !== height * width * 3) {
    throw new RangeError(`the picture has ${picture.length} bytes, not 216 × 384 × 3`);
  }
  const isFine = source.width >= NARROWEST;
  const means = new Float64Array(3 * BLOCKS);
  const darkest = new Float64Array(3 * BLOCKS).fill(255);
  const fine = new Float64Array(BLOCKS);
  const coarse = new Float64Array(BLOCKS);
  const cells = new Float64Array(CELLS);
  const half = { height: height / 2, width: width / 2 };
  const grey = new Float32Array(half.height * half.width);
  for (let y = 0, i = 0; y < half.height; y++) {
    for (let x = 0; x < half.width; x++, i++) {
      const block = Math.floor((2 * y) / BLOCK) * COLUMNS + Math.floor((2 * x) / BLOCK);
      const cell = Math.floor((2 * y) / CELL) * CELL_COLUMNS + Math.floor((2 * x) / CELL);
      const a = 3 * (2 * y * width + 2 * x);
      const c = a + 3 * width;
      for (let k = 0; k < 3; k++) {
        const level = (picture[a + k]! + picture[a + 3 + k]! + picture[c + k]! + picture[c + 3 + k]!) / 4;
        means[3 * block + k]! += level;
        if (level < darkest[3 * block + k]!) darkest[3 * block + k] = level;
      }
      const [p, q, r, s] = [luma(picture, a), luma(picture, a + 3), luma(picture, c), luma(picture, c + 3)];
      grey[i] = (p + q + r + s) / 4;
      const detail = haar(p, q, r, s);
      if (detail > cells[cell]!) cells[cell] = detail;
      if (detail > fine[block]!) fine[block] = detail;
    }
  }
  const quarter = halved(grey, half.width);
  const across = half.width / 2;
  for (let y = 0; y < half.height / 2; y += 2) {
    for (let x = 0; x < across; x += 2) {
      const i = y * across + x;
      const block = Math.floor((4 * y) / BLOCK) * COLUMNS + Math.floor((4 * x) / BLOCK);
      const detail = haar(quarter[i]!, quarter[i + 1]!, quarter[i + across]!, quarter[i + across + 1]!);
      if (detail > coarse[block]!) coarse[block] = detail;
    }
  }
  const kept = (values: Float64Array, factor = 1) =>
    Uint16Array.from(values, (v) => Math.round(STEP * factor * v));
  const forSharpness = isFine ? 1 : 0;
  return {
    at,
    means: kept(means, 4 / BLOCK ** 2),
    darkest: kept(darkest),
    fine: kept(fine, forSharpness),
    coarse: kept(coarse, forSharpness),
    cells: kept(cells, forSharpness),
  };
}

/** Mean size of the two differences of a 2 × 2 square, as `Texture` of training/model.py has them. */
function haar(p: number, q: number, r: number, s: number): number {
  return (Math.abs(p + q - r - s) + Math.abs(p - q + r - s)) / 8;
}

/** ITU-R BT.601. */
function luma(picture: Uint8Array, at: number): number {
  return 0.299 * picture[at]! + 0.587 * picture[at + 1]! + 0.114 * picture[at + 2]!;
}

function halved(values: Float32Array, width: number): Float32Array {
  const across = width / 2;
  return Float32Array.from({ length: values.length / 4 }, (_, i) => {
    const at = 2 * (Math.floor(i / across) * width + (i % across));
    return (values[at]! + values[at + 1]! + values[at + width]! + values[at + width + 1]!) / 4;
  });
}

/** The nearest of the sorted values, without interpolation. */
function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.round(share * (sorted.length - 1))] ?? 0;
}

function shareOf(places: readonly boolean[]): number {
  return places.filter(Boolean).length / places.length;
}

function centreOf(places: readonly boolean[], columns: number): { x: number; y: number } {
  const rows = places.length / columns;
  let [x, y, count] = [0, 0, 0];
  for (const [i, isOne] of places.entries()) {
    if (!isOne) continue;
    x += ((i % columns) + 0.5) / columns;
    y += (Math.floor(i / columns) + 0.5) / rows;
    count++;
  }
  return { x: x / count, y: y / count };
}
