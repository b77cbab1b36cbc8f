import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { closeDialog, openChip, openWithDemo, results, storedIn, test, unfold } from './support';
import { openPlace } from '../open-place';
import type { Camera } from '../../src/core/domain/camera/camera';
import type { Reference } from '../../src/core/domain/camera/reference';

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');

/** The file that a button saves. */
async function saved(page: Page, button: string): Promise<{ name: string; path: string; text: string }> {
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: button, exact: true }).click();
  const download = await downloading;
  const path = await download.path();
  return { name: download.suggestedFilename(), path, text: readFileSync(path, 'utf8') };
}

test('the report of the demo opens without a network and says what the page says @long', async ({
  page,
  context,
}, info) => {
  test.setTimeout(180_000);
  await openWithDemo(page);
  await openChip(page, 'Report');
  const { name, text } = await saved(page, 'Save the report');
  expect(name).toMatch(/^porthole-report-[\w.-]+-\d{4}-\d\d-\d\d\.html$/);
  await expect(page.getByText(`${name} was saved`)).toBeVisible();
  await closeDialog(page);
  expect(Buffer.byteLength(text)).toBeLessThan(5_000_000);

  const sentence = await page.getByRole('region', { name: 'Verdict' }).locator('.sentence').innerText();
  const jobs = await results(page);
  await page.getByRole('link', { name: 'History', exact: true }).click();
  await page.getByText('More', { exact: true }).click();
  const csv = await saved(page, 'Export CSV');
  await openPlace(page, 'Camera');
  await unfold(page, 'Export the reference');
  const config = await saved(page, 'Export config.toml');

  const file = info.outputPath(name);
  writeFileSync(file, text);
  const report = await context.newPage();
  const asked: string[] = [];
  await report.route('**/*', async (route) => {
    if (route.request().url() === pathToFileURL(file).href) return route.continue();
    asked.push(route.request().url());
    return route.abort();
  });
  const complaints: string[] = [];
  report.on('console', (message) => complaints.push(message.text()));
  await report.goto(pathToFileURL(file).href);
  await expect(report.getByRole('heading', { level: 1 })).toContainText('Report on');
  const verdict = report.getByRole('region', { name: 'Verdict now: clear' });
  await expect(verdict).toContainText('Lens is clear');
  await expect(verdict).toContainText(sentence);
  await expect(verdict).toContainText(/Covered glass: under 0\.1\s%\. Cleaned 22 May, 6 days before/);
  await expect(verdict).not.toContainText('Distance');
  await report.setViewportSize({ width: 1280, height: 800 });
  expect(await report.evaluate(() => document.documentElement.scrollHeight)).toBeLessThan(4000);
  const scored = jobs.filter(({ distance }) => distance !== null);
  const drawn = report.getByRole('img', { name: `${String(scored.length)} points drawn` });
  const path = (await drawn.locator('[data-layer="line"]').getAttribute('d')) ?? '';
  expect(path.match(/[ML]/g)).toHaveLength(scored.length);
  await expect(report.getByRole('img', { name: /^Picture / }).first()).toBeVisible();
  expect(
    await report
      .locator('img')
      .evaluateAll((images: HTMLImageElement[]) => images.every((image) => image.naturalWidth > 0)),
  ).toBe(true);
  await expect(report.getByRole('region', { name: 'Failed files' })).toContainText(
    '20260525-124512-DEMO.jpg',
  );
  await expect(report.getByRole('region', { name: 'Cleanings and notes' })).toContainText('It helped');

  // The flags of the table are those of the CSV.
  const [header, ...rows] = csv.text.trimEnd().split('\r\n');
  const column = header!.split(',').indexOf('qartod_flag');
  const flags = rows.map((row) => row.split(',')[column]);
  const columns = await report
    .getByRole('table', { name: /QARTOD/ })
    .evaluate((table) =>
      Array.from(table.querySelectorAll('tbody tr'), (row) =>
        Array.from(row.querySelectorAll('td'), (cell) => Number(cell.textContent)).slice(-5),
      ),
    );
  for (const [i, flag] of ['1', '2', '3', '4', '9'].entries()) {
    const inTable = columns.reduce((sum, row) => sum + (row[i] ?? 0), 0);
    expect(inTable, `flag ${flag}`).toBe(flags.filter((each) => each === flag).length);
  }

  const [camera] = await storedIn<Camera>(page, 'cameras');
  const references = await storedIn<Reference>(page, 'references');
  const reference = references.find(({ id }) => id === camera?.referenceId)!;
  const provenance = report.getByRole('region', { name: 'Provenance' });
  const model = readFileSync(
    join(import.meta.dirname, '../../public/models', 'obsea-autoencoder-2/autoencoder.onnx'),
  );
  expect(sha256(model)).toBe(camera?.modelSha256);
  await expect(provenance).toContainText(sha256(model));
  await expect(provenance).toContainText(sha256(config.text));
  const hash = createHash('sha256');
  for (const embedding of reference.embeddings) hash.update(new Uint8Array(embedding.buffer));
  hash.update(reference.names.map((each) => `${each}\n`).join(''));
  await expect(provenance).toContainText(hash.digest('hex'));
  await expect(provenance).toContainText('Self-test passed');

  for (const colorScheme of ['dark', 'light'] as const) {
    await report.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page: report }).analyze();
    expect(
      violations.map(({ id }) => id),
      colorScheme,
    ).toEqual([]);
  }
  await report.setViewportSize({ width: 390, height: 844 });
  expect(await report.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
    0,
  );
  expect(asked, 'requests of the report').toEqual([]);
  expect(complaints, 'complaints of the browser').toEqual([]);
});
