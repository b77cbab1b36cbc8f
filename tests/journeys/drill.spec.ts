import { expect, type Page } from '@playwright/test';
import { FOULINGS } from '../../src/core/domain/picture/fouling';
import { basename } from 'node:path';
import {
  batchIsDone,
  choose,
  demo,
  made,
  open,
  openCalibrate,
  openTab,
  read,
  setUpCamera,
  test,
  violations,
  unfold,
} from './support';
import { openPlace } from '../open-place';

const PICKER = 'Choose pictures for the drill';
/** As the shipped model was trained on; those that are newer it may overlook, and the drill says so. */
const KINDS = FOULINGS.slice(0, 6);
/** As many as a drill begins with; the reference is made of others. */
const clean = demo.reference.slice(-12);

async function openDrill(page: Page): Promise<void> {
  await open(page);
  await setUpCamera(page, 'Reef', demo.reference.slice(0, -12), 'nothing: start from an empty window');
  await openCalibrate(page, 'Drill');
}

function answer(page: Page, kind: string) {
  return page.getByTestId(`drill-${kind}`);
}

test('a drill says which dirt would be noticed, how soon and under which name, and limits that move change it without encoding @long', async ({
  page,
}) => {
  await openDrill(page);
  // Limits of the camera are shown before anything is tried.
  await expect(page.getByTestId('drill-limits')).toContainText('The reference is of fewer than 14 days');
  await choose(page, PICKER, [
    ...clean.map((path) => made(basename(path), read(path))),
    made('20260508-200000-DEMO.jpg', 'not a picture'),
  ]);
  await expect(page.getByRole('region', { name: 'Progress' })).toContainText('of 13');
  await batchIsDone(page);
  const panel = page.getByRole('region', { name: 'Fouling drill' });
  await expect(panel).toContainText('12 clean pictures through 55 lenses.');
  await expect(panel).toContainText('20260508-200000-DEMO.jpg: This file is not a picture we can read.');
  await expect(page.getByTestId('drill-clean')).toContainText('Clean pictures: clear');
  for (const kind of KINDS) {
    await expect(answer(page, kind)).toContainText(
      /You would notice .* after \d+ images? \(about [\d.]+ hours\)/,
    );
  }
  for (const kind of FOULINGS.slice(6)) {
    await expect(answer(page, kind)).toContainText(
      /You would (notice .* after \d+ images? \(about [\d.]+ (hours|days)\)|not notice .* the strongest severity tried)/,
    );
  }
  await expect(answer(page, 'film')).toContainText(/It is called “unlike clean” at first, then “film”\./);
  for (const kind of ['barnacles', 'tubes', 'nets', 'rosettes']) {
    // One cluster may as well be a thing in the scene, until there is more of it.
    await expect(answer(page, kind)).toContainText(
      /It is called “(something changed|something changed” at first, then “growth|growth)”\./,
    );
  }
  await expect(panel.getByRole('row', { name: /^growth/ }).getByRole('cell')).toHaveCount(5);
  await expect(
    panel
      .getByRole('row', { name: /^growth/ })
      .getByRole('cell')
      .last(),
  ).toContainText('covered, or looks elsewhere');

  for (const theme of ['light', 'dark', 'night']) {
    await page.evaluate((theme) => (document.documentElement.dataset['theme'] = theme), theme);
    expect(await violations(page)).toEqual([]);
  }

  // A cell shows what its numbers mean; the arrow keys go from severity to severity.
  await panel
    .getByRole('row', { name: /^growth/ })
    .getByRole('button')
    .nth(3)
    .click();
  const dialog = page.getByRole('dialog', { name: 'Growth, severity 4 of 5' });
  await expect(dialog.getByRole('img', { name: /through drawn dirt: growth/ })).toBeVisible();
  await expect(dialog.getByRole('img', { name: /as it is/ })).toBeVisible();
  await expect(dialog).toContainText(
    /Growth, all fouled\s*[\d.]+\s*Loss, all fouled\s*[−\d.]+\s*Learned distance, all fouled\s*[\d.]+/,
  );
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('dialog', { name: 'Growth, severity 5 of 5' })).toContainText('after');
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');

  // Few learned distances to this reference reach such a limit.
  await openPlace(page, 'Settings');
  await unfold(page, 'Method');
  await expect(page.getByRole('region', { name: 'Fouling drill' })).toHaveCount(0);
  await page.getByLabel('Soon above').fill('1.4');
  await page.getByLabel('Clean the lens above').fill('1.5');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText(/^Saved\./)).toBeVisible();
  await openPlace(page, 'Calibrate');
  await expect(answer(page, 'silt')).toContainText('silt of 37 % opacity after 11 images');
  // Growth and loss have limits of their own.
  await expect(answer(page, 'defocus')).toContainText(/It is called “out of focus”\./);
  await expect(panel).toContainText('12 clean pictures through 55 lenses.');

  // A sigma that is only being tried counts as well.
  const answers = () => page.getByTestId(/^drill-/).allTextContents();
  const before = await answers();
  await openCalibrate(page, 'Compare', 'Bandwidth');
  await page.getByRole('button', { name: /^Try the median heuristic/ }).click();
  await openTab(page, 'Drill');
  await expect.poll(answers).not.toEqual(before);
  await expect(panel).toContainText('Judged with the settings you are trying');
});

test('a drill that is cancelled leaves nothing behind, and nothing else runs beside it @long', async ({
  page,
}) => {
  await openDrill(page);
  await choose(page, PICKER, demo.reference.slice(0, 11));
  await expect(page.getByText('11 pictures are too few. Choose at least 12')).toBeVisible();
  await choose(page, PICKER, [...demo.reference, ...demo.snapshots].slice(0, 60));
  // Of more than 48 a sample is taken.
  const progress = page.getByRole('region', { name: 'Progress' });
  await expect(progress).toContainText(/[1-9]\d* of 24/);
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  await choose(page, 'Check pictures', demo.snapshots.slice(0, 2));
  await expect(page.getByRole('alert')).toContainText('Porthole is working on another batch');
  await openPlace(page, 'Calibrate');
  await progress.getByRole('button', { name: 'Cancel' }).click();
  await batchIsDone(page);
  await expect(page.getByRole('button', { name: PICKER })).toBeEnabled();
  await expect(page.getByTestId('drill-clean')).toHaveCount(0);
  expect(await violations(page)).toEqual([]);
});
