import { expect, test } from '@playwright/test';
import { BLANK } from '../addresses';

interface Storage {
  database: typeof import('../../src/core/storage/database');
  cameras: typeof import('../../src/core/storage/cameras');
  deleteCamera: typeof import('../../src/core/storage/deletion/delete-camera').deleteCamera;
  jobs: typeof import('../../src/core/storage/jobs');
  deliveries: typeof import('../../src/core/storage/deliveries');
  lanes: typeof import('../../src/core/storage/delivery-lanes');
  calibrations: typeof import('../../src/core/storage/calibrations');
  spansByHand: typeof import('../../src/core/storage/spans-by-hand');
}
declare const storage: Storage;
declare const rows: typeof import('./whole-rows');
declare const make: {
  job(id: string, cameraId?: string): import('../../src/core/domain/camera/job').CompletedJob;
  delivery(
    jobId: string,
    cameraId?: string,
  ): import('../../src/core/domain/camera/records/delivery').Delivery;
  destination(cameraId: string): import('../../src/core/domain/camera/records/delivery').Destination;
};

test.beforeEach(async ({ page }) => {
  await page.goto(BLANK);
  await page.evaluate(async () => {
    const [database, cameras, { deleteCamera }, jobs, deliveries, lanes, calibrations, spansByHand, rows] =
      await Promise.all([
        import('/src/core/storage/database.ts'),
        import('/src/core/storage/cameras.ts'),
        import('/src/core/storage/deletion/delete-camera.ts'),
        import('/src/core/storage/jobs.ts'),
        import('/src/core/storage/deliveries.ts'),
        import('/src/core/storage/delivery-lanes.ts'),
        import('/src/core/storage/calibrations.ts'),
        import('/src/core/storage/spans-by-hand.ts'),
        import('/tests/storage/whole-rows.ts'),
      ]);
    const { wholeJob, wholeDelivery } = rows;
    const make = {
      job: (id: string, cameraId = 'camera') => wholeJob(id, 10, { cameraId }),
      delivery: (jobId: string, cameraId = 'camera') => wholeDelivery(jobId, { cameraId }),
      destination: (cameraId: string) => ({ cameraId, baseUrl: '/driftwatch', experimentId: 'experiment' }),
    };
    const storage = { database, cameras, deleteCamera, jobs, deliveries, lanes, calibrations, spansByHand };
    Object.assign(globalThis, { storage, make, rows });
  });
});

test('a database of version 1 opens with nothing lost, and takes deliveries', async ({ page }) => {
  const found = await page.evaluate(async () => {
    // As the first released version made it.
    await new Promise<void>((resolve, reject) => {
      const opening = indexedDB.open('porthole', 1);
      opening.onupgradeneeded = () => {
        const db = opening.result;
        db.createObjectStore('cameras', { keyPath: 'id' });
        db.createObjectStore('references', { keyPath: 'id' }).createIndex('cameraId', 'cameraId');
        db.createObjectStore('jobs', { keyPath: 'id' }).createIndex('cameraId', 'cameraId');
        db.createObjectStore('embeddings');
        db.createObjectStore('thumbnails');
        db.createObjectStore('events', { keyPath: 'id' }).createIndex('cameraId', 'cameraId');
        db.createObjectStore('models');
        db.createObjectStore('modelFiles');
        db.createObjectStore('settings');
      };
      opening.onerror = () => reject(new Error(opening.error?.message));
      opening.onsuccess = () => {
        const db = opening.result;
        const tx = db.transaction([...db.objectStoreNames], 'readwrite');
        const { persistence: _persistence, calibrationId: _calibrationId, ...camera } = rows.wholeCamera();
        tx.objectStore('cameras').add(camera);
        tx.objectStore('references').add(rows.wholeReference());
        tx.objectStore('events').add(rows.wholeEvent());
        tx.objectStore('settings').add('camera', 'currentCameraId');
        tx.objectStore('modelFiles').add(new ArrayBuffer(3), 'sha');
        for (const id of ['a', 'b']) {
          tx.objectStore('jobs').add(make.job(id));
          tx.objectStore('embeddings').add(new Float32Array([1, 0.1, -0]), id);
          tx.objectStore('thumbnails').add(new ArrayBuffer(4), id);
        }
        tx.oncomplete = () => {
          db.close();
          resolve();
        };
      };
    });

    const db = await storage.database.openDatabase();
    await storage.deliveries.saveDestination(db, make.destination('camera'));
    await storage.deliveries.addDeliveries(db, [make.delivery('a'), make.delivery('b')]);
    const embeddings = await storage.jobs.loadEmbeddings(db, ['a', 'b']);
    return {
      version: db.version,
      cameras: (await storage.cameras.loadCameras(db)).map(({ id, name, persistence, calibrationId }) => ({
        id,
        name,
        persistence,
        calibrationId,
      })),
      references: (await storage.cameras.loadReferences(db, 'camera')).length,
      events: (await storage.cameras.loadEvents(db, 'camera')).length,
      jobs: (await storage.jobs.loadJobs(db, 'camera')).map((job) => [job.id, job.imageName]),
      areEmbeddingsWhole: [...embeddings.values()].every((embedding) =>
        [1, Math.fround(0.1), -0].every((value, i) => Object.is(value, embedding[i])),
      ),
      thumbnail: (await storage.jobs.loadThumbnail(db, 'b'))?.byteLength,
      modelFile: (await db.get('modelFiles', 'sha'))?.byteLength,
      setting: await db.get('settings', 'currentCameraId'),
      destination: (await storage.deliveries.loadDestination(db, 'camera'))?.baseUrl,
      lanes: await storage.lanes.loadLanes(db),
      queued: (await storage.deliveries.countDeliveries(db, 'camera')).queued,
    };
  });
  expect(found).toEqual({
    version: 9,
    cameras: [
      {
        id: 'camera',
        name: 'Reef',
        persistence: { raiseAfter: 1, clearAfter: 1, clearBelow: 1 },
        calibrationId: null,
      },
    ],
    references: 1,
    events: 1,
    jobs: [
      ['a', 'a.jpg'],
      ['b', 'b.jpg'],
    ],
    areEmbeddingsWhole: true,
    thumbnail: 4,
    modelFile: 3,
    setting: 'camera',
    destination: '/driftwatch',
    lanes: ['/driftwatch#experiment'],
    queued: 2,
  });
});

test('a database of version 2 opens with its deliveries, and takes calibrations and taken-back events', async ({
  page,
}) => {
  const found = await page.evaluate(async () => {
    // As the second released version made it.
    await new Promise<void>((resolve, reject) => {
      const opening = indexedDB.open('porthole', 2);
      opening.onupgradeneeded = () => {
        const db = opening.result;
        for (const name of ['cameras', 'references', 'jobs', 'events'] as const) {
          const store = db.createObjectStore(name, { keyPath: 'id' });
          if (name !== 'cameras') store.createIndex('cameraId', 'cameraId');
        }
        for (const name of ['embeddings', 'thumbnails', 'models', 'modelFiles', 'settings']) {
          db.createObjectStore(name);
        }
        db.createObjectStore('destinations', { keyPath: 'cameraId' });
        const deliveries = db.createObjectStore('deliveries', { keyPath: ['lane', 'jobId'] });
        deliveries.createIndex('jobId', 'jobId');
        deliveries.createIndex('cameraId', 'cameraId');
        deliveries.createIndex('inLane', ['lane', 'state', 'capturedAt']);
        deliveries.createIndex('waiting', ['lane', 'state', 'notBefore']);
        deliveries.createIndex('ofCamera', ['cameraId', 'state', 'capturedAt']);
      };
      opening.onerror = () => reject(new Error(opening.error?.message));
      opening.onsuccess = () => {
        const db = opening.result;
        const tx = db.transaction([...db.objectStoreNames], 'readwrite');
        for (const id of ['camera', 'other']) {
          const {
            persistence: _persistence,
            calibrationId: _calibrationId,
            ...camera
          } = rows.wholeCamera(id);
          tx.objectStore('cameras').add(camera);
          tx.objectStore('events').add(rows.wholeEvent(`event-of-${id}`, { cameraId: id }));
        }
        tx.objectStore('jobs').add(make.job('a'));
        tx.objectStore('deliveries').add(make.delivery('a'));
        tx.oncomplete = () => {
          db.close();
          resolve();
        };
      };
    });
    const db = await storage.database.openDatabase();
    const { cameras, calibrations } = storage;
    const [camera] = await cameras.loadCameras(db);
    await calibrations.saveJudging(
      db,
      calibrations.judgedBy(camera!, rows.wholeCalibration()),
      new Map(),
      rows.wholeCalibration(),
    );
    await cameras.deleteEvent(db, 'event-of-camera');
    const before = {
      calibrationId: (await cameras.loadCameras(db)).map(({ calibrationId }) => calibrationId),
      versions: (await calibrations.loadCalibrations(db, 'camera')).map(({ version }) => version),
      events: (await cameras.loadEvents(db, 'camera')).length,
      queued: (await storage.deliveries.countDeliveries(db, 'camera')).queued,
    };
    await storage.deleteCamera(db, 'camera');
    return {
      before,
      calibrations: await db.count('calibrations'),
      events: (await cameras.loadEvents(db, 'other')).length,
    };
  });
  expect(found).toEqual({
    before: { calibrationId: ['calibration', null], versions: [1], events: 0, queued: 1 },
    calibrations: 0,
    events: 1,
  });
});

test('a database of version 7 opens with nothing lost, and takes what a person says of a span', async ({
  page,
}) => {
  const found = await page.evaluate(async () => {
    // As the versions before the Science place made it.
    await new Promise<void>((resolve, reject) => {
      const opening = indexedDB.open('porthole', 7);
      opening.onupgradeneeded = () => {
        const db = opening.result;
        for (const name of ['cameras', 'references', 'jobs', 'events', 'calibrations'] as const) {
          const store = db.createObjectStore(name, { keyPath: 'id' });
          if (name !== 'cameras') store.createIndex('cameraId', 'cameraId');
        }
        db.createObjectStore('trainings', { keyPath: 'cameraId' });
        for (const name of ['embeddings', 'thumbnails', 'models', 'modelFiles', 'settings', 'handles']) {
          db.createObjectStore(name);
        }
        for (const name of ['trainingWeights', 'trainingPictures', 'glassFits', 'sights']) {
          db.createObjectStore(name);
        }
        db.createObjectStore('destinations', { keyPath: 'cameraId' });
        const deliveries = db.createObjectStore('deliveries', { keyPath: ['lane', 'jobId'] });
        deliveries.createIndex('jobId', 'jobId');
        deliveries.createIndex('cameraId', 'cameraId');
        deliveries.createIndex('inLane', ['lane', 'state', 'capturedAt']);
        deliveries.createIndex('waiting', ['lane', 'state', 'notBefore']);
        deliveries.createIndex('ofCamera', ['cameraId', 'state', 'capturedAt']);
        opening
          .transaction!.objectStore('jobs')
          .createIndex('inOrder', ['cameraId', 'capturedAt', 'imageName']);
      };
      opening.onerror = () => reject(new Error(opening.error?.message));
      opening.onsuccess = () => {
        const db = opening.result;
        const tx = db.transaction([...db.objectStoreNames], 'readwrite');
        for (const id of ['camera', 'other']) {
          tx.objectStore('cameras').add(rows.wholeCamera(id));
          tx.objectStore('events').add(rows.wholeEvent(`event-of-${id}`, { cameraId: id }));
          tx.objectStore('jobs').add(make.job(`job-of-${id}`, id));
          tx.objectStore('embeddings').add(new Float32Array([1, 2]), `job-of-${id}`);
          tx.objectStore('calibrations').add(rows.wholeCalibration(`calibration-of-${id}`, { cameraId: id }));
        }
        tx.oncomplete = () => {
          db.close();
          resolve();
        };
      };
    });
    const db = await storage.database.openDatabase();
    const { loadSpansByHand, saveSpanByHand, deleteSpanByHand } = storage.spansByHand;
    const counts = async () =>
      Promise.all(
        (['cameras', 'jobs', 'embeddings', 'events', 'calibrations', 'spansByHand'] as const).map((store) =>
          db.count(store),
        ),
      );
    const opened = await counts();
    await saveSpanByHand(db, rows.wholeSpanByHand('later', { madeAt: 7 }));
    await saveSpanByHand(db, rows.wholeSpanByHand('first', { madeAt: 6, note: 'turbid by a ship' }));
    await saveSpanByHand(db, rows.wholeSpanByHand('broken', { begin: NaN }));
    await saveSpanByHand(db, rows.wholeSpanByHand('another’s', { cameraId: 'other' }));
    const said = await loadSpansByHand(db, 'camera');
    await deleteSpanByHand(db, 'later');
    const left = await loadSpansByHand(db, 'camera');
    // Rows of before are found by their content.
    const known = await storage.jobs.loadJobsOfContents(db, 'other', ['job-of-other', 'job-of-camera']);
    await storage.deleteCamera(db, 'camera');
    return {
      ...{ version: db.version, opened, said, left: left.map(({ id }) => id), after: await counts() },
      known: known.map(({ id }) => id),
    };
  });
  expect(found).toMatchObject({
    version: 9,
    opened: [2, 2, 2, 2, 2, 0],
    said: [
      { id: 'first', usability: 'suspect', begin: 1, end: 100, note: 'turbid by a ship', madeAt: 6 },
      { id: 'later', madeAt: 7 },
    ],
    left: ['first'],
    known: ['job-of-other'],
    after: [1, 1, 1, 1, 1, 1],
  });
  expect(found.said).toHaveLength(2);
});

test('a delivery is made once, of a job that is here, for where its camera’s results go by then', async ({
  page,
}) => {
  const found = await page.evaluate(async () => {
    const { saveDestination, deleteDestination, addDeliveries, allDeliveriesOf } = storage.deliveries;
    const db = await storage.database.openDatabase();
    for (const id of ['a', 'b', 'c', 'd']) await db.add('jobs', make.job(id));
    const here = make.destination('camera');
    await addDeliveries(db, [make.delivery('a')]);
    await saveDestination(db, { ...here, experimentId: 'other' });
    await addDeliveries(db, [make.delivery('a')]);
    await saveDestination(db, make.destination('other'));
    await addDeliveries(db, [make.delivery('a')]);
    const before = await db.count('deliveries');
    await saveDestination(db, here);
    await addDeliveries(db, [make.delivery('b'), make.delivery('deleted'), make.delivery('c')]);
    await addDeliveries(db, [{ ...make.delivery('b'), state: 'unknown' }]);
    await deleteDestination(db, 'camera');
    await addDeliveries(db, [make.delivery('d')]);
    const made = await allDeliveriesOf(db, 'camera');
    return [before, ...made.map(({ jobId, state }) => `${jobId} ${state}`)];
  });
  expect(found).toEqual([0, 'b queued', 'c queued']);
});

test('a job that takes the place of another takes its delivery back, whatever became of it', async ({
  page,
}) => {
  const found = await page.evaluate(async () => {
    const db = await storage.database.openDatabase();
    const states = ['queued', 'sending', 'unknown', 'sent', 'confirmed', 'refused'] as const;
    const entry = (id: string, more: { replaces?: string } = {}) => ({
      job: make.job(id),
      embedding: new Float32Array(1),
      thumbnail: new ArrayBuffer(1),
      ...more,
    });
    await storage.deliveries.saveDestination(db, make.destination('camera'));
    for (const state of states) {
      await storage.jobs.saveJobs(db, [entry(state)]);
      await storage.deliveries.addDeliveries(db, [{ ...make.delivery(state), state, sentAt: 5 }]);
    }
    await storage.jobs.saveJobs(
      db,
      states.map((state) => entry(`new-${state}`, { replaces: state })),
    );
    await storage.deliveries.addDeliveries(
      db,
      states.map((state) => make.delivery(`new-${state}`)),
    );
    const all = await storage.deliveries.allDeliveriesOf(db, 'camera');
    return Object.fromEntries(all.map(({ jobId, state, sentAt }) => [jobId, [state, sentAt]]));
  });
  const fresh = ['queued', 'sending', 'unknown', 'sent', 'confirmed', 'refused'].map((state) => [
    `new-${state}`,
    ['queued', null],
  ]);
  const taken = ['sending', 'unknown', 'sent', 'confirmed', 'refused'].map((state) => [
    state,
    ['withdrawing', 5],
  ]);
  expect(found).toEqual(Object.fromEntries([...fresh, ...taken]));
});

test('a record that changed since a lane read it stays as it is, and one that is gone stays gone', async ({
  page,
}) => {
  const found = await page.evaluate(async () => {
    const { addDeliveries, advanceDeliveries, allDeliveriesOf } = storage.deliveries;
    const db = await storage.database.openDatabase();
    for (const id of ['same', 'withdrawn', 'rewritten', 'done']) await db.add('jobs', make.job(id));
    await storage.deliveries.saveDestination(db, make.destination('camera'));
    const read = ['same', 'withdrawn', 'rewritten', 'gone', 'done'].map((id) => make.delivery(id));
    const [same, withdrawn, rewritten, , done] = read;
    await addDeliveries(db, [
      same!,
      { ...withdrawn!, state: 'withdrawing' },
      { ...rewritten!, body: '{"tags":[]}' },
      done!,
    ]);
    const written = await advanceDeliveries(
      db,
      read.map((from) => ({ from, to: from === done ? null : { ...from, state: 'sent' } })),
    );
    const all = await allDeliveriesOf(db, 'camera');
    return {
      written: written.map(({ from }) => from.jobId),
      states: Object.fromEntries(all.map(({ jobId, state }) => [jobId, state])),
    };
  });
  expect(found).toEqual({
    written: ['same', 'done'],
    states: { same: 'sent', withdrawn: 'withdrawing', rewritten: 'queued' },
  });
});

test("deleting a camera deletes its destination and its deliveries, and no other camera's", async ({
  page,
}) => {
  const left = await page.evaluate(async () => {
    const { saveDestination, loadDestination, addDeliveries, allDeliveriesOf } = storage.deliveries;
    const db = await storage.database.openDatabase();
    for (const camera of ['camera', 'other']) {
      await saveDestination(db, make.destination(camera));
      await db.add('jobs', make.job(`job-of-${camera}`, camera));
      await addDeliveries(db, [make.delivery(`job-of-${camera}`, camera)]);
    }
    await storage.deleteCamera(db, 'camera');
    return Promise.all(
      ['camera', 'other'].map(async (camera) => [
        (await loadDestination(db, camera)) !== null,
        (await allDeliveriesOf(db, camera)).length,
      ]),
    );
  });
  expect(left).toEqual([
    [false, 0],
    [true, 1],
  ]);
});

test('what a reference shows of a clean lens is read where the first version made it, not where a later one did', async ({
  page,
}) => {
  const found = await page.evaluate(async () => {
    const { loadGlassFit, saveGlassFit } = await import('/src/core/storage/glass-fits.ts');
    const db = await storage.database.openDatabase();
    const gain = [new Float32Array(3)];
    for (const version of [1, 2, 3]) {
      const loss = version === 1 ? { gain } : { gain, rest: new Float32Array(2) };
      await saveGlassFit(db, `reference ${version}`, { version, loss } as never);
    }
    const fits = await Promise.all([1, 2, 3].map((version) => loadGlassFit(db, `reference ${version}`)));
    return fits.map((fit) => fit && [fit.version, fit.loss.rest.length]);
  });
  expect(found).toEqual([[2, 3], [2, 2], null]);
});
