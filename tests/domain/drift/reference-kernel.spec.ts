import { expect, test } from '@playwright/test';
import { createDetector, prepareFit } from '../../../src/core/domain/drift/detectors';
import { mmd2 } from '../../../src/core/domain/drift/mmd';
import { normalNumbers } from './streams';

const SETTINGS = { name: 'mmd-streaming', windowSize: 12, sigma: 8 };
const NORMAL = normalNumbers(4);
const some = (count: number, length = 64): Float32Array[] =>
  Array.from({ length: count }, () => Float32Array.from({ length }, () => NORMAL()));

test('a reference that was prepared in parts gives the same distances to the last bit', async () => {
  const reference = some(253);
  const window = some(12);
  let pauses = 0;
  await prepareFit(SETTINGS, reference, async () => {
    pauses += 1;
  });
  expect(pauses).toBe(252);
  const detector = createDetector(SETTINGS);
  detector.fit(reference);
  const distances = window.map((sample) => detector.update(sample));
  // Another array of the same embeddings knows nothing of it.
  expect(distances.at(-1)).toBe(mmd2([...reference], window, SETTINGS.sigma));
});

test('what was prepared for one sigma is not taken for another', async () => {
  const reference = some(40);
  const window = some(12);
  await prepareFit(SETTINGS, reference, async () => {});
  expect(mmd2(reference, window, 4)).toBe(mmd2([...reference], window, 4));
});

test('settings and embeddings that no detector takes are refused before anything is computed', async () => {
  const never = async () => {
    throw new Error('paused');
  };
  await expect(prepareFit({ ...SETTINGS, sigma: 0 }, some(3), never)).rejects.toMatchObject({
    code: 'detector-settings',
  });
  await expect(prepareFit(SETTINGS, [...some(2), Float32Array.of(1)], never)).rejects.toMatchObject({
    code: 'embedding-length',
  });
});
