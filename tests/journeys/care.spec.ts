import { expect, type Page } from '@playwright/test';
import { zipSync } from 'fflate';
import { readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { toStorage, withDownloads } from './exports';
import {
  anotherDevice,
  check,
  choose,
  demo,
  inDatabase,
  open,
  openWithCamera,
  results,
  setUpCamera,
  storedIn,
  test,
  violations,
  type StoredResult,
} from './support';

const [before, after] = [demo.snapshots.slice(0, 16), demo.snapshots.slice(16, 17)];

test('an export opens on another laptop, which then judges to the last bit as the first one does', async ({
  page,
  browser,
}, testInfo) => {
  test.setTimeout(180_000);
  await withDownloads(page);
  await openWithCamera(page);
  await toStorage(page);
  await page.getByLabel('Keep the pictures of Reef on this device').check();
  await check(page, before);

  await toStorage(page);
  await page.getByLabel('With the pictures that you keep').check();
  const zip = testInfo.outputPath('porthole.zip');
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export everything' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^porthole-\d{8}\.zip$/);
  await download.saveAs(zip);
  expect(await violations(page)).toEqual([]);

  const seen = JSON.parse(execFileSync('/usr/bin/env', ['python3', '-c', READ, zip]).toString()) as object;
  expect(seen).toMatchObject({
    jobs: 16,
    rows: 16,
    thumbnails: 16,
    originals: 16,
    embeddings: 16,
    ...{ model: true, by: true },
    wrong: [],
  });

  const context = await anotherDevice(browser);
  const other = await context.newPage();
  await withDownloads(other);
  await open(other, '#settings');
  const adds = other.getByRole('group', { name: 'What this export would add' });
  await choose(other, 'Open an export', [zip]);
  await expect(adds).toContainText('It adds 1 camera and 16 pictures.');
  await adds.getByRole('button', { name: 'Add it' }).click();
  await expect(other.getByText('1 camera and 16 pictures added.')).toBeVisible();
  // The imported pictures are in an export already.
  await expect
    .poll(() =>
      inDatabase(other, (db) => {
        const asking = db.transaction('settings').objectStore('settings').get('lastExport');
        return new Promise((resolve) => (asking.onsuccess = () => resolve(asking.result)));
      }),
    )
    .toEqual({ at: null, jobs: 16 });
  for (const store of [
    'cameras',
    'references',
    'jobs',
    'embeddings',
    'thumbnails',
    'events',
    'calibrations',
  ]) {
    expect(await digest(other, store), store).toBe(await digest(page, store));
  }

  // Again: nothing is added.
  await choose(other, 'Open an export', [zip]);
  await expect(adds).toContainText('It adds nothing; 16 pictures are here already.');
  await expect(adds.getByRole('button', { name: 'Add it' })).toHaveCount(0);

  await other.reload();
  await other.waitForFunction(() => 'porthole' in globalThis);
  await check(page, after);
  // Sights, which the export leaves out, are seen again in its small pictures.
  await expect.poll(async () => (await storedIn(other, 'sights')).length, { timeout: 60_000 }).toBe(16);
  await check(other, after);
  const [here, there] = [await results(page), await results(other)];
  expect(here).toHaveLength(17);
  expect(here.at(-1)?.distance).not.toBeNull();
  const learned = (jobs: StoredResult[]) =>
    jobs.map((job) => ({ ...job, growth: null, loss: null, cover: null }));
  expect(learned(there)).toEqual(learned(here));

  // The whole picture came along.
  await other.getByRole('link', { name: 'History', exact: true }).click();
  const picture = await other.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const names: string[] = [];
    for await (const camera of (await root.getDirectoryHandle('originals')).values()) {
      for await (const name of (camera as FileSystemDirectoryHandle).keys()) names.push(name);
    }
    return names.sort();
  });
  expect(picture).toEqual(before.map((path) => path.split('/').at(-1)!).sort());

  // A damaged export is told, and nothing of its camera comes in.
  const bytes = readFileSync(zip);
  const at = bytes.indexOf('embeddings.npz');
  bytes.fill(7, at + 400, at + 440);
  await toStorage(other);
  await choose(other, 'Open an export', [
    { name: 'x.zip', mimeType: 'application/zip', buffer: bytes },
  ] as never);
  await expect(other.getByText('1 part of the export is damaged')).toContainText('embeddings.npz');
  await expect(other.getByText('Reef is left out')).toBeVisible();
  await context.close();
});

test('old snapshots go by age, and those that the next verdict needs stay @long', async ({ page }) => {
  await withDownloads(page);
  await open(page);
  await setUpCamera(page);
  await toStorage(page);
  await page.getByLabel('Keep the pictures of Reef on this device').check();
  // From a zip, whose files lose their bytes on the way to a worker unless they are taken out of it.
  const files = demo.snapshots.slice(0, 36).map((path) => [path.split('/').at(-1)!, readFileSync(path)]);
  const zip = Buffer.from(zipSync(Object.fromEntries(files) as Record<string, Uint8Array>, { level: 0 }));
  await check(page, [{ name: 'card.zip', mimeType: 'application/zip', buffer: zip }]);
  await expect.poll(() => storedIn(page, 'jobs').then(({ length }) => length)).toBe(36);
  await exportEverything(page);
  const last = (await results(page)).at(-1);
  await toStorage(page);
  await page.getByRole('combobox', { name: 'What' }).selectOption('Pictures with their results');
  await page.getByLabel('Older than, in months').fill('1');
  await page.getByRole('button', { name: 'Count them' }).click();
  await expect(page.getByText('Delete 12 pictures of all cameras?')).toContainText('24 old pictures stay.');
  await page.getByRole('button', { name: 'Delete 12' }).click();
  await expect(page.getByText('12 pictures deleted.')).toBeVisible();
  expect(await storedIn(page, 'jobs')).toHaveLength(24);
  expect((await results(page)).at(-1)).toEqual(last);
  expect(await storedIn(page, 'references')).toHaveLength(1);

  // Deleted snapshots don't count as exported: the next one is in no export.
  await check(page, demo.snapshots.slice(36, 37));
  await toStorage(page);
  await expect(page.getByText('Everything was exported today. 1 picture since.')).toBeVisible();

  await page.getByRole('combobox', { name: 'What' }).selectOption('Kept pictures');
  await page.getByLabel('Older than, in months').fill('1');
  await page.getByRole('button', { name: 'Count them' }).click();
  await page.getByRole('button', { name: 'Delete 25' }).click();
  await expect(page.getByText('25 kept pictures deleted.')).toBeVisible();
});

async function exportEverything(page: Page) {
  await toStorage(page);
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export everything' }).click();
  await downloading;
  await expect(page.getByText('Everything was exported today.')).toBeVisible();
}

/** Everything of a store as one text. */
async function digest(page: Page, store: string): Promise<string> {
  const all = await storedIn<unknown>(page, store);
  return JSON.stringify(all, (_, value: unknown) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

const READ = `
import csv, hashlib, io, json, sys, zipfile
try:
    import numpy
except ImportError:
    numpy = None
z = zipfile.ZipFile(sys.argv[1])
index = json.loads(z.read('porthole.json'))
wrong = [f['path'] for f in index['files'] if hashlib.sha256(z.read(f['path'])).hexdigest() != f['sha256']]
folder = index['cameras'][0]['folder']
jobs = [json.loads(line) for line in z.read(folder + '/jobs.jsonl').splitlines()]
npz = io.BytesIO(z.read(folder + '/embeddings.npz'))
count = len(numpy.load(npz)['embeddings']) if numpy else len(jobs)
names = z.namelist()
made = json.loads(z.read(folder + '/provenance.json'))
print(json.dumps({
    'model': made['model']['sha256'] == index['models'][0]['sha256'], 'by': made['version'] == index['program']['version'],
    'jobs': len(jobs), 'wrong': wrong, 'embeddings': count,
    'rows': len(list(csv.DictReader(io.StringIO(z.read(folder + '/jobs.csv').decode())))),
    'thumbnails': sum('/thumbnails/' in n for n in names),
    'originals': sum('/originals/' in n for n in names),
}))
`;
