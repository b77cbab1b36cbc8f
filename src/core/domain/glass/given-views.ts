import { LEAST_REFERENCE } from './glass-facts';
import type { KernelsFor } from './kernels';
import type { Move } from './move';
import { medians, spread } from './order';
import { GLASS_WIDTH, type GlassPicture } from './picture';
import { Registration } from './registration';
import { OTHER_VIEW } from './turn';

/** Number of candidates for the middle of a view, and of pictures that choose one: more only take time. */
const SEEDS = 8;
const VOTERS = 96;

/** True if the turn is small enough to keep the same reference. */
export function isOneView(move: Move | null): boolean {
  return move !== null && Math.hypot(move.down, move.right) < OTHER_VIEW * GLASS_WIDTH;
}

/**
 * Sorts pictures by the views that they show, from their structure alone: no reference is needed. Each view grows from the
 * picture that most others are like, and its median finds those that one picture misses.
 *
 * @param pictures - of one shape, in capture order
 * @returns places of each view of 12 pictures or more, the largest first; a picture too murky to tell is in none
 */
export function viewsOf(
  pictures: readonly { readonly picture: GlassPicture; readonly place: number }[],
  kernelsFor: KernelsFor,
): readonly (readonly number[])[] {
  const size = pictures[0]?.picture;
  if (size === undefined) return [];
  const kernels = kernelsFor(size);
  const structures = new Map(
    pictures.map(({ picture, place }) => [place, kernels.structureOf(kernels.split(picture))]),
  );
  const like = (structure: Float32Array, places: readonly number[]) => {
    const registration = new Registration(size, structure, kernels);
    return places.filter((place) => isOneView(registration.find(structures.get(place)!)));
  };
  const views: number[][] = [];
  let left = [...structures.keys()];
  let seeds = SEEDS;
  while (left.length >= LEAST_REFERENCE) {
    const voters = spread(left, VOTERS);
    const groups = spread(left, seeds).map((seed) => like(structures.get(seed)!, voters));
    const most = groups.reduce((best, group) => (group.length > best.length ? group : best));
    // A flat picture has no correlation, even with itself.
    const view = most.length === 0 ? [] : like(medians(most.map((place) => structures.get(place)!)), left);
    if (view.length < LEAST_REFERENCE) {
      // With so many, any twelve pictures in a row include one of them.
      const enough = Math.ceil(left.length / LEAST_REFERENCE);
      if (seeds >= enough) break;
      seeds = enough;
      continue;
    }
    views.push(view);
    const isIn = new Set(view);
    left = left.filter((place) => !isIn.has(place));
  }
  return views.sort((a, b) => b.length - a.length);
}
