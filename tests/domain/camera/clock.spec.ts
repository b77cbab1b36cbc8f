import { expect, test } from '@playwright/test';
import {
  believedNow,
  clockFaults,
  clockRuns,
  clockStand,
  inRightTime,
  isAside,
  slightlyAhead,
  type ClockFault,
  type Stated,
} from '../../../src/core/domain/camera/time/clock';
import type { CompletedJob, Job } from '../../../src/core/domain/camera/job';
import { completed, HOUR, NOON } from './jobs';

const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 5, 15, 12);

/** A file as it was given: its time in words, and what its name is or where the time is from. */
function file(
  time: string,
  name = `${time}.jpg`,
  capturedAtSource: Stated['capturedAtSource'] = 'exif',
): Stated {
  return { imageName: name, capturedAt: Date.parse(`${time}Z`), capturedAtSource };
}

/** Daily files of these days of a year. */
function daily(year: number, days: number): Stated[] {
  return Array.from({ length: days }, (_, i) => {
    const time = new Date(Date.UTC(year, 0, 1 + i)).toISOString().slice(0, 19);
    return file(time, `${time}.jpg`, 'file-name');
  });
}

/** Numbered files of the named times. */
const numbered = (...times: string[]) => times.map((time, i) => file(time, `IMG_${String(i + 8)}.JPG`));

const known = (...files: Stated[]) => files.map(({ capturedAt }) => capturedAt);
const season = ['2024-05-01T08:00', '2024-05-01T09:00', '2024-05-01T10:00', '2024-05-01T11:00'];

interface Case {
  readonly run: readonly Stated[];
  readonly known?: readonly number[];
  /** of the files that are set aside, by place; none for a run that is all right */
  readonly faults?: Readonly<Record<number, ClockFault>>;
}

const CASES: Readonly<Record<string, Case>> = {
  now: { run: [file('2026-06-15T12:00')] },
  'local time taken as UTC, 14 hours ahead': { run: [file('2026-06-16T02:00')] },
  'a day and a minute ahead': { run: [file('2026-06-16T12:01')], faults: { 0: 'clock-ahead' } },
  'the year 2099, among others': {
    run: [...daily(2025, 3), file('2099-01-01T00:00')],
    faults: { 3: 'clock-ahead' },
  },
  'a clock that was never set, 1970': { run: [file('1970-01-01T00:00')], faults: { 0: 'clock-impossible' } },
  'a clock that was never set, 1980': { run: [file('1980-01-01T00:07')], faults: { 0: 'clock-impossible' } },
  'files without any date, and nothing else': {
    run: [1, 2, 3].map((i) => file('1980-01-01T00:00', `clean-${i}.jpg`, 'file-date')),
  },
  'one file without any date among dated ones': {
    run: [file('1980-01-01T00:00', 'a.jpg', 'file-date'), ...daily(2025, 3)],
    faults: { 0: 'clock-impossible' },
  },
  'a clock that began anew in 2000, days ago': {
    run: [file('2000-01-09T03:00')],
    known: known(...daily(2025, 3)),
    faults: { 0: 'clock-impossible' },
  },
  'the year 2000 of an archive that goes on': { run: [...daily(2000, 60), ...daily(2001, 3)] },
  'a first snapshot of January 2000, and nothing else': { run: [file('2000-01-09T03:00')] },
  'an archive of several years, dropped at once': {
    run: [...daily(2011, 9), ...daily(2015, 9), ...daily(2019, 9), ...daily(2026, 9)],
  },
  'a camera that was silent for two years': { run: daily(2026, 3), known: known(...daily(2023, 9)) },
  'a single old snapshot on a new camera': {
    run: [file('2009-07-30T12:00')],
    known: known(...daily(2026, 9)),
  },
  'older ones given late, in any number': { run: daily(2012, 90), known: known(...daily(2026, 9)) },
  'one of a counted run that is years off both its neighbours': {
    run: numbered(season[0]!, season[1]!, '2013-01-01T00:02', season[2]!, season[3]!),
    faults: { 2: 'clock-impossible' },
  },
  'the same without neighbours on one side': {
    run: numbered('2013-01-01T00:02', ...season),
  },
  'cards of two years whose numbers mix': {
    run: numbered(season[0]!, '2019-05-01T08:00', season[1]!, '2019-05-01T09:00', season[2]!, season[3]!),
  },
};

for (const [name, { run, known = [], faults = {} }] of Object.entries(CASES)) {
  test(`${Object.keys(faults).length > 0 ? 'set aside' : 'taken'}: ${name}`, () => {
    const found = clockFaults(run, NOW, known);
    expect(found).toEqual(run.map((_, i) => faults[i] ?? null));
    // Nothing depends on the order in which files were given.
    const reversed = clockFaults([...run].reverse(), NOW, [...known].reverse());
    expect(reversed.reverse()).toEqual(found);
  });
}

test('a correction moves what can’t be right and what was set aside, and nothing that states the same days later', () => {
  const corrections = [{ from: Date.UTC(2026, 5, 20), to: Date.UTC(2026, 5, 22), by: -10 * DAY, madeAt: 0 }];
  const wrong = file('2026-06-21T00:00');
  const take = (now: number, wasAside = false) =>
    inRightTime([wrong], { now, known: [], corrections, wasAside: () => wasAside })[0];
  const moved = { capturedAt: Date.UTC(2026, 5, 11), statedAt: Date.UTC(2026, 5, 21) };
  expect(take(NOW)).toEqual(moved);
  const later = NOW + 30 * DAY;
  expect(take(later, true)).toEqual(moved);
  expect(take(later)).toEqual({ capturedAt: wrong.capturedAt });
  // Too little is too little, and a person can say that a time is right.
  const [still] = inRightTime([file('2099-01-01T00:00')], {
    ...{ now: NOW, known: [], wasAside: () => false },
    corrections: [{ from: 0, to: Date.UTC(2100, 0, 1), by: -DAY, madeAt: 0 }],
  });
  expect(still).toMatchObject({ fault: 'clock-ahead', statedAt: Date.UTC(2099, 0, 1) });
  const [vouched] = inRightTime([file('1985-01-01T00:00')], {
    ...{ now: NOW, known: [], wasAside: () => false },
    corrections: [{ from: 0, to: Date.UTC(1990, 0, 1), by: 0, madeAt: 0 }],
  });
  expect(vouched).toEqual({ capturedAt: Date.UTC(1985, 0, 1), statedAt: Date.UTC(1985, 0, 1) });
});

const stored = (...hours: number[]) =>
  hours.map((hour) => completed(hour, 0.01, { contentSha256: String(hour) }));
const YEARS = 75 * 365 * 24;

function standing(jobs: readonly Job[], now: number) {
  const { believed, aside, doubted } = clockStand(jobs, now, []);
  return [believed.length, aside.length, doubted.length];
}

test('a stored job of 2099 is set aside, whatever it was scored as; nothing of the others changes', () => {
  const jobs = [...stored(0, 1, 2), ...stored(YEARS)];
  const stand = clockStand(jobs, NOON + 3 * HOUR, []);
  expect(stand.believed).toEqual(jobs.slice(0, 3));
  expect(stand.aside).toMatchObject([{ id: `job-${YEARS}`, jobStatus: 'Failed', code: 'clock-ahead' }]);
  expect(stand.aside.every(isAside)).toBe(true);
  expect(stand.doubted).toEqual([]);
  // The same picture under its right time leaves nothing to do.
  const judged = completed(3, 0.01, { contentSha256: String(YEARS) });
  expect(clockStand([...jobs.slice(0, 3), judged, jobs[3]!], NOON + 4 * HOUR, []).aside).toEqual([]);
});

test('a device’s clock that was set back makes no history vanish: what lies ahead of it is doubted', () => {
  const history = stored(0, 24, 48, 72, 96);
  expect(standing(history, NOON + 96 * HOUR)).toEqual([5, 0, 0]);
  expect(standing(history, NOON - 900 * DAY)).toEqual([5, 0, 5]);
  // Those that go on where the others end, however few.
  expect(standing(history, NOON + 60 * HOUR)).toEqual([5, 0, 1]);
  // Many, though years lie between.
  const jump = [...stored(0, 1), ...stored(YEARS, YEARS + 1, YEARS + 2)];
  expect(standing(jump, NOON + 2 * HOUR)).toEqual([5, 0, 3]);
  // A single name far beyond them has nothing to do with it.
  expect(standing([...history, ...stored(YEARS)], NOON + 97 * HOUR)).toEqual([5, 1, 0]);
});

test('a snapshot that came later and is in step with the device shows that those ahead are wrong', () => {
  const at = NOON + 2 * HOUR;
  const inStep = completed(2, 0.01, { createdAt: at + 60_000, contentSha256: '2' });
  const ahead = stored(100, 101, 102).map((job): CompletedJob => ({ ...job, createdAt: NOON }));
  expect(standing([...stored(0, 1), ...ahead], at)).toEqual([5, 0, 3]);
  expect(standing([...stored(0, 1), inStep, ...ahead], at)).toEqual([3, 3, 0]);
});

test('once a person has said that the camera was wrong, what was doubted is set aside', () => {
  const jobs = stored(0, 24, 48, 72);
  const corrections = [{ from: NOON + 24 * HOUR, to: NOON + 72 * HOUR, by: -DAY, madeAt: 0 }];
  const stand = clockStand(jobs, NOON - DAY + 1, corrections);
  expect([stand.believed.length, stand.aside.length, stand.doubted.length]).toEqual([1, 3, 0]);
});

test('what was set aside is told in runs, the newest first', () => {
  const { aside } = clockStand([...stored(0, 1), ...stored(YEARS, YEARS + 5)], NOON, []);
  const impossible = { ...aside[0]!, id: 'old', code: 'clock-impossible', capturedAt: 60_000 } as const;
  const runs = clockRuns([...aside, impossible]);
  expect(runs.map(({ fault, from, to, jobs }) => [fault, from, to, jobs.length])).toEqual([
    ['clock-ahead', NOON + YEARS * HOUR, NOON + (YEARS + 5) * HOUR, 2],
    ['clock-impossible', 60_000, 60_000, 1],
  ]);
});

test('what a person says of the device’s clock holds until the clock is set right', () => {
  const device = { shown: Date.UTC(2020, 0, 1), is: NOW };
  expect(believedNow(NOW, null)).toBe(NOW);
  expect(believedNow(device.shown, device)).toBe(NOW);
  expect(believedNow(device.shown + HOUR, device)).toBe(NOW + HOUR);
  expect(believedNow(NOW + HOUR, device)).toBe(NOW + HOUR);
  // Set back once more, as at each start without a battery: it is not earlier than it was.
  expect(believedNow(device.shown - DAY, device)).toBe(NOW);
});

test('a newest snapshot some hours ahead is worth a word; minutes are not', () => {
  expect(slightlyAhead(NOW + 2 * HOUR, NOW)).toBe(2 * HOUR);
  expect(slightlyAhead(NOW + 5 * 60_000, NOW)).toBeNull();
  expect(slightlyAhead(NOW - DAY, NOW)).toBeNull();
});
