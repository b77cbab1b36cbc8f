import { expect, test } from '@playwright/test';
import {
  keepOut,
  noticedFrom,
  performanceOf,
  adaptationRefusalOf,
  type AdaptationEvidence,
  type Performance,
} from '../../../src/core/domain/model/adaptation-evidence';
import { FOULINGS } from '../../../src/core/domain/picture/fouling';
import { Random } from '../../../src/core/domain/picture/noise';

const thresholds = { warning: 0.05, drift: 0.1 };
const lenses = FOULINGS.flatMap((kind) =>
  [1, 2, 3, 4, 5].flatMap((severity) => [
    { kind, severity },
    { kind, severity },
  ]),
);

/** Every kind is above both thresholds from `from` on. */
function performance(changes: Partial<Performance> = {}, from = 2): Performance {
  return {
    thresholds,
    aboveWarning: 0,
    aboveDrift: 0,
    highestClean: 0.02,
    fouled: lenses.map(({ severity }) => (severity >= from ? 0.3 : 0.01)),
    dirtyDelay: null,
    dirtyLast: null,
    ...changes,
  };
}

const alarming = performance({ aboveWarning: 18, aboveDrift: 12, highestClean: 0.3 }, 1);

function evidence(before: Performance, after: Performance, dirtySnapshots = 0): AdaptationEvidence {
  const counts = { fitted: 80, fittedDays: 20, keptOut: 20, keptOutDays: 7 };
  return { ...counts, dirtySnapshots, lenses, before, after };
}

test('a model that stops alarming on clean snapshots and still sees dirt is better', () => {
  expect(adaptationRefusalOf(evidence(alarming, performance()))).toBeNull();
});

test('a model that alarms on clean snapshots more than before is refused', () => {
  const after = performance({ aboveWarning: 3, highestClean: 0.08 });
  expect(adaptationRefusalOf(evidence(performance(), after))).toEqual({ because: 'clean-alarms' });
  expect(adaptationRefusalOf(evidence(alarming, after))).toBeNull();
  // Fewer than before, and still no model to rely on.
  const unbearable = performance({ aboveWarning: 5, aboveDrift: 3, highestClean: 0.2 });
  expect(adaptationRefusalOf(evidence(alarming, unbearable))).toEqual({ because: 'clean-alarms' });
});

test('a model that overlooks a kind of dirt is refused, and the kind is named', () => {
  const after = performance();
  const fouled = after.fouled.map((distance, i) => (lenses[i]!.kind === 'silt' ? 0.04 : distance));
  const refusal = adaptationRefusalOf(evidence(alarming, { ...after, fouled }));
  expect(refusal).toEqual({ because: 'overlooks', kinds: ['silt'] });
});

test('a model that does not raise drift on the dirty snapshots that were given is refused', () => {
  const after = performance({ dirtyLast: 0.09 });
  expect(adaptationRefusalOf(evidence(alarming, after, 9))).toEqual({ because: 'overlooks-dirty' });
  // So few can't raise drift, however far they are.
  expect(adaptationRefusalOf(evidence(alarming, after, 3))).toBeNull();
  const seen = performance({ dirtyDelay: 5, dirtyLast: 0.4 });
  expect(adaptationRefusalOf(evidence(alarming, seen, 9))).toBeNull();
});

test('a model that is neither calmer nor quicker is refused', () => {
  expect(adaptationRefusalOf(evidence(performance(), performance()))).toEqual({ because: 'no-gain' });
  expect(adaptationRefusalOf(evidence(performance(), performance({ highestClean: 0.01 })))).toBeNull();
  expect(adaptationRefusalOf(evidence(performance({}, 4), performance({}, 2)))).toBeNull();
});

test('calmer is told in drift limits, since two detectors may measure in different units', () => {
  const limits = { warning: 0.5, drift: 1 };
  const scaled = (highestClean: number) => {
    const plain = performance({ highestClean: 10 * highestClean, thresholds: limits });
    return { ...plain, fouled: plain.fouled.map((distance) => 10 * distance) };
  };
  expect(adaptationRefusalOf(evidence(performance(), scaled(0.01)))).toBeNull();
  expect(adaptationRefusalOf(evidence(performance(), scaled(0.02)))).toEqual({ because: 'no-gain' });
  expect(adaptationRefusalOf(evidence(scaled(0.02), performance()))).toEqual({ because: 'no-gain' });
});

test('a kind is noticed from the severity on at which every lens of it is above the threshold', () => {
  const fouled = lenses.map(({ kind, severity }, i) => {
    if (kind !== 'film') return 0;
    // One of the two lenses of severity 3 is not seen; severity 1 is, by chance.
    return severity >= 4 || severity === 1 || (severity === 3 && i % 2 === 0) ? 0.2 : 0.01;
  });
  expect(noticedFrom({ lenses }, { fouled, thresholds }, 'film', 'drift')).toBe(4);
  expect(noticedFrom({ lenses }, { fouled, thresholds }, 'silt', 'drift')).toBeNull();
});

test('clean windows are counted one for each kept-out snapshot, dirty ones from a window of clean ones on', () => {
  const random = new Random(1);
  const at = (centre: number) => Float32Array.from({ length: 8 }, () => centre + 0.01 * random.normal());
  const many = (count: number, centre: number) => Array.from({ length: count }, () => at(centre));
  const seen = {
    reference: many(60, 0),
    clean: [...many(14, 0), ...many(6, 0.5)],
    fouled: [{ kind: 'film' as const, severity: 1, embeddings: many(12, 0.5) }],
    dirty: many(9, 1),
  };
  const { aboveWarning, aboveDrift, highestClean, fouled, dirtyDelay, dirtyLast } = performanceOf(
    seen,
    { name: 'mmd-streaming', windowSize: 12, sigma: 0.3 },
    thresholds,
  );
  // Of the last six, one strange snapshot in the window is not yet enough.
  expect(aboveWarning).toBeLessThanOrEqual(6);
  expect(aboveDrift).toBeGreaterThanOrEqual(3);
  expect(highestClean).toBeGreaterThan(0.3);
  expect(fouled[0]).toBeGreaterThan(1);
  expect(dirtyDelay).toBeLessThanOrEqual(3);
  expect(dirtyLast).toBeGreaterThan(0.8);
});

const DAY = 86_400_000;
const on = (day: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({ capturedAt: day * DAY + i * 60_000 }));

test('the newest quarter of the days is kept out, and more of them until there is a window', () => {
  const even = Array.from({ length: 20 }, (_, day) => on(day, 5)).flat();
  expect(keepOut(even, 12)).toEqual({ fitted: even.slice(0, 75), keptOut: even.slice(75) });
  const sparse = [...on(0, 40), ...on(1, 40), ...on(2, 1), ...on(3, 2), ...on(4, 10)];
  expect(keepOut(sparse, 12)).toEqual({ fitted: sparse.slice(0, 81), keptOut: sparse.slice(81) });
});

test('snapshots that leave too little to fit on are not split', () => {
  expect(keepOut([...on(0, 50), ...on(1, 20)], 12)).toBeNull();
  expect(keepOut([...on(0, 10), ...on(1, 10), ...on(2, 60)], 12)).toBeNull();
});
