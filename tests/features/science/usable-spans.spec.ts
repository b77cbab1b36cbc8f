import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import type { CameraEvent } from '../../../src/core/domain/camera/event';
import type { CompletedJob, Job } from '../../../src/core/domain/camera/job';
import { beginOf, endOf, hoursOf, UNITS } from '../../../src/features/science/pure/usable/hours';
import { spanAt, USABILITIES, type Span, type SpanByHand } from '../../../src/core/domain/usable/span';
import { usableTimeOf, type UsableFacts } from '../../../src/features/science/pure/usable/spans';
import { oncePresent } from '../../../src/core/domain/usable/track';
import { usableCalendar, monthsOf } from '../../../src/features/science/pure/usable/calendar';
import { foundWithin } from '../../../src/features/science/pure/files/tables';
import { completed, failed, glass, HOUR, NOON, otherView } from '../../domain/camera/jobs';

const DAY = 24 * HOUR;

function timeOf(jobs: readonly Job[], more: Partial<UsableFacts> = {}) {
  return usableTimeOf({ jobs, events: [], byHand: [], references: [], silentUntil: null, ...more });
}

/** A snapshot of which growth says so, so many hours after NOON. */
function seen(
  hour: number,
  distance: number | null = 0,
  more: Parameters<typeof glass>[2] = {},
): CompletedJob {
  const facts = glass(distance, distance === null ? null : 0, more);
  return {
    ...completed(hour, null, { glass: facts, driftStatus: 'warming-up' }),
    contentSha256: `content-${hour}`,
  };
}

const hourly = (from: number, to: number, make: (hour: number) => Job = seen) =>
  Array.from({ length: to - from }, (_, i) => make(from + i));
/** Snapshots at every hour of the day from 6 to 18, so many days. */
const daily = (days: number, make: (hour: number) => Job = seen) =>
  Array.from({ length: days }, (_, day) => hourly(24 * day - 6, 24 * day + 6, make)).flat();

const told = (spans: readonly Span[]) =>
  spans.map(({ usability, reason, begin, end }) => [
    usability,
    reason,
    (begin - NOON) / HOUR,
    (end - NOON) / HOUR,
  ]);

const CHANGED = {
  ...{ growth: [70, 71], loss: [], since: NOON },
  rest: {
    growth: { distance: 0, driftStatus: 'normal' },
    loss: { distance: 0, driftStatus: 'normal', part: 'cover' },
  },
} as const;

/** One snapshot after many clean ones. */
const CASES: readonly (readonly [string, Job, Span['usability']])[] = [
  ['a clean lens', seen(5), 'usable'],
  ['other light or water', completed(5, 0.3, { glass: glass(0, 0, { isOwnModel: true }) }), 'usable'],
  ['murky water', seen(5, 0, { visible: 0.3 }), 'murky'],
  ['other light in murky water', completed(5, 0.3, { glass: glass(0, 0, { visible: 0.3 }) }), 'murky'],
  ['a warning of growth', seen(5, 0.07), 'suspect'],
  ['drift of growth in murky water', seen(5, 0.2, { visible: 0.3 }), 'fouled'],
  [
    'a change that may be in the scene, however far above the limit',
    seen(5, 0.2, { changed: CHANGED }),
    'suspect',
  ],
  ['another view', completed(5, null, { glass: otherView() }), 'moved'],
  ['a turned camera', seen(5, 0, { position: { right: -11, down: 0 } }), 'moved'],
  ['dirt on a turned camera', seen(5, 0.2, { position: { right: -11, down: 0 } }), 'fouled'],
  ['something before the camera', completed(5, null, { glass: otherView({ isAlarming: true }) }), 'moved'],
  [
    'something before a camera that was fouled',
    completed(5, null, { glass: otherView({ isAlarming: true }, { standing: 'drift' }) }),
    'fouled',
  ],
  [
    'another view of a camera that was fouled',
    completed(5, null, { glass: otherView({}, { standing: 'drift' }) }),
    'fouled',
  ],
  ['nothing of the scene', seen(5, 0, { visible: 0.1, unseenSince: 0 }), 'murky'],
  ['a clear picture after many that showed nothing', seen(5, 0, { unseenSince: 0 }), 'usable'],
  ['a camera that moved', completed(5, null, { glass: otherView({ hasMoved: true }) }), 'moved'],
  ['the dark', completed(5, null, { glass: otherView({}, { isDark: true }) }), 'dark'],
  ['a file that could not be read', failed(5), 'unknown'],
  ['a model’s drift where nothing else speaks', completed(5, 0.2), 'fouled'],
];
for (const [what, job, usability] of CASES) {
  test(`${what} is ${usability}`, () => {
    const { found } = timeOf([...hourly(0, 5), job]);
    expect(spanAt(found, job.capturedAt)?.usability).toBe(usability);
  });
}

test('spans meet half-way between snapshots, and each stands for the time to those beside it', () => {
  const { spans } = timeOf([...hourly(0, 4), ...hourly(4, 6, (hour) => seen(hour, 0, { visible: 0.1 }))]);
  expect(told(spans)).toEqual([
    ['usable', 'clear', -1, 3.5],
    ['murky', 'murky', 3.5, 6],
  ]);
  expect(spans.map(({ effort, snapshots }) => [effort / HOUR, snapshots])).toEqual([
    [4.5, 4],
    [2.5, 2],
  ]);
});

test('time in which nothing of the scene was seen says so', () => {
  const { spans } = timeOf(hourly(0, 4, (hour) => seen(hour, 0, { visible: 0.1, unseenSince: 0 })));
  expect(spans.map(({ reason }) => reason)).toEqual(['unseen']);
});

test('a span goes on over the nights of a camera that rests, and they are no effort', () => {
  const { spans, efforts } = timeOf(daily(5));
  expect(told(spans)).toEqual([['usable', 'clear', -7, 4 * 24 + 6]]);
  // Twelve snapshots an hour apart, and an hour at either end.
  expect(spans[0]!.effort).toBe(5 * 13 * HOUR);
  expect(efforts).toHaveLength(5 * 12);
  expect(hoursOf(spans, efforts, 'day').map(({ effort }) => effort / HOUR)).toEqual([13, 13, 13, 13, 13]);
});

test('days without a snapshot are silent, and so is the time until now where none comes any more', () => {
  const jobs = [...daily(5), ...daily(3, (hour) => seen(hour + 24 * 9))];
  const until = NOON + 14 * DAY;
  const { spans } = timeOf(jobs, { silentUntil: until });
  expect(told(spans)).toEqual([
    ['usable', 'clear', -7, 4 * 24 + 6],
    ['silent', 'silent', 4 * 24 + 6, 9 * 24 - 7],
    ['usable', 'clear', 9 * 24 - 7, 11 * 24 + 6],
    ['silent', 'silent', 11 * 24 + 6, 14 * 24],
  ]);
  expect(spans.map(({ snapshots, effort }) => [snapshots, effort / HOUR])).toEqual([
    [60, 65],
    [0, 0],
    [36, 39],
    [0, 0],
  ]);
});

test('a pause that comes again for the third time is a habit', () => {
  const everySecondDay = daily(13).filter((_, i) => Math.floor(i / 12) % 2 === 0);
  expect(timeOf(everySecondDay).spans.map(({ usability }) => usability)).toEqual([
    ...['usable', 'silent', 'usable', 'silent', 'usable'],
  ]);
});

test('the first full window speaks for the snapshots that filled it, up to the cleaning and no further back', () => {
  const cleaned: CameraEvent = {
    id: 'e',
    cameraId: 'camera',
    kind: 'cleaned',
    at: NOON + 5.25 * HOUR,
    note: '',
  };
  const jobs = [
    ...hourly(0, 6, (hour) => seen(hour, 0.2)),
    ...hourly(6, 10, (hour) => seen(hour, null, hour === 8 ? { visible: 0.1 } : {})),
    ...hourly(10, 14),
  ];
  expect(told(timeOf(jobs, { events: [cleaned] }).spans)).toEqual([
    ['fouled', 'growth', -1, 5.25],
    ['usable', 'clear', 5.25, 7.5],
    ['murky', 'murky', 7.5, 8.5],
    ['usable', 'clear', 8.5, 14],
  ]);
  // A window that was never full tells nothing of its content.
  const open = timeOf(jobs.slice(0, 9), { events: [cleaned] }).spans;
  expect(open.map(({ usability, reason }) => [usability, reason])).toEqual([
    ['fouled', 'growth'],
    ['unknown', 'warming-up'],
  ]);
  const dirty = timeOf([
    ...hourly(6, 10, (hour) => seen(hour, null)),
    ...hourly(10, 14, (hour) => seen(hour, 0.2)),
  ]);
  expect(dirty.spans.map(({ usability }) => usability)).toEqual(['fouled']);
});

test('what still seemed clean since the onset is suspect, and what was murky stays so', () => {
  const rise = Array.from({ length: 12 }, (_, i) => 0.01 * (i + 1));
  const jobs = [...hourly(0, 20), ...rise.map((distance, i) => seen(20 + i, distance))];
  jobs[22] = seen(22, 0.03, { visible: 0.1 });
  const { spans, onsets } = timeOf(jobs);
  expect(spans.map(({ usability, reason }) => [usability, reason])).toEqual([
    ['usable', 'clear'],
    ['suspect', 'onset'],
    ['murky', 'murky'],
    ['suspect', 'growth'],
    ['fouled', 'growth'],
  ]);
  expect(spans[1]!.begin).toBe(onsets[0]!.at);
  expect((onsets[0]!.at - NOON) / HOUR).toBe(19.5);
});

test('one snapshot of another view, of the dark or unreadable splits no fouling; two do, and only the unreadable one is usable time', () => {
  const aside = (hour: number) => completed(hour, null, { glass: otherView() });
  const course = (odd: readonly number[], make: (hour: number) => Job, level = 0.2) =>
    timeOf(hourly(0, 20, (hour) => (odd.includes(hour) ? make(hour) : seen(hour, level))));
  const night = (hour: number) => completed(hour, null, { glass: otherView({}, { isDark: true }) });
  for (const make of [aside, night, failed]) {
    const { spans, found } = course([8, 13], make);
    expect(spans.map(({ usability, reason, snapshots }) => [usability, reason, snapshots])).toEqual([
      ['fouled', 'growth', 20],
    ]);
    expect(found).toEqual(spans);
  }
  expect(course([8, 9], aside).spans.map(({ usability }) => usability)).toEqual([
    'fouled',
    'moved',
    'fouled',
  ]);
  expect(course([8], failed, 0).spans.map(({ usability }) => usability)).toEqual(['usable']);
  expect(course([8], aside, 0).spans.map(({ usability }) => usability)).toEqual([
    'usable',
    'moved',
    'usable',
  ]);
  expect(course([8], (hour) => seen(hour, 0)).spans.map(({ usability }) => usability)).toEqual([
    ...['fouled', 'usable', 'fouled'],
  ]);
});

test('each view has spans of its own, and evidence is the largest of each', () => {
  const other = (hour: number) => ({ ...seen(hour, 0.01, { cover: 0.25 }), referenceId: 'second' });
  const { spans } = timeOf([...hourly(0, 4), ...hourly(4, 6, other)]);
  expect(spans.map(({ referenceId, cover, timesOfLimit }) => [referenceId, cover, timesOfLimit])).toEqual([
    ['reference', 0.125, 0],
    ['second', 0.25, expect.closeTo(0.1, 10)],
  ]);
});

const hand = (id: string, from: number, to: number, more: Partial<SpanByHand> = {}): SpanByHand => ({
  id,
  cameraId: 'camera',
  usability: 'fouled',
  begin: NOON + from * HOUR,
  end: NOON + to * HOUR,
  note: '',
  madeAt: 1,
  ...more,
});

test('a person’s word stands in place of what was found, which stays beside it; the later word counts', () => {
  const said = [hand('b', 3, 8, { usability: 'dark', madeAt: 2 }), hand('a', 2, 5)];
  const { spans, found } = timeOf(hourly(0, 11), { byHand: said });
  expect(told(spans)).toEqual([
    ['usable', 'clear', -1, 2],
    ['fouled', 'by-hand', 2, 3],
    ['dark', 'by-hand', 3, 8],
    ['usable', 'clear', 8, 11],
  ]);
  expect(spans.map(({ byHandId }) => byHandId)).toEqual([null, 'a', 'b', null]);
  expect(told(found)).toEqual([['usable', 'clear', -1, 11]]);
  expect(spans.map((span) => foundWithin(found, span))).toEqual(['usable', 'usable', 'usable', 'usable']);
  // Two words of the same kind stay two, each with its note.
  const twice = timeOf(hourly(0, 11), { byHand: [hand('a', 2, 5), hand('b', 5, 8)] });
  expect(twice.spans.map(({ byHandId }) => byHandId)).toEqual([null, 'a', 'b', null]);
});

test('of a snapshot that several models judged the present one’s job is told, else the last one’s', () => {
  const job = (id: string, modelSha256: string, createdAt: number) => ({
    ...seen(1),
    id,
    contentSha256: 'same',
    modelSha256,
    createdAt,
  });
  const old = job('old', 'before', 1);
  const newer = job('newer', 'before', 3);
  const present = job('present', 'now', 2);
  const unread = { ...failed(2), contentSha256: 'same' };
  expect(oncePresent([old, present, newer, unread], 'now')).toEqual([present]);
  expect(oncePresent([unread, old, newer], 'now')).toEqual([newer]);
  const lone = [failed(3), { ...failed(4), id: 'job-4', contentSha256: '' }];
  expect(oncePresent(lone, 'now')).toEqual(lone);
});

test('days, weeks from Monday and months are cut in UTC, and a span over a border counts in both', () => {
  // NOON is Sunday, 30 July.
  const { spans, efforts } = timeOf(hourly(0, 59));
  const days = hoursOf(spans, efforts, 'day');
  expect(days.map(({ begin, of }) => [new Date(begin).toISOString().slice(0, 10), of.usable / HOUR])).toEqual(
    [
      ['2023-07-30', expect.closeTo(13, 3)],
      ['2023-07-31', 24],
      ['2023-08-01', expect.closeTo(23, 3)],
    ],
  );
  expect(hoursOf(spans, efforts, 'week')[1]!.begin).toBe(Date.UTC(2023, 6, 31));
  expect(hoursOf(spans, efforts, 'month').map(({ begin }) => begin)).toEqual([
    Date.UTC(2023, 6),
    Date.UTC(2023, 7),
  ]);
  expect(endOf('month', Date.UTC(2023, 11))).toBe(Date.UTC(2024, 0));
  expect(beginOf('week', Date.UTC(2023, 6, 30, 23, 59))).toBe(Date.UTC(2023, 6, 24));
  const [july, august] = usableCalendar(monthsOf(spans), spans, efforts);
  expect([july!.days.length, august!.days.length]).toEqual([31, 31]);
  expect(july!.days[30]).toEqual([{ from: 0, to: 24, usability: 'usable', isSeen: true }]);
  expect(august!.days[1]).toEqual([]);
});

/** Any history: steps of minutes to days, any verdict, other models, files that can't be read, cleanings, and edits. */
const history = fc.record({
  rows: fc.array(
    fc.record({
      step: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 90 }), fc.integer({ min: 600, max: 9000 })),
      distance: fc.option(fc.constantFrom(0, 0.02, 0.07, 0.2)),
      visible: fc.constantFrom(0.1, 0.9),
      kind: fc.constantFrom('seen', 'seen', 'seen', 'aside', 'dark', 'failed', 'second'),
    }),
    { minLength: 1, maxLength: 80 },
  ),
  cleanings: fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 3 }),
  edits: fc.array(
    fc.tuple(
      fc.integer({ min: -1000, max: 20_000 }),
      fc.integer({ min: 1, max: 5000 }),
      fc.constantFrom(...USABILITIES),
    ),
    { maxLength: 4 },
  ),
  isSilent: fc.boolean(),
});

test('whatever a history holds, spans go from its first snapshot to its last without a gap or overlap, and hours add up', () => {
  fc.assert(
    fc.property(history, ({ rows, cleanings, edits, isSilent }) => {
      let at = NOON;
      const jobs = rows.map(({ step, distance, visible, kind }, i): Job => {
        at += step * 60_000;
        const own = { id: `job-${i}`, contentSha256: `content-${i}`, capturedAt: at };
        if (kind === 'failed') return { ...failed(0), ...own };
        const aside = otherView({}, { isDark: kind === 'dark' });
        const facts = kind === 'aside' || kind === 'dark' ? aside : glass(distance, distance, { visible });
        const referenceId = kind === 'second' ? 'second' : 'reference';
        return { ...seen(0), ...own, referenceId, glass: facts };
      });
      const events = cleanings.map((minutes, i): CameraEvent => ({
        id: `e${i}`,
        cameraId: 'camera',
        kind: 'cleaned',
        at: NOON + minutes * 60_000,
        note: '',
      }));
      const byHand = edits.map(([from, length, usability], i) =>
        hand(`h${i}`, from / 60, (from + length) / 60, { usability, madeAt: i }),
      );
      const silentUntil = isSilent ? at + 30 * DAY : null;
      const { spans, found, efforts } = timeOf(jobs, { events, byHand, silentUntil });
      const effort = efforts.reduce((sum, { begin, end }) => sum + end - begin, 0);
      for (const list of [spans, found]) {
        assert.ok(list[0]!.begin <= jobs[0]!.capturedAt);
        assert.ok(list.at(-1)!.end > at);
        for (const [i, span] of list.entries()) {
          assert.ok(span.end > span.begin);
          if (i > 0) assert.equal(span.begin, list[i - 1]!.end);
        }
        for (const job of jobs) assert.ok(spanAt(list, job.capturedAt));
        assert.equal(
          list.reduce((sum, span) => sum + span.snapshots, 0),
          jobs.length,
        );
        const seenTime = list.reduce((sum, span) => sum + span.effort, 0);
        assert.ok(Math.abs(seenTime - effort) < 1);
      }
      assert.ok(found.filter(({ usability }) => usability === 'silent').every((span) => span.effort < 1));
      const called = spans.filter(({ usability }) => usability !== 'silent');
      const seenTime = called.reduce((sum, span) => sum + span.effort, 0);
      for (const unit of UNITS) {
        const hours = hoursOf(spans, efforts, unit);
        assert.ok(Math.abs(hours.reduce((sum, row) => sum + row.effort, 0) - seenTime) < 1);
      }
      for (const [i, each] of efforts.entries()) {
        assert.ok(each.end >= each.begin);
        if (i > 0) assert.ok(each.begin >= efforts[i - 1]!.end);
      }
    }),
    { numRuns: 300 },
  );
});

test('time is moved from the turn on, though the position of a dozen moves follows it late, until the new view is accepted', () => {
  const turn = { right: -11, down: 0 };
  const at = (hour: number): CompletedJob => {
    if (hour < 10) return seen(hour);
    if (hour < 16) return seen(hour, 0, { move: turn, position: { right: 0, down: 0 } });
    if (hour < 30) return seen(hour, 0, { move: turn, position: turn });
    return { ...seen(hour), referenceId: 'new view' };
  };
  expect(told(timeOf(hourly(0, 40, at)).spans)).toEqual([
    ['usable', 'clear', expect.any(Number), 9.5],
    ['moved', 'turned', 9.5, 29.5],
    ['usable', 'clear', 29.5, expect.any(Number)],
  ]);
  // One snapshot alone may have been misread.
  const once = hourly(0, 40, (hour) =>
    seen(hour, 0, hour === 20 ? { move: turn, position: { right: 0, down: 0 } } : {}),
  );
  expect(told(timeOf(once).spans).map(([usability]) => usability)).toEqual(['usable']);
});

test('a span goes on where a cycle’s own reference of the same view begins to judge', () => {
  const references = [
    { id: 'reference', version: 1 },
    { id: 'own', version: 1, beganAt: NOON },
    { id: 'other view', version: 2 },
  ];
  const judgedBy = (hour: number) => (hour < 4 ? 'reference' : hour < 8 ? 'own' : 'other view');
  const jobs = hourly(0, 12, (hour) => ({ ...seen(hour), referenceId: judgedBy(hour) }));
  const { spans } = timeOf(jobs, { references });
  expect(spans.map(({ referenceId, snapshots }) => [referenceId, snapshots])).toEqual([
    ['reference', 8],
    ['other view', 4],
  ]);
});
