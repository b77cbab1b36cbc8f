/** Traces that divers leave, on pictures of any size: another direction, other things in the scene, something on the glass. */
import { changedPlaces, changeOf, dice, thumbprint } from './changes.mjs';
import { bagged, sampled } from './made-views.mjs';

const TAKEN = { removed: 12, added: 0, areas: [0.05, 0.07], stretch: [-0.6, 0.6] };
/** A tenth as broad as high. */
const THIN = { removed: 0, added: 1, areas: [0.009], stretch: [Math.log(5.6), Math.log(7.5)] };
/** Rows for each column by which a camera is turned. */
const TILT = 0.25;
const BAG = 0.6;

/**
 * Two things that are taken out of the view, and a thin one that is put in.
 *
 * @param {import('./cameras.mjs').Snapshot[]} reference
 * @param {object} donor - a picture of another camera
 * @param {number} seed
 * @returns {import('./changes.mjs').Place[]}
 */
export function visitedPlaces(reference, donor, seed) {
  const next = dice(seed);
  const [first, ...others] = changedPlaces(reference, donor, next, TAKEN);
  const second = others.find((each) => isApart(each, first));
  return [first, second, ...changedPlaces(reference, donor, next, THIN)];
}

/**
 * @typedef {object} Left
 * @property {boolean} [isChanged] - things were taken out of the view, and one was put in
 * @property {number} [turn] - share of the width by which the camera was turned
 * @property {'bag' | 'thumb'} [glass] - what is on it
 */

/**
 * The eyes of a visited camera for pictures of one size.
 *
 * @public imported in a page
 * @param {import('../../src/core/domain/model/model').Size} size
 * @param {import('./changes.mjs').Place[]} places
 * @param {object} donor - a picture of another camera, as wide as these
 * @returns {(picture: object, strength: number) => (left: Left) => object}
 */
export function visitOf(size, places, donor) {
  const changes = places.map((place) => changeOf(place, size, donor));
  const ON_GLASS = { bag: (picture) => bagged(picture, BAG), thumb: thumbprint(size) };
  return (picture, strength) => {
    let changed = null;
    const scene = () => (changed ??= changes.reduce((found, change) => change(found, strength), picture));
    return ({ isChanged = false, turn = 0, glass }) => {
      const seen = isChanged ? scene() : picture;
      const turned =
        turn === 0
          ? seen
          : sampled(seen, Math.round(TILT * turn * size.width), Math.round(turn * size.width));
      return glass === undefined ? turned : ON_GLASS[glass](turned);
    };
  };
}

function isApart(one, other) {
  return ['y', 'x'].some(
    (way) => Math.abs(one.middle[way] - other.middle[way]) > one.reach[way] + other.reach[way],
  );
}
