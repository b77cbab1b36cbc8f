import { AppError } from '../../errors';
import type { Embedding } from '../embedding';
import type { DetectorSettings } from '../../model/model';
import { prepareReferenceKernel } from '../reference-kernel';
import type { Detector } from './detector';
import { MmdStreaming } from './mmd-streaming';

export type { Detector } from './detector';
export { KsStreaming, type KsResult } from './ks-streaming';
export { MmdStreaming } from './mmd-streaming';

/**
 * The detectors that a camera can name: those that compare whole embeddings and give a distance. `KsStreaming`
 * watches a single number and gives a p-value, so it stands beside them. A new detector is one file here and one
 * line below.
 */
const DETECTORS = new Map<string, (settings: DetectorSettings) => Detector>([
  ['mmd-streaming', (settings) => new MmdStreaming(settings)],
]);

/**
 * @param settings - `name` is a key of the registry above
 * @returns a detector that waits for `fit`
 * @throws AppError `detector-settings` for an unknown name or for settings that the detector can't use
 */
export function createDetector(settings: DetectorSettings): Detector {
  const create = DETECTORS.get(settings.name);
  if (create === undefined) throw new AppError('detector-settings', `name ${settings.name}`);
  return create(settings);
}

/**
 * Does what takes long of `fit` in parts, so that a page answers meanwhile: a reference of 10,000 embeddings takes 5 s.
 *
 * @param pause - awaited between the parts
 * @throws AppError when the reference or the settings can't be used
 */
export async function prepareFit(
  settings: DetectorSettings,
  reference: readonly Embedding[],
  pause: () => Promise<void>,
): Promise<void> {
  if (settings.name === 'mmd-streaming') await prepareReferenceKernel(reference, settings.sigma, pause);
}
