import { AppError } from '../errors';
import { parseManifest, plainManifest } from './manifest';
import type { ModelManifest } from './model';
import { readOnnx } from './onnx';

/** Key of Porthole's entry in the metadata of an ONNX file: models that it has made carry one. */
const KEY = 'porthole.manifest';

/**
 * The manifest that an ONNX file carries.
 *
 * @param facts - of the file, which it can't say of itself
 * @returns null when it carries none
 * @throws AppError `model-manifest` when it carries one that makes no sense
 */
export function manifestInside(
  bytes: Uint8Array,
  facts: Pick<ModelManifest, 'sha256' | 'bytes' | 'file'>,
): ModelManifest | null {
  const text = readOnnx(bytes).metadata[KEY];
  if (text === undefined) return null;
  let inside: unknown;
  try {
    inside = JSON.parse(text);
  } catch {
    throw new AppError('model-manifest', { code: 'manifest-no-json' });
  }
  return plainManifest(parseManifest({ ...(inside as object), ...facts }));
}
