import { expect } from '@playwright/test';
import { closeDialog, demo, openDetails, openWithCamera, test } from './support';
import { openListed, openPlace } from '../open-place';

/** The demo's lens fouls from the 14th until the morning of the 22nd. */
const UNTIL_CLEANED = demo.snapshots.filter(
  (path) => path.slice(-'YYYYMMDD-HHMMSS-DEMO.jpg'.length) < '20260522-06',
);

test('every place says since when the lens is dirty, and since when the alarm stands, with the same days @long', async ({
  page,
}) => {
  test.setTimeout(120_000);
  await openWithCamera(page, UNTIL_CLEANED);
  const sentence = page.getByRole('region', { name: 'Verdict' }).locator('.sentence');
  await expect(sentence).toContainText('it began about ');
  const [, began] = /it began about (\d+ \w+)/.exec(await sentence.innerText())!;
  await expect(page.locator('svg text').filter({ hasText: `began about ${began}` })).toBeVisible();

  await (await openDetails(page)).locator('[aria-keyshortcuts="D"]').click();
  const deck = page.getByRole('dialog');
  await expect(deck).toContainText(`it began about ${began}`);
  const [, raised] = /Clean the lens, since (\d+ \w+)/.exec(await deck.innerText())!;
  await page.keyboard.press('Escape');

  for (const name of ['20260521-174512-DEMO.jpg', '20260520-113012-DEMO.jpg']) {
    await openListed(page, name);
    await expect(page.getByRole('dialog').locator('.lead')).toContainText(`it began about ${began}`);
    await closeDialog(page);
  }

  await openPlace(page, 'Science');
  await page.getByRole('tab', { name: 'Usable time', exact: true }).click();
  const onset = page.getByRole('tabpanel').getByText(/^It began about/);
  await expect(onset).toContainText(`It began about ${began} (`);
  await expect(onset).toContainText(`the alarm came on ${raised}`);

  const report = await page.evaluate(async () => {
    const station = await globalThis.porthole.station();
    const [standing] = await station.standings();
    return new DOMParser().parseFromString(await station.report(standing!.name), 'text/html').body
      .textContent;
  });
  expect(report).toContain(`it began about ${began}`);
  expect(report).toContain(`This verdict since ${raised}`);
});
