/**
 * Costs of a first visit: bytes by kind, and time from the click on the demo to its first verdict. Measured from a host
 * without compression and one with it, in a profile with a cache and in a private one.
 */
import { chromium } from '@playwright/test';
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { browserLaunchOptions } from '../browser.mjs';
import { ROOT } from '../prepare.mjs';

const DIST = join(ROOT, 'dist');
/** Kinds of files, by how their names end; what hosts compress, and as what they serve it. */
const KINDS = {
  '.html': { kind: 'page', type: 'text/html' },
  '.js': { kind: 'page', type: 'text/javascript' },
  '.mjs': { kind: 'page', type: 'text/javascript' },
  '.css': { kind: 'page', type: 'text/css' },
  '.json': { kind: 'page', type: 'application/json' },
  '.toml': { kind: 'page', type: 'application/toml' },
  '.svg': { kind: 'page', type: 'image/svg+xml' },
  '.wasm': { kind: 'runtime', type: 'application/wasm' },
  '.zst': { kind: 'runtime', type: 'application/zstd', isPacked: true },
  '.onnx': { kind: 'model', type: 'application/octet-stream', isPacked: true },
  '.jpg': { kind: 'pictures', type: 'image/jpeg', isPacked: true },
  '.png': { kind: 'pictures', type: 'image/png', isPacked: true },
  '.bin': { kind: 'pictures', type: 'application/octet-stream' },
};
const NAMES = ['page', 'runtime', 'model', 'pictures'];

export async function benchFirstVisit() {
  console.log('First visit: megabytes until the demo’s first verdict, and until the page rests');
  console.log(
    `  ${'host, profile'.padEnd(26)}${NAMES.map((name) => name.padStart(10)).join('')}${'all'.padStart(10)}${'at rest'.padStart(10)}   click to verdict (wanted 1.5 s)`,
  );
  for (const compresses of [false, true]) {
    for (const isPrivate of [false, true]) await visit(compresses, isPrivate);
  }
}

async function visit(compresses, isPrivate) {
  const sent = new Map();
  const server = await serve(compresses, sent);
  const profile = mkdtempSync(join(tmpdir(), 'porthole-'));
  const options = browserLaunchOptions();
  const browser = isPrivate ? await chromium.launch(options) : null;
  const context = browser
    ? await browser.newContext()
    : await chromium.launchPersistentContext(profile, options);
  try {
    const page = await context.newPage();
    await page.goto(server.address);
    const button = page.getByRole('button', { name: 'Try the demo camera' });
    await button.waitFor();
    const began = performance.now();
    await button.click();
    await page
      .locator('section:is([data-verdict="normal"], [data-verdict="warning"], [data-verdict="drift"])')
      .first()
      .waitFor({ timeout: 120_000 });
    const seconds = (performance.now() - began) / 1000;
    const here = new Map(sent);
    await page.waitForFunction(async () => (await globalThis.porthole.summary()).jobs >= 84);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    const all = (counts) => [...counts.values()].reduce((sum, bytes) => sum + bytes, 0);
    const figures = [...NAMES.map((name) => here.get(name) ?? 0), all(here), all(sent)];
    console.log(
      `  ${`${compresses ? 'gzip' : 'plain'}, ${isPrivate ? 'private' : 'normal'}`.padEnd(26)}${figures
        .map((bytes) => (bytes / 1e6).toFixed(1).padStart(10))
        .join('')}   ${seconds.toFixed(2)} s`,
    );
  } finally {
    await context.close();
    await browser?.close();
    await server.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

/** dist/ as a static host serves it, each answer's body counted by kind. */
async function serve(compresses, sent) {
  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://host').pathname;
    const file = join(DIST, path.endsWith('/') ? `${path}index.html` : path);
    if (!file.startsWith(DIST) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    const { kind = 'page', type = 'application/octet-stream', isPacked = false } = KINDS[extname(file)] ?? {};
    const etag = `"${statSync(file).mtimeMs}-${statSync(file).size}"`;
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304, { etag }).end();
      return;
    }
    const count = (bytes) => sent.set(kind, (sent.get(kind) ?? 0) + bytes);
    const headers = { 'content-type': type, etag, 'cache-control': 'no-cache' };
    if (compresses && !isPacked) {
      const body = gzipSync(readFileSync(file));
      count(body.length);
      response.writeHead(200, { ...headers, 'content-encoding': 'gzip' }).end(body);
    } else {
      response.writeHead(200, headers);
      createReadStream(file)
        .on('data', (part) => count(part.length))
        .pipe(response);
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
