import { expect, type Page } from '@playwright/test';
import { strToU8, zipSync } from 'fflate';
import { basename } from 'node:path';
import {
  batchIsDone,
  check,
  choose,
  demo,
  dropOnPage,
  foldedNotes,
  made,
  open,
  openChip,
  openDetails,
  passTime,
  read,
  reloadInBatch,
  results,
  setUpCamera,
  storedIn,
  test,
} from './support';

const zipped = (content: Parameters<typeof zipSync>[0]) => zipSync(content, { level: 0 });

/** A snapshot of the demo under another time, with a content of its own. */
function snapshot(i: number): { name: string; buffer: Buffer } {
  const picture = read(demo.snapshots[i % demo.snapshots.length] ?? '');
  const comment = Buffer.from(`\xff\xfe\x00\x08own${String(i).padStart(3, '0')}`, 'latin1');
  const minutes = String(i % 60).padStart(2, '0');
  return {
    name: `20260601-${String(Math.floor(i / 60)).padStart(2, '0')}${minutes}00-OWN.jpg`,
    buffer: Buffer.concat([picture.subarray(0, 2), comment, picture.subarray(2)]),
  };
}

const names = async (page: Page) => (await results(page)).map((job) => job.image_name);

test('a zip with folders, doubles and bad entries gives the snapshots in it, and one line for each bad thing @long', async ({
  page,
}) => {
  await open(page);
  await setUpCamera(page);
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  const [a, b, c] = [snapshot(0), snapshot(1), snapshot(2)];
  const broken = snapshot(3);
  const archive = zipped({
    [`cam1/day1/${a.name}`]: a.buffer,
    [`cam1/day1/copy of ${a.name}`]: a.buffer,
    [`cam1\\day2\\${b.name}`]: b.buffer,
    'cam1/day2/broken.jpg': strToU8('no picture'),
    'cam1/.DS_Store': strToU8('x'),
    'inner.zip': zipped({ [c.name]: c.buffer, 'deeper.zip': zipped({ 'x.jpg': strToU8('x') }) }),
    [broken.name]: broken.buffer,
  });
  // Its content is other than its directory says.
  const at = Buffer.from(archive).indexOf(broken.buffer);
  archive[at + 2000] = (archive[at + 2000] ?? 0) ^ 0xff;
  await choose(page, 'Check pictures', [
    made('cam1.zip', archive, 'application/zip'),
    made('cut.zip', 'PK', 'application/zip'),
  ]);
  await expect(page.getByText(/^cut\.zip: This is not a whole zip file/)).toBeVisible();
  await expect(page.getByText(/^inner\.zip: Zip files deep inside .*deeper\.zip/)).toBeVisible();
  await expect(page.getByText('1 file had been seen before')).toBeAttached();
  await expect(page.getByText('2 files could not be checked.')).toBeAttached();
  const jobs = await storedIn<{ imageName: string; jobStatus: string; code?: string }>(page, 'jobs');
  expect(jobs.find(({ imageName }) => imageName === broken.name)?.code).toBe('entry-damaged');
  expect(jobs.map((job) => `${job.imageName} ${job.jobStatus}`).sort()).toEqual(
    [
      `${a.name} Completed`,
      `${b.name} Completed`,
      `${c.name} Completed`,
      `${broken.name} Failed`,
      'broken.jpg Failed',
    ].sort(),
  );

  // The same again, whole: what was scored is recognised, and what was not takes its place.
  const whole = zipped(Object.fromEntries([a, b, c, broken].map((each) => [each.name, each.buffer])));
  await choose(page, 'Check pictures', [made('again.zip', whole, 'application/zip')]);
  await expect(page.getByText('3 files had been seen before')).toBeAttached();
  await expect(page.getByText('A file could not be checked.')).toBeAttached();

  // A configuration inside is taken as if it lay beside the snapshots.
  const config = zipped({
    'tutorial/config.toml': read(demo.config),
    ...Object.fromEntries(demo.reference.map((path) => [`tutorial/clean/${basename(path)}`, read(path)])),
  });
  await choose(page, 'Check pictures', [made('tutorial.zip', config, 'application/zip')]);
  await expect(page.getByRole('heading', { name: 'Camera', level: 1 })).toBeVisible();
  await expect(page.getByTestId('chosen')).toContainText('52 clean');
});

test('a batch that was interrupted goes on with one click, and a watched folder with its new files @long', async ({
  page,
}) => {
  test.slow();
  // Headless there is no picker; a folder of the page's own storage is a real one.
  await page.addInitScript(() => {
    window.showDirectoryPicker = async () => {
      const root = await navigator.storage.getDirectory();
      return root.getDirectoryHandle('cam1', { create: true });
    };
  });
  await open(page);
  await setUpCamera(page);
  // Files in the page's own storage are dated in real time.
  await passTime(page, null);
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();

  const dialog = await openChip(page, 'Watch a folder');
  await dialog.getByRole('button', { name: 'Watch a folder' }).click();
  await expect(page.getByText('Watching cam1/: 0 new since')).toBeVisible();
  await write(page, 'day1', [snapshot(0)]);
  await expect(page.getByText('Watching cam1/: 1 new since')).toBeVisible();
  expect(await names(page)).toEqual([snapshot(0).name]);

  // From the next load on as where the browser asks again with every visit.
  await page.addInitScript(() => {
    let state: PermissionState = 'prompt';
    Object.assign(FileSystemHandle.prototype, {
      queryPermission: async () => state,
      requestPermission: async () => (state = 'granted'),
    });
  });
  // All at once, so that they are one batch, and so many that it lasts until the page is closed.
  const later = Array.from({ length: 120 }, (_, i) => snapshot(i + 1));
  await page.getByRole('button', { name: 'Stop watching' }).click();
  await write(page, 'day2', later);
  await dialog.getByRole('button', { name: 'Watch a folder' }).click();
  await reloadInBatch(page);
  // A folder that is chosen again is read again, the first day's file too.
  await expect(page.getByText(/The last batch was interrupted: \d+ of 121 files were checked/)).toBeVisible();
  await expect(page.getByText(/^1 folder is not being watched: cam1/)).toBeVisible();
  const kept = await names(page);
  expect(kept.length).toBeLessThan(121);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  const all = [0, ...later.keys()].map((_, i) => snapshot(i).name);
  await expect.poll(() => names(page), { timeout: 60_000 }).toEqual(all);
  await batchIsDone(page);
  await expect(page.getByText('The last batch was interrupted')).toHaveCount(0);

  await openChip(page, 'cam1 is not watched');
  await page.getByRole('button', { name: 'Continue watching cam1' }).click();
  await write(page, 'day3', [snapshot(121)]);
  await expect(page.getByText('Watching cam1/: 1 new since')).toBeVisible();
  await page.getByRole('button', { name: 'Stop watching' }).click();
  await expect(dialog.getByRole('button', { name: 'Watch a folder' })).toBeVisible();
  await page.reload();
  await page.waitForFunction(() => 'porthole' in globalThis);
  await expect((await openDetails(page)).getByRole('button', { name: 'Watch a folder' })).toBeVisible();
  await expect(page.getByText('The last batch was interrupted')).toHaveCount(0);
});

test('where nothing can be kept, the same files are dropped again; a cancelled batch is forgotten @long', async ({
  page,
}) => {
  await open(page);
  await setUpCamera(page);
  await check(page, [made('20260501-000000-DEMO.jpg', 'no picture')]);
  await page.removeLocatorHandler(foldedNotes(page));
  await choose(page, 'Check pictures', demo.snapshots);
  await reloadInBatch(page);
  const notice = page.getByText(/The last batch was interrupted: \d+ of 84 files were checked/);
  // Beside another note too.
  await expect(page.getByText('A file could not be checked.')).toBeVisible();
  await expect(notice).toBeVisible();
  await expect(notice).toContainText('Drop the same files again');
  // A snapshot from a program does not end the note.
  await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    await globalThis.porthole.predict({ input_file: new File([bytes], '20260601-000000-OWN.jpg') });
  }, snapshot(0).buffer.toString('base64'));
  await expect(notice).toBeVisible();
  expect(await storedIn(page, 'settings')).toContainEqual(expect.objectContaining({ total: 84 }));
  await page.getByRole('button', { name: 'Forget it' }).click();
  await expect(notice).toHaveCount(0);

  // A drop gives handles by itself.
  // By the page itself: a quick machine may be done before it hears of a test.
  const cancelled = page.evaluate(async () => {
    const cancel = () => [...document.querySelectorAll('button')].find((each) => each.innerText === 'Cancel');
    while (!cancel()) await new Promise((done) => setTimeout(done, 2));
    cancel()!.click();
  });
  await dropOnPage(page, demo.snapshots);
  await cancelled;
  await batchIsDone(page);
  await page.reload();
  await page.waitForFunction(() => 'porthole' in globalThis);
  await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible();
  expect(await storedIn(page, 'handles')).toEqual([]);
  await expect(page.getByText('The last batch was interrupted')).toHaveCount(0);
});

/** Writes files into the folder that is watched, each in two parts. */
async function write(page: Page, folder: string, files: { name: string; buffer: Buffer }[]): Promise<void> {
  await page.evaluate(
    async ({ folder, files }) => {
      const root = await navigator.storage.getDirectory();
      const cam1 = await root.getDirectoryHandle('cam1', { create: true });
      const day = await cam1.getDirectoryHandle(folder, { create: true });
      for (const { name, base64 } of files) {
        const file = await day.getFileHandle(name, { create: true });
        const stream = await file.createWritable();
        await stream.write(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
        await stream.close();
      }
    },
    { folder, files: files.map(({ name, buffer }) => ({ name, base64: buffer.toString('base64') })) },
  );
}
