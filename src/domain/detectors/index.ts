import { AppError } from '../errors';
import type { DetectorSettings } from '../model';
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
