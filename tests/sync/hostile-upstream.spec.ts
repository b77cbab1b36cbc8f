import { expect, test, type Page } from '@playwright/test';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { serveDist } from '../../scripts/serve.mjs';
import { host, isThere, OUR_SERVERS, PROGRAMS, type Running } from './driftwatch-servers';

/** Headers that an answer may carry from any DriftWatch: none of them acts on the page's origin. */
const HARMLESS = new Set([
  'cache-control',
  'connection',
  'content-encoding',
  'content-length',
  'content-security-policy',
  'content-type',
  'cross-origin-resource-policy',
  'date',
  'keep-alive',
  'retry-after',
  'server',
  'transfer-encoding',
  'x-content-type-options',
  'x-porthole-upstream',
  // Vite's own, for the origins that its other answers are for.
  'vary',
]);

const HOSTILE_HEADERS = {
  'Accept-CH': 'Sec-CH-UA-Model',
  'Access-Control-Allow-Credentials': 'true',
  'Access-Control-Allow-Origin': '*',
  'Activate-Storage-Access': 'load',
  'Alt-Svc': 'h3="evil.example:443"; ma=2592000',
  'Cache-Control': 'public, max-age=31536000, immutable',
  'Clear-Site-Data': '"*"',
  'Content-Disposition': 'attachment; filename="porthole.html"',
  'Content-Location': 'https://evil.example/',
  'Content-Security-Policy': "default-src * 'unsafe-inline'",
  'Content-Security-Policy-Report-Only': 'default-src none; report-uri https://evil.example/',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'cross-origin',
  Expires: 'Fri, 01 Jan 2100 00:00:00 GMT',
  Link: '</assets/evil.js>; rel=preload; as=script',
  Location: 'https://evil.example/',
  NEL: '{"report_to":"evil","max_age":31536000,"include_subdomains":true}',
  'Origin-Agent-Cluster': '?1',
  'Permissions-Policy': 'camera=*',
  'Public-Key-Pins': 'pin-sha256="AAAA"; max-age=5184000',
  'Referrer-Policy': 'unsafe-url',
  Refresh: '0; url=https://evil.example/',
  'Report-To': '{"group":"evil","max_age":31536000,"endpoints":[{"url":"https://evil.example/"}]}',
  'Reporting-Endpoints': 'evil="https://evil.example/"',
  'Service-Worker-Allowed': '/',
  'Set-Cookie': ['a=1; Path=/', '__Host-b=2; Path=/; Secure'],
  SourceMap: 'https://evil.example/map',
  'Speculation-Rules': '"/rules.json"',
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'Supports-Loading-Mode': 'credentialed-prerender',
  'Timing-Allow-Origin': '*',
  'X-Porthole-Upstream': 'https://evil.example/api/v1',
  'Use-As-Dictionary': 'match="/*"',
  'WWW-Authenticate': 'Basic realm="Porthole"',
  'X-Accel-Redirect': '/secret',
  'X-Content-Type-Options': 'none',
  'X-Frame-Options': 'ALLOWALL',
  'X-SourceMap': 'https://evil.example/map',
};

const EVIL_PAGE = '<!doctype html><script>document.cookie = "ran=1"; parent.ran = true;</script>';

/** Requests that the page never makes: what is wrong, and the statuses that may refuse it. */
const REFUSED: readonly {
  readonly what: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly by: readonly number[];
}[] = [
  { what: 'another page', headers: { 'sec-fetch-site': 'cross-site' }, by: [403] },
  { what: 'another port of this host', headers: { 'sec-fetch-site': 'same-site' }, by: [403] },
  { what: 'the address bar', headers: { 'sec-fetch-site': 'none' }, by: [403] },
  {
    what: 'a link of the page',
    headers: { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'document' },
    by: [403],
  },
  { what: 'a frame', headers: { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'iframe' }, by: [403] },
  { what: 'a script', headers: { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'script' }, by: [403] },
  { what: 'a service worker', headers: { 'service-worker': 'script' }, by: [403] },
  { what: 'an Origin of another host', headers: { origin: 'https://evil.example' }, by: [403] },
  { what: 'an Origin that ends like ours', headers: { origin: 'http://evil.example localhost' }, by: [403] },
  { what: 'an Origin that is none', headers: { origin: 'null' }, by: [403] },
  { what: 'an Origin of another port', headers: { origin: 'http://localhost:1' }, by: [403] },
  { what: 'PATCH', method: 'PATCH', by: [405] },
  { what: 'OPTIONS', method: 'OPTIONS', by: [405, 204] },
  { what: 'HEAD', method: 'HEAD', by: [405] },
  { what: 'TRACE', method: 'TRACE', by: [405] },
  { what: 'PROPFIND', method: 'PROPFIND', by: [405] },
  { what: 'a step up', path: '/driftwatch/../secret', by: [400, 404, 200] },
  { what: 'a step up inside', path: '/driftwatch/a/../b', by: [400] },
  { what: 'a step nowhere', path: '/driftwatch/./b', by: [400] },
  { what: 'a step up at the end', path: '/driftwatch/a/..', by: [400] },
  { what: 'an encoded step up', path: '/driftwatch/%2e%2e/secret', by: [400, 404, 200] },
  { what: 'an encoded step up inside', path: '/driftwatch/a/%2E%2e/b', by: [400] },
  { what: 'a half encoded step up inside', path: '/driftwatch/a/.%2e/b', by: [400] },
  { what: 'an empty part', path: '/driftwatch//evil.example/', by: [400] },
  { what: 'a backslash', path: '/driftwatch/a\\..\\b', by: [400] },
  { what: 'an encoded slash', path: '/driftwatch/a%2fb', by: [400] },
  { what: 'an encoded backslash', path: '/driftwatch/a%5Cb', by: [400] },
  { what: 'a path that is encoded twice', path: '/driftwatch/a/%252e%252e/b', by: [400] },
  { what: 'a line break', path: '/driftwatch/a%0d%0aX:y', by: [400] },
  { what: 'NUL', path: '/driftwatch/a%00b', by: [400] },
  { what: 'a fragment', path: '/driftwatch/a#b', by: [400] },
];

for (const [name, start] of Object.entries({ ...OUR_SERVERS, ...PROGRAMS })) {
  // The server of `npm run dev` takes seconds to start.
  test.describe(name === 'vite' ? `${name} @long` : name, () => {
    test.skip(() => name in PROGRAMS && !isThere(name), `${name} is not installed`);

    const seen: IncomingMessage[] = [];
    let answer: { status: number; headers: Record<string, string | string[]>; body: string };
    const running: Running[] = [];
    let upstream: Running;
    let server: Running;

    test.beforeEach(() => {
      seen.length = 0;
      answer = { status: 200, headers: HOSTILE_HEADERS, body: EVIL_PAGE };
    });
    test.beforeAll(async () => {
      upstream = await host((message, response) => {
        seen.push(message);
        message.resume();
        response.writeHead(answer.status, answer.headers).end(answer.body);
      });
      running.push(upstream);
      server = await start(`${upstream.origin}/api/v1`);
      running.push(server);
    });
    test.afterAll(async () => {
      for (const one of running.splice(0).reverse()) await one.close();
    });

    /** Sends exactly this, which a browser or `fetch` would tidy up first. */
    async function ask(
      path: string,
      { method = 'GET', headers = {} }: { method?: string; headers?: Readonly<Record<string, string>> } = {},
    ) {
      const { host, port } = new URL(server.origin);
      const sent = request({ host: '127.0.0.1', port, path, method, headers: { host, ...headers } }).end();
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      return { status: response.statusCode, headers: response.headers, body: await text(response) };
    }

    test('an answer is data without a say over the origin, whatever DriftWatch sends', async () => {
      const json = 'application/json';
      for (const [status, type] of [
        [200, 'text/html; charset=utf-8'],
        [200, 'image/svg+xml'],
        [200, 'text/javascript'],
        [200, 'application/jsonp'],
        [200, json],
        [401, 'text/html'],
        [404, 'application/xhtml+xml'],
        [503, json],
      ] as const) {
        answer.status = status;
        answer.headers = {
          ...HOSTILE_HEADERS,
          'Content-Type': type,
          'Retry-After': '7',
        };
        const { headers, ...rest } = await ask('/driftwatch/experiment', { method: 'POST' });
        expect(rest, type).toEqual({ status, body: EVIL_PAGE });
        expect(
          Object.keys(headers).filter((header) => !HARMLESS.has(header)),
          type,
        ).toEqual([]);
        expect(headers, type).toMatchObject({
          'cache-control': 'no-store',
          'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
          'cross-origin-resource-policy': 'same-origin',
          'x-content-type-options': 'nosniff',
          'retry-after': '7',
        });
        expect(headers['x-porthole-upstream'], type).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/v1$/);
        expect(headers['content-type'], type).toMatch(
          type === json ? /^application\/json$/ : /^(application\/json|text\/plain; charset=utf-8)$/,
        );
      }
    });

    test('a redirect is a wrong address, and the token goes nowhere else', async () => {
      const elsewhere = await host((message, response) => {
        seen.push(message);
        response.end();
      });
      for (const status of [301, 302, 303, 304, 307, 308]) {
        answer.status = status;
        answer.headers = { Location: `${elsewhere.origin}/steal`, 'Content-Type': 'text/html' };
        const { headers, ...rest } = await ask('/driftwatch/experiment', {
          method: 'POST',
          headers: { authorization: 'Bearer a.b.c' },
        });
        expect(rest.status, String(status)).toBe(404);
        expect(headers).not.toHaveProperty('location');
      }
      expect(seen.map(({ url }) => url)).toEqual(Array(6).fill('/api/v1/experiment'));
      await elsewhere.close();
    });

    test('DriftWatch gets the token and the body, and nothing else of the person', async () => {
      const own = server.origin;
      await ask('/driftwatch/experiment/a%20b?page=2&q=a/b', {
        method: 'PUT',
        headers: {
          accept: '*/*',
          authorization: 'Bearer a.b.c',
          'content-type': 'application/json',
          cookie: 'of=another',
          expect: '100-continue',
          forwarded: 'for=192.0.2.1',
          origin: own,
          referer: `${own}/`,
          'sec-fetch-dest': 'empty',
          'sec-fetch-mode': 'cors',
          'sec-fetch-site': 'same-origin',
          'x-forwarded-for': '192.0.2.1',
          'x-forwarded-host': 'evil.example',
        },
      });
      expect(seen).toHaveLength(1);
      const { method, url, headers } = seen[0]!;
      expect([method, url]).toEqual(['PUT', '/api/v1/experiment/a%20b?page=2&q=a/b']);
      expect(headers).toMatchObject({
        authorization: 'Bearer a.b.c',
        'content-type': 'application/json',
        host: new URL(upstream.origin).host,
      });
      const tells = /^(cookie|forwarded|origin|referer|sec-.*|x-.*|proxy-.*|via)$/;
      expect(Object.keys(headers).filter((header) => tells.test(header))).toEqual([]);
    });

    test('what the page never asks is not forwarded', async () => {
      for (const { what, method, path = '/driftwatch/experiment', headers = {}, by } of REFUSED) {
        const { status, body } = await ask(path, { ...(method && { method }), headers });
        expect(by, what).toContain(status);
        expect(body, what).not.toContain('script');
      }
      const { status } = await ask(`http://evil.example/driftwatch/experiment`);
      expect.soft(status, 'an address with a host').not.toBe(500);
      expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([]);
      await ask('/driftwatch/experiment');
      expect(seen).toHaveLength(1);
    });

    test('in a browser a hostile answer runs nowhere and deletes nothing', async ({ page }) => {
      await page.goto(`${server.origin}/tests/blank.html`);
      await page.evaluate(keepSomething);
      answer.headers = { ...HOSTILE_HEADERS, 'Content-Type': 'text/html' };
      expect(await page.evaluate(() => fetch('/driftwatch/x').then((got) => got.text()))).toBe(EVIL_PAGE);
      expect(seen).toHaveLength(1);
      expect(await page.evaluate(keptThings)).toEqual(['snapshots']);

      answer = {
        status: 200,
        headers: { 'Content-Type': 'text/javascript', 'Service-Worker-Allowed': '/' },
        body: 'self.ran = true',
      };
      expect(await page.evaluate(tryToRun)).toEqual({ ran: false, worker: 'error', serviceWorker: false });
      await page.goto(`${server.origin}/driftwatch/x`);
      expect(await page.evaluate(() => 'ran' in self)).toBe(false);
      expect(await page.context().cookies()).toEqual([]);
      expect(seen).toHaveLength(1);
      await page.goto(`${server.origin}/tests/blank.html`);
      expect(await page.evaluate(keptThings)).toEqual(['snapshots']);
    });

    test('a page of another origin reaches nothing', async ({ page }) => {
      const other = await host((_message, response) => {
        response.setHeader('content-type', 'text/html').end('<!doctype html>');
      });
      // Another site, and another origin of the same site.
      for (const origin of [other.origin, other.origin.replace('127.0.0.1', 'localhost')]) {
        await page.goto(origin);
        await askBlindly(page, server.origin);
      }
      await other.close();
      expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([]);
    });
  });
}

async function keepSomething() {
  await new Promise((resolve, reject) => {
    const opening = indexedDB.open('snapshots');
    opening.onsuccess = resolve;
    opening.onerror = reject;
  });
}

async function keptThings() {
  return (await indexedDB.databases()).map(({ name }) => name);
}

/** Tries to run the answer as a script, as a worker and as a service worker. */
async function tryToRun() {
  const script = document.createElement('script');
  script.src = '/driftwatch/x.js';
  await new Promise((resolve) => {
    script.onload = script.onerror = resolve;
    document.head.append(script);
  });
  const worker = await new Promise((resolve) => {
    const started = new Worker('/driftwatch/x.js');
    started.onerror = () => resolve('error');
    started.onmessage = () => resolve('message');
  });
  const serviceWorker = await navigator.serviceWorker.register('/driftwatch/x.js', { scope: '/' }).then(
    () => true,
    () => false,
  );
  return { ran: 'ran' in self, worker, serviceWorker };
}

/** Requests that a page may send to any host without its leave. */
async function askBlindly(page: Page, target: string): Promise<void> {
  await page.evaluate(async (target) => {
    const address = `${target}/driftwatch/experiment`;
    await fetch(address, { mode: 'no-cors' }).catch(() => undefined);
    await fetch(address, { method: 'POST', mode: 'no-cors', body: '{}' }).catch(() => undefined);
    await fetch(address, {
      method: 'POST',
      headers: { authorization: 'Bearer a', 'content-type': 'application/json' },
      body: '{}',
    }).catch(() => undefined);
    const image = new Image();
    await new Promise((resolve) => {
      image.onload = image.onerror = resolve;
      image.src = address;
    });
  }, target);
}

test('an answer that Node can not repeat ends no server @long', async () => {
  let wire = '';
  const upstream = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(wire));
  }).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const root = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/api/v1`;
  for (const start of Object.values(OUR_SERVERS)) {
    const server = await start(root);
    for (const answer of [
      'HTTP/1.1 000 None\r\nContent-Length: 2\r\n\r\n[]',
      'HTTP/1.1 999 All\r\nContent-Length: 2\r\n\r\n[]',
      'HTTP/1.1 200 \x01\x7f\xff\r\nContent-Length: 2\r\n\r\n[]',
      'HTTP/1.1 200 OK\r\nRetry-After: \xff\xfe\r\nContent-Length: 2\r\n\r\n[]',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
      'HTTP/1.1 103 Early Hints\r\nLink: </evil.js>; rel=preload\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n[]',
      'nothing of the kind',
    ]) {
      wire = answer;
      const got = await fetch(`${server.origin}/driftwatch/x`).then(
        async (response) => [response.status, await response.text()],
        () => 'no answer',
      );
      expect([[200, '[]'], 'no answer', [502, expect.stringContaining(root)]], answer).toContainEqual(got);
    }
    wire = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine';
    expect(await (await fetch(`${server.origin}/driftwatch/x`)).text()).toBe('fine');
    await server.close();
  }
  upstream.close();
});

test('a name that somebody else pointed here is refused, page and path', async () => {
  const upstream = await host((_message, response) => response.end('[]'));
  const server = await serveDist({ driftwatch: `${upstream.origin}/api/v1` });
  const { port } = new URL(server.address);
  const statusOf = async (host: string, path: string) => {
    const sent = request({ host: '127.0.0.1', port, path, headers: { host } }).end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    return response.statusCode;
  };
  for (const path of ['/', '/driftwatch/x']) {
    for (const own of ['localhost', '127.0.0.1', '[::1]']) {
      expect(await statusOf(`${own}:${port}`, path), own).not.toBe(403);
    }
    for (const foreign of [
      `evil.example:${port}`,
      `localhost.evil.example:${port}`,
      `evil.localhost:${port}`,
      'localhost:1',
      'localhost',
      `192.0.2.1:${port}`,
    ]) {
      expect(await statusOf(foreign, path), foreign).toBe(403);
    }
  }
  process.env['PORTHOLE_HOST'] = 'lab-pc';
  expect(await statusOf('lab-pc:9000', '/driftwatch/x')).toBe(200);
  expect(await statusOf(`evil.example:${port}`, '/')).toBe(403);
  delete process.env['PORTHOLE_HOST'];
  await server.close();
  await upstream.close();
});

test('a name that somebody else pointed here is refused by the server of `npm run dev` too @long', async () => {
  const vite = await OUR_SERVERS['vite']!('http://127.0.0.1:9/api/v1');
  const sent = request(`${vite.origin}/driftwatch/x`, { headers: { host: 'evil.example' } }).end();
  expect(((await once(sent, 'response')) as [IncomingMessage])[0].statusCode).toBe(403);
  await vite.close();
});
