import { expect, type Page } from '@playwright/test';
import type { Reference } from '../../src/domain/job';
import type { StoredModel, TrainingRecord } from '../../src/storage/schema';
import { check, choose, demo, openWithCamera, results, storedIn, test, violations } from './support';

/** Sets up a camera and begins to train; some of the snapshots are of a dirty lens, which is of no matter here. */
async function begin(page: Page) {
  await openWithCamera(page);
  await page.getByRole('link', { name: 'Reference', exact: true }).click();
  const panel = page.getByRole('region', { name: 'Train longer' });
  await expect(panel.getByRole('button', { name: 'Train the decoder' })).toBeDisabled();
  await choose(page, 'Choose clean snapshots', [...demo.reference, ...demo.snapshots.slice(0, 24)]);
  await panel.getByRole('button', { name: 'Train the decoder' }).click();
  await expect(panel.getByText(/^[2-9] steps in/)).toBeVisible({ timeout: 60_000 });
  return panel;
}

test('a decoder is trained until it is stopped, goes on after a reload, and is discarded with its pictures', async ({
  page,
}) => {
  const panel = await begin(page);
  await expect(panel.getByRole('img', { name: /^Error over \d+ steps: from/ })).toBeVisible();
  const stored = async () => (await storedIn<TrainingRecord>(page, 'trainings'))[0]?.step ?? 0;
  await expect.poll(stored).toBeGreaterThan(1);

  await page.reload();
  const step = await stored();
  await expect(panel.getByText(`Training was interrupted at step ${step}`)).toBeVisible();
  await panel.getByRole('button', { name: 'Go on' }).click();
  await expect(panel.getByText(new RegExp(`^(${step + 1}|${step + 2}) steps in`))).toBeVisible({
    timeout: 60_000,
  });
  await panel.getByRole('button', { name: 'Stop' }).click();
  const row = panel.getByRole('row', { name: /^Rebuilds clean snapshots of later days/ });
  await expect(row).toContainText(/error [\d.]+, mean picture [\d.]+/);
  await expect(panel.getByText(/^Training stopped at step/)).toBeVisible();
  expect(await violations(page)).toEqual([]);

  await panel.getByRole('button', { name: 'Discard the training' }).click();
  await expect(panel.getByRole('button', { name: 'Train the decoder' })).toBeVisible();
  expect(await storedIn(page, 'trainings')).toEqual([]);
  expect(await storedIn(page, 'trainingPictures')).toEqual([]);
});

test('an accepted decoder is a new version of the model, with an error map and the same embeddings', async ({
  page,
}) => {
  const panel = await begin(page);
  await panel.getByRole('button', { name: 'Stop' }).click();
  await expect(panel.getByText(/^Training stopped at step/)).toBeVisible();
  // Minutes would pass before the decoder is a better one: its figure is made better instead.
  await page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open('porthole');
      opening.onsuccess = () => {
        resolve(opening.result);
      };
    });
    const transaction = db.transaction('trainings', 'readwrite');
    const trainings = transaction.objectStore('trainings');
    const all: IDBRequest<TrainingRecord[]> = trainings.getAll();
    all.onsuccess = () => {
      const [training] = all.result;
      const best = training!.best!;
      const rebuilding = { ...best.rebuilding, after: best.rebuilding.before / 2 };
      trainings.put({ ...training!, best: { ...best, rebuilding } });
    };
    await new Promise((resolve) => (transaction.oncomplete = resolve));
    db.close();
  });
  await page.reload();
  await panel.getByRole('button', { name: 'Use the trained model' }).click();
  await expect(page.getByText(/^Version 2: 24 clean embeddings/).first()).toBeVisible();

  const [first, second] = await storedIn<Reference>(page, 'references').then((all) =>
    all.sort((a, b) => a.version - b.version),
  );
  expect(second!.modelSha256).not.toBe(first!.modelSha256);
  expect(second!.embeddings).toEqual(first!.embeddings);
  expect(second!.warmUpEmbeddings).toEqual(first!.warmUpEmbeddings);
  const made = (await storedIn<StoredModel>(page, 'models')).find(
    ({ manifest }) => manifest.sha256 === second!.modelSha256,
  );
  expect(made!.manifest).toMatchObject({
    name: 'OBSEA autoencoder for Reef',
    outputs: { reconstruction: 'reconstruction' },
    judged: { rebuilding: { keptOutDays: 4 } },
  });
  expect(await storedIn(page, 'trainings')).toEqual([]);
  await check(page, demo.snapshots.slice(0, 3));
  const jobs = await results(page);
  expect(jobs.map(({ verdict }) => verdict)).toEqual(['normal', 'normal', 'normal']);
});
