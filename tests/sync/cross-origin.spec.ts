/** The client's requests as a browser sends them: preflights, answers that no page may read, and what they carry along. */
import { expect, type Page } from '@playwright/test';
import { startStandIn } from '../stand-in/server';
import { test } from '../shared-page';
import { PATHS, TOKEN, startMytokenHost, type MytokenHost } from './mytoken-host';

declare const mytoken: typeof import('../../src/features/driftwatch/remote/mytoken');

let server: MytokenHost;
test.beforeEach(async ({ page }) => {
  server = await startMytokenHost();
  await page.evaluate(async () => {
    const module = await import('/src/features/driftwatch/remote/mytoken.ts');
    Object.assign(globalThis, { mytoken: module });
  });
});
test.afterEach(async () => {
  await server.close();
});

/** The result of an exchange at this server, or its error. */
const exchange = (page: Page, secret = TOKEN, timeout = 5000) =>
  page.evaluate(
    async ([address, secret, timeout]) => {
      const endpoints = { accessToken: new URL(address), tokeninfo: null, revocation: null };
      try {
        return { value: await mytoken.exchange(endpoints, secret, timeout) };
      } catch (error) {
        const { code, detail } = error as { code: string; detail: string };
        return { code, detail };
      }
    },
    [`${server.origin}${PATHS.access_token_endpoint}`, secret, timeout] as const,
  );

const discover = (page: Page, server: string) =>
  page.evaluate(async (server) => {
    const { told } = await import('/tests/told.ts');
    return mytoken.discover(server, 5000).then(() => 'found', told);
  }, server);

test('a discovery document cannot lead tokens to a plain-http host or another scheme', async ({ page }) => {
  for (const address of [
    'http://mytoken.example/at',
    'javascript:0',
    '//x',
    'https://a:b@mytoken.example/',
  ]) {
    server.reply = { status: 200, body: { ...server.endpoints(), access_token_endpoint: address } };
    expect(await discover(page, server.origin)).toBe('mytoken-failed: access_token_endpoint');
  }
  await page.route('https://mytoken.example/**', (route) =>
    route.fulfill({ headers: { 'Access-Control-Allow-Origin': '*' }, json: server.endpoints() }),
  );
  expect(await discover(page, 'https://mytoken.example')).toBe('mytoken-failed: access_token_endpoint');
});

test('an exchange is a form, which needs no preflight, without cookies and referrer', async ({ page }) => {
  server.reply = { status: 200, body: { access_token: 'at', token_type: 'Bearer', expires_in: 3600 } };
  const { value } = await exchange(page, 'a+b/c=&d');
  expect(value).toEqual({ accessToken: 'at', expiresIn: 3600, rotated: null });
  expect(server.seen).toHaveLength(1);
  const [request] = server.seen;
  expect(request).toMatchObject({ method: 'POST', path: PATHS.access_token_endpoint });
  expect(request?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
  expect(request?.headers).not.toHaveProperty('referer');
  expect(request?.headers).not.toHaveProperty('cookie');
  expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
    grant_type: 'mytoken',
    mytoken: 'a+b/c=&d',
  });
});

test('no answer is told with the host, also when the limiter answers without CORS', async ({ page }) => {
  const silence = { code: 'mytoken-no-answer', detail: new URL(server.origin).host };
  server.reply = { status: 429, body: 'slow down', headers: { 'Retry-After': '300' }, how: 'without-cors' };
  expect(await exchange(page)).toMatchObject(silence);
  server.reply = { status: 200, body: { access_token: 'at' }, how: 'never' };
  expect(await exchange(page, TOKEN, 50)).toMatchObject(silence);
  await server.close();
  expect(await exchange(page)).toMatchObject(silence);
});

test.describe('an address is tested without a token:', () => {
  test('one that other pages may not read is told from one that is not there', async ({ page }) => {
    const standIn = await startStandIn({ cors: false });
    const reach = () =>
      page.evaluate(async (baseUrl) => {
        const { DriftWatch } = await import('/src/features/driftwatch/remote/driftwatch.ts');
        const access = { token: async () => '', drop: () => undefined, ageOfToken: () => 0 };
        return new DriftWatch({ baseUrl, access, timeout: 3000 })
          .reach()
          .catch((error: unknown) => (error as { code: string }).code);
      }, standIn.driftwatch.url);
    expect(await reach()).toBe('cors-blocked');
    await standIn.setOnline(false);
    expect(await reach()).toBe('no-answer');
  });
});
