/** `npm run dev` where nothing was made before. Installing packages is left out: they are linked. */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';

const ROOT = join(import.meta.dirname, '../..');
const PARTS = ['src', 'scripts', 'public/models', 'index.html', 'vite.config.ts', 'tsconfig.json'];
const PACKAGES = ['package.json', 'package-lock.json'];

/** A copy of the sources alone, as `git clone` makes it. */
function freshCopy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-dev-'));
  for (const part of [...PARTS, ...PACKAGES]) {
    cpSync(join(ROOT, part), join(folder, part), {
      recursive: true,
      preserveTimestamps: true,
      filter: (path) => !path.endsWith('.wasm') && path !== join(ROOT, 'src/words'),
    });
  }
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    // These are written by what runs.
    if (name === '.vite' || name === '.cache' || name === '.vite-temp') continue;
    symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  }
  return folder;
}

test('the development server of a fresh clone has WebAssembly and sentences @long', async () => {
  const folder = freshCopy();
  const server = spawn(process.execPath, ['scripts/dev.mjs', '--port', '0', '--host', '127.0.0.1'], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => server.once('close', resolve));
  try {
    let told = '';
    for (const stream of [server.stdout, server.stderr]) stream.on('data', (data) => (told += String(data)));
    await expect.poll(() => told, { timeout: 60_000 }).toMatch(/http:\/\/127\.0\.0\.1:\d+/);
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(told)![0];
    for (const made of ['core/encoder/resize/resize.wasm?url&import', 'words/app.en.js', 'words/ca.js']) {
      const { status } = await fetch(`${address}/src/${made}`);
      expect(status, made).toBe(200);
    }
  } finally {
    server.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
});
