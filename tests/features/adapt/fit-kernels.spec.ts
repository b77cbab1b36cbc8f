import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { FIT, fitPart, type ViewPair } from '../../../src/features/adapt/pure/condition-head';
import { plainFitKernels, type FitKernels } from '../../../src/features/adapt/pure/fit-kernels';
import { SimdFitKernels } from '../../../src/features/adapt/workers/simd-fit-kernels';
import { Random } from '../../../src/core/domain/picture/noise';

const file = readFileSync(new URL('../../../src/features/adapt/workers/fit/fit.wasm', import.meta.url));
const module = new WebAssembly.Module(file);

function viewsOf(inputs: number): ViewPair[] {
  const random = new Random(1);
  return Array.from({ length: 24 }, (_, source) => {
    const clean = Float32Array.from({ length: inputs }, () => random.normal());
    const strength = random.uniform(0.15, 1);
    const dirty = clean.map((value, i) => (i % 3 === 0 ? value + strength : value));
    return { source, clean, dirty, strength };
  });
}

function fitted(views: readonly ViewPair[], size: { hidden: number; numbers: number }, kernels: FitKernels) {
  const fitting = fitPart(views, size, 1, 3, { ...FIT, steps: 20 }, kernels);
  for (;;) {
    const answer = fitting.next();
    if (answer.done === true) return answer.value;
  }
}

/** Counts what is left to the plain code. */
function watched(work: () => void): number {
  let calls = 0;
  const own = { ...plainFitKernels };
  for (const name of ['noisy', 'forward', 'addGradient', 'adamW']) {
    Object.assign(plainFitKernels, { [name]: () => (calls += 1) });
  }
  work();
  Object.assign(plainFitKernels, own);
  return calls;
}

for (const [inputs, hidden, numbers] of [
  [1488, 64, 32],
  [48, 64, 32],
] as const) {
  test(`WebAssembly fits the same head to the last bit: ${inputs} statistics, ${hidden} hidden`, () => {
    const views = viewsOf(inputs);
    const plain = fitted(views, { hidden, numbers }, plainFitKernels);
    let head = plain;
    const left = watched(() => (head = fitted(views, { hidden, numbers }, new SimdFitKernels(module))));
    expect(left).toBe(0);
    expect(head).toEqual(plain);
  });
}

test('sizes that fill no whole vectors are left to the plain code', () => {
  const views = viewsOf(41);
  const size = { hidden: 20, numbers: 12 };
  expect(fitted(views, size, new SimdFitKernels(module))).toEqual(fitted(views, size, plainFitKernels));
});
