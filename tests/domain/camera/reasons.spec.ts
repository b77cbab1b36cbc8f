import { expect, test } from '@playwright/test';
import { reasonsOf, type Reason } from '../../../src/core/domain/camera/reasons';
import type { CompletedJob } from '../../../src/core/domain/camera/job';
import type { Reference } from '../../../src/core/domain/camera/reference';
import type { GlassFacts } from '../../../src/core/domain/glass/glass-facts';
import { completed, glass, HOUR, NOON, otherView } from './jobs';

/** A reference of so many pictures an hour apart, with these numbers. */
function reference(count: number, properties: Partial<CompletedJob['properties']> = {}): Reference {
  return {
    properties: Array.from({ length: count }, () => ({ ...completed(0, 0).properties, ...properties })),
    capturedAt: Array.from({ length: count }, (_, hour) => NOON + hour * HOUR),
  } as unknown as Reference;
}

/** The row on one question. */
function row<K extends Reason['of']>(of: K, job: CompletedJob, by: Reference | null = null) {
  return reasonsOf(job, by).find((reason): reason is Extract<Reason, { of: K }> => reason.of === of);
}
const seen = (growth: number, loss: number, facts: Partial<GlassFacts> = {}) =>
  completed(0, 0, { glass: glass(growth, loss, facts) });

test('the rows keep their order, and the model has one only where it had a say', () => {
  const order = (job: CompletedJob) => reasonsOf(job, null).map(({ of }) => of);
  const four = ['glass', 'film', 'water', 'position'];
  expect(order(seen(0, 0, { isOwnModel: false }))).toEqual(four);
  expect(order(seen(0, 0, { isOwnModel: true }))).toEqual([...four, 'model']);
  // It is above its limit, and nothing backs it: no red beside “clear”.
  expect(order(completed(0, 0.5, { glass: glass(0, 0, { isOwnModel: true, visible: 0.9 }) }))).toEqual(four);
  expect(order(completed(0, 0))).toEqual([...four, 'model']);
});

test('a bar reaches its limit where the distance does, and is empty below zero', () => {
  for (const times of [-0.5, 0, 0.5, 1, 3]) {
    const [glassRow, film] = [row('glass', seen(times / 10, 0)), row('film', seen(0, times / 10))];
    for (const found of [glassRow, film]) expect(found!.times).toBeCloseTo(Math.max(0, times), 12);
  }
  expect(row('model', completed(0, 0.2))!.times).toBeCloseTo(2, 12);
});

test('film is named by its loudest part above the limits, and by nothing below them', () => {
  expect(row('film', seen(0, 0.01))).toMatchObject({ level: 'normal', part: null });
  expect(row('film', seen(0, 0.3))).toMatchObject({ level: 'drift', part: glass(0, 0.3).loss!.part });
});

test('water is how much of the scene is seen; without that whether the picture is hazier than clean ones', () => {
  const water = (visible: number) => row('water', seen(0, 0, { visible }));
  expect(water(0.9)).toMatchObject({ seen: 'well', level: 'normal' });
  expect(water(0.5)).toMatchObject({ seen: 'less', level: 'normal' });
  expect(water(0.3)).toMatchObject({ seen: 'murky', level: 'warning' });
  expect(water(0.4)!.times).toBeCloseTo(1, 12);
  expect(water(1.2)!.times).toBe(0);
  const haze = completed(2, 0, { properties: { ...completed(0, 0).properties!, haze: 0.3 } });
  expect(row('water', haze, reference(12, { haze: 0.2 }))).toMatchObject({ seen: 'hazy', level: 'warning' });
  expect(row('water', haze, reference(9, { haze: 0.2 }))).toMatchObject({
    seen: 'unknown',
    level: 'unknown',
  });
});

test('a turned camera is told by its position and not by the move of one snapshot', () => {
  const at = (facts: Partial<GlassFacts>) => row('position', seen(0, 0, facts));
  expect(at({ move: { right: 3, down: 0 } })).toMatchObject({ stand: { stands: 'in-place', turn: null } });
  expect(at({ move: { right: 6, down: 0 } })).toMatchObject({ stand: { stands: 'turned' }, level: 'normal' });
  expect(at({ move: { right: 0, down: 0 }, position: { right: 0, down: -12 } })).toMatchObject({
    stand: { stands: 'turned', turn: { down: -12 / 192, share: 12 / 192 } },
    level: 'warning',
  });
  expect(at({ move: { right: 20, down: 0 }, position: { right: 0, down: 0 } })).toMatchObject({
    stand: { stands: 'in-place' },
  });
  // Too little of the scene is seen to say that it has not moved.
  expect(at({ visible: 0.1 })).toMatchObject({ stand: { stands: 'unknown' }, level: 'unknown', times: null });
});

test('where nothing was judged a row says why, and has no bar', () => {
  const aside = completed(0, 0.4, { glass: otherView() });
  for (const of of ['glass', 'film'] as const) {
    expect(row(of, aside)).toMatchObject({ unjudged: 'elsewhere', level: 'unknown', times: null });
    expect(row(of, completed(0, 0))).toMatchObject({ unjudged: 'not-looked-at', times: null });
    const masked = completed(0, null, { glass: glass(null, null, { masked: 0.6 }) });
    expect(row(of, masked)).toMatchObject({ unjudged: 'masked', level: 'unknown', times: null });
  }
  expect(row('position', aside)).toMatchObject({ stand: { stands: 'elsewhere' }, times: null });
});
