import { expect, test } from '@playwright/test';
import type { FieldRecord } from '../../../src/core/domain/camera/records/record-fields';
import { cameraOf, fleetHead, RecordShelf } from '../../../src/core/domain/camera/records/record-shelf';

let made = 0;
function record(parameters: Record<string, unknown>, more: Partial<FieldRecord> = {}): FieldRecord {
  made += 1;
  return {
    id: String(made),
    created_at: '2026-11-24T22:41:32.659954',
    job_status: 'Completed',
    model: 'vae',
    drift_detected: false,
    tags: [],
    parameters,
    ...more,
  };
}

function shelfOf(...pages: readonly (readonly FieldRecord[])[]): RecordShelf<FieldRecord> {
  const shelf = new RecordShelf<FieldRecord>();
  for (const page of pages) shelf.add(page);
  return shelf;
}

test('the latest verdict says since when it holds; a failure in between changes nothing', () => {
  const job = (day: number, isDrift: boolean, more = {}) =>
    record({ captured_at_ms: day }, { drift_detected: isDrift, ...more });
  const records = [
    job(5, true),
    job(4, false, { job_status: 'Failed' }),
    job(6, false, { job_status: 'Running' }),
    job(3, true),
    job(2, false),
    job(1, true),
  ];
  const standOf = (...all: readonly FieldRecord[]) => shelfOf(all).stands(100)[0];
  expect(standOf(...records)).toMatchObject({ status: 'drift', at: 5, since: 3, isFromTheStart: false });
  expect(standOf(...records.slice(0, 4))).toMatchObject({ since: 3, isFromTheStart: true });
  expect(standOf(job(4, false, { job_status: 'Failed' }))).toBeUndefined();
  // A camera’s clock that is decades ahead pins nothing.
  expect(standOf(job(Date.UTC(2099, 0, 1), false), ...records)).toMatchObject({ at: 5 });
});

test('newest first goes by capture time, whatever order they were sent or read in', () => {
  const records = [
    record({ captured_at_ms: 1 }),
    record({}, { created_at: '?' }),
    record({ captured_at_ms: 2 }),
    record({ captured_at_ms: 3 }),
  ];
  const [one, none, two, three] = records;
  expect(shelfOf(records).records()).toEqual([three, two, one, none]);
  expect(shelfOf([one!], [none!, three!], [two!]).records()).toEqual([three, two, one, none]);
});

test('a camera is told by its own parameter, else by its tags, else by the model, and never by our own tags', () => {
  expect(cameraOf(record({ camera: 'Reef' }, { tags: ['a'] }))).toEqual({ from: 'camera', name: 'Reef' });
  expect(cameraOf(record({ camera: ' ' }, { tags: ['b', 'checked', 'a'] }))).toEqual({
    from: 'tags',
    name: 'a, b',
  });
  expect(cameraOf(record({}, { tags: ['warming-up'] }))).toEqual({ from: 'model', name: 'vae' });
});

test('records of before, which name their camera by a tag alone, are of the camera that later ones name', () => {
  const before = record({ captured_at_ms: 1 }, { tags: ['Reef'], drift_detected: true });
  const later = record({ captured_at_ms: 2, camera: 'Reef' }, { tags: ['Reef', 'checked'] });
  const other = record({ captured_at_ms: 3 }, { tags: ['South'] });
  expect(shelfOf([other, later], [before]).stands(100)).toMatchObject([
    { name: 'Reef', status: 'normal', at: 2, since: 2, isFromTheStart: false },
    { name: 'South', status: 'normal', at: 3 },
  ]);
});

test('what was not read, or was not asked for, is in no statement', () => {
  const stands = shelfOf([record({ captured_at_ms: 1 })]).stands(100);
  const of = (isWhole: boolean, isFiltered: boolean) => fleetHead(stands, 1, { isWhole, isFiltered });
  expect([of(true, false), of(false, false), of(true, true), of(false, true)]).toMatchObject([
    { scope: 'all', stands: [{ since: { at: 1, isAtLeast: true } }] },
    { scope: 'so-far', stands: [{ since: null }] },
    { scope: 'matching', stands: [{ since: null }] },
    { scope: 'matching-so-far', stands: [{ since: null }] },
  ]);
  expect(fleetHead([], 3, { isWhole: false, isFiltered: false }).isWithoutVerdict).toBe(false);
  expect(fleetHead([], 3, { isWhole: true, isFiltered: false }).isWithoutVerdict).toBe(true);
});
