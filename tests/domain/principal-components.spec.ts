import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { Random } from '../../src/domain/noise';
import { principalComponents, withoutComponents } from '../../src/domain/principal-components';

interface Case {
  readonly name: string;
  readonly count: number;
  readonly embeddings: readonly number[][];
  readonly mean: readonly number[];
  readonly components: readonly number[][];
  readonly shares: readonly number[];
  /** the first four embeddings without their components */
  readonly without: readonly number[][];
}

// made by numpy: make-principal-components.py
const golden = JSON.parse(
  readFileSync(
    new URL('../fixtures/principal-components/principal-components.json', import.meta.url),
    'utf8',
  ),
) as { cases: Case[] };

const toEmbeddings = (rows: readonly number[][]) => rows.map((row) => Float32Array.from(row));

const largestError = (actual: ArrayLike<number>, expected: ArrayLike<number>) => {
  expect(actual.length).toBe(expected.length);
  return Math.max(...Array.from(expected, (value, i) => Math.abs(value - actual[i]!)));
};

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);

/** Around 2, along two directions more than along the others. */
const cloud = (count: number, length: number, seed = 3) => {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const [a, b] = [random.uniform(-2, 2), random.uniform(-1, 1)];
    return Float32Array.from({ length }, (_, k) => {
      return 2 + random.uniform(-0.1, 0.1) + a * Math.sin(k) + b * Math.cos(k * k);
    });
  });
};

for (const { name, count, embeddings, mean, components, shares, without } of golden.cases) {
  test(`components are those of numpy: ${name}`, () => {
    const found = principalComponents(toEmbeddings(embeddings), count);
    // The covariance has the square of the SVD's condition; 6e-15 at most was measured.
    expect(largestError(found.mean, mean)).toBeLessThan(1e-12);
    expect(largestError(found.shares, shares)).toBeLessThan(1e-12);
    expect(found.components.length).toBe(count);
    found.components.forEach((component, i) =>
      expect(largestError(component, components[i]!)).toBeLessThan(1e-11),
    );
    without.forEach((expected, i) => {
      const actual = withoutComponents(Float32Array.from(embeddings[i]!), found);
      // rounded to float32 once
      expect(largestError(actual, expected)).toBeLessThan(1e-7);
    });
  });
}

test('components are orthonormal, largest variance first, and upright', () => {
  const { components, shares } = principalComponents(cloud(100, 64), 64);
  expect(components.length).toBe(64);
  for (const [i, a] of components.entries()) {
    const products = components.map((b) => dot(a, b));
    expect(
      largestError(
        products,
        components.map((_, j) => (i === j ? 1 : 0)),
      ),
    ).toBeLessThan(1e-12);
    const sizes = a.map(Math.abs);
    expect(a[sizes.indexOf(Math.max(...sizes))]!).toBeGreaterThan(0);
  }
  expect(shares).toEqual([...shares].sort((a, b) => b - a));
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
});

test('what is left of clean embeddings lies around 0 and varies along no component', () => {
  const embeddings = cloud(50, 32);
  const found = principalComponents(embeddings, 2);
  const left = embeddings.map((embedding) => withoutComponents(embedding, found));
  for (const component of found.components) {
    for (const rest of left) expect(dot(rest, component)).toBeCloseTo(0, 6);
  }
  const sums = left.reduce((sum, rest) => sum.map((value, k) => value + rest[k]!), new Float64Array(32));
  expect(Math.max(...sums.map(Math.abs)) / 50).toBeLessThan(1e-6);
  const size = (list: readonly Float32Array[]) => list.reduce((sum, rest) => sum + dot(rest, rest), 0);
  const centred = embeddings.map((embedding) => withoutComponents(embedding, { ...found, components: [] }));
  const share = found.shares.reduce((sum, value) => sum + value, 0);
  expect(size(left) / size(centred)).toBeCloseTo(1 - share, 6);
});

test('the order of embeddings makes no difference, and they survive', () => {
  const embeddings = cloud(30, 16);
  const before = embeddings.map((embedding) => embedding.slice());
  const found = principalComponents(embeddings, 2);
  const turned = principalComponents([...embeddings].reverse(), 2);
  found.components.forEach((component, i) =>
    expect(largestError(turned.components[i]!, component)).toBeLessThan(1e-12),
  );
  withoutComponents(embeddings[0]!, found);
  expect(embeddings).toEqual(before);
  expect(principalComponents(embeddings, 2)).toEqual(found);
});

test('there are no components where nothing varies', () => {
  const same = Array.from({ length: 10 }, () => Float32Array.of(0.1, -3.3, 1e-3));
  expect(principalComponents(same, 3)).toEqual({
    mean: Float64Array.from(same[0]!),
    components: [],
    shares: [],
  });
  // Three points in space lie in a plane.
  const plane = principalComponents(cloud(3, 300), 20);
  expect(plane.components.length).toBe(2);
  expect(plane.shares[0]! + plane.shares[1]!).toBeCloseTo(1, 12);
  const rest = withoutComponents(cloud(3, 300)[2]!, plane);
  expect(Math.max(...rest.map(Math.abs))).toBeLessThan(1e-6);
});

test('a thousand embeddings of length 512 are no more than can be done', () => {
  const { components, shares } = principalComponents(cloud(1000, 512), 2);
  expect(dot(components[0]!, components[1]!)).toBeCloseTo(0, 12);
  expect(shares[0]! + shares[1]!).toBeGreaterThan(0.98);
});

test('embeddings and counts that make no sense are refused', () => {
  const embeddings = cloud(10, 8);
  expect(() => principalComponents(embeddings.slice(0, 1), 1)).toThrow('reference-too-small: 1');
  for (const count of [-1, 9, 1.5, NaN]) {
    expect(() => principalComponents(embeddings, count)).toThrow(RangeError);
  }
  expect(() => principalComponents([...embeddings, new Float32Array(7)], 1)).toThrow(
    'embedding-length: 7 instead of 8 in row 10',
  );
  expect(() => principalComponents([...embeddings, new Float32Array(8).fill(NaN)], 1)).toThrow(
    'embedding-not-finite',
  );
  const found = principalComponents(embeddings, 1);
  expect(() => withoutComponents(new Float32Array(7), found)).toThrow('embedding-length: 7 instead of 8');
});
