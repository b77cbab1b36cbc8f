/**
 * `npm run unit`: the specs that open no page. Builds nothing and starts no server. Other arguments go to Playwright,
 * such as part of a spec's path. With `--watch` it runs again after each save: after changes of TypeScript alone the specs
 * that import a file that differs from the last commit, otherwise all.
 */
import { spawn } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { prepare, ROOT } from './prepare.mjs';

/** How long an editor may take to save several files, in milliseconds. */
const AT_ONCE = 150;

prepare();
const named = process.argv.slice(2).filter((argument) => argument !== '--watch');
if (process.argv.includes('--watch')) await runAfterEachSave();
else process.exitCode = await run([]);

/** @param {readonly string[]} options of Playwright @returns its exit code */
function run(options) {
  const child = spawn(
    process.execPath,
    [
      'node_modules/@playwright/test/cli.js',
      'test',
      '--project=unit',
      '--grep-invert',
      '@long',
      ...options,
      ...named,
    ],
    { cwd: ROOT, stdio: 'inherit' },
  );
  return new Promise((resolve) => {
    child.on('close', (code) => resolve(code ?? 1));
  });
}

async function runAfterEachSave() {
  const saved = new Set();
  let wake = () => {};
  for (const folder of ['src', 'tests', 'scripts']) {
    watch(join(ROOT, folder), { recursive: true }, (_, name) => {
      const path = `${folder}/${name?.replaceAll('\\', '/')}`;
      if (!isSource(path)) return;
      saved.add(path);
      wake();
    });
  }
  await run([]);
  for (;;) {
    console.log('\nWaiting for a change. Stop with Ctrl+C.');
    if (saved.size === 0) await new Promise((resolve) => (wake = resolve));
    await setTimeout(AT_ONCE);
    const isImported = [...saved].every((path) => path.endsWith('.ts'));
    saved.clear();
    await run(isImported && existsSync(join(ROOT, '.git')) ? ['--only-changed=HEAD'] : []);
  }
}

/** Not what a run itself makes, nor an editor's own files. @param {string} path */
function isSource(path) {
  return /\/[^/.][^/]*\.\w+$/.test(path) && !path.startsWith('src/words/') && !path.endsWith('.wasm');
}
