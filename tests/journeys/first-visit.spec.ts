import { expect, type Page } from '@playwright/test';
import { decompress } from 'fzstd';
import { choose, demo, jobsStored, open, test } from './support';

const RUNTIME = '**/assets/ort-wasm*';

/** Without the page's own code the shipped model needs ONNX Runtime, as most others do. */
async function needRuntime(page: Page): Promise<void> {
  await page.route('**/assets/layers*.wasm', (route) => route.fulfill({ status: 404 }));
}

test.describe('a first visit', () => {
  test.use({ isKept: true });

  test('fetches the runtime after the demo, and keeps the page @long', async ({ page, context }) => {
    const asked: string[] = [];
    context.on('request', (request) => asked.push(new URL(request.url()).pathname.split('/').at(-1) ?? ''));
    const runtimes = () => asked.filter((name) => name.startsWith('ort-'));
    await open(page);
    await page.getByRole('button', { name: 'Try the demo camera' }).click();
    await expect.poll(() => jobsStored(page)).toBe(demo.snapshots.length);
    const last = asked.lastIndexOf(demo.snapshots.at(-1)!.split('/').at(-1)!);
    expect(last).toBeGreaterThan(0);
    expect(asked.slice(0, last).filter((name) => name.startsWith('ort-'))).toEqual([]);
    expect(asked.slice(0, last)).not.toContain('service-worker.js');
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    expect(runtimes()).toContainEqual(expect.stringMatching(/\.wasm\.zst$/));
    await context.setOffline(true);
    await page.reload();
    await expect(page.locator('section[data-verdict="normal"]').first()).toBeVisible();
  });

  test('fetches a runtime that is needed once, packed, for all workers, and keeps the page only after the demo @long', async ({
    page,
    context,
  }) => {
    // Journeys have one worker for the sake of others.
    await page.addInitScript(() => {
      Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => 3 });
    });
    await needRuntime(page);
    const asked: string[] = [];
    context.on('request', (request) => asked.push(new URL(request.url()).pathname.split('/').at(-1) ?? ''));
    await open(page);
    await page.getByRole('button', { name: 'Try the demo camera' }).click();
    await expect.poll(() => jobsStored(page)).toBe(demo.snapshots.length);
    await expect
      .poll(() => page.evaluate(() => globalThis.porthole.encoderStatus().workers))
      .toBeGreaterThan(1);
    expect(asked.filter((name) => name.startsWith('ort-wasm') && name.includes('.wasm'))).toEqual([
      expect.stringMatching(/\.wasm\.zst$/),
    ]);
    const before = asked.length;
    const last = asked.lastIndexOf(demo.snapshots.at(-1)!.split('/').at(-1)!);
    expect(last).toBeGreaterThan(0);
    expect(asked.slice(0, last)).not.toContain('service-worker.js');
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    expect(asked.length).toBeGreaterThan(before);
  });
});

test('a host that has unpacked the runtime will do @long', async ({ page }) => {
  await needRuntime(page);
  let isAsked = false;
  await page.route(RUNTIME, async (route) => {
    if (!route.request().url().endsWith('.zst')) return route.continue();
    const packed = await (await route.fetch()).body();
    // As it comes from any other host, and in all other tests.
    expect(packed.subarray(0, 4).toString('hex')).toBe('28b52ffd');
    isAsked = true;
    return route.fulfill({ body: Buffer.from(decompress(packed)), contentType: 'application/wasm' });
  });
  await open(page);
  await page.getByRole('button', { name: 'Try the demo camera' }).click();
  await expect.poll(() => jobsStored(page)).toBe(demo.snapshots.length);
  expect(isAsked).toBe(true);
});

test('a runtime that breaks off is told, and the next try goes on @long', async ({ page }) => {
  await needRuntime(page);
  let isBroken = true;
  await page.route(RUNTIME, async (route) => {
    if (!isBroken || !route.request().url().endsWith('.zst')) return route.continue();
    const packed = await (await route.fetch()).body();
    return route.fulfill({ body: packed.subarray(0, 1_000_000) });
  });
  await open(page);
  await page.getByRole('button', { name: 'Try the demo camera' }).click();
  await expect(page.getByRole('alert')).toContainText(/could not be fetched/);
  isBroken = false;
  await page.getByRole('button', { name: 'Continue with the demo' }).click();
  await expect.poll(() => jobsStored(page)).toBe(demo.snapshots.length);
});

test('a host that answers with a page in place of the runtime is told so, and the next try goes on @long', async ({
  page,
}) => {
  await needRuntime(page);
  let isMissing = true;
  await page.route(RUNTIME, (route) =>
    isMissing && route.request().url().endsWith('.zst')
      ? route.fulfill({ status: 200, contentType: 'text/html', body: '<h1>Not here</h1>' })
      : route.continue(),
  );
  await open(page);
  await page.getByRole('button', { name: 'Try the demo camera' }).click();
  await expect(page.getByRole('alert')).toContainText(/could not be fetched/);
  isMissing = false;
  await page.getByRole('button', { name: 'Continue with the demo' }).click();
  await expect.poll(() => jobsStored(page)).toBe(demo.snapshots.length);
});

for (const [what, canSuspend, build] of [
  ['can', true, '.jspi'],
  ['can not', false, '.asyncify'],
] as const) {
  test(`where WebAssembly ${what} wait for a promise, that build with WebGPU is tried after the work, and WASM goes on without it @long`, async ({
    page,
    context,
  }) => {
    // Workers have no adapter, so the build is fetched in vain.
    const adapter = { info: { isFallbackAdapter: false } };
    await page.addInitScript(
      ({ canSuspend, adapter }) => {
        if (!canSuspend) Reflect.deleteProperty(WebAssembly, 'Suspending');
        const gpu = { requestAdapter: () => Promise.resolve(adapter) };
        Object.defineProperty(Navigator.prototype, 'gpu', { get: () => gpu });
      },
      { canSuspend, adapter },
    );
    const asked: string[] = [];
    context.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await open(page);
    await page.getByRole('button', { name: 'Try the demo camera' }).click();
    await expect.poll(() => jobsStored(page)).toBe(demo.snapshots.length);
    const runtimes = () => asked.filter((name) => /ort-wasm.*\.wasm\.zst$/.test(name));
    expect(runtimes()).toEqual([]);
    await expect
      .poll(() => page.evaluate(() => globalThis.porthole.encoderStatus().reason), { timeout: 30_000 })
      .toBe('failed');
    expect(runtimes().filter((name) => /jspi|asyncify/.test(name))).toEqual([expect.stringContaining(build)]);
    expect(await page.evaluate(() => globalThis.porthole.encoderStatus().backend)).toBe('wasm');
  });
}

test('snapshots pass at once, the first verdict is of the first of them, and what nobody asked for comes later', async ({
  page,
}) => {
  await page.addInitScript(() => {
    // The default of 250 is less than a demo loads, so the last chunks would go unseen.
    performance.setResourceTimingBufferSize(2000);
    const seen = new Map<string, number>();
    const note = (what: string | null | undefined) => {
      if (what && what !== 'not-checked' && !seen.has(what)) seen.set(what, performance.now());
    };
    new MutationObserver(() => {
      if (document.querySelector('.passing img')) note('picture');
      note(document.querySelector('section[data-verdict]')?.getAttribute('data-verdict'));
    }).observe(document, { subtree: true, childList: true, attributes: true });
    Object.assign(globalThis, { seen });
  });
  await open(page);
  await page.getByRole('button', { name: 'Try the demo camera' }).click();
  await expect.poll(() => jobsStored(page)).toBe(demo.snapshots.length);
  const loaded = () =>
    page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .map(({ name, startTime }) => ({ name: name.split('/').at(-1) ?? '', startTime })),
    );
  const late = /^(MonitorTimeline|JobsPlace|SettingsPlace|care\.svelte)\b.*js$/;
  await expect.poll(async () => (await loaded()).filter(({ name }) => late.test(name)).length).toBe(4);
  const seen = await page.evaluate(() => [...(globalThis as unknown as { seen: Map<string, number> }).seen]);
  expect(seen[0]?.[0]).toBe('picture');
  // The cleaning of the last week had not been.
  expect(seen[1]?.[0]).toBe('normal');
  const before = (await loaded()).filter(({ startTime }) => startTime < seen[1]![1]).map(({ name }) => name);
  expect(before.filter((name) => late.test(name))).toEqual([]);
  const pictures = (paths: readonly string[]) =>
    before.filter((name) => paths.some((path) => path.endsWith(name) && name.endsWith('.jpg')));
  expect(pictures(demo.reference), 'they are learned already').toEqual([]);
  expect(pictures(demo.snapshots).length).toBeLessThan(demo.snapshots.length / 2);
});

test('files over the page of a first visit are told what to be, and are asked about before they are learned', async ({
  page,
}) => {
  await open(page);
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([], '20260501-061512-REEF.jpg', { type: 'image/jpeg' }));
    document.body.dispatchEvent(new DragEvent('dragover', { bubbles: true, dataTransfer }));
  });
  await expect(page.getByText('Drop pictures of a clean lens to set up a camera')).toBeVisible();
  await page.evaluate(() => {
    window.dispatchEvent(new DragEvent('dragleave'));
  });
  await expect(page.getByText('Drop pictures of a clean lens')).toHaveCount(0);
  await page.getByRole('button', { name: 'Set up my camera' }).click();
  await choose(page, 'choose files', demo.reference);
  await expect(page.getByText('Was the lens clean in all of these?')).toBeVisible();
});
