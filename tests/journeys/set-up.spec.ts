import { expect } from '@playwright/test';
import {
  check,
  choose,
  demo,
  dropOnPage,
  learn,
  made,
  open,
  openWithCamera,
  passTime,
  read,
  results,
  setUpCamera,
  storedIn,
  test,
  unfold,
} from './support';
import { createHash } from 'node:crypto';
import { bitmap } from '../bitmap';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Reference } from '../../src/core/domain/camera/reference';
import { openPlace } from '../open-place';

/** A picture of these grey levels, 384 × 216, whatever its file is called. */
function grey(levelOf: (pixel: number) => number): Buffer {
  const [width, height] = [384, 216];
  const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => levelOf(Math.floor(i / 3)));
  return bitmap({ height, width, data });
}

/** Levels in which no pixel has to do with the next. */
const noise = grey((i) => (Math.imul(i ^ (i >>> 7), 0x9e3779b1) ^ Math.imul(i + 77, 0x85ebca6b)) >>> 24);
const black = grey((i) => (i % 384) / 40);

test('the tutorial’s config.toml with its folder sets up a camera, and every disagreement is listed', async ({
  page,
}) => {
  const names = demo.reference.map((path) => basename(path));
  const [twice, both, gone] = [names[1] ?? '', names[2] ?? '', '20260101-000000-DEMO.jpg'];
  const config = `
[camera]
name = "Reef\\u202e\\nTwo"
[transform]
resize = [216, 384]
mean = [0.0, 0.0, 0.0]
std = [1.0, 1.0, 1.0]
[camera_state]
clean = ${JSON.stringify([...names, twice, gone])}
dirty = ${JSON.stringify([both])}
[training]
epochs = 40
`;
  await open(page);
  await page.getByRole('button', { name: 'Set up my camera' }).click();
  await choose(page, 'choose files', [made('config.toml', config, 'application/toml')]);
  await expect(page.getByTestId('chosen')).toContainText('add the folder');
  await choose(page, 'choose files', demo.reference);
  await expect(page.getByTestId('chosen')).toContainText(`${String(names.length - 1)} clean pictures`);
  await expect(
    page.getByText(`${both} is given as clean and as dirty, so it is used as neither.`),
  ).toBeVisible();
  await expect(page.getByText(`${twice} is listed twice, and used once.`)).toBeVisible();
  await expect(page.getByText(`${gone} is listed, but not among the files.`)).toBeVisible();
  await expect(page.getByText('training is kept, but Porthole has no use for it.')).toBeVisible();
  await learn(page);
  // The earliest whole days that reach forty.
  await expect(page.getByText('Version 1: 45 clean embeddings of 64 numbers.')).toBeVisible();
  // A line break in a name would forge lines wherever it is told.
  expect((await storedIn<{ name: string }>(page, 'cameras')).map(({ name }) => name)).toEqual(['Reef__Two']);

  // A watched folder knows its files by their content.
  const [reference] = await storedIn<Reference>(page, 'references');
  const contents = demo.reference
    .filter((path) => basename(path) !== both)
    .slice(0, 45)
    .map((path) => createHash('sha256').update(read(path)).digest('hex'));
  expect([...(reference?.contentSha256 ?? [])].sort()).toEqual(contents.sort());

  // Entries that Porthole has no use for go out again with the configuration.
  await unfold(page, 'Export the reference');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export config.toml' }).click();
  const text = read(await (await download).path()).toString();
  expect(text).toContain('epochs = 40');
  expect(text).toContain('window_size = 12');
});

test('an unreadable clean file and the same picture twice are named, and the reference is built without them @long', async ({
  page,
}) => {
  await open(page);
  await page.getByRole('button', { name: 'Set up my camera' }).click();
  const [first] = demo.reference;
  await choose(page, 'choose files', [
    ...demo.reference.map((path) => made(basename(path), read(path))),
    made('20260502-000000-DEMO.jpg', 'not a picture'),
    made('20260503-000000-DEMO.jpg', read(first ?? '')),
  ]);
  await page.getByLabel('Name of the camera').fill('Reef');
  await learn(page);
  await expect(page.getByText('Version 1: 46 clean embeddings')).toBeVisible();
  await expect(
    page.getByText('20260502-000000-DEMO.jpg: This file is not a picture we can read.'),
  ).toBeVisible();
  await expect(
    page.getByText(/20260503-000000-DEMO.jpg: skipped, the same picture as 20260501/),
  ).toBeVisible();
});

test('a reference goes out as .npy and .npz and comes back the same @long', async ({ page }) => {
  await open(page);
  await setUpCamera(page);
  await check(page, demo.snapshots.slice(0, 14));
  const before = await results(page);
  for (const [kind, name] of [
    ['npz', 'From npz'],
    ['npy', 'From npy'],
  ] as const) {
    await page.getByLabel('Camera', { exact: true }).selectOption({ label: 'Reef' });
    await openPlace(page, 'Camera');
    await expect(page.getByText('Version 1: 46 clean embeddings')).toBeVisible();
    await unfold(page, 'Export the reference');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: `Export .${kind}` }).click();
    const file = made(`reference.${kind}`, read(await (await download).path()), 'application/octet-stream');

    await page.getByLabel('Camera', { exact: true }).selectOption({ label: 'New camera…' });
    await choose(page, 'choose files', [file]);
    await expect(page.getByTestId('chosen')).toContainText(`reference.${kind}: 46 embeddings of 64 numbers.`);
    await page.getByLabel('Name of the camera').fill(name);
    await learn(page);
    await expect(page.getByText('Version 1: 46 clean embeddings')).toBeVisible();
    await check(page, demo.snapshots.slice(0, 14));
    const after = await results(page);
    expect(after.map((job) => job.distance)).toEqual(before.map((job) => job.distance));
  }
});

test('a dropped folder with folders inside sets up the camera and is scored @long', async ({ page }) => {
  await open(page);
  await page.getByRole('button', { name: 'Set up my camera' }).click();
  await passTime(page, demo.snapshots);
  // A drop that a test sends while the place is being drawn may be lost on its way to the page.
  await expect(page.getByRole('heading', { name: 'New camera' })).toBeVisible();
  // The demo's own folder: config.toml beside reference/ and snapshots/.
  await dropOnPage(page, [dirname(demo.config)]);
  await expect(page.getByTestId('chosen')).toContainText(
    '52 clean pictures listed in config.toml, 12 listed as dirty, 72 not listed.',
  );
  await page.getByLabel('Name of the camera').fill('Reef');
  await learn(page);
  await expect(page.getByText('Version 1: 46 clean embeddings')).toBeVisible();
  // Those called dirty are kept for a test.
  expect(await results(page)).toHaveLength(72);
  await openPlace(page, 'Monitor');
  // The lens was wiped in between, and no cleaning came with the folder.
  const verdict = page.getByRole('region', { name: 'Verdict' });
  await expect(verdict).toHaveAttribute('data-verdict', 'asking');
  await verdict.getByRole('button', { name: /^Lens cleaned/ }).click();
  await expect(verdict).toHaveAttribute('data-verdict', 'normal');

  // The same folder again: nothing is scored twice.
  await dropOnPage(page, [dirname(demo.snapshots[0] ?? '')]);
  await expect(page.getByText('72 files had been seen before')).toBeVisible();
  expect(await results(page)).toHaveLength(84);
});

test('a next reference version keeps old distances, and the chart says where it begins @long', async ({
  page,
}) => {
  await open(page);
  await setUpCamera(page);
  await check(page, demo.snapshots.slice(0, 6));
  const before = await results(page);
  await openPlace(page, 'Camera');
  // The Monitor has a picker of that name too.
  await expect(page.getByRole('heading', { name: 'Build a new version' })).toBeVisible();
  await choose(page, 'choose files', demo.reference.slice(0, 30));
  await learn(page);
  await expect(page.getByText('Version 2: 30 clean embeddings').first()).toBeVisible();
  await check(page, demo.snapshots.slice(6, 9));
  const after = await results(page);
  expect(after.slice(0, 6)).toEqual(before);
  await page.getByRole('slider', { name: 'Picture on the chart' }).focus();
  await expect(page.getByRole('region', { name: 'Timeline' })).toContainText('reference 2');
});

for (const isEntry of [false, true]) {
  const how = isEntry ? ', in a browser without handles' : '';
  test(`a folder with clean/ and dirty/ makes its reference of the clean ones, and names what shows no scene${how} @long`, async ({
    page,
  }, testInfo) => {
    await page.addInitScript((isEntry) => {
      if (isEntry) Reflect.deleteProperty(DataTransferItem.prototype, 'getAsFileSystemHandle');
    }, isEntry);
    const folder = testInfo.outputPath('reef');
    const put = (into: string, name: string, content: Uint8Array | string) => {
      mkdirSync(join(folder, into), { recursive: true });
      writeFileSync(join(folder, into, name), content);
    };
    for (const path of demo.reference.slice(0, 16)) put('clean', basename(path), read(path));
    for (const path of demo.snapshots.slice(0, 3)) put('dirty', basename(path), read(path));
    put('', basename(demo.snapshots[3]!), read(demo.snapshots[3]!));
    put('clean', '20260520-010000-DEMO.jpg', black);
    put('clean', '20260520-020000-DEMO.jpg', noise);
    // Of the same name as one that can be used.
    put('clean/again', basename(demo.reference[0]!), Buffer.concat([black, Buffer.from('again')]));
    put('clean', '20260520-030000-DEMO.jpg', 'a text');
    await open(page);
    await page.getByRole('button', { name: 'Set up my camera' }).click();
    await expect(page.getByRole('heading', { name: 'New camera' })).toBeVisible();
    await dropOnPage(page, [folder]);
    const chosen = page.getByTestId('chosen');
    await expect(chosen).toContainText(
      '19 clean pictures in clean/, 3 dirty in dirty/ and kept out of the reference, 1 in neither and kept out too.',
    );
    const unread = page.getByText('20260520-030000-DEMO.jpg: This file is not a picture we can read.');
    await expect(unread).toBeVisible();
    await page.getByLabel('Name of the camera').fill('Reef');
    await learn(page);
    await expect(page.getByText('Version 1: 16 clean embeddings')).toBeVisible();
    await expect(unread).toBeVisible();
    await expect(page.locator('main img:not([src])'), 'no note has an empty picture').toHaveCount(0);
    await expect(page.getByText('20260520-010000-DEMO.jpg: set aside, nearly black.')).toBeVisible();
    await expect(page.getByText('20260520-020000-DEMO.jpg: set aside, only noise.')).toBeVisible();
    // Those called neither clean nor dirty were checked; those called clean are not, though they can’t be learned.
    const checked = (await results(page)).map(({ image_name }) => image_name);
    expect(checked).toEqual([basename(demo.snapshots[3]!)]);
    const settings = await storedIn<Record<string, { readonly dirty?: readonly string[] }>>(page, 'settings');
    const given = settings
      .flatMap((setting) => Object.values(setting))
      .find((note) => note.dirty !== undefined);
    const dirty = demo.snapshots.slice(0, 3).map((path) => basename(path));
    expect(new Set(given?.dirty)).toEqual(new Set(dirty));
  });
}

test('what no reference can be made of is refused with the reason: an empty folder, a pickle, few and black pictures, embeddings of another model', async ({
  page,
}, testInfo) => {
  const folder = testInfo.outputPath('empty');
  mkdirSync(folder);
  await page.addInitScript(() => {
    window.showDirectoryPicker = async () =>
      (await navigator.storage.getDirectory()).getDirectoryHandle('nothing', { create: true });
  });
  await open(page);
  await page.getByRole('button', { name: 'Set up my camera' }).click();
  await expect(page.getByRole('heading', { name: 'New camera' })).toBeVisible();
  const alert = page.getByRole('alert');
  await dropOnPage(page, [folder]);
  await expect(alert).toContainText('There is no file in that folder.');
  await page.getByRole('button', { name: 'choose a folder' }).click();
  await expect(alert).toContainText('There is no file in nothing.');
  await choose(page, 'choose files', [made('reference.pth', new Uint8Array([0x80, 2, 0x63, 0x6f]), '')]);
  await expect(alert).toContainText('is a Python pickle');
  await expect(alert).toContainText('numpy.save(');

  await page.getByLabel('Name of the camera').fill('Reef');
  const build = page.getByRole('button', { name: /^Learn th/ });
  await choose(page, 'choose files', [made('20260520-000000-A.jpg', read(demo.reference[0]!))]);
  await expect(page.getByText('A reference needs at least 24 clean pictures.')).toBeVisible();
  await expect(build).toBeDisabled();
  await choose(
    page,
    'choose files',
    ['01', '02', '03'].map((hour) =>
      made(`20260520-${hour}0000-A.jpg`, Buffer.concat([black, Buffer.from(hour)])),
    ),
  );
  await expect(page.getByText('24 are needed, and 1 can be used')).toBeVisible();
  await expect(page.getByText('3 night pictures are not used')).toBeVisible();
  await expect(build).toBeDisabled();

  await page.getByRole('button', { name: 'Start over', exact: true }).click();
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }".padEnd(117) + '\n';
  const short = Buffer.concat([
    Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0]),
    Buffer.from(header),
    Buffer.alloc(3 * 2 * 4),
  ]);
  await choose(page, 'choose files', [made('short.npy', short, '')]);
  await page.getByLabel('Name of the camera').fill('Reef');
  await build.click();
  await expect(alert).toContainText('another model made them');
});

test('by fewer than 24 clean pictures nothing is judged, and it is once the others are added @long', async ({
  page,
}) => {
  await open(page);
  await setUpCamera(page, 'Reef', demo.reference.slice(0, 19));
  const needs = 'Needs 5 more clean pictures of this view';
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(needs);
  await check(page, demo.snapshots.slice(0, 3));
  const card = page.getByRole('region', { name: 'Verdict' });
  const saysSo = async () => {
    await expect(card.getByRole('heading')).toHaveText(needs);
    await expect(card).toContainText('19 of 24 are there. Until then there is no verdict.');
    await expect(card).toHaveAttribute('data-verdict', 'not-checked');
    const judged = (await results(page)).map(({ distance, conclusion }) => [distance, conclusion]);
    expect(judged).toEqual(Array(3).fill([null, 'few-clean']));
  };
  await saysSo();
  await page.reload();
  await saysSo();

  await card.getByRole('button', { name: 'Add clean pictures' }).click();
  // In two parts: those that are learned twice count once.
  await choose(page, 'Add pictures', demo.reference.slice(19, 21));
  await page.getByRole('button', { name: 'Learn these 21 pictures' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'Needs 3 more clean pictures of this view',
  );
  await choose(page, 'Add pictures', demo.reference.slice(21, 24));
  await page.getByRole('button', { name: 'Learn these 24 pictures' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'Porthole knows your camera: 24 pictures. Forty are better.',
  );
  await openPlace(page, 'Monitor');
  await expect(card).toHaveAttribute('data-verdict', 'normal');
  const verdicts = (await results(page)).map(({ distance, verdict }) => [distance !== null, verdict]);
  expect(verdicts).toEqual(Array(3).fill([true, 'normal']));
});

test('hours that a new camera’s reference lacks are not counted for the camera that is shown @long', async ({
  page,
}) => {
  await openWithCamera(page, demo.snapshots.slice(0, 14));
  await page.getByLabel('Camera', { exact: true }).selectOption({ label: 'New camera…' });
  const [first] = demo.reference;
  const morning = ['0100', '0200', '0300'].map((time) => made(`20260520-${time}00-A.jpg`, read(first ?? '')));
  await choose(page, 'choose files', morning);
  await expect(page.getByText('No clean picture is from')).toBeVisible();
  await expect(page.getByText('such hours')).toHaveCount(0);
});

test('files that come while others are looked at are added to them, and the pictures are seen before they are learned @long', async ({
  page,
}) => {
  await open(page);
  await page.getByRole('button', { name: 'Set up my camera' }).click();
  await page.getByLabel('Name of the camera').fill('Reef');
  await choose(page, 'choose files', demo.reference.slice(0, 30));
  await choose(page, 'choose files', demo.reference.slice(30));
  await expect(page.getByRole('button', { name: 'Learn these 46 pictures' })).toBeVisible();
  const sheet = page.getByRole('table', { name: 'Clean pictures by day and hour, UTC' });
  await expect(sheet.getByRole('rowheader')).toHaveCount(8);
  await expect.poll(() => sheet.locator('img').count()).toBeGreaterThan(30);
  expect(await storedIn(page, 'references')).toEqual([]);
});
