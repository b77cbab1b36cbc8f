import { FOULINGS } from '../../../core/domain/picture/fouling';

/** Lenses of each kind and severity, none of which is among the views'. */
const SEEDS = [7, 8];
const SEVERITIES = [1, 2, 3, 4, 5];

/** The lenses that a camera's model is tried through before the camera may have it. */
export const LENSES = FOULINGS.flatMap((kind) =>
  SEVERITIES.flatMap((severity) => SEEDS.map((seed) => ({ kind, severity, seed }))),
);
