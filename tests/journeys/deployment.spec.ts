import { writeFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import type { Camera } from '../../src/core/domain/camera/camera';
import { openPlace } from '../open-place';
import { putFleet, TEN } from './fleet';
import {
  batchIsDone,
  demo,
  dropOnPage,
  learn,
  open,
  openWithCamera,
  storedIn,
  test,
  unfold,
  violations,
  writeStored,
} from './support';

const IFDO = `image-set-header:
  image-set-handle: https://doi.org/10.1594/PANGAEA.1
  image-set-ifdo-version: v2.2.0
  image-latitude: 41.1819
  image-longitude: 1.7524
  image-altitude-meters: -19.5
  image-event: {name: Vilanova}
  image-platform: {name: OBSEA}
  image-sensor: {name: IPC608}
  image-license: {name: CC-BY}
  image-creators: [{name: Ada}, {name: UPC}]
image-set-items:
  a.jpg: {image-datetime: 2026-05-09 10:00:00.000}
  b.jpg: {image-datetime: 2026-05-28 18:30:00.000}
`;
const DEPLOYMENT = {
  position: { latitude: 41.1819, longitude: 1.7524 },
  ...{ depth: 19.5, platform: 'OBSEA', sensor: 'IPC608', site: 'Vilanova', licence: 'CC-BY' },
  ...{ creators: ['Ada', 'UPC'], doi: '10.1594/PANGAEA.1' },
  ...{ begin: Date.UTC(2026, 4, 9, 10), end: Date.UTC(2026, 4, 28, 18, 30) },
};
const deployments = async (page: Page) =>
  (await storedIn<Camera>(page, 'cameras')).map(({ deployment }) => deployment);

test('an iFDO that is dropped says what would change, and what is chosen of it is taken over @long', async ({
  page,
}, testInfo) => {
  const file = (name: string, text: string) => {
    const path = testInfo.outputPath(name);
    writeFileSync(path, text);
    return path;
  };
  await openWithCamera(page, demo.snapshots.slice(0, 14));
  await dropOnPage(page, [file('dive-ifdo.yaml', IFDO)]);
  const notice = page.getByRole('region', { name: 'What dive-ifdo.yaml says of Reef' });
  await expect(notice.getByRole('checkbox')).toHaveCount(10);
  await expect(notice.getByLabel('Deployed until: 28 May 2026, 18:30 UTC')).toBeChecked();
  expect(await violations(page)).toEqual([]);
  await notice.getByLabel('Site: Vilanova').uncheck();
  expect(await deployments(page)).toEqual([undefined]);
  await notice.getByRole('button', { name: 'Take it over' }).click();
  await expect(page.getByText('Taken over from dive-ifdo.yaml.')).toBeVisible();
  const { site: _, ...rest } = DEPLOYMENT;
  expect(await deployments(page)).toEqual([rest]);

  // Settings that are typed meanwhile go on.
  await openPlace(page, 'Settings');
  const form = page.getByRole('form', { name: 'This camera' });
  await unfold(page, 'For the observatory’s data');
  await expect(form.getByLabel('Platform')).toHaveValue('OBSEA');
  await form.getByLabel('Note for the diver').fill('North side.');
  await dropOnPage(page, [
    file('second.json', JSON.stringify({ 'image-set-header': { 'image-event': 'Pier', 'image-depth': 21 } })),
  ]);
  const second = page.getByRole('region', { name: 'What second.json says of Reef' });
  await expect(second.getByLabel('Depth: 21 m instead of 19.5 m')).toBeChecked();
  await second.getByRole('button', { name: 'Take it over' }).click();
  await expect(form.getByLabel('Site')).toHaveValue('Pier');
  await expect(form.getByLabel('Note for the diver')).toHaveValue('North side.');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByRole('status')).toHaveText('Saved.');
  expect(await deployments(page)).toEqual([{ ...rest, site: 'Pier', depth: 21, note: 'North side.' }]);

  await dropOnPage(page, [
    file('second.json', JSON.stringify({ 'image-set-header': { 'image-event': 'Pier' } })),
  ]);
  await expect(second.getByRole('status')).toHaveText(
    'It says nothing that this camera does not have already.',
  );
  await second.getByRole('button', { name: 'Dismiss' }).click();
  await expect(second).toHaveCount(0);

  await dropOnPage(page, [file('bad.yaml', IFDO.replace('41.1819', '141.1819'))]);
  await expect(page.getByRole('alert')).toContainText(
    'The iFDO file can’t be used: image-latitude: expected a number from -90 to 90.',
  );
  await dropOnPage(page, [file('other.json', '{"a": 1}')]);
  await expect(page.getByText(/other\.json/)).toBeVisible();
  await expect(page.getByRole('region', { name: /^What / })).toHaveCount(0);

  await openPlace(page, 'Science');
  await unfold(page, 'Cite it');
  await expect(
    page.getByText(/Facts of its deployment: position 41\.1819, 1\.7524; depth 21 m/),
  ).toBeVisible();
  await expect(
    page.getByText(
      'Ada, UPC. Pictures of the camera Reef [data set]. CC-BY. https://doi.org/10.1594/PANGAEA.1',
    ),
  ).toBeVisible();
});

test('an iFDO among the pictures of a set-up describes the new camera @long', async ({ page }, testInfo) => {
  const path = testInfo.outputPath('dive-ifdo.yaml');
  writeFileSync(path, IFDO);
  await open(page);
  await page.getByRole('button', { name: 'Set up my camera' }).click();
  await expect(page.getByRole('heading', { name: 'New camera' })).toBeVisible();
  await dropOnPage(page, [...demo.reference.slice(0, 16), path]);
  await expect(page.getByTestId('chosen')).toContainText('Place, times and rights are from dive-ifdo.yaml.');
  await page.getByLabel('Name of the camera').fill('Reef');
  await learn(page);
  expect(await deployments(page)).toEqual([DEPLOYMENT]);
  await batchIsDone(page);
});

test('cameras with positions are drawn in their places, with their names @long', async ({ page }) => {
  await openWithCamera(page, demo.snapshots.slice(0, 14));
  await putFleet(page, TEN);
  const cameras = await storedIn<Camera>(page, 'cameras');
  const isPlaced = (name: string) => ['Wreck', 'Kelp line', 'Reef north'].includes(name);
  const placed = (count: number) =>
    writeStored(page, {
      cameras: cameras
        .filter(({ name }) => isPlaced(name))
        .slice(0, count)
        .map((camera, i) => ({
          ...camera,
          deployment: { position: { latitude: 41.18 + 0.01 * i, longitude: 1.75 - 0.02 * i } },
        })),
    });
  await placed(1);
  await page.goto('about:blank');
  await open(page, '#wall');
  await expect(page.getByRole('heading', { level: 1, name: 'of 10' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Positions' })).toHaveCount(0);
  await placed(3);
  await page.reload();
  const plot = page.getByRole('img', {
    name: /^Cameras in their places: .*(Wreck|Kelp line) 41\.\d+, 1\.\d+/,
  });
  await expect(plot).toBeVisible();
  for (const name of ['Wreck', 'Kelp line', 'Reef north'])
    await expect(plot.locator('text').filter({ hasText: name })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 800 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
