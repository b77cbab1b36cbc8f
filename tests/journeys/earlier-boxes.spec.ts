import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import type { EarlierBoxes } from '../../src/core/domain/camera/earlier-boxes';
import type { Job } from '../../src/core/domain/camera/job';
import { demo, open, openWithCamera, storedIn, test, violations, writeStored } from './support';

test('what a detector of version 1 found is offered as CSV, and then deleted by a person @long', async ({
  page,
}) => {
  await openWithCamera(page, demo.snapshots.slice(0, 2));
  await page.getByRole('link', { name: 'Science', exact: true }).click();
  await expect(page.getByRole('tab')).toHaveText(['Usable time', 'Counts']);
  const notice = page.getByText('What an object detector of version 1 found');
  await expect(notice).toHaveCount(0);

  const box = { left: 1, top: 2, width: 3, height: 4, score: 0.5, classId: 1 };
  const jobs = await storedIn<Job>(page, 'jobs');
  const detections = jobs.map(({ id, cameraId }): EarlierBoxes => ({
    jobId: id,
    cameraId,
    detectorSha256: 'fish',
    boxes: [box],
  }));
  await writeStored(page, { detections });
  // An earlier link leads to where what a detector counts is masked.
  await open(page, '#science/detections');
  await page.reload();
  await expect(page.getByRole('tab', { name: 'Counts' })).toHaveAttribute('aria-selected', 'true');
  await expect(notice).toContainText('in 2 pictures');
  await expect(page.getByRole('button', { name: 'Delete it' })).toHaveCount(0);

  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save it (CSV)' }).click();
  const saved = await downloading;
  expect(saved.suggestedFilename()).toBe('porthole-boxes.csv');
  const lines = readFileSync(await saved.path(), 'utf8')
    .trim()
    .split('\r\n');
  expect(lines.slice(1).map((line) => line.split(',')[2])).toEqual(
    jobs.map(({ imageName }) => imageName).sort(),
  );
  expect(await violations(page)).toEqual([]);

  await page.getByRole('button', { name: 'Delete it' }).click();
  await expect(notice).toHaveCount(0);
  expect(await storedIn(page, 'detections')).toEqual([]);
});
