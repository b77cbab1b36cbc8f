import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, type Page } from '@playwright/test';
import { normaliseBaseUrl, unreachableFrom } from '../../src/core/browser/base-url';
import { parseTolerantly } from '../../src/features/driftwatch/remote/tolerant-json';
import {
  startStandIn,
  type NewMytoken,
  type NewMytokenOptions,
  type StandIn,
  type StandInOptions,
} from '../stand-in/server';
import { refusalOf } from '../told';
import { test } from '../shared-page';

declare const client: import('../../src/features/driftwatch/remote/driftwatch').DriftWatch;
declare const clock: { now: number };

interface ClientOptions {
  readonly baseUrl: string;
  /** without one, nothing but `reach` can be asked */
  readonly mytoken?: { readonly server: string; readonly token: string };
  readonly timeout?: number;
}

/** Opens a page with a client as `client`, whose tokens age by `clock`; its errors come out as `code: detail`. */
async function openClient(page: Page, options: ClientOptions): Promise<void> {
  await page.evaluate(async ({ baseUrl, mytoken = { server: '', token: '' }, timeout = 3000 }) => {
    const { DriftWatch } = await import('/src/features/driftwatch/remote/driftwatch.ts');
    const { Access } = await import('/src/features/driftwatch/remote/access.ts');
    const clock = { now: 0 };
    const access = new Access({
      server: mytoken.server,
      timeout,
      store: { load: async () => mytoken.token, replace: async () => undefined },
      now: () => clock.now,
    });
    const client = new DriftWatch({ baseUrl, access, timeout });
    Object.assign(globalThis, { client, clock });
  }, options);
}

/** The code of what a call rejects with, else null. */
const reach = (page: Page) =>
  page.evaluate(() =>
    client.reach().then(
      () => null,
      (error: unknown) => (error as { code: string }).code,
    ),
  );

const started: { close: () => unknown }[] = [];
test.afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.close()));
});

async function startService(options: StandInOptions = {}): Promise<StandIn> {
  const standIn = await startStandIn({ cors: true, rateLimit: null, ...options });
  started.push(standIn);
  return standIn;
}

async function openAs(page: Page, standIn: StandIn, options: NewMytokenOptions): Promise<NewMytoken> {
  const made = standIn.newMytoken(options);
  const { url } = standIn.driftwatch;
  await openClient(page, { baseUrl: url, mytoken: { server: standIn.mytoken.url, token: made.mytoken } });
  return made;
}

/** A host that gives the same answer to everything, as static hosts and proxies do. @returns its address */
async function startHost(status: number, type: string, body: string): Promise<string> {
  const server: Server = createServer((request, response) => {
    const allowed = {
      'access-control-allow-origin': '*',
      'access-control-allow-headers': '*',
      'access-control-allow-methods': '*',
    };
    const isPreflight = request.method === 'OPTIONS';
    response
      .writeHead(isPreflight ? 204 : status, { ...allowed, ...(!isPreflight && { 'content-type': type }) })
      .end(isPreflight ? undefined : body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  started.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.describe('an address is tested without a token:', () => {
  test('a DriftWatch is found, its path must be right, and it must be there', async ({ page }) => {
    const standIn = await startService();
    await openClient(page, { baseUrl: standIn.driftwatch.url });
    expect(await reach(page)).toBeNull();
    expect(standIn.requests.every(({ server }) => server === 'driftwatch')).toBe(true);
    await openClient(page, { baseUrl: `${standIn.driftwatch.origin}/api/v9` });
    expect(await reach(page)).toBe('wrong-base-path');
    await standIn.setOnline(false);
    expect(await reach(page)).toBe('no-answer');
  });

  test('one that other pages may not read is told from one that is not there', async ({ page }) => {
    const standIn = await startService({ cors: false });
    await openClient(page, { baseUrl: standIn.driftwatch.url });
    expect(await reach(page)).toBe('cors-blocked');
    await standIn.setOnline(false);
    expect(await reach(page)).toBe('no-answer');
  });

  const HTML = '<!doctype html><title>Welcome</title>';
  const HOSTS: readonly (readonly [
    claim: string,
    status: number,
    type: string,
    body: string,
    code: string,
  ])[] = [
    ['a static host that answers everything with its page', 200, 'text/html', HTML, 'wrong-base-path'],
    ['a page that says "not found"', 404, 'text/html', HTML, 'wrong-base-path'],
    ['a host that takes no POST', 405, 'text/html', HTML, 'wrong-base-path'],
    ['another service with JSON', 200, 'application/json', '{"status":"ok"}', 'wrong-base-path'],
    ['a proxy without its backend', 502, 'text/html', HTML, 'gateway-failed'],
    ['a proxy that closes for a while', 503, 'text/html', HTML, 'server-busy'],
  ];
  for (const [claim, status, type, body, code] of HOSTS) {
    test(`${claim} is "${code}"`, async ({ page }) => {
      await openClient(page, { baseUrl: `${await startHost(status, type, body)}/api/v1` });
      expect(await reach(page)).toBe(code);
    });
  }
});

test('registering again brings the e-mail up to date', async ({ page }) => {
  const standIn = await startService();
  await openAs(page, standIn, { email: 'old@example.org' });
  const register = () => page.evaluate(() => client.register());
  const first = await register();
  expect(await register()).toEqual(first);
  expect(standIn.users()).toHaveLength(1);
  const asked = standIn.requests
    .filter(({ server, method }) => server === 'driftwatch' && method !== 'OPTIONS')
    .map(({ method, path, status }) => `${method} ${path.replace('/api/v1', '')} ${status}`);
  expect(asked).toEqual(['POST /user 201', 'POST /user 409', 'PUT /user/self 200']);
});

test('who has no access to the platform is told so when registering', async ({ page }) => {
  const standIn = await startService();
  await openAs(page, standIn, { entitlements: [] });
  const code = await page.evaluate(() =>
    client.register().catch((error: unknown) => (error as { code: string }).code),
  );
  expect(code).toBe('no-platform-access');
});

test('a refused read with an old token is tried once more with a new one; with a young one it is believed', async ({
  page,
}) => {
  const standIn = await startService();
  await openAs(page, standIn, { isRegistered: true });
  const entity = standIn.users()[0]!.id;
  const mine = standIn.seedExperiment({ name: 'mine', permissions: [{ entity, level: 'Read' }] });
  const other = standIn.seedExperiment({ name: 'other' });
  standIn.seedRecord(mine.id, { parameters: { result_id: 'job' } });
  const exchanges = () => standIn.requests.filter(({ path }) => path.endsWith('/token/access')).length;
  const read = (id: string) =>
    page.evaluate(
      (id) =>
        client.driftsOf(id, ['job']).then(
          ({ length }) => length,
          (error: unknown) => (error as { code: string }).code,
        ),
      id,
    );
  expect(await read(mine.id)).toBe(1);
  standIn.expireAccessTokens();
  await page.evaluate(() => (clock.now += 61_000));
  expect(await read(mine.id)).toBe(1);
  expect(exchanges()).toBe(2);
  expect(await read(other.id)).toBe('not-permitted');
  expect(exchanges()).toBe(2);
});

const codeOfReading = (page: Page, id: string) =>
  page.evaluate(
    (id) =>
      client.driftsOf(id, ['job']).then(
        ({ length }) => String(length),
        (error: unknown) => (error as { code: string }).code,
      ),
    id,
  );

test('a young token that had expired is suspected too where it is taken for none: the read passes with a new one', async ({
  page,
}) => {
  const standIn = await startService();
  await openAs(page, standIn, { isRegistered: true });
  const entity = standIn.users()[0]!.id;
  const mine = standIn.seedExperiment({ name: 'mine', permissions: [{ entity, level: 'Read' }] });
  standIn.seedRecord(mine.id, { parameters: { result_id: 'job' } });
  expect(await codeOfReading(page, mine.id)).toBe('1');
  standIn.expireAccessTokens();
  await page.evaluate(() => (clock.now += 30_000));
  expect(await codeOfReading(page, mine.id)).toBe('1');
});

test('a lost role, missing permissions and a login service that is down are told apart', async ({ page }) => {
  const standIn = await startService();
  const { subject } = await openAs(page, standIn, { isRegistered: true });
  const entity = standIn.users()[0]!.id;
  const mine = standIn.seedExperiment({ name: 'mine', permissions: [{ entity, level: 'Manage' }] });
  const other = standIn.seedExperiment({ name: 'other' });
  const sending = () =>
    page.evaluate(
      (id) =>
        client.send(id, '{"job_status":"Completed","model":"","drift_detected":false}').then(
          () => 'sent',
          (error: unknown) => (error as { code: string }).code,
        ),
      mine.id,
    );
  expect([await sending(), await codeOfReading(page, other.id)]).toEqual(['sent', 'not-permitted']);
  standIn.setRoles(subject, []);
  expect([await sending(), await codeOfReading(page, mine.id)]).toEqual(['role-lost', 'role-lost']);
  standIn.setRoles(subject, ['platform-access']);
  standIn.setProviderDown(true);
  expect(await codeOfReading(page, mine.id)).toBe('token-refused');
});

test('a clock of the login service that is behind is named as such', async ({ page }) => {
  const standIn = await startService();
  await openAs(page, standIn, { isRegistered: true });
  const body = JSON.stringify({ code: 401, message: 'Could not verify JWT: Signature has expired' });
  standIn.setFaults(({ server }) => (server === 'driftwatch' ? { kind: 'answer', status: 401, body } : null));
  const code = await page.evaluate(() =>
    client.self().catch((error: unknown) => (error as { code: string }).code),
  );
  expect(code).toBe('token-expired');
});

test('an address without /api/v1 is said to be one, with the address that was meant', async ({ page }) => {
  const standIn = await startService();
  await openClient(page, { baseUrl: `${standIn.driftwatch.origin}/driftwatch` });
  const told = await page.evaluate(() =>
    client.reach().catch((error: unknown) => {
      const { code, detail } = error as { code: string; detail: string };
      return `${code} ${detail}`;
    }),
  );
  expect(told).toBe(`api-path-missing ${standIn.driftwatch.url}`);
});

test('a record with NaN hides none of the others, nor itself', async ({ page }) => {
  const standIn = await startService();
  await openAs(page, standIn, { isRegistered: true });
  const { id } = standIn.seedExperiment({ name: 'open', public: true });
  for (const distance of [0.5, NaN, -Infinity])
    standIn.seedRecord(id, { parameters: { result_id: 'job', distance } });
  const distances = await page.evaluate(async (id) => {
    const drifts = await client.driftsOf(id, ['job']);
    return drifts.map(({ parameters }) => String(parameters['distance']));
  }, id);
  expect(distances.sort()).toEqual(['-Infinity', '0.5', 'NaN']);
});

test('all experiments are listed, over several pages', async ({ page }) => {
  const standIn = await startService();
  await openAs(page, standIn, { isRegistered: true });
  const names = Array.from({ length: 230 }, (_, i) => `camera ${i}`);
  for (const name of names) standIn.seedExperiment({ name });
  const listed = await page.evaluate(async () => {
    const all: string[] = [];
    for await (const { items } of client.experiments()) all.push(...items.map(({ name }) => name));
    return all;
  });
  expect(listed).toEqual(names);
});

test('duplicates that fill more than one page are all found, oldest first', async ({ page }) => {
  const standIn = await startService();
  await openAs(page, standIn, { isRegistered: true });
  const entity = standIn.users()[0]!.id;
  const { id } = standIn.seedExperiment({ name: 'mine', permissions: [{ entity, level: 'Edit' }] });
  const seed = (result_id: string) => standIn.seedRecord(id, { parameters: { result_id } }).id;
  const twins = Array.from({ length: 150 }, () => seed('twins'));
  const one = seed('one');
  seed('not asked for');
  const found = await page.evaluate(async (id) => {
    const found = await client.find(id, ['twins', 'one', 'none']);
    return [...found].map(([jobId, records]) => [jobId, records.map((record) => record.id)]);
  }, id);
  expect(found).toEqual([
    ['twins', twins],
    ['one', [one]],
  ]);
});

test.describe('JSON as Python writes it', () => {
  test('has NaN and the infinities as numbers', () => {
    const text = '{"a": NaN, "b": [Infinity, -Infinity, -1, NaN], "c": {"d":NaN}}';
    expect(parseTolerantly(text)).toEqual({ a: NaN, b: [Infinity, -Infinity, -1, NaN], c: { d: NaN } });
  });

  test('keeps them as text inside of strings, whatever is escaped there', () => {
    const texts = ['NaN', 'a NaN, -Infinity', '"NaN"', '\\', '\\"NaN', 'NaN\\', '\n"', '\u0000', '🐟 NaN'];
    const parsed = parseTolerantly(`{"texts": ${JSON.stringify(texts)}, "NaN": NaN}`);
    expect(parsed).toEqual({ texts, NaN: NaN });
  });

  test('is refused when it is not JSON otherwise', () => {
    for (const text of ['', '<html>NaN</html>', '{"a": NaN', 'NaNs', '[--Infinity]', '[nan]']) {
      expect(() => parseTolerantly(text), text).toThrow(SyntaxError);
    }
  });

  test('is read however deeply it is nested', () => {
    const nested = `${'['.repeat(50_000)}NaN${']'.repeat(50_000)}`;
    expect(parseTolerantly(nested)).toBeInstanceOf(Array);
  });

  test('is read within a second however large its strings are', () => {
    const long = '\\"x'.repeat(1_500_000);
    const records = Array.from({ length: 20_000 }, (_, i) => `{"distance": NaN, "i": ${i}, "text": "a\\"b"}`);
    const text = `[${records.join()}, {"text": ${JSON.stringify(long)}, "plain": "${'x'.repeat(5_000_000)}"}]`;
    const began = performance.now();
    const parsed = parseTolerantly(text) as { text?: string; plain?: string }[];
    // Cut off in the middle of a string.
    expect(() => parseTolerantly(`{"a": NaN, "b": "${'\\"'.repeat(100_000)}`)).toThrow(SyntaxError);
    expect(performance.now() - began).toBeLessThan(5000);
    expect(parsed).toHaveLength(20_001);
    expect(parsed.at(-1)?.text).toBe(long);
  });
});

test.describe('an address', () => {
  const ADDRESSES: readonly (readonly [written: string, root: string])[] = [
    ['https://driftwatch.example', 'https://driftwatch.example/api/v1'],
    ['https://driftwatch.example/', 'https://driftwatch.example/api/v1'],
    ['  driftwatch.example  ', 'https://driftwatch.example/api/v1'],
    ['localhost:8080', 'https://localhost:8080/api/v1'],
    ['::1', 'https://[::1]/api/v1'],
    ['2001:DB8::1', 'https://[2001:db8::1]/api/v1'],
    ['[2001:db8::1]:8443', 'https://[2001:db8::1]:8443/api/v1'],
    ['http://[::1]:8090', 'http://[::1]:8090/api/v1'],
    ['HTTPS://DriftWatch.Example:443/api/latest//', 'https://driftwatch.example/api/latest'],
    ['http://127.0.0.1:8000/a%20b', 'http://127.0.0.1:8000/a%20b'],
    ['/driftwatch', '/driftwatch'],
    ['/driftwatch/', '/driftwatch'],
    ['/some/where/../api', '/some/api'],
    ['//driftwatch.example/api', 'https://driftwatch.example/api'],
  ];
  for (const [written, root] of ADDRESSES) {
    test(`"${written}" is ${root}`, () => {
      expect(normaliseBaseUrl(written)).toBe(root);
      expect(normaliseBaseUrl(root)).toBe(root);
    });
  }

  const PROBLEMS: readonly (readonly [written: string, problem: string])[] = [
    ['', 'it is empty'],
    ['   ', 'it is empty'],
    ['/', 'it is only a slash'],
    ['/api?x=1', 'it has a query or a fragment'],
    ['/api#x', 'it has a query or a fragment'],
    ['https://driftwatch.example/?x=1', 'it has a query or a fragment'],
    ['https://driftwatch.example/#x', 'it has a query or a fragment'],
    ['ftp://driftwatch.example', 'it must begin with https:// or http://'],
    ['https://me:secret@driftwatch.example', 'it holds a password'],
    ['/\\[', 'it is not a URL'],
    ['/\\driftwatch.example/api', 'it names another host'],
    ['/.//driftwatch.example/api', 'it names another host'],
    ['https://', 'it is not a URL'],
    // Chromium would take this for a host.
    ['my driftwatch', 'it has a blank in it'],
    ['http://127.0.0.1:8000/a b', 'it has a blank in it'],
    ['/my driftwatch', 'it has a blank in it'],
  ];
  for (const [written, problem] of PROBLEMS) {
    test(`"${written}" can't be one: ${problem}`, () => {
      expect(refusalOf(() => normaliseBaseUrl(written))).toBe(`address: ${problem}`);
    });
  }

  test('with http is out of reach of a page with https, unless it is this machine', () => {
    const page = new URL('https://someone.github.io/porthole/');
    expect(unreachableFrom('http://driftwatch.example/api/v1', page)).not.toBeNull();
    expect(unreachableFrom('http://127.evil.example/api/v1', page)).not.toBeNull();
    const within = ['https://driftwatch.example/api/v1', '/driftwatch', 'http://localhost:8000/api/v1'];
    for (const root of [...within, 'http://127.0.0.1:8000/api/v1', 'http://[::1]:8000/api/v1']) {
      expect(unreachableFrom(root, page), root).toBeNull();
    }
    expect(
      unreachableFrom('http://driftwatch.example/api/v1', new URL('http://192.168.1.5:8000/')),
    ).toBeNull();
  });
});
