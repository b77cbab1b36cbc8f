import type { Move } from './move';
import type { KeptView } from './view-gate';

/** One picture as it is seen through a fit: it depends on nothing else. */
export interface GlassSight {
  /** how far the scene is from where the reference has it, by this picture alone */
  readonly move: Move;
  /** how certain that is: the mean correlation of the cells with the reference's */
  readonly places: number;
  /** standard deviation of the coarse structure */
  readonly strength: number;
  readonly view: KeptView;
  /** of each cell of 12 × 12 pixels, row by row: how much finer structure than usual, 0 to 3; NaN where it is not seen */
  readonly excess: Float32Array;
  /** seven numbers of each cell of 18 × 18 pixels, for `LossReader`; NaN where it is not seen */
  readonly losses: Float32Array;
  /** share of the cells of the reference that it shows */
  readonly measured: number;
  /** mean brightness, 0..255 */
  readonly brightness: number;
}

/** True for a stored sight of this version: those of before were mostly of other pictures than the stored ones. */
export function isSight(stored: unknown): stored is GlassSight {
  return typeof stored === 'object' && stored !== null && 'losses' in stored && !('source' in stored);
}
