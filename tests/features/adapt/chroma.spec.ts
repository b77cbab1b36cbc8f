import { expect, test } from '@playwright/test';
import { chromaOf, colourShare, paled } from '../../../src/features/adapt/pure/chroma';

const grey = Uint8Array.of(10, 10, 10, 200, 200, 200);
const green = Uint8Array.of(50, 100, 60, 100, 200, 120);

test('a grey picture has no chroma, and brightness alone changes none', () => {
  expect(chromaOf(grey)).toBe(0);
  expect(chromaOf(green)).toBeCloseTo(150 / 210, 12);
  expect(chromaOf(green.map((value) => value / 2))).toBeCloseTo(150 / 210, 12);
  expect(chromaOf(new Uint8Array(6))).toBe(0);
});

test('a camera as colourful as the drawn dirt shows all of its colour, a grey one a quarter', () => {
  expect(colourShare([0.3, 0.9, 0.31])).toBe(1);
  expect(colourShare([0.15, 0.15, 0.9])).toBeCloseTo(0.5, 12);
  expect(colourShare([0])).toBe(0.25);
});

test('paled dirt keeps its brightness and loses its colour', () => {
  const fouled = Uint8Array.of(30, 70, 50, 140, 260 - 60, 160);
  expect(paled(grey, fouled, 1)).toBe(fouled);
  const seen = paled(grey, fouled, 0.5);
  // 20, 60 and 40 levels more: their mean 40 stays, and half of the way to it.
  expect([...seen.subarray(0, 3)]).toEqual([10 + 30, 10 + 50, 10 + 40]);
  expect([...grey]).toEqual([10, 10, 10, 200, 200, 200]);
});
