import { AppError } from '../errors';
import { isoDay } from '../instant';
import { parseManifest, plainManifest } from './manifest';
import type { ModelManifest } from './model';
import { readOnnx } from './onnx';
import { withMetadata } from './onnx-wire';

/** Key of Porthole's entry in the metadata of an ONNX file. */
const KEY = 'porthole.manifest';

/** The part of a manifest inside the file: the rest can't be known before the file is written. */
export type ManifestInside = Omit<ModelManifest, 'sha256' | 'bytes' | 'file'>;

/** The manifest of a model's next version before its file is made. */
export type ManifestDraft = Omit<ManifestInside, 'selfTest'>;

/** The changes of a next version; all else is as its base has it. */
type Changes = Pick<ModelManifest, 'id' | 'name' | 'description' | 'outputs'> &
  Partial<Pick<ModelManifest, 'transform' | 'detector' | 'thresholds' | 'training' | 'judged'>>;

/** The draft of a version that is made on this device today; `training` is added to what the base says of its own. */
export function nextVersion(base: ModelManifest, { training, ...changes }: Changes): ManifestDraft {
  const { input, embeddingLength, transform, detector, thresholds, license, adaptable } = base;
  return {
    version: isoDay(Date.now()),
    input,
    embeddingLength,
    transform,
    detector,
    thresholds,
    license,
    ...(adaptable && { adaptable }),
    training: { ...base.training, ...training },
    ...changes,
  };
}

/** A model with its manifest inside, as one file to drop. @see onnx.proto3, `ModelProto.metadata_props` */
export function withManifest(bytes: Uint8Array, manifest: ManifestInside): Uint8Array {
  return withMetadata(bytes, KEY, JSON.stringify(manifest));
}

/**
 * The manifest that an ONNX file carries, as `withManifest` put it there.
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
