import { expect, type Page } from '@playwright/test';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from '../shared-page';

/** Runs in a page served by Vite, against a server of another origin that answers as mytoken does. */
declare const mytoken: typeof import('../../src/features/driftwatch/remote/mytoken');

interface Reply {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
  /** How the rate limiter answers, which runs before CORS; or not at all. */
  how?: 'without-cors' | 'never';
}
interface Seen {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

const TOKEN = 'aaaaaaaa.bbbbbbbb.cccccccc';
const PATHS = {
  access_token_endpoint: '/api/v0/token/access',
  tokeninfo_endpoint: '/api/v0/tokeninfo',
  revocation_endpoint: '/api/v0/token/revoke',
};

let server: Server;
let origin: string;
let seen: Seen[];
let reply: Reply;

test.beforeEach(async ({ page }) => {
  seen = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      seen.push({ method, path, headers, body });
      // mytoken's CORS: any origin, the headers that were asked for, nothing exposed
      if (reply.how !== 'without-cors') response.setHeader('Access-Control-Allow-Origin', '*');
      if (method === 'OPTIONS') {
        response.setHeader('Access-Control-Allow-Methods', 'GET,POST,HEAD,PUT,DELETE,PATCH');
        response.setHeader('Access-Control-Allow-Headers', headers['access-control-request-headers'] ?? '');
        response.writeHead(204).end();
        return;
      }
      if (reply.how === 'never') return;
      const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
      response.writeHead(reply.status, reply.headers).end(reply.status === 204 ? undefined : text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  await page.evaluate(async () => {
    const module = await import('/src/features/driftwatch/remote/mytoken.ts');
    Object.assign(globalThis, { mytoken: module });
  });
});

test.afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const endpoints = () =>
  Object.fromEntries(Object.entries(PATHS).map(([name, path]) => [name, `${origin}${path}`]));

/** Calls one function with this server's endpoints, and gives its result or its error. */
async function call(page: Page, name: 'exchange' | 'introspect' | 'revoke', secret = TOKEN, timeout = 5000) {
  return page.evaluate(
    async ({ name, secret, timeout, origin, paths }) => {
      const endpoints = {
        accessToken: new URL(paths.access_token_endpoint, origin),
        tokeninfo: new URL(paths.tokeninfo_endpoint, origin),
        revocation: new URL(paths.revocation_endpoint, origin),
      };
      try {
        return { value: await mytoken[name](endpoints, secret, timeout) };
      } catch (error) {
        const { code, detail, message, stack, cause } = error as Record<string, unknown>;
        return { code, detail, all: [message, stack, cause].map(String).join('\n') };
      }
    },
    { name, secret, timeout, origin, paths: PATHS },
  );
}

async function discover(page: Page, server: string) {
  return page.evaluate(async (server) => {
    const { told } = await import('/tests/told.ts');
    try {
      const found = await mytoken.discover(server, 5000);
      return Object.values(found).map((url: URL | null) => url?.href ?? null);
    } catch (error) {
      return told(error);
    }
  }, server);
}

test('discovery finds the endpoints, with null for those that are switched off', async ({ page }) => {
  reply = { status: 200, body: { issuer: origin, ...endpoints(), providers_supported: [] } };
  expect(await discover(page, `${origin}/`)).toEqual(Object.values(endpoints()));
  expect(seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /.well-known/mytoken-configuration',
  ]);

  const { access_token_endpoint } = endpoints();
  reply = { status: 200, body: { access_token_endpoint } };
  expect(await discover(page, `${origin}/under`)).toEqual([access_token_endpoint, null, null]);
  expect(seen.at(-1)?.path).toBe('/under/.well-known/mytoken-configuration');
});

test('a discovery document cannot lead tokens to a plain-http host or another scheme', async ({ page }) => {
  for (const address of [
    'http://mytoken.example/at',
    'javascript:0',
    '//x',
    'https://a:b@mytoken.example/',
  ]) {
    reply = { status: 200, body: { ...endpoints(), access_token_endpoint: address } };
    expect(await discover(page, origin)).toBe('mytoken-failed: access_token_endpoint');
  }
  await page.route('https://mytoken.example/**', (route) =>
    route.fulfill({ headers: { 'Access-Control-Allow-Origin': '*' }, json: endpoints() }),
  );
  expect(await discover(page, 'https://mytoken.example')).toBe('mytoken-failed: access_token_endpoint');
});

test('a server’s address must be https, or on this computer', async ({ page }) => {
  for (const address of ['http://mytoken.example', 'ftp://mytoken.example', 'mytok.eu', '']) {
    expect(await discover(page, address)).toBe('address: it must begin with https://');
  }
  expect(seen).toEqual([]);
});

test('a page that is no discovery document is a failed server, not a surprise', async ({ page }) => {
  reply = { status: 404, body: '<html>Not found</html>' };
  expect(await discover(page, origin)).toBe('mytoken-failed: HTTP 404');
  reply = { status: 200, body: '<html>Welcome</html>' };
  expect(await discover(page, origin)).toBe('mytoken-failed: HTTP 200');
  reply = { status: 200, body: { issuer: origin } };
  expect(await discover(page, origin)).toBe('mytoken-failed: access_token_endpoint');
});

test('an exchange is a form, which needs no preflight, without cookies and referrer', async ({ page }) => {
  reply = { status: 200, body: { access_token: 'at', token_type: 'Bearer', expires_in: 3600 } };
  const { value } = await call(page, 'exchange', 'a+b/c=&d');
  expect(value).toEqual({ accessToken: 'at', expiresIn: 3600, rotated: null });
  expect(seen).toHaveLength(1);
  const [request] = seen;
  expect(request).toMatchObject({ method: 'POST', path: PATHS.access_token_endpoint });
  expect(request?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
  expect(request?.headers).not.toHaveProperty('referer');
  expect(request?.headers).not.toHaveProperty('cookie');
  expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
    grant_type: 'mytoken',
    mytoken: 'a+b/c=&d',
  });
});

test('an exchange tells of a rotated mytoken, and of a lifetime that the server left out', async ({
  page,
}) => {
  reply = {
    status: 200,
    body: { access_token: 'at', token_update: { mytoken: 'next', mytoken_type: 'token' } },
  };
  const { value } = await call(page, 'exchange');
  expect(value).toEqual({ accessToken: 'at', expiresIn: null, rotated: 'next' });
});

test('each refusal has its code, and the server’s own reason', async ({ page }) => {
  const said = (status: number, error: string, description?: string): Reply => ({
    status,
    body: { error, ...(description === undefined ? {} : { error_description: description }) },
  });
  const cases: [Reply, string, string][] = [
    [said(401, 'invalid_token', 'token expired'), 'mytoken-refused', 'token expired'],
    [said(401, 'invalid_token'), 'mytoken-refused', 'invalid_token'],
    [said(400, 'invalid_grant', 'Unsupported grant_type'), 'mytoken-refused', 'Unsupported grant_type'],
    [said(400, 'invalid_request', 'not for issuer'), 'mytoken-refused', 'not for issuer'],
    [said(400, 'oidc_error', 'Session not active'), 'mytoken-refused', 'Session not active'],
    [said(403, 'usage_restricted', 'not allowed'), 'mytoken-restricted', 'not allowed'],
    [said(403, 'insufficient_capabilities'), 'mytoken-restricted', 'insufficient_capabilities'],
    [said(403, 'oidc_error', 'denied'), 'mytoken-refused', 'denied'],
    [said(503, 'oidc_error', 'provider away'), 'mytoken-failed', 'provider away'],
    [said(500, 'internal_server_error'), 'mytoken-failed', 'internal_server_error'],
    [{ status: 502, body: '<html>Bad gateway</html>' }, 'mytoken-failed', 'HTTP 502'],
    [{ status: 404, body: 'no such page' }, 'mytoken-failed', 'HTTP 404'],
    [{ status: 200, body: 'welcome' }, 'mytoken-failed', 'HTTP 200'],
    [{ status: 200, body: { token_type: 'Bearer' } }, 'mytoken-failed', 'access_token'],
    [{ status: 429, body: 'slow down' }, 'server-busy', ''],
    [
      {
        status: 429,
        body: 'slow down',
        headers: { 'Retry-After': '17', 'Access-Control-Expose-Headers': 'Retry-After' },
      },
      'server-busy',
      '17',
    ],
  ];
  for (const [answer, code, detail] of cases) {
    reply = answer;
    expect(await call(page, 'exchange'), JSON.stringify(answer)).toMatchObject({ code, detail });
  }
});

test('no error repeats a token, whatever the server says', async ({ page }) => {
  const answers: Reply[] = [
    { status: 401, body: { error: 'invalid_token', error_description: `cannot parse '${TOKEN}'` } },
    { status: 500, body: `failed with ${TOKEN}` },
    { status: 200, body: `access_token=${TOKEN}` },
    { status: 200, body: { access_token: '', also: TOKEN } },
  ];
  for (const name of ['exchange', 'introspect'] as const) {
    for (reply of answers) {
      const error = await call(page, name);
      expect(error).toHaveProperty('code');
      expect(JSON.stringify(error)).not.toContain(TOKEN);
    }
  }
});

test('no answer is told with the host, also when the limiter answers without CORS', async ({ page }) => {
  const silence = { code: 'mytoken-no-answer', detail: new URL(origin).host };
  reply = { status: 429, body: 'slow down', headers: { 'Retry-After': '300' }, how: 'without-cors' };
  expect(await call(page, 'exchange')).toMatchObject(silence);
  reply = { status: 200, body: { access_token: 'at' }, how: 'never' };
  expect(await call(page, 'exchange', TOKEN, 50)).toMatchObject(silence);
  server.closeAllConnections();
  server.close();
  expect(await call(page, 'exchange')).toMatchObject(silence);
});

test('a redirect does not carry the mytoken elsewhere', async ({ page }) => {
  reply = { status: 307, body: '', headers: { Location: `${origin}/elsewhere` } };
  expect(await call(page, 'exchange')).toMatchObject({ code: 'mytoken-no-answer' });
  expect(seen.map(({ path }) => path)).toEqual([PATHS.access_token_endpoint]);
});

test('introspection tells the end, the name and the uses that are left', async ({ page }) => {
  const ask = async (token: object) => {
    reply = { status: 200, body: { valid: true, token_type: 'token', token } };
    return (await call(page, 'introspect')).value;
  };
  expect(
    await ask({
      exp: 1_800_000_000,
      name: 'Porthole on the pier',
      restrictions: [
        { usages_AT: 10, usages_AT_done: 4 },
        { usages_AT: 5 },
        { usages_AT: 0, usages_AT_done: 1 },
      ],
    }),
  ).toEqual({ isValid: true, expiresAt: 1_800_000_000_000, name: 'Porthole on the pier', usesLeft: 11 });
  const unlimited = { isValid: true, expiresAt: null, name: null, usesLeft: null };
  expect(await ask({})).toEqual(unlimited);
  expect(await ask({ restrictions: [{ usages_AT: 10 }, { audience: ['x'] }] })).toEqual(unlimited);
  expect(JSON.parse(seen.findLast(({ method }) => method === 'POST')?.body ?? '')).toEqual({
    action: 'introspect',
    mytoken: TOKEN,
  });
});

test('revoking takes the mytoken’s children along', async ({ page }) => {
  reply = { status: 204, body: '' };
  expect(await call(page, 'revoke')).toEqual({ value: undefined });
  const request = seen.find(({ method }) => method === 'POST');
  expect(request?.path).toBe(PATHS.revocation_endpoint);
  expect(JSON.parse(request?.body ?? '')).toEqual({ token: TOKEN, recursive: true });
});

test('what a server does not offer is asked of nobody', async ({ page }) => {
  const errors = await page.evaluate(async (origin) => {
    const url = new URL(origin);
    const none = { accessToken: url, tokeninfo: null, revocation: null };
    const outcomes = [mytoken.introspect(none, 'x', 50), mytoken.revoke(none, 'x', 50)];
    return (await Promise.allSettled(outcomes)).map(
      (outcome) => 'reason' in outcome && String(outcome.reason),
    );
  }, origin);
  expect(errors).toEqual([
    'AppError: mytoken-failed: tokeninfo_endpoint',
    'AppError: mytoken-failed: revocation_endpoint',
  ]);
  expect(seen).toEqual([]);
});

test('the creation link fills in issuer, audience, end and the two capabilities, and no more', async ({
  page,
}) => {
  const link = new URL(
    await page.evaluate(() =>
      mytoken.creationLink({
        server: 'https://mytok.eu/',
        name: 'Porthole · Càmera 1',
        expiresInDays: 30,
        now: 1_764_000_000_999,
      }),
    ),
  );
  expect(`${link.origin}${link.pathname}${link.hash}`).toBe('https://mytok.eu/home#mt');
  expect([...link.searchParams.keys()]).toEqual(['r']);
  expect(JSON.parse(Buffer.from(link.searchParams.get('r') ?? '', 'base64').toString())).toEqual({
    name: 'Porthole · Càmera 1',
    oidc_issuer: 'https://login.cloud.ai4eosc.eu/realms/ai4eosc',
    restrictions: [{ exp: 1_764_000_000 + 30 * 86_400, audience: ['https://drift-watch.cloud.ai4eosc.eu/'] }],
    capabilities: ['AT', 'tokeninfo:introspect'],
    response_type: 'token',
  });
});

test('a JWT mytoken names its server; a short one, a provider’s token or another text does not', async ({
  page,
}) => {
  const jwt = (payload: object) =>
    ['{"alg":"ES512"}', JSON.stringify(payload), 'signature']
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.');
  const servers = await page.evaluate(
    (tokens) => tokens.map((token) => mytoken.serverOf(token)),
    [
      `${jwt({ iss: 'https://mytok.eu/', token_type: 'mytoken', name: 'ü?>~' })}\n`,
      jwt({ iss: 'http://mytok.eu', token_type: 'mytoken' }),
      jwt({ iss: 'https://login.cloud.ai4eosc.eu/realms/ai4eosc', typ: 'Bearer' }),
      jwt({ sub: 'x' }),
      'a'.repeat(64),
      'a.b.c',
      '',
    ],
  );
  expect(servers).toEqual(['https://mytok.eu', null, null, null, null, null, null]);
});

test('tokens, times and names that are none are refused, or kept in bounds', async ({ page }) => {
  for (const access_token of ['a\nX-Evil: 1', 'a b', 'ñ', 'x'.repeat(70_000), 7]) {
    reply = { status: 200, body: { access_token, expires_in: 300 } };
    expect(await call(page, 'exchange')).toMatchObject({ code: 'mytoken-failed', detail: 'access_token' });
  }
  reply = { status: 200, body: { access_token: 'ok', expires_in: 1e300 } };
  expect(await call(page, 'exchange')).toMatchObject({ code: 'mytoken-failed', detail: 'expires_in' });
  reply = { status: 200, body: { valid: true, token: { exp: 1e300 } } };
  expect(await call(page, 'introspect')).toMatchObject({ code: 'mytoken-failed', detail: 'token.exp' });
  reply = { status: 200, body: { valid: true, token: { exp: 0, name: `a\u202e${'b'.repeat(5000)}` } } };
  const { value } = await call(page, 'introspect');
  expect((value as { name: string }).name).toMatch(/^a_b/);
  expect((value as { name: string }).name.length).toBeLessThan(256);
  reply = { status: 200, body: `{"access_token":"${'x'.repeat(6 * 2 ** 20)}"}` };
  expect(await call(page, 'exchange')).toMatchObject({ code: 'mytoken-failed', detail: '> 5 MB' });
});
