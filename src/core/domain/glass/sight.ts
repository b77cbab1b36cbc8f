import type { Move } from './move';
import type { KeptView } from './view-gate';

/** Measurements of one picture through a fit; they depend on nothing else. */
export interface GlassSight {
  /** displacement of the scene against the reference, from this picture alone */
  readonly move: Move;
  /** certainty of the displacement: mean correlation of the cells with the reference's */
  readonly places: number;
  /** standard deviation of the coarse structure */
  readonly strength: number;
  readonly view: KeptView;
  /** of each cell of 12 × 12 pixels, row by row: how much finer structure than usual, 0 to 3; NaN where it is not seen */
  readonly excess: Float32Array;
  /** seven numbers of each cell of 18 × 18 pixels, for `LossReader`; NaN where it is not seen */
  readonly losses: Float32Array;
  /** share of the reference's cells that the picture shows */
  readonly measured: number;
  /** mean brightness, 0..255 */
  readonly brightness: number;
}

/** True for a stored sight of this version: most earlier ones were not made from the stored pictures. */
export function isSight(stored: unknown): stored is GlassSight {
  return typeof stored === 'object' && stored !== null && 'losses' in stored && !('source' in stored);
}
