import {
  all,
  concat,
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
  withMetadata,
  type Field,
} from '../../src/domain/onnx-wire';

/** A model with other fields in place of those of one number. */
function replaced(message: Uint8Array, number: number, by: (field: Field) => Uint8Array): Uint8Array {
  return concat(scan(message).map((field) => (field.number === number ? by(field) : field.raw)));
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
    return delimited(GRAPH.initializer, concat([...said, ...others.map(({ raw }) => raw)]));
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
      concat([string(NODE.input, input), string(NODE.output, output), string(NODE.operator, operator)]),
    );
  const { payload = new Uint8Array() } = last(scan(model), MODEL.graph) ?? {};
  const graph = concat([
    node('Relu', 'b', 'a'),
    node('Relu', 'a', 'b'),
    node('Flatten', 'a', 'embedding'),
    string(GRAPH.name, 'cyclic'),
    ...all(scan(payload), GRAPH.input).map(({ raw }) => raw),
    delimited(GRAPH.output, describeFloats('embedding', ['N', 6])),
  ]);
  return replaced(model, MODEL.graph, () => delimited(MODEL.graph, graph));
}

/** The model with a description of itself inside. */
export function describing(model: Uint8Array, manifest: string): Uint8Array {
  return withMetadata(model, 'porthole.manifest', manifest);
}
