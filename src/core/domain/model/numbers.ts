import type { ModelManifest } from './model';

/** The identity of no model, for a sensor whose rows of numbers are what a model would give: the SHA-256 of an empty file. */
export const NO_MODEL = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** Stands where others have a model's description. The length of a row is that of its reference. */
export const NUMBERS: ModelManifest = {
  id: 'numbers',
  name: 'Rows of numbers',
  version: '1',
  description: '',
  file: '',
  sha256: NO_MODEL,
  bytes: 0,
  input: { name: '', height: 1, width: 1 },
  outputs: { embedding: '', reconstruction: null },
  embeddingLength: 0,
  transform: { resize: { height: 1, width: 1 }, mean: [0, 0, 0], std: [1, 1, 1] },
  detector: { name: 'mmd-streaming', windowSize: 12, sigma: 1 },
  thresholds: { warning: 0.05, drift: 0.1 },
  selfTest: null,
  license: '',
};

/** True for a sensor, and for what was judged of one: it has no pictures, no glass and no model. */
export function isOfNumbers(of: { readonly modelSha256: string } | null | undefined): boolean {
  return of?.modelSha256 === NO_MODEL;
}
