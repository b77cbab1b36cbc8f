/**
 * Learns the demo camera's clean pictures as the page does and writes what it learned to public/demo, for a first visit
 * that need not: after the pictures (training/render_demo.py) or the shipped model have changed, run
 * `node scripts/demo-reference.mjs`. tests/encoder/demo-reference.spec.ts fails until then.
 */
import { chromium } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'vite';
import { browserLaunchOptions } from './browser.mjs';
import { prepare, ROOT } from './prepare.mjs';

prepare();
const vite = await createServer({ root: ROOT, logLevel: 'error', server: { port: 0, host: '127.0.0.1' } });
await vite.listen();
const browser = await chromium.launch(browserLaunchOptions());
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${vite.httpServer.address().port}/tests/blank.html`);
  const learned = await page.evaluate(async () => {
    const { learnDemo } = await import('/tests/encoder/demo-page.ts');
    return learnDemo(Infinity);
  });
  const { modelSha256, snapshots } = learned;
  const bytes = (text) => Buffer.from(text, 'base64');
  const facts = snapshots.map(({ name, capturedAt, properties, thumbnail }) => ({
    name,
    capturedAt,
    properties,
    thumbnailBytes: bytes(thumbnail).length,
  }));
  writeFileSync(
    join(ROOT, 'public/demo/reference.json'),
    `${JSON.stringify({ modelSha256, snapshots: facts })}\n`,
  );
  const parts = [
    ...snapshots.map(({ embedding }) => embedding),
    ...snapshots.map(({ thumbnail }) => thumbnail),
  ];
  writeFileSync(join(ROOT, 'public/demo/reference.bin'), Buffer.concat(parts.map(bytes)));
  console.log(`${snapshots.length} pictures of ${modelSha256.slice(0, 12)}`);
} finally {
  await browser.close();
  await vite.close();
}
