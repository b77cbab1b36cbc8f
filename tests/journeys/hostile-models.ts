import {
  all,
  ATTRIBUTE,
  concatBytes,
  delimited,
  describeFloats,
  GRAPH,
  integer,
  last,
  MODEL,
  NODE,
  scan,
  string,
  TENSOR,
  write,
  type Field,
} from '../../src/core/domain/model/onnx-wire';
import { withMetadata } from '../domain/onnx-writer';

/** A model with other fields in place of those of one number. */
function replaced(message: Uint8Array, number: number, by: (field: Field) => Uint8Array): Uint8Array {
  return concatBytes(scan(message).map((field) => (field.number === number ? by(field) : field.raw)));
}

/** The model as if a later version of the format had it. */
export function ofIrVersion(model: Uint8Array, version: number): Uint8Array {
  return replaced(model, MODEL.irVersion, () => integer(MODEL.irVersion, version));
}

/** The model with its first weights said to be of another shape; their numbers stay. */
export function withDims(model: Uint8Array, dims: readonly number[]): Uint8Array {
  let isFirst = true;
  const tensor = (field: Field) => {
    if (!isFirst) return field.raw;
    isFirst = false;
    const others = scan(field.payload).filter(({ number }) => number !== TENSOR.dims);
    const said = dims.map((dim) => integer(TENSOR.dims, dim));
    return delimited(GRAPH.initializer, concatBytes([...said, ...others.map(({ raw }) => raw)]));
  };
  return replaced(model, MODEL.graph, ({ payload }) =>
    delimited(MODEL.graph, replaced(payload, GRAPH.initializer, tensor)),
  );
}

/** A model of two nodes that wait for each other. */
export function cyclic(model: Uint8Array): Uint8Array {
  const node = (operator: string, input: string, output: string) =>
    delimited(
      GRAPH.node,
      concatBytes([string(NODE.input, input), string(NODE.output, output), string(NODE.operator, operator)]),
    );
  const { payload = new Uint8Array() } = last(scan(model), MODEL.graph) ?? {};
  const graph = concatBytes([
    node('Relu', 'b', 'a'),
    node('Relu', 'a', 'b'),
    node('Flatten', 'a', 'embedding'),
    string(GRAPH.name, 'cyclic'),
    ...all(scan(payload), GRAPH.input).map(({ raw }) => raw),
    delimited(GRAPH.output, describeFloats('embedding', ['N', 6])),
  ]);
  return replaced(model, MODEL.graph, () => delimited(MODEL.graph, graph));
}

/**
 * A model whose embedding comes out of a loop without an end.
 *
 * @param length - of an embedding, as the file says it; null leaves that to a run
 */
export function endless(model: Uint8Array, length: number | null): Uint8Array {
  const [FLOATS, INTEGERS, TRUTHS] = [1, 7, 9];
  const [GRAPH_ATTRIBUTE, SCALAR] = [5, new Uint8Array(0)];
  const value = (name: string, type: number, shape: Uint8Array | null) => {
    const tensor = concatBytes([integer(1, type), ...(shape ? [delimited(2, shape)] : [])]);
    return concatBytes([string(1, name), delimited(2, delimited(1, tensor))]);
  };
  const node = (operator: string, inputs: readonly string[], output: string, attribute?: Uint8Array) =>
    delimited(
      GRAPH.node,
      concatBytes([
        ...inputs.map((input) => string(NODE.input, input)),
        string(NODE.output, output),
        string(NODE.operator, operator),
        ...(attribute ? [delimited(NODE.attribute, attribute)] : []),
      ]),
    );
  const body = concatBytes([
    node('Identity', ['goes_on'], 'goes_on_still'),
    node('Identity', ['code'], 'same_code'),
    string(GRAPH.name, 'body'),
    delimited(GRAPH.input, value('turn', INTEGERS, SCALAR)),
    delimited(GRAPH.input, value('goes_on', TRUTHS, SCALAR)),
    delimited(GRAPH.input, value('code', FLOATS, null)),
    delimited(GRAPH.output, value('goes_on_still', TRUTHS, SCALAR)),
    delimited(GRAPH.output, value('same_code', FLOATS, null)),
  ]);
  const truth = write((writer) => {
    writer.writeVarintField(TENSOR.type, TRUTHS);
    writer.writeStringField(TENSOR.name, 'always');
    writer.writeBytesField(TENSOR.raw, new Uint8Array([1]));
  });
  const attribute = concatBytes([
    string(ATTRIBUTE.name, 'body'),
    delimited(ATTRIBUTE.graph, body),
    integer(ATTRIBUTE.type, GRAPH_ATTRIBUTE),
  ]);
  const { payload = new Uint8Array() } = last(scan(model), MODEL.graph) ?? {};
  const graph = concatBytes([
    node('Flatten', ['image'], 'flat'),
    // No number of turns, and a condition that always holds.
    node('Loop', ['', 'always', 'flat'], 'embedding', attribute),
    string(GRAPH.name, 'endless'),
    delimited(GRAPH.initializer, truth),
    ...all(scan(payload), GRAPH.input).map(({ raw }) => raw),
    delimited(GRAPH.output, describeFloats('embedding', ['N', length])),
  ]);
  return replaced(model, MODEL.graph, () => delimited(MODEL.graph, graph));
}

/** The model with a description of itself inside. */
export function describing(model: Uint8Array, manifest: string): Uint8Array {
  return withMetadata(model, 'porthole.manifest', manifest);
}
