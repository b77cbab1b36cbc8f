import { concat } from '../concat';
import { cellGrid } from '../glass/cells';
import { unknownRest } from '../glass/fit-of-before';
import type { GlassFit } from '../glass/glass';
import { isSight, type GlassSight } from '../glass/sight';
import { GLASS_VERSION, LEAST_REFERENCE, LOSS_PARTS } from '../glass/glass-facts';
import { GROWTH_CELL, MOST_EXCESS } from '../glass/growth';
import { GLASS_LIMITS, type GlassLimit } from '../glass/limits';
import { LOSS_CELL, LOSS_ROWS, RAW_COUNT } from '../glass/loss';
import type { Move } from '../glass/move';
import { glassSize } from '../glass/picture';
import { AppError } from '../errors';
import { readNpzArrays, writeNpzArrays, type NpzArray } from './npy';

/** Larger numbers are in no fit and in no sight. */
const MOST = 1e6;
/** A fit rests on fewer snapshots than this. */
const MOST_SNAPSHOTS = 10_000;
const BANDS = ['finest', 'fine', 'coarse', 'yellow'] as const;
const NUMBERS = ['places', 'strength', 'measured', 'brightness'] as const;

/**
 * The clean lens of a reference as an archive that `numpy.load` reads: every number with all of its bits. The
 * same fit gives the same bytes.
 *
 * @throws AppError `npy-format` for what is no fit
 */
export function writeGlassFit(fit: GlassFit): Uint8Array<ArrayBuffer> {
  if (!isWholeFit(fit)) throw unusable('fit');
  const { height, width, view, growth, loss, reference } = fit;
  const [half, quarter, cells] = [[height / 2, width / 2], [height / 4, width / 4], gridOf(fit, GROWTH_CELL)];
  const places = gridOf(fit, LOSS_CELL);
  const of = (shape: readonly number[], ...data: readonly NpzArray['data'][]) => ({
    shape,
    data: flat(data),
  });
  const sized = (length: number) => (length === height * width ? [height, width] : half);
  const patterns = patternsOf(fit);
  return writeNpzArrays({
    size: of([2], Float64Array.of(height, width)),
    structure: of(half, fit.structure),
    sharp: of([height, width], fit.sharp),
    ...Object.fromEntries(BANDS.map((band) => [band, of(sized(patterns[band].length), patterns[band])])),
    view: of(quarter, view.pattern),
    view_numbers: of([2], Float64Array.of(view.usual, view.strength)),
    growth_middle: of([2, ...cells], growth.fine.middle, growth.yellow.middle),
    growth_spread: of([2, ...cells], growth.fine.spread, growth.yellow.spread),
    loss_gain: of([3, ...places], ...loss.gain),
    loss_rest: of(places, loss.rest),
    loss_colour: of([2, ...places], ...loss.colour),
    loss_textured: of([2, ...places], ...loss.textured),
    loss_middle: of([RAW_COUNT], loss.middle),
    loss_spread: of([RAW_COUNT], loss.spread),
    captions: of([fit.captions.length], Float64Array.from(fit.captions)),
    limits: fit.limits,
    reference_excess: of([reference.excess.length, ...cells], ...reference.excess),
    reference_loss: of([reference.loss.length, LOSS_PARTS.length], ...reference.loss),
    ...(reference.losses && {
      reference_losses: of([reference.losses.length, LOSS_ROWS, ...places], ...reference.losses),
    }),
  });
}

/** @throws AppError `npy-format` for anything that `writeGlassFit` would not have written */
export function readGlassFit(bytes: Uint8Array): GlassFit {
  const { arrays, whole, rows } = opened(bytes);
  const [height = 0, width = 0] = whole('size', Float64Array);
  const [usual = NaN, strength = NaN] = whole('view_numbers', Float64Array);
  const [finest, fine, coarse, yellow] = BANDS.map((band) => whole(band, Float32Array)) as Four;
  const [middle, spread] = [rows('growth_middle', Float32Array), rows('growth_spread', Float32Array)];
  const gain = rows('loss_gain', Float32Array);
  const limits = arrays.get('limits');
  if (!Array.isArray(limits)) throw unusable('limits');
  const fit = {
    version: GLASS_VERSION,
    height,
    width,
    structure: whole('structure', Float32Array),
    sharp: whole('sharp', Float32Array),
    view: { pattern: whole('view', Float32Array), usual, strength },
    growth: {
      fine: { pattern: fine, middle: middle[0], spread: spread[0] },
      yellow: { pattern: yellow, middle: middle[1], spread: spread[1] },
    },
    loss: {
      patterns: { finest, fine, coarse },
      gain,
      rest: arrays.has('loss_rest') ? whole('loss_rest', Float32Array) : unknownRest(gain[0]?.length ?? 0),
      colour: rows('loss_colour', Float32Array),
      textured: rows('loss_textured', Uint8Array),
      middle: whole('loss_middle', Float32Array),
      spread: whole('loss_spread', Float32Array),
    },
    captions: [...whole('captions', Float64Array)],
    limits: [...(limits as readonly string[])],
    reference: {
      excess: rows('reference_excess', Float32Array),
      loss: rows('reference_loss', Float32Array),
      ...(arrays.has('reference_losses') && { losses: rows('reference_losses', Float32Array) }),
    },
  };
  if (!isWholeFit(fit)) throw unusable('fit');
  return fit;
}

/** True if two fits are equal in every bit. */
export function isSameFit(a: GlassFit, b: GlassFit): boolean {
  if (!isWholeFit(a) || !isWholeFit(b)) return false;
  const [first, second] = [writeGlassFit(a), writeGlassFit(b)];
  return first.length === second.length && first.every((byte, i) => byte === second[i]);
}

/**
 * Sights of snapshots through one fit, as an archive that `numpy.load` reads: every number with all of its bits.
 *
 * @param sights - by job id, in their order, at least one; each `isWholeSight` of that fit
 */
export function writeSights(sights: ReadonlyMap<string, GlassSight>): Uint8Array<ArrayBuffer> {
  const all = [...sights.values()];
  const rows = (data: NpzArray['data'][]) => ({
    shape: [all.length, data[0]?.length ?? 0],
    data: flat(data),
  });
  return writeNpzArrays({
    ids: [...sights.keys()],
    excess: rows(all.map(({ excess }) => excess)),
    losses: rows(all.map(({ losses }) => losses)),
    view: rows(all.map(({ view }) => view)),
    move: rows(all.map(({ move }) => Float32Array.of(move.down, move.right))),
    ...Object.fromEntries(
      NUMBERS.map((name) => [
        name,
        { shape: [all.length], data: Float64Array.from(all, (sight) => sight[name]) },
      ]),
    ),
  });
}

/**
 * @param fit - through which they were seen
 * @returns by job id, in their order
 * @throws AppError `npy-format` for anything that `writeSights` would not have written of sights through that fit
 */
export function readSights(bytes: Uint8Array, fit: GlassFit): ReadonlyMap<string, GlassSight> {
  const { arrays, whole, rows } = opened(bytes);
  const ids = arrays.get('ids');
  if (!Array.isArray(ids)) throw unusable('ids');
  const [excess, losses] = [rows('excess', Float32Array), rows('losses', Float32Array)];
  const view = rows('view', Int8Array);
  const move = rows('move', Float32Array);
  const numbers = NUMBERS.map((name) => whole(name, Float64Array));
  const sights = new Map<string, GlassSight>();
  for (const [i, id] of (ids as readonly string[]).entries()) {
    const [places, strength, measured, brightness] = numbers.map((values) => values[i]);
    const sight = {
      move: { down: move[i]?.[0], right: move[i]?.[1] },
      view: view[i],
      excess: excess[i],
      losses: losses[i],
      ...{ places, strength, measured, brightness },
    };
    if (!isWholeSight(sight, fit)) throw unusable('sights');
    sights.set(id, sight);
  }
  return sights;
}

/** True if a stored value is what `fitGlass` makes: lengths that fit its size, numbers within their ranges. */
export function isWholeFit(fit: unknown): fit is GlassFit {
  if (!isObject(fit) || fit['version'] !== GLASS_VERSION) return false;
  const { height, width } = fit as Partial<GlassFit>;
  if (!isNumber(height) || !isNumber(width)) return false;
  const usual = glassSize({ height, width });
  if (usual.height !== height || usual.width !== width) return false;
  const { structure, sharp, view, growth, loss, captions, limits, reference } = fit as unknown as GlassFit;
  if (![view, growth, loss, reference].every(isObject)) return false;
  const pixels = height * width;
  const [cells, places] = [countOf({ height, width }, GROWTH_CELL), countOf({ height, width }, LOSS_CELL)];
  const floats = (values: unknown, length: number, allows = isKnownOrNot) =>
    values instanceof Float32Array && values.length === length && values.every(allows);
  const part = (of: GlassFit['growth']['fine'] | undefined, length: number) =>
    isObject(of) &&
    floats(of.pattern, length, isSmall) &&
    floats(of.middle, cells) &&
    floats(of.spread, cells, isSpread);
  const lists = (values: unknown, length: number, allows: (value: unknown) => boolean) =>
    Array.isArray(values) && values.length === length && values.every(allows);
  const clean = (reference as { excess?: unknown }).excess;
  const count = Array.isArray(clean) ? clean.length : 0;
  return (
    floats(structure, pixels / 4, isSmall) &&
    floats(sharp, pixels, isSmall) &&
    floats(view.pattern, pixels / 16) &&
    [view.usual, view.strength].every((value) => typeof value === 'number') &&
    part(growth.fine, pixels) &&
    part(growth.yellow, pixels / 4) &&
    isObject(loss.patterns) &&
    floats(loss.patterns.finest, pixels, isSmall) &&
    floats(loss.patterns.fine, pixels, isSmall) &&
    floats(loss.patterns.coarse, pixels / 4, isSmall) &&
    lists(loss.gain, 3, (values) => floats(values, places)) &&
    floats(loss.rest, places) &&
    lists(loss.colour, 2, (values) => floats(values, places)) &&
    lists(
      loss.textured,
      2,
      (values) => values instanceof Uint8Array && values.length === places && values.every((bit) => bit < 2),
    ) &&
    floats(loss.middle, RAW_COUNT) &&
    floats(loss.spread, RAW_COUNT, (value) => isSmall(value) && value > 0) &&
    Array.isArray(captions) &&
    captions.every((cell) => Number.isInteger(cell) && cell >= 0 && cell < cells) &&
    Array.isArray(limits) &&
    limits.every((limit: unknown) => GLASS_LIMITS.includes(limit as GlassLimit)) &&
    count >= LEAST_REFERENCE &&
    count <= MOST_SNAPSHOTS &&
    lists(clean, count, (values) => floats(values, cells, isExcess)) &&
    lists(reference.loss, count, (values) => floats(values, LOSS_PARTS.length, isLoss)) &&
    (reference.losses === undefined ||
      lists(reference.losses, count, (values) => floats(values, LOSS_ROWS * places)))
  );
}

/** True if a stored value is what a `Glass` of that fit says of a snapshot. */
export function isWholeSight(sight: unknown, fit: GlassFit): sight is GlassSight {
  if (!isSight(sight)) return false;
  const { excess, losses, view, move, places, strength, measured, brightness } = sight;
  const isWithin = (value: unknown, least: number, most: number) =>
    isNumber(value) && value >= least && value <= most;
  return (
    excess instanceof Float32Array &&
    excess.length === countOf(fit, GROWTH_CELL) &&
    excess.every(isExcess) &&
    losses instanceof Float32Array &&
    losses.length === LOSS_ROWS * countOf(fit, LOSS_CELL) &&
    losses.every(isKnownOrNot) &&
    view instanceof Int8Array &&
    view.length === fit.view.pattern.length &&
    isMove(move, fit) &&
    isWithin(places, -2, 2) &&
    isWithin(strength, 0, MOST) &&
    isWithin(measured, 0, 1) &&
    isWithin(brightness, 0, 255)
  );
}

type Kind<T extends NpzArray['data']> = abstract new (...given: never[]) => T;
type Four = [Float32Array, Float32Array, Float32Array, Float32Array];

const unusable = (member: string) => new AppError('npy-format', { at: `${member}:`, code: 'npy-rows' });
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const isNumber = (value: unknown): value is number => Number.isFinite(value);
const isSmall = (value: number) => Math.abs(value) <= MOST;
const isKnownOrNot = (value: number) => Number.isNaN(value) || isSmall(value);
const isSpread = (value: number) => Number.isNaN(value) || (isSmall(value) && value > 0);
const isExcess = (value: number) => Number.isNaN(value) || (value >= 0 && value <= MOST_EXCESS);
const isLoss = (value: number) => value >= 0 && value <= 1;
const isMove = (move: unknown, { height, width }: GlassFit): move is Move =>
  isObject(move) &&
  Number.isInteger(move['down']) &&
  Number.isInteger(move['right']) &&
  Math.abs(move['down'] as number) <= height &&
  Math.abs(move['right'] as number) <= width;

function gridOf(size: { readonly height: number; readonly width: number }, side: number): number[] {
  const { height, width } = cellGrid(size, side);
  return [height, width];
}

function countOf(size: { readonly height: number; readonly width: number }, side: number): number {
  const [height = 0, width = 0] = gridOf(size, side);
  return height * width;
}

/** The reference's four bands; growth and loss measure `fine` against the same one. */
function patternsOf({ growth, loss }: GlassFit): Readonly<Record<(typeof BANDS)[number], Float32Array>> {
  return { ...loss.patterns, yellow: growth.yellow.pattern };
}

function flat(arrays: readonly NpzArray['data'][]): NpzArray['data'] {
  const [first] = arrays;
  if (!first || arrays.length === 1) return first ?? new Float32Array();
  return concat(first.constructor as new (length: number) => NpzArray['data'], arrays);
}

/** The arrays of an archive, by name: as they are, in one piece, and by rows. */
function opened(bytes: Uint8Array) {
  const arrays = readNpzArrays(bytes);
  const found = <T extends NpzArray['data']>(name: string, kind: Kind<T>) => {
    const array = arrays.get(name);
    if (!array || !('data' in array) || !(array.data instanceof kind)) throw unusable(name);
    return { shape: array.shape, data: array.data };
  };
  return {
    arrays,
    whole: <T extends NpzArray['data']>(name: string, kind: Kind<T>): T => found(name, kind).data,
    rows: <T extends NpzArray['data']>(name: string, kind: Kind<T>): T[] => {
      const { shape, data } = found(name, kind);
      const [count = 0] = shape;
      const length = count === 0 ? 0 : data.length / count;
      return Array.from({ length: count }, (_, row) => data.slice(row * length, (row + 1) * length) as T);
    },
  };
}
