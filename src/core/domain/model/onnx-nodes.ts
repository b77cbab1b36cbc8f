import {
  all,
  ATTRIBUTE,
  floats,
  GRAPH,
  integers,
  last,
  NODE,
  readTensor,
  scan,
  text,
  type Field,
  type Graph,
  type Tensor,
} from './onnx-wire';

/** Integers, but for `alpha` and `beta`, the only float attributes of the operators that are read here. */
export type Attributes = Readonly<Record<string, number | string | readonly number[]>>;

/** A node as the file has it; inputs that are left out are empty names. */
export interface OnnxNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
  readonly value: Tensor | null;
}

export function readNodes({ fields }: Graph): OnnxNode[] {
  return all(fields, GRAPH.node).map(({ payload }) => readNode(payload));
}

function readNode(payload: Uint8Array): OnnxNode {
  const fields = scan(payload);
  const attributes = all(fields, NODE.attribute).map((attribute) => scan(attribute.payload));
  const domain = text(fields, NODE.domain);
  const operator = text(fields, NODE.operator);
  const names = (number: number) => all(fields, number).map((field) => field.text());
  const value = attributes.find((attribute) => text(attribute, ATTRIBUTE.name) === 'value');
  const tensor = value && last(value, ATTRIBUTE.tensor);
  return {
    operator: domain === '' || domain === 'ai.onnx' ? operator : `${domain}:${operator}`,
    inputs: names(NODE.input),
    outputs: names(NODE.output),
    attributes: Object.fromEntries(
      attributes.map((attribute) => [text(attribute, ATTRIBUTE.name), readAttribute(attribute)]),
    ),
    value: operator === 'Constant' && tensor ? readTensor(tensor.payload) : null,
  };
}

/** AttributeProto.AttributeType: 1 float, 2 integer, 3 string, 7 integers; others are of no use here. */
function readAttribute(fields: readonly Field[]): number | string | readonly number[] {
  const type = last(fields, ATTRIBUTE.type)?.value;
  if (type === 1) return floats(fields, ATTRIBUTE.float)[0] ?? 0;
  if (type === 2) return last(fields, ATTRIBUTE.integer)?.value ?? 0;
  if (type === 7) return integers(fields, ATTRIBUTE.integers);
  return text(fields, ATTRIBUTE.string);
}
