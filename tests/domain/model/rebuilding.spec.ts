import { expect, test } from '@playwright/test';
import { isGoodEnough, meanPictureOf, squaredDifference } from '../../../src/core/domain/model/rebuilding';

test('the mean picture is the mean of each byte, and its distance is in shares of full light', () => {
  const pictures = [Uint8Array.of(0, 255, 10), Uint8Array.of(51, 255, 20)];
  const mean = meanPictureOf(pictures);
  expect([...mean]).toEqual([25.5, 255, 15]);
  // 0.1² and 0.1² and 0.02²: by hand
  const distance = squaredDifference(Float32Array.of(25.5, 255, 15), Uint8Array.of(51, 229.5 + 0.5, 15));
  expect(distance).toBeCloseTo((0.1 ** 2 + (25 / 255) ** 2) / 3, 10);
  expect(squaredDifference(mean, pictures[0]!)).toBeCloseTo((0.1 ** 2 + (5 / 255) ** 2) / 3, 10);
  expect(pictures.map((picture) => [...picture])).toEqual([
    [0, 255, 10],
    [51, 255, 20],
  ]);
});

test('no pictures have no mean', () => {
  expect(() => meanPictureOf([])).toThrow(RangeError);
});

test('an error map needs a decoder that is no worse than one picture for all', () => {
  const rebuilding = { keptOut: 40, keptOutDays: 5, before: 0.04, meanPicture: 0.005 };
  expect(isGoodEnough({ ...rebuilding, after: 0.0051 })).toBe(false);
  expect(isGoodEnough({ ...rebuilding, after: 0.005 })).toBe(true);
});
