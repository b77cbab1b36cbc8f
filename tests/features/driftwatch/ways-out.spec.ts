import { expect, test } from '@playwright/test';
import { experimentPage } from '../../../src/features/driftwatch/ways-out';

const ID = '0b9c1f1e-7a53-4d2b-9a55-1f2f3c4d5e6f';

test('an experiment’s page is on the host of the API, and nowhere while that is not known', () => {
  const of = (baseUrl: string, upstream: string | null) => experimentPage({ baseUrl }, upstream, ID);
  const there = `https://drift-watch.example/experiment/${ID}`;
  expect(of('https://drift-watch.example/api/v1', null)).toBe(there);
  expect(of('/driftwatch', 'https://drift-watch.example/api/v1')).toBe(there);
  expect(of('/driftwatch', null)).toBeNull();
});
