import { widenFloat16Weights } from '../../../core/domain/model/onnx';
import {
  delimited,
  FLOAT32,
  GRAPH,
  openModel,
  readFloats,
  readTensor,
  writeTensor,
  writeModel,
} from '../../../core/domain/model/onnx-wire';

export interface Weights {
  /** outermost first; empty for a single number */
  readonly dims: readonly number[];
  /** row-major, as many as the dims' product */
  readonly values: Float32Array<ArrayBuffer>;
}

/**
 * A model's float weights by name: a copy, float16 as float32. Weights that the graph casts from float16 have the
 * name of the cast's output, as in the model that `widenFloat16Weights` makes.
 *
 * @throws AppError `model-not-onnx` or `model-external-data`, as `readOnnx` does
 */
export function readWeights(bytes: Uint8Array): Map<string, Weights> {
  const { graph } = openModel(widenFloat16Weights(bytes));
  const weights = new Map<string, Weights>();
  for (const tensor of graph.initializers) {
    const values = readFloats(tensor);
    if (values) weights.set(tensor.name, { dims: tensor.dims, values });
  }
  return weights;
}

/**
 * The same model with other numbers in some of its weights. Weights that the graph casts from float16 become
 * float32 first, under the cast's name: the file grows, and nothing is rounded.
 *
 * @param replacements - by the names that `readWeights` gives, row-major
 * @throws RangeError when the model has no float32 weights of a name, or another number of them
 */
export function replaceWeights(
  bytes: Uint8Array,
  replacements: ReadonlyMap<string, Float32Array>,
): Uint8Array {
  const { fields, graph } = openModel(widenFloat16Weights(bytes));
  const known = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
  for (const [name, { length }] of replacements) {
    const tensor = known.get(name);
    if (tensor?.type !== FLOAT32) throw new RangeError(`the model has no float32 weights ${name}`);
    const count = tensor.dims.reduce((product, dim) => product * dim, 1);
    if (length !== count) throw new RangeError(`the weights ${name} are ${count} numbers, not ${length}`);
  }
  return writeModel(
    fields,
    graph.fields.map((field) => {
      if (field.number !== GRAPH.initializer) return field.raw;
      const { name, dims } = readTensor(field.payload);
      const values = replacements.get(name);
      return values ? delimited(GRAPH.initializer, writeTensor(name, dims, values)) : field.raw;
    }),
  );
}
