import { expect, test } from '@playwright/test';
import { BLANK } from '../addresses';

type Database = import('../../src/core/storage/database').Database;

test('whichever write of a transaction is refused or fails, nothing of it stays', async ({ page }) => {
  await page.goto(BLANK);
  const { tried, changed, unnamed } = await page.evaluate(async () => {
    const { openDatabase } = await import('/src/core/storage/database.ts');
    const { saveJobs } = await import('/src/core/storage/new-jobs.ts');
    const { saveReference, saveInputs } = await import('/src/core/storage/inputs.ts');
    const { deleteCamera } = await import('/src/features/keep/storage/delete-camera.ts');
    const { saveModel, deleteModel } = await import('/src/core/storage/models.ts');
    const { importCamera, importJobs } = await import('/src/features/keep/storage/imports.ts');
    const { addDeliveries, saveDestination } = await import('/src/core/storage/deliveries.ts');
    const { saveJudged } = await import('/src/core/storage/unjudged.ts');
    const { deleteJobs, restoreJobs } = await import('/src/core/storage/deletion/deletion.ts');
    const { wholeJob } = await import('/tests/storage/whole-rows.ts');
    const { saveGlassFit } = await import('/src/core/storage/glass-fits.ts');

    // The stored nouns are large; these stand-ins carry what storage itself looks at.
    const camera = (id: string) =>
      ({ id, createdAt: 1 }) as import('../../src/core/domain/camera/camera').Camera;
    const reference = (id: string) =>
      ({ id, cameraId: 'camera', version: 1 }) as import('../../src/core/domain/camera/reference').Reference;
    const calibration = (id: string) =>
      ({
        id,
        cameraId: 'camera',
        version: 1,
      }) as import('../../src/core/domain/drift/judging').Calibration;
    const event = (id: string) => ({ id, cameraId: 'camera', kind: 'note', at: 1, note: '' }) as const;
    const spanByHand = (id: string) =>
      ({ id, cameraId: 'camera', usability: 'dark', begin: 1, end: 2, note: '', madeAt: 1 }) as const;
    const job = (id: string, cameraId = 'camera') =>
      ({ id, cameraId, imageName: id, capturedAt: 1, jobStatus: 'Completed' }) as unknown as Entry['job'];
    type Entry = Extract<import('../../src/core/storage/new-jobs').NewJob, { embedding: unknown }>;
    const delivery = (jobId: string) =>
      ({
        lane: '#',
        jobId,
        cameraId: 'camera',
        capturedAt: 1,
        state: 'queued',
        notBefore: 0,
      }) as import('../../src/core/domain/camera/records/delivery').Delivery;
    const sight = { measured: 1 } as import('../../src/core/domain/glass/sight').GlassSight;
    const entry = (id: string, more: Partial<Entry> = {}): Entry => ({
      job: job(id),
      embedding: new Float32Array([1, 2]),
      thumbnail: new ArrayBuffer(2),
      sight,
      ...more,
    });
    // A change that judges two other jobs again and has a new sight of one.
    const again: import('../../src/core/storage/judged-again').JudgedAgain = {
      judged: new Map(['b', 'f'].map((id) => [id, wholeJob(id, 1, { distance: 0.2 })])),
      sights: new Map([['f', { ...sight, measured: 2 }]]),
    };
    const picture = new ArrayBuffer(3);
    const fit = { version: 1 } as unknown as import('../../src/core/domain/glass/glass').GlassFit;
    const made = { reference: { ...reference('c1'), beganAt: 1 }, thumbnails: [picture], glassFit: fit };
    const renewed = { cameraId: 'camera', timeline: [{ at: 1, referenceId: 'c1' }], referenceId: 'c1' };
    const manifest = { sha256: 'm' } as import('../../src/core/domain/model/model').ModelManifest;

    const db = await openDatabase();
    await saveReference(db, camera('camera'), reference('r'), {
      thumbnails: [picture],
      calibration: calibration('c'),
    });
    await saveJobs(db, [entry('a'), entry('b'), entry('f')]);
    await saveDestination(db, {
      cameraId: 'camera',
      baseUrl: '',
      experimentId: '',
    } as import('../../src/core/domain/camera/records/delivery').Destination);
    await addDeliveries(db, [delivery('a')]);
    await saveModel(db, { ...manifest, sha256: 'kept' }, picture);

    const gone = [
      {
        job: job('g'),
        embedding: new Float32Array(2),
        thumbnail: picture,
        sight,
        deliveries: [delivery('g')],
      },
    ];
    const imported = {
      embedding: new Float32Array(2),
      thumbnail: picture,
      sight,
      deliveries: [delivery('i')],
    };
    const works: Record<string, (db: Database) => Promise<unknown>> = {
      'a correction': (db) =>
        saveJobs(db, [entry('a', { job: { ...job('a'), capturedAt: 5 }, replaces: 'a' })], again),
      saveJobs: (db) => saveJobs(db, [entry('c', { replaces: 'a' }), entry('d')], again),
      saveReference: (db) =>
        saveReference(db, camera('camera'), reference('r2'), {
          thumbnails: [picture, null, picture],
          glassFit: fit,
          calibration: calibration('c2'),
          events: [event('e')],
          again,
        }),
      saveGlassFit: (db) => saveGlassFit(db, 'r', fit),
      saveInputs: (db) =>
        saveInputs(
          db,
          {
            ...{ camera: camera('camera'), references: [reference('r')], calibration: calibration('c3') },
            ...{ events: [event('e1'), event('e2')], gone: ['e0'] },
          },
          again,
        ),
      'a cycle with another reference': (db) =>
        saveInputs(db, {}, { ...again, renewed: { ...renewed, made: [made], gone: ['r'] } }),
      saveJudged: (db) => saveJudged(db, 'camera', again, { from: 1, to: 2 }),
      deleteJobs: (db) => deleteJobs(db, ['a'], () => 'left', again),
      restoreJobs: (db) => restoreJobs(db, gone, again),
      saveModel: (db) => saveModel(db, manifest, picture),
      deleteModel: (db) => deleteModel(db, 'kept'),
      importJobs: (db) =>
        importJobs(db, [
          { job: job('i', 'new'), ...imported },
          { job: job('j', 'new'), ...imported },
        ]),
      importCamera: (db) =>
        importCamera(db, {
          camera: camera('new'),
          destination: {
            cameraId: 'new',
          } as import('../../src/core/domain/camera/records/delivery').Destination,
          references: [{ reference: reference('r3'), pictures: [picture], glassFit: fit }],
          events: [event('e3')],
          calibrations: [calibration('c4')],
          spansByHand: [spanByHand('s1')],
        }),
      addDeliveries: (db) => addDeliveries(db, [delivery('b'), delivery('f')]),
      deleteCamera: (db) => deleteCamera(db, 'camera'),
    };

    const dump = async () => {
      const found: (readonly [string, readonly unknown[], readonly unknown[]])[] = [];
      for (const store of db.objectStoreNames) {
        found.push([store, await db.getAllKeys(store), await db.getAll(store)]);
      }
      return found;
    };
    const seed = await dump();
    const restore = async () => {
      const tx = db.transaction([...db.objectStoreNames], 'readwrite');
      for (const [name, keys, values] of seed) {
        const store = tx.objectStore(name as 'models');
        await store.clear();
        for (const [i, value] of values.entries()) {
          await store.put(value as never, store.keyPath === null ? (keys[i] as string) : undefined);
        }
      }
      await tx.done;
    };
    /** How many writes are let through before one fails; null for all. */
    let left: number | null = null;
    let way: 'refused' | 'aborted' = 'refused';
    for (const name of ['add', 'put', 'delete'] as const) {
      const write = Reflect.get(IDBObjectStore.prototype, name) as (...args: unknown[]) => IDBRequest;
      Object.assign(IDBObjectStore.prototype, {
        [name](this: IDBObjectStore, ...args: unknown[]) {
          if (left === null || left-- !== 0) return write.apply(this, args);
          if (way === 'refused') throw new DOMException('no', 'UnknownError');
          const request = write.apply(this, args);
          request.transaction?.abort();
          return request;
        },
      });
    }

    const before = JSON.stringify(seed);
    const changed: string[] = [];
    const unnamed: string[] = [];
    const tried: Record<string, number> = {};
    for (const [what, work] of Object.entries(works)) {
      for (way of ['refused', 'aborted'] as const) {
        for (let nth = 0; ; nth += 1) {
          left = nth;
          const failure: unknown = await work(db).then(
            () => null,
            (error: unknown) => error,
          );
          const wasMet = left < 0;
          left = null;
          if (!wasMet) {
            // Past its last write all of it has succeeded.
            await restore();
            break;
          }
          tried[what] = (tried[what] ?? 0) + 1;
          if (!String(failure).includes('storage-failed'))
            unnamed.push(`${what} ${nth} ${way}: ${String(failure)}`);
          if (JSON.stringify(await dump()) !== before) changed.push(`${what} ${nth} ${way}`);
        }
      }
    }
    return { tried, changed, unnamed };
  });
  expect(changed).toEqual([]);
  expect(unnamed).toEqual([]);
  expect(tried).toMatchObject({
    saveJobs: 34,
    saveReference: 22,
    saveInputs: 20,
    'a cycle with another reference': 22,
    saveJudged: 10,
    importJobs: 16,
    addDeliveries: 4,
    deleteModel: 4,
  });
});
