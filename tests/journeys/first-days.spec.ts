import { expect } from '@playwright/test';
import { bitmap } from '../bitmap';
import { choose, chooseWarmUp, learn, made, open, storedIn, test, unfold } from './support';
import type { Camera, Reference } from '../../src/core/domain/camera/job';
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

test('a set-up freezes the first days, leaves out those on which something begins to show, and keeps another view for later', async ({
  page,
}) => {
  const clean = days(15, 21, DAYLIGHT, (seed) => seen(reef, seed));
  const traced = days(24, 26, DAYLIGHT, (seed) => grown(seen(reef, seed), 5, 60));
  const view = days(22, 23, DAYLIGHT, (seed) => seen(other, seed));
  const foreign = file(17, 16, seen(scene(7), 1));
  await open(page);
  await page.getByRole('button', { name: 'Set up my camera' }).click();
  await page.getByLabel('Name of the camera').fill('Reef');
  await choose(page, 'choose files', [...traced, foreign, ...view, ...clean.toReversed()]);
  await chooseWarmUp(page, 'the last pictures of the reference');

  await expect(page.getByRole('button', { name: 'Learn these 40 pictures' })).toBeVisible();
  await expect(page.getByText('16 more clean pictures are left out')).toBeVisible();
  await expect(page.getByText('16 pictures show another view: not used')).toBeVisible();
  await expect(page.getByText('20260617-160000-REEF.bmp: set aside, another shape or scene')).toBeVisible();
  const begins = page.getByText(/From 24 June (2026 )?something begins to show: 24 pictures left out/);
  await expect(begins).toBeVisible();
  await page.getByRole('button', { name: 'Use them' }).click();
  await expect(page.getByRole('button', { name: 'Learn these 64 pictures' })).toBeVisible();
  await expect(begins).toHaveCount(0);
  await page.getByRole('button', { name: 'Leave them out' }).click();
  await expect(begins).toBeVisible();
  await page.getByRole('button', { name: 'Use them' }).click();
  await learn(page);
  await expect(page.getByText('Version 1: 64 clean embeddings')).toBeVisible();
  // The others were checked: more clean ones, the other view, and what is of no scene of this camera.
  expect(await storedIn(page, 'jobs')).toHaveLength(33);

  await page.getByRole('button', { name: 'Keep 16 as that view’s reference' }).click();
  await expect(page.getByText('another view')).toHaveCount(0);
  await expect(page.getByText('Version 1: 64 clean embeddings').first()).toBeVisible();
  await unfold(page, 'Versions');
  await expect(page.getByText('Version 2: 16 clean embeddings')).toBeVisible();
  const [camera] = await storedIn<Camera>(page, 'cameras');
  const references = await storedIn<Reference>(page, 'references');
  expect(references.find(({ id }) => id === camera?.referenceId)?.version).toBe(1);
});
