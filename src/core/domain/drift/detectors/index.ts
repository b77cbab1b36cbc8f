import { AppError } from '../../errors';
import type { Embedding } from '../embedding';
import type { DetectorSettings } from '../../model/model';
import type { Detector, DetectorKind } from './detector';
import { mmdStreaming } from './mmd-streaming';

export type { Detector, DetectorKind, SampleShare, WindowWeigher } from './detector';
export { MmdStreaming } from './mmd-streaming';

/** The detectors that a camera can name. A new one is one file here and its name in the line below. */
const KINDS: readonly DetectorKind[] = [mmdStreaming];

/** By name; specs add one to prove that nothing else needs to know it. */
export const DETECTORS = new Map(KINDS.map((kind) => [kind.name, kind]));

/** @throws AppError `detector-settings` for an unknown name */
export function detectorKind(name: string): DetectorKind {
  const kind = DETECTORS.get(name);
  if (kind === undefined) throw new AppError('detector-settings', `name ${name}`);
  return kind;
}

/** @returns a detector to `fit`. @throws AppError `detector-settings` for an unknown name or settings it can't use */
export function createDetector(settings: DetectorSettings): Detector {
  return detectorKind(settings.name).create(settings);
}

/** True if sigma is the bandwidth of the detector's kernel; of an unknown detector that is not known, so it may be. */
export function hasBandwidth(name: string): boolean {
  const kind = DETECTORS.get(name);
  return kind === undefined || kind.saturationOf !== undefined;
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
  await DETECTORS.get(settings.name)?.prepareFit?.(reference, settings, pause);
}
