import { expect, test } from '@playwright/test';
import { Passing } from '../../scripts/station/passing.mjs';

const line = (id: string, verdict: string, hour: number) => ({
  id,
  verdict,
  captured_at: `2026-05-09T${String(hour).padStart(2, '0')}:00:00Z`,
});
const standing = (verdict: string, hour: number, isNews = true) => ({
  name: 'Pier',
  verdict,
  isNews,
  latest: { captured_at: line('', '', hour).captured_at },
});

test('of an alarm between two looks the first snapshot of its worst verdict is kept, and how many there were', () => {
  const passing = new Passing();
  for (const [hour, verdict] of ['normal', 'warning', 'drift', 'drift', 'warning', 'normal'].entries())
    passing.note('Pier', line(String(hour), verdict, hour));
  expect(passing.alarms).toEqual({ Pier: { id: '2', verdict: 'drift', count: 4 } });
  passing.told([standing('normal', 5)]);
  expect(passing.alarms).toEqual({});
});

test('an alarm waits until a verdict speaks of the lens again, and an archive’s until it is news', () => {
  const passing = new Passing();
  passing.note('Pier', line('a', 'warning', 1));
  for (const silent of [
    standing('not-checked', 2),
    standing('warming-up', 2),
    standing('silent', 2, false),
  ]) {
    passing.told([silent]);
    expect(Object.keys(passing.alarms)).toEqual(['Pier']);
  }
});

test('a snapshot that comes late, from before what was told last, raises nothing', () => {
  const passing = new Passing();
  passing.told([standing('normal', 5)]);
  passing.note('Pier', line('late', 'drift', 5));
  expect(passing.alarms).toEqual({});
  passing.note('Pier', line('new', 'drift', 6));
  expect(passing.alarms).toEqual({ Pier: { id: 'new', verdict: 'drift', count: 1 } });
});

test('a corrected line takes the place of the earlier one', () => {
  const passing = new Passing();
  for (const [hour, verdict] of ['warning', 'drift', 'drift'].entries())
    passing.note('Pier', line(String(hour), verdict, hour));
  passing.note('Pier', line('1', 'normal', 1));
  expect(passing.alarms).toEqual({ Pier: { id: '2', verdict: 'drift', count: 2 } });
  passing.note('Pier', line('1', 'drift', 1));
  expect(passing.alarms).toEqual({ Pier: { id: '1', verdict: 'drift', count: 3 } });
  for (const hour of [0, 1, 2]) passing.note('Pier', line(String(hour), 'normal', hour));
  expect(passing.alarms).toEqual({});
});
