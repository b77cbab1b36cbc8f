/** What is built, whatever the shell says that it is built in. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';

const ROOT = join(import.meta.dirname, '../..');

test('the page that is built is the same under any NODE_ENV @long', () => {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-build-'));
  try {
    execFileSync(
      process.execPath,
      [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--outDir', folder, '--logLevel', 'error'],
      { cwd: ROOT, env: { ...process.env, NODE_ENV: 'development' }, stdio: 'pipe' },
    );
    // Their names carry hashes of what they hold.
    const files = (dist: string) => readdirSync(join(dist, 'assets')).sort();
    expect(files(folder)).toEqual(files(join(ROOT, 'dist')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
