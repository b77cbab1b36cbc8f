import { expect, test } from '@playwright/test';
import { instantOf, leavesOf, parameterText } from '../../../src/features/driftwatch/pure/record-fields';

const at = (iso: string) => Date.parse(iso);

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

test('nested fields have dotted paths; lists and empty objects are values, and NaN is told', () => {
  const fields = { a: { b: { c: 1 }, 'b.d': NaN }, list: [4, 'x'], none: {}, text: 'y' };
  expect(leavesOf(fields).map(([path, value]) => [path, parameterText(value)])).toEqual([
    ['a.b.c', '1'],
    ['a.b.d', 'NaN'],
    ['list', '[4,"x"]'],
    ['none', '{}'],
    ['text', 'y'],
  ]);
});
