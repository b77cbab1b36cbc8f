import { expect, test } from '@playwright/test';
import {
  applyHead,
  FIT,
  fitPart,
  joinParts,
  headReach,
  type ViewPair,
} from '../../../src/features/adapt/pure/condition-head';
import { HEAD_PARTS } from '../../../src/core/domain/model/model';
import { Random } from '../../../src/core/domain/picture/noise';
import { fitKernels } from '../../wasm';

const INPUTS = 40;
const SIZE = { hidden: 32, numbers: 16 };
/** For what holds of a head however well it is fitted. */
const SHORT = { steps: 50, batch: 32, pull: 4, noise: 0.3, drop: 0.3 };

/** Views whose first ten statistics vary by nature, in another scale each, and whose next ten dirt moves. */
function viewsOf(count: number, seed: number): ViewPair[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, source) => {
    const clean = Float32Array.from(
      { length: INPUTS },
      (_, i) => (i < 10 ? 10 ** (i - 5) : 0.1) * random.normal(),
    );
    const strength = random.uniform(0.15, 1);
    const dirty = clean.map((value, i) => (i >= 10 && i < 20 ? value + (i % 2 ? 1 : -1) * strength : value));
    return { source, clean, dirty, strength };
  });
}

function fitted(views: readonly ViewPair[], part: number, settings = FIT, seed = 1) {
  const fitting = fitPart(views, SIZE, part, seed, settings, fitKernels());
  const losses: { pull: number; push: number }[] = [];
  for (;;) {
    const answer = fitting.next();
    if (answer.done === true) return { head: answer.value, losses };
    losses.push(answer.value);
  }
}

const distance = (a: Float32Array, b: Float32Array) =>
  Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test('a fitted head keeps unseen clean views together and moves dirty ones by their strength @long', () => {
  const views = viewsOf(200, 1);
  const parts = Array.from({ length: HEAD_PARTS }, (_, part) => fitted(views, part));
  const head = joinParts(
    parts.map(({ head }) => head),
    1,
  );
  for (const { losses } of parts) {
    const [first, last] = [losses.slice(0, 20), losses.slice(-20)];
    expect(mean(last.map(({ push }) => push))).toBeLessThan(0.3 * mean(first.map(({ push }) => push)));
  }

  const unseen = viewsOf(60, 2).map(({ clean, dirty, strength }) => ({
    clean: applyHead(head, clean),
    dirty: applyHead(head, dirty),
    strength,
  }));
  const apart = unseen.map(({ clean, dirty }) => distance(clean, dirty));
  const together = unseen.slice(1).map(({ clean }, i) => distance(clean, unseen[i]!.clean));
  expect(mean(together)).toBeLessThan(0.15);
  expect(mean(apart)).toBeGreaterThan(4 * mean(together));
  const strong = unseen.flatMap(({ strength }, i) => (strength > 0.7 ? [apart[i]!] : []));
  const weak = unseen.flatMap(({ strength }, i) => (strength < 0.4 ? [apart[i]!] : []));
  expect(mean(strong)).toBeGreaterThan(1.3 * mean(weak));
});

test('a part does not see the quarter of the snapshots that is left out for it', () => {
  const views = viewsOf(80, 3);
  const spoilt = views.map((view) =>
    view.source % HEAD_PARTS === 2 ? { ...view, clean: view.dirty } : view,
  );
  expect(fitted(spoilt, 2, SHORT).head).toEqual(fitted(views, 2, SHORT).head);
  expect(fitted(spoilt, 1, SHORT).head).not.toEqual(fitted(views, 1, SHORT).head);
});

test('distances of the joined head are the root mean square of those of its parts', () => {
  const views = viewsOf(40, 4);
  const parts = Array.from({ length: HEAD_PARTS }, (_, part) => fitted(views, part, SHORT).head);
  const joined = joinParts(parts, 0.7);
  const [a, b] = [views[0]!.clean, views[1]!.dirty];
  const squares = parts.map((part) => distance(applyHead(part, a), applyHead(part, b)) ** 2);
  expect(distance(applyHead(joined, a), applyHead(joined, b))).toBeCloseTo(0.7 * Math.sqrt(mean(squares)), 4);
});

test('a head reaches less far where clean snapshots that a part has not seen lie far apart @long', () => {
  const views = viewsOf(80, 8);
  const parts = Array.from({ length: HEAD_PARTS }, (_, part) => fitted(views, part).head);
  const statistics = views.map(({ clean }) => clean);
  const usual = headReach(parts, statistics);
  // Every fifth snapshot is one that the heads take for dirty.
  const strange = views.map(({ clean, dirty }, i) => (i % 5 === 0 ? dirty : clean));
  expect(headReach(parts, strange)).toBe(0.5);
  expect(usual).toBeGreaterThan(0.5);
  expect(
    headReach(
      parts,
      statistics.map(() => statistics[0]!),
    ),
  ).toBe(0.7);
});

test('the same seed gives the same head, another gives another', () => {
  const views = viewsOf(40, 5);
  expect(fitted(views, 0, SHORT, 7).head).toEqual(fitted(views, 0, SHORT, 7).head);
  expect(fitted(views, 0, SHORT, 8).head).not.toEqual(fitted(views, 0, SHORT, 7).head);
});

test('views of too few snapshots are refused', () => {
  expect(() => fitPart(viewsOf(3, 6), SIZE, 0, 1, FIT, fitKernels()).next()).toThrow(RangeError);
});
