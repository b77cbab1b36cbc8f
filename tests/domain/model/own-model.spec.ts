import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { isMadeFor } from '../../../src/core/domain/model/own-model';
import type { ModelManifest } from '../../../src/core/domain/model/model';

const shipped = JSON.parse(
  readFileSync('public/models/obsea-autoencoder-2/model.json', 'utf8'),
) as ModelManifest;
const { sigma } = shipped.detector;
/** So many embeddings at a distance from a centre, in turn along two axes and both ways. */
const around = (count: number, distance: number) =>
  Array.from({ length: count }, (_, i) => {
    const embedding = new Float32Array(64);
    embedding[i % 2] = (i & 2 ? -1 : 1) * distance;
    return embedding;
  });

test('a model is its camera’s own where half of the clean snapshots lie within a third of sigma', () => {
  expect(isMadeFor(shipped, around(40, 0.12 * sigma))).toBe(true);
  expect(isMadeFor(shipped, around(40, 1.1 * sigma))).toBe(false);
});

test('a few snapshots that lie far off make no camera another one, and a few near ones none its own', () => {
  expect(isMadeFor(shipped, [...around(240, 0.12 * sigma), ...around(4, 4 * sigma)])).toBe(true);
  expect(isMadeFor(shipped, [...around(10, 0.05 * sigma), ...around(40, 1.1 * sigma)])).toBe(false);
});

test('a model without a condition head is taken at a person’s word', () => {
  const { adaptable: _, ...other } = shipped;
  expect(isMadeFor(other, around(40, 3))).toBe(true);
});
