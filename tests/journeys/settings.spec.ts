import { expect } from '@playwright/test';
import { openPlace } from '../open-place';
import { openWithCamera, storedIn, test, unfold, violations } from './support';
import type { Camera } from '../../src/core/domain/camera/camera';

test('position, depth, note and what the observatory’s data say are kept with the camera, and what is no position, DOI or end is told @long', async ({
  page,
}) => {
  await openWithCamera(page);
  await openPlace(page, 'Settings');
  const camera = page.getByRole('form', { name: 'This camera' });
  const save = camera.getByRole('button', { name: 'Save' });
  await expect(save).toHaveCount(0);
  await camera.getByLabel('Position').fill('41.18');
  await expect(camera.getByRole('alert')).toContainText('latitude and longitude in degrees');
  await expect(save).toBeDisabled();
  await camera.getByLabel('Position').fill('41,182; -1,753');
  await camera.getByLabel('Depth in metres').fill('20');
  await camera.getByLabel('Note for the diver').fill('North side. Bring a soft brush.');
  await save.click();
  await expect(camera.getByRole('status')).toHaveText('Saved.');
  await page.reload();
  await expect(camera.getByLabel('Position')).toHaveValue('41.182, -1.753');
  const deployment = {
    position: { latitude: 41.182, longitude: -1.753 },
    depth: 20,
    note: 'North side. Bring a soft brush.',
  };
  expect(await storedIn<Camera>(page, 'cameras')).toMatchObject([{ deployment }]);
  await expect(camera.getByLabel('Platform')).toBeHidden();
  await unfold(page, 'For the observatory’s data');
  await camera.getByLabel('Platform').fill('OBSEA');
  await camera.getByLabel('DOI').fill('PANGAEA.1');
  await expect(camera.getByRole('alert')).toContainText('Write the DOI such as 10.1594/PANGAEA.896157');
  await expect(save).toBeDisabled();
  await camera.getByLabel('DOI').fill('https://doi.org/10.1594/PANGAEA.1');
  await camera.getByLabel('Deployed from (UTC day)').fill('2026-05-02');
  await camera.getByLabel('Deployed until (UTC day)').fill('2026-05-01');
  await expect(camera.getByRole('alert')).toHaveText('The last day must not be before the first.');
  await camera.getByLabel('Deployed until (UTC day)').fill('2026-05-02');
  await camera.getByLabel('Creators, with semicolons between them').fill('Ada;UPC');
  await save.click();
  await expect(camera.getByRole('status')).toHaveText('Saved.');
  await page.reload();
  await unfold(page, 'For the observatory’s data');
  await expect(camera.getByLabel('DOI')).toHaveValue('10.1594/PANGAEA.1');
  await expect(camera.getByLabel('Creators, with semicolons between them')).toHaveValue('Ada; UPC');
  const [begin, end] = [Date.UTC(2026, 4, 2), Date.UTC(2026, 4, 3) - 1];
  expect(await storedIn<Camera>(page, 'cameras')).toMatchObject([
    {
      deployment: {
        ...deployment,
        ...{ platform: 'OBSEA', doi: '10.1594/PANGAEA.1', creators: ['Ada', 'UPC'], begin, end },
      },
    },
  ]);
  expect(await violations(page)).toEqual([]);

  await camera.getByLabel('Position').fill('');
  await camera.getByLabel('Note for the diver').fill('');
  await save.click();
  await expect(camera.getByRole('status')).toHaveText('Saved.');
  const [stored] = await storedIn<Camera>(page, 'cameras');
  for (const gone of ['position', 'note']) expect(stored!.deployment).not.toHaveProperty(gone);
});

test('Settings is under 1,500 px high, says the everyday first, and folds the rest @long', async ({
  page,
}) => {
  await openWithCamera(page);
  await page.setViewportSize({ width: 1280, height: 900 });
  await openPlace(page, 'Settings');
  const headings = page.getByRole('main').getByRole('heading', { level: 2 });
  await expect(headings).toHaveCount(7);
  const titles = await headings.allTextContents();
  expect([...titles.slice(0, 2), ...titles.slice(3)]).toEqual([
    ...['This camera', 'Look and language', 'Export', 'Method', 'Storage', 'Delete this camera'],
  ]);
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  expect(height).toBeLessThan(1500);
  for (const fold of ['Method', 'Storage', 'Delete this camera']) await unfold(page, fold);
  expect(await violations(page)).toEqual([]);
});
