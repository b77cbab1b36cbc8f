import { AppError } from '../domain/errors';
import type { ModelManifest } from '../domain/model';
import { trainableWeights, weightsBehind } from '../domain/training-graph';

/**
 * The decoder's output, whether it is shown or not.
 *
 * @throws AppError `model-not-adaptable` for a model without a decoder, or that doesn't name it
 */
export function reconstructionOf({ name, adaptable }: ModelManifest): string {
  if (!adaptable?.reconstruction) throw new AppError('model-not-adaptable', name);
  return adaptable.reconstruction;
}

/** The embedding that the decoder reads, whatever was made of it for judging. */
export function embeddingOf({ adaptable, outputs }: ModelManifest): string {
  return adaptable?.embedding ?? outputs.embedding;
}

/** The names of the weights between a model's embedding and its reconstruction that training changes. */
export function decoderWeights(manifest: ModelManifest, bytes: Uint8Array): string[] {
  const { adaptable } = manifest;
  const behind = weightsBehind(bytes, reconstructionOf(manifest), [embeddingOf(manifest)]);
  const fixed = adaptable?.fixed ?? [];
  return trainableWeights(bytes).filter(
    (name) => behind.has(name) && !fixed.some((start) => name.startsWith(start)),
  );
}
