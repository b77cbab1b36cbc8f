import { expect, test } from '@playwright/test';
import type { CameraEvent } from '../../../src/core/domain/camera/event';
import {
  choiceBetween,
  cycleAt,
  cyclesOf,
  cycleState,
  isLearning,
  isOpen,
  learnable,
  learnsAt,
  picturesNeeded,
} from '../../../src/core/domain/camera/cycle';
import type { CompletedJob } from '../../../src/core/domain/camera/job';
import { wholeCamera, wholeEvent, wholeJob, wholeReference } from '../../storage/whole-rows';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const BEGAN = Date.UTC(2026, 4, 4, 14);

const event = (kind: CameraEvent['kind'], at: number, more: Partial<CameraEvent> = {}) =>
  wholeEvent(`${kind} ${String(at)}`, { kind, at, ...more });
const camera = wholeCamera('camera', { cyclesFrom: BEGAN - DAY, referenceId: 'given' });
const judging = {
  embeddings: Array.from({ length: 24 }, () => new Float32Array(1)),
  properties: [],
};
const references = [
  wholeReference('given', { ...judging, capturedAt: [null, BEGAN - 9 * DAY] }),
  wholeReference('own', { ...judging, beganAt: BEGAN }),
];
const [cycle] = cyclesOf(camera, [event('cleaned', BEGAN)]);

test('a cycle begins with a cleaning, a lens called clean or an accepted view, from when cycles count', () => {
  const events = [
    event('cleaned', BEGAN - 2 * DAY),
    event('cleaned', BEGAN),
    event('note', BEGAN + DAY),
    event('clean', BEGAN + 3 * DAY, { until: BEGAN + 5 * DAY }),
    event('moved', BEGAN + 9 * DAY, { isNewView: true }),
    event('moved', BEGAN + 10 * DAY),
  ];
  const cycles = cyclesOf(camera, events);
  expect(cycles.map(({ beganAt }) => (beganAt - BEGAN) / DAY)).toEqual([0, 3, 9]);
  expect(cycles.map(({ endsAt }) => (endsAt - BEGAN) / DAY)).toEqual([3, 9, Infinity]);
  expect(cycles.map(({ saidUntil }) => saidUntil)).toEqual([null, BEGAN + 5 * DAY, null]);
  expect(cycles.map(({ isLearned }) => isLearned)).toEqual([true, true, false]);
  expect(cycleAt(cycles, BEGAN - 1)).toBeNull();
  expect(cycleAt(cycles, BEGAN + 4 * DAY)).toBe(cycles[1]);
  // Pictures that a person called clean are learned, whenever cycles began, and also from the day of a new view on.
  const said = [
    event('clean', BEGAN - 3 * DAY, { until: BEGAN }),
    event('moved', BEGAN - 3 * DAY, { isNewView: true }),
  ];
  expect(cyclesOf(camera, said)).toMatchObject([{ beganAt: BEGAN - 3 * DAY, isLearned: true }]);
  // A camera of before keeps its past, and one may keep its reference.
  const { cyclesFrom: _, ...before } = camera;
  expect(cyclesOf(before, events)).toEqual([]);
  expect(cyclesOf({ ...camera, renewsReference: false }, events)).toEqual([]);
});

test('a reference is chosen once a day of the camera’s clock has ended, or what was called clean', () => {
  const noon = Date.UTC(2026, 4, 6, 12);
  const madrid = { timeZone: 'Europe/Madrid' };
  expect(choiceBetween(cycle!, noon, noon + HOUR, madrid)).toBeNull();
  expect(choiceBetween(cycle!, noon, noon + DAY, madrid)).toBe(Date.UTC(2026, 4, 6, 22));
  expect(choiceBetween(cycle!, noon, noon + 3 * DAY, madrid)).toBe(Date.UTC(2026, 4, 6, 22));
  // The first afternoon has not seen every hour.
  const afternoon = { ...cycle!, beganAt: noon };
  expect(choiceBetween(afternoon, noon + HOUR, noon + DAY, madrid)).toBeNull();
  expect(choiceBetween(afternoon, noon + DAY, noon + 2 * DAY, madrid)).toBe(Date.UTC(2026, 4, 7, 22));
  // A picture of before the cycle has nothing to give.
  expect(choiceBetween(cycle!, BEGAN - HOUR, BEGAN + DAY, madrid)).toBeNull();
  const said = { ...cycle!, saidUntil: noon };
  expect(choiceBetween(said, noon, noon + HOUR, madrid)).toBe(noon + 1);
  expect(choiceBetween(said, noon + HOUR, noon + 2 * HOUR, madrid)).toBeNull();
});

test('24 pictures of ten days make it, forty of two weeks a better one, and what is called clean has time', () => {
  const own = (count: number) => [{ embeddings: Array.from({ length: count }, () => new Float32Array(1)) }];
  expect(picturesNeeded(cycle!, BEGAN + 9 * DAY, [])).toBe(24);
  expect(picturesNeeded(cycle!, BEGAN + 11 * DAY, [])).toBeNull();
  expect(picturesNeeded(cycle!, BEGAN + 11 * DAY, own(26))).toBe(40);
  expect(picturesNeeded(cycle!, BEGAN + 15 * DAY, own(26))).toBeNull();
  expect(picturesNeeded(cycle!, BEGAN + 5 * DAY, own(41))).toBeNull();
  const said = { ...cycle!, saidUntil: BEGAN + 30 * DAY };
  expect(picturesNeeded(said, BEGAN + 30 * DAY, [])).toBe(24);
  expect(picturesNeeded(said, BEGAN + 39 * DAY, [])).toBe(24);
  expect(picturesNeeded(said, BEGAN + 41 * DAY, [])).toBeNull();
  expect(isOpen(said, BEGAN + 29 * DAY)).toBe(true);
  expect(isOpen(cycle!, BEGAN + 29 * DAY)).toBe(false);
  const [given, ofCycle] = references;
  expect(isLearning(cycle!, BEGAN + 9 * DAY, given!)).toBe(true);
  expect(isLearning(cycle!, BEGAN + 11 * DAY, given!)).toBe(false);
  expect(isLearning(cycle!, BEGAN + 9 * DAY, ofCycle!)).toBe(false);
  expect(learnsAt(cycle!, BEGAN + 9 * DAY, given!)).toBe('cleaned');
  expect(learnsAt(said, BEGAN + 29 * DAY, ofCycle!)).toBe('called-clean');
  expect(learnsAt(said, BEGAN + 31 * DAY, given!)).toBe('clean');
  expect(learnsAt(said, BEGAN + 31 * DAY, ofCycle!)).toBeNull();
});

test('nothing is learned of pictures up to the last that showed what was on the lens before', () => {
  const growth = { distance: 0.2, driftStatus: 'drift' } as const;
  const before = { growth: 0.2, loss: 0 };
  const facts = (learning: object) => ({
    glass: { growth, learning } as unknown as NonNullable<CompletedJob['glass']>,
  });
  const jobs = [
    wholeJob('filling', BEGAN + 1),
    wholeJob('dirty', BEGAN + 2, facts({ before })),
    wholeJob('clean', BEGAN + 3, facts({ before, base: { growth: 0.02, loss: 0 } })),
    wholeJob('row', BEGAN + 4, { properties: null }),
    wholeJob('dark', BEGAN + 5, { glass: { isDark: true } as unknown as NonNullable<CompletedJob['glass']> }),
  ];
  expect(learnable(jobs).map(({ id }) => id)).toEqual(['clean']);
});

test('the state goes from pictures that are missing to the cycle’s own view, or keeps the one before', () => {
  const events = [event('cleaned', BEGAN)];
  const jobs = (count: number, step = HOUR) =>
    Array.from({ length: count }, (_, i) => wholeJob(`job ${String(i)}`, BEGAN + (i + 1) * step));
  expect(cycleState(camera, [], references, jobs(3))).toBeNull();
  expect(cycleState(camera, events, references, [])).toEqual({ kind: 'filling', left: 12 });
  expect(cycleState(camera, events, references, jobs(5))).toEqual({ kind: 'filling', left: 7 });
  const learning = (pictures: number) => ({ kind: 'learning', pictures, needed: 24 });
  expect(cycleState(camera, events, references, jobs(17))).toEqual(learning(17));
  expect(cycleState(camera, events, references, jobs(30))).toEqual(learning(24));
  expect(cycleState(camera, events, references, jobs(12, DAY))).toEqual({
    kind: 'kept',
    since: BEGAN - 9 * DAY,
  });
  const renewed = { ...camera, referenceId: 'own' };
  expect(cycleState(renewed, events, references, jobs(30))).toEqual({ kind: 'known' });
  // Embeddings alone show no glass, and are kept without a word.
  expect(cycleState(camera, events, [wholeReference('given')], jobs(30))).toBeNull();
});
