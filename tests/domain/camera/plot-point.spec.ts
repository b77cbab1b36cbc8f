import { expect, test } from '@playwright/test';
import { countsOf } from '../../../src/core/domain/camera/plot-point';

test('points are counted by status, the most urgent first, those that occur alone', () => {
  const statuses = ['normal', 'not-checked', 'drift', 'normal'] as const;
  expect(countsOf(statuses.map((status) => ({ status })))).toEqual([
    { status: 'drift', count: 1 },
    { status: 'normal', count: 2 },
    { status: 'not-checked', count: 1 },
  ]);
});
