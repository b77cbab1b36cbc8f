import type { Size } from '../../domain/model/model';
import { extractSubgraph, readOnnx, widenFloat16Weights } from '../../domain/model/onnx';
import { readNodes, type Attributes } from '../../domain/model/onnx-nodes';
import {
  countOf,
  inferShape,
  listOf,
  numberOf,
  UnknownShape,
  windowOf,
} from '../../domain/model/onnx-shapes';
import { openModel, readFloats, type Tensor } from '../../domain/model/onnx-wire';
import type { RunGraph } from '../onnx-session';
import type { LayerExports } from './layer-exports';
import { growTo, roundUp } from '../wasm-memory';
import { Floats, LANES, Value, type Constant, type PlacedGrid } from './value';

/** Arrays begin at addresses that whole vectors are read from fastest, and are followed by zeros up to there. */
const ALIGNED = 64;
/** Pixels of a row that the code computes together. */
const NARROWEST = 4;
/** ONNX Runtime reuses memory, so it can run larger models. */
const MOST_BYTES = 1 << 28;
/** In these versions the operators do the same. */
const OPSETS = { first: 13, last: 17 };

const ELEMENTWISE = new Map<string, (a: number, b: number) => number>([
  ['Add', (a, b) => a + b],
  ['Sub', (a, b) => a - b],
  ['Mul', (a, b) => a * b],
  ['Div', (a, b) => a / b],
  ['Identity', (a) => a],
  ['Relu', (a) => Math.max(a, 0)],
  ['Abs', (a) => Math.abs(a)],
]);

/** How many inputs an operator takes: ONNX Runtime opens no model with others. */
const INPUTS = new Map<string, readonly [least: number, most: number]>([
  ['Conv', [2, 3]],
  ['Gemm', [2, 3]],
  ['Concat', [1, Infinity]],
  ...['Add', 'Sub', 'Mul', 'Div'].map((operator) => [operator, [2, 2]] as const),
  ...['Identity', 'Relu', 'Abs', 'Log', 'Flatten', 'AveragePool'].map(
    (operator) => [operator, [1, 1]] as const,
  ),
]);

/** A Conv's last step before it writes results: the bits that are kept, and the least value. */
interface Finish {
  mask: number;
  least: number;
}

const FINISHES = new Map<string, Finish>([
  ['Relu', { mask: -1, least: 0 }],
  ['Abs', { mask: 0x7fffffff, least: 0 }],
]);

type Inputs = readonly (Value | Constant | null)[];

type Step = () => void;

/** A model's nodes as calls of our own code, for one picture. */
export class LayerPlan {
  /** the picture's tensor, channels first */
  readonly planes: Floats;
  readonly image: Value;
  readonly answer: Value;
  readonly #wasm: LayerExports;
  readonly #placed: PlacedGrid[] = [];
  /** make the steps, once everything has its place */
  readonly #makers: ((floats: Float32Array) => Step)[] = [];
  readonly #unfinished = new Map<Value, Finish>();

  /** @throws as `Layers` does */
  constructor(wasm: LayerExports, bytes: Uint8Array, { input, output }: RunGraph, { height, width }: Size) {
    this.#wasm = wasm;
    const part = widenFloat16Weights(extractSubgraph(bytes, [output]));
    const { opset } = readOnnx(part);
    if (opset < OPSETS.first || opset > OPSETS.last) throw new UnknownShape(`opset ${opset}`);
    const { graph } = openModel(part);
    const nodes = readNodes(graph);
    const read = nodes.flatMap((node) => node.inputs);
    this.planes = this.#place(new Floats(new Float32Array(3 * height * width)));
    this.image = this.#place(new Value([1, 3, height, width], 3));
    const values = new Map<string, Value | Constant>([[input, this.image]]);
    for (const tensor of graph.initializers) values.set(tensor.name, constantOf(tensor));
    for (const { operator, inputs, outputs, attributes, value } of nodes) {
      const known = inputs.map((name) => (name === '' ? null : (values.get(name) ?? refuse(name))));
      const isReadOnce = read.filter((name) => name === inputs[0]).length === 1;
      const result = value ? constantOf(value) : this.#add(operator, known, attributes, isReadOnce);
      values.set(outputs[0] ?? '', result);
    }
    this.answer = computed(values.get(output));
  }

  /** Places all arrays. @returns the model's steps, and the memory, which never grows again */
  layOut(): { readonly steps: readonly Step[]; readonly floats: Float32Array } {
    const { memory } = this.#wasm;
    let end = roundUp(this.#wasm.heapBase(), ALIGNED);
    for (const placed of this.#placed) {
      placed.lay(end);
      end = roundUp(end + placed.bytes, ALIGNED);
    }
    // Also refuses NaN, from a file with nonsense.
    if (!(end <= MOST_BYTES)) refuse(`${end} bytes`);
    growTo(memory, end);
    const floats = new Float32Array(memory.buffer);
    for (const placed of this.#placed) {
      if (placed instanceof Floats) floats.set(placed.numbers, placed.at / 4);
    }
    return { steps: this.#makers.map((make) => make(floats)), floats };
  }

  #place<T extends PlacedGrid>(placed: T): T {
    this.#placed.push(placed);
    return placed;
  }

  #add(operator: string, inputs: Inputs, attributes: Attributes, isReadOnce: boolean): Value {
    const [least, most] = INPUTS.get(operator) ?? refuse(operator);
    if (inputs.length < least || inputs.length > most) refuse(operator);
    const [first] = inputs;
    const finish = FINISHES.get(operator);
    const unfinished = first instanceof Value && isReadOnce && this.#unfinished.get(first);
    if (finish && unfinished) {
      Object.assign(unfinished, finish);
      this.#unfinished.delete(first);
      return first;
    }
    const result = this.#place(new Value(inferShape(operator, inputs, attributes)));
    if (operator === 'Conv') this.#convolve(inputs, attributes, result);
    else if (operator === 'AveragePool') this.#average(inputs, attributes, result);
    else if (operator === 'Gemm') this.#multiply(inputs, attributes, result);
    else if (operator === 'Concat' || operator === 'Flatten')
      this.#copy(operator, inputs, attributes, result);
    else this.#calculate(operator, inputs, result);
    return result;
  }

  #convolve([input, filter, bias]: Inputs, attributes: Attributes, result: Value): void {
    const from = mapOf(input);
    const filters = constant(filter);
    const [, , rows = 0, columns = 0] = filters.dims;
    const { strides, starts, ends, dilations, group } = windowOf(attributes, [rows, columns], 'Conv');
    const [down = 1, right = 1] = strides;
    if (group !== 1 || dilations.some((dilation) => dilation !== 1)) refuse('Conv');
    if (filters.dims[1] !== from.channels || [...starts, ...ends].some((pad) => pad < 0)) refuse('Conv');
    if (result.width < NARROWEST || result.height < 1) refuse(`[${result.dims.join()}]`);
    from.widen(starts, ends);
    const lanes = from.pixel / 4;
    const weight = this.#place(new Floats(interleaved(filters, lanes)));
    const biases = this.#place(biasesOf(bias, result.channels, roundUp(result.channels, LANES)));
    const finish: Finish = { mask: -1, least: -Infinity };
    this.#unfinished.set(result, finish);
    this.#makers.push(() => {
      const first = from.at - starts[0]! * from.row - starts[1]! * from.pixel;
      const where = [
        first,
        from.row,
        down * from.row,
        right * from.pixel,
        rows,
        columns * from.pixel,
      ] as const;
      const { mask, least } = finish;
      return () => {
        this.#wasm.convolve(...where, weight.at, biases.at, ...result.asResult, mask, least);
      };
    });
  }

  #average([input]: Inputs, attributes: Attributes, result: Value): void {
    const from = mapOf(input);
    const [rows = 1, columns = 1] = listOf(attributes, 'kernel_shape', []);
    const { strides, starts, ends, dilations } = windowOf(attributes, [rows, columns], 'AveragePool');
    const [down = 1, right = 1] = strides;
    if ([...starts, ...ends].some((pad) => pad !== 0) || dilations.some((dilation) => dilation !== 1))
      refuse('AveragePool');
    if (from.pixel !== result.pixel) refuse('AveragePool');
    this.#makers.push(() => {
      const where = [from.at, from.row, from.pixel, down * from.row, right * from.pixel] as const;
      return () => {
        this.#wasm.average(...where, rows, columns, ...result.asResult);
      };
    });
  }

  #multiply([input, matrix, bias]: Inputs, attributes: Attributes, result: Value): void {
    const from = computed(input);
    const { dims, numbers } = constant(matrix);
    const isPlain = (['alpha', 'beta'] as const).every((name) => numberOf(attributes, name, 1) === 1);
    if (!isPlain || numberOf(attributes, 'transA', 0) !== 0) refuse('Gemm');
    const [inputs, outputs] = [from.width, result.width];
    const length = roundUp(inputs, LANES);
    const isTurned = numberOf(attributes, 'transB', 0) !== 0;
    if (countOf(dims) !== inputs * outputs) refuse('Gemm');
    const weight = this.#place(new Floats(new Float32Array(outputs * length)));
    for (let o = 0; o < outputs; o += 1) {
      for (let i = 0; i < inputs; i += 1) {
        weight.numbers[o * length + i] = numbers[isTurned ? o * inputs + i : i * outputs + o]!;
      }
    }
    const biases = this.#place(biasesOf(bias, outputs, outputs));
    this.#makers.push(() => () => {
      this.#wasm.multiply(from.at, weight.at, biases.at, result.at, 4 * length, outputs);
    });
  }

  /** Concat of channels or numbers, Flatten: the numbers stay in their order. */
  #copy(operator: string, inputs: Inputs, attributes: Attributes, result: Value): void {
    if (numberOf(attributes, 'axis', operator === 'Flatten' ? 1 : 0) !== 1) refuse(operator);
    const sources = inputs.map(computed);
    this.#makers.push((floats) => {
      const to = result.indices();
      const from = Int32Array.from(sources.flatMap((source) => [...source.indices()]));
      if (from.length !== to.length) refuse(operator);
      return () => {
        for (let i = 0; i < to.length; i += 1) floats[to[i]!] = floats[from[i]!]!;
      };
    });
  }

  /** An operator on single numbers, for small arrays. */
  #calculate(operator: string, inputs: Inputs, result: Value): void {
    const calculate = operator === 'Log' ? (x: number) => this.#wasm.log(x) : ELEMENTWISE.get(operator);
    if (!calculate) return refuse(operator);
    const sources = inputs.map((input) => {
      if (input instanceof Value && countOf(input.dims) === countOf(result.dims)) return input;
      const { numbers } = constant(input);
      return numbers.length === 1 ? this.#place(new Floats(numbers)) : refuse(operator);
    });
    this.#makers.push((floats) => {
      const to = result.indices();
      const [a, b = a] = sources.map((source) =>
        source instanceof Value ? source.indices() : new Int32Array(to.length).fill(source.at / 4),
      );
      return () => {
        for (let i = 0; i < to.length; i += 1) floats[to[i]!] = calculate(floats[a![i]!]!, floats[b![i]!]!);
      };
    });
  }
}

/**
 * A Conv's filters as the code reads them: [outputs / 8, rows, columns, lanes, 8].
 *
 * @param filters - [outputs, inputs, rows, columns]
 * @param lanes - floats of a pixel, of which the first are the inputs
 */
function interleaved({ dims, numbers }: Constant, lanes: number): Float32Array {
  const [outputs = 0, inputs = 0, rows = 0, columns = 0] = dims;
  const area = rows * columns;
  const weights = new Float32Array(roundUp(outputs, LANES) * area * lanes);
  numbers.forEach((number, i) => {
    const [output, input, place] = [Math.floor(i / (inputs * area)), Math.floor(i / area) % inputs, i % area];
    const block = Math.floor(output / LANES);
    weights[((block * area + place) * lanes + input) * LANES + (output % LANES)] = number;
  });
  return weights;
}

/** @param room - how many numbers the code reads */
function biasesOf(bias: Inputs[number] | undefined, count: number, room: number): Floats {
  const floats = new Floats(new Float32Array(room));
  const numbers = bias ? constant(bias).numbers : new Float32Array(count);
  if (numbers.length !== count) refuse('bias');
  floats.numbers.set(numbers);
  return floats;
}

/** @throws UnknownShape: ONNX Runtime has to run this model */
function refuse(what: string): never {
  throw new UnknownShape(what);
}

function constantOf(tensor: Tensor): Constant {
  return { dims: tensor.dims, numbers: readFloats(tensor) ?? refuse(tensor.name) };
}

function constant(input: Inputs[number] | undefined): Constant {
  return input && !(input instanceof Value) ? input : refuse('Constant');
}

function computed(input: Inputs[number] | undefined): Value {
  return input instanceof Value ? input : refuse('Constant');
}

function mapOf(input: Inputs[number] | undefined): Value {
  const value = computed(input);
  return value.isMap ? value : refuse(`[${value.dims.join()}]`);
}
