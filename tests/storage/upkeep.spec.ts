import { expect } from '@playwright/test';
import { test } from '../shared-page';

/** Runs in a page served by Vite, with a database and files of its own for each test. */
test.beforeEach(async ({ page }) => {
  await page.evaluate(async () => {
    const parts = await Promise.all(
      [
        'core/storage/database',
        'features/keep/storage/broken-rows',
        'core/storage/cameras',
        'core/storage/deletion/deletion',
        'core/storage/deliveries',
        'features/keep/storage/imports',
        'core/storage/jobs',
        'core/storage/originals',
        'core/storage/settings',
        'features/keep/storage/upkeep',
      ].map((name) => import(`/src/${name}.ts`) as Promise<object>),
    );
    const rows = await import('/tests/storage/whole-rows.ts');
    const camera = (id: string) => rows.wholeCamera(id, { name: 'Renamed' });
    const job = (id: string, capturedAt: number, cameraId = 'camera') =>
      rows.wholeFailed(id, capturedAt, { cameraId });
    const keep = async (cameraId: string, name: string) => {
      const root = await navigator.storage.getDirectory();
      const all = await root.getDirectoryHandle('originals', { create: true });
      const folder = await all.getDirectoryHandle(cameraId, { create: true });
      await folder.getFileHandle(name, { create: true });
    };
    Object.assign(globalThis, { storage: Object.assign({}, ...parts) as object, rows, camera, job, keep });
  });
});

declare const storage: typeof import('../../src/core/storage/database') &
  typeof import('../../src/features/keep/storage/broken-rows') &
  typeof import('../../src/core/storage/cameras') &
  typeof import('../../src/core/storage/deletion/deletion') &
  typeof import('../../src/core/storage/deliveries') &
  typeof import('../../src/features/keep/storage/imports') &
  typeof import('../../src/core/storage/jobs') &
  typeof import('../../src/core/storage/new-jobs') &
  typeof import('../../src/core/storage/inputs') &
  typeof import('../../src/core/storage/originals') &
  typeof import('../../src/core/storage/settings') &
  typeof import('../../src/features/keep/storage/upkeep');
declare const rows: typeof import('./whole-rows');
declare const camera: (id: string) => import('../../src/core/domain/camera/camera').Camera;
declare const job: (
  id: string,
  capturedAt: number,
  cameraId?: string,
) => import('../../src/core/domain/camera/job').Job;
declare const keep: (cameraId: string, name: string) => Promise<void>;

test('kept pictures go by the time in their names, whatever the camera is called now', async ({ page }) => {
  const found = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    await storage.saveCamera(db, camera('camera'));
    const before = Date.UTC(2024, 0, 1, 0, 0, 0, 500);
    const jobs = [job('old', Date.UTC(2023, 0, 1)), job('a', before - 300), job('b', before + 300)];
    await storage.importJobs(
      db,
      jobs.map((job) => ({ job, embedding: null, thumbnail: null, sight: null })),
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

test('an import into a camera that is here has all judged again between its first and its last snapshot', async ({
  page,
}) => {
  const stretch = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    for (const id of ['here', 'other']) await storage.saveCamera(db, camera(id));
    const jobs = [job('a', 100, 'here'), job('b', 200, 'here'), job('c', 300, 'here'), job('d', 250, 'here')];
    await storage.importJobs(
      db,
      jobs.map((job) => ({ job, embedding: null, thumbnail: null, sight: null })),
    );
    return [...((await storage.loadSetting(db, 'unjudged')) ?? [])];
  });
  expect(stretch).toEqual([['here', { from: 100, to: 300, isImported: true }]]);
});

test('a camera’s id may be the name of a field that every object has', async ({ page }) => {
  const found = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    const { loadUnjudged } = await import('/src/core/storage/unjudged.ts');
    const { judgedAnewMark } = await import('/src/core/storage/judged-anew.ts');
    const all: unknown[] = [];
    for (const id of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      await storage.saveCamera(db, camera(id));
      const before = [await loadUnjudged(db, id), await judgedAnewMark(db, id)];
      const thumbnail = new ArrayBuffer(4);
      await storage.importJobs(db, [
        { job: job(`job of ${id}`, 1, id), embedding: null, thumbnail, sight: null },
      ]);
      const after = await loadUnjudged(db, id);
      await storage.forgetCamera(db, id);
      all.push([...before, after, await loadUnjudged(db, id)]);
    }
    return all;
  });
  expect(found).toEqual(Array(4).fill([null, null, { from: 1, to: 1, isImported: true }, null]));
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
      jobs.map((job) => ({ job, embedding: null, thumbnail, sight: null })),
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
    const delivery = (lane: string, state: string) =>
      rows.wholeDelivery('a', { lane, state: state as 'sent' });
    await db.put('deliveries', delivery('x#1', 'withdrawing'));
    const forged = [delivery('x#2', 'sent')];
    const from = { job: job('a', 1), embedding: null, thumbnail: null, sight: null, deliveries: forged };
    await storage.importJobs(db, [from]);
    return (await db.getAll('deliveries')).map(({ lane, state }) => `${lane} ${state}`);
  });
  expect(states).toEqual(['x#1 withdrawing']);
});

test('whole cameras come with their jobs in one transaction, all of them or none', async ({ page }) => {
  const found = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    await storage.saveCamera(db, { ...camera('here'), name: 'Kept' });
    const destination = { cameraId: 'new', baseUrl: '/x' } as never;
    const part = (id: string, more = {}) => ({
      camera: { ...camera(id), name: 'Imported' },
      destination: null,
      references: [],
      events: [],
      calibrations: [],
      spansByHand: [],
      ...more,
    });
    const from = (job: object) => ({ job, embedding: null, thumbnail: null, sight: null }) as never;
    const names = async () => (await storage.loadCameras(db)).map(({ name }) => name);
    const counts = async () => [
      await db.count('cameras'),
      await db.count('jobs'),
      await db.count('destinations'),
    ];
    const broken = await storage
      .importWholeCameras(db, [
        { camera: part('new', { destination }), jobs: [from(job('a', 1, 'new'))] },
        // IndexedDB can't clone it.
        { camera: part('worse'), jobs: [from({ ...job('b', 2, 'worse'), no: () => 0 })] },
      ])
      .then(
        () => 'taken',
        (error: unknown) => (error as { code: string }).code,
      );
    const none = await counts();
    const added = await storage.importWholeCameras(db, [
      { camera: part('new', { destination }), jobs: [from(job('a', 1, 'new'))] },
      { camera: part('here', { destination: { ...(destination as object), cameraId: 'here' } }), jobs: [] },
    ]);
    const again = await storage.importWholeCameras(db, [
      { camera: part('new'), jobs: [from(job('a', 1, 'new'))] },
    ]);
    return [broken, none, [...added.jobIds], again.jobIds.size, await counts(), (await names()).sort()];
  });
  expect(found).toEqual(['storage-failed', [1, 0, 0], ['a'], 0, [2, 1, 1], ['Imported', 'Kept']]);
});

test('of rows with one id the first comes, whichever camera they are of, and all cameras are judged again', async ({
  page,
}) => {
  const found = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    for (const id of ['a', 'b']) await storage.saveCamera(db, camera(id));
    const more = { destination: null, references: [], calibrations: [], spansByHand: [] };
    const cleaning = (cameraId: string) => rows.wholeEvent('x', { cameraId, kind: 'cleaned', at: 5 });
    const of = (id: string, jobIds: readonly string[]) => ({
      camera: { camera: camera(id), events: [cleaning(id)], ...more },
      jobs: jobIds.map((jobId) => ({
        ...{ job: job(jobId, 7, id), embedding: null, thumbnail: null, sight: null },
      })),
    });
    const added = await storage.importWholeCameras(db, [
      of('a', ['x', 'x']),
      of('b', ['x', 'y']),
      of('c', ['z']),
    ]);
    const { jobIds, cameras, cleanings, others } = added;
    const unjudged = [...((await storage.loadSetting(db, 'unjudged')) ?? [])].map(([id, { from }]) => [
      id,
      from,
    ]);
    return { jobIds: [...jobIds].sort(), counts: [cameras, cleanings, others], unjudged: unjudged.sort() };
  });
  expect(found).toEqual({
    jobIds: ['x', 'y', 'z'],
    counts: [1, 1, 0],
    unjudged: [
      ['a', 5],
      ['b', 7],
    ],
  });
});

test('a model that is here is never replaced by an imported one of its SHA-256', async ({ page }) => {
  const found = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    const manifest = { sha256: 'a', name: 'here' } as never;
    const first = await storage.importModel(db, manifest, new ArrayBuffer(3));
    const second = await storage.importModel(db, { sha256: 'a', name: 'other' } as never, new ArrayBuffer(5));
    const [model] = await db.getAll('models');
    return [first, second, model?.manifest.name, (await db.get('modelFiles', 'a'))?.byteLength];
  });
  expect(found).toEqual([true, false, 'here', 3]);
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

test('a snapshot whose record has come to wait stays, and a deleted one gets no record', async ({ page }) => {
  const left = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    for (const id of ['a', 'b', 'c']) await db.add('jobs', rows.wholeFailed(id));
    const lane = { baseUrl: '/driftwatch', experimentId: 'experiment' };
    await storage.saveDestination(db, { cameraId: 'camera', ...lane } as never);
    // Found as old enough, and then queued.
    await storage.addDeliveries(db, [
      rows.wholeDelivery('b'),
      rows.wholeDelivery('c', { state: 'confirmed' }),
    ]);
    const aged = { before: 20, jobIds: ['a', 'b', 'c'], originals: new Map(), count: 3, staying: 0 };
    await storage.deleteAged(db, { kind: 'snapshots', ...aged });
    await storage.addDeliveries(db, [rows.wholeDelivery('a')]);
    return {
      jobs: await db.getAllKeys('jobs'),
      records: (await db.getAll('deliveries')).map(({ jobId, state }) => `${jobId} ${state}`),
    };
  });
  expect(left).toEqual({ jobs: ['b'], records: ['b queued', 'c confirmed'] });
});

test('an old snapshot stays as long as its record is still to be made', async ({ page }) => {
  const aged = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    await storage.saveCamera(db, camera('camera'));
    await storage.saveCamera(db, camera('unconnected'));
    const jobs = [
      rows.wholeFailed('unmade', 10, { createdAt: 5 }),
      rows.wholeFailed('sent', 11, { createdAt: 5 }),
      rows.wholeFailed('sent-elsewhere', 12, { createdAt: 5 }),
      rows.wholeFailed('before-it-was-chosen', 13, { createdAt: 4 }),
      rows.wholeFailed('wrong-clock', 14, { createdAt: 5, code: 'clock-impossible' }),
      rows.wholeFailed('of-another', 15, { createdAt: 5, cameraId: 'unconnected' }),
    ];
    for (const job of jobs) await db.add('jobs', job);
    const lane = { baseUrl: '/driftwatch', experimentId: 'experiment' };
    await storage.saveDestination(db, { cameraId: 'camera', since: 5, ...lane } as never);
    await db.add('deliveries', rows.wholeDelivery('sent', { state: 'sent' }));
    await db.add('deliveries', rows.wholeDelivery('sent-elsewhere', { state: 'sent', lane: '#' }));
    const { jobIds, staying } = await storage.findAged(db, 'snapshots', 1000);
    return { jobIds, staying };
  });
  expect(aged).toEqual({
    jobIds: ['sent', 'before-it-was-chosen', 'wrong-clock', 'of-another'],
    staying: 2,
  });
});

test('strange things among the kept pictures stop nothing', async ({ page }) => {
  const found = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    await storage.saveCamera(db, camera('camera'));
    await storage.saveCamera(db, camera('blocked'));
    const content = new TextEncoder().encode('picture');
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
    const contentSha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
    const of = { cameraId: 'camera', imageName: 'a.jpg', capturedAt: 1000, contentSha256 };
    const root = await navigator.storage.getDirectory();
    const all = await root.getDirectoryHandle('originals', { create: true });
    const folder = await all.getDirectoryHandle('camera', { create: true });
    // A folder where the picture should be, and one of its time with something in it.
    await folder.getDirectoryHandle('19700101-000001-Reef.jpg', { create: true });
    const deep = await folder.getDirectoryHandle('19700101-000001-other', { create: true });
    await deep.getFileHandle('x', { create: true });
    // Nothing in it, no name of ours, a name that no id becomes, a file where a folder should be.
    await folder.getFileHandle('19700101-000001-empty.jpg', { create: true });
    await folder.getFileHandle('🐟 %zz ..', { create: true });
    await all.getDirectoryHandle('%E0%A4%A', { create: true });
    await all.getFileHandle('blocked', { create: true });
    const missing = await storage.findOriginal(of, '19700101-000001-Reef.jpg');
    const usage = await storage.measureUsage(db);
    const aged = await storage.findAged(db, 'originals', 5000);
    await storage.deleteAged(db, aged);
    await storage.forgetStrays(db);
    return {
      missing,
      originals: usage.originals,
      aged: aged.originals.get('camera'),
      left: [...(await storage.originalNames('camera'))],
      none: await storage.originalNames('blocked'),
    };
  });
  expect(found).toEqual({
    missing: null,
    originals: { count: 2, bytes: 0 },
    aged: ['19700101-000001-empty.jpg'],
    left: ['🐟 %zz ..'],
    none: [],
  });
});

test('broken rows are left out, found and exported apart, and take nothing sound with them', async ({
  page,
}) => {
  const found = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    const put = (store: 'jobs', row: object) => db.put(store, row as never);
    for (const id of ['camera', 'nameless']) await storage.saveCamera(db, camera(id));
    await put('cameras' as 'jobs', { ...rows.wholeCamera('nameless'), name: null });
    const jobs = [
      rows.wholeJob('a', 10),
      rows.wholeJob('b', 20),
      { ...rows.wholeJob('late'), capturedAt: 1e300 },
      { ...rows.wholeJob('nan'), distance: NaN },
      { ...rows.wholeJob('named'), imageName: 42 },
      // Neither of these has a place in capture order.
      { ...rows.wholeJob('unordered'), imageName: null },
      { ...rows.wholeJob('timeless'), capturedAt: NaN },
      rows.wholeJob('other', 10, { cameraId: 'nameless' }),
    ];
    for (const job of jobs) await put('jobs', job);
    await put('events' as 'jobs', { ...rows.wholeEvent(), at: 1e300 });
    await put('calibrations' as 'jobs', { ...rows.wholeCalibration(), detector: null });
    await put('references' as 'jobs', { ...rows.wholeReference(), embeddings: null });
    await put('deliveries' as 'jobs', { ...rows.wholeDelivery('a'), body: 5 });
    await db.put('deliveries', rows.wholeDelivery('late', { state: 'confirmed' }));
    await db.put('deliveries', rows.wholeDelivery('nan'));
    await keep('nameless', '20230101-000000-Reef.jpg');

    const shown = {
      cameras: (await storage.loadCameras(db)).map(({ id }) => id),
      jobs: (await storage.loadJobs(db, 'camera')).map(({ id }) => id),
      events: await storage.loadEvents(db, 'camera'),
      references: await storage.loadReferences(db, 'camera'),
      due: (await storage.dueInLane(db, '/driftwatch#experiment', 'queued', 1, 9)).map(({ jobId }) => jobId),
      next: await storage.nextDueAt(db, '/driftwatch#experiment', ['queued']),
      strays: await storage.findStrays(db),
    };
    const broken: string[] = [];
    for await (const { store, key, fault } of storage.brokenRows(db)) {
      broken.push(`${store} ${JSON.stringify(key)} ${fault}`);
    }
    const { writeBundle } = await import('/src/features/keep/bundle/bundle-writer.ts');
    const exported = (cameraIds: readonly string[] | null) => {
      const program = { version: '', commit: null, runtime: '', browser: '' };
      const order = { cameraIds, withOriginals: false, program, shipped: [] };
      return writeBundle(db, order, new WritableStream(), () => undefined);
    };
    return { shown, broken, exported: [await exported(null), await exported(['camera'])] };
  });
  expect(found.shown).toEqual({
    cameras: ['camera'],
    jobs: ['a', 'b'],
    events: [],
    references: [],
    due: ['nan'],
    next: 0,
    strays: [],
  });
  expect(found.broken).toEqual([
    'cameras "nameless" name',
    'references "reference" embeddings',
    'jobs "late" capturedAt',
    'jobs "named" imageName',
    'jobs "nan" distance',
    'jobs "timeless" capturedAt',
    'jobs "unordered" imageName',
    'events "event" at',
    'calibrations "calibration" detector',
    'deliveries ["/driftwatch#experiment","a"] body',
  ]);
  expect(found.exported, 'of all cameras, and of one').toEqual([10, 9]);
});

test('a part of a long history that has broken rows is no last one', async ({ page }) => {
  const sizes = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    const tx = db.transaction('jobs', 'readwrite');
    const count = 2 * storage.JOBS_AT_A_TIME + 3;
    for (let i = 0; i < count; i += 1) {
      const isBroken = i > count - 10;
      void tx.store.add(rows.wholeJob(`job ${i}`, i, isBroken ? { distance: NaN } : {}));
    }
    await tx.done;
    const parts: number[] = [];
    for await (const part of storage.loadJobsNewestFirst(db, 'camera')) parts.push(part.length);
    return { parts, count, most: storage.JOBS_AT_A_TIME };
  });
  expect(sizes.parts.reduce((sum, size) => sum + size)).toBe(sizes.count - 9);
  expect(sizes.parts[0]).toBeGreaterThanOrEqual(sizes.most);
});

test('a snapshot goes with all that is its own, or not at all, and can be put back as it was', async ({
  page,
}) => {
  const found = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    const states = ['queued', 'unknown', 'confirmed'] as const;
    for (const id of ['a', 'b', 'c']) {
      await db.add('jobs', rows.wholeJob(id));
      await db.add('embeddings', new Float32Array([1, 2]), id);
      await db.add('thumbnails', new ArrayBuffer(3), id);
      for (const state of states) {
        await db.add('deliveries', rows.wholeDelivery(id, { lane: `x#${state}`, state }));
      }
    }
    const everything = async () => {
      const stores = ['jobs', 'embeddings', 'thumbnails', 'deliveries'] as const;
      const all = await Promise.all(
        stores.map(async (store) => [await db.getAllKeys(store), await db.getAll(store)]),
      );
      return JSON.stringify(all, (_, value: unknown) =>
        value instanceof ArrayBuffer ? value.byteLength : value,
      );
    };
    const before = await everything();
    const withdrawn = ({ state }: { state: string }) => (state === 'queued' ? 'dropped' : 'withdrawn');
    const again = { judged: new Map(), sights: new Map() };
    // The last write of the transaction is refused.
    const put = Reflect.get(IDBObjectStore.prototype, 'put') as (row: unknown) => IDBRequest<IDBValidKey>;
    let writes = 0;
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...args: [unknown]) {
      writes += 1;
      if (writes === 4) throw new DOMException('the disk could not be written', 'UnknownError');
      return put.apply(this, args);
    };
    const code: unknown = await storage
      .deleteJobs(db, ['a', 'b'], withdrawn, again)
      .catch((error: unknown) => error);
    IDBObjectStore.prototype.put = put;
    const afterFailure = await everything();
    const deleted = await storage.deleteJobs(db, ['a', 'b', 'gone'], withdrawn, again);
    const left = {
      jobs: await db.getAllKeys('jobs'),
      embeddings: await db.getAllKeys('embeddings'),
      thumbnails: await db.getAllKeys('thumbnails'),
      records: (await db.getAll('deliveries'))
        .map(({ jobId, lane, state }) => `${jobId} ${lane} ${state}`)
        .sort(),
    };
    // One was taken back there meanwhile.
    await db.delete('deliveries', ['x#confirmed', 'b']);
    await storage.restoreJobs(db, deleted, again);
    const records = (await db.getAll('deliveries')).map(
      ({ jobId, lane, state }) => `${jobId} ${lane} ${state}`,
    );
    for (const id of ['a', 'b']) {
      await db.put('deliveries', rows.wholeDelivery(id, { lane: 'x#confirmed', state: 'confirmed' }));
    }
    return {
      code: (code as { code: string }).code,
      isUntouched: afterFailure === before,
      left,
      records: records.sort(),
      isAsBefore: (await everything()) === before,
    };
  });
  expect(found).toEqual({
    code: 'storage-failed',
    isUntouched: true,
    left: {
      jobs: ['c'],
      embeddings: ['c'],
      thumbnails: ['c'],
      records: [
        'a x#confirmed withdrawing',
        'a x#unknown withdrawing',
        'b x#confirmed withdrawing',
        'b x#unknown withdrawing',
        'c x#confirmed confirmed',
        'c x#queued queued',
        'c x#unknown unknown',
      ],
    },
    // Each that was ever sent is looked up before it is sent again.
    records: [
      'a x#confirmed unknown',
      'a x#queued queued',
      'a x#unknown unknown',
      'b x#confirmed unknown',
      'b x#queued queued',
      'b x#unknown unknown',
      'c x#confirmed confirmed',
      'c x#queued queued',
      'c x#unknown unknown',
    ],
    isAsBefore: true,
  });
});
