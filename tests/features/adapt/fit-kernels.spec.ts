import { expect, test } from '@playwright/test';
import { FIT, fitPart, type ViewPair } from '../../../src/features/adapt/pure/condition-head';
import type { FitKernels } from '../../../src/features/adapt/pure/fit-kernels';
import { Random } from '../../../src/core/domain/picture/noise';
import { oracleFitKernels } from '../../oracles/fit-kernels';
import { fitKernels } from '../../wasm';

function viewsOf(inputs: number): ViewPair[] {
  const random = new Random(1);
  return Array.from({ length: 24 }, (_, source) => {
    const clean = Float32Array.from({ length: inputs }, () => random.normal());
    const strength = random.uniform(0.15, 1);
    const dirty = clean.map((value, i) => (i % 3 === 0 ? value + strength : value));
    return { source, clean, dirty, strength };
  });
}

function fitted(
  views: readonly ViewPair[],
  size: { hidden: number; numbers: number },
  kernels: FitKernels,
  batch: number,
) {
  const fitting = fitPart(views, size, 1, 3, { ...FIT, steps: 20, batch }, kernels);
  for (;;) {
    const answer = fitting.next();
    if (answer.done === true) return answer.value;
  }
}

for (const [inputs, hidden, numbers, batch] of [
  [1488, 64, 32, 64],
  [48, 64, 32, 64],
  // No whole vectors.
  [41, 20, 12, 63],
  [15, 4, 4, 5],
] as const) {
  test(`WebAssembly fits the same head to the last bit: ${inputs} statistics, ${hidden} hidden`, () => {
    const views = viewsOf(inputs);
    const size = { hidden, numbers };
    expect(fitted(views, size, fitKernels(), batch)).toEqual(fitted(views, size, oracleFitKernels, batch));
  });
}

test('an odd count of rows is written whole, and nothing behind it', () => {
  const [kernels, random] = [fitKernels(), new Random(7)];
  const some = (length: number) => {
    const values = kernels.floats(length);
    for (let i = 0; i < length; i++) values[i] = random.normal();
    return values;
  };
  const [layer, from, to] = [{ weight: some(11 * 37), bias: some(11) }, some(3 * 37), some(4 * 11)];
  const wanted = to.slice();
  oracleFitKernels.forward(layer, from, wanted, 3);
  kernels.forward(layer, from, to, 3);
  expect(to).toEqual(wanted);
});

test('a head that is too large is refused', () => {
  expect(() => fitKernels().floats(1 << 24)).toThrow(RangeError);
});
