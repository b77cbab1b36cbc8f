import { expect, test } from '@playwright/test';
import { cleaningReports } from '../../../src/core/domain/drift/cleaning';
import { lastCleaning, type CameraEvent } from '../../../src/core/domain/camera/event';
import type { CompletedJob } from '../../../src/core/domain/camera/job';
import type { DriftStatus } from '../../../src/core/domain/drift/thresholds';

const HOUR = 3_600_000;

function event(at: number, kind: CameraEvent['kind'] = 'cleaned'): CameraEvent {
  return { id: `${kind}-${at}`, cameraId: 'camera', kind, at, note: '' };
}

/** One job an hour with these verdicts; the window is full from the first with a distance on. */
function jobs(statuses: readonly DriftStatus[]): CompletedJob[] {
  return statuses.map((driftStatus, hour) => ({
    id: `job-${hour}`,
    cameraId: 'camera',
    imageName: `${hour}.jpg`,
    contentSha256: '',
    capturedAt: hour * HOUR,
    capturedAtSource: 'file-name',
    createdAt: 0,
    jobStatus: 'Completed',
    distance: { 'warming-up': null, normal: hour / 100, warning: 1 + hour / 100, drift: 2 + hour / 100 }[
      driftStatus
    ],
    windowFill: driftStatus === 'warming-up' ? 1 : 2,
    thresholds: { warning: 1, drift: 2 },
    detector: { name: 'mmd-streaming', windowSize: 2, sigma: 1 },
    driftStatus,
    referenceId: 'reference',
    modelSha256: 'model',
    properties: {
      width: 1,
      height: 1,
      brightness: 0,
      contrast: 0,
      sharpness: 0,
      blueMinusRed: 0,
      greenCast: 0,
    },
  }));
}

test('a cleaning that helped is confirmed after the snapshots it took, with before and after', () => {
  const history = jobs(['normal', 'drift', 'drift', 'warming-up', 'warning', 'normal', 'normal', 'warning']);
  const [report] = cleaningReports([event(2.5 * HOUR), event(2.6 * HOUR, 'note')], history);
  expect(report).toMatchObject({
    daysSincePrevious: null,
    before: 2.02,
    after: 0.05,
    wasInAlarm: true,
    relapseAt: 7 * HOUR,
    recovery: { kind: 'confirmed', snapshots: 3 },
  });
  expect(report!.clean.map(({ id }) => id)).toEqual(['job-3', 'job-4', 'job-5', 'job-6']);
});

test('before the window is full, without snapshots, and when it did not help, it says so', () => {
  const at = event(1.5 * HOUR);
  const recovery = (statuses: readonly DriftStatus[]) => cleaningReports([at], jobs(statuses))[0];
  expect(recovery(['drift', 'drift'])?.recovery).toEqual({ kind: 'no-snapshot' });
  expect(recovery(['drift', 'drift', 'warming-up'])?.recovery).toEqual({
    kind: 'filling',
    windowFill: 1,
    windowSize: 2,
  });
  const failed = recovery(['drift', 'drift', 'warming-up', 'drift', 'drift']);
  expect(failed?.recovery).toEqual({ kind: 'not-yet', snapshots: 3 });
  expect(failed?.clean).toEqual([]);
});

test('a cleaning of a camera that was normal helped nothing', () => {
  const history = jobs(['normal', 'warming-up', 'normal']);
  expect(cleaningReports([event(0.5 * HOUR)], history)[0]).toMatchObject({
    wasInAlarm: false,
    relapseAt: null,
    recovery: { kind: 'confirmed', snapshots: 2 },
  });
});

test('a verdict that is normal only because no alarm was raised yet confirms nothing', () => {
  const persistence = { raiseAfter: 3, clearAfter: 1, clearBelow: 1 };
  // Windows of distance 9 above a drift limit of 2: two of them raise no alarm yet.
  const history = jobs(['drift', 'warming-up', 'normal', 'normal', 'drift']).map((job, i) => ({
    ...job,
    persistence,
    distance: i < 2 ? job.distance : 9,
  }));
  const [report] = cleaningReports([event(0.5 * HOUR)], history);
  expect(report).toMatchObject({ recovery: { kind: 'not-yet', snapshots: 4 }, clean: [] });
});

test('days are counted from one cleaning to the next, and each sees only its own snapshots', () => {
  const history = jobs(['drift', 'warming-up', 'normal', 'drift', 'warming-up']);
  const reports = cleaningReports([event(0.5 * HOUR), event(3.5 * HOUR)], history);
  expect(reports.map(({ daysSincePrevious }) => daysSincePrevious)).toEqual([null, 3 / 24]);
  expect(reports.map(({ before }) => before)).toEqual([2, 2.03]);
  expect(reports.map(({ after }) => after)).toEqual([0.02, null]);
});

test('snapshots of more than three days after a cleaning don’t count as clean', () => {
  const history = jobs(['warming-up', ...new Array<DriftStatus>(99).fill('normal')]);
  const [report] = cleaningReports([event(0)], history);
  expect(report!.clean).toHaveLength(72);
});

test('the last cleaning is the newest one up to an instant, whatever the order they came in', () => {
  const events = [event(5), event(3), event(9, 'moved')];
  expect(lastCleaning(events, 10)).toBe(5);
  expect(lastCleaning(events, 5)).toBe(5);
  expect(lastCleaning(events, 4)).toBe(3);
  expect(lastCleaning(events, 2)).toBeNull();
});
