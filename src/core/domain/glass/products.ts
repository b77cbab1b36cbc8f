import type { Size } from '../model/model';
import type { Move } from './move';

/** How many moves lie within a reach of one. */
export function movesWithin({ down, right }: Move): number {
  return (2 * down + 1) * (2 * right + 1);
}

/**
 * Sums of the products of a picture with another one that was moved, for all moves near one.
 *
 * @param before - height × width
 * @param after - as large
 * @param around - the move in the middle
 * @param reach - how far the others are from it, at most
 * @param out - receives a sum for each move, `movesWithin` of them: from the uppermost to the lowest, each from left to
 *   right
 */
export function products(
  before: Float32Array,
  after: Float32Array,
  size: Size,
  around: Move,
  reach: Move,
  out: Float64Array,
): void {
  let count = 0;
  for (let down = around.down - reach.down; down <= around.down + reach.down; down++) {
    for (let right = around.right - reach.right; right <= around.right + reach.right; right++) {
      out[count++] = product(before, after, size, { down, right });
    }
  }
}

function product(
  before: Float32Array,
  after: Float32Array,
  { height, width }: Size,
  { down, right }: Move,
): number {
  const first = Math.max(0, -right);
  const end = Math.min(width, width - right);
  const last = Math.min(height, height - down);
  // Four sums, because they do not wait for each other.
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  for (let y = Math.max(0, -down); y < last; y++) {
    const row = y * width;
    const moved = (y + down) * width + right;
    let x = first;
    for (; x + 4 <= end; x += 4) {
      sum0 += before[row + x]! * after[moved + x]!;
      sum1 += before[row + x + 1]! * after[moved + x + 1]!;
      sum2 += before[row + x + 2]! * after[moved + x + 2]!;
      sum3 += before[row + x + 3]! * after[moved + x + 3]!;
    }
    for (; x < end; x++) sum0 += before[row + x]! * after[moved + x]!;
  }
  return sum0 + sum1 + (sum2 + sum3);
}
