/** The same build from any shell environment. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';

const ROOT = join(import.meta.dirname, '../..');

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
    expect(files(folder)).toEqual(files(join(ROOT, 'dist')));

    const packages = new Set(maps.flatMap((map) => packagesIn(join(folder, map))));
    // One of the page, one of a worker, one of the service worker.
    for (const name of ['chart.js', 'onnxruntime-web', 'workbox-precaching'])
      expect(packages).toContain(name);
    const notices = readFileSync(join(ROOT, 'dist/licences.txt'), 'utf8');
    const named = new Set(
      Array.from(notices.matchAll(/^(\S+) \d+\.\d+\.\d+\S* \(.+\)$/gm), ([, name]) => name),
    );
    expect([...packages].filter((name) => !named.has(name))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Names of the packages whose sources a file was made of. */
function packagesIn(map: string): string[] {
  const { sources } = JSON.parse(readFileSync(map, 'utf8')) as { sources: string[] };
  return sources.flatMap((source) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []);
}
