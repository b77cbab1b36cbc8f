import { expect, test } from '@playwright/test';
import { courseOfCycles, nextCleaning, staysClear } from '../../../src/core/domain/camera/cycle-course';
import type { CameraEvent } from '../../../src/core/domain/camera/event';
import type { CompletedJob } from '../../../src/core/domain/camera/job';
import { tellOutlook } from '../../../src/core/i18n/tell-outlook';
import type { Tile } from '../../../src/features/wall/tile';
import { dueAt } from '../../../src/features/wall/tile-sentences';
import { wholeCamera, wholeEvent, wholeReference } from '../../storage/whole-rows';
import { completed, NOON } from './jobs';

const DAY = 86_400_000;
const at = (day: number) => NOON + day * DAY;
const event = (kind: CameraEvent['kind'], day: number, more: Partial<CameraEvent> = {}) =>
  wholeEvent(`${kind} ${String(day)}`, { kind, at: at(day), ...more });

const GIVEN = wholeReference('given', { capturedAt: [at(0), at(1)] });
const OWN = wholeReference('own', { beganAt: at(30) });
const CAMERA = wholeCamera('camera', {
  ...{ modelSha256: 'model', referenceId: 'own', cyclesFrom: 0 },
  timeline: [
    { at: 0, referenceId: 'given' },
    { at: at(35), referenceId: 'own' },
  ],
});

/** Twelve pictures a day, dirty from the given days on until the next cleaning. */
function jobs(days: number, dirty: readonly (readonly [from: number, to: number])[]): CompletedJob[] {
  return Array.from({ length: days * 12 }, (_, i) => {
    const day = i / 12;
    return completed(24 * day, dirty.some(([from, to]) => day >= from && day < to) ? 0.07 : 0);
  });
}

const EVENTS = [event('cleaned', 30), event('note', 40), event('clean', 60)];
const DIRTY = [
  [20, 30],
  // A warning that went away.
  [42, 42.5],
  [56, 60],
] as const;

test('a cycle is told with its pictures, its end and the first warning that stayed', () => {
  const cycles = courseOfCycles(CAMERA, EVENTS, [GIVEN, OWN], jobs(70, DIRTY));
  expect(cycles).toEqual([
    { beganAt: at(0), reference: GIVEN, ended: { at: at(30), by: 'cleaned' }, dirtyAt: at(20) },
    { beganAt: at(30), reference: OWN, ended: { at: at(60), by: 'clean' }, dirtyAt: at(56) },
    { beganAt: at(60), reference: null, ended: null, dirtyAt: null },
  ]);
});

test('two cycles that ended tell how long the lens stays clear, and when it is to be cleaned next', () => {
  const cycles = courseOfCycles(CAMERA, EVENTS, [GIVEN, OWN], jobs(70, DIRTY));
  const stays = { cycles: 2, from: 20, to: 26 };
  expect(staysClear(cycles)).toEqual(stays);
  expect(nextCleaning(cycles, at(70))).toEqual({ ...stays, earliestAt: at(80), latestAt: at(86) });
  expect(nextCleaning(cycles, at(87)), 'longer than any').toBeNull();
  expect(staysClear(cycles.slice(1)), 'one ended').toBeNull();
  const dirty = courseOfCycles(CAMERA, EVENTS, [GIVEN, OWN], jobs(70, [...DIRTY, [66, 70]]));
  expect(nextCleaning(dirty, at(70)), 'dirty already').toBeNull();
});

test('a cleaning that left dirt behind says nothing of how long a lens stays clear', () => {
  const learning = { before: { growth: 0.3, loss: 0 } };
  const history = jobs(70, DIRTY).map((job) =>
    job.capturedAt < at(30)
      ? job
      : { ...job, glass: { learning, growth: { distance: 0.3 } } as unknown as CompletedJob['glass'] },
  ) as readonly CompletedJob[];
  const [, second] = courseOfCycles(CAMERA, EVENTS, [GIVEN, OWN], history);
  expect(second).toMatchObject({ beganAt: at(30), dirtyAt: null });
});

test('a camera that keeps its reference has the cycle of that one alone', () => {
  const camera = { ...CAMERA, renewsReference: false, timeline: [{ at: 0, referenceId: 'given' }] };
  const cycles = courseOfCycles(camera, EVENTS, [GIVEN], jobs(70, DIRTY));
  expect(cycles.map(({ beganAt, reference }) => [beganAt, reference?.id])).toEqual([[at(0), 'given']]);
});

test('where no trend tells when the lens is to be cleaned, the cycles before do, on the trip too', () => {
  const history = jobs(70, DIRTY);
  const cycles = courseOfCycles(CAMERA, EVENTS, [GIVEN, OWN], history);
  const sentence =
    'As in 2 cycles before, this lens stays clear for about 20 to 26 days: next cleaning between 18 October 2023 and 24 October 2023.';
  expect(tellOutlook(history, EVENTS, at(70), cycles)?.forecast).toBe(sentence);
  expect(tellOutlook(history, EVENTS, at(70), [])?.forecast).toBeNull();
  const tile = (shown: Tile['shown'], trend: object | null = null) =>
    ({ shown, next: nextCleaning(cycles, at(70)), outlook: { trend } }) as Tile;
  expect(dueAt(tile('normal'), at(70))).toBe(at(83));
  expect(dueAt(tile('normal'), at(84)), 'later than most').toBe(at(86));
  expect(dueAt(tile('normal', { kind: 'rising', reaches: { at: at(75) } }), at(70))).toBe(at(75));
  expect(dueAt(tile('warning'), at(70))).toBeNull();
});
