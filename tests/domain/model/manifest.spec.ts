import { expect, test } from '@playwright/test';
import { parseManifest, plainManifest } from '../../../src/core/domain/model/manifest';
import { refusalOf } from '../../told';

const MANIFEST = {
  id: 'obsea-32',
  name: 'OBSEA',
  version: '1.0.0',
  description: '',
  file: 'autoencoder.onnx',
  sha256: 'a'.repeat(64),
  bytes: 1000,
  input: { name: 'input', height: 216, width: 384 },
  outputs: { embedding: 'embedding', reconstruction: null },
  embeddingLength: 2,
  transform: { resize: { height: 216, width: 384 }, mean: [0, 0, 0], std: [1, 1, 1] },
  detector: { name: 'mmd', windowSize: 12, sigma: 0.3 },
  thresholds: { warning: 0.05, drift: 0.1 },
  selfTest: { picture: 'xor-gradient', embedding: [0.5, -1], tolerance: 1e-4 },
  license: 'MIT',
  training: { epochs: 30 },
};

test('a manifest comes back as it was, with keys that a later version may add', () => {
  const later = {
    ...MANIFEST,
    channels: 3,
    thresholds: { ...MANIFEST.thresholds, calibratedOn: '2023' },
    transform: { ...MANIFEST.transform, interpolation: 'bilinear' },
  };
  expect(parseManifest(JSON.parse(JSON.stringify(later)))).toEqual(later);
  expect(parseManifest({ ...MANIFEST, selfTest: null })).toMatchObject({ selfTest: null });
});

test('a wrong entry is named by its path and by what was expected', () => {
  for (const [change, detail] of [
    [{ id: '../x' }, 'id: expected a name without a path'],
    [{ id: '..' }, 'id: expected a name without a path'],
    [{ file: 'https://elsewhere/a.onnx' }, 'file: expected a name without a path'],
    [{ file: 'a\ud800.onnx' }, 'file: expected a name without a path'],
    [{ sha256: 'A'.repeat(64) }, 'sha256: expected 64 hexadecimal digits in lower case'],
    [{ bytes: '1000' }, 'bytes: expected number but received "1000"'],
    [{ bytes: 0 }, 'bytes: expected at least 1'],
    [{ input: { name: 'x', height: 216.5, width: 384 } }, 'input.height: expected a whole number'],
    [
      { input: { ...MANIFEST.input, name: 'x'.repeat(1001) } },
      'input.name: expected at most 1000 characters',
    ],
    [
      { outputs: { embedding: 'e' } },
      'outputs.reconstruction: expected "reconstruction" but received undefined',
    ],
    [{ transform: { ...MANIFEST.transform, mean: [0, 0] } }, 'transform.mean.2: expected number'],
    [{ transform: { ...MANIFEST.transform, std: [1, 1, 0] } }, 'transform.std.2: expected a number above 0'],
    [
      { detector: { name: 'mmd', windowSize: 1, sigma: 1 } },
      'detector.windowSize: expected a whole number from 2 to 1000: a distance takes two pictures, and a longer window forgets too late',
    ],
    [{ thresholds: { warning: 0.1, drift: 0.1 } }, 'thresholds: expected warning below drift'],
    [
      { thresholds: { warning: 0.1, drift: Infinity } },
      'thresholds.drift: expected a number from 0.000001 to 1.999',
    ],
    [{ selfTest: { ...MANIFEST.selfTest, embedding: [1] } }, 'selfTest.embedding: expected 2 numbers'],
    [{ selfTest: { ...MANIFEST.selfTest, tolerance: 0.011 } }, 'selfTest.tolerance: expected at most 0.01'],
    [{ selfTest: undefined }, 'selfTest: expected'],
    [{ training: 'long' }, 'training: expected Object but received "long"'],
  ] as const) {
    const refusal = refusalOf(() => parseManifest({ ...MANIFEST, ...change }));
    expect(refusal).toContain(`model-manifest: ${detail}`);
  }
});

test('what is not an object at all is refused', () => {
  for (const json of [null, [], 'text', 3, undefined])
    expect(() => parseManifest(json)).toThrow('model-manifest: ');
});

test('prototype keys pollute nothing', () => {
  const json: unknown = JSON.parse(JSON.stringify(MANIFEST).replace('{', '{"__proto__": {"polluted": 1}, '));
  expect(parseManifest(json)).toEqual(MANIFEST);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('what a stranger’s file says of itself for people becomes plain text of a sensible length', () => {
  const hostile = {
    ...MANIFEST,
    name: `safe\u202egpj\u0000${'n'.repeat(900)}`,
    version: '\u001b[31m1',
    description: `<img src=x>\n${'d'.repeat(100_000)}`,
    license: ' ',
  };
  const plain = plainManifest(parseManifest(hostile));
  expect(plain.name).toMatch(/^safe gpj n+…$/);
  expect(plain.name).toHaveLength(120);
  expect(plain.version).toBe(' [31m1');
  expect(plain.description).toMatch(/^<img src=x> d+…$/);
  expect(plain.description).toHaveLength(2000);
  const ordinary = parseManifest(MANIFEST);
  expect(plainManifest(ordinary)).toEqual(ordinary);
});
