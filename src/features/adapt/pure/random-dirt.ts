import { FouledLens, FOULINGS, type Fouling } from '../../../core/domain/picture/fouling';
import type { Size } from '../../../core/domain/model/model';
import type { BlurPicture, Random } from '../../../core/domain/picture/noise';

/**
 * How often each kind is drawn, against the others. Defocus is told from one view in twenty; silt and covers are the
 * last to be told, so they come more often than in training/dirt.py.
 */
const SHARES: Readonly<Record<Fouling, number>> = {
  film: 2,
  silt: 1.5,
  growth: 1,
  droplets: 1.5,
  defocus: 0.5,
  cover: 2,
  'grey-film': 1,
  barnacles: 1,
  tubes: 1,
  nets: 1,
  rosettes: 1,
};

/** Severity 5 is what training calls strength 1. */
const SEVERITY = 5;

/** Dirt on a lens, drawn once; it may be laid over any number of pictures of its size. */
export interface RandomDirt {
  /** One, or two where a second kind lies over the first. */
  readonly lenses: readonly FouledLens[];
  /** The kinds of `lenses`, in their order. */
  readonly kinds: readonly Fouling[];
  /** Of the first lens, 0.15 ≤ strength < 1; its severity / 5. */
  readonly strength: number;
  /**
   * @param picture - height × width × 3 bytes, not changed
   * @returns the same shape, new
   * @throws RangeError when the picture is not of the size that the dirt was drawn for
   */
  apply(picture: Uint8Array, blurBy: BlurPicture): Uint8Array;
}

/**
 * Dirt much as training draws it: one kind, and on every fifth picture a second one with 0.6 of its strength.
 *
 * The draws do not depend on the size.
 *
 * @throws RangeError for a size without whole, positive sides
 * @see training/dirt.py, `random_dirt`
 */
export function randomDirt(size: Size, random: Random): RandomDirt {
  const strength = random.uniform(0.15, 1);
  const kinds = [kindByShare(random)];
  const strengths = [strength];
  if (random.chance(0.2)) {
    // Training draws the second kind evenly.
    kinds.push(FOULINGS[Math.floor(random.uniform(0, FOULINGS.length))]!);
    strengths.push(0.6 * strength);
  }
  const lenses = kinds.map((kind, i) => {
    return new FouledLens(kind, SEVERITY * strengths[i]!, size, Math.floor(random.uniform(0, 2 ** 32)));
  });
  const apply = (picture: Uint8Array, blurBy: BlurPicture) =>
    lenses.reduce((seen, lens) => lens.apply(seen, blurBy), picture);
  return { lenses, kinds, strength, apply };
}

function kindByShare(random: Random): Fouling {
  const all = FOULINGS.reduce((sum, kind) => sum + SHARES[kind], 0);
  let left = random.uniform(0, all);
  return FOULINGS.find((kind) => (left -= SHARES[kind]) < 0) ?? 'defocus';
}
