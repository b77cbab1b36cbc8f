import { expect } from '@playwright/test';
import { batchIsDone, check, choose, demo, inDatabase, open, results, setUpCamera, test } from './support';

/** More than are read at a time, so that the page opens with a part of them. */
const MANY = 5000;

test('a long history opens with its newest part, and is whole before anything is judged by it @long', async ({
  page,
}) => {
  await open(page);
  await setUpCamera(page);
  const [first, second] = demo.snapshots as [string, string];
  await check(page, [first]);
  await inDatabase(page, makeLong, MANY);

  await open(page);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  // Its job is the oldest of all, and so the last that is read.
  await choose(page, 'Check pictures', [first, second]);
  await batchIsDone(page);
  await expect(page.getByText(/1 file had been seen before/)).toBeVisible();
  const all = await results(page);
  expect(all).toHaveLength(MANY + 2);
  const sorted = [...all].sort((a, b) => a.captured_at.localeCompare(b.captured_at));
  expect(all.map(({ captured_at }) => captured_at)).toEqual(sorted.map(({ captured_at }) => captured_at));

  await page.getByRole('link', { name: 'History', exact: true }).click();
  await expect(page.getByText(/^5,?002 pictures/)).toBeVisible();
});

/** Gives the camera's one job many more after it, with thousands of instants of their own. */
async function makeLong(db: IDBDatabase, many: number): Promise<void> {
  const tx = db.transaction(['jobs'], 'readwrite');
  const store = tx.objectStore('jobs');
  store.getAll().onsuccess = (event) => {
    const [job] = (event.target as IDBRequest<{ capturedAt: number }[]>).result;
    for (let i = 1; i <= many; i += 1) {
      const capturedAt = job!.capturedAt + i * 600_000;
      store.add({
        ...job,
        capturedAt,
        id: `made ${i}`,
        imageName: `made ${i}.jpg`,
        contentSha256: `made ${i}`,
      });
    }
  };
  await new Promise((resolve) => {
    tx.oncomplete = resolve;
  });
}
