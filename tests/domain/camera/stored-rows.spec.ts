import { expect, test } from '@playwright/test';
import {
  ENGLISH_FORMATS,
  localTime,
  speakFormats,
  utc,
  utcDate,
  utcDay,
  utcTime,
} from '../../../src/core/i18n/format';
import { localHour } from '../../../src/core/i18n/wording';
import { originalName, timeStamp } from '../../../src/core/domain/camera/time/capture-time';
import type { DeliveryState } from '../../../src/core/domain/camera/records/delivery';
import { fateOf, fatesOf } from '../../../src/core/domain/camera/records/fate';
import { isoDay, isoInstant } from '../../../src/core/domain/instant';
import { resultsCsv, resultsJson } from '../../../src/core/domain/camera/results';
import { faultIn, type GuardedStore } from '../../../src/core/domain/camera/stored-rows';
import {
  wholeCalibration,
  wholeCamera,
  wholeDelivery,
  wholeDetections,
  wholeDetector,
  wholeEvent,
  wholeFailed,
  wholeJob,
  wholeReference,
  wholeScene,
  wholeSpanByHand,
} from '../../storage/whole-rows';
import { detailInEnglish } from '../../../src/core/i18n/in-english';

const WHOLE = {
  cameras: wholeCamera(),
  references: wholeReference(),
  jobs: wholeJob(),
  events: wholeEvent(),
  calibrations: wholeCalibration(),
  spansByHand: wholeSpanByHand(),
  deliveries: wholeDelivery(),
  detectors: wholeDetector(),
  detections: wholeDetections(),
} satisfies Record<GuardedStore, object>;

/** A row with another value at a path; `undefined` takes the field away. */
function withAt(row: object, path: string, value: unknown): object {
  const [field = '', ...rest] = path.split('.');
  const inner = (row as Record<string, object>)[field]!;
  return { ...row, [field]: rest.length > 0 ? withAt(inner, rest.join('.'), value) : value };
}

test('a whole row of each store can be used, as can one of an earlier version', () => {
  for (const [store, row] of Object.entries(WHOLE))
    expect(faultIn(store as GuardedStore, row), store).toBeNull();
  expect(faultIn('jobs', wholeFailed())).toBeNull();
  expect(faultIn('jobs', { ...WHOLE.jobs, distance: null, more: 1 })).toBeNull();
  for (const error of [0.01, null, Infinity])
    expect(faultIn('jobs', withAt(WHOLE.jobs, 'properties.reconstructionError', error))).toBeNull();
  expect(faultIn('references', { ...WHOLE.references, capturedAt: [null, 5] })).toBeNull();
});

test('an answer to a change can be used, and one with a broken part is named', () => {
  const answered = wholeScene();
  expect(faultIn('events', answered)).toBeNull();
  expect(faultIn('events', withAt(answered, 'scene.liftedAt', undefined))).toBeNull();
  for (const [path, value] of [
    ...([
      ['answer', 'perhaps'],
      ['growth', [1.5]],
      ['loss', null],
      ['referenceId', 1],
    ] as const),
    ...([
      ['position.down', NaN],
      ['liftedAt', 1e300],
    ] as const),
  ])
    expect(faultIn('events', withAt(answered, `scene.${path}`, value))).toBe(`scene.${path}`);
});

test('an alarm that was seen can be used, and one with a broken part is named', () => {
  const seen = wholeEvent('seen', { kind: 'seen', who: 'Dive team', until: 5 });
  expect(faultIn('events', seen)).toBeNull();
  expect(faultIn('events', withAt(seen, 'until', 1e300))).toBe('until');
  expect(faultIn('events', withAt(seen, 'who', 7))).toBe('who');
});

const BROKEN: readonly [GuardedStore, string, ...unknown[]][] = [
  ['jobs', 'capturedAt', 1e300, NaN, -1, null, '2023', new Date(0)],
  ['jobs', 'createdAt', Infinity, 8.64e15, undefined],
  ['jobs', 'id', 42, null],
  ['jobs', 'imageName', 42, null, undefined, {}],
  ['jobs', 'cameraId', null],
  ['jobs', 'contentSha256', 7],
  ['jobs', 'distance', NaN, Infinity, undefined, '0.1'],
  ['jobs', 'windowFill', NaN, 1.5],
  ['jobs', 'jobStatus', 'Running', null],
  ['jobs', 'driftStatus', 'fine'],
  ['jobs', 'referenceId', null],
  ['jobs', 'modelSha256', 1],
  ['jobs', 'thresholds', null, 5],
  ['jobs', 'thresholds.drift', NaN],
  ['jobs', 'detector.sigma', 0, NaN, '0.3'],
  ['jobs', 'detector.windowSize', 0, 1e300],
  ['jobs', 'persistence', null],
  ['jobs', 'properties', undefined],
  ['jobs', 'properties.contrast', NaN, null],
  ['jobs', 'properties.haze', NaN, null],
  ['cameras', 'name', null, 42],
  ['cameras', 'detector', undefined],
  ['cameras', 'thresholds.warning', NaN],
  ['cameras', 'warmUp', 'maybe'],
  ['cameras', 'createdAt', 1e300],
  ['references', 'embeddings', null, [[1, 2]]],
  ['references', 'names', [1]],
  ['references', 'contentSha256', 'text', [1]],
  ['references', 'version', NaN],
  ['events', 'at', 1e300, NaN, null],
  ['events', 'kind', 'lost'],
  ['calibrations', 'detector', null],
  ['calibrations', 'createdAt', NaN],
  ['spansByHand', 'usability', 'fine', null],
  ['spansByHand', 'begin', NaN, null],
  ['spansByHand', 'end', 1e300],
  ['spansByHand', 'note', 5],
  ['deliveries', 'capturedAt', 1e300],
  ['deliveries', 'body', null],
  ['deliveries', 'notBefore', NaN],
  ['deliveries', 'state', 'lost'],
  ['deliveries', 'failure', 5],
  ['detectors', 'classes', null, [1], 'fish'],
  ['detections', 'boxes', null, [null], [{ left: NaN }]],
];

for (const [store, path, ...values] of BROKEN) {
  test(`${path} of ${store} that is not what it should be is found`, () => {
    for (const value of values)
      expect(faultIn(store, withAt(WHOLE[store], path, value)), String(value)).toBe(path);
  });
}

test('what is no row at all is told', () => {
  for (const row of [null, undefined, 5, 'row']) expect(faultIn('jobs', row)).toBe('row');
  expect(faultIn('jobs', { ...wholeFailed(), code: 5 })).toBe('code');
  const persistence = { raiseAfter: NaN, clearAfter: 1, clearBelow: 1 };
  expect(faultIn('jobs', { ...WHOLE.jobs, persistence })).toBe('persistence.raiseAfter');
  expect(faultIn('deliveries', { ...WHOLE.deliveries, failure: { code: 5 } })).toBe('failure.code');
  const size = { code: 'file-size', size: 2003, most: 320 };
  expect(faultIn('jobs', { ...wholeFailed(), detail: size })).toBeNull();
  for (const detail of [5, { size: 2003 }, { ...size, most: [] }])
    expect(faultIn('jobs', { ...wholeFailed(), detail })).toBe('detail');
});

test('10,000 jobs are looked at in some tens of milliseconds', () => {
  const jobs = Array.from({ length: 10_000 }, (_, i) => wholeJob(`job ${i}`, i));
  // Of this process alone, since others load the machine.
  const before = process.cpuUsage();
  expect(jobs.filter((job) => faultIn('jobs', job) !== null)).toHaveLength(0);
  const milliseconds = process.cpuUsage(before).user / 1000;
  test.info().annotations.push({ type: 'ms per 10,000', description: milliseconds.toFixed(1) });
  // Ten times what it takes on a machine at rest.
  expect(milliseconds).toBeLessThan(400);
});

test('a number that is no moment is written as such, wherever a moment is', () => {
  for (const at of [1e300, NaN, Infinity, -1, 8.64e15 + 1]) {
    for (const write of [utc, utcTime, utcDay, localTime, localHour, utcDate, isoInstant]) {
      expect(write(at), `${write.name} ${at}`).toBe('not a date');
    }
    expect(isoDay(at)).toBe('not a date');
    expect(timeStamp(at)).toBe('not-a-date');
    expect(originalName({ imageName: 'x', capturedAt: at }, 'Reef')).toBe('not-a-date-Reef.jpg');
    const job = wholeJob('job', at);
    expect(resultsCsv([job], { name: 'Reef' })).toContain('job.jpg,not a date,Reef');
    expect(resultsJson([job], new Map(), { name: 'Reef' }, detailInEnglish)).toContain('not a date');
  }
  speakFormats({ ...ENGLISH_FORMATS, noDate: 'sense data' });
  expect(utc(NaN)).toBe('sense data');
  speakFormats(ENGLISH_FORMATS);
  const at = Date.UTC(2023, 6, 30, 8, 30, 36, 250);
  expect([isoInstant(at), timeStamp(at), utc(at)]).toEqual([
    '2023-07-30T08:30:36.250Z',
    '20230730-083036',
    '30 July 2023, 08:30 UTC',
  ]);
});

test('records of deleted snapshots: unsent ones go, arrived ones by choice, others are looked up', () => {
  const lane = 'https://drift.example#experiment';
  const states: readonly DeliveryState[] = ['queued', 'sending', 'unknown', 'refused', 'sent', 'confirmed'];
  const here = { baseUrl: 'https://drift.example', experimentId: 'other' };
  const fates = (destination: typeof here | null, keeps: boolean) =>
    states.map((state) => fateOf({ state, lane }, destination, keeps)).join(' ');
  expect(fates(here, false)).toBe('dropped withdrawn withdrawn withdrawn withdrawn withdrawn');
  expect(fates(here, true)).toBe('dropped withdrawn withdrawn withdrawn left left');
  // With no service to ask, existing records stay, and uncertain ones are not sent again.
  const nowhere = 'dropped dropped dropped dropped left left';
  expect(fates(null, false)).toBe(nowhere);
  expect(fates({ ...here, baseUrl: 'https://other.example' }, false)).toBe(nowhere);
  const all = states.map((state) => ({ state, lane }));
  expect(fatesOf(all, here)).toEqual({ unsent: 1, arrived: 2, unsettled: 3, beyond: 0 });
  expect(fatesOf(all, null)).toEqual({ unsent: 4, arrived: 0, unsettled: 0, beyond: 2 });
});
