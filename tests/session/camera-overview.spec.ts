import { expect, test } from '@playwright/test';
import { BLANK } from '../addresses';

test('a camera of which no file could be read or dated is looked at in few reads', async ({ page }) => {
  await page.goto(BLANK);
  const reads = await page.evaluate(async () => {
    const [{ openDatabase }, { saveJobs }, { loadRecent }, { wholeCamera, wholeFailed }] = await Promise.all([
      import('/src/core/storage/database.ts'),
      import('/src/core/storage/new-jobs.ts'),
      import('/src/core/session/camera-overview.ts'),
      import('/tests/storage/whole-rows.ts'),
    ]);
    const db = await openDatabase();
    const copiedAt = Date.UTC(2026, 4, 1);
    const failed = Array.from({ length: 200 }, (_, i) => ({
      job: wholeFailed(String(i), copiedAt + i, { capturedAtSource: 'file-date' }),
    }));
    await saveJobs(db, failed);
    let count = 0;
    const { value: get } = Object.getOwnPropertyDescriptor(IDBIndex.prototype, 'get') as {
      value: IDBIndex['get'];
    };
    IDBIndex.prototype.get = function (range) {
      count += 1;
      return get.call(this, range);
    };
    await loadRecent(db, wholeCamera());
    return count;
  });
  expect(reads).toBeLessThanOrEqual(60);
});
