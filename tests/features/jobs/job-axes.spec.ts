import { expect, test } from '@playwright/test';
import type { CompletedJob, FailedJob, Job } from '../../../src/core/domain/camera/job';
import type { ImageProperties } from '../../../src/core/domain/picture/property-table';
import { glass, otherView } from '../../domain/camera/jobs';
import { jobAxesOf, jobLimitsOf, jobNumberOn, jobPointsOf } from '../../../src/features/jobs/pure/job-axes';

const facts = {
  cameraId: 'camera',
  contentSha256: '',
  capturedAtSource: 'file-name',
  createdAt: 0,
} as const;

const properties: ImageProperties = {
  width: 640,
  height: 480,
  brightness: 0.4,
  contrast: 0.2,
  sharpness: 0.05,
  blueMinusRed: -0.1,
  greenCast: 0.02,
};

function scored(capturedAt: number, distance: number | null, more: Partial<CompletedJob> = {}): CompletedJob {
  return {
    ...facts,
    id: `job-${capturedAt}`,
    imageName: `${capturedAt}.jpg`,
    capturedAt,
    jobStatus: 'Completed',
    distance,
    windowFill: 12,
    thresholds: { warning: 0.1, drift: 0.2 },
    detector: { name: 'mmd', windowSize: 12, sigma: 0.3 },
    referenceId: 'reference',
    modelSha256: 'model',
    properties,
    ...more,
  };
}

const failed: FailedJob = {
  ...facts,
  id: 'failed',
  imageName: 'failed.jpg',
  capturedAt: 5,
  jobStatus: 'Failed',
  code: 'image-damaged',
  detail: '',
};

test('a job has a number for the capture time, the distance and what was measured of its picture', () => {
  const job = scored(7, -0.01);
  expect(jobNumberOn(job, 'capturedAt')).toBe(7);
  expect(jobNumberOn(job, 'distance')).toBe(-0.01);
  expect(jobNumberOn(job, 'blueMinusRed')).toBe(-0.1);
  expect(jobNumberOn(scored(7, null), 'distance')).toBeNull();
});

test('what was not measured when a job was scored, or is no number, has no place on an axis', () => {
  const old = scored(1, 0.1);
  const later = scored(2, 0.1, { properties: { ...properties, haze: 0.3 } });
  const broken = scored(3, 0.1, { properties: { ...properties, haze: NaN } });
  expect([old, later, broken].map((job) => jobNumberOn(job, 'haze'))).toEqual([null, 0.3, null]);
  expect(jobPointsOf([old, later, broken], 'haze', 'distance').map(({ record }) => record)).toEqual([later]);
});

test('only axes on which some job has a number are offered', () => {
  expect(jobAxesOf([failed])).toEqual(['capturedAt']);
  const measured = ['brightness', 'contrast', 'sharpness', 'blueMinusRed', 'greenCast'];
  expect(jobAxesOf([scored(1, null), failed])).toEqual(['capturedAt', ...measured]);
  const hazy = { ...properties, haze: 0.01 };
  expect(jobAxesOf([scored(1, 0.1), scored(2, null, { properties: hazy })])).toEqual([
    'capturedAt',
    'distance',
    ...measured,
    'haze',
  ]);
});

test('points lie from left to right, each with its verdict; files that failed have none', () => {
  const jobs: Job[] = [scored(1, 0.3), failed, scored(6, 0), scored(9, 0.15)];
  const before = structuredClone(jobs);
  const points = jobPointsOf(jobs, 'distance', 'brightness');
  expect(points.map(({ x, y, status }) => [x, y, status])).toEqual([
    [0, 0.4, 'normal'],
    [0.15, 0.4, 'warning'],
    [0.3, 0.4, 'drift'],
  ]);
  expect(jobs).toEqual(before);
});

test('limits belong to the distance on Y, and are one number while all jobs have the same', () => {
  const jobs = [scored(1, 0.1), scored(2, 0.1)];
  expect(jobLimitsOf(jobPointsOf(jobs, 'brightness', 'distance'), 'brightness', 'distance')).toEqual({
    warning: 0.1,
    drift: 0.2,
  });
  const none = { warning: null, drift: null };
  expect(jobLimitsOf(jobPointsOf(jobs, 'distance', 'haze'), 'distance', 'haze')).toEqual(none);
  expect(jobLimitsOf([], 'capturedAt', 'distance')).toEqual(none);
});

test('a limit that changed is a course over the capture time, and is not drawn over anything else', () => {
  const stricter = { thresholds: { warning: 0.1, drift: 0.15 } };
  const jobs = [
    scored(1, 0.1),
    scored(2, 0.1),
    scored(3, 0.1, stricter),
    scored(4, 0.1, stricter),
    scored(5, 0.1, stricter),
  ];
  expect(jobLimitsOf(jobPointsOf(jobs, 'capturedAt', 'distance'), 'capturedAt', 'distance')).toEqual({
    warning: 0.1,
    drift: [
      { x: 1, y: 0.2 },
      { x: 3, y: 0.15 },
      { x: 5, y: 0.15 },
    ],
  });
  expect(jobLimitsOf(jobPointsOf(jobs, 'contrast', 'distance'), 'contrast', 'distance')).toEqual({
    warning: 0.1,
    drift: null,
  });
});

test('the distance is that of the detector that spoke, at the learned limits where it is at its own', () => {
  const job = scored(1, 0.01, { glass: glass(0.1, 0.02, { isOwnModel: true }) });
  expect(jobNumberOn(job, 'distance')).toBeCloseTo(0.2, 12);
  expect(
    ['learned', 'growth', 'loss', 'cover', 'visible'].map((axis) => jobNumberOn(job, axis as 'learned')),
  ).toEqual([0.01, 0.1, 0.02, 0.125, 0.75]);
  expect(jobNumberOn(scored(1, 0.01, { glass: glass(0.1, 0.02) }), 'learned'), 'no say').toBeNull();
  const aside = scored(2, 0.3, { glass: otherView({}, { isOwnModel: true }) });
  expect((['distance', 'growth', 'cover'] as const).map((axis) => jobNumberOn(aside, axis))).toEqual([
    null,
    null,
    null,
  ]);
});

test('the axes of growth and loss are offered where they were looked at, and have limits of their own', () => {
  const jobs = [scored(1, 0.3), scored(2, 0.3, { glass: glass(0.1, 0, { isOwnModel: true }) })];
  expect(jobAxesOf(jobs).slice(0, 7)).toEqual([
    ...['capturedAt', 'distance', 'learned', 'growth', 'loss', 'cover', 'visible'],
  ]);
  const limits = (y: 'growth' | 'learned' | 'cover') =>
    jobLimitsOf(jobPointsOf(jobs, 'capturedAt', y), 'capturedAt', y);
  expect(limits('growth')).toEqual({ warning: 0.05, drift: 0.1 });
  expect(limits('learned')).toEqual({ warning: 0.1, drift: 0.2 });
  expect(limits('cover')).toEqual({ warning: null, drift: null });
});
