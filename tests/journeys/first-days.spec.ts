import { expect } from '@playwright/test';
import { bitmap } from '../bitmap';
import { choose, learn, made, open, storedIn, test } from './support';
import type { Camera } from '../../src/core/domain/camera/camera';
import type { Reference } from '../../src/core/domain/camera/reference';
import type { GlassPicture } from '../../src/core/domain/glass/picture';
import { grown, scene, seen } from '../domain/glass/glass-scenes';

const reef = scene(1);
const other = scene(2);
const file = (day: number, hour: number, picture: GlassPicture) => {
  const two = (value: number) => String(value).padStart(2, '0');
  return made(`202606${two(day)}-${two(hour)}0000-REEF.bmp`, bitmap(picture));
};
const days = (from: number, to: number, hours: readonly number[], look: (seed: number) => GlassPicture) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i).flatMap((day) =>
    hours.map((hour) => file(day, hour, look(100 * day + hour))),
  );
const DAYLIGHT = [8, 9, 10, 11, 12, 13, 14, 15];

test('a set-up freezes the first days, leaves out those on which something begins to show, learns another view too, and judges none of them @long', async ({
  page,
}) => {
  const clean = days(15, 21, DAYLIGHT, (seed) => seen(reef, seed));
  const traced = days(25, 27, DAYLIGHT, (seed) => grown(seen(reef, seed), 5, 60));
  const view = days(22, 24, DAYLIGHT, (seed) => seen(other, seed));
  const foreign = file(17, 16, seen(scene(7), 1));
  await open(page);
  await page.getByRole('button', { name: 'Set up my camera' }).click();
  await page.getByLabel('Name of the camera').fill('Reef');
  await choose(page, 'choose files', [...traced, foreign, ...view, ...clean.toReversed()]);

  await expect(page.getByRole('button', { name: 'Learn these 40 pictures' })).toBeVisible();
  await expect(page.getByText('16 more clean pictures are left out')).toBeVisible();
  await expect(page.getByText('24 pictures show another view, which is learned too.')).toBeVisible();
  await expect(page.getByText('20260617-160000-REEF.bmp: set aside, another shape or scene')).toBeVisible();
  const begins = page.getByText(/From 25 June (2026 )?something begins to show: 24 pictures left out/);
  await expect(begins).toBeVisible();
  await page.getByRole('button', { name: 'Use them' }).click();
  await expect(page.getByRole('button', { name: 'Learn these 64 pictures' })).toBeVisible();
  await expect(begins).toHaveCount(0);
  await page.getByRole('button', { name: 'Leave them out' }).click();
  await expect(begins).toBeVisible();
  await page.getByRole('button', { name: 'Use them' }).click();
  await learn(page);
  await expect(page.getByText('Version 1: 64 clean embeddings').first()).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'Porthole knows your camera: 64 pictures.',
  );
  await expect(page.getByText('24 pictures show another view, which is learned too.')).toBeVisible();
  await expect(page.getByText('They are not judged.')).toBeVisible();
  expect(await storedIn(page, 'jobs')).toEqual([]);
  const [camera] = await storedIn<Camera>(page, 'cameras');
  const references = await storedIn<Reference>(page, 'references');
  expect(references.find(({ id }) => id === camera?.referenceId)?.version).toBe(1);
  expect(references.map(({ embeddings }) => embeddings.length).sort()).toEqual([24, 64]);
});

test('where clean pictures show two views, a person says which is the usual one, and that is the reference @long', async ({
  page,
}) => {
  await open(page);
  await page.getByRole('button', { name: 'Set up my camera' }).click();
  await page.getByLabel('Name of the camera').fill('Reef');
  await choose(page, 'choose files', [
    ...days(15, 18, DAYLIGHT, (seed) => seen(reef, seed)),
    ...days(19, 21, DAYLIGHT, (seed) => seen(other, seed)),
  ]);
  const question = page.getByRole('group', { name: 'Two views: which is usual?' });
  await expect(question.getByRole('radio', { name: '32 pictures' })).toBeChecked();
  await expect(page.getByRole('button', { name: 'Learn these 32 pictures' })).toBeVisible();
  await question.getByRole('radio', { name: '24 pictures' }).check();
  await page.getByRole('button', { name: 'Learn these 24 pictures' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'Porthole knows your camera: 24 pictures. Forty are better.',
  );
  const [camera] = await storedIn<Camera>(page, 'cameras');
  const references = await storedIn<Reference>(page, 'references');
  const daysOf = (isUsual: boolean) =>
    references
      .filter(({ id }) => (id === camera?.referenceId) === isUsual)
      .map(({ names }) => [...new Set(names.map((name) => name.slice(6, 8)))]);
  expect(daysOf(true)).toEqual([['19', '20', '21']]);
  expect(daysOf(false)).toEqual([['15', '16', '17', '18']]);
});
