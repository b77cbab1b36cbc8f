import type { Move } from './move';

/**
 * The median of the first values; reorders them.
 *
 * @param count - how many of them count, ≥ 1; none is NaN
 * @returns of an even number the mean of the middle two, as numpy
 * @see Hoare 1961, Commun. ACM 4 (algorithm 65, find)
 */
export function medianInPlace(values: Float64Array, count: number): number {
  const upper = count >> 1;
  select(values, count, upper);
  const high = values[upper]!;
  if (count % 2 === 1) return high;
  let low = values[0]!;
  for (let i = 1; i < upper; i++) if (values[i]! > low) low = values[i]!;
  return (low + high) / 2;
}

/** @returns NaN when there is no value that is a number */
export function median(values: Iterable<number>): number {
  const known = Float64Array.from(values).filter((value) => !Number.isNaN(value));
  return known.length === 0 ? NaN : medianInPlace(known, known.length);
}

/** The median distance from the median, in the unit of a normal distribution's standard deviation. */
export function robustDeviation(values: readonly number[], middle = median(values)): number {
  return 1.4826 * median(values.map((value) => Math.abs(value - middle)));
}

/** Medians of arrays of one length, place by place. NaN does not count; it is the median if no array has a number. */
export function medians(rows: readonly Float32Array[]): Float32Array {
  const values = new Float64Array(rows.length);
  const middle = new Float32Array(rows[0]?.length ?? 0);
  for (let i = 0; i < middle.length; i++) {
    let count = 0;
    for (let row = 0; row < rows.length; row++) {
      const value = rows[row]![i]!;
      if (!Number.isNaN(value)) values[count++] = value;
    }
    middle[i] = count === 0 ? NaN : medianInPlace(values, count);
  }
  return middle;
}

/** Evenly spaced selection of at most `most` items. */
export function spread<T>(items: readonly T[], most: number): readonly T[] {
  const count = Math.min(most, items.length);
  return Array.from({ length: count }, (_, i) => items[Math.floor(((i + 0.5) * items.length) / count)]!);
}

/** The median of moves each way, to a multiple of so many pixels; no move if there is none. */
export function medianMove(moves: readonly Move[], step = 1): Move {
  const round = (values: number[]) =>
    values.length === 0 ? 0 : step * Math.floor(median(values) / step + 0.5);
  return { down: round(moves.map(({ down }) => down)), right: round(moves.map(({ right }) => right)) };
}

/** Mean of several arrays of one length, place by place: for use where a median takes too long and outliers are few. */
export function means(rows: readonly Float32Array[]): Float32Array {
  const sums = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows) for (let i = 0; i < sums.length; i++) sums[i]! += row[i]!;
  return Float32Array.from(sums, (sum) => sum / rows.length);
}

/** Place by place the `robustDeviation` of several arrays of one length from their `medians`. */
export function deviations(rows: readonly Float32Array[], middle: Float32Array): Float32Array {
  return medians(rows.map((row) => row.map((value, i) => Math.abs(value - middle[i]!)))).map(
    (value) => 1.4826 * value,
  );
}

/** @param share - 0..1. @see equals numpy's `percentile` (linear) */
export function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  const place = share * (sorted.length - 1);
  const lower = Math.floor(place);
  const upper = Math.min(lower + 1, sorted.length - 1);
  return sorted[lower]! + (place - lower) * (sorted[upper]! - sorted[lower]!);
}

/** Quickselect: moves the value of rank `place` to that index, smaller ones before it. */
function select(values: Float64Array, count: number, place: number): void {
  let left = 0;
  let right = count - 1;
  while (left < right) {
    const pivot = values[place]!;
    let i = left;
    let j = right;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i <= j) {
        const value = values[i]!;
        values[i++] = values[j]!;
        values[j--] = value;
      }
    }
    if (j < place) left = i;
    if (place < i) right = j;
  }
}
