import { expect, type BrowserContext, type Page } from '@playwright/test';
import { BLANK } from '../addresses';
import { test } from '../shared-page';
import type { Contents } from './earlier-databases';

interface Storage {
  database: typeof import('../../src/core/storage/database');
  cameras: typeof import('../../src/core/storage/cameras');
  deleteCamera: typeof import('../../src/features/keep/storage/delete-camera').deleteCamera;
  jobs: typeof import('../../src/core/storage/jobs');
  newJobs: typeof import('../../src/core/storage/new-jobs');
  inputs: typeof import('../../src/core/storage/inputs');
  deliveries: typeof import('../../src/core/storage/deliveries');
  lanes: typeof import('../../src/core/storage/delivery-lanes');
  models: typeof import('../../src/core/storage/models');
}
declare const storage: Storage;
declare const rows: typeof import('./whole-rows');
declare const earlier: typeof import('./earlier-databases');
declare const make: {
  job(id: string, cameraId?: string): import('../../src/core/domain/camera/job').CompletedJob;
  delivery(
    jobId: string,
    cameraId?: string,
  ): import('../../src/core/domain/camera/records/delivery').Delivery;
  destination(cameraId: string): import('../../src/core/domain/camera/records/delivery').Destination;
};

test.beforeEach(async ({ page }) => {
  await openBlank(page);
});

/** The present, by the pages' clocks. */
const NOW = Date.UTC(2026, 11, 1);

async function openBlank(page: Page): Promise<void> {
  await page.clock.setFixedTime(NOW);
  if (page.url() !== BLANK) await page.goto(BLANK);
  await page.evaluate(async () => {
    const [
      database,
      cameras,
      { deleteCamera },
      jobs,
      newJobs,
      inputs,
      deliveries,
      lanes,
      models,
      rows,
      earlier,
    ] = await Promise.all([
      import('/src/core/storage/database.ts'),
      import('/src/core/storage/cameras.ts'),
      import('/src/features/keep/storage/delete-camera.ts'),
      import('/src/core/storage/jobs.ts'),
      import('/src/core/storage/new-jobs.ts'),
      import('/src/core/storage/inputs.ts'),
      import('/src/core/storage/deliveries.ts'),
      import('/src/core/storage/delivery-lanes.ts'),
      import('/src/core/storage/models.ts'),
      import('/tests/storage/whole-rows.ts'),
      import('/tests/storage/earlier-databases.ts'),
    ]);
    const { wholeJob, wholeDelivery } = rows;
    const make = {
      job: (id: string, cameraId = 'camera') => wholeJob(id, 10, { cameraId }),
      delivery: (jobId: string, cameraId = 'camera') => wholeDelivery(jobId, { cameraId }),
      destination: (cameraId: string) => ({ cameraId, baseUrl: '/driftwatch', experimentId: 'experiment' }),
    };
    const storage = {
      database,
      cameras,
      deleteCamera,
      jobs,
      newJobs,
      inputs,
      deliveries,
      lanes,
      models,
    };
    Object.assign(globalThis, { storage, make, rows, earlier });
  });
}

/** For what closes its page, or changes it. */
async function newBlank(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await openBlank(page);
  return page;
}

/** Stores that no page reads any more. */
const FORMER = ['trainingPictures', 'trainingWeights', 'trainings'];

/** Expected contents after today's page has opened a database with the given contents. */
function upgraded(before: Contents, stores: Contents['stores']): Contents {
  const rowsIn = (store: string) => {
    const rows = before.rows[store] ?? [];
    if (store === 'deliveries' && before.version < 13) {
      return rows.map((row) =>
        row.includes('record-changed') ? row.replace('"confirmed"', '"differs"') : row,
      );
    }
    if (store === 'settings') {
      return rows.map((row) =>
        row.replace(/^(\["unjudged",)\{"camera":(.*)\}\]$/, '$1["map",["camera",$2]]]'),
      );
    }
    if (store !== 'cameras') return rows;
    return rows.map((row) => {
      const [key, camera] = JSON.parse(row) as [string, object];
      const persistence = { raiseAfter: 1, clearAfter: 1, clearBelow: 1 };
      const given = before.version > 2 ? {} : { persistence, calibrationId: null };
      const dated = before.version > 13 ? {} : { fileDatesUntil: NOW };
      return JSON.stringify([key, { ...camera, ...given, ...dated, cyclesFrom: NOW }]);
    });
  };
  const rows = Object.fromEntries(Object.keys(stores).map((store) => [store, rowsIn(store)]));
  return { version: 16, stores, rows };
}

test('a database of every earlier version opens with the stores of a new one, and nothing is lost but trainings', async ({
  page,
}) => {
  const { fresh, found } = await page.evaluate(async () => {
    const open = async (name: string) => (await storage.database.openDatabase({ name })).close();
    await open('new');
    const found: { before: Contents; after: Contents }[] = [];
    for (let version = 1; version <= earlier.LAST; version += 1) {
      const name = `of version ${String(version)}`;
      await earlier.makeDatabase(name, version);
      const before = await earlier.contentsOf(name);
      await open(name);
      found.push({ before, after: await earlier.contentsOf(name) });
    }
    return { fresh: await earlier.contentsOf('new'), found };
  });
  expect(Object.keys(fresh.stores)).toHaveLength(21);
  expect(found.map(({ before }) => before.version)).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
  for (const { before, after } of found) {
    expect(after, `version ${String(before.version)}`).toEqual(upgraded(before, fresh.stores));
    const gone = Object.keys(before.stores).filter((store) => !(store in after.stores));
    const { version } = before;
    const expected = [
      ...(version >= 8 && version <= 13 ? ['detectorFiles'] : []),
      ...(version >= 4 && version <= 9 ? FORMER : []),
    ];
    expect(gone.sort()).toEqual(expected.sort());
    for (const store of gone) expect(before.rows[store]).not.toEqual([]);
  }
});

test('a database of every earlier version is read by today’s page, whose rows it takes', async ({ page }) => {
  const found = await page.evaluate(async () => {
    const all: object[] = [];
    for (let version = 1; version <= earlier.LAST; version += 1) {
      const name = `of version ${String(version)}`;
      await earlier.makeDatabase(name, version);
      const db = await storage.database.openDatabase({ name });
      const { cameras, jobs, deliveries } = storage;
      const [camera] = await cameras.loadCameras(db);
      await deliveries.saveDestination(db, make.destination('other'));
      await deliveries.addDeliveries(db, [make.delivery('job of other', 'other')]);
      const next = rows.wholeCalibration('next', { version: 2 });
      const using = cameras.withCalibration(camera!, next);
      const inputs = { camera: using, calibration: next, gone: ['event'] };
      await storage.inputs.saveInputs(db, inputs, { judged: new Map(), sights: new Map() });
      await cameras.saveSpanByHand(db, rows.wholeSpanByHand('more'));
      all.push({
        cameras: (await cameras.loadCameras(db)).map(({ id }) => id),
        references: (await cameras.loadReferences(db, 'camera')).map(({ id }) => id),
        jobs: (await jobs.loadJobs(db, 'camera')).map(({ id }) => id),
        byContent: (await jobs.loadJobsOfContents(db, 'camera', ['b'])).map(({ id }) => id),
        embeddings: (await jobs.loadEmbeddings(db, ['a', 'b'])).size,
        events: (await cameras.loadEvents(db, 'camera')).length,
        calibrations: (await cameras.loadCalibrations(db, 'camera')).at(-1)?.version,
        spans: (await cameras.loadSpansByHand(db, 'camera')).some(({ id }) => id === 'more'),
        queued: (await deliveries.countDeliveries(db, 'other')).queued,
      });
      await storage.deleteCamera(db, 'camera');
      all.push({
        left: [await db.count('cameras'), await db.count('jobs'), await db.count('events')],
        own: [await db.count('calibrations'), await db.count('spansByHand'), await db.count('handles')],
      });
      db.close();
    }
    return all;
  });
  const whole = [
    {
      cameras: ['camera', 'other'],
      references: ['reference'],
      jobs: ['a', 'b', 'c'],
      byContent: ['b'],
      embeddings: 2,
      events: 0,
      calibrations: 2,
      spans: true,
      queued: 1,
    },
    { left: [1, 1, 1], own: [0, 0, 0] },
  ];
  expect(found).toEqual(Array.from({ length: 15 }, () => whole).flat());
});

test('the dates of files go on to count on a camera whose pictures never stated a time', async ({ page }) => {
  const until = await page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      earlier.makeDatabase('porthole', 13).then(() => {
        const opening = indexedDB.open('porthole', 13);
        opening.onsuccess = () => resolve(opening.result);
      }, reject);
    });
    const tx = db.transaction('jobs', 'readwrite');
    for (let i = 0; i < 12; i += 1) {
      const more = { cameraId: 'other', capturedAtSource: 'file-date' } as const;
      tx.objectStore('jobs').put(rows.wholeJob(`undated ${String(i)}`, 100 + i, more));
    }
    await new Promise((done) => (tx.oncomplete = done));
    db.close();
    const all = await storage.cameras.loadCameras(await storage.database.openDatabase());
    return Object.fromEntries(all.map(({ id, fileDatesUntil }) => [id, fileDatesUntil]));
  });
  expect(until).toEqual({ camera: NOW, other: Date.UTC(2200, 0, 1) });
});

test('a camera that exists keeps its past, and a cleaning from now on begins a cycle', async ({ page }) => {
  const found = await page.evaluate(async (now) => {
    await earlier.makeDatabase('porthole', earlier.LAST);
    const db = await storage.database.openDatabase();
    const { cyclesOf } = await import('/src/core/domain/camera/cycle.ts');
    const [camera] = await storage.cameras.loadCameras(db);
    const begins = [now - 1, now].map((at) =>
      cyclesOf(camera!, [rows.wholeEvent('wiped', { kind: 'cleaned', at })]).map(({ beganAt }) => beganAt),
    );
    return { begins, referenceId: camera!.referenceId };
  }, NOW);
  expect(found).toEqual({ begins: [[], [NOW]], referenceId: 'reference' });
});

test('a camera that uses a model trained in the page keeps it, its description and its verdicts', async ({
  page,
}) => {
  const found = await page.evaluate(async () => {
    await earlier.makeDatabase('porthole', earlier.LAST);
    const db = await storage.database.openDatabase();
    const { parseManifest } = await import('/src/core/domain/model/manifest.ts');
    const [camera] = await storage.cameras.loadCameras(db);
    const sha256 = camera!.modelSha256;
    const model = (await storage.models.loadModels(db)).find(({ manifest }) => manifest.sha256 === sha256);
    const jobs = await storage.jobs.loadJobs(db, 'camera');
    return {
      manifest: parseManifest(model!.manifest),
      trained: earlier.TRAINED,
      file: [...new Uint8Array((await storage.models.loadModelFile(db, sha256))!)],
      distances: jobs.flatMap((job) =>
        job.jobStatus === 'Completed' && job.modelSha256 === sha256 ? [job.distance] : [],
      ),
    };
  });
  expect(found.manifest).toEqual(found.trained);
  expect(found.manifest.description).toBe('OBSEA autoencoder 2, trained for the camera Reef.');
  expect(found.file).toEqual([1, 2, 3, 4, 5]);
  expect(found.distances).toEqual([0.2, -0.01]);
});

/** Opens the database as the page before this one did, which closes it when a newer page wants to change it. */
async function openAsEarlierPage(page: Page, closes: boolean): Promise<void> {
  await page.evaluate(async (closes) => {
    await earlier.makeDatabase('porthole', earlier.LAST);
    await new Promise<void>((resolve) => {
      const opening = indexedDB.open('porthole', earlier.LAST);
      opening.onsuccess = () => {
        const db = opening.result;
        db.onversionchange = () => {
          document.title = 'outdated';
          if (closes) db.close();
        };
        Object.assign(globalThis, { earlierDb: db });
        resolve();
      };
    });
  }, closes);
}
declare const earlierDb: IDBDatabase;

test('an older tab closes its connection and is told, and the newer one has everything', async ({
  context,
}) => {
  const page = await newBlank(context);
  await openAsEarlierPage(page, true);
  const before = await page.evaluate(() => earlier.contentsOf('porthole'));
  const newer = await newBlank(context);
  const after = await newer.evaluate(async () => {
    (await storage.database.openDatabase()).close();
    return earlier.contentsOf('porthole');
  });
  expect(after).toEqual(upgraded(before, after.stores));
  await expect(page).toHaveTitle('outdated');
  const write = page.evaluate(() => {
    earlierDb.transaction('cameras', 'readwrite');
  });
  await expect(write, 'nothing more is written by it').rejects.toThrow(/InvalidStateError|closing/);
});

test('an older tab that holds on is named, nothing changes meanwhile, and all goes on when it is closed', async ({
  context,
}) => {
  const page = await newBlank(context);
  await openAsEarlierPage(page, false);
  const before = await page.evaluate(() => earlier.contentsOf('porthole'));
  const newer = await newBlank(context);
  const refused = await newer.evaluate(() =>
    storage.database.openDatabase().then(
      () => '',
      (error: unknown) => String(error),
    ),
  );
  expect(refused).toContain('storage-blocked');
  await expect(page).toHaveTitle('outdated');
  const held = await page.evaluate(
    () =>
      new Promise((resolve) => {
        earlierDb.transaction('events').objectStore('events').count().onsuccess = ({ target }) => {
          resolve([earlierDb.version, (target as IDBRequest).result]);
        };
      }),
  );
  expect(held).toEqual([15, 2]);
  await page.close();
  const after = await newer.evaluate(() => earlier.contentsOf('porthole'));
  expect(after).toEqual(upgraded(before, after.stores));
});

/** Lets the next upgrade do all of its steps and then never end, or end in a failure. */
async function interruptUpgrade(page: Page, isAborted: boolean): Promise<void> {
  await page.evaluate((isAborted) => {
    const open = Reflect.get(IDBFactory.prototype, 'open');
    IDBFactory.prototype.open = function (...args) {
      const opening = open.apply(this, args);
      opening.addEventListener('upgradeneeded', () => {
        const tx = opening.transaction!;
        const goOn = () => {
          if (opening.result.objectStoreNames.contains('changes')) {
            document.title = 'upgrading';
            if (isAborted) {
              tx.abort();
              return;
            }
          }
          tx.objectStore('cameras').count().onsuccess = goOn;
        };
        goOn();
      });
      return opening;
    };
  }, isAborted);
}

/** Nothing has changed in the database, and the next opening upgrades it whole. */
async function expectUntouchedThenUpgraded(page: Page, before: Contents): Promise<void> {
  expect(await page.evaluate(() => earlier.contentsOf('porthole'))).toEqual(before);
  const after = await page.evaluate(async () => {
    (await storage.database.openDatabase()).close();
    return earlier.contentsOf('porthole');
  });
  expect(after).toEqual(upgraded(before, after.stores));
}

test('a tab that is killed during the upgrade leaves everything, and the next one upgrades', async ({
  context,
}) => {
  const page = await newBlank(context);
  const before = await page.evaluate(async () => {
    await earlier.makeDatabase('porthole', earlier.LAST);
    return earlier.contentsOf('porthole');
  });
  const killed = await newBlank(context);
  await interruptUpgrade(killed, false);
  await killed.evaluate(() => {
    void storage.database.openDatabase();
  });
  await expect(killed).toHaveTitle('upgrading');
  await killed.close();
  await expectUntouchedThenUpgraded(page, before);
});

test('an upgrade that fails leaves everything and is told, and the next opening upgrades', async ({
  context,
}) => {
  const page = await newBlank(context);
  const before = await page.evaluate(async () => {
    await earlier.makeDatabase('porthole', earlier.LAST);
    return earlier.contentsOf('porthole');
  });
  const failing = await newBlank(context);
  await interruptUpgrade(failing, true);
  const refused = await failing.evaluate(() =>
    storage.database.openDatabase().then(
      () => '',
      (error: unknown) => String(error),
    ),
  );
  expect(refused).toContain('storage-failed');
  await expectUntouchedThenUpgraded(page, before);
});

test('what a person says of a span is read in the order it was said, without what is broken', async ({
  page,
}) => {
  const found = await page.evaluate(async () => {
    const db = await storage.database.openDatabase();
    const { loadSpansByHand, saveSpanByHand, deleteSpanByHand } = storage.cameras;
    await saveSpanByHand(db, rows.wholeSpanByHand('later', { madeAt: 7 }));
    await saveSpanByHand(db, rows.wholeSpanByHand('first', { madeAt: 6, note: 'turbid by a ship' }));
    await saveSpanByHand(db, rows.wholeSpanByHand('broken', { begin: NaN }));
    await saveSpanByHand(db, rows.wholeSpanByHand('another’s', { cameraId: 'other' }));
    const said = await loadSpansByHand(db, 'camera');
    await deleteSpanByHand(db, 'later');
    const left = await loadSpansByHand(db, 'camera');
    await storage.deleteCamera(db, 'camera');
    return { said, left: left.map(({ id }) => id), after: await db.count('spansByHand') };
  });
  expect(found).toMatchObject({
    said: [
      { id: 'first', usability: 'suspect', begin: 1, end: 100, note: 'turbid by a ship', madeAt: 6 },
      { id: 'later', madeAt: 7 },
    ],
    left: ['first'],
    after: 1,
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
      await storage.newJobs.saveJobs(db, [entry(state)]);
      await storage.deliveries.addDeliveries(db, [{ ...make.delivery(state), state, sentAt: 5 }]);
    }
    await storage.newJobs.saveJobs(
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

test('a fit and sights of the pictures themselves are made again of the thumbnails, where these are there', async ({
  page,
}) => {
  const found = await page.evaluate(async () => {
    const { saveGlassFit } = await import('/src/core/storage/glass-fits.ts');
    const { fitOfReference } = await import('/src/core/session/glass/fit-of-reference.ts');
    const { coverAt } = await import('/src/core/session/glass/cover.ts');
    const { GlassLooker } = await import('/src/core/encoder/glass/glass-looker.ts');
    const { scene, seen } = await import('/tests/domain/glass/glass-scenes.ts');
    const { asEncoded } = await import('/tests/storage/as-encoded.ts');
    const { isSameFit } = await import('/src/core/domain/files/glass-arrays.ts');
    const db = await storage.database.openDatabase();
    const looker = new GlassLooker();
    const pictures = Array.from({ length: 24 }, (_, i) => seen(scene(3), 100 + i));
    const capturedAt = pictures.map((_, i) => i);
    const earlier = (await looker.fit(pictures, capturedAt))!;
    const thumbnails = await Promise.all(
      pictures.map(async (picture) => (await asEncoded(picture)).thumbnail),
    );
    const own = (await looker.fit(thumbnails, capturedAt))!;
    const embeddings = pictures.map((_, i) => Float32Array.of(i));
    for (const id of ['with', 'without']) {
      const facts = { names: [], embeddings, capturedAt, offGlass: [] };
      await db.put('references', rows.wholeReference(id, facts));
      await saveGlassFit(db, id, { ...earlier, version: 3 } as never);
    }
    for (const [i, thumbnail] of thumbnails.entries())
      await db.put('thumbnails', thumbnail, storage.cameras.referenceThumbnailKey('with', i));
    const sources = { db, looker, now: () => 0 };
    const fits = await Promise.all(['with', 'without'].map((id) => fitOfReference(sources, id)));
    const stored = await Promise.all(['with', 'without'].map((id) => db.get('glassFits', id)));

    const { glass, thumbnail } = await asEncoded(seen(scene(3), 200));
    const [sight] = await looker.look(own, [glass]);
    const job = rows.wholeJob('job', 10, { referenceId: 'with', glass: { cover: 0 } as never });
    await db.put('thumbnails', thumbnail, job.id);
    await db.put(
      'sights',
      { ...sight!, excess: sight!.excess.map(() => 3), source: 'pixels' } as never,
      job.id,
    );
    const references = await db.getAll('references');
    const cameras = { chosen: rows.wholeCamera(), events: [], references };
    const cover = await coverAt({ cameras, history: { jobs: [job] }, sources } as never, job);
    return {
      isMade: [isSameFit(fits[0]!, own), isSameFit(fits[1]!, earlier), isSameFit(own, earlier)],
      stored: stored.map((fit) => fit?.version),
      isSeen: cover!.excess.every((value, cell) => Object.is(value, sight!.excess[cell])),
    };
  });
  expect(found).toEqual({ isMade: [true, true, false], stored: [4, 3], isSeen: true });
});

test('what a reference shows of a clean lens is read where an earlier version made it, not where a later one did', async ({
  page,
}) => {
  const found = await page.evaluate(async () => {
    const { loadGlassFit, saveGlassFit } = await import('/src/core/storage/glass-fits.ts');
    const db = await storage.database.openDatabase();
    const gain = [new Float32Array(3)];
    const versions = [1, 2, 3, 4, 5];
    for (const version of versions) {
      const loss = version === 1 ? { gain } : { gain, rest: new Float32Array(2) };
      await saveGlassFit(db, `reference ${version}`, { version, loss } as never);
    }
    const fits = await Promise.all(versions.map((version) => loadGlassFit(db, `reference ${version}`)));
    return fits.map((fit) => fit && [fit.version, fit.loss.rest.length]);
  });
  expect(found).toEqual([[4, 3], [4, 2], [4, 2], [4, 2], null]);
});
