import { basename } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { handFiles } from '../../scripts/drive.mjs';
import { check, demo, openWithCamera, results, test, turned, unfold, violations } from './support';
import { openList, openListed, openPlace } from '../open-place';

/** The demo's lens fouls from the 15th until the morning of the 22nd. */
const UNTIL_CLEANED = demo.snapshots.filter(
  (path) => path.slice(-'YYYYMMDD-HHMMSS-DEMO.jpg'.length) < '20260522-06',
);
const FOULED = '20260519-174512-DEMO.jpg';
/** The first that `turned` makes. */
const ANOTHER_VIEW = '20260601-000000-DEMO.jpg';

const dialog = (page: Page) => page.getByRole('dialog');
const shares = (page: Page) =>
  dialog(page).getByRole('region', { name: 'What weighs most in the window' }).getByRole('listitem');
/** stands below the card, with the name of the file */
const shown = (page: Page) => dialog(page).locator('footer');
const opinion = (page: Page) => dialog(page).getByRole('region', { name: 'Second opinion' });

/** Opens a job from the list of jobs and waits until all is said of it. */
async function openJob(page: Page, name: string): Promise<void> {
  await openListed(page, name);
  await explained(page, name);
}

async function explained(page: Page, name: string): Promise<void> {
  await expect(shown(page)).toContainText(name);
  const how = dialog(page).locator('details', { hasText: 'How it was judged' });
  if ((await how.getAttribute('open')) === null) await how.locator('summary').click();
  await expect(opinion(page)).toBeVisible();
  await expect(dialog(page).getByText('Looking into it…')).toHaveCount(0);
}

test('a drift job says why: sentence, shares, clean picture, second opinion', async ({ page }) => {
  await openWithCamera(page, UNTIL_CLEANED);
  await openJob(page, FOULED);

  const { distance } = (await results(page)).find(({ image_name }) => image_name === FOULED)!;
  await expect(dialog(page)).toContainText(
    `The learned distance ${distance!.toPrecision(3)} is ${(distance! / 0.1).toPrecision(3)} times the drift limit of 0.10.`,
  );
  await expect(dialog(page)).toContainText('not calibrated for this camera');

  await expect(shares(page)).toHaveCount(12);
  const numbers = (await shares(page).locator('.caption > b').allInnerTexts()).map((text) =>
    Number(text.replace('−', '-')),
  );
  expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
  // Each is written with three digits.
  expect(numbers.reduce((sum, share) => sum + share, 0)).toBeCloseTo(distance!, 2);
  await expect(dialog(page).getByText('These add up to')).toHaveCount(0);

  await expect(dialog(page).getByRole('heading', { level: 2 }).first()).toHaveText(/^19 May.*, 17:45: /);
  await expect(dialog(page).getByRole('img', { name: /^Clean picture of the same hour/ })).toBeVisible();
  await expect(
    dialog(page)
      .getByRole('img', { name: `Picture ${FOULED}` })
      .first(),
  ).toBeVisible();
  const reasons = dialog(page).getByRole('list', { name: 'What the verdict rests on' });
  await expect(reasons.locator('b')).toHaveText(['Glass', 'Film', 'Water', 'Position', 'Model']);
  await expect(dialog(page).getByRole('img', { name: /^The covered glass, outlined/ })).toBeVisible();

  await expect(opinion(page)).toContainText('A dark, moved or cloudy picture does not mean a dirty lens');
  await expect(opinion(page)).toContainText(
    /The camera is turned [23]\.\d\s% to the right and (\d\.\d|0\.\d\d)\s% up; the limit is 5\.0\s%/,
  );
});

test('stepping, and a click on a share, explain the other job and nothing of the one before @long', async ({
  page,
}) => {
  await openWithCamera(page, UNTIL_CLEANED.slice(0, 15));
  const jobs = await results(page);
  await openJob(page, jobs[14]!.image_name);
  await dialog(page).getByRole('button', { name: 'Earlier' }).click();
  await explained(page, jobs[13]!.image_name);
  const distance = jobs[13]!.distance!;
  const told = Math.abs(distance) < 0.00005 ? '0.0000' : distance.toPrecision(3);
  await expect(dialog(page)).toContainText(`The learned distance ${told} is`);

  for (const step of [12, 11]) {
    await dialog(page).getByRole('button', { name: 'Earlier' }).click();
    await expect(shown(page)).toContainText(jobs[step]!.image_name);
  }
  await explained(page, jobs[11]!.image_name);
  await expect(shares(page).getByText('this picture')).toHaveCount(1);

  const other = shares(page).getByRole('button').first();
  const name = /Open (\S+):/.exec((await other.getAttribute('aria-label')) ?? '')?.[1] ?? '';
  await other.click();
  await explained(page, name);
  // The keys are heard though what was pressed is gone.
  await page.keyboard.press('ArrowRight');
  await expect(shown(page)).not.toContainText(name);
});

test('the first jobs share their window with the last of the reference @long', async ({ page }) => {
  await openWithCamera(page, UNTIL_CLEANED.slice(0, 2));
  const jobs = await results(page);
  await openJob(page, jobs[1]!.image_name);
  await expect(shares(page)).toHaveCount(12);
  await expect(shares(page).getByText('clean picture of the reference')).toHaveCount(10);
  await expect(shares(page).locator('img')).toHaveCount(12);
  await expect(shares(page).getByRole('button')).toHaveCount(1);
  await expect(dialog(page).getByText('These add up to')).toHaveCount(0);
});

test('a late snapshot is in the windows of those after it, and what is said of their distances adds up @long', async ({
  page,
}) => {
  await openWithCamera(page);
  const files = UNTIL_CLEANED.slice(0, 15);
  await check(
    page,
    files.filter((_, i) => i !== 8),
  );
  await check(page, [files[8]!]);
  await openJob(page, basename(files.at(-1)!));
  await expect(shares(page)).toHaveCount(12);
  await expect(dialog(page).getByText('These add up to')).toHaveCount(0);
  await expect(shares(page).getByRole('button', { name: new RegExp(files[8]!.slice(-24)) })).toHaveCount(1);
});

test('a reference that was imported as embeddings has no picture beside a snapshot, and the card says what is not known @long', async ({
  page,
}, info) => {
  await openWithCamera(page);
  await unfold(page, 'Export the reference');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export .npy' }).click();
  const file = info.outputPath('reference.npy');
  await (await download).saveAs(file);
  await page.evaluate(
    (given) => globalThis.porthole.setUpCamera([...given.files!], { name: 'Imported', warmUp: 'none' }),
    await handFiles(page, [file]),
  );
  await check(page, UNTIL_CLEANED.slice(0, 3));
  const jobs = await results(page);
  await openJob(page, jobs[2]!.image_name);
  await expect(dialog(page)).toContainText('The window holds 3 of 12 pictures, so there is no distance yet.');
  await expect(dialog(page).getByRole('img', { name: `Picture ${jobs[2]!.image_name}` })).toBeVisible();
  await expect(dialog(page).getByRole('img', { name: /^Clean picture/ })).toHaveCount(0);
  await expect(opinion(page)).toContainText('What is usual is not known');
  await expect(opinion(page)).toContainText('Not compared: too little of the reference’s scene is seen');
});

test('a card leads with the conclusion, and what shows another view says so in place of a number @long', async ({
  page,
}) => {
  await openWithCamera(page, UNTIL_CLEANED);
  await check(page, await turned(page, 1));
  await openList(page);
  const row = (name: string) => page.getByRole('row').filter({ hasText: name });
  await expect(row(FOULED)).toContainText('clean the lens: growth');
  await expect(row(ANOTHER_VIEW)).toContainText('another view');
  await expect(row(ANOTHER_VIEW).locator('.number')).toHaveText('');
  await page.getByLabel('Show').selectOption('another view');
  await expect(row(ANOTHER_VIEW)).toBeVisible();
  await expect(row(FOULED)).toHaveCount(0);

  await openJob(page, ANOTHER_VIEW);
  await expect(dialog(page)).toContainText('This picture shows another view. It is set aside.');
  await expect(dialog(page)).not.toContainText('learned distance');
  await expect(shares(page)).toHaveCount(0);
});

test('an alarm that is not raised yet is told apart from what the distance alone would say @long', async ({
  page,
}) => {
  await openWithCamera(page);
  await openPlace(page, 'Settings');
  await unfold(page, 'Method');
  await page.getByLabel('Raise after').fill('4');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await check(page, demo.snapshots);
  const jobs = await results(page);
  const early = jobs.find(({ distance, verdict }) => (distance ?? 0) > 0.1 && verdict !== 'drift')!;
  await openJob(page, early.image_name);
  await expect(dialog(page)).toContainText(
    'This distance alone would say “clean the lens”, but an alarm is raised only after 4 windows in a row above its limit',
  );
  await page.keyboard.press('Escape');
  const raised = jobs.find(({ verdict }) => verdict === 'drift')!;
  await openJob(page, raised.image_name);
  await expect(dialog(page).getByText('This distance alone')).toHaveCount(0);
});

test('axe finds nothing wrong with the card in any theme, and a phone shows it without a sideways scroll @long', async ({
  page,
}) => {
  await openWithCamera(page, UNTIL_CLEANED.slice(0, 14));
  await openJob(page, (await results(page)).at(-1)!.image_name);
  await dialog(page).getByText('All numbers').click();
  for (const theme of ['light', 'dark', 'night']) {
    await page.evaluate((name) => (document.documentElement.dataset['theme'] = name), theme);
    await page.setViewportSize({ width: 1280, height: 720 });
    expect(await violations(page), theme).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await violations(page), `${theme}, phone`).toEqual([]);
  }
  const overflow = await dialog(page).evaluate((element) =>
    [...element.querySelectorAll('*')]
      .filter(
        (child) => child.scrollWidth > child.clientWidth + 1 && getComputedStyle(child).overflowX === 'auto',
      )
      .map((child) => child.className),
  );
  expect(overflow).toEqual([]);
  for (const control of await dialog(page).locator('button:visible, input:visible, summary').all()) {
    expect((await control.boundingBox())!.height).toBeGreaterThanOrEqual(44);
  }
});
