import { expect } from '@playwright/test';
import { test } from '../shared-page';

interface Storage {
  database: typeof import('../../src/core/storage/database');
  jobs: typeof import('../../src/core/storage/jobs') & typeof import('../../src/core/storage/new-jobs');
  rows: typeof import('./whole-rows');
}
declare const storage: Storage;

test.beforeEach(async ({ page }) => {
  await page.evaluate(async () => {
    const [database, jobs, newJobs, rows] = await Promise.all([
      import('/src/core/storage/database.ts'),
      import('/src/core/storage/jobs.ts'),
      import('/src/core/storage/new-jobs.ts'),
      import('/tests/storage/whole-rows.ts'),
    ]);
    Object.assign(globalThis, { storage: { database, jobs: { ...jobs, ...newJobs }, rows } });
  });
});

test('what a person called a snapshot is stored beside what was judged, and can be taken back', async ({
  page,
}) => {
  const steps = await page.evaluate(async () => {
    const { saveJobs, loadJobs, saveByEye } = storage.jobs;
    const { wholeJob, wholeFailed } = storage.rows;
    const db = await storage.database.openDatabase();
    const entry = (id: string) => ({
      job: wholeJob(id, 1),
      embedding: new Float32Array([1, 2, 3]),
      thumbnail: new ArrayBuffer(4),
    });
    const failed = wholeFailed();
    await saveJobs(db, [entry('a'), entry('b'), { job: failed }]);
    const before = await loadJobs(db, 'camera');
    await saveByEye(
      db,
      new Map([
        ['a', 'dirty'],
        ['b', 'clean'],
        [failed.id, 'clean'],
        ['gone', 'neither'],
      ] as const),
    );
    const called = await loadJobs(db, 'camera');
    await saveByEye(db, new Map([['b', null]]));
    const back = await loadJobs(db, 'camera');
    return { before, called, back };
  });
  const said = (jobs: readonly object[]) => jobs.map((job) => ('byEye' in job ? job.byEye : 'nothing'));
  expect(said(steps.before)).toEqual(['nothing', 'nothing', 'nothing']);
  expect(new Set(said(steps.called))).toEqual(new Set(['dirty', 'clean', 'nothing']));
  expect(said(steps.back).filter((word) => word === 'nothing')).toHaveLength(2);
  const b = (jobs: typeof steps.before) => jobs.find(({ id }) => id === 'b');
  expect(b(steps.back), 'nothing else was touched').toEqual(b(steps.before));
});

test('a job with another word than those is no sound row', async ({ page }) => {
  const loaded = await page.evaluate(async () => {
    const { saveJobs, loadJobs } = storage.jobs;
    const { wholeJob } = storage.rows;
    const db = await storage.database.openDatabase();
    const entry = (id: string, byEye: unknown) => ({
      job: wholeJob(id, 1, { byEye } as object),
      embedding: new Float32Array([1]),
      thumbnail: new ArrayBuffer(1),
    });
    await saveJobs(db, [entry('a', 'clean'), entry('b', 'spotless')]);
    return (await loadJobs(db, 'camera')).map(({ id }) => id);
  });
  expect(loaded).toEqual(['a']);
});
