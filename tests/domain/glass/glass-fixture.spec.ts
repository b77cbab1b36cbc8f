import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { GaussianBlur } from '../../../src/core/domain/glass/blur';
import { fitGlass, Glass } from '../../../src/core/domain/glass/glass';
import { growthEmbedding } from '../../../src/core/domain/glass/growth';
import { LossReader } from '../../../src/core/domain/glass/loss';
import { correlation } from '../../../src/core/domain/glass/view-gate';
import { isOtherView } from '../../../src/core/domain/glass/views';
import {
  cleanReference,
  filmed,
  grown,
  hidden,
  murky,
  scene,
  seen,
  SIZE,
  smeared,
  turned,
} from './glass-scenes';
import { glassKernels } from '../../wasm';

interface Expected {
  readonly move: [number, number];
  readonly places: number;
  readonly isOtherView: boolean;
  readonly likeness: number;
  readonly visible: number;
  readonly recognised: number;
  readonly loss: number[];
  readonly excess: number[];
  readonly growth: number[];
}

/** Made by tests/fixtures/glass/glass.py with numpy and scipy; null if there is no number. */
const FIXTURE = JSON.parse(
  readFileSync(new URL('../../fixtures/glass/glass.json', import.meta.url), 'utf8'),
) as {
  bytes: number[];
  blurred: Record<string, number[]>;
  bands: Record<'finest' | 'fine' | 'coarse' | 'yellow', number[]>;
  exact: Record<'finest' | 'fine' | 'coarse' | 'yellow', number[]>;
  textured: [number, number];
  middle: number[];
  spread: number[];
  sights: Record<string, Expected[]>;
};
const NAMES = ['finest', 'fine', 'coarse', 'yellow'] as const;

const reef = scene(1);
const reference = cleanReference(reef);
const courses = {
  clean: [seen(reef, 200), seen(reef, 201)],
  moved: [seen(reef, 202, 6, -10), seen(reef, 203, 6, -11)],
  grown: [204, 205, 206].map((seed) => grown(seen(reef, seed), 5, 120)),
  murky: [murky(seen(reef, 207), 60, [120, 125, 122])],
  filmed: [filmed(seen(reef, 208))],
  smeared: [smeared(seen(reef, 210))],
  turned: [turned(seen(reef, 211))],
  hidden: [hidden(seen(reef, 212), 30)],
  elsewhere: [seen(scene(2), 209)],
};

const furthest = (got: ArrayLike<number>, wanted: readonly (number | null)[]) => {
  expect(got.length).toBe(wanted.length);
  return Math.max(
    ...wanted.map((value, i) => (value === null ? Number(!Number.isNaN(got[i])) : Math.abs(got[i]! - value))),
  );
};

test('the made pictures are those of the fixture', () => {
  const sums = [...reference, ...Object.values(courses).flat()].map(({ data }) =>
    data.reduce((a, b) => a + b, 0),
  );
  expect(sums).toEqual(FIXTURE.bytes);
});

test('a blur is scipy’s, also where it reaches far beyond the rim', () => {
  const size = { height: 12, width: 20 };
  const probe = Float32Array.from({ length: 240 }, (_, i) => {
    const [y, x] = [Math.floor(i / 20), i % 20];
    return (7 * y * y + 13 * x + 5 * x * y) % 101;
  });
  for (const [sigma, wanted] of Object.entries(FIXTURE.blurred)) {
    const out = new Float32Array(240);
    new GaussianBlur(size, Number(sigma)).run(probe, out);
    expect(furthest(out, wanted), sigma).toBeLessThan(1e-3);
  }
});

test('bands made of smaller pictures are nearly those of full-size blurs', () => {
  const bands = glassKernels(SIZE).split(reference[0]!);
  for (const name of NAMES) {
    const got = bands[name].filter((_, i) => i % 97 === 0);
    expect(furthest(got, FIXTURE.bands[name]), name).toBeLessThan(1e-5);
    const exact = FIXTURE.exact[name];
    const deviation = Math.sqrt(exact.reduce((sum, value) => sum + value * value, 0) / exact.length);
    const error = Math.sqrt(exact.reduce((sum, value, i) => sum + (value - got[i]!) ** 2, 0) / exact.length);
    expect(error / deviation, name).toBeLessThan(0.1);
  }
});

test('fit, moves, views, growth and loss are numpy’s', () => {
  const fit = fitGlass(reference, [], glassKernels);
  expect(fit.loss.textured.map((cells) => cells.reduce((a, b) => a + b, 0))).toEqual(FIXTURE.textured);
  expect(furthest(fit.loss.middle, FIXTURE.middle)).toBeLessThan(1e-4);
  expect(furthest(fit.loss.spread, FIXTURE.spread)).toBeLessThan(1e-4);
  const glass = new Glass(fit, glassKernels);
  const reader = new LossReader(fit, []);
  for (const [name, pictures] of Object.entries(courses)) {
    const sights = pictures.map((picture) => glass.look(picture));
    for (const [i, sight] of sights.entries()) {
      const { embedding, visible, recognised } = reader.read(sight.losses);
      const wanted = FIXTURE.sights[name]![i]!;
      expect([sight.move.down, sight.move.right], name).toEqual(wanted.move);
      expect(sight.places, name).toBeCloseTo(wanted.places, 4);
      expect(isOtherView(sight, recognised, fit, []), name).toBe(wanted.isOtherView);
      const likeness = correlation(sight.view, fit.view.pattern) / fit.view.usual;
      expect(likeness, name).toBeCloseTo(wanted.likeness, 3);
      expect(visible, name).toBeCloseTo(wanted.visible, 3);
      expect(recognised, name).toBeCloseTo(wanted.recognised, 6);
      // Excess is in deviations, of which an embedding has a fiftieth.
      expect(furthest(sight.excess, wanted.excess), name).toBeLessThan(3e-3);
      expect(furthest(embedding, wanted.loss), name).toBeLessThan(2e-4);
      const growth = growthEmbedding(sights.slice(0, i + 1).map(({ excess }) => excess));
      expect(furthest(growth, wanted.growth), name).toBeLessThan(1e-4);
    }
  }
});
