import { expect, type Page } from '@playwright/test';
import { BLANK, VITE } from '../addresses';
import { test } from '../shared-page';

/** Runs in a page served by Vite, with a database of its own for each test. */
test.beforeEach(async ({ page }) => load(page));

async function load(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const [database, cameras, inputs, deletion, jobs, newJobs, settings, models, rows] = await Promise.all([
      import('/src/core/storage/database.ts'),
      import('/src/core/storage/cameras.ts'),
      import('/src/core/storage/inputs.ts'),
      import('/src/features/keep/storage/delete-camera.ts'),
      import('/src/core/storage/jobs.ts'),
      import('/src/core/storage/new-jobs.ts'),
      import('/src/core/storage/settings.ts'),
      import('/src/core/storage/models.ts'),
      import('/tests/storage/whole-rows.ts'),
    ]);
    Object.assign(globalThis, {
      storage: {
        ...database,
        ...cameras,
        ...inputs,
        ...deletion,
        ...jobs,
        ...newJobs,
        ...settings,
        ...models,
      },
    });
    Object.assign(globalThis, {
      rows,
      job: rows.wholeJob,
      entry: (job: unknown) => ({
        job,
        embedding: new Float32Array([1, 2, 3]),
        thumbnail: new ArrayBuffer(4),
      }),
    });
  });
}

declare const storage: typeof import('../../src/core/storage/database') &
  typeof import('../../src/core/storage/cameras') &
  typeof import('../../src/core/storage/inputs') &
  typeof import('../../src/features/keep/storage/delete-camera') &
  typeof import('../../src/core/storage/jobs') &
  typeof import('../../src/core/storage/new-jobs') &
  typeof import('../../src/core/storage/settings');
declare const rows: typeof import('./whole-rows');
declare const job: (
  id: string,
  capturedAt: number,
  more?: object,
) => import('../../src/core/domain/camera/job').CompletedJob;
declare const entry: (job: unknown) => import('../../src/core/storage/new-jobs').NewJob;

test('a long history comes in parts, the newest first, and none is lost or there twice', async ({ page }) => {
  const found = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    const tx = db.transaction('jobs', 'readwrite');
    const count = 2 * storage.JOBS_AT_A_TIME + 3;
    // Every third instant has a second job of the same name: another model's.
    for (let i = 0; i < count; i += 1) {
      const place = i - Number(i % 3 === 2);
      void tx.store.add(job(`job ${i}`, place * 7, { imageName: `${place}.jpg` }));
    }
    void tx.store.add(job('elsewhere', 8, { cameraId: 'camera 2' }));
    await tx.done;
    const parts: string[][] = [];
    for await (const part of storage.loadJobsNewestFirst(db, 'camera')) parts.push(part.map(({ id }) => id));
    const times = (await storage.loadJobs(db, 'camera')).map(({ capturedAt }) => capturedAt);
    const nothing = await storage.loadJobs(db, 'none');
    db.close();
    return {
      count,
      sizes: parts.map(({ length }) => length),
      newest: parts[0]?.at(-1),
      oldest: parts.at(-1)?.[0],
      different: new Set(parts.flat()).size,
      isInOrder: times.every((time, i) => i === 0 || time >= times[i - 1]!),
      nothing,
    };
  });
  expect(found.sizes.reduce((sum, size) => sum + size)).toBe(found.count);
  expect(found.different).toBe(found.count);
  expect(found.sizes).toHaveLength(3);
  expect([found.newest, found.oldest]).toEqual([`job ${found.count - 1}`, 'job 0']);
  expect(found.isInOrder).toBe(true);
  expect(found.nothing).toEqual([]);
});

test('jobs that are read share what they have alike, and say what was stored', async ({ page }) => {
  const found = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    const glass = {
      ...{ growth: { distance: 0, driftStatus: 'normal' }, loss: null, cover: 0.5, thickest: null },
      view: { isAside: false, asideInARow: 0, isAlarming: false, hasMoved: false },
      ...{ isDark: false, visible: null, move: { down: 1, right: 0 }, isOwnModel: true },
    };
    const others = { thresholds: { warning: 0.05, drift: 0.2 }, glass: null };
    const stored = [
      ...[job('a', 10, { glass }), job('b', 20, { glass }), job('c', 30, others)],
      ...[rows.wholeFailed('d', 40), job('e', 50, others)],
    ];
    await storage.saveJobs(db, stored.map(entry));
    const jobs = await storage.loadJobs(db, 'camera');
    const shared = (name: string) =>
      jobs.map(
        (one, i) => jobs.findIndex((other) => Reflect.get(other, name) === Reflect.get(one, name)) < i,
      );
    return {
      ...{ stored, jobs, thresholds: shared('thresholds'), detector: shared('detector') },
      views: new Set(jobs.map((each) => ('glass' in each ? each.glass?.view : undefined))).size,
    };
  });
  expect(found.jobs).toEqual(found.stored);
  // A failed one has none.
  expect(found.thresholds).toEqual([false, true, false, false, true]);
  expect(found.detector).toEqual([false, true, true, false, true]);
  expect(found.views).toBe(2);
});

test('jobs come back in capture order, with their embeddings bit for bit', async ({ page }) => {
  const found = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    await storage.saveJobs(db, [entry(job('b', 20)), entry(job('a', 10))]);
    await storage.saveJobs(db, [entry(rows.wholeFailed('c', 15))]);
    const jobs = await storage.loadJobs(db, 'camera');
    const embeddings = await storage.loadEmbeddings(db, ['a', 'none', 'b']);
    const thumbnail = await storage.loadThumbnail(db, 'a');
    db.close();
    return {
      ids: jobs.map(({ id }) => id),
      embeddings: [...embeddings].map(([id, embedding]) => [id, ...embedding]),
      thumbnail: thumbnail?.byteLength,
      none: await storage.openDatabase().then((db) => storage.loadThumbnail(db, 'none')),
    };
  });
  expect(found).toEqual({
    ids: ['a', 'c', 'b'],
    embeddings: [
      ['a', 1, 2, 3],
      ['b', 1, 2, 3],
    ],
    thumbnail: 4,
    none: null,
  });
});

test('a batch that fails in the middle stores none of its jobs', async ({ page }) => {
  const outcome = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    await storage.saveJobs(db, [entry(job('a', 10))]);
    const failure = await storage
      .saveJobs(db, [entry(job('b', 20)), entry(job('a', 30))])
      .catch((e: unknown) => e);
    const ids = (await storage.loadJobs(db, 'camera')).map(({ id }) => id);
    const left = await storage.loadEmbeddings(db, ['b']);
    return { code: (failure as { code: string }).code, ids, left: left.size };
  });
  expect(outcome).toEqual({ code: 'storage-failed', ids: ['a'], left: 0 });
});

test('a job that can’t be stored takes the others of its batch along, and is named', async ({ page }) => {
  const outcome = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    const strange = job('b', 20, { detector: () => 'a function can’t be cloned' });
    const failure = await storage
      .saveJobs(db, [entry(job('a', 10)), entry(strange)])
      .catch((e: unknown) => e);
    return { code: (failure as { code: string }).code, left: (await storage.loadJobs(db, 'camera')).length };
  });
  expect(outcome).toEqual({ code: 'storage-failed', left: 0 });
});

test('a full disk is told apart, and what was stored stays', async ({ context }) => {
  const page = await context.newPage();
  await page.goto(BLANK);
  await load(page);
  const client = await context.newCDPSession(page);
  // The override must be in force before the origin's first write.
  await client.send('Storage.overrideQuotaForOrigin', {
    origin: VITE,
    quotaSize: 3_000_000,
  });
  const outcome = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    // Random, since the database compresses what it can.
    const noise = () => {
      const bytes = new Uint8Array(400_000);
      for (let at = 0; at < bytes.length; at += 50_000)
        crypto.getRandomValues(bytes.subarray(at, at + 50_000));
      return bytes.buffer;
    };
    const big = (id: string) => ({ job: job(id, 1), embedding: new Float32Array(1), thumbnail: noise() });
    let code = '';
    let saved = 0;
    for (let i = 0; i < 40 && code === ''; i += 1) {
      await storage.saveJobs(db, [big(`job-${String(i)}`)]).then(
        () => (saved += 1),
        (error: unknown) => (code = (error as { code: string }).code),
      );
    }
    return { code, saved, stored: (await storage.loadJobs(db, 'camera')).length };
  });
  expect(outcome.code).toBe('disk-full');
  expect(outcome.saved).toBeGreaterThan(0);
  expect(outcome.stored).toBe(outcome.saved);
});

test('deleting a camera leaves nothing of it and everything of the others', async ({ page }) => {
  const left = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    const camera = rows.wholeCamera;
    const reference = (id: string, cameraId: string) => rows.wholeReference(id, { cameraId });
    await storage.saveReference(db, camera('camera'), reference('r1', 'camera'));
    await storage.saveReference(db, camera('other'), reference('r2', 'other'));
    await storage.saveJobs(db, [entry(job('a', 10)), entry(job('b', 10, { cameraId: 'other' }))]);
    await db.put('events', { id: 'e', cameraId: 'camera', kind: 'cleaned', at: 1, note: '' });
    const { loadSeenFiles, saveSeenFiles } = await import('/src/core/storage/seen-files.ts');
    const file = { path: 'a/b.jpg', stamp: '1 2 model' };
    await saveSeenFiles(db, [
      { cameraId: 'camera', ...file },
      { cameraId: 'other', ...file },
    ]);
    await storage.deleteCamera(db, 'camera');
    return {
      seenFiles: [await loadSeenFiles(db, 'camera'), await loadSeenFiles(db, 'other')].map((seen) => [
        ...seen.keys(),
      ]),
      cameras: (await storage.loadCameras(db)).map(({ id }) => id),
      references: [
        (await storage.loadReferences(db, 'camera')).length,
        (await storage.loadReferences(db, 'other')).length,
      ],
      jobs: [(await storage.loadJobs(db, 'camera')).length, (await storage.loadJobs(db, 'other')).length],
      embeddings: (await storage.loadEmbeddings(db, ['a', 'b'])).size,
      events: (await storage.loadEvents(db, 'camera')).length,
    };
  });
  expect(left).toEqual({
    seenFiles: [[], ['a/b.jpg']],
    cameras: ['other'],
    references: [0, 1],
    jobs: [0, 1],
    embeddings: 1,
    events: 0,
  });
});

test('a reference and the camera that uses it are stored together or not at all', async ({ page }) => {
  const cameras = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    const [camera, reference] = [rows.wholeCamera(), rows.wholeReference('r1')];
    await storage.saveReference(db, camera, reference);
    await storage.saveReference(db, { ...camera, name: 'changed' }, reference).catch(() => undefined);
    return (await storage.loadCameras(db)).map(({ id, name, referenceId }) => ({ id, name, referenceId }));
  });
  expect(cameras).toEqual([{ id: 'camera', name: 'Reef', referenceId: 'r1' }]);
});

test('an old tab that keeps the old schema open is named, and its own connection closes when it can', async ({
  page,
}) => {
  const outcome = await page.evaluate(async () => {
    const raise = (version: number) =>
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.open('porthole', version);
        request.onsuccess = () => {
          request.result.close();
          resolve();
        };
        request.onerror = () => reject(new Error(request.error?.message));
      });
    let wasOutdated = false;
    await storage.openDatabase({ onOutdated: () => (wasOutdated = true) });
    await raise(99);
    const failure = await storage.openDatabase().catch((error: unknown) => error);
    return { wasOutdated, code: (failure as { code: string }).code };
  });
  expect(outcome).toEqual({ wasOutdated: true, code: 'storage-newer' });
});

test('a browser that lets the page store nothing is told from one that fails', async ({ page }) => {
  const codes = await page.evaluate(async () => {
    const codes: string[] = [];
    const open = Reflect.get(IDBFactory.prototype, 'open');
    // As Firefox 153 refuses where site data are blocked and in a private window; the last one is a broken profile.
    for (const name of ['SecurityError', 'InvalidStateError', 'UnknownError']) {
      IDBFactory.prototype.open = () => {
        throw new DOMException('refused', name);
      };
      await storage.openDatabase().catch((error: unknown) => codes.push((error as { code: string }).code));
    }
    IDBFactory.prototype.open = open;
    return codes;
  });
  expect(codes).toEqual(['storage-refused', 'storage-refused', 'storage-failed']);
});

test('a page that is older than the database says so, and leaves it as it is', async ({ page }) => {
  const found = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    await storage.saveSetting(db, 'currentCameraId', 'camera');
    const newer = db.version + 1;
    db.close();
    // As a version to come leaves it, which the browser still holds open in another tab.
    const opening = indexedDB.open('porthole', newer);
    opening.onupgradeneeded = () => opening.result.createObjectStore('to come');
    const held = await new Promise<IDBDatabase>((resolve) => {
      opening.onsuccess = () => {
        resolve(opening.result);
      };
    });
    const code = await storage.openDatabase().then(
      () => 'opened',
      (error: unknown) => (error as { code?: string }).code,
    );
    const kept = await new Promise<unknown>((resolve) => {
      const asking = held.transaction('settings').objectStore('settings').get('currentCameraId');
      asking.onsuccess = () => {
        resolve(asking.result);
      };
    });
    const isStill = held.version === newer;
    held.close();
    return { code, kept, isStill };
  });
  expect(found).toEqual({ code: 'storage-newer', kept: 'camera', isStill: true });
});

test('the second tab looks on, and becomes the writer when the first one closes', async ({ context }) => {
  const claim = async (page: Page) => {
    await page.goto(BLANK);
    await page.evaluate(async () => {
      const { claimWriterLock } = await import('/src/core/storage/writer-lock.ts');
      const roles: string[] = [];
      Object.assign(globalThis, { roles });
      claimWriterLock((role) => roles.push(role));
    });
  };
  const rolesOf = (page: Page) => page.evaluate(() => (globalThis as unknown as { roles: string[] }).roles);
  const [first, second] = [await context.newPage(), await context.newPage()];
  await claim(first);
  await expect.poll(() => rolesOf(first)).toEqual(['writer']);
  await claim(second);
  await expect.poll(() => rolesOf(second)).toEqual(['onlooker']);
  await first.close();
  await expect.poll(() => rolesOf(second)).toEqual(['onlooker', 'writer']);
});
