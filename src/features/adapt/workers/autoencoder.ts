import { adaptableOf } from '../pure/adapted-model';
import { AppError } from '../../../core/domain/errors';
import type { ModelManifest } from '../../../core/domain/model/model';
import { readWeights, replaceWeights } from '../../../core/domain/model/onnx-weights';
import { trainableWeights, trainingGraph, weightsOf, type TrainingGraph } from '../pure/training-graph';
import type { ModelSource } from '../../../core/encoder/encoder-api';
import { DECODED, PAIRS } from './training-api';

/**
 * The decoder's output, whether it is shown or not.
 *
 * @throws AppError `model-not-adaptable` for a model without a decoder, or that doesn't name it
 */
export function reconstructionOf({ name, adaptable }: ModelManifest): string {
  if (!adaptable?.reconstruction) throw new AppError('model-not-adaptable', name);
  return adaptable.reconstruction;
}

/**
 * Distances are shorter in use than they are learned by, as when a head is fitted (`headReach`): the losses ask for
 * distances that the short ones can't give unless natural variation leaves the zone in which it vanishes, and then
 * clean windows alarm (docs/train-longer.md).
 */
const REACH = 0.6;

/** All of a model that can learn, as one step of training. */
export function autoencoderGraph({ manifest, bytes }: ModelSource): TrainingGraph {
  const { input } = manifest;
  const { fixed, embedding, condition } = adaptableOf(manifest);
  const given = new Uint8Array(bytes);
  const reach = readWeights(given).get(condition.reach)!.values;
  const model = replaceWeights(given, new Map([[condition.reach, reach.map((value) => value / REACH)]]));
  return trainingGraph(model, {
    input,
    // The one that the decoder reads, whatever was made of it for judging.
    embeddingOutput: embedding,
    reconstructionOutput: reconstructionOf(manifest),
    parameters: trainableWeights(model).filter((name) => !fixed.some((start) => name.startsWith(start))),
    pairs: PAIRS,
    decode: DECODED,
    // As a head is fitted: a camera's few snapshots vary less than what the shipped model was trained on.
    weights: { pull: 4 },
  });
}

/** The model's file with trained weights. */
export function withTrained(model: ModelSource, weights: Float32Array): Uint8Array {
  const { layout } = autoencoderGraph(model);
  return replaceWeights(new Uint8Array(model.bytes), weightsOf(weights, layout));
}
