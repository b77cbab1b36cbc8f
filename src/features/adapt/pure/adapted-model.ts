import { applyHead, type ConditionHead } from './condition-head';
import type { Embedding } from '../../../core/domain/drift/embedding';
import { AppError } from '../../../core/domain/errors';
import type { Adaptable, ModelManifest } from '../../../core/domain/model/model';
import { readWeights, replaceWeights } from './onnx-weights';

/** The exchanged parts of a model that is adapted to a camera. */
export interface Adaptation {
  readonly head: ConditionHead;
  /** shrinks the content numbers; the decoder stretches them again */
  readonly contentScale: number;
}

/** @throws AppError `model-not-adaptable` when the manifest doesn't name the parts that can be exchanged */
export function adaptableOf({ name, adaptable }: ModelManifest): Adaptable {
  if (!adaptable) throw new AppError('model-not-adaptable', name);
  return adaptable;
}

/** Root mean square distance of clean content from its middle, small beside sigma 0.3: content must not count. */
const QUIET = 0.01;

/**
 * How far the content numbers of a camera must shrink to hardly count in a distance.
 *
 * They are scaled for the camera that the model was trained on. On another the same change of scene moves them
 * further, and a window that shifts by 0.08 as a whole is already at a distance of 0.07.
 *
 * @param embeddings - of clean snapshots, by the model as it is
 * @returns 0 < scale ≤ 1
 */
export function contentScaleOf(embeddings: readonly Embedding[], { content }: Adaptable): number {
  const middle = new Float64Array(content.numbers);
  for (const embedding of embeddings) {
    for (let i = 0; i < middle.length; i++) middle[i]! += embedding[i]! / embeddings.length;
  }
  let squares = 0;
  for (const embedding of embeddings) {
    for (let i = 0; i < middle.length; i++) squares += (embedding[i]! - middle[i]!) ** 2;
  }
  const spread = Math.sqrt(squares / embeddings.length);
  return spread > QUIET ? QUIET / spread : 1;
}

/** Takes the unadapted model's embedding, and its condition head's statistics of the same picture. */
export function adaptedEmbedding(
  { head, contentScale }: Adaptation,
  { content }: Adaptable,
  embedding: Embedding,
  statistics: Float32Array,
): Embedding {
  const adapted = embedding.map((value) => value * contentScale);
  adapted.set(applyHead(head, statistics), content.numbers);
  return adapted;
}

/** @throws RangeError when the file hasn't the weights that `adaptable` names, or they have other sizes */
export function adaptedModel(
  bytes: Uint8Array,
  { content, condition }: Adaptable,
  { head, contentScale }: Adaptation,
): Uint8Array {
  const weights = readWeights(bytes);
  const scaled = (name: string, factor: (i: number) => number) => {
    const known = weights.get(name);
    if (!known) throw new RangeError(`the model has no weights ${name}`);
    return [name, known.values.map((value, i) => value * factor(i))] as const;
  };
  return replaceWeights(
    bytes,
    new Map<string, Float32Array>([
      scaled(content.weight, () => contentScale),
      scaled(content.bias, () => contentScale),
      scaled(content.gain, (i) => (i < content.numbers ? 1 / contentScale : 1)),
      [condition.hiddenWeight, head.hiddenWeight],
      [condition.hiddenBias, head.hiddenBias],
      [condition.outWeight, head.outWeight],
      [condition.outBias, head.outBias],
      [condition.reach, Float32Array.of(head.reach)],
    ]),
  );
}
