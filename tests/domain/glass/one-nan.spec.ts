import { expect, test } from '@playwright/test';
import { fitGlass, Glass } from '../../../src/core/domain/glass/glass';
import { cleanReference, scene, seen } from './glass-scenes';
import { glassKernels } from '../../wasm';

/** The bits of each NaN in the float arrays of a fit or a sight, each once. */
function bitsOf(value: unknown): Set<string> {
  if (value instanceof Float32Array) {
    const bits = new Uint32Array(value.buffer, value.byteOffset, value.length);
    return new Set([...bits].filter((_, i) => Number.isNaN(value[i])).map((each) => each.toString(16)));
  }
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return new Set();
  return new Set(Object.values(value).flatMap((part) => [...bitsOf(part)]));
}

const reef = scene(1);

test('each NaN of a fit and of a sight has the same bits, on every machine', () => {
  const reference = Array.from({ length: 12 }, (_, i) => seen(reef, 200 + i, i % 3, 10 * (i % 2)));
  const fit = fitGlass([...cleanReference(reef), ...reference], [], glassKernels);
  expect([...bitsOf(fit)]).toEqual(['7fc00000']);
  const sight = new Glass(fit, glassKernels).look(seen(reef, 203, 6, -11));
  expect(sight.excess.some(Number.isNaN)).toBe(true);
  expect([...bitsOf(sight)]).toEqual(['7fc00000']);
});
