import { expect, type Page } from '@playwright/test';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Camera } from '../../src/core/domain/camera/camera';
import type { Job } from '../../src/core/domain/camera/job';
import type { Reference } from '../../src/core/domain/camera/reference';
import { widenFloat16Weights } from '../../src/core/domain/model/onnx';
import {
  delimited,
  GRAPH,
  openModel,
  readFloats,
  readTensor,
  writeModel,
} from '../../src/core/domain/model/onnx-wire';
import { writeTensor } from '../domain/onnx-writer';
import {
  check,
  choose,
  closeDialog,
  demo,
  inDatabase,
  learn,
  made,
  open,
  openDetails,
  openLog,
  openWithCamera,
  passTime,
  read,
  results,
  setUpCamera,
  storedIn,
  test,
  type StoredResult,
  unfold,
  violations,
  writeStored,
} from './support';
import { openList } from '../open-place';

const SHIPPED = 'OBSEA autoencoder 2';
const NEXT = 'trained on the reef';
/** Clean at first, then fouled: a cleaning is logged in the middle of it. */
const stream = demo.snapshots.filter((_, i) => i % 2 === 0);
const CLEANED_AT = Date.UTC(2026, 4, 20);
/** Given first to the new model: the others then come before and after it. */
const middle = stream.slice(14, 18);

type Result = StoredResult & { readonly model_sha256: string | null };

test('a camera’s next model judges earlier snapshots again as if it were alone, beside what was said before @long', async ({
  page,
}) => {
  test.setTimeout(240_000);
  await open(page, '#settings');
  await unfold(page, 'Method');
  await choose(page, 'Add an .onnx autoencoder', [made(`${NEXT}.onnx`, trained(), '')]);
  await expect(page.getByRole('region', { name: 'Models' })).toContainText(NEXT);
  await page.getByRole('link', { name: 'Porthole', exact: true }).click();
  await setUpCamera(page);
  await change(page, 'Reef', {
    // Everything is drift to the earlier model: an alarm that the next one must not take over.
    thresholds: { warning: -1, drift: -0.9 },
    persistence: { raiseAfter: 1, clearAfter: 6, clearBelow: 1 },
  });
  await page.reload();
  await check(page, stream);
  const before = await of(page);
  expect(before).toHaveLength(stream.length);
  const judged = await storedIn<Job>(page, 'jobs');
  expect(
    judged.filter((job) => job.jobStatus === 'Completed').every(({ driftStatus }) => driftStatus === 'drift'),
  ).toBe(true);
  await expect(notice(page)).toHaveCount(0);

  // The same model and reference from the start, without an earlier model.
  await page.getByLabel('Camera', { exact: true }).selectOption({ label: 'New camera…' });
  await page.getByLabel('Name of the camera').fill('Twin');
  await unfold(page, 'Method');
  await page.getByLabel('Model').selectOption({ label: NEXT });
  await choose(page, 'choose files', demo.reference);
  await learn(page);
  await expect(page.getByText(/^Version 1: \d+ clean embeddings/)).toBeVisible();
  await change(page, 'Twin', { persistence: { raiseAfter: 2, clearAfter: 6, clearBelow: 1 } });
  await giveModel(page, 'Twin', 'Reef');
  await page.reload();
  await check(page, middle);
  await page.reload();
  await check(page, stream);
  const alone = await of(page);

  await page.getByLabel('Camera', { exact: true }).selectOption({ label: 'Reef' });
  const card = page.getByRole('region', { name: 'Verdict' });
  await expect(card).toContainText(`present model, ${NEXT}, has not checked any of its pictures yet.`);
  await expect(card).toHaveAttribute('data-verdict', 'not-checked');
  await expect(page.getByText(`are the distances of an earlier model, ${SHIPPED}.`)).toBeVisible();
  await openLog(page);
  await expect(page.getByText('The present model has judged no picture since')).toBeVisible();
  await expect(notice(page)).toContainText(
    `${String(stream.length)} pictures were judged by an earlier model only`,
  );
  expect(await violations(page)).toEqual([]);

  await choose(page, 'Choose their files', middle);
  await expect(notice(page)).toContainText(`${String(stream.length - middle.length)} pictures`);
  await expect.poll(async () => (await walked(page)).length).toBe(middle.length);
  await page.reload();
  await page.waitForFunction(() => 'porthole' in globalThis);

  const folder = mkdtempSync(join(tmpdir(), 'porthole-'));
  for (const path of stream) copyFileSync(path, join(folder, basename(path)));
  writeFileSync(join(folder, 'notes.txt'), 'dive at nine');
  copyFileSync(demo.config, join(folder, 'config.toml'));
  await choose(page, 'Choose their folder', [folder]);
  await expect(page.getByText(`${String(middle.length)} files had been seen before`)).toBeVisible({
    timeout: 90_000,
  });
  rmSync(folder, { recursive: true });
  await expect(page.getByText('2 files were skipped because they are not pictures: ')).toBeVisible();
  await expect(notice(page)).toHaveCount(0);

  await passTime(page, stream);
  const shown = async () => {
    const jobs = await of(page);
    const [earlier, present] = [await storedModel(page, SHIPPED), await storedModel(page, NEXT)];
    expect(jobs.filter(({ model_sha256 }) => model_sha256 === earlier)).toEqual(before);
    // To the last bit, with the verdicts that persist.
    expect(jobs.filter(({ model_sha256 }) => model_sha256 === present)).toEqual(
      alone.map((job) => ({ ...job, camera: 'Reef' })),
    );
    expect(jobs).toHaveLength(2 * stream.length);
    expect(await page.evaluate(async () => (await globalThis.porthole.summary()).jobs)).toBe(stream.length);

    await expect(card).toHaveAttribute('data-verdict', alone.at(-1)?.verdict ?? '');
    const names = await walked(page);
    expect(names).toHaveLength(stream.length);
    expect(new Set(names).size).toBe(stream.length);
    await expect(page.getByText('The present model has judged no picture since')).toHaveCount(0);
    // One line: of each snapshot the distance of the present model.
    const drawn = page.getByRole('img', { name: /^Line chart of/ });
    await expect(drawn).toHaveAccessibleName(
      new RegExp(`Line chart of ${String(withDistance(alone))} distances`),
    );
  };
  await shown();
  await staysOnPhone(page);
  await page.reload();
  await page.waitForFunction(() => 'porthole' in globalThis);
  await shown();

  await openList(page);
  await page.locator('summary').filter({ hasText: 'Plot' }).click();
  const table = page.getByRole('table');
  await expect(page.getByText(`1 to 15 of ${String(2 * stream.length)}`)).toBeVisible();
  await expect(table.getByRole('cell', { name: SHIPPED, exact: true }).first()).toBeVisible();
  await expect(table.getByRole('cell', { name: NEXT, exact: true }).first()).toBeVisible();
  const plot = page.getByRole('img', { name: /^Scatter plot of/ });
  await expect(plot).toHaveAccessibleName(new RegExp(`${String(withDistance(alone))} points`));
  await expect(page.getByText(`The plot shows the pictures that ${NEXT} judged.`)).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await staysOnPhone(page);
  await page.getByLabel('Model').selectOption({ label: SHIPPED });
  await expect(page.getByText(`1 to 15 of ${String(stream.length)}`)).toBeVisible();
  await expect(table.getByRole('cell', { name: NEXT, exact: true })).toHaveCount(0);
  await expect(page.getByText(`The plot shows the pictures that ${SHIPPED} judged.`)).toBeVisible();

  // Stepping from snapshot to snapshot stays with the model that was looked at.
  await table.getByRole('button').first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /Earlier/ }).click();
  await expect(dialog.locator('footer')).toContainText(basename(stream.at(-2)!));
  await dialog.getByText('All numbers').click();
  await expect(dialog.getByRole('definition').filter({ hasText: SHIPPED })).toBeVisible();
});

test('what can be judged again is told until it is dismissed @long', async ({ page }) => {
  await openWithCamera(page, stream.slice(0, 3));
  // A model that this device no longer has counts as an earlier one too.
  await rewriteJobs(page, 'f'.repeat(64));
  await page.reload();
  await expect(notice(page)).toContainText('3 pictures were judged by an earlier model only');
  await notice(page).getByRole('button', { name: 'Dismiss' }).click();
  await expect(notice(page)).toHaveCount(0);
  await check(page, stream.slice(0, 1));
  await expect(notice(page)).toHaveCount(0);
  await page.reload();
  await expect(notice(page)).toContainText('2 pictures were judged');
  expect(await walked(page)).toEqual([basename(stream[0]!)]);
});

function notice(page: Page) {
  return page.getByRole('region', { name: 'Judged by an earlier model' });
}

/** The names of the snapshots that a card steps through from the Monitor's one, the newest first. */
async function walked(page: Page): Promise<string[]> {
  await (await openDetails(page)).getByRole('button', { name: 'Why?' }).click();
  const dialog = page.getByRole('dialog');
  const own = dialog.locator('footer span');
  const earlier = dialog.getByRole('button', { name: 'Earlier' });
  const names: string[] = [];
  for (;;) {
    names.push((await own.innerText()).trim());
    if ((await earlier.getAttribute('aria-disabled')) === 'true') break;
    await earlier.click();
    await expect(own).not.toHaveText(names.at(-1)!);
  }
  await closeDialog(page);
  return names;
}

async function of(page: Page): Promise<Result[]> {
  return (await results(page)) as Result[];
}

function withDistance(jobs: readonly Result[]): number {
  return jobs.filter(({ distance }) => distance !== null).length;
}

/** The shipped model with other numbers in it: embeddings as long as its own, that can't be compared with them. */
function trained(): Buffer {
  const bytes = read(join(import.meta.dirname, '../../public/models/obsea-autoencoder-2/autoencoder.onnx'));
  const { fields, graph } = openModel(widenFloat16Weights(bytes));
  const model = writeModel(
    fields,
    graph.fields.map((field) => {
      if (field.number !== GRAPH.initializer) return field.raw;
      const tensor = readTensor(field.payload);
      const values = readFloats(tensor);
      if (!values || tensor.dims.length < 2) return field.raw;
      const changed = values.map((value, i) => value * (1 + 0.1 * Math.sin(i)));
      return delimited(GRAPH.initializer, writeTensor(tensor.name, tensor.dims, changed));
    }),
  );
  return Buffer.from(model);
}

async function storedModel(page: Page, name: string): Promise<string> {
  const models = await storedIn<{ manifest: { name: string; sha256: string } }>(page, 'models');
  return models.find(({ manifest }) => manifest.name === name)?.manifest.sha256 ?? '';
}

async function change(page: Page, name: string, changes: Partial<Camera>): Promise<void> {
  const camera = (await storedIn<Camera>(page, 'cameras')).find((each) => each.name === name);
  await writeStored(page, { cameras: [{ ...camera, ...changes }] });
}

/**
 * The camera gets the model and a reference made with it, and keeps its jobs.
 */
async function giveModel(page: Page, from: string, to: string): Promise<void> {
  const cameras = await storedIn<Camera>(page, 'cameras');
  const [source, target] = [from, to].map((name) => cameras.find((camera) => camera.name === name)!);
  await inDatabase(
    page,
    async (db, { source, target, cleanedAt }) => {
      const tx = db.transaction(['cameras', 'references', 'glassFits', 'events'], 'readwrite');
      const asking: IDBRequest<Reference> = tx.objectStore('references').get(source.referenceId!);
      asking.onsuccess = () => {
        const reference = { ...asking.result, id: 'of-the-next-model', cameraId: target.id, version: 2 };
        tx.objectStore('references').put(reference);
        const { modelSha256, transform, detector, thresholds, persistence, warmUp } = source;
        const judging = { modelSha256, transform, detector, thresholds, persistence, warmUp };
        tx.objectStore('cameras').put({ ...target, ...judging, referenceId: reference.id });
      };
      const fits = tx.objectStore('glassFits');
      const fitted: IDBRequest<object> = fits.get(source.referenceId!);
      fitted.onsuccess = () => fits.put(fitted.result, 'of-the-next-model');
      for (const { id } of [source, target]) {
        tx.objectStore('events').put({
          id: `of ${id}`,
          cameraId: id,
          kind: 'cleaned',
          at: cleanedAt,
          note: '',
        });
      }
      await new Promise((resolve) => (tx.oncomplete = resolve));
    },
    { source: source!, target: target!, cleanedAt: CLEANED_AT },
  );
}

async function rewriteJobs(page: Page, modelSha256: string): Promise<void> {
  const jobs = await storedIn<Record<string, unknown>>(page, 'jobs');
  await writeStored(page, { jobs: jobs.map((job) => ({ ...job, modelSha256 })) });
}

/** Names of models are long, and must not make a phone scroll sideways. */
async function staysOnPhone(page: Page): Promise<void> {
  await page.setViewportSize({ width: 390, height: 844 });
  await expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth))
    .toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1280, height: 720 });
}
