import { expect } from '@playwright/test';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PAGE } from '../addresses';
import { test } from './support';

test.use({ isKept: true });

const started: { close: () => Promise<void> }[] = [];
test.afterEach(async () => {
  await Promise.all(started.splice(0).map((site) => site.close()));
});

/** A website of somebody else that shows the page in a frame: another port is another origin. */
async function startSite(): Promise<string> {
  const server = createServer((_, response) => {
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(`<!doctype html><iframe src="${PAGE}" width="1000" height="600"></iframe>`);
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

test('inside a frame of another website the page does nothing and offers a tab of its own', async ({
  page,
}) => {
  await page.goto(await startSite());
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
