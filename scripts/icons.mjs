/** Draws the app's icons from public/icon.svg; run by hand when that changes: `node scripts/icons.mjs`. */
import { chromium } from '@playwright/test';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { browserLaunchOptions } from './browser.mjs';
import { ROOT } from './prepare.mjs';

const ICONS = [
  { file: 'icon-192.png', size: 192, margin: 0, background: 'transparent' },
  { file: 'icon-512.png', size: 512, margin: 0, background: 'transparent' },
  // Systems cut a maskable icon to their own shape: what matters is within the middle four fifths.
  { file: 'maskable-512.png', size: 512, margin: 77, background: '#ffffff' },
];
const folder = join(ROOT, 'public', 'icons');
const svg = readFileSync(join(ROOT, 'public', 'icon.svg'), 'utf8');

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch(browserLaunchOptions());
for (const { file, size, margin, background } of ICONS) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(
    `<style>body { margin: ${margin}px; background: ${background} } svg { display: block }</style>${svg}`,
  );
  await page.screenshot({ path: join(folder, file), omitBackground: true });
  await page.close();
}
await browser.close();
