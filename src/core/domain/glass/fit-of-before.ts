import type { GlassFit } from './glass';
import { GLASS_VERSION } from './glass-facts';

/** More energy than any picture has, so that the energy of the finest band never keeps a snapshot from being blurred. */
const UNKNOWN_REST = 1e6;

/** Stands for `LossFit.rest` in a fit of version 1, which did not keep it: blur is then judged as it was. */
export function unknownRest(places: number): Float32Array<ArrayBuffer> {
  return new Float32Array(places).fill(UNKNOWN_REST);
}

/** A stored fit of version 1 as one of this version; any other stays as it is. */
export function inThisVersion(fit: GlassFit | FirstFit): GlassFit {
  if (fit.version === GLASS_VERSION) return fit;
  const { loss } = fit;
  return { ...fit, version: GLASS_VERSION, loss: { ...loss, rest: unknownRest(loss.gain[0].length) } };
}

export type FirstFit = Omit<GlassFit, 'version' | 'loss'> & {
  readonly version: 1;
  readonly loss: Omit<GlassFit['loss'], 'rest'>;
};
