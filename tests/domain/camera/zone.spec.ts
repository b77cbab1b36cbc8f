import { expect, test } from '@playwright/test';
import type { CompletedJob } from '../../../src/core/domain/camera/job';
import { Shift, shiftPreview } from '../../../src/core/domain/camera/time/shift';
import { referenceInZone, timesOf } from '../../../src/core/domain/camera/time/reference-times';
import {
  FIXED_ZONES,
  isTimeZone,
  toUtc,
  toWall,
  zonesBesideUtc,
  zoneOf,
} from '../../../src/core/domain/camera/time/zone';
import { inZone, placedIn } from '../../../src/core/domain/camera/time/job-time';
import { wholeEvent, wholeReference, wholeScene, wholeSpanByHand } from '../../storage/whole-rows';
import { completed } from './jobs';

const at = (text: string) => Date.parse(`${text}Z`);
const MADRID = { timeZone: 'Europe/Madrid' };
const UTC = {};

test('a clock that is set forward or back has one moment for each time that it shows', () => {
  const cases = [
    ['2026-07-01T12:00', '2026-07-01T10:00'],
    ['2026-12-01T12:00', '2026-12-01T11:00'],
    ['2026-03-29T01:59', '2026-03-29T00:59'],
    // Left out by spring: as much later as the clocks are put forward.
    ['2026-03-29T02:00', '2026-03-29T01:00'],
    ['2026-03-29T02:30', '2026-03-29T01:30'],
    ['2026-03-29T03:00', '2026-03-29T01:00'],
    ['2026-10-25T01:59', '2026-10-24T23:59'],
    // Twice in autumn: the first.
    ['2026-10-25T02:00', '2026-10-25T00:00'],
    ['2026-10-25T02:59', '2026-10-25T00:59'],
    ['2026-10-25T03:00', '2026-10-25T02:00'],
  ] as const;
  for (const [wall, moment] of cases) expect(toUtc(at(wall), MADRID), wall).toBe(at(moment));
  expect(toUtc(at('2026-05-10T05:45'), { timeZone: 'Asia/Kathmandu' })).toBe(at('2026-05-10T00:00'));
  expect(toUtc(at('2026-04-05T01:45'), { timeZone: 'Australia/Lord_Howe' })).toBe(at('2026-04-04T14:45'));
  expect(toUtc(at('2026-05-10T10:00'), { ...MADRID, timeOffset: -180_000 })).toBe(at('2026-05-10T07:57'));
  expect(toUtc(at('2026-05-10T10:00'), UTC)).toBe(at('2026-05-10T10:00'));
});

test('a clock shows what it was asked for, but for the hour that spring leaves out', () => {
  const zones = ['Europe/Madrid', 'America/St_Johns', 'Australia/Lord_Howe', 'Pacific/Apia', 'Etc/GMT+12'];
  for (const timeZone of zones) {
    const camera = { timeZone, timeOffset: 90_500 };
    const lost = new Set<string>();
    for (let wall = at('2026-01-01T00:00'); wall < at('2027-01-01T00:00'); wall += 900_000) {
      const shown = toWall(toUtc(wall, camera), camera);
      if (shown !== wall) lost.add(new Date(wall).toISOString().slice(0, 10));
    }
    const sets = ['Europe/Madrid', 'America/St_Johns', 'Australia/Lord_Howe'].includes(timeZone);
    expect(lost.size, timeZone).toBe(sets ? 1 : 0);
  }
});

test('a time zone is a name of IANA, and nothing else', () => {
  for (const name of ['UTC', 'Europe/Madrid', 'Etc/GMT-2']) expect(isTimeZone(name), name).toBe(true);
  for (const name of ['', '+02:00', 'Europe/Nowhere', 'Madrid; UTC', '\0']) {
    expect(isTimeZone(name), name).toBe(false);
  }
});

test('a camera’s zone is for names and EXIF that state none', () => {
  const placed = (...[name, stated]: [string, Parameters<typeof placedIn>[2]]) => {
    const { imageName, ...placed } = placedIn(MADRID, name, stated);
    expect(imageName).toBe(name);
    return placed;
  };
  const moment = at('2026-05-10T10:00');
  expect(placed('20260510-100000-A.jpg', { at: moment, source: 'file-name' })).toEqual({
    ...{ capturedAt: at('2026-05-10T08:00'), wallClock: moment, capturedAtSource: 'file-name' },
  });
  expect(placed('a.jpg', { at: moment, source: 'exif', offset: null })).toEqual({
    ...{ capturedAt: at('2026-05-10T08:00'), wallClock: moment },
    ...{ capturedAtSource: 'exif', statedOffset: null },
  });
  for (const name of ['2026-05-10T10:00:00Z.jpg', '20260510-120000+0200.jpg']) {
    const zoned = { capturedAt: moment, capturedAtSource: 'file-name' };
    expect(placed(name, { at: moment, source: 'file-name' }), name).toEqual(zoned);
  }
  expect(placed('a.jpg', { at: moment, source: 'exif', offset: 120 })).toEqual({
    ...{ capturedAt: moment, capturedAtSource: 'exif', statedOffset: 120 },
  });
  expect(placed('a.jpg', { at: moment, source: 'file-date' })).toEqual({
    ...{ capturedAt: moment, capturedAtSource: 'file-date' },
  });
});

/** Half an hour apart over both nights in which clocks are set: by names, by EXIF, with zones, corrected. */
const NIGHTS = ['2026-03-28T22:00', '2026-10-24T22:00'].flatMap((night, n) =>
  Array.from({ length: 24 }, (_, i) => {
    const capturedAt = at(night) + i * 1_800_000;
    const kinds = [
      { imageName: `${new Date(capturedAt).toISOString().replaceAll(/[-:]/g, '').slice(0, 15)}.jpg` },
      { imageName: 'zoned-20260329-020000+0200.jpg' },
      { capturedAtSource: 'exif' },
      { capturedAtSource: 'exif', statedOffset: null },
      { capturedAtSource: 'exif', statedOffset: 120 },
      { capturedAtSource: 'file-date' },
      { capturedAtSource: 'exif', statedAt: at('2000-01-01T00:00') },
    ] as const;
    return { ...completed(n * 100 + i, 0.1, { capturedAt, ...kinds[i % kinds.length] }) };
  }),
);

test('a change that a snapshot tells begins with the same snapshot in another zone, and back', () => {
  const [winter, summer] = [at('2026-03-28T12:00'), at('2026-03-29T12:00')];
  const first = completed(1, 0.1, { imageName: 'a.jpg', capturedAt: winter, capturedAtSource: 'exif' });
  const last = completed(2, 0.1, { imageName: 'b.jpg', capturedAt: summer, capturedAtSource: 'exif' });
  const glass = { changed: { since: winter } } as NonNullable<CompletedJob['glass']>;
  const jobs: CompletedJob[] = [first, { ...last, glass }];
  const there = new Shift(jobs, UTC, MADRID);
  const moved = jobs.map((job) => there.job(job));
  expect(moved[1]!.capturedAt).toBe(summer - 7_200_000);
  expect(moved[1]!.glass!.changed!.since).toBe(moved[0]!.capturedAt);
  const back = new Shift(moved, MADRID, UTC);
  expect(moved.map((job) => back.job(job))).toEqual(jobs);
});

test('shifted and shifted back, every time is as it was, also over the nights in which clocks are set', () => {
  const reference = wholeReference('reference', {
    names: NIGHTS.map(({ imageName }) => imageName),
    capturedAt: NIGHTS.map(({ capturedAt }, i) => (i === 3 ? null : capturedAt)),
  });
  const views = NIGHTS.map(({ capturedAt }, i) =>
    wholeEvent(`view-${i}`, { at: capturedAt, isNewView: true }),
  );
  const lifted = NIGHTS[0]!.capturedAt;
  const scenes = NIGHTS.map(({ capturedAt }, i) =>
    wholeScene(`scene-${i}`, {
      at: capturedAt,
      scene: { ...wholeScene().scene!, liftedAt: lifted },
    }),
  );
  const cleaned = wholeEvent('cleaned', { at: at('2026-10-25T01:30') });
  const spans = NIGHTS.map(({ capturedAt }, i) =>
    wholeSpanByHand(`span-${i}`, { begin: capturedAt - 700_000, end: capturedAt + 5_000_000 }),
  );
  const places = [UTC, MADRID, { timeZone: 'America/New_York', timeOffset: 61_000 }, MADRID, UTC];
  let now = { jobs: NIGHTS, reference, events: [...views, ...scenes, cleaned], spans };
  const seen: (typeof now)[] = [now];
  for (const [i, to] of places.slice(1).entries()) {
    const shift = new Shift(now.jobs, places[i]!, to);
    now = {
      jobs: now.jobs.map((job) => inZone(job, to)),
      reference: referenceInZone(now.reference, to),
      events: now.events.map((event) => shift.event(event)),
      spans: now.spans.map((span) => shift.span(span)),
    };
    seen.push(now);
  }
  const [utc, madrid, , again, back] = seen;
  expect(back).toEqual(utc);
  expect(again).toEqual(madrid);
  expect(madrid!.events.at(-1)).toEqual(cleaned);
  for (const [i, job] of madrid!.jobs.entries()) {
    const stays =
      ['file-date'].includes(job.capturedAtSource) ||
      (i % 24) % 7 === 1 ||
      (i % 24) % 7 === 4 ||
      (i % 24) % 7 === 6;
    const moves = i < 24 && job.capturedAt + 3_600_000 < at('2026-03-29T02:00') ? 3_600_000 : 7_200_000;
    const by = NIGHTS[i]!.capturedAt - job.capturedAt;
    expect(stays ? by === 0 : by === moves || by === 3_600_000, String(i)).toBe(true);
    // A view goes with its picture, wherever that goes.
    expect(madrid!.events[i]!.at - job.capturedAt).toBe(0);
    // So does a change of the scene.
    const changed = madrid!.events.find(({ id }) => id === `scene-${i}`)!;
    expect([changed.at, changed.scene!.liftedAt]).toEqual([job.capturedAt, lifted - 3_600_000]);
  }
  const besideTimes = [
    { at: at('2026-05-10T10:00'), wallClock: at('2026-05-10T10:00') },
    { at: at('2026-05-10T12:00') },
  ];
  expect(referenceInZone({ ...reference, besideTimes }, MADRID).besideTimes).toEqual([
    { at: at('2026-05-10T08:00'), wallClock: at('2026-05-10T10:00') },
    { at: at('2026-05-10T12:00') },
  ]);
  const isReal = { ...reference, wallClocks: NIGHTS.map(() => null) };
  expect(referenceInZone(isReal, MADRID)).toEqual(isReal);
  expect(timesOf({ names: ['20260510-100000-A.jpg', 'a.jpg'] }, MADRID)).toEqual([
    at('2026-05-10T08:00'),
    null,
  ]);
});

test('what a shift moves is told with its ends and with how many may state a zone', () => {
  const preview = shiftPreview(NIGHTS.slice(0, 7), MADRID);
  expect(preview).toMatchObject({
    ...{ count: 3, unknown: 1 },
    first: { imageName: '20260328T220000.jpg', from: at('2026-03-28T22:00'), to: at('2026-03-28T21:00') },
    last: { from: at('2026-03-28T23:30'), to: at('2026-03-28T22:30') },
  });
});

test('each zone can be chosen once, though Firefox lists the fixed ones too', () => {
  const listed = ['Etc/GMT+12', 'Etc/GMT-2', 'Europe/Madrid', 'UTC'];
  const zones = zonesBesideUtc('Etc/GMT-2', listed);
  expect(zones.slice(0, 2)).toEqual(['Etc/GMT-2', 'Etc/GMT+12']);
  expect(zones).toHaveLength(FIXED_ZONES.size + 1);
  expect(new Set(zones)).toEqual(new Set([...FIXED_ZONES.keys(), 'Europe/Madrid']));
  for (const [zone, name] of FIXED_ZONES) expect(`UTC${signed(zoneOf(zone)(0) / 3_600_000)}`).toBe(name);
});

const signed = (hours: number) => `${hours > 0 ? '+' : ''}${String(hours)}`;
