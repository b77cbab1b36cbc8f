/** The shipped model for smaller pictures, so that a journey that adapts it takes a fraction of the work. */
import type { Page } from '@playwright/test';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelManifest, Size } from '../../src/core/domain/model/model';
import { withManifest } from '../../src/core/domain/model/model-file';
import { widenFloat16Weights } from '../../src/core/domain/model/onnx';
import {
  ATTRIBUTE,
  concatBytes,
  delimited,
  describeFloats,
  GRAPH,
  MODEL,
  NODE,
  readFloats,
  readTensor,
  scan,
  text,
  writeTensor,
  write,
  type Field,
} from '../../src/core/domain/model/onnx-wire';

const MODELS = join(import.meta.dirname, '../../public/models');
const FOLDER = join(MODELS, 'obsea-autoencoder-2');
/** Of the first model: shrunk, it tells drawn dirt of all kinds from a clean lens, as the next one does not. */
const FILE = join(MODELS, 'obsea-autoencoder-1/autoencoder.onnx');

/** The model looks at a picture in cells of 24 pixels, and sums them up in 3 × 4 parts. */
const CELL = 24;
const SHIPPED: Size = { height: 9, width: 16 };
const SMALL: Size = { height: 3, width: 8 };

const { height, width } = SMALL;
const PICTURE: Size = { height: CELL * height, width: CELL * width };

/** Poolings by what they give: their kernels, which are their strides too. */
const POOLINGS: Readonly<Record<string, readonly [number, number]>> = {
  '/features/AveragePool_output_0': [height / 3, width / 4],
  '/features/AveragePool_1_output_0': [2 * height, (6 * width) / 4],
  '/features/AveragePool_2_output_0': [height / 3, width / 4],
};

/** Weights that belong to places of the picture: how many numbers lie before and after a cell's, and cells to a side. */
const PLACED: Readonly<
  Record<string, { before: number; after: number; scale: number; dims: readonly number[]; isSum: boolean }>
> = {
  'content.out.weight': placed(32 * 16, 1, 1, [32, 16 * height * width], true),
  'decoder.start.weight': placed(20, 64, 1, [20 * height * width, 64], false),
  'decoder.start.bias': placed(20, 1, 1, [20 * height * width], false),
  'decoder.prior': placed(48, 1, 3, [1, 48, 3 * height, 3 * width], false),
};

function placed(before: number, after: number, scale: number, dims: readonly number[], isSum: boolean) {
  return { before, after, scale, dims, isSum };
}

/** The model as one file with its manifest inside, as another laptop would give it. */
export function smallModelFile(): Uint8Array {
  const { sha256: _, bytes: __, file: ___, ...manifest } = shippedManifest();
  return withManifest(shrunk(readFileSync(FILE)), {
    ...manifest,
    ...{ id: 'small', name: 'Small model', selfTest: null },
    ...{ input: { ...manifest.input, ...PICTURE }, transform: { ...manifest.transform, resize: PICTURE } },
  });
}

function shippedManifest(): ModelManifest {
  return JSON.parse(readFileSync(join(FOLDER, 'model.json'), 'utf8')) as ModelManifest;
}

/** Gives the page this model in place of the shipped one. Only for a page that was not opened yet. */
export async function withSmallModel(page: Page): Promise<void> {
  const manifest = shippedManifest();
  const bytes = Buffer.from(shrunk(readFileSync(FILE)));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const changes: Partial<ModelManifest> = {
    ...{ sha256, bytes: bytes.length, selfTest: null },
    ...{ input: { ...manifest.input, ...PICTURE }, transform: { ...manifest.transform, resize: PICTURE } },
  };
  const context = page.context();
  await context.route('**/obsea-autoencoder-2/model.json', (route) =>
    route.fulfill({ json: { ...manifest, ...changes } }),
  );
  await context.route(`**/obsea-autoencoder-2/${manifest.file}`, (route) => route.fulfill({ body: bytes }));
}

function shrunk(model: Uint8Array): Uint8Array {
  return replaced(widenFloat16Weights(new Uint8Array(model)), MODEL.graph, ({ payload }) =>
    delimited(
      MODEL.graph,
      concatBytes(
        scan(payload).map((field) => {
          if (field.number === GRAPH.node) return delimited(GRAPH.node, shrunkNode(field.payload));
          if (field.number === GRAPH.initializer)
            return delimited(GRAPH.initializer, shrunkWeights(field.payload));
          const isPicture = field.number === GRAPH.input || field.number === GRAPH.output;
          const name = isPicture ? text(scan(field.payload), 1) : '';
          if (!isPicture || name === 'embedding') return field.raw;
          return delimited(field.number, describeFloats(name, ['N', 3, PICTURE.height, PICTURE.width]));
        }),
      ),
    ),
  );
}

/** A message with other fields in place of those of one number. */
function replaced(message: Uint8Array, number: number, by: (field: Field) => Uint8Array): Uint8Array {
  return concatBytes(scan(message).map((field) => (field.number === number ? by(field) : field.raw)));
}

function shrunkNode(node: Uint8Array): Uint8Array {
  const output = text(scan(node), NODE.output);
  const kernel = POOLINGS[output];
  return replaced(node, NODE.attribute, (field) => {
    const attribute = scan(field.payload);
    const name = text(attribute, ATTRIBUTE.name);
    if (kernel && (name === 'kernel_shape' || name === 'strides')) {
      const others = attribute.filter(({ number }) => number !== ATTRIBUTE.integers).map(({ raw }) => raw);
      const numbers = write((writer) => {
        for (const side of kernel) writer.writeVarintField(ATTRIBUTE.integers, side);
      });
      return delimited(NODE.attribute, concatBytes([...others, numbers]));
    }
    if (output !== '/decoder/Constant_output_0') return field.raw;
    return delimited(
      NODE.attribute,
      replaced(field.payload, ATTRIBUTE.tensor, () =>
        delimited(
          ATTRIBUTE.tensor,
          writeTensor('', [4], BigInt64Array.of(-1n, 20n, BigInt(height), BigInt(width))),
        ),
      ),
    );
  });
}

function shrunkWeights(payload: Uint8Array): Uint8Array {
  const tensor = readTensor(payload);
  const place = PLACED[tensor.name];
  if (!place) return payload;
  const { before, after, scale, dims, isSum } = place;
  const values = readFloats(tensor)!;
  const rows = shares(scale * SHIPPED.height, scale * height);
  const columns = shares(scale * SHIPPED.width, scale * width);
  const found = new Float32Array(before * rows.length * columns.length * after);
  let at = 0;
  for (let outer = 0; outer < before; outer += 1) {
    for (const row of rows) {
      for (const column of columns) {
        for (let inner = 0; inner < after; inner += 1, at += 1) {
          let sum = 0;
          let whole = 0;
          for (const [y, high] of row) {
            for (const [x, wide] of column) {
              const cell = (outer * scale * SHIPPED.height + y) * scale * SHIPPED.width + x;
              sum += high * wide * values[cell * after + inner]!;
              whole += high * wide;
            }
          }
          found[at] = isSum ? sum : sum / whole;
        }
      }
    }
  }
  return writeTensor(tensor.name, dims, found);
}

/** Of each of `few` cells on a side, which of `many` lie in it, and with what share of theirs. */
function shares(many: number, few: number): [index: number, share: number][][] {
  const step = many / few;
  return Array.from({ length: few }, (_, i) =>
    Array.from({ length: many }, (_, j): [number, number] => [
      j,
      Math.max(0, Math.min((i + 1) * step, j + 1) - Math.max(i * step, j)),
    ]).filter(([, share]) => share > 0),
  );
}
