import { expect } from '@playwright/test';
import { gzipSync } from 'node:zlib';
import { demo, jobsStored, open, test } from './support';

const RUNTIME = '**/assets/ort-wasm*';

test.describe('a first visit', () => {
  test.use({ isKept: true });

  test('fetches the runtime once, packed, for all workers, and keeps the page only after the demo', async ({
    page,
    context,
  }) => {
    // Journeys have one worker for the sake of others.
    await page.addInitScript(() => {
      Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => 3 });
    });
    const asked: string[] = [];
    context.on('request', (request) => asked.push(new URL(request.url()).pathname.split('/').at(-1) ?? ''));
    await open(page);
    await page.getByRole('button', { name: 'Try the demo camera' }).click();
    await expect.poll(() => jobsStored(page)).toBe(demo.snapshots.length);
    await expect
      .poll(() => page.evaluate(() => globalThis.porthole.encoderStatus().workers))
      .toBeGreaterThan(1);
    expect(asked.filter((name) => name.startsWith('ort-wasm') && name.includes('.wasm'))).toEqual([
      expect.stringMatching(/\.wasm\.gz$/),
    ]);
    const before = asked.length;
    const last = asked.lastIndexOf(demo.snapshots.at(-1)!.split('/').at(-1)!);
    expect(last).toBeGreaterThan(0);
    expect(asked.slice(0, last)).not.toContain('service-worker.js');
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    expect(asked.length).toBeGreaterThan(before);
  });
});

// The tests' own server says of a packed file that it is encoded, so that the browser unpacks it.
for (const [host, served] of [
  ['serves the packed runtime as it is', (plain: Buffer) => gzipSync(plain)],
  ['has unpacked the runtime', (plain: Buffer) => plain],
] as const) {
  test(`a host that ${host} will do`, async ({ page }) => {
    await page.route(RUNTIME, async (route) => {
      if (!route.request().url().endsWith('.gz')) return route.continue();
      const plain = await (await route.fetch()).body();
      expect(plain.subarray(0, 4).toString('latin1')).toBe('\0asm');
      return route.fulfill({ body: served(plain), contentType: 'application/octet-stream' });
    });
    await open(page);
    await page.getByRole('button', { name: 'Try the demo camera' }).click();
    await expect.poll(() => jobsStored(page)).toBe(demo.snapshots.length);
  });
}

test('a host that answers with a page in place of the runtime is told so, and the next try goes on', async ({
  page,
}) => {
  let isMissing = true;
  await page.route(RUNTIME, (route) =>
    isMissing && route.request().url().endsWith('.gz')
      ? route.fulfill({ status: 200, contentType: 'text/html', body: '<h1>Not here</h1>' })
      : route.continue(),
  );
  await open(page);
  await page.getByRole('button', { name: 'Try the demo camera' }).click();
  await expect(page.getByRole('alert')).toContainText(/could not be fetched/);
  isMissing = false;
  await page.getByRole('button', { name: 'Try the demo camera' }).click();
  await expect.poll(() => jobsStored(page)).toBe(demo.snapshots.length);
});
