import { expect } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { LANGUAGES } from '../../src/core/i18n/languages.js';
import { PAGE } from '../addresses';
import {
  openDetails,
  batchIsDone,
  demo,
  open,
  openChip,
  read,
  results,
  storedIn,
  test,
  violations,
} from './support';
import { openPlace } from '../open-place';

test('the page speaks Catalan after it is chosen, exports stay English, and English comes back @long', async ({
  page,
}) => {
  const tables: string[] = [];
  page.on('request', (request) => {
    if (/\/(es|ca)-[^/]*\.js$/.test(request.url())) tables.push(request.url());
  });
  await open(page);
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
  await page.getByRole('button', { name: 'Try the demo camera' }).click();
  await expect(page.getByRole('region', { name: 'Progress' })).toBeVisible();
  await openPlace(page, 'Settings');
  await page.getByRole('combobox', { name: 'Language' }).selectOption('Català');
  await expect(page.getByText('so nothing was changed')).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Language' })).toHaveValue('en');
  await expect.poll(async () => (await results(page).catch(() => [])).length, { timeout: 60_000 }).toBe(84);
  await batchIsDone(page);
  const english = await page.evaluate(() => globalThis.porthole.exportResults('csv'));
  const summary = await page.evaluate(() => globalThis.porthole.summaryLine());
  expect(tables).toEqual([]);
  await openPlace(page, 'Settings');

  const reloaded = page.waitForEvent('load');
  await page.getByRole('combobox', { name: 'Language' }).selectOption('Català');
  await reloaded;
  await expect(page.getByRole('heading', { name: 'Configuració', level: 1 })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('ca');
  await expect(page.getByRole('heading', { name: 'Emmagatzematge' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Notificacions quan canvia el veredicte' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('link', { name: 'Seguiment', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/La lent està neta|Cal netejar la lent/);
  await openDetails(page);
  await page.getByText('Tots els valors').click();
  await expect(page.getByText(/Distància −?0,\d+, per sota del límit d’avís/).first()).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await expect(page).toHaveTitle(/^Neta – /);
  await page.getByRole('button', { name: 'Mode de coberta' }).click();
  const deck = page.getByRole('dialog', { name: 'Mode de coberta' });
  await expect(deck.getByText(/^Neta des de: /)).toBeVisible();
  await deck.getByRole('button', { name: 'Surt' }).click();
  const downloading = page.waitForEvent('download');
  await openChip(page, 'Informe');
  await page.getByRole('button', { name: 'Desa l’informe' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^porthole-report-/);
  const report = readFileSync(await download.path(), 'utf8');
  expect(report).toContain('<html lang="ca">');
  expect(report).toContain('Informe sobre ');
  expect(report).toContain('Veredicte actual: <b>neta</b>');
  await page.getByRole('dialog').getByRole('button', { name: 'Tanca' }).click();
  await page.getByRole('button', { name: 'Per què?' }).click();
  await page.getByText('Com s’ha avaluat').click();
  await expect(page.getByRole('heading', { name: 'Segona opinió' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.goto(`${page.url().split('#')[0]!}#calibrate`);
  await expect(page.getByRole('heading', { name: 'Límits a partir de dies amb la lent neta' })).toBeVisible();
  await openPlace(page, 'DriftWatch');
  await expect(page.getByRole('heading', { name: 'Connexió' })).toBeVisible();

  // Output for other programs does not change with the language.
  expect(await page.evaluate(() => globalThis.porthole.exportResults('csv'))).toBe(english);
  expect(await page.evaluate(() => globalThis.porthole.summaryLine())).toBe(summary);

  await openPlace(page, 'Configuració');
  const again = page.waitForEvent('load');
  await page.getByRole('combobox', { name: 'Idioma' }).selectOption('English');
  await again;
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
});

test.describe('with a browser that speaks Spanish', () => {
  test.use({ locale: 'es-ES' });

  test('a first visit is in Spanish, and a failure is stored as a code and told in Spanish @long', async ({
    page,
  }) => {
    await open(page);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(
      '¿La cámara submarina sigue viendo bien?',
    );
    await expect(page.getByRole('combobox', { name: 'Idioma' })).toHaveValue('es');
    expect(await violations(page)).toEqual([]);
    const outcome = await page.evaluate(
      async (snapshots) => {
        const files = snapshots.map(
          ({ name, bytes }) => new File([new Uint8Array(bytes)], name, { type: 'image/jpeg' }),
        );
        await globalThis.porthole.setUpCamera(files, { name: 'Arrecife', warmUp: 'none' });
        const lines = await globalThis.porthole.score([
          new File(['no picture'], 'note.jpg', { type: 'image/jpeg' }),
        ]);
        return lines[0]?.reason;
      },
      demo.reference.slice(0, 3).map((path) => ({ name: path.split('/').at(-1)!, bytes: [...read(path)] })),
    );
    expect(outcome).toBe('This file is not a picture we can read.');
    await page.getByRole('link', { name: 'Seguimiento', exact: true }).click();
    await expect(page.getByText(/Este archivo no es una imagen que se pueda leer\./)).toBeVisible();
    const jobs = await storedIn<{ code?: string }>(page, 'jobs');
    expect(jobs.map(({ code }) => code)).toEqual(['not-an-image']);
    // A detail too, which an English script is told in English.
    await openPlace(page, 'Ajustes');
    await page
      .getByLabel(/\.onnx/)
      .first()
      .setInputFiles({ name: 'empty.onnx', mimeType: '', buffer: Buffer.alloc(0) });
    await expect(page.getByRole('alert').first()).toContainText('(el archivo está vacío)');
    const told = await page.evaluate(() =>
      globalThis.porthole.tryTo(() => globalThis.porthole.addModel(new File([], 'empty.onnx'))),
    );
    expect('problem' in told && told.problem).toContain('(the file is empty)');
  });
});

test('without JavaScript the page says in each language that it needs it', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(PAGE);
  for (const language of Object.keys(LANGUAGES)) {
    await expect(page.locator(`p[lang=${language}]`)).toContainText('JavaScript');
  }
  await context.close();
});
