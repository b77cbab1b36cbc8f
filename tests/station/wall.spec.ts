import AxeBuilder from '@axe-core/playwright';
import { chromium, expect, test } from '@playwright/test';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { browserLaunchOptions } from '../../scripts/browser.mjs';
import { usableProblems } from '../usable-schema';
import { DEMO, StationRun } from './station-run';

const SNAPSHOTS = readdirSync(join(DEMO, 'snapshots')).sort().slice(0, 6);
/** Two that differ by their case, one that is no name for a file, one that the wall's own file has. */
const CAMERAS = ['Pier', 'PIER', '../<b>x</b>', 'Wall'];
const STEMS = ['pier', /^pier-[0-9a-f]{8}$/, 'b-x-b', /^wall-[0-9a-f]{8}$/];

test('the wall, reports and exports of all cameras lie in a folder, and need nothing else @long', async ({
  page,
}) => {
  test.setTimeout(240_000);
  const run = new StationRun();
  const www = join(run.folder, 'www');
  const files = () => (existsSync(www) ? readdirSync(www) : []);
  try {
    for (const i of CAMERAS.keys()) {
      mkdirSync(join(run.folder, `camera-${i}`));
      for (const name of SNAPSHOTS.slice(i))
        copyFileSync(join(DEMO, 'snapshots', name), join(run.folder, `camera-${i}`, name));
    }
    mkdirSync(www);
    writeFileSync(join(www, '.porthole-index.html'), 'left by a kill');
    await run.configure(`language = "ca"
[wall]
folder = "www"
${CAMERAS.map((name, i) => `[[camera]]\nname = "${name}"\nfolder = "camera-${i}"\nreference = "${DEMO}reference"`).join('\n')}
`);
    run.start();
    const count = SNAPSHOTS.length * CAMERAS.length - 6;
    await expect.poll(() => run.lines.length, { timeout: 120_000 }).toBe(count);
    await expect.poll(files, { timeout: 90_000 }).toHaveLength(2 + 4 * CAMERAS.length);
    const stems = files().flatMap((name) => /^report-(.*)\.html$/.exec(name)?.[1] ?? []);
    for (const stem of STEMS) expect(stems).toContainEqual(expect.stringMatching(stem));
    // The first pages come while cameras are still scored; the whole wall follows.
    const tables = () => files().filter((name) => name.endsWith('.csv'));
    const isFilled = (name: string) => readFileSync(join(www, name), 'utf8').trim().includes('\n');
    await expect.poll(() => tables().filter(isFilled)).toHaveLength(CAMERAS.length);
    expect(await run.end()).toBe(0);

    for (const name of files().filter((file) => file.endsWith('.usable.json')))
      expect(usableProblems(readFileSync(join(www, name), 'utf8')), name).toBe('');

    const told: string[] = [];
    page.on('console', (message) => told.push(message.text()));
    page.on('pageerror', (error) => told.push(error.message));
    page.on('request', (request) => {
      if (!/^(file|data):/.test(request.url())) told.push(request.url());
    });
    for (const name of files().filter((file) => file.endsWith('.html'))) {
      await page.goto(pathToFileURL(join(www, name)).href);
      expect(await page.locator('script, link, iframe, object, [onload], [onerror]').count(), name).toBe(0);
      const addresses = await page.evaluate(() =>
        [...document.querySelectorAll('[src], [href]')].map(
          (element) => element.getAttribute('src') ?? element.getAttribute('href') ?? '',
        ),
      );
      for (const address of addresses)
        if (!/^(#|data:image\/jpeg;base64,)/.test(address)) expect(files(), name).toContain(address);
      expect(readFileSync(join(www, name), 'utf8')).not.toMatch(/url\((?!#)|@import/);
    }
    await page.goto(pathToFileURL(join(www, 'index.html')).href);
    expect(await page.locator('html').getAttribute('lang')).toBe('ca');
    expect(new Set(await page.locator('h3').allTextContents())).toEqual(new Set(CAMERAS));
    expect(await page.locator('.glass img').count()).toBe(CAMERAS.length);
    await expect(page.locator('header .fine')).toContainText(String(new Date().getUTCFullYear()));
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 800 });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
        // Without script nothing else shows news on a wall that nobody touches.
        const axe = new AxeBuilder({ page }).disableRules(['meta-refresh']);
        expect((await axe.analyze()).violations).toEqual([]);
      }
    }
    expect(told).toEqual([]);

    await test.step('a person opens the profile with the page and exports the same', async () => {
      run.start('--serve');
      await expect.poll(() => run.output).toContain('--user-data-dir=');
      const [, profile = '', address = ''] = /--user-data-dir=(\S+) (\S+)/.exec(run.output) ?? [];
      const context = await chromium.launchPersistentContext(profile, browserLaunchOptions());
      try {
        const shown = context.pages()[0] ?? (await context.newPage());
        await shown.goto(address);
        await shown.waitForFunction(() => 'porthole' in globalThis);
        const cameras = await shown.evaluate(async () => (await globalThis.porthole.station()).cameras());
        expect(cameras).toEqual(CAMERAS);
        // The camera that was chosen last is the one whose files were written last.
        const exported = await shown.evaluate(async () => ({
          csv: await globalThis.porthole.exportResults('csv'),
          json: await globalThis.porthole.exportResults('json'),
        }));
        for (const [kind, text] of Object.entries(exported)) {
          const texts = files()
            .filter((name) => name.endsWith(`.${kind}`))
            .map((name) => readFileSync(join(www, name), 'utf8'));
          expect(texts).toContain(text);
        }
      } finally {
        await context.close();
      }
      expect(await run.end()).toBe(0);
    });
  } finally {
    await run.remove();
  }
});
