import { expect, test } from '@playwright/test';
import type { AppError } from '../../../src/core/domain/errors';
import * as mytoken from '../../../src/features/driftwatch/remote/mytoken';
import { newPage } from '../../node-page';
import { told } from '../../told';
import { PATHS, TOKEN, startMytokenHost, type MytokenHost, type Reply } from '../mytoken-host';

let server: MytokenHost;
test.beforeEach(async () => {
  newPage();
  server = await startMytokenHost();
});
test.afterEach(async () => {
  await server.close();
});

/** The result of one function with this server's endpoints, or its error. */
async function call(name: 'exchange' | 'introspect' | 'revoke', secret = TOKEN) {
  const endpoints = {
    accessToken: new URL(PATHS.access_token_endpoint, server.origin),
    tokeninfo: new URL(PATHS.tokeninfo_endpoint, server.origin),
    revocation: new URL(PATHS.revocation_endpoint, server.origin),
  };
  try {
    return { value: await mytoken[name](endpoints, secret, 5000) };
  } catch (error) {
    const { code, detail, message, stack, cause } = error as AppError;
    return { code, detail, all: [message, stack, cause].map(String).join('\n') };
  }
}

const discover = (address: string) =>
  mytoken
    .discover(address, 5000)
    .then((found) => Object.values(found).map((url: URL | null) => url?.href ?? null), told);

test('discovery finds the endpoints, with null for those that are switched off', async () => {
  server.reply = {
    status: 200,
    body: { issuer: server.origin, ...server.endpoints(), providers_supported: [] },
  };
  expect(await discover(`${server.origin}/`)).toEqual(Object.values(server.endpoints()));
  expect(server.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /.well-known/mytoken-configuration',
  ]);

  const { access_token_endpoint } = server.endpoints();
  server.reply = { status: 200, body: { access_token_endpoint } };
  expect(await discover(`${server.origin}/under`)).toEqual([access_token_endpoint, null, null]);
  expect(server.seen.at(-1)?.path).toBe('/under/.well-known/mytoken-configuration');
});

test('a server’s address must be https, or on this computer', async () => {
  for (const address of ['http://mytoken.example', 'ftp://mytoken.example', 'mytok.eu', '']) {
    expect(await discover(address)).toBe('address: it must begin with https://');
  }
  expect(server.seen).toEqual([]);
});

test('a page that is no discovery document is a failed server, not a surprise', async () => {
  server.reply = { status: 404, body: '<html>Not found</html>' };
  expect(await discover(server.origin)).toBe('mytoken-failed: HTTP 404');
  server.reply = { status: 200, body: '<html>Welcome</html>' };
  expect(await discover(server.origin)).toBe('mytoken-failed: HTTP 200');
  server.reply = { status: 200, body: { issuer: server.origin } };
  expect(await discover(server.origin)).toBe('mytoken-failed: access_token_endpoint');
});

test('an exchange tells of a rotated mytoken, and of a lifetime that the server left out', async () => {
  server.reply = {
    status: 200,
    body: { access_token: 'at', token_update: { mytoken: 'next', mytoken_type: 'token' } },
  };
  const { value } = await call('exchange');
  expect(value).toEqual({ accessToken: 'at', expiresIn: null, rotated: 'next' });
});

test('each refusal has its code, and the server’s own reason', async () => {
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
    server.reply = answer;
    expect(await call('exchange'), JSON.stringify(answer)).toMatchObject({ code, detail });
  }
});

test('no error repeats a token, whatever the server says', async () => {
  const answers: Reply[] = [
    { status: 401, body: { error: 'invalid_token', error_description: `cannot parse '${TOKEN}'` } },
    { status: 500, body: `failed with ${TOKEN}` },
    { status: 200, body: `access_token=${TOKEN}` },
    { status: 200, body: { access_token: '', also: TOKEN } },
  ];
  for (const name of ['exchange', 'introspect'] as const) {
    for (server.reply of answers) {
      const error = await call(name);
      expect(error).toHaveProperty('code');
      expect(JSON.stringify(error)).not.toContain(TOKEN);
    }
  }
});

test('a redirect does not carry the mytoken elsewhere', async () => {
  server.reply = { status: 307, body: '', headers: { Location: `${server.origin}/elsewhere` } };
  expect(await call('exchange')).toMatchObject({ code: 'mytoken-no-answer' });
  expect(server.seen.map(({ path }) => path)).toEqual([PATHS.access_token_endpoint]);
});

test('introspection tells the end, the name and the uses that are left', async () => {
  const ask = async (token: object) => {
    server.reply = { status: 200, body: { valid: true, token_type: 'token', token } };
    return (await call('introspect')).value;
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
  expect(JSON.parse(server.seen.findLast(({ method }) => method === 'POST')?.body ?? '')).toEqual({
    action: 'introspect',
    mytoken: TOKEN,
  });
});

test('revoking takes the mytoken’s children along', async () => {
  server.reply = { status: 204, body: '' };
  expect(await call('revoke')).toEqual({ value: undefined });
  const request = server.seen.find(({ method }) => method === 'POST');
  expect(request?.path).toBe(PATHS.revocation_endpoint);
  expect(JSON.parse(request?.body ?? '')).toEqual({ token: TOKEN, recursive: true });
});

test('what a server does not offer is asked of nobody', async () => {
  const none = { accessToken: new URL(server.origin), tokeninfo: null, revocation: null };
  await expect(mytoken.introspect(none, 'x', 50)).rejects.toThrow('mytoken-failed: tokeninfo_endpoint');
  await expect(mytoken.revoke(none, 'x', 50)).rejects.toThrow('mytoken-failed: revocation_endpoint');
  expect(server.seen).toEqual([]);
});

test('the creation link fills in issuer, audience, end and the two capabilities, and no more', async () => {
  const link = new URL(
    mytoken.creationLink({
      server: 'https://mytok.eu/',
      name: 'Porthole · Càmera 1',
      expiresInDays: 30,
      now: 1_764_000_000_999,
    }),
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

test('a JWT mytoken names its server; a short one, a provider’s token or another text does not', async () => {
  const jwt = (payload: object) =>
    ['{"alg":"ES512"}', JSON.stringify(payload), 'signature']
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.');
  const servers = [
    `${jwt({ iss: 'https://mytok.eu/', token_type: 'mytoken', name: 'ü?>~' })}\n`,
    jwt({ iss: 'http://mytok.eu', token_type: 'mytoken' }),
    jwt({ iss: 'https://login.cloud.ai4eosc.eu/realms/ai4eosc', typ: 'Bearer' }),
    jwt({ sub: 'x' }),
    'a'.repeat(64),
    'a.b.c',
    '',
  ].map(mytoken.serverOf);
  expect(servers).toEqual(['https://mytok.eu', null, null, null, null, null, null]);
});

test('tokens, times and names that are none are refused, or kept in bounds', async () => {
  for (const access_token of ['a\nX-Evil: 1', 'a b', 'ñ', 'x'.repeat(70_000), 7]) {
    server.reply = { status: 200, body: { access_token, expires_in: 300 } };
    expect(await call('exchange')).toMatchObject({ code: 'mytoken-failed', detail: 'access_token' });
  }
  server.reply = { status: 200, body: { access_token: 'ok', expires_in: 1e300 } };
  expect(await call('exchange')).toMatchObject({ code: 'mytoken-failed', detail: 'expires_in' });
  server.reply = { status: 200, body: { valid: true, token: { exp: 1e300 } } };
  expect(await call('introspect')).toMatchObject({ code: 'mytoken-failed', detail: 'token.exp' });
  server.reply = {
    status: 200,
    body: { valid: true, token: { exp: 0, name: `a\u202e${'b'.repeat(5000)}` } },
  };
  const { value } = await call('introspect');
  expect((value as { name: string }).name).toMatch(/^a_b/);
  expect((value as { name: string }).name.length).toBeLessThan(256);
  server.reply = { status: 200, body: `{"access_token":"${'x'.repeat(6 * 2 ** 20)}"}` };
  expect(await call('exchange')).toMatchObject({ code: 'mytoken-failed', detail: '> 5 MB' });
});
