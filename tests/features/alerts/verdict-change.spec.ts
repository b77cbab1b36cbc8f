import { expect, test } from '@playwright/test';
import type { CameraEvent } from '../../../src/core/domain/camera/event';
import type { Job } from '../../../src/core/domain/camera/job';
import type { DriftStatus } from '../../../src/core/domain/drift/thresholds';
import { glass } from '../../domain/camera/jobs';
import {
  AlertPace,
  alertOf,
  changeBetween,
  standingOf,
  type VerdictChange,
} from '../../../src/features/alerts/pure/verdict-change';

/** Hours since 1970 that have passed by now. */
const NOW = 100 * 3_600_000;

/** Jobs an hour apart from the given hour on; only what a change of verdict depends on is filled in. */
function jobs(first: number, ...verdicts: (DriftStatus | 'failed')[]): Job[] {
  return verdicts.map((verdict, i) => {
    const facts = { id: `${String(first + i)} ${verdict}`, capturedAt: (first + i) * 3_600_000 };
    return (
      verdict === 'failed'
        ? { ...facts, jobStatus: 'Failed' }
        : { ...facts, jobStatus: 'Completed', driftStatus: verdict }
    ) as Job;
  });
}

function change(before: readonly Job[], after: readonly Job[], cleanedAt?: number): string | null {
  const events =
    cleanedAt === undefined ? [] : [{ kind: 'cleaned', at: cleanedAt * 3_600_000 } as CameraEvent];
  const found = changeBetween(
    'reef',
    standingOf(before, events, NOW, null),
    standingOf(after, events, NOW, null),
  );
  return found && `${found.from ?? 'none'} > ${found.to}`;
}

test('a batch is told by where it ends, not by what it went through', () => {
  const before = jobs(0, 'normal');
  expect(change(before, [...before, ...jobs(1, 'drift', 'warning', 'normal')])).toBeNull();
  expect(change(before, [...before, ...jobs(1, 'warning', 'normal', 'drift')])).toBe('normal > drift');
});

test('a window that fills, and a file that could not be read, change nothing', () => {
  const before = jobs(0, 'drift');
  expect(change(before, [...before, ...jobs(1, 'warming-up', 'failed')])).toBeNull();
  expect(change(before, [...before, ...jobs(1, 'warming-up', 'normal', 'failed')])).toBe('drift > normal');
});

test('after a logged cleaning a verdict is told as a first one', () => {
  const before = jobs(0, 'drift');
  expect(change(before, [...before, ...jobs(2, 'warming-up', 'drift')])).toBeNull();
  expect(change(before, [...before, ...jobs(2, 'warming-up', 'drift')], 1)).toBe('none > drift');
  expect(change(before, [...before, ...jobs(2, 'warming-up', 'warning')], 1)).toBe('none > warning');
  expect(change(before, [...before, ...jobs(2, 'warming-up', 'normal')], 1)).toBe('drift > normal');
  expect(change(before, [...before, ...jobs(2, 'warming-up')], 1)).toBeNull();
  // Not before the cleaning, nor once more after it.
  expect(change(before, [...before, ...jobs(1, 'drift')], 5)).toBeNull();
  expect(change(jobs(2, 'drift'), jobs(2, 'drift', 'drift'), 1)).toBeNull();
});

test('a question is told once, as what it is, and the warning that it stands in is no alarm', () => {
  const asked = (first: number, count: number): Job[] =>
    jobs(first, ...Array.from({ length: count }, () => 'normal' as const)).map((job) => {
      const { growth, loss } = glass(0, 0);
      const rest = { growth: growth!, loss: loss! };
      const changed = { growth: [3], loss: [], since: first * 3_600_000, rest };
      return { ...job, thresholds: { warning: 0.05, drift: 0.1 }, glass: glass(0.2, 0, { changed }) } as Job;
    });
  const told = (before: readonly Job[], after: readonly Job[], ...since: (number | null)[]) => {
    const [was, is] = since.map((at) => (at === null ? null : { since: at, isAlone: true }));
    const found = changeBetween(
      'reef',
      standingOf(before, [], NOW, was ?? null),
      standingOf(after, [], NOW, is ?? null),
    );
    return found && `${found.from ?? 'none'} > ${found.to}`;
  };
  const before = jobs(0, 'normal');
  const once = [...before, ...asked(1, 12)];
  const later = [...before, ...asked(1, 20)];
  expect(told(before, once, null, 1)).toBe('normal > asked');
  expect(told(once, later, 1, 1)).toBeNull();
  expect(told(once, later, 1, 2)).toBe('normal > asked');
  // Answered, or found to be dirt.
  expect(told(once, [...before, ...jobs(1, 'normal')], 1, null)).toBeNull();
  expect(told(once, [...once, ...jobs(13, 'drift')], 1, null)).toBe('normal > drift');
});

test('the first verdict is told unless all is well', () => {
  expect(change([], jobs(0, 'warming-up', 'normal'))).toBeNull();
  expect(change([], jobs(0, 'warming-up', 'warning'))).toBe('none > warning');
});

test('late snapshots that change only the past, and the same ones judged by another model, are not told', () => {
  const before = jobs(10, 'normal');
  expect(change(before, [...jobs(2, 'drift'), ...before])).toBeNull();
  const other = jobs(10, 'drift').map((job) => ({ ...job, modelSha256: 'other' }) as Job);
  expect(change(before, [...before, ...other])).toBeNull();
});

test('late snapshots that raise an alarm now, or take it back, are told', () => {
  const [clear, fouled] = [jobs(10, 'normal'), jobs(10, 'drift')];
  expect(change(clear, [...jobs(2, 'normal'), ...fouled])).toBe('normal > drift');
  expect(change(fouled, [...jobs(2, 'drift'), ...clear])).toBe('drift > normal');
});

test('late snapshots that change what the newest one says are told once, as a new verdict is', () => {
  const newest = (verdict: DriftStatus) => jobs(10, verdict).map((job) => ({ ...job, id: 'newest' }));
  const after = [...jobs(2, 'drift'), ...newest('drift')];
  expect(change(newest('normal'), after)).toBe('normal > drift');
  expect(change(after, [...jobs(1, 'drift'), ...after])).toBeNull();
  expect(change(after, [...jobs(1, 'normal'), ...newest('normal')])).toBe('drift > normal');
});

test('at most one alert a minute, and none for what went back by then', () => {
  const pace = new AlertPace();
  const told = (from: VerdictChange['from'], to: VerdictChange['to']) => ({ cameraId: 'reef', from, to });
  expect(pace.take(told('normal', 'drift'), 0)).toBe(0);
  expect(pace.release(0)).toEqual(told('normal', 'drift'));
  expect(pace.take(told('drift', 'warning'), 20_000)).toBe(40_000);
  expect(pace.take(told('warning', 'normal'), 30_000)).toBe(30_000);
  expect(pace.release(60_000)).toEqual(told('drift', 'normal'));
  expect(pace.take(told('normal', 'drift'), 70_000)).toBe(50_000);
  expect(pace.take(told('drift', 'normal'), 80_000)).toBeNull();
  expect(pace.release(120_000)).toBeNull();
});

test('a question that took an alarm’s place while it waited, and is over, leaves the alarm to be told', () => {
  const pace = new AlertPace();
  const told = (from: VerdictChange['from'], to: VerdictChange['to']) => ({ cameraId: 'reef', from, to });
  pace.take(told('normal', 'asked'), 0);
  pace.release(0);
  pace.take(told('normal', 'warning'), 20_000);
  pace.take(told('warning', 'asked'), 30_000);
  const due = pace.release(60_000)!;
  expect(alertOf(due, true, 'warning')).toBe('asked');
  expect(alertOf(due, false, 'warning')).toBe('warning');
  expect(alertOf(due, false, 'normal')).toBeNull();
  expect(alertOf(due, false, 'warming-up')).toBeNull();
  expect(alertOf(told('drift', 'asked'), false, 'drift'), 'told already').toBeNull();
  expect(alertOf(told('drift', 'normal'), false, 'normal')).toBe('normal');
});

test('a clean snapshot half a day ahead of now hides no alarm, and ends none', () => {
  const ahead = jobs(112, 'normal');
  expect(change([...jobs(0, 'normal'), ...ahead], [...jobs(0, 'normal', 'drift'), ...ahead])).toBe(
    'normal > drift',
  );
  expect(change(jobs(0, 'drift'), [...jobs(0, 'drift'), ...ahead])).toBeNull();
  // A camera whose clock runs on local time is always ahead: its alarms are told at once.
  expect(change(jobs(99, 'normal', 'normal'), jobs(99, 'normal', 'normal', 'drift'))).toBe('normal > drift');
});

test('neither a snapshot nor a cleaning of a time to come hides a change', () => {
  const before = [...jobs(0, 'normal'), ...jobs(5_000, 'normal')];
  const after = [...jobs(0, 'normal', 'drift'), ...jobs(5_000, 'normal')];
  expect(change(before, after)).toBe('normal > drift');
  expect(change(jobs(0, 'drift'), jobs(0, 'drift', 'normal', 'drift'), 5_000)).toBeNull();
  expect(change(jobs(0, 'normal'), jobs(0, 'normal', 'drift'), 5_000)).toBe('normal > drift');
});
