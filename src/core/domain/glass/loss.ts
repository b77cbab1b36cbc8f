import type { Size } from '../model/model';
import { halfOf } from './blur';
import { cellGrid, emptyCellSums, emptyColourSums } from './cells';
import { LOSS_PARTS, type LossPart, MOST_ENERGY } from './glass-facts';
import { DRIFT_LENGTH, GROWTH_CELL, type RegisteredBands } from './growth';
import { keptBy, type CellSums, type ColourSums, type GlassKernels } from './kernels';
import { deviations, median, medians, percentile } from './order';
import type { Move } from './move';
import { halfMove } from './registration';
import { LEAST_RECOGNISED } from './view-gate';

export const LOSS_CELL = 18;
/** A cell is textured when its correlation with the reference's pattern is mostly above this. */
const ALIKE = 0.6;
/** A cell's fine structure is recognised above this correlation; in a wrong view 2 % of the cells reach it. */
const RECOGNISED = 0.5;
/** A cell is a caption if its logarithmic gain varies less than this and less than this share of the usual. */
const STILL = 0.08;
const STILL_SHARE = 0.4;
/** Least share of a cell's finest structure that fades with its fine structure; a sensor's grain does not fade. */
const FADING = 0.5;
/** Range of gains: lower ones can't be measured, higher ones come from something else in the picture. */
const LEAST_GAIN = 0.1;
const MOST_GAIN = 3;
/** Percentile of the cells that changed least: murk hides far cells first, a film hides all. */
const LOW = 0.2;
/** Least number of cells for a percentile. */
export const LEAST_CELLS = 6;
/** Least share of a cell that the snapshot must show; otherwise the cell is not judged. */
const LEAST_SEEN = 0.6;
/** Added to the mean of a colour (0..255), so that the ratios of a black picture are 1. */
const BLACK = 8;
/** A cell shows nothing of the scene if its gain is below this share of the snapshot's usual gain. */
const GONE = 0.25;
/** Least share of the structure that must be seen before a cell counts as covered: murk hides far cells. */
const CLEAR = 0.5;
/** Shift of red and of yellow by water alone, for each unit of logarithmic contrast lost. */
const WATER = [0.15, 0.1] as const;
/** Least deviation of each raw number: natural logarithms, a share for `gone`. */
const SPREAD = [0.1, 0.1, 0.13, 0.2, 0.3, 0.04] as const;
/** Dead zones of red, silt, blur and cover, and the largest excess beyond them, in deviations. */
const ZONE = [1.25, 1, 1.5, 1.5] as const;
const MOST = 4;

const RAW = { red: 0, yellow: 1, blur: 2, veil: 3, heavyBlur: 4, gone: 5 } as const;
export const RAW_COUNT = 6;
const BANDS = ['finest', 'fine', 'coarse'] as const;

type BandPatterns = Readonly<Record<(typeof BANDS)[number], Float32Array>>;

/** The clean lens, cell by cell. */
export interface LossFit {
  readonly patterns: BandPatterns;
  /** logarithmic gain of each cell in the reference, in the median; finest, fine, coarse */
  readonly gain: readonly [Float32Array, Float32Array, Float32Array];
  /** energy of each cell's finest band that the pattern does not explain, in the median; the pattern's own is 1 */
  readonly rest: Float32Array;
  /** logarithms of red and of blue against green, of each cell in the median */
  readonly colour: readonly [Float32Array, Float32Array];
  /** 1 for cells whose finest (whose coarse) structure belongs to the scene, else 0 */
  readonly textured: readonly [finest: Uint8Array, coarse: Uint8Array];
  /** raw numbers of the reference: red, yellow, blur, veil, heavy blur, gone */
  readonly middle: Float32Array;
  readonly spread: Float32Array;
}

export interface Loss {
  /**
   * red, silt, blur and cover for the detector: one deviation beyond the zone, of 4 at most, in all of a window is a
   * distance of 0.10 at sigma 0.3
   */
  readonly embedding: Float32Array;
  /** share of the reference's coarse structure that is still seen, in the median of its cells; NaN when too few are */
  readonly visible: number;
  /** share of the textured cells whose fine structure is still the reference's; 0 when too few are seen */
  readonly recognised: number;
}

/** Numbers of a snapshot for each cell. */
export const LOSS_ROWS = 7;

/** The rows of `GlassSight.losses`, a number for each cell; NaN where too little of it is seen. */
interface LossCells {
  /** logarithms: finest, fine, coarse */
  readonly gain: readonly [Float32Array, Float32Array, Float32Array];
  readonly colour: readonly [red: Float32Array, blue: Float32Array];
  /** of the finest band; the pattern's own is 1 */
  readonly energy: Float32Array;
  /** correlation of the fine band with the pattern */
  readonly alike: Float32Array;
}

function cellsIn(losses: Float32Array): LossCells {
  const cells = losses.length / LOSS_ROWS;
  const row = (k: number) => losses.subarray(k * cells, (k + 1) * cells);
  return { gain: [row(0), row(1), row(2)], colour: [row(3), row(4)], energy: row(5), alike: row(6) };
}

/**
 * @param snapshots - of the reference; `size` is that of the pictures
 * @returns the fit, and of each snapshot its `losses`
 */
export function fitLoss(
  snapshots: readonly (RegisteredBands & ColourBytes)[],
  patterns: BandPatterns,
  size: Size,
  kernels: GlassKernels,
): { readonly fit: LossFit; readonly losses: readonly Float32Array[] } {
  const meter = new LossMeter(patterns, size, kernels);
  const found = snapshots.map((snapshot) => meter.measure(snapshot));
  const over = (part: (cells: MeasuredCells) => Float32Array) => medians(found.map(part));
  const gain = [0, 1, 2].map((k) => over((cells) => cells.gain[k]!)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const colour = [0, 1].map((k) => over((cells) => cells.colour[k]!)) as [Float32Array, Float32Array];
  const alike = [0, 1, 2].map((k) => over((cells) => cells.alikes[k]!));
  const gains = found.map((cells) => cells.gain[2]);
  const wander = deviations(gains, gain[2]);
  const usual = median(wander.filter((_, cell) => alike[2]![cell]! > ALIKE));
  const still = Math.min(STILL, STILL_SHARE * usual);
  const isScene = (band: number, cell: number) =>
    alike[band]![cell]! > ALIKE && alike[2]![cell]! > ALIKE && wander[cell]! >= still;
  const textured = [
    Uint8Array.from(wander, (_, cell) => Number(isScene(0, cell) && isFading(found, gain, cell))),
    Uint8Array.from(wander, (_, cell) => Number(isScene(2, cell))),
  ] as const;
  const rest = over((cells) => cells.rest);
  const raw = found.map((cells) => shownBy(cells, { gain, rest, colour, textured }).raw);
  const fit = { patterns, gain, rest, colour, textured, ...usualOf(raw) };
  return { fit, losses: found.map(({ losses }) => losses) };
}

/** @param raw - raw numbers of the reference's snapshots */
function usualOf(raw: readonly Float32Array[]): Pick<LossFit, 'middle' | 'spread'> {
  const middle = medians(raw);
  const spread = deviations(raw, middle).map((value, k) =>
    Math.max(SPREAD[k]!, Number.isNaN(value) ? 0 : value),
  );
  return { middle, spread };
}

/** True if a cell's finest gain follows its fine gain in the reference, or the fine gain hardly varies. */
function isFading(found: readonly MeasuredCells[], usual: LossFit['gain'], cell: number): boolean {
  let [products, squares, count] = [0, 0, 0];
  for (const { gain } of found) {
    const [finest, fine] = [0, 1].map((band) => gain[band]![cell]! - usual[band]![cell]!);
    if (Number.isNaN(finest! + fine!)) continue;
    products += finest! * fine!;
    squares += fine! ** 2;
    count += 1;
  }
  return squares < count * STILL ** 2 || products >= FADING * squares;
}

/** The parts of the clean lens that judge sights, without its patterns. */
export interface JudgedLoss extends Size {
  readonly loss: Omit<LossFit, 'patterns'>;
  /** `losses` of the reference's snapshots; without them, as in fits of before version 3, no cell is left out */
  readonly reference: { readonly losses?: readonly Float32Array[] };
}

/** Measures, from the cells of snapshots, which parts of the reference they no longer show. */
export class LossReader {
  readonly #loss: JudgedLoss['loss'];
  /** without what is left out */
  readonly #usual: Pick<LossFit, 'middle' | 'spread'>;
  readonly #leftOut: LeftOut;

  /**
   * @param offGlass - cells of growth that are not on the glass: a loss there is not caused by the lens
   * @param changed - cells of loss in which the scene itself has changed
   */
  constructor(fit: JudgedLoss, offGlass: readonly number[], changed: readonly number[] = []) {
    const { loss, reference } = fit;
    const leftOut = leftOutBy(reference.losses ? offGlass : [], changed, fit);
    this.#leftOut = leftOut;
    this.#loss = loss;
    this.#usual =
      reference.losses && leftOut.neverGone.size > 0
        ? usualOf(reference.losses.map((each) => rawOf(shownOf(each, loss), leftOut)))
        : loss;
  }

  read(losses: Float32Array): Loss {
    const shown = shownOf(losses, this.#loss);
    const unit = Math.sqrt(DRIFT_LENGTH);
    const parts = partsOf(rawOf(shown, this.#leftOut), this.#usual);
    const { visible, recognised } = shown;
    return { embedding: parts.map((value) => unit * value), visible, recognised };
  }

  /** Cells in which a snapshot shows nothing of the scene; null if murk could be the cause. */
  gone(losses: Float32Array): readonly number[] | null {
    const { found } = shownOf(losses, this.#loss);
    return found && found.gone.filter((cell) => !this.#leftOut.neverGone.has(cell));
  }
}

/** A snapshot's numbers by a fit, before any cells are left out. */
interface LossNumbers extends Pick<Loss, 'visible' | 'recognised'> {
  /** as if no cell were left out */
  readonly raw: Float32Array;
  readonly found: Gone | null;
}

/** While an alarm stands, each snapshot of the window is read again for each new one, and so is the reference. */
const known = new WeakMap<JudgedLoss['loss'], WeakMap<Float32Array, LossNumbers>>();

function shownOf(losses: Float32Array, fit: JudgedLoss['loss']): LossNumbers {
  const ofFit = known.get(fit) ?? new WeakMap<Float32Array, LossNumbers>();
  known.set(fit, ofFit);
  const shown = ofFit.get(losses) ?? shownBy(cellsIn(losses), fit);
  ofFit.set(losses, shown);
  return shown;
}

function shownBy(cells: LossCells, fit: RawFit): LossNumbers {
  const lost = cellsOf(fit.textured[1], (cell) => fit.gain[2][cell]! - cells.gain[2][cell]!);
  const found = goneOf(cells, fit);
  return {
    raw: rawNumbers(cells, fit, found),
    found,
    visible: lost.length < LEAST_CELLS ? NaN : Math.exp(-median(lost)),
    recognised: recognisedOf(cells, fit),
  };
}

/** Cells of loss that are not used. */
interface LeftOut {
  /** masked at least in part */
  readonly neverGone: ReadonlySet<number>;
  /** those of them that are masked as a whole */
  readonly uncounted: ReadonlySet<number>;
}

function leftOutBy(offGlass: readonly number[], changed: readonly number[], size: Size): LeftOut {
  const grid = cellGrid(size, GROWTH_CELL);
  const masked = new Set(offGlass);
  const others = [...Array(grid.height * grid.width).keys()].filter((cell) => !masked.has(cell));
  const [under, beside] = [cellsUnder(offGlass, size), cellsUnder(others, size)];
  return {
    neverGone: new Set([...under, ...changed]),
    uncounted: new Set([...[...under].filter((cell) => !beside.has(cell)), ...changed]),
  };
}

function rawOf({ raw, found }: LossNumbers, { neverGone, uncounted }: LeftOut): Float32Array {
  if (!found || neverGone.size === 0) return raw;
  const without = (cells: readonly number[], some: ReadonlySet<number>) =>
    cells.filter((cell) => !some.has(cell)).length;
  const count = without(found.counted, uncounted);
  const left = raw.slice();
  left[RAW.gone] = count < LEAST_CELLS ? NaN : without(found.gone, neverGone) / count;
  return left;
}

/** Cells of loss that a masked cell of growth touches. */
function cellsUnder(offGlass: readonly number[], size: Size): ReadonlySet<number> {
  const [growth, loss] = [cellGrid(size, GROWTH_CELL), cellGrid(size, LOSS_CELL)];
  const under = new Set<number>();
  const touched = (place: number) => [
    ...new Set([place * GROWTH_CELL, (place + 1) * GROWTH_CELL - 1].map((at) => Math.floor(at / LOSS_CELL))),
  ];
  for (const cell of offGlass) {
    for (const row of touched(Math.floor(cell / growth.width))) {
      for (const column of touched(cell % growth.width)) {
        if (row < loss.height && column < loss.width) under.add(row * loss.width + column);
      }
    }
  }
  return under;
}

/** The component with the largest mean over these loss embeddings (at least one). */
export function loudestPart(window: readonly Float32Array[]): LossPart {
  const sums = LOSS_PARTS.map((_, k) => window.reduce((sum, embedding) => sum + embedding[k]!, 0));
  return LOSS_PARTS[sums.indexOf(Math.max(...sums))]!;
}

/** A snapshot's red, green and blue bytes. */
export interface ColourBytes {
  readonly data: Uint8Array;
}

interface MeasuredCells extends LossCells {
  /** the rows of `LossCells`, one after the other */
  readonly losses: Float32Array;
  readonly alikes: readonly [finest: Float32Array, fine: Float32Array, coarse: Float32Array];
  /** the finest band's energy that the pattern does not explain */
  readonly rest: Float32Array;
}

type RawFit = Pick<LossFit, 'gain' | 'rest' | 'colour' | 'textured'>;

/** Textured cells that can be measured, and those of them that show nothing of the scene. */
interface Gone {
  readonly counted: readonly number[];
  readonly gone: readonly number[];
}

function rawNumbers(cells: LossCells, fit: RawFit, found: Gone | null): Float32Array {
  const { gain, colour, energy } = cells;
  const [finest, coarse] = fit.textured;
  const low = (isTextured: Uint8Array, changeOf: (cell: number) => number) => {
    const changes = cellsOf(isTextured, changeOf);
    return changes.length < LEAST_CELLS ? NaN : percentile(changes, LOW);
  };
  const lost = (band: 1 | 2, cell: number) => fit.gain[band][cell]! - gain[band][cell]!;
  // Detail that moved by a pixel is still sharp: only detail that is found nowhere is lost.
  const lostFinest = (cell: number) =>
    fit.gain[0][cell]! - Math.max(gain[0][cell]!, gainOfEnergy(energy[cell]! - fit.rest[cell]!));
  const raw = new Float32Array(RAW_COUNT);
  raw[RAW.red] = low(coarse, (cell) => fit.colour[0][cell]! - colour[0][cell]!);
  raw[RAW.yellow] = low(coarse, (cell) => fit.colour[1][cell]! - colour[1][cell]!);
  raw[RAW.blur] = low(finest, (cell) => lostFinest(cell) - lost(1, cell));
  raw[RAW.veil] = low(coarse, (cell) => lost(2, cell));
  raw[RAW.heavyBlur] = low(finest, (cell) => lostFinest(cell) - lost(2, cell));
  raw[RAW.gone] = found ? found.gone.length / found.counted.length : NaN;
  return raw;
}

/**
 * Textured cells whose coarse gain is below a quarter of what is usual in the snapshot.
 *
 * @returns null where hardly a place is as it was: nothing tells then what is hidden from what drifts by, or from what
 *   has grown everywhere
 */
function goneOf(cells: LossCells, fit: Pick<LossFit, 'gain' | 'textured'>): Gone | null {
  const lost = (cell: number) => fit.gain[2][cell]! - cells.gain[2][cell]!;
  const coarseLost = cellsOf(fit.textured[1], lost);
  const usual = coarseLost.length < LEAST_CELLS ? NaN : median(coarseLost);
  const isSeen = usual <= -Math.log(CLEAR) && recognisedOf(cells, fit) >= LEAST_RECOGNISED;
  if (!isSeen) return null;
  const counted = [...fit.textured[1].keys()].filter(
    (cell) => fit.textured[1][cell] === 1 && !Number.isNaN(lost(cell)),
  );
  return { counted, gone: counted.filter((cell) => lost(cell) > usual - Math.log(GONE)) };
}

/** The share of the textured cells whose fine structure is still the reference's; 0 when too few are seen. */
function recognisedOf({ alike }: LossCells, { textured }: Pick<LossFit, 'textured'>): number {
  const known = cellsOf(textured[1], (cell) => alike[cell]!);
  return known.length < LEAST_CELLS ? 0 : known.filter((value) => value > RECOGNISED).length / known.length;
}

/** The logarithmic gain of a band, from its share of the pattern's energy. */
function gainOfEnergy(energy: number): number {
  return Math.log(Math.min(MOST_GAIN ** 2, Math.max(LEAST_GAIN ** 2, energy))) / 2;
}

function partsOf(raw: Float32Array, { middle, spread }: Pick<LossFit, 'middle' | 'spread'>): Float32Array {
  const change = raw.map((value, k) => value - middle[k]!);
  const veil = Math.max(0, change[RAW.veil]!);
  const z = change.map((value, k) => {
    // Coloured murk shifts the colours about in proportion to the contrast that it takes.
    const own = k === RAW.red || k === RAW.yellow ? value - WATER[k] * veil : value;
    return Number.isNaN(own) ? 0 : own / spread[k]!;
  });
  const parts = [
    z[RAW.red]!,
    // Yellow light alone is weather; lost contrast alone is murk.
    Math.sqrt(Math.max(0, z[RAW.yellow]!) * Math.max(0, z[RAW.veil]!)),
    Math.max(z[RAW.blur]!, z[RAW.heavyBlur]!),
    z[RAW.gone]!,
  ];
  return Float32Array.from(parts, (value, k) => Math.min(MOST, Math.max(0, value - ZONE[k]!)));
}

function cellsOf(isTextured: Uint8Array, valueOf: (cell: number) => number): number[] {
  const values: number[] = [];
  for (let cell = 0; cell < isTextured.length; cell++) {
    if (isTextured[cell] === 0) continue;
    const value = valueOf(cell);
    if (!Number.isNaN(value)) values.push(value);
  }
  return values;
}

/** Measures, cell by cell, how much of the reference's patterns a snapshot shows; `Growth` measures the opposite. */
export class LossMeter {
  readonly #kernels: GlassKernels;
  readonly #size: Size;
  readonly #patterns: BandPatterns;
  readonly #sums: CellSums;
  readonly #colours: ColourSums;

  constructor({ finest, fine, coarse }: BandPatterns, size: Size, kernels: GlassKernels) {
    const grid = cellGrid(size, LOSS_CELL);
    this.#kernels = kernels;
    this.#size = size;
    this.#patterns = {
      finest: keptBy(kernels, finest),
      fine: keptBy(kernels, fine),
      coarse: keptBy(kernels, coarse),
    };
    this.#sums = emptyCellSums(grid.height * grid.width);
    this.#colours = emptyColourSums(grid.height * grid.width);
  }

  measure({ bands, move, data }: RegisteredBands & ColourBytes): MeasuredCells {
    const { seen, energy, both, own } = this.#sums;
    const count = seen.length;
    const some = () => new Float32Array(count).fill(NaN);
    const losses = new Float32Array(LOSS_ROWS * count).fill(NaN);
    const cells = cellsIn(losses);
    const alikes = [some(), cells.alike, some()] as const;
    const rest = some();
    BANDS.forEach((band, k) => {
      const isHalf = band === 'coarse';
      const side = isHalf ? LOSS_CELL / 2 : LOSS_CELL;
      const size = isHalf ? halfOf(this.#size) : this.#size;
      const ownMove = isHalf ? halfMove(move) : move;
      this.#kernels.sumCells(bands[band], this.#patterns[band], size, side, ownMove, this.#sums);
      for (let cell = 0; cell < count; cell++) {
        const pixels = seen[cell]!;
        if (pixels < LEAST_SEEN * side ** 2) continue;
        const expected = own[cell]! + 1e-9 * pixels;
        const share = both[cell]! / expected;
        if (k === 0) {
          cells.energy[cell] = Math.min(MOST_ENERGY, energy[cell]! / expected);
          rest[cell] = Math.max(0, cells.energy[cell]! - share ** 2);
        }
        cells.gain[k]![cell] = Math.log(Math.min(MOST_GAIN, Math.max(LEAST_GAIN, share)));
        alikes[k]![cell] = likeness(this.#sums, cell);
      }
    });
    this.#kernels.sumColours(data, this.#size, LOSS_CELL, move, this.#colours);
    putColours(this.#colours, cells.colour);
    return { ...cells, losses, alikes, rest };
  }

  /** The mean correlation of the cells' fine band with the reference's at a move; 0 if no cell is seen. */
  placesAt(fine: Float32Array, move: Move): number {
    const { seen } = this.#sums;
    this.#kernels.sumCells(fine, this.#patterns.fine, this.#size, LOSS_CELL, move, this.#sums);
    let [sum, count] = [0, 0];
    for (let cell = 0; cell < seen.length; cell++) {
      if (seen[cell]! < LEAST_SEEN * LOSS_CELL ** 2) continue;
      sum += likeness(this.#sums, cell);
      count += 1;
    }
    return count === 0 ? 0 : sum / count;
  }
}

/** The correlation of a cell with the pattern. */
function likeness({ seen, energy, both, own }: CellSums, cell: number): number {
  return both[cell]! / Math.sqrt(own[cell]! * energy[cell]! + 1e-12 * seen[cell]! ** 2);
}

/** Writes the logarithms of red and blue against green, per cell. */
function putColours({ seen, red, green, blue }: ColourSums, ratios: LossCells['colour']): void {
  for (let cell = 0; cell < seen.length; cell++) {
    const pixels = seen[cell]!;
    if (pixels < LEAST_SEEN * LOSS_CELL ** 2) continue;
    const usual = green[cell]! / pixels + BLACK;
    ratios[0][cell] = Math.log((red[cell]! / pixels + BLACK) / usual);
    ratios[1][cell] = Math.log((blue[cell]! / pixels + BLACK) / usual);
  }
}
