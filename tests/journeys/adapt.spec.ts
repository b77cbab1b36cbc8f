import { expect, type Page } from '@playwright/test';
import {
  anotherDevice,
  check,
  choose,
  demo,
  inDatabase,
  learn,
  made,
  type MadeFile,
  open,
  read,
  results,
  test,
  violations,
  unfold,
} from './support';
import { withSmallModel } from './small-model';
import { openPlace } from '../open-place';

const day = (path: string) => path.split('/').at(-1)!.slice(0, 8);
/** of a clean lens: before it fouls, and after it was cleaned; few more than are needed */
const clean = [
  ...demo.reference,
  ...demo.snapshots.filter((path) => day(path) < '20260511'),
  ...demo.snapshots.filter((path) => day(path) > '20260524'),
];
const later = demo.snapshots.filter((path) => day(path) > '20260522' && day(path) <= '20260524');
const fouled = demo.snapshots.filter((path) => day(path) >= '20260519' && day(path) < '20260522');

/** The demo's snapshots as another camera would have taken them: mirrored, another hue, darker. */
async function foreign(page: Page, paths: readonly string[]): Promise<MadeFile[]> {
  const pictures = paths.map((path) => read(path).toString('base64'));
  const changed = await page.evaluate(async (pictures) => {
    const results: (string | null)[] = [];
    for (const base64 of pictures) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes])).catch(() => null);
      if (!picture) {
        results.push(null);
        continue;
      }
      const canvas = new OffscreenCanvas(picture.width, picture.height);
      const context = canvas.getContext('2d')!;
      context.filter = 'hue-rotate(40deg) brightness(0.75) contrast(1.15)';
      context.scale(-1, 1);
      context.drawImage(picture, -picture.width, 0);
      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
      results.push(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())));
    }
    return results;
  }, pictures);
  return changed.flatMap((bytes, i) =>
    bytes === null ? [] : [made(paths[i]!.split('/').at(-1)!, Buffer.from(bytes, 'latin1'))],
  );
}

const panel = (page: Page) => page.getByRole('region', { name: 'Adapt to this camera' });

async function setUp(page: Page, files: MadeFile[]): Promise<void> {
  await page.getByRole('button', { name: 'Set up my camera' }).click();
  await page.getByLabel('Name of the camera').fill('Pier');
  await choose(page, 'choose files', files);
  await learn(page);
  await expect(page.getByText(/^Version 1: \d+ clean embeddings/)).toBeVisible({ timeout: 60_000 });
}

test('a model is adapted to another camera, accepted, and judges it calmly on another laptop too @long', async ({
  page,
  browser,
}) => {
  test.setTimeout(360_000);
  await withSmallModel(page);
  await open(page);
  const snapshots = await foreign(page, clean);
  await setUp(page, snapshots);
  const dirty = await foreign(page, fouled);
  await choose(page, 'Choose clean pictures', snapshots);
  await choose(page, 'Choose dirty pictures', dirty);
  await expect(panel(page)).toContainText(`${snapshots.length} clean pictures of`);
  await panel(page).getByRole('button', { name: 'Adapt the model' }).click();
  await expect(panel(page).getByRole('progressbar')).toBeVisible();
  await expect(panel(page)).toContainText(/about .* left/, { timeout: 60_000 });

  // On so few days the present model gives no alarms either: calmer by a distance is not better.
  await expect(panel(page)).toContainText('No clear gain: keep the present one.', { timeout: 200_000 });
  await expect(panel(page).getByRole('button', { name: 'Keep the present one' })).toHaveClass(/primary/);
  await expect(panel(page).getByRole('button', { name: 'Use the adapted model' })).not.toHaveClass(/primary/);
  await expect(panel(page)).toContainText('no evidence for another season');
  await expect(panel(page).getByTestId('urge')).toHaveCount(0);
  await expect(panel(page).getByRole('row', { name: /^Windows of clean/ })).toContainText(
    'none above the warning limit',
  );
  await expect(panel(page).getByRole('row', { name: /^Drawn dirt: film/ })).toContainText(
    'clean the lens from severity',
  );
  expect(await violations(page)).toEqual([]);

  const confirmation = panel(page).getByLabel('I have looked');
  if ((await confirmation.count()) > 0) await confirmation.check();
  const saving = page.waitForEvent('download');
  await panel(page).getByRole('button', { name: 'Save the model’s file' }).click();
  const file = await (await saving).path();
  await panel(page).getByRole('button', { name: 'Use the adapted model' }).click();
  await expect(page.getByText(/^Version 2: \d+ clean embeddings/).first()).toBeVisible({ timeout: 60_000 });

  const calm = await foreign(page, later);
  const before = (await results(page)).length;
  await check(page, [...calm, ...dirty]);
  await expect.poll(async () => (await results(page)).length).toBe(before + calm.length + dirty.length);
  await page.reload();
  await page.waitForFunction(() => 'porthole' in globalThis);
  const jobs = await results(page);
  const soiled = jobs.filter(({ image_name }) => dirty.some(({ name }) => name === image_name));
  expect(soiled.at(-1)?.verdict).toBe('drift');
  await openPlace(page, 'Settings');
  await unfold(page, 'Method');
  await expect(page.getByRole('region', { name: 'Models' })).toContainText('OBSEA autoencoder 2 for Pier');

  const other = await (await anotherDevice(browser)).newPage();
  await open(other, '#settings');
  await unfold(other, 'Method');
  await choose(other, 'Add an .onnx autoencoder', [made('from-the-pier.onnx', read(file), '')]);
  const models = other.getByRole('region', { name: 'Models' });
  await expect(models).toContainText('OBSEA autoencoder 2 for Pier');
  await expect(models).toContainText('adapted to the camera Pier');
  await other.context().close();
});

/** Leaves the kept copy of the shipped model as a page would have left it that knew nothing of adapting. */
async function forgetAdaptable(page: Page): Promise<void> {
  await inDatabase(page, async (db) => {
    const tx = db.transaction('models', 'readwrite');
    const cursor = tx.objectStore('models').openCursor();
    cursor.onsuccess = () => {
      const stored = cursor.result?.value as { manifest: { adaptable?: unknown } } | undefined;
      if (!cursor.result || !stored) return;
      delete stored.manifest.adaptable;
      cursor.result.update(stored);
      cursor.result.continue();
    };
    await new Promise<void>((resolve, reject) => {
      tx.oncomplete = () => resolve();
      tx.onabort = () => reject(new Error('the manifest could not be changed'));
    });
  });
}

test('too few snapshots are refused, and an adaptation that is cancelled changes nothing @long', async ({
  page,
}) => {
  test.setTimeout(240_000);
  await withSmallModel(page);
  await open(page);
  const snapshots = clean.map((path) => made(path.split('/').at(-1)!, read(path)));
  await setUp(page, snapshots);
  await forgetAdaptable(page);
  await open(page, '#reference');
  const run = panel(page).getByRole('button', { name: 'Adapt the model' });
  await choose(page, 'Choose clean pictures', snapshots.slice(0, 20));
  await expect(panel(page)).toContainText('20 clean pictures are too few: choose 60 or more.');
  await expect(run).toBeDisabled();

  await choose(page, 'Choose clean pictures', snapshots);
  // The manifest that ships with the page counts, not the copy that was kept when it said less. A cancelled run ends
  // its workers, so the second one starts others.
  for (let i = 0; i < 2; i += 1) {
    await run.click();
    await expect(panel(page)).toContainText('Drawing other light', { timeout: 60_000 });
    await panel(page).getByRole('button', { name: 'Cancel' }).click();
    await expect(run).toBeEnabled();
  }
  await expect(panel(page).getByRole('table')).toHaveCount(0);
  await expect(page.getByText(/^Version 1:/).first()).toBeVisible();
  expect(await page.evaluate(() => globalThis.porthole.getMetadata().name)).toBeTruthy();
});
