/** Detectors' findings are kept with their snapshot and detector, and go with either. */
import { expect } from '@playwright/test';
import { test } from '../shared-page';

test.beforeEach(async ({ page }) => {
  await page.evaluate(async () => {
    const parts = await Promise.all(
      [
        'core/storage/database',
        'features/keep/storage/broken-rows',
        'core/storage/cameras',
        'core/storage/deletion/deletion',
        'core/storage/detections',
        'core/storage/detectors',
        'features/keep/storage/upkeep',
      ].map((name) => import(`/src/${name}.ts`) as Promise<object>),
    );
    const rows = await import('/tests/storage/whole-rows.ts');
    Object.assign(globalThis, { storage: Object.assign({}, ...parts) as object, rows });
  });
});

declare const storage: typeof import('../../src/core/storage/database') &
  typeof import('../../src/features/keep/storage/broken-rows') &
  typeof import('../../src/core/storage/cameras') &
  typeof import('../../src/core/storage/deletion/deletion') &
  typeof import('../../src/core/storage/detections') &
  typeof import('../../src/core/storage/detectors') &
  typeof import('../../src/features/keep/storage/upkeep');
declare const rows: typeof import('./whole-rows');

test('what was found is read by camera and detector, and what was found on a job that is gone is not kept', async ({
  page,
}) => {
  const got = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    for (const id of ['a', 'b']) await db.put('jobs', rows.wholeJob(id));
    await storage.saveDetections(db, [
      rows.wholeDetections('a'),
      rows.wholeDetections('b'),
      rows.wholeDetections('gone'),
      rows.wholeDetections('a', 'other'),
    ]);
    await db.put('detections', { ...rows.wholeDetections('broken'), boxes: [{ left: NaN }] } as never);
    const found = await storage.loadDetections(db, 'camera', 'detector');
    const broken: string[] = [];
    for await (const { store, fault } of storage.brokenRows(db)) broken.push(`${store} ${fault}`);
    return {
      found: [...found.keys()].sort(),
      elsewhere: (await storage.loadDetections(db, 'another', 'detector')).size,
      broken,
      left: (await db.getAllKeys('detections')).map((key) => key.join(' ')),
    };
  });
  expect(got.found).toEqual(['a', 'b']);
  expect(got.elsewhere).toBe(0);
  expect(got.broken).toEqual(['detections boxes']);
  expect(got.left).toEqual(['a detector', 'a other', 'b detector', 'broken detector']);
});

test('it goes with its job, by hand or by age, with its camera, and when its detector is replaced', async ({
  page,
}) => {
  const got = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    const keys = async () => (await db.getAllKeys('detections')).map((key) => key.join(' '));
    const fill = async () => {
      await storage.saveCamera(db, rows.wholeCamera('camera'));
      for (const [i, id] of ['a', 'b', 'c'].entries()) {
        await db.put('jobs', rows.wholeFailed(id, Date.UTC(2020 + i, 0, 1)));
      }
      await storage.saveDetections(
        db,
        ['a', 'b', 'c'].flatMap((id) => [rows.wholeDetections(id), rows.wholeDetections(id, 'other')]),
      );
    };
    await fill();
    const again = { judged: new Map(), sights: new Map() };
    const deleted = await storage.deleteJobs(db, ['b'], () => 'left', again);
    const byHand = await keys();
    await storage.restoreJobs(db, deleted, again);
    const back = await keys();
    const aged = await storage.findAged(db, 'snapshots', Date.UTC(2020, 6, 1));
    await storage.deleteAged(db, aged);
    const byAge = await keys();
    await storage.saveDetector(db, rows.wholeDetector(), new ArrayBuffer(4));
    const kept = [
      await storage.loadDetectors(db),
      (await storage.loadDetectorFile(db, 'detector'))?.byteLength,
    ];
    const usage = await storage.measureUsage(db);
    await storage.replaceDetector(db, 'camera', 'detector', 'other');
    const lighter = await storage.measureUsage(db);
    const withoutDetector = await keys();
    const gone = [await storage.loadDetectors(db), await storage.loadDetectorFile(db, 'detector')];
    await storage.forgetCamera(db, 'camera');
    return { byHand, back, byAge, kept, usage, lighter, withoutDetector, gone, withoutCamera: await keys() };
  });
  const of = (...ids: string[]) => ids.flatMap((id) => [`${id} detector`, `${id} other`]);
  expect(got.byHand).toEqual(of('a', 'c'));
  expect(got.back).toEqual(of('a', 'b', 'c'));
  expect(got.byAge).toEqual(of('b', 'c'));
  expect(got.kept).toMatchObject([[{ sha256: 'detector', classes: ['fish', 'crab'] }], 4]);
  expect(got.usage.models.count).toBe(1);
  expect(got.usage.models.bytes).toBeGreaterThan(0);
  expect(got.lighter.models).toEqual({ count: 0, bytes: 0 });
  expect(got.lighter.snapshots.bytes).toBeLessThan(got.usage.snapshots.bytes);
  expect(got.withoutDetector).toEqual(['b other', 'c other']);
  expect(got.gone).toEqual([[], null]);
  expect(got.withoutCamera).toEqual([]);
});

test('a camera has the detector that was used last, and replacing it leaves other cameras theirs', async ({
  page,
}) => {
  const got = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    const of = async (camera: string) => (await storage.loadDetectorOf(db, camera))?.sha256 ?? null;
    const without = await of('one');
    for (const [i, sha256] of ['a', 'b', 'c'].entries()) {
      await storage.saveDetector(db, { ...rows.wholeDetector(), sha256, addedAt: i }, new ArrayBuffer(4));
    }
    const added = await of('one');
    for (const id of ['j1', 'j2', 'j3']) await db.put('jobs', rows.wholeJob(id));
    const found = (job: string, detector: string, cameraId: string, madeAt: number) =>
      rows.wholeDetections(job, detector, { cameraId, madeAt });
    await storage.saveDetections(db, [
      ...[found('j1', 'a', 'one', 30), found('j1', 'b', 'one', 10), found('j2', 'b', 'one', 20)],
      found('j3', 'b', 'two', 5),
    ]);
    const used = [await of('one'), await of('two')];
    await storage.replaceDetector(db, 'one', 'a', 'c');
    const keys = (await db.getAllKeys('detections')).map((key) => key.join(' '));
    const kept = (await storage.loadDetectors(db)).map(({ sha256 }) => sha256);
    const replaced = [await of('one'), await of('two')];
    await storage.replaceDetector(db, 'one', 'c', null);
    return { without, added, used, keys, kept, replaced, files: await db.getAllKeys('detectorFiles') };
  });
  expect(got).toEqual({
    ...{ without: null, added: 'c', used: ['a', 'b'], keys: ['j3 b'] },
    ...{ kept: ['b', 'c'], replaced: ['c', 'b'], files: ['b'] },
  });
});
