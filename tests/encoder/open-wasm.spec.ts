import { expect, test, type Page } from '@playwright/test';
import { BLANK } from '../addresses';

const WASM = '/src/core/encoder/thumbnail/thumbnail.wasm';

/** Names of the module's exports, or the code and the detail of the failure. */
async function opened(page: Page): Promise<string[]> {
  return page.evaluate(async (url) => {
    const { openWasm } = await import('/src/core/encoder/open-wasm.ts');
    const { AppError } = await import('/src/core/domain/errors.ts');
    try {
      return WebAssembly.Module.exports(await openWasm(url)).map(({ name }) => name);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return [error.code, JSON.stringify(error.detail)];
    }
  }, WASM);
}

test('it is opened under any type that a host sends it as', async ({ page }) => {
  await page.goto(BLANK);
  await page.route(`**${WASM}`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { 'content-type': 'application/octet-stream' } });
  });
  expect(await opened(page)).toContain('encode');
});

test('one that can’t be fetched is named, and may come the next time', async ({ page }) => {
  await page.goto(BLANK);
  const failures = [
    { status: 404 },
    { status: 200, contentType: 'text/html', body: '<!doctype html>Not here' },
    { status: 200, body: '' },
  ];
  await page.route(`**${WASM}`, (route) => {
    const failure = failures.shift();
    return failure ? route.fulfill(failure) : route.abort();
  });
  for (let times = 0; times < 4; times++) {
    expect(await opened(page)).toEqual(['fetch-failed', '"thumbnail.wasm"']);
  }
  await page.unroute(`**${WASM}`);
  expect(await opened(page)).toContain('encode');
});

test('a browser without SIMD is named as the reason', async ({ page }) => {
  await page.goto(BLANK);
  await page.evaluate(() => {
    WebAssembly.compile = () => Promise.reject(new WebAssembly.CompileError('no SIMD'));
  });
  expect(await opened(page)).toEqual(['no-backend', '{"code":"no-simd"}']);
});
