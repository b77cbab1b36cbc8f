import { expect, test } from '@playwright/test';
import { BLANK } from '../addresses';

/** Runs in a page served by Vite, with a database and files of its own for each test. */
test.beforeEach(async ({ page }) => {
  await page.goto(BLANK);
  await page.evaluate(async () => {
    const parts = await Promise.all(
      ['database', 'cameras', 'imports', 'jobs', 'originals', 'settings', 'upkeep'].map(
        (name) => import(`/src/storage/${name}.ts`) as Promise<object>,
      ),
    );
    const camera = (id: string, more = {}) => ({
      id,
      name: 'Renamed',
      createdAt: 1,
      modelSha256: 'model',
      detector: { name: 'mmd-streaming', windowSize: 1, sigma: 1 },
      thresholds: { warning: 1, drift: 2 },
      persistence: { raiseAfter: 1, clearAfter: 1, clearBelow: 1 },
      ...more,
    });
    const job = (id: string, capturedAt: number, cameraId = 'camera') => ({
      id,
      cameraId,
      imageName: `${id}.jpg`,
      contentSha256: id,
      capturedAt,
      createdAt: 1,
      jobStatus: 'Failed',
    });
    const keep = async (cameraId: string, name: string) => {
      const root = await navigator.storage.getDirectory();
      const all = await root.getDirectoryHandle('originals', { create: true });
      const folder = await all.getDirectoryHandle(cameraId, { create: true });
      await folder.getFileHandle(name, { create: true });
    };
    Object.assign(globalThis, { storage: Object.assign({}, ...parts) as object, camera, job, keep });
  });
});

declare const storage: typeof import('../../src/storage/database') &
  typeof import('../../src/storage/cameras') &
  typeof import('../../src/storage/imports') &
  typeof import('../../src/storage/jobs') &
  typeof import('../../src/storage/originals') &
  typeof import('../../src/storage/settings') &
  typeof import('../../src/storage/upkeep');
// The stored nouns are large; these stand-ins carry what storage itself looks at.
declare const camera: (id: string) => import('../../src/domain/job').Camera;
declare const job: (id: string, capturedAt: number, cameraId?: string) => import('../../src/domain/job').Job;
declare const keep: (cameraId: string, name: string) => Promise<void>;

test('kept pictures go by the time in their names, whatever the camera is called now', async ({ page }) => {
  const found = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    await storage.saveCamera(db, camera('camera'));
    const before = Date.UTC(2024, 0, 1, 0, 0, 0, 500);
    const jobs = [job('old', Date.UTC(2023, 0, 1)), job('a', before - 300), job('b', before + 300)];
    await storage.importJobs(
      db,
      jobs.map((job) => ({ job, embedding: null, thumbnail: null })),
    );
    const names = [
      '20230101-000000-Earlier.jpg',
      // Of no job any more.
      '20230601-000000-Earlier-0a1b2c3d.jpg',
      // Two of one second, one of which stays.
      '20240101-000000-Renamed.jpg',
      '20240101-000000-Renamed-0a1b2c3d.jpg',
      '20240102-000000-Renamed.jpg',
    ];
    for (const name of names) await keep('camera', name);
    const aged = await storage.findAged(db, 'originals', before);
    await storage.deleteOriginals('camera', [names[1]!]);
    const still = await storage.stillAged(db, aged);
    await storage.deleteAged(db, still);
    return {
      aged: [aged.count, [...(aged.originals.get('camera') ?? [])].sort()],
      still: [still.count, still.originals.get('camera')],
      left: await storage.originalNames('camera'),
    };
  });
  const [first, second] = ['20230101-000000-Earlier.jpg', '20230601-000000-Earlier-0a1b2c3d.jpg'];
  expect(found.aged).toEqual([2, [first, second]]);
  expect(found.still).toEqual([1, [first]]);
  expect(found.left).toHaveLength(3);
});

test('what an import left behind of a camera that is not here is forgotten, and nothing else', async ({
  page,
}) => {
  const left = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    await storage.saveCamera(db, camera('camera'));
    const jobs = [job('a', 1), job('b', 2, 'half'), job('c', 3, 'half')];
    const thumbnail = new ArrayBuffer(4);
    await storage.importJobs(
      db,
      jobs.map((job) => ({ job, embedding: null, thumbnail })),
    );
    await storage.saveSetting(db, 'openBatch', { cameraId: 'camera', total: 9, startedAt: 1 });
    for (const id of ['camera', 'half', 'pictures-only']) await keep(id, '20230101-000000-Reef.jpg');
    const strays = [...(await storage.findStrays(db))].sort();
    await storage.forgetStrays(db);
    return {
      strays,
      jobs: await db.getAllKeys('jobs'),
      thumbnails: await db.getAllKeys('thumbnails'),
      folders: await storage.camerasWithOriginals(),
      batch: (await storage.loadSetting(db, 'openBatch'))?.total,
    };
  });
  expect(left).toEqual({
    strays: ['half', 'pictures-only'],
    jobs: ['a'],
    thumbnails: ['a'],
    folders: ['camera'],
    batch: 9,
  });
});

test('an imported job never takes the place of a record that is on its way back', async ({ page }) => {
  const states = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    const delivery = { lane: 'x#1', jobId: 'a', cameraId: 'camera', capturedAt: 1, notBefore: 0 };
    await db.put('deliveries', { ...delivery, state: 'withdrawing' } as never);
    const forged = [{ ...delivery, lane: 'x#2', state: 'sent', body: '{}' }];
    const from = { job: job('a', 1), embedding: null, thumbnail: null, deliveries: forged };
    await storage.importJobs(db, [from]);
    return (await db.getAll('deliveries')).map(({ lane, state }) => `${lane} ${state}`);
  });
  expect(states).toEqual(['x#1 withdrawing']);
});

test('a picture with other bytes than its snapshot is not kept', async ({ page }) => {
  const [code, names] = await page.evaluate(async () => {
    const of = { cameraId: 'camera', imageName: 'a.jpg', capturedAt: 1, contentSha256: 'a'.repeat(64) };
    // A file of a zip, cloned, has a name and no bytes.
    const error: unknown = await storage
      .writeOriginal(of, '19700101-000000-Reef.jpg', new File([], 'a.jpg'))
      .catch((error: unknown) => error);
    return [(error as { code?: string }).code, await storage.originalNames('camera')] as const;
  });
  expect(code).toBe('file-unreadable');
  expect(names).toEqual([]);
});
