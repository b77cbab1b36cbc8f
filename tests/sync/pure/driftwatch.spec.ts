import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { normaliseBaseUrl, unreachableFrom } from '../../../src/core/browser/base-url';
import type { AppError } from '../../../src/core/domain/errors';
import { Access } from '../../../src/features/driftwatch/remote/access';
import { DriftWatch } from '../../../src/features/driftwatch/remote/driftwatch';
import { parseTolerantly } from '../../../src/features/driftwatch/remote/tolerant-json';
import { newPage } from '../../node-page';
import {
  startStandIn,
  type NewMytoken,
  type NewMytokenOptions,
  type StandIn,
  type StandInOptions,
} from '../../stand-in/server';
import { refusalOf } from '../../told';

interface ClientOptions {
  readonly baseUrl: string;
  /** without one, nothing but `reach` can be asked */
  readonly mytoken?: { readonly server: string; readonly token: string };
  readonly timeout?: number;
}

let client: DriftWatch;
/** by which the client's tokens age */
let clock: { now: number };

function openClient({ baseUrl, mytoken = { server: '', token: '' }, timeout = 3000 }: ClientOptions): void {
  newPage();
  const ticking = { now: 0 };
  clock = ticking;
  const access = new Access({
    server: mytoken.server,
    timeout,
    store: { load: async () => mytoken.token, replace: async () => undefined },
    now: () => ticking.now,
  });
  client = new DriftWatch({ baseUrl, access, timeout });
}

/** The code of what a call rejects with, else null. */
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error: unknown) => (error as AppError).code,
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

function openAs(standIn: StandIn, options: NewMytokenOptions): NewMytoken {
  const made = standIn.newMytoken(options);
  const { url } = standIn.driftwatch;
  openClient({ baseUrl: url, mytoken: { server: standIn.mytoken.url, token: made.mytoken } });
  return made;
}

/** How many records of a job there are, or the code of the failure. */
const read = (experimentId: string) =>
  client.driftsOf(experimentId, ['job']).then(
    ({ length }) => length,
    (error: unknown) => (error as AppError).code,
  );

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
  test('a DriftWatch is found, its path must be right, and it must be there', async () => {
    const standIn = await startService();
    openClient({ baseUrl: standIn.driftwatch.url });
    expect(await codeOf(client.reach())).toBeNull();
    expect(standIn.requests.every(({ server }) => server === 'driftwatch')).toBe(true);
    openClient({ baseUrl: `${standIn.driftwatch.origin}/api/v9` });
    expect(await codeOf(client.reach())).toBe('wrong-base-path');
    await standIn.setOnline(false);
    expect(await codeOf(client.reach())).toBe('no-answer');
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
    test(`${claim} is "${code}"`, async () => {
      openClient({ baseUrl: `${await startHost(status, type, body)}/api/v1` });
      expect(await codeOf(client.reach())).toBe(code);
    });
  }
});

test('registering again brings the e-mail up to date', async () => {
  const standIn = await startService();
  openAs(standIn, { email: 'old@example.org' });
  const first = await client.register();
  expect(await client.register()).toEqual(first);
  expect(standIn.users()).toHaveLength(1);
  const asked = standIn.requests
    .filter(({ server, method }) => server === 'driftwatch' && method !== 'OPTIONS')
    .map(({ method, path, status }) => `${method} ${path.replace('/api/v1', '')} ${status}`);
  expect(asked).toEqual(['POST /user 201', 'POST /user 409', 'PUT /user/self 200']);
});

test('who has no access to the platform is told so when registering', async () => {
  const standIn = await startService();
  openAs(standIn, { entitlements: [] });
  expect(await codeOf(client.register())).toBe('no-platform-access');
});

test('a refused read with an old token is tried once more with a new one; with a young one it is believed', async () => {
  const standIn = await startService();
  openAs(standIn, { isRegistered: true });
  const entity = standIn.users()[0]!.id;
  const mine = standIn.seedExperiment({ name: 'mine', permissions: [{ entity, level: 'Read' }] });
  const other = standIn.seedExperiment({ name: 'other' });
  standIn.seedRecord(mine.id, { parameters: { result_id: 'job' } });
  const exchanges = () => standIn.requests.filter(({ path }) => path.endsWith('/token/access')).length;
  expect(await read(mine.id)).toBe(1);
  standIn.expireAccessTokens();
  clock.now += 61_000;
  expect(await read(mine.id)).toBe(1);
  expect(exchanges()).toBe(2);
  expect(await read(other.id)).toBe('not-permitted');
  expect(exchanges()).toBe(2);
});

test('a young token that had expired is suspected too where it is taken for none: the read passes with a new one', async () => {
  const standIn = await startService();
  openAs(standIn, { isRegistered: true });
  const entity = standIn.users()[0]!.id;
  const mine = standIn.seedExperiment({ name: 'mine', permissions: [{ entity, level: 'Read' }] });
  standIn.seedRecord(mine.id, { parameters: { result_id: 'job' } });
  expect(await read(mine.id)).toBe(1);
  standIn.expireAccessTokens();
  clock.now += 30_000;
  expect(await read(mine.id)).toBe(1);
});

test('a lost role, missing permissions and a login service that is down are told apart', async () => {
  const standIn = await startService();
  const { subject } = openAs(standIn, { isRegistered: true });
  const entity = standIn.users()[0]!.id;
  const mine = standIn.seedExperiment({ name: 'mine', permissions: [{ entity, level: 'Manage' }] });
  const other = standIn.seedExperiment({ name: 'other' });
  const sending = () =>
    codeOf(client.send(mine.id, '{"job_status":"Completed","model":"","drift_detected":false}'));
  expect([await sending(), await read(other.id)]).toEqual([null, 'not-permitted']);
  standIn.setRoles(subject, []);
  expect([await sending(), await read(mine.id)]).toEqual(['role-lost', 'role-lost']);
  standIn.setRoles(subject, ['platform-access']);
  standIn.setProviderDown(true);
  expect(await read(mine.id)).toBe('token-refused');
});

test('a clock of the login service that is behind is named as such', async () => {
  const standIn = await startService();
  openAs(standIn, { isRegistered: true });
  const body = JSON.stringify({ code: 401, message: 'Could not verify JWT: Signature has expired' });
  standIn.setFaults(({ server }) => (server === 'driftwatch' ? { kind: 'answer', status: 401, body } : null));
  expect(await codeOf(client.self())).toBe('token-expired');
});

test('an address without /api/v1 is said to be one, with the address that was meant', async () => {
  const standIn = await startService();
  openClient({ baseUrl: `${standIn.driftwatch.origin}/driftwatch` });
  await expect(client.reach()).rejects.toMatchObject({
    code: 'api-path-missing',
    detail: standIn.driftwatch.url,
  });
});

test('a record with NaN hides none of the others, nor itself', async () => {
  const standIn = await startService();
  openAs(standIn, { isRegistered: true });
  const { id } = standIn.seedExperiment({ name: 'open', public: true });
  for (const distance of [0.5, NaN, -Infinity])
    standIn.seedRecord(id, { parameters: { result_id: 'job', distance } });
  const drifts = await client.driftsOf(id, ['job']);
  expect(drifts.map(({ parameters }) => String(parameters['distance'])).sort()).toEqual([
    '-Infinity',
    '0.5',
    'NaN',
  ]);
});

test('all experiments are listed, over several pages', async () => {
  const standIn = await startService();
  openAs(standIn, { isRegistered: true });
  const names = Array.from({ length: 230 }, (_, i) => `camera ${i}`);
  for (const name of names) standIn.seedExperiment({ name });
  const listed: string[] = [];
  for await (const { items } of client.experiments()) listed.push(...items.map(({ name }) => name));
  expect(listed).toEqual(names);
});

test('duplicates that fill more than one page are all found, oldest first', async () => {
  const standIn = await startService();
  openAs(standIn, { isRegistered: true });
  const entity = standIn.users()[0]!.id;
  const { id } = standIn.seedExperiment({ name: 'mine', permissions: [{ entity, level: 'Edit' }] });
  const seed = (result_id: string) => standIn.seedRecord(id, { parameters: { result_id } }).id;
  const twins = Array.from({ length: 150 }, () => seed('twins'));
  const one = seed('one');
  seed('not asked for');
  const found = await client.find(id, ['twins', 'one', 'none']);
  expect([...found].map(([jobId, records]) => [jobId, records.map((record) => record.id)])).toEqual([
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

  test('is read however large its strings are', () => {
    const long = '\\"x'.repeat(1_500_000);
    const records = Array.from({ length: 20_000 }, (_, i) => `{"distance": NaN, "i": ${i}, "text": "a\\"b"}`);
    const text = `[${records.join()}, {"text": ${JSON.stringify(long)}, "plain": "${'x'.repeat(5_000_000)}"}]`;
    const parsed = parseTolerantly(text) as { text?: string; plain?: string }[];
    // Cut off in the middle of a string.
    expect(() => parseTolerantly(`{"a": NaN, "b": "${'\\"'.repeat(100_000)}`)).toThrow(SyntaxError);
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
