/** A detector is a file and a line of the registry: the page then offers it, and judges by it. */
import { expect, test, type Page } from '@playwright/test';
import { BLANK, VITE } from '../addresses';
import { energyDistanceStreaming } from '../domain/drift/energy-distance-streaming';

const { name } = energyDistanceStreaming;
const WINDOW = 12;

/** A camera with a reference and scored snapshots, as storage has them. */
async function seed(page: Page): Promise<void> {
  await page.goto(BLANK);
  await page.evaluate(async () => {
    const { openDatabase } = await import('/src/core/storage/database.ts');
    const { saveJobs } = await import('/src/core/storage/new-jobs.ts');
    const rows = await import('/tests/storage/whole-rows.ts');
    const db = await openDatabase();
    const embedding = (i: number) => new Float32Array([Math.sin(i), Math.cos(3 * i), i / 100]);
    const embeddings = Array.from({ length: 30 }, (_, i) => embedding(i));
    await db.put(
      'references',
      rows.wholeReference('reference', { embeddings, names: embeddings.map(String) }),
    );
    await db.put('cameras', rows.wholeCamera('camera', { referenceId: 'reference' }));
    await saveJobs(
      db,
      Array.from({ length: 20 }, (_, i) => ({
        job: rows.wholeJob(`job-${String(i)}`, Date.UTC(2026, 4, 1, i)),
        ...{ embedding: embedding(30 + i), thumbnail: new ArrayBuffer(2) },
      })),
    );
  });
}

/** Its file, and its place in the registry beside whatever is there, as the page and its workers load them. */
async function addDetector(page: Page): Promise<void> {
  await page.route('**/drift/detectors/index.ts*', async (route) => {
    const response = await route.fetch();
    const added = `import { energyDistanceStreaming as added } from '/tests/domain/drift/energy-distance-streaming.ts';
      DETECTORS.set(added.name, added);`;
    await route.fulfill({ response, body: `${await response.text()}\n${added}` });
  });
}

test('with a second one in the registry Settings offers the choice, and the history is judged by it', async ({
  page,
}) => {
  await seed(page);
  await addDetector(page);
  await page.goto(`${VITE}/#settings`);
  await page.locator('summary').filter({ hasText: 'Method' }).click();
  await expect(page.getByLabel('Sigma', { exact: true })).toBeVisible();
  await page.getByLabel('Detector').selectOption(name);
  await expect(page.getByLabel('Sigma', { exact: true })).toHaveCount(0);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('were judged again')).toBeVisible();
  const { stored, embeddings, reference } = await page.evaluate(async () => {
    const { openDatabase } = await import('/src/core/storage/database.ts');
    const { loadJobs, loadEmbeddings } = await import('/src/core/storage/jobs.ts');
    const db = await openDatabase();
    const jobs = await loadJobs(db, 'camera');
    const found = await loadEmbeddings(
      db,
      jobs.map(({ id }) => id),
    );
    return {
      stored: jobs.map((job) => ('distance' in job ? [job.detector.name, job.distance] : [])),
      embeddings: jobs.map(({ id }) => [...found.get(id)!]),
      reference: (await db.get('references', 'reference'))!.embeddings.map((row) => [...row]),
    };
  });
  const floats = (rows: number[][]) => rows.map((row) => Float32Array.from(row));
  const newest = energyDistanceStreaming.distanceOf(floats(reference), floats(embeddings.slice(-WINDOW)), {
    ...{ name, windowSize: WINDOW, sigma: 0.3 },
  });
  expect(stored.at(-1)).toEqual([name, newest]);

  const choice = page.getByLabel('Detector');
  await expect(choice).toHaveValue(name);
  await choice.selectOption('mmd-streaming');
  await expect(page.getByLabel('Sigma', { exact: true })).toBeVisible();
});
