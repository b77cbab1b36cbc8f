import type { KernelsFor } from './kernels';
import type { Move } from './move';
import { medians } from './order';
import type { PlacedSnapshot } from './move';
import { movedBack } from './registration';
import type { Places } from './scene-answer';
import { REGION_CELL, regionOf } from './scene-region';

/** Least gain in correlation of two medians when one is moved with the glass. */
const LEAD = 0.1;

/**
 * True if a mark seen in a part of the scene moved with the glass when the camera was turned.
 *
 * @param before - snapshots from before the turn, all pictures of one size
 * @param after - snapshots from after it
 * @param places - the mark's cells before the turn, in scene coordinates
 * @param turn - movement of the glass over the scene: the move before the turn minus the move after it
 * @returns false if one side has no snapshot
 */
export function staysOnGlass(
  before: readonly PlacedSnapshot[],
  after: readonly PlacedSnapshot[],
  places: Places,
  turn: Move,
  kernelsFor: KernelsFor,
): boolean {
  const size = before[0]?.picture;
  if (!size || after.length === 0) return false;
  const kernels = kernelsFor(size);
  const seen = (all: readonly PlacedSnapshot[]) =>
    medians(all.map(({ picture, move }) => movedBack(kernels.split(picture).fine, size, move)));
  const [then, now] = [seen(before), seen(after)];
  const { grid, isMarked } = regionOf(places, size);
  const pixels = [...then.keys()].filter((i) => {
    const [y, x] = [Math.floor(i / size.width / REGION_CELL), Math.floor((i % size.width) / REGION_CELL)];
    return y < grid.height && x < grid.width && isMarked[y * grid.width + x];
  });
  const ofGlass = movedBack(now, size, turn);
  return correlation(then, ofGlass, pixels) - correlation(then, now, pixels) > LEAD;
}

/** Correlation over the pixels that both show; 0 if there are none. */
function correlation(a: Float32Array, b: Float32Array, pixels: readonly number[]): number {
  let [both, ofA, ofB] = [0, 0, 0];
  for (const i of pixels) {
    const product = a[i]! * b[i]!;
    if (Number.isNaN(product)) continue;
    both += product;
    ofA += a[i]! ** 2;
    ofB += b[i]! ** 2;
  }
  return both === 0 ? 0 : both / Math.sqrt(ofA * ofB);
}
