import { expect, type Page } from '@playwright/test';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { PAGE } from '../addresses';
import { demo, open, openWithCamera, read, results, storedIn, test } from './support';

test.use({ isKept: true });

const started: { close: () => Promise<void> }[] = [];
test.afterEach(async () => {
  await Promise.all(started.splice(0).map((site) => site.close()));
});

/**
 * A website of somebody else: another port is another origin.
 *
 * @param script - what its page does as soon as it is open
 * @param hidesItself - it asks the browser not to say where a request comes from
 */
async function startSite(script: string, hidesItself = false): Promise<string> {
  const server = createServer((request, response) => {
    const name = decodeURIComponent((request.url ?? '').slice(1));
    const path = [...demo.snapshots, ...demo.reference].find((path) => basename(path) === name);
    if (path) response.writeHead(200, { 'content-type': 'image/jpeg' }).end(read(path));
    else {
      const headers = {
        'content-type': 'text/html',
        ...(hidesItself ? { 'referrer-policy': 'no-referrer' } : {}),
      };
      response.writeHead(200, headers).end(`<!doctype html><body><script type="module">${script}</script>`);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  started.push({
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  });
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
}

/** Posts a form to the page as soon as it is open; `fill` puts into `form` and `files` what it wants. */
function posting(fill: string): string {
  return `
    const form = document.createElement('form');
    Object.assign(form, { method: 'post', enctype: 'multipart/form-data', action: '${PAGE}share-target' });
    const files = new DataTransfer();
    // Ten thousand elements would take Chromium two minutes.
    const field = (name, value) => form.addEventListener('formdata', ({ formData }) => formData.append(name, value));
    ${fill}
    const input = Object.assign(document.createElement('input'), { type: 'file', name: 'files', multiple: true });
    input.files = files.files;
    if (files.files.length > 0) form.append(input);
    document.body.append(form);
    form.submit();`;
}

const pictures = (paths: readonly string[]) => `
  for (const name of ${JSON.stringify(paths.map((path) => basename(path)))}) {
    files.items.add(new File([await (await fetch(name)).blob()], name, { type: 'image/jpeg' }));
  }`;

/** Leads the page to a site, and waits until that has led back. */
async function visit(page: Page, site: string): Promise<void> {
  // It is left before it is loaded.
  await page.goto(site, { waitUntil: 'commit' });
  await page.waitForURL(`${PAGE}**`);
  await page.waitForFunction(() => 'porthole' in globalThis);
}

async function isKept(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
}

const question = (page: Page) => page.getByRole('region', { name: 'Files wait for a decision' });

test('what a website posts to the page is neither checked nor stored before a person says so @long', async ({
  page,
}) => {
  const dirty = demo.snapshots.slice(-14);
  await openWithCamera(page, demo.snapshots.slice(0, 12));
  await isKept(page);
  const before = await results(page);

  // A website that says who it is, and one that hides.
  await visit(page, await startSite(posting(pictures(dirty))));
  await expect(page.getByText('A website tried to hand files to Porthole.')).toBeVisible();
  await expect(question(page)).toHaveCount(0);
  const far = '21990101-000000-CAM.jpg';
  const model = `files.items.add(new File(['x'], 'endless.onnx'));
    files.items.add(new File([await (await fetch('${basename(dirty[0]!)}')).blob()], '${far}'));`;
  await visit(page, await startSite(posting(`${pictures(dirty)} ${model}`), true));
  await expect(question(page)).toContainText('15 files were shared with Porthole');
  await expect(question(page)).toContainText('The camera would be Reef');
  await expect(question(page)).toContainText('Not accepted this way: endless.onnx.');
  await expect(question(page)).toContainText('and 3 more');
  await expect(question(page).getByRole('img')).toHaveCount(12);
  await page.reload();
  await page.waitForFunction(() => 'porthole' in globalThis);
  await expect(question(page)).toBeVisible();
  expect(await results(page)).toEqual(before);
  expect(await storedIn(page, 'models')).toHaveLength(1);
  await question(page).getByRole('button', { name: 'Discard' }).click();
  await expect(question(page)).toHaveCount(0);

  // Nothing but text, and no post at all.
  const fields = `for (let i = 0; i < 10_000; i += 1) field('field' + i, 'x');`;
  await visit(page, await startSite(posting(fields), true));
  await expect(page.getByText('No file came with what was shared')).toBeVisible();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await page.goto(`${PAGE}share-target?files=x`);
  await expect(page.getByText('No file came with what was shared')).toBeVisible();
  await page.reload();
  await page.waitForFunction(() => 'porthole' in globalThis);
  await expect(question(page)).toHaveCount(0);
  await expect(page.getByText('No file came with what was shared')).toHaveCount(0);
  expect(await results(page)).toEqual(before);
});

test('inside a frame of another website the page does nothing and offers a tab of its own', async ({
  page,
}) => {
  const site = await startSite(
    `document.body.innerHTML = '<iframe src="${PAGE}" width="1000" height="600"></iframe>';`,
  );
  await page.goto(site);
  const frame = page.frameLocator('iframe');
  await expect(frame.getByText('Another website shows Porthole inside its own page.')).toBeVisible();
  await expect(frame.getByRole('button')).toHaveCount(0);
  const link = frame.getByRole('link');
  await expect(link).toHaveText(['Open Porthole in a tab of its own']);
  await expect(link).toHaveAttribute('rel', 'noopener');
  const inside = page.frames()[1]!;
  expect(
    await inside.evaluate(async () => ({
      databases: await indexedDB.databases(),
      isScripted: 'porthole' in globalThis,
      kept: await navigator.serviceWorker.getRegistrations(),
    })),
  ).toEqual({ databases: [], isScripted: false, kept: [] });
  const [tab] = await Promise.all([page.context().waitForEvent('page'), link.click()]);
  await expect(tab.getByRole('button', { name: 'Try the demo camera' })).toBeVisible();
});

test('shared files whose checking ended the page twice are told, and not checked a third time @long', async ({
  page,
  context,
}) => {
  await openWithCamera(page, demo.snapshots.slice(0, 12));
  await isKept(page);
  await visit(page, await startSite(posting(pictures(demo.snapshots.slice(12, 14))), true));
  await context.addInitScript(() => {
    globalThis.Worker = class extends globalThis.Worker {
      override postMessage(): void {
        // As if something in the files had ended the page: nothing of them is ever done.
      }
    };
  });
  let opened = page;
  for (const told of ['', 'This was started once before and did not finish']) {
    await opened.close();
    opened = await context.newPage();
    await open(opened);
    await expect(question(opened)).toContainText(told);
    await question(opened).getByRole('button', { name: 'Check them' }).click();
    await expect(opened.getByRole('region', { name: 'Progress' })).toBeVisible();
  }
  await opened.close();
  opened = await context.newPage();
  await open(opened);
  await expect(question(opened)).toContainText('This was started twice and never finished');
  await expect(question(opened)).toContainText(basename(demo.snapshots[12]!));
  await expect(question(opened).getByRole('button')).toHaveText(['Discard']);
  await question(opened).getByRole('button', { name: 'Discard' }).click();
  await expect(question(opened)).toHaveCount(0);
  await opened.reload();
  await open(opened);
  expect(await results(opened)).toHaveLength(12);
  await expect(question(opened)).toHaveCount(0);
});
