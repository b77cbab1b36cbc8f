/** That whatever Browse says above an experiment's records is true of all of them, at every moment of reading them. */
import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import fc from 'fast-check';
import { isAhead } from '../../src/core/domain/camera/time/clock';
import {
  capturedAtOf,
  instantOf,
  statusOf,
  type FieldRecord,
} from '../../src/core/domain/camera/records/record-fields';
import {
  cameraOf,
  fleetHead,
  RecordShelf,
  type CameraStand,
  type FleetHead,
} from '../../src/core/domain/camera/records/record-shelf';
import { holds } from './holds';

const NOW = Date.UTC(2026, 10, 28);
const HOUR = 3_600_000;
type Verdict = CameraStand<unknown>['status'];

/** What somebody's module may write: two cameras, told apart in each way there is, sent in any order. */
const written = fc.record({
  camera: fc.constantFrom('north', 'south'),
  /** hours ago; few, so that some are captured at once, some of a time to come */
  captured: fc.option(fc.integer({ min: -30, max: 40 }), { nil: null, freq: 6 }),
  created: fc.integer({ min: 0, max: 40 }),
  says: fc.constantFrom('drift', 'warning', 'normal', 'nothing', 'failed'),
});
type Written = typeof written extends fc.Arbitrary<infer W> ? W : never;
const experiments = fc.record({
  by: fc.constantFrom('camera', 'tags', 'model'),
  records: fc.array(written, { minLength: 1, maxLength: 40 }),
  isFiltered: fc.boolean(),
  hasUnreadable: fc.boolean(),
  page: fc.integer({ min: 1, max: 7 }),
});

function recordOf({ camera, captured, created, says }: Written, i: number, by: string): FieldRecord {
  const time = (hours: number) => new Date(NOW - hours * HOUR).toISOString();
  return {
    id: String(i).padStart(6, '0'),
    // As the backend writes it: without a zone.
    created_at: time(created).replace('Z', '000'),
    job_status: says === 'failed' ? 'Failed' : 'Completed',
    model: by === 'model' ? camera : 'vae-2',
    drift_detected: says === 'drift',
    tags: by === 'tags' ? ['checked', camera, 'OBSEA'] : [],
    parameters: {
      ...(by === 'camera' && { camera }),
      ...(captured !== null && { captured_at: time(captured) }),
      ...(says === 'warning' && { warning: true }),
      ...(says === 'nothing' ? { distance: NaN } : says !== 'failed' && { distance: 0.1 }),
    },
  };
}

/** The verdicts of a camera in the order that people mean, the oldest first: written down apart from the shelf. */
function verdictsOf(records: readonly FieldRecord[], name: string) {
  const all = records
    .filter((record) => cameraOf(record).name === name)
    .map((record) => ({ record, status: statusOf(record), ...capturedAtOf(record) }))
    .filter(
      ({ status, at }) => ['drift', 'warning', 'normal'].includes(status) && at !== null && !isAhead(at, NOW),
    );
  const stated = all.filter(({ from }) => from !== 'created_at');
  return (stated.length > 0 ? stated : all)
    .map(({ record, status, at }) => ({ record, status, at: at!, sent: instantOf(record.created_at)! }))
    .sort((a, b) => a.at - b.at || a.sent - b.sent || (a.record.id < b.record.id ? -1 : 1));
}

/** Says of each statement whether it is true, with what had been read of the experiment by then. */
function check(
  head: FleetHead<FieldRecord>,
  read: readonly FieldRecord[],
  whole: readonly FieldRecord[],
): void {
  const isOfAll = head.scope === 'all' || head.scope === 'matching';
  if (isOfAll) assert.equal(read.length, whole.length, 'it speaks of all before all is read');
  // What is said of "all" must be true of all; what is said of "those read so far" of those.
  const meant = isOfAll ? whole : read;
  const names = new Set(meant.map((record) => cameraOf(record).name));
  const judged = [...names].filter((name) => verdictsOf(meant, name).length > 0);
  assert.deepEqual(head.stands.map(({ name }) => name).sort(), judged.sort(), 'each camera has its verdict');
  for (const { name, record, status, at, since, isSent } of head.stands) {
    const verdicts = verdictsOf(meant, name);
    const newest = verdicts.at(-1)!;
    assert.deepEqual([record.id, status, at], [newest.record.id, newest.status, newest.at], 'the newest');
    assert.equal(isSent, capturedAtOf(record).from === 'created_at', 'captured or sent');
    if (since === null) continue;
    const before = verdictsOf(whole, name).findLast((verdict) => verdict.status !== status);
    const run = verdictsOf(whole, name).filter((verdict) => !before || isAfter(verdict, before));
    assert.equal(since.at, run[0]!.at, 'since when');
    assert.equal(since.isAtLeast, before === undefined, 'whether it may have begun earlier');
  }
  if (head.isWithoutVerdict) {
    assert.ok(
      [...names].every((name) => verdictsOf(whole, name).length === 0),
      'nobody has a verdict',
    );
  }
}

type Placed = ReturnType<typeof verdictsOf>[number];
function isAfter(a: Placed, b: Placed): boolean {
  return a.at !== b.at ? a.at > b.at : a.sent !== b.sent ? a.sent > b.sent : a.record.id > b.record.id;
}

test('every statement above the records is true, however many of them have been read', async () => {
  await holds(experiments, ({ by, records, isFiltered, hasUnreadable, page }) => {
    const whole = newestSentFirst(records.map((record, i) => recordOf(record, i, by)));
    const shelf = new RecordShelf<FieldRecord>();
    for (let from = 0; from < whole.length; from += page) {
      shelf.add(whole.slice(from, from + page));
      const read = whole.slice(0, from + page);
      const isWhole = read.length === whole.length && !hasUnreadable;
      const head = fleetHead(shelf.stands(NOW), shelf.size, { isWhole, isFiltered });
      check(head, read, whole);
      assert.ok(head.stands.every(({ since }) => since === null || (isWhole && !isFiltered)));
      assert.deepEqual(new Set(shelf.records()), new Set(read));
    }
  });
});

/** As DriftWatch gives them. */
function newestSentFirst(records: readonly FieldRecord[]): FieldRecord[] {
  return [...records].sort((a, b) =>
    a.created_at < b.created_at ? 1 : a.created_at > b.created_at ? -1 : 0,
  );
}

test('30,000 records of two cameras that others wrote: every statement is true at each of 300 pages @long', () => {
  let seed = 20261128;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  // Half-hourly for ten months; a part of one camera's was sent late, in one go.
  const says: readonly Verdict[] = ['normal', 'normal', 'warning', 'drift'];
  const records = Array.from({ length: 30_000 }, (_, i): FieldRecord => {
    const captured = Math.floor(i / 2) / 2;
    const isLate = i % 2 === 1 && captured > 2000 && captured < 4000;
    const status = random() < 0.1 ? 'nothing' : says[Math.floor(captured / 500 + (i % 2)) % says.length]!;
    const created = isLate ? 10 + random() / 100 : captured + random() * 3;
    return recordOf({ camera: i % 2 ? 'north' : 'south', captured, created, says: status }, i, 'tags');
  });
  const whole = newestSentFirst(records);
  const shelf = new RecordShelf<FieldRecord>();
  let longest = 0;
  for (let from = 0; from < whole.length; from += 100) {
    const before = process.cpuUsage();
    shelf.add(whole.slice(from, from + 100));
    const stands = shelf.stands(NOW);
    const { user, system } = process.cpuUsage(before);
    longest = Math.max(longest, (user + system) / 1000);
    const isWhole = from + 100 === whole.length;
    const head = fleetHead(stands, shelf.size, { isWhole, isFiltered: false });
    if (from % 2500 === 0 || isWhole) check(head, whole.slice(0, from + 100), whole);
  }
  assert.equal(shelf.size, 30_000);
  console.log(`a page of 100 on a shelf of up to 30,000: ${longest.toFixed(1)} ms of work at most`);
});

test('what was said before, "since" by what was read alone, would have been false', () => {
  const made = (captured: number, created: number, says: Written['says']) =>
    recordOf({ camera: 'north', captured, created, says }, captured * 100 + created, 'camera');
  // Drift came yesterday in between, and was sent long before the rest.
  const whole = newestSentFirst([made(1, 1, 'normal'), made(5, 30, 'drift'), made(9, 2, 'normal')]);
  const shelf = new RecordShelf<FieldRecord>();
  shelf.add(whole.slice(0, 2));
  const [stand] = shelf.stands(NOW);
  assert.equal(stand!.since, NOW - 9 * HOUR);
  const tooMuch = fleetHead([stand!], 2, { isWhole: true, isFiltered: false });
  assert.throws(() => check({ ...tooMuch, scope: 'so-far' }, whole.slice(0, 2), whole), /since when/);
  check(fleetHead([stand!], 2, { isWhole: false, isFiltered: false }), whole.slice(0, 2), whole);
});
