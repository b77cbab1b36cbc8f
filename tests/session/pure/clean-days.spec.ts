import { expect, test } from '@playwright/test';
import type { Camera } from '../../../src/core/domain/camera/camera';
import type { CompletedJob } from '../../../src/core/domain/camera/job';
import type { Reference } from '../../../src/core/domain/camera/reference';
import { canMeasureLimits, cleanDays } from '../../../src/core/session/history/clean-days';
import { completed, glass, NOON, otherView } from '../../domain/camera/jobs';
import { wholeCamera, wholeReference } from '../../storage/whole-rows';

const DAY = 86_400_000;
const camera: Camera = wholeCamera('camera', { referenceId: 'reference' });
const reference = (more: Partial<Reference> = {}): Reference =>
  wholeReference('reference', { capturedAt: [NOON - DAY, NOON - DAY], isOwnModel: true, ...more });
/** Eight pictures a day, from the day after the reference on. */
const scored = (count: number, more: Partial<CompletedJob> = {}) =>
  Array.from({ length: count }, (_, i) =>
    completed(i, 0, { capturedAt: NOON + Math.floor(i / 8) * DAY + (i % 8), ...more }),
  );
const known = (jobs: readonly CompletedJob[], more: Partial<Reference> = {}, given: readonly string[] = []) =>
  canMeasureLimits({ camera, reference: reference(more), jobs, given });
const { isOwnModel: _, ...older } = reference();
const own = glass(0, 0, { isOwnModel: true });

test('forty clean pictures that the reference is made of measure no limits; three windows beside it may', () => {
  const names = Array.from({ length: 40 }, (_, i) => `20230729-${String(100000 + i)}-CAM.jpg`);
  expect(known([], { names, capturedAt: names.map(() => NOON - DAY) }, names)).toBe(false);
  expect(known(scored(46, { glass: own }))).toBe(false);
  expect(known(scored(47, { glass: own }))).toBe(true);
});

test('where the learned distance has no say nothing is offered, however many days there are', () => {
  expect(known(scored(200, { glass: glass(0, 0) }), { isOwnModel: false })).toBe(false);
  // Growth and loss have still to look.
  expect(known(scored(200, { awaitsGlass: true }), { isOwnModel: false })).toBe(false);
  // Embeddings and numbers have no glass: the distance judges alone.
  expect(known(scored(200), { isOwnModel: false })).toBe(true);
  expect(canMeasureLimits({ camera, reference: older, jobs: scored(200), given: [] })).toBe(true);
});

test('clean files that can be read count once, by the days in their names', () => {
  const named = (day: string) => (_: unknown, i: number) => `${day}-${String(100000 + i)}-CAM.jpg`;
  const later = Array.from({ length: 47 }, named('20230802'));
  expect(known([], {}, later)).toBe(true);
  expect(known([], {}, later.slice(1))).toBe(false);
  expect(known([], {}, Array.from({ length: 47 }, named('20230729')))).toBe(false);
  const both = later.slice(0, 30).map((imageName, i) => completed(72 + i / 10, 0, { imageName, glass: own }));
  expect(known(both, {}, later.slice(1))).toBe(true);
  expect(known(both, {}, later.slice(0, 40))).toBe(false);
});

test('a day is clean unless growth or loss raised something or a person called it dirty; the learned distance has no part', () => {
  const ofDay = (day: number, more: Partial<CompletedJob>) =>
    completed(day, 0, { capturedAt: NOON + day * DAY, glass: own, ...more });
  const jobs = [
    ofDay(-1, {}),
    ofDay(0, { distance: 0.4, driftStatus: 'drift' }),
    ofDay(1, { glass: glass(0.2, 0, { isOwnModel: true }) }),
    ofDay(1.1, {}),
    ofDay(2, { glass: glass(0.2, 0, { isOwnModel: true }), byEye: 'clean' }),
    ofDay(3, { byEye: 'dirty' }),
    ofDay(4, { referenceId: 'another' }),
    ofDay(5, { glass: otherView() }),
    ofDay(6, {}),
  ];
  expect([...cleanDays(jobs, reference(), camera)].flat().map(({ id }) => id)).toEqual([
    'job-0',
    'job-2',
    'job-6',
  ]);
});
