/** Boxes of a detector of version 1: read as CSV, and gone with its camera or when a person deletes it. */
import { expect } from '@playwright/test';
import { test } from '../shared-page';

test.beforeEach(async ({ page }) => {
  await page.evaluate(async () => {
    const parts = await Promise.all(
      [
        'core/storage/database',
        'core/storage/cameras',
        'features/keep/storage/delete-camera',
        'features/science/boxes/earlier-boxes',
      ].map((name) => import(`/src/${name}.ts`) as Promise<object>),
    );
    const rows = await import('/tests/storage/whole-rows.ts');
    const fill = async (db: import('../../src/core/storage/database').Database) => {
      await storage.saveCamera(db, rows.wholeCamera('camera', { name: '=reef' }));
      const at = { later: 4_000, sooner: 2_000, empty: 3_000 };
      for (const [id, capturedAt] of Object.entries(at)) {
        await db.put('jobs', rows.wholeJob(id, capturedAt, { imageName: `${id}.jpg` }));
      }
      await db.put('detectors', rows.wholeDetector(), 'detector');
      for (const found of [
        rows.wholeDetections('later'),
        rows.wholeDetections('sooner', 'forgotten'),
        rows.wholeDetections('empty', 'detector', { boxes: [] }),
        rows.wholeDetections('gone'),
        { ...rows.wholeDetections('sooner', 'broken'), boxes: [{ left: NaN }] } as never,
      ]) {
        await db.put('detections', found);
      }
    };
    Object.assign(globalThis, { storage: Object.assign({}, ...parts) as object, fill });
  });
});

declare const storage: typeof import('../../src/core/storage/database') &
  typeof import('../../src/core/storage/cameras') &
  typeof import('../../src/features/keep/storage/delete-camera') &
  typeof import('../../src/features/science/boxes/earlier-boxes');
declare const fill: (db: import('../../src/core/storage/database').Database) => Promise<void>;

test('it is read in capture order, with names, and what can’t be read is left out', async ({ page }) => {
  const csv = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    await fill(db);
    return (await storage.earlierBoxesCsv(db)).text();
  });
  expect(csv.split('\r\n')).toEqual([
    'camera,captured_at,image_name,detector,class,score,left,top,width,height',
    "'=reef,1970-01-01T00:00:02Z,sooner.jpg,forgotten,1,0.5000,1.0,2.0,3.0,4.0",
    "'=reef,1970-01-01T00:00:03Z,empty.jpg,fish.onnx,,,,,,",
    "'=reef,1970-01-01T00:00:04Z,later.jpg,fish.onnx,crab,0.5000,1.0,2.0,3.0,4.0",
    '',
  ]);
});

test('a person deletes it with its detectors, or with its camera', async ({ page }) => {
  const counts = await page.evaluate(async () => {
    const db = await storage.openDatabase();
    const all = async () =>
      Promise.all((['detections', 'detectors', 'jobs'] as const).map((store) => db.count(store)));
    await fill(db);
    const before = [await storage.countEarlierBoxes(db), await all()];
    await storage.deleteEarlierBoxes(db);
    const after = await all();
    await fill(db);
    await storage.deleteCamera(db, 'camera');
    return { before, after, withCamera: await storage.countEarlierBoxes(db) };
  });
  expect(counts).toEqual({ before: [5, [5, 1, 3]], after: [0, 0, 3], withCamera: 0 });
});
