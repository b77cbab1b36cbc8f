/** How long a second visit takes without a network, from opening the page to the verdict on a dropped snapshot. */
import { chromium } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { browserLaunchOptions } from '../browser.mjs';
import { jpegsIn, setUpCamera } from '../judge-camera.mjs';
import { ROOT } from '../prepare.mjs';
import { serveDist } from '../serve.mjs';

const ROUNDS = 5;
const DEMO = join(ROOT, 'public', 'demo');

/** Each round is a browser of its own, whose camera was set up in the first visit with its window full. */
export async function benchOffline() {
  const snapshots = jpegsIn(join(DEMO, 'snapshots'));
  const profile = mkdtempSync(join(tmpdir(), 'porthole-'));
  const server = await serveDist();
  const { address } = server;
  try {
    let context = await chromium.launchPersistentContext(profile, browserLaunchOptions());
    const first = await context.newPage();
    await first.goto(address);
    await first.waitForFunction(() => 'porthole' in globalThis);
    await setUpCamera(first, jpegsIn(join(DEMO, 'reference')), []);
    await first.evaluate(async () => void (await navigator.serviceWorker.ready));
    await context.close();
    await server.close();

    const times = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      context = await chromium.launchPersistentContext(profile, browserLaunchOptions());
      const page = await context.newPage();
      const began = performance.now();
      await page.goto(address);
      await page.locator('input[type=file][aria-label="Check pictures"]').setInputFiles(snapshots[round]);
      await page.waitForFunction(
        async (count) => {
          const { porthole } = globalThis;
          return porthole && (await porthole.summary()).jobs === count;
        },
        round + 1,
        { polling: 20 },
      );
      times.push(performance.now() - began);
      await context.close();
    }
    const sorted = [...times].sort((a, b) => a - b);
    console.log(
      `  ${times.map((time) => (time / 1000).toFixed(2)).join(', ')} s; median ${(sorted[ROUNDS >> 1] / 1000).toFixed(2)} s (wanted 1)`,
    );
  } finally {
    await server.close().catch(() => undefined);
    rmSync(profile, { recursive: true, force: true });
  }
}
