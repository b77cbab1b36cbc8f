import { expect, type Page } from '@playwright/test';
import type { Before } from '../../src/core/domain/model/training-course';
import type { Reference } from '../../src/core/domain/camera/job';
import type { StoredModel, TrainingRecord } from '../../src/core/storage/schema';
import {
  check,
  choose,
  demo,
  inDatabase,
  open,
  results,
  setUpCamera,
  storedIn,
  test,
  violations,
  unfold,
} from './support';
import { withSmallModel } from './small-model';

/** Sixty, without the storm that hides dirt. */
const clean = [...demo.reference.slice(5), ...demo.snapshots.slice(0, 13)];

/** Writes into what is stored of the one training. */
async function rewrite(page: Page, changes: Partial<TrainingRecord>, lacking: string[] = []): Promise<void> {
  await inDatabase(
    page,
    async (db, { changes, lacking }) => {
      const transaction = db.transaction('trainings', 'readwrite');
      const trainings = transaction.objectStore('trainings');
      const all: IDBRequest<Record<string, unknown>[]> = trainings.getAll();
      all.onsuccess = () => {
        const kept = Object.entries({ ...all.result[0], ...changes }).filter(
          ([name]) => !lacking.includes(name),
        );
        trainings.put(Object.fromEntries(kept));
      };
      await new Promise((resolve) => (transaction.oncomplete = resolve));
    },
    { changes, lacking },
  );
}

/** A present model that draws worse than any, alarms on most windows, and sees heavy dirt alone. */
const POOR: Before = {
  error: 0.9,
  meanPicture: 0.8,
  performance: {
    thresholds: { warning: 0.05, drift: 0.1 },
    aboveWarning: 13,
    aboveDrift: 13,
    highestClean: 0.9,
    fouled: Array.from({ length: 110 }, (_, i) => (i % 10 < 8 ? 0 : 1)),
    dirtyDelay: null,
    dirtyLast: null,
  },
};

test('a model is trained until it is stopped, goes on after a reload, is tried, accepted, and judges anew @long', async ({
  page,
}) => {
  test.setTimeout(300_000);
  await withSmallModel(page);
  await open(page);
  await setUpCamera(page);
  await page.getByRole('link', { name: 'Reference', exact: true }).click();
  const panel = page.getByRole('region', { name: 'Train longer' });
  const begin = panel.getByRole('button', { name: 'Train the model' });
  await panel.waitFor();
  await unfold(page, 'Train longer');
  await expect(begin).toBeDisabled();
  await choose(page, 'Choose clean snapshots', clean);
  await begin.click();
  await expect(panel.getByText(/^\d+ steps in/)).toBeVisible({ timeout: 60_000 });
  await expect(panel.getByRole('img', { name: /^Error over \d+ steps: from/ })).toBeVisible();
  const stored = async () => (await storedIn<TrainingRecord>(page, 'trainings'))[0]?.step ?? 0;
  await expect.poll(stored, { timeout: 90_000 }).toBeGreaterThan(1);

  // The tab is closed. The present model's figures, which take as long again to find, are written instead.
  await rewrite(page, { before: POOR });
  await page.reload();
  const step = await stored();
  await expect(panel.getByText(`Training was interrupted at step ${step}`)).toBeVisible();
  await panel.getByRole('button', { name: 'Continue' }).click();
  // The first number that is shown is not below what was stored: nothing begins anew.
  const shown = async () => parseInt(await panel.getByText(/^\d+ steps in/).innerText(), 10);
  expect(await shown()).toBeGreaterThanOrEqual(step);
  // Until the first step is done, a stop tries nothing.
  await expect.poll(shown, { timeout: 60_000 }).toBeGreaterThan(step);
  await panel.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(panel.getByText(/^Training stopped at step/)).toBeVisible({ timeout: 120_000 });
  await expect(panel.getByText(/^The best version so far is that of step/)).toBeVisible();
  const rebuilds = panel.getByRole('row', { name: /^Reconstructs clean snapshots of later days/ });
  await expect(rebuilds).toContainText('error 0.900, mean picture 0.800');
  await expect(panel.getByTestId('clean-windows')).toContainText('13 of 13 above warning');
  await expect(panel.getByRole('row', { name: /^Drawn dirt: defocus/ })).toContainText(
    /warning from severity [1-3]/,
  );
  expect(await violations(page)).toEqual([]);

  await panel.getByRole('button', { name: 'Use the trained model' }).click();
  await expect(page.getByText(/^Version 2: 48 clean embeddings/).first()).toBeVisible({ timeout: 60_000 });
  const [first, second] = await storedIn<Reference>(page, 'references').then((all) =>
    all.sort((a, b) => a.version - b.version),
  );
  expect(second!.modelSha256).not.toBe(first!.modelSha256);
  expect(second!.names).toHaveLength(48);
  expect(second!.warmUpEmbeddings).toHaveLength(12);
  expect(second!.properties![0]!.width).toBe(first!.properties![0]!.width);
  const model = (await storedIn<StoredModel>(page, 'models')).find(
    ({ manifest }) => manifest.sha256 === second!.modelSha256,
  );
  expect(model!.manifest).toMatchObject({
    name: 'OBSEA autoencoder 2 for Reef',
    outputs: { reconstruction: 'reconstruction' },
    judged: { keptOutDays: 3, rebuilding: { before: 0.9 }, after: { thresholds: { warning: 0.05 } } },
  });
  for (const store of ['trainings', 'trainingWeights', 'trainingPictures']) {
    expect(await storedIn(page, store)).toEqual([]);
  }
  // The model that judges has the embeddings that the reference was frozen from.
  await check(page, demo.snapshots.slice(0, 3));
  const jobs = await results(page);
  expect(jobs.map(({ verdict }) => verdict)).toEqual(['normal', 'normal', 'normal']);
});

test('a training is stopped without a trial, an earlier one of the decoder alone is discarded with a word @long', async ({
  page,
}) => {
  test.setTimeout(120_000);
  await withSmallModel(page);
  await open(page);
  await setUpCamera(page);
  await page.getByRole('link', { name: 'Reference', exact: true }).click();
  const panel = page.getByRole('region', { name: 'Train longer' });
  await choose(page, 'Choose clean snapshots', clean);
  await panel.getByRole('button', { name: 'Train the model' }).click();
  await expect(panel.getByText(/^[1-9] steps? in/)).toBeVisible({ timeout: 60_000 });
  await panel.getByRole('button', { name: 'Stop', exact: true }).click();
  await panel.getByRole('button', { name: 'Stop without testing it' }).click();
  await expect(panel.getByText(/^Training stopped at step [1-9]/)).toBeVisible();
  await expect(panel.getByRole('button', { name: 'Use the trained model' })).toBeHidden();

  await rewrite(page, {}, ['latest', 'before']);
  await page.reload();
  await expect(panel.getByText(/^A training of the decoder alone/)).toBeVisible();
  await expect.poll(() => storedIn(page, 'trainingPictures')).toEqual([]);
  expect(await storedIn(page, 'trainings')).toEqual([]);
});
