import { expect, test } from '@playwright/test';
import {
  believedNow,
  clockRuns,
  correctionsBeside,
  isAside,
  isLeftOut,
  rightTimes,
  slightlyAhead,
  withCorrection,
  type ClockFacts,
  type ClockFault,
  type SnapshotTimeFacts,
} from '../../../src/core/domain/camera/time/clock';
import { clockStand, inRightTime } from '../../../src/core/domain/camera/time/clock-stand';
import { compareJobs, type CompletedJob, type Job } from '../../../src/core/domain/camera/job';
import { isUnjudged } from '../../../src/core/domain/camera/snapshot-job';
import { wholeCamera, wholeFailed } from '../../storage/whole-rows';
import { completed, HOUR, NOON } from './jobs';

const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 5, 15, 12);

/** A file as it was given: its time in words, and what its name is or where the time is from. */
function file(
  time: string,
  name = `${time}.jpg`,
  capturedAtSource: SnapshotTimeFacts['capturedAtSource'] = 'exif',
): SnapshotTimeFacts {
  return { imageName: name, contentSha256: name, capturedAt: Date.parse(`${time}Z`), capturedAtSource };
}

/** Daily files of these days of a year. */
function daily(year: number, days: number): SnapshotTimeFacts[] {
  return Array.from({ length: days }, (_, i) => {
    const time = new Date(Date.UTC(year, 0, 1 + i)).toISOString().slice(0, 19);
    return file(time, `${time}.jpg`, 'file-name');
  });
}

/** Numbered files of the named times. */
const numbered = (...times: string[]) => times.map((time, i) => file(time, `IMG_${String(i + 8)}.JPG`));

const season = ['2024-05-01T08:00', '2024-05-01T09:00', '2024-05-01T10:00', '2024-05-01T11:00'];

interface Case {
  readonly run: readonly SnapshotTimeFacts[];
  readonly known?: readonly SnapshotTimeFacts[];
  /** of the files that are set aside, by place; none for a run that is all right */
  readonly faults?: Readonly<Record<number, ClockFault>>;
}

const CASES: Readonly<Record<string, Case>> = {
  now: { run: [file('2026-06-15T12:00')] },
  'local time taken as UTC, 14 hours ahead': { run: [file('2026-06-16T02:00')] },
  'a day and a minute ahead': {
    run: [file('2026-06-16T12:01')],
    known: daily(2025, 3),
    faults: { 0: 'clock-ahead' },
  },
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
    known: [...daily(2025, 3)],
    faults: { 0: 'clock-impossible' },
  },
  'the year 2000 of an archive that goes on': { run: [...daily(2000, 60), ...daily(2001, 3)] },
  'a first snapshot of January 2000, and nothing else': { run: [file('2000-01-09T03:00')] },
  'an archive of several years, dropped at once': {
    run: [...daily(2011, 9), ...daily(2015, 9), ...daily(2019, 9), ...daily(2026, 9)],
  },
  'a camera that was silent for two years': { run: daily(2026, 3), known: [...daily(2023, 9)] },
  'a single old snapshot on a new camera': {
    run: [file('2009-07-30T12:00')],
    known: [...daily(2026, 9)],
  },
  'older ones given late, in any number': { run: daily(2012, 90), known: [...daily(2026, 9)] },
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

const facts = (change: Partial<ClockFacts> = {}): ClockFacts => ({
  ...{ now: NOW, corrections: [], clean: [] },
  ...change,
});

for (const [name, { run, known = [], faults = {} }] of Object.entries(CASES)) {
  test(`${Object.keys(faults).length > 0 ? 'set aside' : 'taken'}: ${name}`, () => {
    const faultsOf = (pictures: readonly SnapshotTimeFacts[]) => {
      const times = rightTimes(pictures, facts());
      return run.map((file) => times.get(file)?.fault ?? null);
    };
    expect(faultsOf([...known, ...run])).toEqual(run.map((_, i) => faults[i] ?? null));
    // Nothing depends on the order in which files were given.
    expect(faultsOf([...run].reverse().concat([...known].reverse()))).toEqual(faultsOf([...known, ...run]));
  });
}

test('the date of a file is no time until a person says so, and moves nothing before', () => {
  const undated = ['2026-06-15T11:00', '2026-04-01T09:00'].map((time) => file(time, time, 'file-date'));
  const run = [...daily(2026, 3), ...undated];
  const faultsBy = (change: Partial<ClockFacts>) =>
    run.map((picture) => rightTimes(run, facts(change)).get(picture)?.fault ?? null);
  const asked = [null, null, null, 'time-unknown', 'time-unknown'];
  expect(faultsBy({ fileDatesUntil: 0 })).toEqual(asked);
  expect(faultsBy({ fileDatesUntil: Date.UTC(2026, 4, 1) })).toEqual([
    null,
    null,
    null,
    'time-unknown',
    null,
  ]);
  expect(faultsBy({})).toEqual(run.map(() => null));

  const [newest] = undated;
  const period = { from: Date.UTC(2026, 5, 15), to: NOW };
  const moved = { ...period, by: -60 * DAY, madeAt: NOW };
  const by = (...corrections: ClockFacts['corrections'][number][]) =>
    rightTimes(run, facts({ fileDatesUntil: 0, corrections })).get(newest!);
  const stated = newest!.capturedAt;
  expect(by(moved)).toEqual({ capturedAt: stated - 60 * DAY, statedAt: stated });
  expect(by({ ...moved, by: null })).toMatchObject({ fault: 'time-unknown' });
  // The dates of later files are right: these pictures stay where they were put.
  expect(rightTimes(run, facts({ corrections: [moved] })).get(newest!)).toEqual(by(moved));
});

test('pictures without a time are one question, and its answer leaves earlier ones as they are', () => {
  const job = (day: number) =>
    ({
      ...wholeFailed(`day ${String(day)}`, day * DAY, { code: 'time-unknown', createdAt: NOW }),
    }) satisfies Job;
  const [run, ...more] = clockRuns([job(100), job(1), job(10)]);
  expect(more).toEqual([]);
  expect(run).toMatchObject({ fault: 'time-unknown', from: DAY, to: 100 * DAY });
  const earlier = { from: 20 * DAY, to: 30 * DAY, by: DAY, madeAt: 0 };
  const before = { from: 9 * DAY, to: 11 * DAY, by: null, madeAt: 0 };
  const now = withCorrection(run!, [earlier, before], { by: 0, madeAt: NOW });
  expect(now).toEqual([
    earlier,
    { from: DAY, to: 20 * DAY - 1, by: 0, madeAt: NOW },
    { from: 30 * DAY + 1, to: 100 * DAY, by: 0, madeAt: NOW },
  ]);
  expect(correctionsBeside(run!, now)).toEqual([earlier]);
  const leftOut = withCorrection(run!, [], { by: null, madeAt: NOW });
  expect(isLeftOut(job(10), leftOut)).toBe(true);
  // Given later, they are asked about again.
  expect(isLeftOut({ ...job(10), createdAt: NOW + 1 }, leftOut)).toBe(false);
});

test('a correction moves what can’t be right, and as time passes nothing that states the same days by then', () => {
  const corrections = [
    { from: Date.UTC(2026, 5, 20), to: Date.UTC(2026, 5, 22), by: -10 * DAY, madeAt: NOW },
  ];
  const right = daily(2026, 3);
  const take = (picture: SnapshotTimeFacts, change: Partial<ClockFacts>) =>
    rightTimes([...right, picture], facts({ corrections, ...change })).get(picture);
  const wrong = file('2026-06-21T00:00');
  const moved = { capturedAt: Date.UTC(2026, 5, 11), statedAt: Date.UTC(2026, 5, 21) };
  expect(take(wrong, {})).toEqual(moved);
  const later = NOW + 30 * DAY;
  expect(take({ ...wrong, ...moved }, { now: later })).toEqual(moved);
  expect(take(wrong, { now: later })).toBeUndefined();
  // Taken back, it stands where its file says.
  expect(take({ ...wrong, ...moved }, { now: later, corrections: [] })).toEqual({
    capturedAt: wrong.capturedAt,
  });
  // Too little is too little, and a person can say that a time is right.
  const still = take(file('2099-01-01T00:00'), {
    corrections: [{ from: 0, to: Date.UTC(2100, 0, 1), by: -DAY, madeAt: 0 }],
  });
  expect(still).toMatchObject({ fault: 'clock-ahead', statedAt: Date.UTC(2099, 0, 1) });
  const vouched = take(file('1985-01-01T00:00'), {
    corrections: [{ from: 0, to: Date.UTC(1990, 0, 1), by: 0, madeAt: 0 }],
  });
  expect(vouched).toEqual({ capturedAt: Date.UTC(1985, 0, 1), statedAt: Date.UTC(1985, 0, 1) });
});

const stored = (...hours: number[]) =>
  hours.map((hour) => completed(hour, 0.01, { contentSha256: String(hour) }));
const modelSha256 = 'a'.repeat(64);
const YEARS = 75 * 365 * 24;

function standing(jobs: readonly Job[], now: number) {
  const { believed, aside, doubted } = clockStand(jobs, facts({ now }));
  return [believed.length, aside.length, doubted.length];
}

test('a stored job of 2099 is set aside, whatever it was scored as; nothing of the others changes', () => {
  const jobs = [...stored(0, 1, 2), ...stored(YEARS)];
  const stand = clockStand(jobs, facts({ now: NOON + 3 * HOUR }));
  expect(stand.believed).toEqual(jobs.slice(0, 3));
  expect(stand.aside).toMatchObject([{ id: `job-${YEARS}`, jobStatus: 'Failed', code: 'clock-ahead' }]);
  expect(stand.aside.every(isAside)).toBe(true);
  expect(stand.doubted).toEqual([]);
  // The same picture under its right time leaves nothing to do.
  const judged = completed(3, 0.01, { contentSha256: String(YEARS) });
  expect(clockStand([...jobs.slice(0, 3), judged, jobs[3]!], facts({ now: NOON + 4 * HOUR })).aside).toEqual(
    [],
  );
});

test('a time of a camera in another zone is compared with now as it is there, and corrected by what its file states', () => {
  const zone = { timeZone: 'Etc/GMT-14' } as const;
  const wall = NOW + 30 * HOUR;
  const at = wall - 14 * HOUR;
  const local = { ...file('2026-06-16T18:00'), capturedAt: at, wallClock: wall };
  const right = daily(2026, 3);
  expect(rightTimes([...right, local], facts(zone)).get(local)).toBeUndefined();
  const later = { ...local, capturedAt: at + DAY, wallClock: wall + DAY };
  const corrections = [{ from: later.wallClock, to: later.wallClock, by: -3 * DAY, madeAt: NOW }];
  const corrected = rightTimes([...right, later], facts({ ...zone, corrections })).get(later);
  expect(corrected).toEqual({ capturedAt: wall - 2 * DAY, statedAt: later.wallClock });
  // Taken back, it is in its zone again.
  const { wallClock: _, ...moved } = { ...later, ...corrected };
  expect(rightTimes([...right, moved], facts({ ...zone, now: NOW + 2 * DAY })).get(moved)).toEqual({
    ...{ capturedAt: later.capturedAt, wallClock: later.wallClock },
  });
  // A clock that begins anew in 2000 does so in its own zone, and not where the camera's offset makes up for it.
  const begun = { ...file('2000-01-01T00:10'), capturedAt: Date.UTC(1999, 11, 31, 10, 10) };
  const anew = { ...begun, wallClock: Date.UTC(2000, 0, 1, 0, 10) };
  expect(rightTimes([...right, anew], facts(zone)).get(anew)?.fault).toBe('clock-impossible');
  const timeOffset = Date.UTC(2026, 0, 4) - Date.UTC(2000, 0, 1);
  const offset = { ...anew, capturedAt: anew.wallClock + timeOffset };
  expect(rightTimes([...right, offset], facts({ timeOffset })).get(offset)).toBeUndefined();
});

test('a device’s clock that was set back makes no history vanish: what lies ahead of it is doubted', () => {
  const history = stored(0, 24, 48, 72, 96);
  expect(standing(history, NOON + 96 * HOUR)).toEqual([5, 0, 0]);
  expect(standing(history, NOON - 900 * DAY)).toEqual([5, 0, 5]);
  // Those that go on where the others end, however few.
  expect(standing(history, NOON + 60 * HOUR)).toEqual([5, 0, 1]);
  // Many, though years lie between.
  const jump = [...stored(0, 1), ...stored(YEARS, YEARS + 1, YEARS + 2)];
  expect(standing(jump, NOON + 90 * DAY)).toEqual([5, 0, 3]);
  // A single name far beyond them has nothing to do with it.
  expect(standing([...history, ...stored(YEARS)], NOON + 97 * HOUR)).toEqual([5, 1, 0]);
});

test('a newest snapshot in step with the device shows that those ahead are wrong, however many', () => {
  const ahead = stored(100, 101, 102);
  expect(standing([...stored(0, 1), ...ahead], NOON + 40 * HOUR)).toEqual([5, 0, 3]);
  expect(standing([...stored(0, 1, 39), ...ahead], NOON + 40 * HOUR)).toEqual([3, 3, 0]);
});

test('once a person has said that the camera was wrong, what was doubted moves, or is set aside', () => {
  const jobs = stored(0, 24, 48, 72);
  const corrections = [{ from: NOON + 24 * HOUR, to: NOON + 72 * HOUR, by: -DAY, madeAt: 0 }];
  const clock = facts({ now: NOON - DAY + 1, corrections });
  const { jobs: right, fresh, from, others } = inRightTime(jobs, wholeCamera('a', { modelSha256 }), clock);
  expect(right.map(({ capturedAt }) => capturedAt)).toEqual([NOON, NOON]);
  expect([...fresh]).toEqual(['job-24']);
  expect(from).toEqual([24, 48, 72].map((hour) => NOON + hour * HOUR));
  const moved = [...right, ...others.values()].sort(compareJobs);
  const stand = clockStand(moved, clock);
  expect([stand.believed.length, stand.aside.length, stand.doubted.length]).toEqual([2, 2, 0]);
  // All that is stored then is as it has to be.
  expect(inRightTime(moved, wholeCamera('a', { modelSha256 }), clock)).toMatchObject({ from: [] });
});

/** 200 take half a minute. */
const SETS = process.env['PORTHOLE_ENDURANCE'] ? 200 : 30;

test('what counts, in which time, depends on the set of snapshots and no order: many sets, each in three orders and stored in parts', () => {
  const camera = wholeCamera('a', { modelSha256 });
  const kinds = [
    (i: number) => Date.UTC(2026, 0, 1) + i * HOUR,
    (i: number) => Date.UTC(2026, 5, 14) + i * HOUR,
    (i: number) => Date.UTC(2000, 0, 1) + i * HOUR,
    (i: number) => Date.UTC(2013, 0, 1) + i * HOUR,
    (i: number) => Date.UTC(1970, 0, 1) + i * HOUR,
    (i: number) => NOW + 3 * DAY + i * HOUR,
    (i: number) => Date.UTC(2099, 0, 1) + i * HOUR,
  ];
  const corrections = [
    { from: 0, to: Date.UTC(2001, 0, 1), by: Date.UTC(2026, 1, 1) - Date.UTC(2000, 0, 1), madeAt: NOW },
    { from: Date.UTC(2099, 0, 1), to: Date.UTC(2100, 0, 1), by: -73 * 365 * DAY, madeAt: NOW },
  ];
  for (let seed = 1; seed <= SETS; seed++) {
    const below = dice(seed);
    const used = kinds.filter((_, kind) => kind < 2 || below(2) === 0);
    const jobs = Array.from({ length: 5 + below(30) }, (_, i): CompletedJob => {
      const capturedAt = used[below(4) === 0 ? below(used.length) : below(2)]!(i);
      const judged = completed(i, null, { contentSha256: String(i), imageName: `IMG_${i}.JPG`, capturedAt });
      return { ...judged, windowFill: 0 };
    });
    const clock = facts({ corrections: corrections.filter(() => below(2) === 0) });
    const stateAfter = (parts: readonly (readonly CompletedJob[])[]) => {
      let all: Job[] = [];
      for (const part of parts) {
        const { jobs: counted, others } = inRightTime([...all, ...part].sort(compareJobs), camera, clock);
        const judged = counted.map((job) => ({ ...job, windowFill: 1 }));
        const now = new Map([...others, ...judged.map((job) => [job.id, job] as const)]);
        all = [...all, ...part].map((job) => now.get(job.id) ?? job).sort(compareJobs);
      }
      const stand = clockStand(all, clock);
      expect(stand.aside.length + stand.believed.length).toBe(jobs.length);
      return all.map((job) => [job.id, job.capturedAt, job.statedAt, isUnjudged(job)]);
    };
    const once = stateAfter([[...jobs].sort(compareJobs)]);
    for (let order = 0; order < 3; order++) {
      const mixed = [...jobs].sort((a, b) => hash(a.id, seed + order) - hash(b.id, seed + order));
      const cut = below(mixed.length);
      expect(stateAfter([mixed.slice(0, cut), mixed.slice(cut)]), `seed ${seed}`).toEqual(once);
      expect(stateAfter(mixed.map((job) => [job])), `seed ${seed}`).toEqual(once);
    }
  }
});

test('what was set aside is told in runs, the newest first', () => {
  const { aside } = clockStand([...stored(0, 1), ...stored(YEARS, YEARS + 5)], facts({ now: NOON }));
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

function dice(seed: number): (count: number) => number {
  let state = seed;
  return (count) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % count;
  };
}

function hash(text: string, seed: number): number {
  return Array.from(text).reduce((sum, letter) => Math.imul(sum ^ letter.charCodeAt(0), 16777619), seed);
}
