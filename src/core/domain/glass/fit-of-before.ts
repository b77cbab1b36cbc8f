import type { GlassFit } from './glass';
import { GLASS_VERSION, LEAST_REFERENCE, MOST_ENERGY } from './glass-facts';

/**
 * Stands for `LossFit.rest` in a fit of version 1, which did not keep it: the energy of the finest band never keeps a
 * snapshot from being blurred.
 */
export function unknownRest(places: number): Float32Array<ArrayBuffer> {
  return new Float32Array(places).fill(MOST_ENERGY);
}

/** True if enough of a reference's pictures are left (null: missing) to make its fit again. */
export function canBeFitted(pictures: readonly unknown[]): boolean {
  return pictures.filter((picture) => picture !== null).length >= LEAST_REFERENCE;
}

/** Converts a stored fit of an earlier version to this version; returns a current one unchanged. */
export function inThisVersion(fit: GlassFit | EarlierFit): GlassFit {
  if (fit.version === GLASS_VERSION) return fit;
  const { loss } = fit;
  return {
    ...fit,
    version: GLASS_VERSION,
    loss: { ...loss, rest: loss.rest ?? unknownRest(loss.gain[0].length) },
  };
}

/** Version 1 did not keep `rest`; it and version 2 did not keep the reference's `losses`. */
export type EarlierFit = Omit<GlassFit, 'version' | 'loss'> & {
  readonly version: 1 | 2 | 3;
  readonly loss: Omit<GlassFit['loss'], 'rest'> & Partial<Pick<GlassFit['loss'], 'rest'>>;
};
