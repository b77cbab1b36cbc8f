import { expect, type Page } from '@playwright/test';
import { basename } from 'node:path';
import type { Camera } from '../../src/core/domain/camera/camera';
import type { Job } from '../../src/core/domain/camera/job';
import { exportedParts, openExport, packed, withDownloads } from './exports';
import { putFleet, TEN } from './fleet';
import {
  batchIsDone,
  choose,
  demo,
  learn,
  made,
  open,
  openWithCamera,
  read,
  storedIn,
  test,
  violations,
  writeStored,
} from './support';
import { openPlace } from '../open-place';

/** Those that need somebody, then the rows of the others. */
const tiles = (page: Page) => page.locator('main li[data-verdict]');
const tile = (page: Page, name: string) =>
  tiles(page).filter({ has: page.getByRole('button', { name, exact: true }) });
const names = (page: Page) => tiles(page).getByRole('heading').allInnerTexts();

/** Ten cameras: one whose snapshots are of May 2026, and nine that are made from it. */
async function openFleet(page: Page): Promise<void> {
  await openWithCamera(page, demo.snapshots.slice(0, 14));
  await putFleet(page, TEN);
  await page.goto('about:blank');
  await open(page);
}

/** The demo's snapshots as another camera would have named them. */
function named(camera: string, paths: readonly string[]) {
  return paths.map((path) =>
    // A comment at the end makes each a file of its own.
    made(basename(path).replace('DEMO', camera), Buffer.concat([read(path), Buffer.from(camera)])),
  );
}

/** The number of each camera's snapshots, by its name. */
async function countByCamera(page: Page): Promise<Record<string, number>> {
  const [cameras, jobs] = [await storedIn<Camera>(page, 'cameras'), await storedIn<Job>(page, 'jobs')];
  return Object.fromEntries(
    cameras.map(({ id, name }) => [name, jobs.filter(({ cameraId }) => cameraId === id).length]),
  );
}

test('ten cameras stand beside each other, the worst first, and which is silent is told', async ({
  page,
}) => {
  await openFleet(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('2 of 10 need a diver');
  await expect(page.getByText('One camera is silent.')).toBeVisible();
  const [first, second, ...others] = (await names(page)).map((name) => name.trim());
  expect([first, second]).toEqual(['Reef north', 'Mooring east']);
  expect(others.slice(0, 2)).toEqual(['Crane foot', 'Net pen 2']);
  expect(others.at(-1)).toBe('Harbour mouth');

  await expect(tile(page, 'Reef north')).toHaveAttribute('data-verdict', 'drift');
  await expect(tile(page, 'Reef north')).toContainText(
    'Growth covers 14 % of the glass, thickest upper right',
  );
  await expect(tile(page, 'Reef north')).toContainText('2 hours ago');
  await expect(tile(page, 'Reef north')).toContainText(/Cleaned \d+ \w+\./);
  await expect(tile(page, 'Reef north').getByRole('img', { name: /^Picture/ })).toBeVisible();
  await expect(tile(page, 'Reef north').getByText('Clean the lens', { exact: true })).toBeVisible();
  await expect(tile(page, 'Harbour mouth')).toHaveAttribute('data-verdict', 'silent');
  const silent = page.getByRole('region', { name: 'Silent: 1' });
  await expect(silent.getByRole('listitem')).toContainText(/Harbour mouth\s*3 days ago/);
  await expect(silent).toContainText('Clear when last seen');
  await expect(page.getByText(/No cleaning is logged/)).toHaveCount(1);
  await expect(tile(page, 'Wreck')).toHaveAttribute('data-verdict', 'normal');
  await expect(page.getByText('Harbour mouth: no picture for 3 days')).toBeAttached();

  for (const theme of ['light', 'dark', 'night']) {
    await page.evaluate((name) => (document.documentElement.dataset['theme'] = name), theme);
    expect(await violations(page), theme).toEqual([]);
  }
  for (const width of [390, 820, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
});

test('fifteen cameras take less than 3,000 pixels on a phone, and three tiles stand beside each other on a desk @long', async ({
  page,
}) => {
  await openWithCamera(page, demo.snapshots.slice(0, 14));
  await putFleet(page, [
    ...TEN,
    ...TEN.slice(-5).map((made) => ({ ...made, name: `${made.name} 2`, inFiles: `${made.inFiles}2` })),
  ]);
  await page.goto('about:blank');
  await open(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('2 of 15 need a diver');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThan(3000);
  await page.setViewportSize({ width: 1280, height: 800 });
  const first = page.getByRole('list', { name: 'Cameras, the worst first' }).getByRole('listitem');
  const boxes = await Promise.all([0, 1, 2].map((i) => first.nth(i).boundingBox()));
  expect(new Set(boxes.map((box) => box?.y)).size).toBe(1);
});

test('a camera of the wall opens, silent in grey with what was said last, and its alarm is the wall’s @long', async ({
  page,
}) => {
  await openFleet(page);
  await tile(page, 'Harbour mouth').getByRole('button').click();
  const verdict = page.getByRole('region', { name: 'Verdict' });
  await expect(verdict.getByRole('heading')).toHaveText('No news');
  await expect(verdict).toHaveAttribute('data-verdict', 'silent');
  await expect(verdict).toContainText(
    'the verdict was “Lens is clear” then. Usually one comes every 3 hours.',
  );
  await expect(page).toHaveTitle(/^Silent – Harbour mouth/);

  await page.getByRole('link', { name: 'Cameras', exact: true }).click();
  await tile(page, 'Reef north').getByRole('button').click();
  await expect(verdict.getByRole('heading')).toHaveText('Clean the lens');
  await expect(verdict).toContainText('Growth covers 14 % of the glass, thickest upper right');
  await expect(verdict).toContainText('2 hours ago');
});

test('a camera goes silent while the page is open, and is told once @long', async ({ page }) => {
  await openWithCamera(page, demo.snapshots.slice(0, 14));
  await putFleet(
    page,
    TEN.filter(({ name }) => name === 'Kelp line'),
  );
  await page.clock.install({ time: await page.evaluate(() => Date.now()) });
  await open(page);
  await expect(tile(page, 'Kelp line')).toHaveAttribute('data-verdict', 'normal');
  await page.clock.fastForward('02:00:00');
  await expect(tile(page, 'Kelp line')).toHaveAttribute('data-verdict', 'silent');
  const told = page.getByText(/^Kelp line: no picture for \d+/);
  await expect(told).toBeAttached();
  await page.reload();
  await expect(tile(page, 'Kelp line')).toBeVisible();
  await expect(told).toHaveCount(0);
});

test('the trip keeps its cameras and their order, and says what a diver must know; who is booked needs none @long', async ({
  page,
}) => {
  await openFleet(page);
  const cameras = await storedIn<Camera>(page, 'cameras');
  const mooring = cameras.find(({ name }) => name === 'Mooring east')!;
  const deployment = {
    depth: 12,
    position: { latitude: 41.182, longitude: 1.753 },
    note: 'Bring a soft brush.',
  };
  const now = await page.evaluate(() => Date.now());
  const until = Date.UTC(2099, 5, 9);
  const seen = { id: 'seen', cameraId: mooring.id, kind: 'seen', at: now - 1000, until, who: 'Dive team' };
  await writeStored(page, {
    cameras: cameras.map((camera) => (camera === mooring ? { ...camera, deployment } : camera)),
    events: [...(await storedIn<object>(page, 'events')), { ...seen, note: '' }],
  });
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('1 of 10 needs a diver');
  await expect(page.getByText('One diver is booked. One camera is silent.')).toBeVisible();
  await expect(tile(page, 'Mooring east')).toContainText('Diver booked 9 June 2099');
  await expect(tile(page, 'Mooring east')).toHaveAttribute('data-verdict', 'drift');

  const trip = page.getByRole('region', { name: /^Next trip/ });
  await page.getByRole('button', { name: /^Next trip/ }).click();
  const list = trip.getByRole('listitem');
  await expect(list.filter({ hasText: 'Crane foot' })).toContainText(/Due about \d+ \w+\./);
  for (const name of ['Reef north', 'Mooring east', 'Crane foot'])
    await trip.getByRole('button', { name: `On the list: ${name}` }).click();
  await expect(trip.getByRole('heading')).toHaveText('Next trip: Tue 9 June 2099');
  await expect(list.nth(1)).toContainText(
    '12 m deep, 41.182, 1.753Bring a soft brush.Diver booked for Tue 9 June 2099: Dive team.',
  );
  await trip.getByRole('button', { name: 'Earlier: Mooring east' }).click();
  await trip.getByRole('button', { name: 'Off the list: Crane foot' }).click();
  await expect(list.first()).toContainText('Mooring east');

  await page.reload();
  await page.getByRole('button', { name: 'Next trip: Tue 9 June 2099 (2)' }).click();
  await expect(list.first()).toContainText('Mooring east');
  await expect(list.nth(1)).toContainText('Reef north');
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => {
    globalThis.print = () => undefined;
  });
  await trip.getByRole('button', { name: 'Print the list', includeHidden: true }).dispatchEvent('click');
  await expect(trip).toBeVisible();
  await expect(list.filter({ visible: true })).toHaveCount(2);
  await expect(tiles(page).filter({ visible: true })).toHaveCount(0);
});

test('the demo gives way to a real camera, and is shown again when somebody asks @long', async ({ page }) => {
  await openFleet(page);
  const cameras = await storedIn<Camera>(page, 'cameras');
  await writeStored(page, {
    cameras: cameras.map((camera) => (camera.name === 'Wreck' ? { ...camera, isDemo: true } : camera)),
  });
  await page.reload();
  await expect(tile(page, 'Kelp line')).toBeVisible();
  await expect(tile(page, 'Wreck')).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('2 of 9 need a diver');
  await page.getByRole('button', { name: 'Show the demo camera' }).click();
  await expect(tile(page, 'Wreck')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('2 of 10 need a diver');
});

test('one drop of two cameras’ snapshots reaches both by the names in the files, and what no name fits is asked about @long', async ({
  page,
}) => {
  test.slow();
  await openWithCamera(page, demo.snapshots.slice(0, 14));
  await page.getByLabel('Camera', { exact: true }).selectOption({ label: 'New camera…' });
  await page.getByLabel('Name of the camera').fill('Reef south');
  await choose(page, 'choose files', named('SOUTH', demo.reference.slice(0, 16)));
  await expect(page.getByTestId('chosen')).toContainText('clean pictures');
  await learn(page);
  await expect(page.getByText(/^Version 1: \d+ clean embeddings/)).toBeVisible();
  await batchIsDone(page);

  await page.getByRole('link', { name: 'Cameras', exact: true }).click();
  const before = await countByCamera(page);
  const others = demo.snapshots.slice(14, 20);
  const drop = [
    ...others.map((path) => made(basename(path), read(path))),
    ...named('SOUTH', others.slice(0, 4)),
  ];
  await choose(page, 'choose files', [...drop, ...named('WEST', others.slice(0, 2))]);
  await expect(page.getByText('2 pictures of “WEST” belong to none of these cameras by name.')).toBeVisible();
  await expect
    .poll(() => countByCamera(page))
    .toEqual({ Reef: (before['Reef'] ?? 0) + 6, 'Reef south': (before['Reef south'] ?? 0) + 4 });
  await batchIsDone(page);
  await expect(page.getByLabel('Camera', { exact: true })).toHaveText(/Reef south/);

  await page.getByLabel('Whose pictures are they?').selectOption({ label: 'Reef' });
  await page.getByRole('button', { name: 'Check them' }).click();
  await expect.poll(async () => (await countByCamera(page))['Reef']).toBe((before['Reef'] ?? 0) + 8);
  await expect(page.getByText('belong to none of these cameras')).toHaveCount(0);

  // On the Monitor of one camera another's snapshots are never judged by its reference.
  await batchIsDone(page);
  await page.getByLabel('Camera', { exact: true }).selectOption({ label: 'Reef' });
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  await choose(page, 'Check pictures', named('SOUTH', demo.snapshots.slice(20, 23)));
  await expect
    .poll(async () => (await countByCamera(page))['Reef south'])
    .toBe((before['Reef south'] ?? 0) + 7);
  expect((await countByCamera(page))['Reef']).toBe((before['Reef'] ?? 0) + 8);
});

test('the cameras of one drop are one list, set up by one click; each says what it lacks, and the others go on @long', async ({
  page,
}) => {
  test.setTimeout(180_000);
  await open(page);
  await page.getByRole('button', { name: 'Set up my camera' }).click();
  const all = [...demo.reference, ...demo.snapshots].slice(0, 60);
  await choose(page, 'choose files', [
    ...named('NORTH', all),
    ...named('SOUTH', all),
    ...named('FEW', all.slice(0, 17)),
    ...Array.from({ length: 9 }, (_, i) => made(`20260501-0${String(i)}0000-BAD.jpg`, 'no picture')),
    made('20260501-100000.jpg', read(all[0]!)),
  ]);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('4 new cameras');
  const row = (name: string) => page.getByRole('listitem').filter({ hasText: name });
  await expect(row('FEW')).toContainText('17 pictures from 1 May on: needs 7 more');
  await expect(row('BAD')).toContainText('9 can’t be read');
  await expect(row('No name')).toBeVisible();
  await expect(row('NORTH').getByRole('combobox')).toHaveValue('oldest');
  // A person knows better of one of them.
  await row('SOUTH').getByRole('combobox').selectOption('Clean in all');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Set up all' }).click();

  await expect(page.getByText('These could not be set up.')).toBeVisible({ timeout: 120_000 });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('One new camera');
  await expect(row('BAD').getByRole('alert')).toBeVisible();
  const counts = await countByCamera(page);
  expect(counts).toMatchObject({ SOUTH: 0, FEW: 0 });
  const cameras = await storedIn<Camera>(page, 'cameras');
  const references = await storedIn<{ cameraId: string; embeddings: unknown[] }>(page, 'references');
  const learned = (name: string) =>
    references.find(({ cameraId }) => cameraId === cameras.find((camera) => camera.name === name)?.id)
      ?.embeddings.length ?? 0;
  expect(learned('FEW')).toBe(17);
  expect(learned('NORTH') + counts['NORTH']!).toBe(all.length);

  await page.getByRole('link', { name: 'Cameras', exact: true }).click();
  await expect(tile(page, 'FEW')).toContainText('Needs 7 more clean pictures');
  await expect(tiles(page)).toHaveCount(3);
});

test('on a phone the import of several cameras leads to the wall @long', async ({ page, browser }, info) => {
  await withDownloads(page);
  await openFleet(page);
  const zip = packed(await exportedParts(page, info.outputPath('export.zip')));
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const phone = await context.newPage();
  await open(phone);
  const plan = await openExport(phone, zip);
  await plan.getByRole('button', { name: 'Add it' }).click();
  await expect(phone).toHaveURL(/#wall$/);
  await expect(phone.getByRole('heading', { level: 1 })).toHaveText('2 of 10 need a diver');
  await context.close();
});

/** Two cameras: Reef, which is chosen, and Reef south, whose reference is Reef's. No model is kept. */
async function openTwo(page: Page, place: string): Promise<void> {
  await openWithCamera(page, demo.snapshots.slice(0, 14));
  const south = { name: 'Reef south', inFiles: 'SOUTH', age: 1, every: 2, jobs: 60, growth: 0.01 };
  await putFleet(page, [south]);
  await writeStored(page, { models: null, modelFiles: null });
  await page.goto('about:blank');
  await open(page, place);
}

test('what a drop did not come to is named, and is checked when the person says so @long', async ({
  page,
}) => {
  test.slow();
  await openTwo(page, '#wall');
  await expect(tiles(page)).toHaveCount(2);
  const before = await countByCamera(page);
  const more = demo.snapshots.slice(14, 20);
  let answer: () => void = () => undefined;
  const isAnswered = new Promise<void>((resolve) => (answer = resolve));
  // The model comes late at first, and then not at all.
  let asked = 0;
  await page.route('**/autoencoder.onnx', async (route) => {
    asked += 1;
    if (asked > 1) return route.abort();
    await isAnswered;
    return route.continue();
  });
  const notice = (text: string) => page.getByRole('status').filter({ hasText: text });
  const reef = 'The check of 2 pictures of “Reef” was not finished.';
  const southOf = (count: string) => `The check of ${count} of “Reef south” was not finished.`;

  await choose(
    page,
    'choose files',
    more.slice(0, 2).map((path) => made(basename(path), read(path))),
  );
  await expect(page.getByRole('region', { name: 'Progress' })).toBeVisible();
  // Another camera can't be chosen while a batch runs.
  await choose(page, 'choose files', [
    ...named('SOUTH', more.slice(0, 1)),
    ...named('WEST', more.slice(0, 1)),
  ]);
  await expect(page.getByText(southOf('1 picture'))).toBeVisible();
  await expect(page.getByText('Porthole is working on another batch')).toBeVisible();
  await expect(page.getByText('1 picture of “WEST” belongs to none')).toBeVisible();
  await page.getByRole('region', { name: 'Progress' }).getByRole('button', { name: 'Cancel' }).click();
  answer();
  await expect(page.getByText(reef)).toBeVisible();
  await batchIsDone(page);

  // Later files wait beside it, and the camera that was chosen is chosen again.
  await choose(page, 'choose files', [
    ...named('SOUTH', more.slice(1, 3)),
    ...named('WEST', more.slice(1, 3)),
  ]);
  await expect(page.getByText(southOf('3 pictures'))).toBeVisible();
  await expect(page.getByText('3 pictures of “WEST” belong to none')).toBeVisible();
  await batchIsDone(page);
  await expect(page.getByLabel('Camera', { exact: true }).locator('option:checked')).toHaveText('Reef');
  expect(await countByCamera(page)).toEqual(before);

  // A check that fails again takes nothing away.
  const south = notice(southOf('3 pictures'));
  await expect(south.getByRole('combobox').locator('option:checked')).toHaveText('Reef south');
  await south.getByRole('button', { name: 'Check them' }).click();
  await expect(page.getByText('could not be fetched')).toBeVisible();
  await batchIsDone(page);
  await expect(page.getByText(southOf('3 pictures'))).toBeVisible();

  await page.unrouteAll();
  await south.getByRole('button', { name: 'Check them' }).click();
  await expect(page.getByText(southOf('3 pictures'))).toHaveCount(0);
  await batchIsDone(page);
  await notice(reef).getByRole('button', { name: 'Check them' }).click();
  await expect(page.getByText(reef)).toHaveCount(0);
  await batchIsDone(page);
  expect(await countByCamera(page)).toEqual({
    Reef: (before['Reef'] ?? 0) + 2,
    'Reef south': (before['Reef south'] ?? 0) + 3,
  });
});

test('on one camera’s Monitor a name that nobody answers to is asked about, and what has no name is its own @long', async ({
  page,
}) => {
  await openTwo(page, '#monitor');
  const before = await countByCamera(page);
  const more = demo.snapshots.slice(14, 17);
  const nameless = more
    .slice(0, 1)
    .map((path) => made(`${basename(path).slice(0, 15)}-0001.jpg`, read(path)));
  await choose(page, 'Check pictures', [
    ...nameless,
    ...named('SOUTH', more.slice(1, 2)),
    ...named('WEST', more.slice(2, 3)),
  ]);
  await expect(page.getByText('1 picture of “WEST” belongs to none')).toBeVisible();
  await expect
    .poll(() => countByCamera(page))
    .toEqual({ Reef: (before['Reef'] ?? 0) + 1, 'Reef south': (before['Reef south'] ?? 0) + 1 });
  await batchIsDone(page);
  await expect(page).toHaveURL(/#wall$/);
});

test('while nobody looks at the wall it is neither fetched nor missed, and afterwards shows what has changed @long', async ({
  page,
}) => {
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(request.url()));
  await openTwo(page, '#settings');
  const rename = async (name: string) => {
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(page.getByLabel('Camera', { exact: true }).locator('option:checked')).toHaveText(name);
  };
  await rename('Reef first');
  expect(fetched.filter((url) => /wall/i.test(url))).toEqual([]);
  const wall = page.getByRole('link', { name: 'Cameras', exact: true });
  await wall.click();
  await expect(tile(page, 'Reef first')).toBeVisible();
  await openPlace(page, 'Settings');
  await rename('Reef second');
  await wall.click();
  await expect(tile(page, 'Reef second')).toBeVisible();
});

test('one camera has no wall: its Monitor opens @long', async ({ page }) => {
  await openWithCamera(page, demo.snapshots.slice(0, 14));
  await open(page, '#wall');
  await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Cameras', exact: true })).toHaveCount(0);
});

test('snapshots of a camera that is not there become one by the name in the files, and the others of the drop are checked @long', async ({
  page,
}) => {
  await openTwo(page, '#wall');
  const before = await countByCamera(page);
  await choose(page, 'choose files', [
    ...named('SOUTH', demo.snapshots.slice(14, 15)),
    ...named('WEST', demo.reference.slice(0, 14)),
  ]);
  await expect
    .poll(async () => (await countByCamera(page))['Reef south'])
    .toBe((before['Reef south'] ?? 0) + 1);
  await batchIsDone(page);
  await page.getByRole('button', { name: 'Set up WEST with these' }).click();
  await expect(page.getByTestId('chosen')).toContainText('14 clean pictures.');
  await expect(page.getByLabel('Name of the camera')).toHaveValue('WEST');
  // Nothing of them is lost by going back.
  await page.getByRole('link', { name: 'Cameras', exact: true }).click();
  await expect(page.getByText('14 pictures of “WEST” belong to none')).toBeVisible();
  await page.getByRole('button', { name: 'Set up WEST with these' }).click();
  await learn(page);
  await expect(page.getByText('Version 1: 14 clean embeddings')).toBeVisible();
  await page.getByRole('link', { name: 'Cameras', exact: true }).click();
  await expect(tile(page, 'WEST')).toBeVisible();
  await expect(page.getByText('belong to none of these cameras')).toHaveCount(0);
});

test('snapshots of no camera go on waiting when another camera comes to be than the one they were to make @long', async ({
  page,
}) => {
  await openTwo(page, '#wall');
  await choose(page, 'choose files', named('WEST', demo.reference.slice(0, 3)));
  await page.getByRole('button', { name: 'Set up WEST with these' }).click();
  await expect(page.getByTestId('chosen')).toContainText('3 clean pictures.');
  await page.getByRole('button', { name: 'Start over', exact: true }).click();
  await choose(page, 'choose files', named('EAST', demo.reference.slice(0, 14)));
  await page.getByLabel('Name of the camera').fill('EAST');
  await learn(page);
  await expect(page.getByText('Version 1: 14 clean embeddings')).toBeVisible();
  await page.getByRole('link', { name: 'Cameras', exact: true }).click();
  await expect(tile(page, 'EAST')).toBeVisible();
  await expect(page.getByText('3 pictures of “WEST” belong to none')).toBeVisible();
});

test('a tile says what waits: files that are set aside for their dates, and files that could not be read @long', async ({
  page,
}) => {
  await openTwo(page, '#wall');
  const [cameras, jobs] = [await storedIn<Camera>(page, 'cameras'), await storedIn<Job>(page, 'jobs')];
  const south = cameras.find(({ name }) => name === 'Reef south');
  const reef = jobs.find((job) => job.cameraId !== south?.id && job.jobStatus === 'Completed');
  const failed = (count: number, { cameraId, imageName, capturedAtSource }: Job, code: string, at: number) =>
    Array.from({ length: count }, (_, i) => ({
      ...{ id: `${code} ${i}`, cameraId, imageName, contentSha256: `${code} ${i}`, capturedAt: at + i },
      ...{ capturedAtSource, createdAt: Date.now() + i, jobStatus: 'Failed', code, detail: '' },
    }));
  const [first] = jobs.filter(({ cameraId }) => cameraId === south?.id);
  if (!first || !reef) throw new Error('no jobs');
  const kept = jobs.filter(({ cameraId }) => cameraId !== south?.id);
  await writeStored(page, { jobs: null });
  await writeStored(page, {
    jobs: [
      ...kept,
      ...failed(30, first, 'clock-impossible', Date.UTC(1980, 0, 1)),
      ...failed(2, reef, 'image-damaged', reef.capturedAt),
    ],
  });
  await page.reload();
  await expect(tile(page, 'Reef south')).toContainText('30 files are set aside for their dates.');
  await expect(tile(page, 'Reef south')).not.toContainText('Drop pictures anywhere');
  await expect(tile(page, 'Reef')).toContainText('2 new files failed.');
});
