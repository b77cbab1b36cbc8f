/** The built page: the same from any shell environment, with its licences and pictures. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { PAGE } from '../addresses';
import { textOf } from '../markdown';

const ROOT = join(import.meta.dirname, '../..');
const DIST = join(ROOT, 'dist');
/** Licences that let anybody copy the page, as long as their text goes with it. */
const FREE = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'Unicode-DFS-2016', 'Zlib'];

test('the page that is built is the same under any NODE_ENV, and names each package in it with its licence @long', () => {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-build-'));
  try {
    execFileSync(
      process.execPath,
      [
        join(ROOT, 'node_modules/vite/bin/vite.js'),
        ...['build', '--outDir', folder, '--sourcemap', 'hidden', '--logLevel', 'error'],
      ],
      { cwd: ROOT, env: { ...process.env, NODE_ENV: 'development' }, stdio: 'pipe' },
    );
    const built = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const maps = built.filter((file) => file.endsWith('.map'));
    // Their names carry hashes of what they hold.
    const files = (dist: string) =>
      readdirSync(join(dist, 'assets'))
        .filter((file) => !file.endsWith('.map'))
        .sort();
    expect(files(folder)).toEqual(files(DIST));

    const packages = new Set(maps.flatMap((map) => packagesIn(join(folder, map))));
    // One of the page, one of a worker, one of the service worker.
    for (const name of ['chart.js', 'onnxruntime-web', 'workbox-precaching'])
      expect(packages).toContain(name);
    const named = noticesIn(DIST).map(({ name }) => name);
    expect([...packages].filter((name) => !named.includes(name))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('each notice is of the version and the licence that the lock file names, with its text', () => {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { name?: string; version: string; license: string }>;
  };
  const locked = Object.entries(packages).map(
    ([path, { name, version, license }]) =>
      `${name ?? path.replace(/.*node_modules\//, '')} ${version} (${license})`,
  );
  const notices = noticesIn(DIST);
  expect(notices.length).toBeGreaterThan(30);
  for (const { heading, licence, text } of notices) {
    expect(locked).toContain(heading);
    expect(
      licence.split(' OR ').some((name) => FREE.includes(name)),
      heading,
    ).toBe(true);
    expect(text, heading).toMatch(/copyright|licen[cs]e/i);
    expect(text.length, heading).toBeGreaterThan(300);
  }
});

test('what one visit keeps for use without a network is as large as the README says, by what hosts pack', () => {
  const worker = readFileSync(join(DIST, 'service-worker.js'), 'utf8');
  const kept = [...worker.matchAll(/"url":"([^"]+)"/g)].map(([, path = '']) => path);
  const isGpu = (path: string) => /\.(asyncify|jspi)\b/.test(path);
  const needed = kept.filter((path) => !isGpu(path)).map((path) => readFileSync(join(DIST, path)));
  const gpu = readdirSync(join(DIST, 'assets')).filter((name) => isGpu(name) && name.includes('.wasm'));
  const sizes = gpu.map((name) => statSync(join(DIST, 'assets', name)).size);
  const megabytes = (all: readonly number[]) => all.reduce((sum, size) => sum + size, 0) / 1e6;
  const least = megabytes(needed.map((bytes) => gzipSync(bytes).length));
  const most = megabytes(needed.map(({ length }) => length)) + Math.max(...sizes) / 1e6;
  const [, from, to] = /\((\d+) to (\d+) MB, by host and graphics adapter\)/.exec(textOf('README.md'))!;
  expect([Math.floor(least), Math.round(most)]).toEqual([Number(from), Number(to)]);
});

test('pictures of the page, for links and for installing it, have their stated sizes', async ({ page }) => {
  await page.goto(PAGE);
  const shown = await page.evaluate(async () => {
    const tag = (name: string) =>
      document.querySelector<HTMLMetaElement>(`meta[property="og:image${name}"]`)!.content;
    const manifest = document.querySelector<HTMLLinkElement>('link[rel=manifest]')!.href;
    const { screenshots } = (await (await fetch(manifest)).json()) as {
      screenshots: { src: string; sizes: string }[];
    };
    const social = { src: tag(''), sizes: `${tag(':width')}x${tag(':height')}` };
    return Promise.all(
      [...screenshots, social].map(async ({ src, sizes }) => {
        const picture = new Image();
        picture.src = src;
        await picture.decode();
        return { stated: sizes, is: `${String(picture.naturalWidth)}x${String(picture.naturalHeight)}` };
      }),
    );
  });
  expect(shown).toHaveLength(3);
  for (const { stated, is } of shown) expect(is).toBe(stated);
});

/** The notices of a built page; a heading is such as `idb 8.0.4 (ISC)`. */
function noticesIn(dist: string): { heading: string; name: string; licence: string; text: string }[] {
  return readFileSync(join(dist, 'licences.txt'), 'utf8')
    .replace('\ufeff', '')
    .split(/^={80}$/m)
    .map((notice) => {
      const [heading = '', ...text] = notice.trim().split('\n');
      const [, name = '', licence = ''] = /^(\S+) \S+ \((.+)\)$/.exec(heading) ?? [];
      return { heading, name, licence, text: text.join('\n').trim() };
    });
}

/** Names of the packages whose sources a file was made of. */
function packagesIn(map: string): string[] {
  const { sources } = JSON.parse(readFileSync(map, 'utf8')) as { sources: string[] };
  return sources.flatMap((source) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []);
}
