import { expect, test, type Page } from '@playwright/test';
import { BLANK } from '../addresses';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const servers: Server[] = [];
test.afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

declare const http: typeof import('../../src/features/driftwatch/remote/http');

/** A host of its own, which takes its time between the head of an answer and its body. */
async function startHost(delay: number, address = '127.0.0.1'): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'text/plain' });
    response.write('head ');
    setTimeout(() => response.end('body'), delay);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const host = address.includes(':') ? `[${address}]` : address;
  return `http://${host}:${String((server.address() as AddressInfo).port)}/`;
}

async function load(page: Page): Promise<void> {
  await page.goto(BLANK);
  await page.evaluate(async () => {
    Object.assign(globalThis, { http: await import('/src/features/driftwatch/remote/http.ts') });
  });
}

test('a frame stays until its answer was read, whatever other hosts are asked meanwhile', async ({
  page,
}) => {
  await load(page);
  const [slow, ...others] = await Promise.all([startHost(1000), startHost(0), startHost(0), startHost(0)]);
  const texts = await page.evaluate(
    async ({ slow, others }) => {
      const ask = (url: string) => http.ask(new URL(url), {}, 10_000).then(({ text }) => text);
      const first = ask(slow);
      await new Promise((resolve) => setTimeout(resolve, 300));
      const rest: string[] = [];
      for (const url of others) rest.push(await ask(url));
      return [await first, ...rest];
    },
    { slow, others },
  );
  expect(texts).toEqual(['head body', 'head body', 'head body', 'head body']);
  expect(await page.locator('iframe').count()).toBe(2);
});

test('a host with an IPv6 address is asked as any other', async ({ page }) => {
  await load(page);
  const host = await startHost(0, '::1');
  const text = await page.evaluate(
    (host) => http.ask(new URL(host), {}, 10_000).then(({ text }) => text),
    host,
  );
  expect(text).toBe('head body');
});

test('without the page’s own file for it, the other host is not blamed, and it can be tried again', async ({
  page,
}) => {
  await load(page);
  const host = await startHost(0);
  const ask = () =>
    page.evaluate(
      (host) =>
        http.ask(new URL(host), {}, 10_000).then(
          ({ text }) => text,
          (error: unknown) => String(error),
        ),
      host,
    );
  await page.route('**/request-frame.html', (route) => route.fulfill({ status: 404, body: 'Not found' }));
  expect(await ask()).toBe('AppError: fetch-failed: request-frame.html');
  await page.unroute('**/request-frame.html');
  expect(await ask()).toBe('head body');
});
