import { expect, test } from '@playwright/test';
import { csvParse } from 'd3-dsv';
import { CAPTURED, countsOf, type Axis } from '../../../src/core/domain/camera/plot-point';
import {
  capturedAtOf,
  instantOf,
  leavesOf,
  limitCourses,
  numberOn,
  pointsOf,
  recordsCsv,
  recordsJsonLines,
  statusOf,
  usualY,
  valueAt,
  webAddress,
  type FieldRecord,
} from '../../../src/features/driftwatch/pure/record-fields';
import { RecordShelf } from '../../../src/features/driftwatch/pure/record-shelf';

let count = 0;
function record(parameters: Record<string, unknown>, more: Partial<FieldRecord> = {}): FieldRecord {
  count += 1;
  return {
    id: `id-${count}`,
    created_at: '2026-11-24T22:41:32.659954',
    job_status: 'Completed',
    model: 'model',
    drift_detected: false,
    tags: [],
    parameters,
    ...more,
  };
}
function axesOf(records: readonly FieldRecord[]): readonly Axis[] {
  const shelf = new RecordShelf<FieldRecord>();
  shelf.add(records);
  return shelf.axes();
}
const at = (iso: string) => Date.parse(iso);
const axis = (path: string, kind: Axis['kind'] = 'number'): Axis => ({
  key: `parameter ${path}`,
  of: 'parameter',
  path,
  kind,
});

test('a date without a zone is UTC, however Python or a browser wrote it', () => {
  const wanted = at('2026-11-24T22:41:32.659Z');
  expect(instantOf('2026-11-24T22:41:32.659954')).toBe(wanted);
  expect(instantOf('2026-11-24 22:41:32.659954+00:00')).toBe(wanted);
  expect(instantOf('2026-11-25T00:41:32.659+0200')).toBe(wanted);
  expect(instantOf('2026-11-24T22:41:32Z')).toBe(wanted - 659);
  expect(instantOf('2026-11-24T22:41')).toBe(at('2026-11-24T22:41:00Z'));
  expect(instantOf('2026-11-24')).toBe(at('2026-11-24T00:00:00Z'));
});

test('numbers, versions and impossible days are no dates', () => {
  for (const text of [
    '2026',
    '1.0.0',
    '',
    '20261124',
    '2026-13-40',
    'yesterday',
    '2026-11-24T25:00:00',
    '1969-12-31',
    '9999-01-01',
  ]) {
    expect(instantOf(text), text).toBeNull();
  }
});

test('the capture time comes from the parameters before the moment of sending, and says so', () => {
  const sent = at('2026-11-24T22:41:32.659Z');
  expect(capturedAtOf(record({ captured_at_ms: 5, captured_at: '2026-01-01' }))).toEqual({
    at: 5,
    from: 'captured_at_ms',
  });
  expect(capturedAtOf(record({ captured_at_ms: NaN, captured_at: '2023-07-30T08:30:36Z' }))).toEqual({
    at: at('2023-07-30T08:30:36Z'),
    from: 'captured_at',
  });
  expect(capturedAtOf(record({ captured_at: 'noon', captured_at_ms: 9e15 }))).toEqual({
    at: sent,
    from: 'created_at',
  });
  expect(capturedAtOf(record({ captured_at_ms: -1, captured_at: '0001-01-01' })).from).toBe('created_at');
  expect(capturedAtOf(record({}, { created_at: '' }))).toEqual({ at: null, from: 'created_at' });
});

test('a value is found at its dotted path, also when a key has the dot itself', () => {
  const parameters = { a: { b: { c: 1 }, 'b.d': 2 }, 'a.e': 3, list: [4] };
  expect(valueAt(parameters, 'a.b.c')).toBe(1);
  expect(valueAt(parameters, 'a.b.d')).toBe(2);
  expect(valueAt(parameters, 'a.e')).toBe(3);
  expect(valueAt(parameters, 'a.x')).toBeUndefined();
  expect(valueAt(parameters, 'list.0')).toBeUndefined();
  expect(valueAt(parameters, 'constructor.name')).toBeUndefined();
  for (const [path, value] of leavesOf(parameters)) expect(valueAt(parameters, path)).toEqual(value);
});

test('axes are finite numbers and dates, flat and nested, and nothing else', () => {
  const axes = axesOf([
    record({
      distance: NaN,
      warning: true,
      text: '0.5',
      none: null,
      list: [1, 2],
      scores: { inner: 0.4, taken: '2024-05-01T00:00:00Z' },
      captured_at: '2024-05-01T00:00:00Z',
      captured_at_ms: 1,
    }),
    record({ distance: 0.1, infinite: Infinity }),
  ]);
  expect(axes.map(({ of, path, kind }) => [of, path, kind])).toEqual([
    ['captured', '', 'time'],
    ['created', '', 'time'],
    ['parameter', 'distance', 'number'],
    ['parameter', 'scores.inner', 'number'],
    ['parameter', 'scores.taken', 'time'],
  ]);
  expect(new Set(axes.map(({ key }) => key)).size).toBe(axes.length);
});

test('Y is the distance, else what is called like one, else any number', () => {
  const usual = (parameters: Record<string, unknown>) => usualY(axesOf([record(parameters)]))?.path;
  expect(usual({ a: 1, distance: 1, ks_distance: 1 })).toBe('distance');
  expect(usual({ a: 1, drift_distance: 1, 'loss.ks_distance': 1 })).toBe('loss.ks_distance');
  expect(usual({ when: '2024-01-01', p_value: 1 })).toBe('p_value');
  expect(usual({ warning: true })).toBeUndefined();
});

test('a text that looks like a number has no place on an axis', () => {
  expect(numberOn(record({ a: '1' }), axis('a'))).toBeNull();
  expect(numberOn(record({ a: 1 }), axis('a', 'time'))).toBeNull();
  expect(numberOn(record({ a: NaN }), axis('a'))).toBeNull();
});

test('a record without a usable distance is never normal', () => {
  const limits = { drift_distance: 0.1, warning_distance: 0.05 };
  expect(statusOf(record({ distance: 0.01, ...limits }))).toBe('normal');
  expect(statusOf(record({ distance: 0.05, ...limits }))).toBe('normal');
  expect(statusOf(record({ distance: 0.06, ...limits }))).toBe('warning');
  expect(statusOf(record({ warning: true }))).toBe('warning');
  expect(statusOf(record({ distance: 0.2, ...limits }, { drift_detected: true }))).toBe('drift');
  expect(statusOf(record({ distance: NaN, ...limits }))).toBe('not-checked');
  expect(statusOf(record({ ...limits, window_fill: 3 }))).toBe('warming-up');
  expect(statusOf(record({}, { job_status: 'Failed' }))).toBe('not-checked');
  expect(statusOf(record({}, { job_status: 'Failed', drift_detected: true }))).toBe('not-checked');
  expect(statusOf(record({}, { job_status: 'Running' }))).toBe('running');
  expect(statusOf(record({}, { job_status: '' }))).toBe('not-checked');
  // A detector of another kind says no more than whether there is drift.
  expect(statusOf(record({ p_value: 0.5 }))).toBe('normal');
});

test('points come from left to right, without those that have no number', () => {
  const records = [
    record({ captured_at_ms: 3, distance: 0.3 }),
    record({ captured_at_ms: 2, distance: NaN }),
    record({ captured_at_ms: 1, distance: 0.1 }, { drift_detected: true }),
  ];
  const points = pointsOf(records, CAPTURED, axis('distance'));
  expect(points.map(({ x, y, status }) => [x, y, status])).toEqual([
    [1, 0.1, 'drift'],
    [3, 0.3, 'normal'],
  ]);
  expect(countsOf(points)).toEqual([
    { status: 'drift', count: 1 },
    { status: 'normal', count: 1 },
  ]);
});

test('limits on which all agree are one number, others a course, and only a distance has any', () => {
  const records = [1, 2, 3].map((day) =>
    record({
      captured_at_ms: day,
      distance: 0,
      drift_distance: 0.1,
      warning_distance: day > 1 ? 0.06 : 0.05,
    }),
  );
  const y = axis('distance');
  const limits = limitCourses(pointsOf(records, CAPTURED, y), y);
  expect(limits.drift).toBe(0.1);
  expect(limits.warning).toEqual([
    { x: 1, y: 0.05 },
    { x: 2, y: 0.06 },
    { x: 3, y: 0.06 },
  ]);
  const none = { warning: null, drift: null };
  expect(limitCourses(pointsOf(records, CAPTURED, axis('drift_distance')), axis('drift_distance'))).toEqual(
    none,
  );
  expect(limitCourses(pointsOf([record({ distance: 1 })], CAPTURED, y), y)).toEqual(none);
  const nested = [record({ loss: { ks_distance: 1, drift_distance: 0.8 }, warning_distance: 0.5 })];
  const inner = axis('loss.ks_distance');
  expect(limitCourses(pointsOf(nested, CAPTURED, inner), inner)).toEqual({ drift: 0.8, warning: 0.5 });
});

test('CSV has a column for every parameter, and none of its texts is a formula', () => {
  const csv = recordsCsv([
    record(
      {
        distance: -0.5,
        scores: { inner: 0.4 },
        note: '=1+1',
        model: 'other',
        list: [1, NaN],
        deep: ['a;=1', -1],
      },
      { id: 'one', tags: ['a b', 'c', '=1'], model: '@SUM(A1)', drift_detected: true },
    ),
    record({ distance: NaN, '=cmd': 'x,"y"\n', empty: {}, none: null }, { id: 'two' }),
  ]);
  expect(csv.endsWith('\r\n')).toBe(true);
  expect(csvParse(csv).columns).toEqual([
    ...['id', 'created_at', 'job_status', 'model', 'drift_detected', 'tags'],
    ...["'=cmd", 'deep', 'distance', 'empty', 'list', 'parameters.model', 'none', 'note', 'scores.inner'],
  ]);
  const [one, two] = csvParse(csv);
  expect(one).toMatchObject({
    id: 'one',
    model: "'@SUM(A1)",
    drift_detected: 'true',
    tags: "a b;c;'=1",
    distance: '-0.5',
    'scores.inner': '0.4',
    note: "'=1+1",
    'parameters.model': 'other',
    list: '[1,null]',
    deep: `["a;'=1",-1]`,
    "'=cmd": '',
  });
  expect(two).toMatchObject({ distance: 'NaN', "'=cmd": 'x,"y"\n', empty: '{}', none: '' });
});

test('JSON Lines gives each record whole, with null for NaN', () => {
  const records = [record({ a: NaN, b: 'line\nbreak' }), record({ c: { d: [1] } })];
  const lines = recordsJsonLines(records).split('\n');
  expect(lines).toHaveLength(3);
  expect(JSON.parse(lines[0]!)).toEqual({ ...records[0], parameters: { a: null, b: 'line\nbreak' } });
  expect(JSON.parse(lines[1]!)).toEqual(records[1]);
});

test('only http and https are addresses', () => {
  expect(webAddress('https://data.obsea.es/1.jpg')).toBe('https://data.obsea.es/1.jpg');
  for (const value of ['javascript:alert(1)', 'data:text/html,x', '//x.org', 'https://', 5, null]) {
    expect(webAddress(value), String(value)).toBeNull();
  }
});
