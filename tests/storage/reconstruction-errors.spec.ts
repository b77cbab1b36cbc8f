import { expect, test } from '@playwright/test';
import type { CompletedJob } from '../../src/core/domain/camera/job';
import { BLANK } from '../addresses';

interface Storage {
  database: typeof import('../../src/core/storage/database');
  cameras: typeof import('../../src/core/storage/cameras');
  jobs: typeof import('../../src/core/storage/jobs');
}
declare const storage: Storage;
declare const db: import('../../src/core/storage/database').Database;

declare const make: {
  job(id: string): import('../../src/core/domain/camera/job').CompletedJob;
  failed(): import('../../src/core/domain/camera/job').FailedJob;
  reference(id: string): import('../../src/core/domain/camera/job').Reference;
};

test.beforeEach(async ({ page }) => {
  await page.goto(BLANK);
  await page.evaluate(async () => {
    const [database, cameras, jobs, rows] = await Promise.all([
      import('/src/core/storage/database.ts'),
      import('/src/core/storage/cameras.ts'),
      import('/src/core/storage/jobs.ts'),
      import('/tests/storage/whole-rows.ts'),
    ]);
    const { wholeFailed, wholeJob, wholeReference } = rows;
    const make = {
      job: (id: string) => wholeJob(id, 1),
      failed: () => wholeFailed(),
      reference: (id: string) => {
        const { properties } = wholeJob();
        return wholeReference(id, {
          properties: [0.1, 0.2].map((brightness) => ({ ...properties, brightness })),
        });
      },
    };
    const db = await database.openDatabase();
    Object.assign(globalThis, { storage: { database, cameras, jobs }, make, db });
  });
});

test('reconstruction errors are added to scored jobs, and change nothing else of them', async ({ page }) => {
  const [before, after, embedding] = await page.evaluate(async () => {
    const { saveJobs, loadJobs, loadEmbeddings, saveReconstructionErrors } = storage.jobs;
    const entry = (job: import('../../src/core/domain/camera/job').CompletedJob) => ({
      job,
      embedding: new Float32Array([1, 2, 3]),
      thumbnail: new ArrayBuffer(4),
    });
    await saveJobs(
      db,
      ['a', 'b', 'c'].map((id) => entry(make.job(id))),
    );
    const before = await loadJobs(db, 'camera');
    await saveReconstructionErrors(
      db,
      new Map([
        ['a', 0.25],
        ['c', null],
      ]),
    );
    const embeddings = await loadEmbeddings(db, ['a']);
    return [before, await loadJobs(db, 'camera'), [...(embeddings.get('a') ?? [])]] as const;
  });
  const withError = (id: string, reconstructionError: number | null) => {
    const job = before.find((known) => known.id === id)!;
    return { ...job, properties: { ...(job as CompletedJob).properties, reconstructionError } };
  };
  expect(after).toEqual([withError('a', 0.25), before[1], withError('c', null)]);
  expect(embedding).toEqual([1, 2, 3]);
});

test('a job that is gone is not made again, and one whose file could not be read stays as it is', async ({
  page,
}) => {
  const jobs = await page.evaluate(async () => {
    await storage.jobs.saveJobs(db, [{ job: make.failed() }]);
    await storage.jobs.saveReconstructionErrors(
      db,
      new Map([
        ['gone', 1],
        ['failed', 1],
      ]),
    );
    return storage.jobs.loadJobs(db, 'camera');
  });
  expect(jobs).toHaveLength(1);
  expect(jobs[0]).toMatchObject({ id: 'failed', code: 'empty-file' });
  expect(JSON.stringify(jobs)).not.toContain('reconstructionError');
});

test('a reference gets the errors of its snapshots, unless it is gone or has others', async ({ page }) => {
  const found = await page.evaluate(async () => {
    const { saveReferenceErrors, loadReferences } = storage.cameras;
    await db.add('references', make.reference('one'));
    const gone = await saveReferenceErrors(db, 'two', [0.1, 0.2]);
    const tooFew = await saveReferenceErrors(db, 'one', [0.1]);
    const saved = await saveReferenceErrors(db, 'one', [0.1, null]);
    const [stored] = await loadReferences(db, 'camera');
    const plain = (reference: typeof saved | undefined) =>
      reference && { ...reference, embeddings: reference.embeddings.map((embedding) => [...embedding]) };
    return { gone, tooFew, saved: plain(saved), stored: plain(stored) };
  });
  expect(found.gone).toBeNull();
  expect(found.tooFew).toBeNull();
  expect(found.stored).toEqual(found.saved);
  expect(found.stored?.embeddings).toEqual([
    [1, 2],
    [3, 4],
  ]);
  expect(found.stored?.properties).toMatchObject([
    { brightness: 0.1, reconstructionError: 0.1 },
    { brightness: 0.2, reconstructionError: null },
  ]);
});
