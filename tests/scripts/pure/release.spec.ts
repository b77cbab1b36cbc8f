import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
const ZIP = `porthole-${version}.zip`;
const PACKAGE = `porthole-${version}.tgz`;

let folder = '';

test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'porthole-release-'));
  mkdirSync(join(folder, 'page/assets'), { recursive: true });
  writeFileSync(join(folder, 'page/index.html'), '<title>Porthole</title>');
  writeFileSync(join(folder, 'page/assets/a.js'), '1;\n');
  mkdirSync(join(folder, 'package'));
  writeFileSync(join(folder, 'package/package.json'), JSON.stringify({ name: 'porthole', version }));
});

test.afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function release(to: string, zone: string, ...args: readonly string[]) {
  const folders = ['page', 'package'].flatMap((name) => [`--${name}`, join(folder, name)]);
  const command = ['scripts/release.mjs', ...folders, '--to', join(folder, to), ...args];
  return spawnSync(process.execPath, command, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, TZ: zone },
  });
}

test('a release is the page as a zip, the package, their checksums, and the notes of the changelog', () => {
  const links = 'https://example.org/blob/';
  const { status, stderr } = release('out', 'UTC', '--tag', `v${version}`, '--links', links);
  expect(status, stderr).toBe(0);
  expect(readdirSync(join(folder, 'out')).sort()).toEqual(['SHA256SUMS', 'notes.md', PACKAGE, ZIP]);

  const zip = readFileSync(join(folder, 'out', ZIP));
  const files = Object.entries(unzipSync(zip)).map(([path, bytes]) => [path, strFromU8(bytes)]);
  expect(files).toEqual([
    [`porthole-${version}/assets/a.js`, '1;\n'],
    [`porthole-${version}/index.html`, '<title>Porthole</title>'],
  ]);
  const sums = [ZIP, PACKAGE].map((name) => {
    const hash = createHash('sha256').update(readFileSync(join(folder, 'out', name)));
    return `${hash.digest('hex')}  ${name}\n`;
  });
  expect(readFileSync(join(folder, 'out/SHA256SUMS'), 'utf8')).toBe(sums.join(''));

  const notes = readFileSync(join(folder, 'out/notes.md'), 'utf8');
  expect(notes).toMatch(/^[-#\w]/);
  expect(notes).not.toMatch(/^## /m);
  // A release's page is not beside the docs.
  for (const [, to] of notes.matchAll(/\]\(([^)]+)\)/g)) expect(to).toMatch(/^(https?:|mailto:|#)/);
});

test('the same page gives the same bytes in another time zone', () => {
  for (const [to, zone] of [
    ['east', 'Pacific/Kiritimati'],
    ['west', 'Pacific/Niue'],
  ] as const)
    expect(release(to, zone).status).toBe(0);
  for (const name of [ZIP, PACKAGE]) {
    const [east, west] = ['east', 'west'].map((to) => readFileSync(join(folder, to, name)));
    expect(east!.equals(west!), name).toBe(true);
  }
});

test('another tag than that of package.json, or a missing page or package, ends it before anything is written', () => {
  const other = release('out', 'UTC', '--tag', 'v0.0.0');
  expect([other.status, other.stderr]).toEqual([1, `The tag is v0.0.0, and package.json says ${version}.\n`]);
  rmSync(join(folder, 'page/index.html'));
  const without = release('out', 'UTC');
  expect([without.status, without.stderr]).toEqual([1, expect.stringContaining('There is no page in')]);
  writeFileSync(join(folder, 'page/index.html'), '');
  rmSync(join(folder, 'package/package.json'));
  const unpacked = release('out', 'UTC');
  expect([unpacked.status, unpacked.stderr]).toEqual([1, expect.stringContaining('There is no package in')]);
  expect(readdirSync(folder).sort()).toEqual(['package', 'page']);
});
