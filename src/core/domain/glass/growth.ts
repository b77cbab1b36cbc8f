import type { Size } from '../model/model';
import type { Bands } from './bands';
import { GaussianBlur, halfOf } from './blur';
import { COVER_PLACES, STAYING, type CoverPlace } from './glass-facts';
import { cellGrid, emptyCellSums, patternEnergy } from './cells';
import { keptBy, type CellSums, type GlassKernels } from './kernels';
import { deviations, median, medians } from './order';
import { halfMove } from './registration';
import type { Move } from './move';

/** Side of a cell in pixels: 16 × 12 cells of a 4:3 picture, 16 × 9 of a 16:9 one. */
export const GROWTH_CELL = 12;
/** Spatial scale of murk: standard deviation of the Gaussian that smooths the gain, in pixels. */
const GAIN = 24;
const MOST_GAIN = 3;
/** Share of the usual pattern's energy below which a gain can't be measured. */
const LEAST_PATTERN = 0.1;
/** Energy of the noise of 8 bits and JPEG in a cell. */
const FLOOR = 1e-5;
/** Least deviation of a cell's logarithmic energy, as in a longer reference. */
const SPREAD = 0.4;
/** Width of the dead zone and largest excess beyond it, in deviations. */
const ZONE = 1.5;
export const MOST_EXCESS = 3;
/** Share of the cells which, when grown over in all of a window, is a distance of 0.10 at sigma 0.3. */
export const COVER = 0.08;
/** Squared length of an embedding that is a distance of 0.10 when all of a window has it: 0.10 σ², at sigma 0.3. */
export const DRIFT_LENGTH = 0.009;
/** Least share of a cell that the snapshot must show; otherwise the cell is not judged. */
const LEAST_SEEN = 0.5;

/** A clean lens in one band. */
interface GrowthPart {
  /** the reference's median, at the band's own size; 0 where it is unknown */
  readonly pattern: Float32Array;
  /** per cell: log energy of what the pattern does not explain, middle and deviation */
  readonly middle: Float32Array;
  readonly spread: Float32Array;
}

export interface GrowthFit {
  readonly fine: GrowthPart;
  readonly yellow: GrowthPart;
}

/** One snapshot's bands, and how far its scene has moved. */
export interface RegisteredBands {
  readonly bands: Bands;
  readonly move: Move;
}

/** @param snapshots - of the reference; `size` is that of the pictures */
export function fitGrowth(
  snapshots: readonly RegisteredBands[],
  patterns: { readonly fine: Float32Array; readonly yellow: Float32Array },
  size: Size,
  kernels: GlassKernels,
): GrowthFit {
  const fit = (band: 'fine' | 'yellow'): GrowthPart => {
    const pattern = patterns[band];
    const measure = partOf(size, band, pattern, kernels);
    const energies = snapshots.map(({ bands, move }) => measure.logEnergy(bands[band], move));
    const middle = medians(energies);
    return { pattern, middle, spread: deviations(energies, middle).map((value) => Math.max(SPREAD, value)) };
  };
  return { fine: fit('fine'), yellow: fit('yellow') };
}

/**
 * Measures fine structure of a snapshot that is missing in the clean reference.
 *
 * The reference's pattern is subtracted at the strength that it has in the snapshot. Murk and clear water, which change
 * the strength and not the pattern, do not count as growth.
 */
export class Growth {
  readonly grid: Size;
  readonly #fit: GrowthFit;
  readonly #fine: PartMeasure;
  readonly #yellow: PartMeasure;

  constructor(fit: GrowthFit, size: Size, kernels: GlassKernels) {
    this.grid = cellGrid(size, GROWTH_CELL);
    this.#fit = fit;
    this.#fine = partOf(size, 'fine', fit.fine.pattern, kernels);
    this.#yellow = partOf(size, 'yellow', fit.yellow.pattern, kernels);
  }

  /**
   * @returns of each cell, row by row: deviations beyond the zone, 0 to 3; NaN where the snapshot does not show it. A
   *   cell counts by its brightness or its yellow, whichever exceeds the reference more
   */
  excess({ bands, move }: RegisteredBands): Float32Array {
    const fine = excessOf(this.#fine.logEnergy(bands.fine, move), this.#fit.fine);
    const yellow = excessOf(this.#yellow.logEnergy(bands.yellow, move), this.#fit.yellow);
    return fine.map((value, cell) => Math.max(value, yellow[cell]!));
  }
}

/**
 * The embedding for the detector: of each cell the median excess of this snapshot and the two before it.
 *
 * @param last - `excess` of `Growth`, of snapshots that count, this one last; the last 3 of them are taken
 * @param omitted - cells that are not on the glass, such as a rope's or a caption's
 * @returns a number for each cell: 0 where it was omitted or not seen. It is measured on the cells that are left, seen or
 *   not, so that leaving a part of the picture out makes growth on the rest no quieter
 * @throws RangeError when there is none
 */
export function growthEmbedding(
  last: readonly Float32Array[],
  omitted: readonly number[] = [],
): Float32Array {
  const staying = medians(last.slice(-STAYING));
  if (staying.length === 0) throw new RangeError('no excess');
  const isOmitted = new Set(omitted);
  const left = staying.filter((_, cell) => !isOmitted.has(cell)).length;
  const scale = Math.sqrt(DRIFT_LENGTH / (COVER * left * MOST_EXCESS ** 2));
  return staying.map((value, cell) => (Number.isNaN(value) || isOmitted.has(cell) ? 0 : scale * value));
}

/** Cells whose median `excess` over the last dozen snapshots is 1 or more, and their share of the judged cells. */
export function coverOf(
  window: readonly Float32Array[],
  omitted: readonly number[] = [],
): { readonly share: number; readonly isGrown: readonly boolean[] } {
  const left = new Set(omitted);
  const middle = medians(window);
  const isGrown = Array.from(middle, (value, cell) => value >= 1 && !left.has(cell));
  const judged = middle.filter((value, cell) => !Number.isNaN(value) && !left.has(cell)).length;
  return { share: judged === 0 ? 0 : isGrown.filter(Boolean).length / judged, isGrown };
}

/** Least ratio of cover in one place to the rest, to name the place as the thickest. */
const THICK = 1.5;

/** @param isGrown - `coverOf`'s cells, row by row. @returns one of nine places; null if nothing is covered */
export function thickestPlace(isGrown: readonly boolean[], grid: Size): CoverPlace | null {
  const grown = isGrown.filter(Boolean).length;
  if (grown === 0) return null;
  const counts = COVER_PLACES.map(() => ({ grown: 0, cells: 0 }));
  for (const [cell, is] of isGrown.entries()) {
    const [row, column] = [Math.floor(cell / grid.width), cell % grid.width];
    const third = 3 * Math.floor((3 * row) / grid.height) + Math.floor((3 * column) / grid.width);
    counts[third]!.cells += 1;
    if (is) counts[third]!.grown += 1;
  }
  const densities = counts.map((count) => count.grown / Math.max(1, count.cells));
  const most = Math.max(...densities);
  return most >= (THICK * grown) / isGrown.length ? COVER_PLACES[densities.indexOf(most)]! : 'allOver';
}

function excessOf(energy: Float32Array, { middle, spread }: GrowthPart): Float32Array {
  return energy.map((value, cell) =>
    Math.min(MOST_EXCESS, Math.max(0, (value - middle[cell]!) / spread[cell]! - ZONE)),
  );
}

/** Smooths the gain over neighbouring cells. */
const GAIN_BLUR = { sigma: GAIN / GROWTH_CELL, truncate: 2.5 } as const;

/**
 * Divisor of the energy that a snapshot shares with the pattern, which gives the pattern's strength.
 *
 * @param whole - of each cell of `grid`, the pattern's own energy
 */
function usualAround(whole: Float64Array, grid: Size): Float64Array {
  const around = Float32Array.from(whole);
  new GaussianBlur(grid, GAIN_BLUR.sigma, GAIN_BLUR.truncate).run(around, around);
  const least = LEAST_PATTERN * median(around) + 1e-9;
  return Float64Array.from(around, (value) => value + least);
}

const partOf = (size: Size, band: 'fine' | 'yellow', pattern: Float32Array, kernels: GlassKernels) =>
  band === 'fine'
    ? new PartMeasure(size, GROWTH_CELL, pattern, (move) => move, kernels)
    : new PartMeasure(halfOf(size), GROWTH_CELL / 2, pattern, halfMove, kernels);

class PartMeasure {
  readonly #kernels: GlassKernels;
  readonly #size: Size;
  readonly #side: number;
  readonly #pattern: Float32Array;
  readonly #moveOf: (move: Move) => Move;
  /** of each cell, over all of its pixels */
  readonly #whole: Float64Array;
  readonly #below: Float64Array;
  readonly #sums: CellSums;
  readonly #blur: GaussianBlur;
  readonly #gain: Float32Array;

  constructor(
    size: Size,
    side: number,
    pattern: Float32Array,
    moveOf: (move: Move) => Move,
    kernels: GlassKernels,
  ) {
    const grid = cellGrid(size, side);
    const cells = grid.height * grid.width;
    this.#kernels = kernels;
    this.#size = size;
    this.#side = side;
    this.#pattern = keptBy(kernels, pattern);
    this.#moveOf = moveOf;
    this.#whole = patternEnergy(this.#pattern, size, side, kernels);
    this.#sums = emptyCellSums(cells);
    this.#blur = new GaussianBlur(grid, GAIN_BLUR.sigma, GAIN_BLUR.truncate);
    this.#gain = new Float32Array(cells);
    this.#below = usualAround(this.#whole, grid);
  }

  /** @returns of each cell; NaN where too little of it is seen */
  logEnergy(band: Float32Array, move: Move): Float32Array {
    const { seen, energy, both, own } = this.#sums;
    this.#kernels.sumCells(band, this.#pattern, this.#size, this.#side, this.#moveOf(move), this.#sums);
    const gain = this.#gain;
    // Cells that the snapshot does not show are taken to be unchanged.
    for (let cell = 0; cell < gain.length; cell++) gain[cell] = both[cell]! + this.#whole[cell]! - own[cell]!;
    this.#blur.run(gain, gain);
    const least = LEAST_SEEN * this.#side ** 2;
    return gain.map((value, cell) => {
      if (seen[cell]! < least) return NaN;
      const strength = Math.min(MOST_GAIN, Math.max(0, value / this.#below[cell]!));
      const rest = energy[cell]! - 2 * strength * both[cell]! + strength ** 2 * own[cell]!;
      return Math.log(Math.max(0, rest) / seen[cell]! + FLOOR);
    });
  }
}
