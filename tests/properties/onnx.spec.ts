import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { parseManifest } from '../../src/core/domain/model/manifest';
import type { ModelManifest } from '../../src/core/domain/model/model';
import { manifestInside } from '../../src/core/domain/model/model-file';
import {
  extractSubgraph,
  inspectAutoencoder,
  readOnnx,
  widenFloat16Weights,
} from '../../src/core/domain/model/onnx';
import {
  concatBytes,
  delimited,
  integer,
  openModel,
  readFloats,
  string,
} from '../../src/core/domain/model/onnx-wire';
import { withMetadata } from '../domain/onnx-writer';
import { damaged, damagedBytes, hostileStrings, hostileValues, jsonOf } from './hostile';
import { accepted, assertSound, holds } from './holds';

const FOLDER = new URL('../fixtures/onnx/', import.meta.url);
const MODELS = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.onnx'))
  .map((name) => new Uint8Array(readFileSync(new URL(name, FOLDER))));
const SHIPPED = JSON.parse(
  readFileSync(new URL('../../public/models/obsea-autoencoder-2/model.json', import.meta.url), 'utf8'),
) as ModelManifest;
const { sha256, bytes: size, file, ...INSIDE } = SHIPPED;
const WITH_MANIFEST = withMetadata(
  MODELS.find(({ length }) => length < 1000)!,
  'porthole.manifest',
  JSON.stringify(INSIDE),
);

/** Messages of a model's field numbers, one inside another, with whatever in them. */
const messages = fc.letrec<{ fields: Uint8Array }>((tie) => ({
  fields: fc
    .array(
      fc
        .tuple(
          fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 20),
          fc.oneof(
            { withCrossShrink: true, maxDepth: 6 },
            fc.oneof(fc.nat({ max: 20 }), fc.integer(), fc.constantFrom(2 ** 31, 2 ** 40, 2 ** 52, -1)),
            fc.oneof(
              fc.constantFrom('', 'x', 'y', 'embedding', 'Cast', 'to', 'porthole.manifest'),
              hostileStrings,
            ),
            fc.uint8Array({ maxLength: 12 }),
            tie('fields'),
          ),
        )
        .map(([number, value]) =>
          typeof value === 'number'
            ? integer(number, value)
            : typeof value === 'string'
              ? string(number, value)
              : delimited(number, value),
        ),
      { maxLength: 5, depthIdentifier: 'field' },
    )
    .map(concatBytes),
})).fields;
const models = fc.oneof(
  {
    weight: 3,
    arbitrary: damagedBytes([...MODELS, WITH_MANIFEST], ['porthole.manifest', 'embedding', '\u202e', '/../']),
  },
  { weight: 1, arbitrary: messages },
  // A graph with an output, and a tensor or a node of the same kind among its fields.
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(1, 5, 11, 12, 13, 15), messages, messages)
      .map(([kind, inner, graph]) =>
        delimited(7, concatBytes([delimited(12, string(1, 'y')), delimited(kind, inner), graph])),
      ),
  },
);

test('a damaged model is refused with a sentence, or understood', async () => {
  await holds(models, async (bytes) => {
    const before = bytes.slice();
    const model = await accepted(() => readOnnx(bytes));
    assert.deepEqual(bytes, before);
    if (!model) return;
    assertSound(model, Infinity);
    const autoencoder = await accepted(() => inspectAutoencoder(model));
    if (!autoencoder) return;
    const { input, embeddingOutput, batchSize } = autoencoder;
    // Memory is asked for by these numbers.
    for (const [number, most] of [
      [input.height, 8192],
      [input.width, 8192],
      [embeddingOutput.length, 1_000_000],
      [(batchSize ?? 1) * 3 * (input.height ?? 1) * (input.width ?? 1), 3 * 8192 ** 2],
    ] as const) {
      assert.ok(
        number === null || (Number.isSafeInteger(number) && number > 0 && number <= most),
        String(number),
      );
    }
    await accepted(() => extractSubgraph(bytes, [embeddingOutput.name]));
  });
});

test('the weights of a damaged model are as many numbers as it says, or refused', async () => {
  await holds(models, async (bytes) => {
    const wide = await accepted(() => widenFloat16Weights(bytes));
    const weights = await accepted(() =>
      openModel(widenFloat16Weights(bytes)).graph.initializers.map((tensor) => ({
        dims: tensor.dims,
        values: readFloats(tensor),
      })),
    );
    assert.equal(wide === null, weights === null);
    for (const { dims, values } of weights ?? []) {
      if (!values) continue;
      assert.equal(
        values.length,
        dims.reduce((product, dim) => product * dim, 1),
      );
    }
  });
});

test('a damaged description of a model is refused with a sentence, or every number in it can be used', async () => {
  await holds(fc.oneof(damaged(SHIPPED), damaged(SHIPPED), hostileValues), async (json) => {
    const manifest = await accepted(() => parseManifest(JSON.parse(jsonOf(json))));
    if (!manifest) return;
    const { id, file, name, version, input, outputs, embeddingLength, transform, detector, thresholds } =
      manifest;
    // Keys that are not known are kept as they are.
    assertSound([
      id,
      file,
      name,
      version,
      input.name,
      outputs.embedding,
      outputs.reconstruction,
      detector.name,
    ]);
    assertSound([
      input.height,
      input.width,
      embeddingLength,
      ...transform.mean,
      ...transform.std,
      detector.sigma,
    ]);
    for (const part of [id, file])
      assert.equal(new URL(encodeURIComponent(part), 'http://x/models/').pathname.split('/').length, 3);
    assert.ok(thresholds.warning < thresholds.drift && detector.sigma > 0);
  });
});

test('a damaged description inside a model harms nothing', async () => {
  const facts = { sha256, bytes: size, file };
  const texts = fc.oneof(
    damaged(INSIDE).map((value) => jsonOf(value)),
    damagedBytes(
      [Buffer.from(JSON.stringify(INSIDE))],
      ['"__proto__":{"x":1},', '1e999', '{', '\\ud800'],
    ).map((bytes) => Buffer.from(bytes).toString()),
    hostileStrings,
  );
  await holds(texts, async (text) => {
    const model = concatBytes([
      WITH_MANIFEST,
      delimited(14, concatBytes([string(1, 'porthole.manifest'), string(2, text)])),
    ]);
    const manifest = await accepted(() => manifestInside(model, facts));
    if (manifest) assert.deepEqual([manifest.sha256, manifest.bytes, manifest.file], [sha256, size, file]);
  });
});
