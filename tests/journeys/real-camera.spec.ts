import { expect } from '@playwright/test';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { judgeCamera } from '../../scripts/judge-camera.mjs';
import { check, choose, open, openCalibrate, openNumbers, results, setUpCamera, test } from './support';

const CAMERA = join(import.meta.dirname, '../../../shared/data/obsea');

const isMissing = !existsSync(CAMERA);
if (isMissing) console.log('real camera: skipped, ../shared/data/obsea is not beside this repository');
test.skip(isMissing, 'the pictures are not ours to ship: no shared/ folder here');

test('the shipped model, with the published limits, is calm on the real camera’s clean days and sees its dirty ones @long', async ({
  page,
}) => {
  test.setTimeout(180_000);
  await open(page);
  const { clean, dirty } = await judgeCamera(page, CAMERA);
  expect(clean.filter((distance) => distance > 0.1)).toEqual([]);
  expect(clean.filter((distance) => distance > 0.05).length / clean.length).toBeLessThanOrEqual(0.02);
  expect(dirty.findIndex((distance) => distance > 0.1) + 1, 'dirty snapshots until drift').toBeGreaterThan(0);
  expect(dirty.findIndex((distance) => distance > 0.1) + 1).toBeLessThanOrEqual(5);
});

test('calibrated on clean August days, it raises at most one false alarm in clean September, and dirt within five snapshots @long', async ({
  page,
}) => {
  test.setTimeout(180_000);
  const paths = (folder: string) =>
    readdirSync(join(CAMERA, folder))
      .filter((name) => name.endsWith('.jpg'))
      .sort()
      .map((name) => join(CAMERA, folder, name));
  const isAugust = (path: string) => path.slice(-'YYYYMMDD-HHMMSS-IPC608_8B64_165.jpg'.length) < '20230901';
  const clean = paths('clean');
  await open(page);
  await setUpCamera(page, 'OBSEA', clean.slice(0, 60));
  await check(page, clean.slice(60).filter(isAugust));
  await openCalibrate(page);
  await choose(page, 'Choose dirty pictures', paths('dirty'));
  await expect(page.getByText(/larms at (dirty )?picture [1-5]( of 9)?\.$/)).toBeVisible();
  await page.getByRole('button', { name: 'Use these limits' }).click();
  await expect(page.getByText(/^Accepted\./).first()).toBeVisible();
  await check(
    page,
    clean.filter((path) => !isAugust(path)),
  );
  await expect(await openNumbers(page)).toContainText('days of this camera (settings');
  const verdicts = (await results(page)).map(({ verdict }) => verdict).slice(-100);
  expect(verdicts).toHaveLength(100);
  expect(
    verdicts.filter((verdict, i) => verdict === 'drift' && verdicts[i - 1] !== 'drift').length,
  ).toBeLessThanOrEqual(1);
});
