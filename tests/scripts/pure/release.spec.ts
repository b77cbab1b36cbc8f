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

let folder = '';

test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'porthole-release-'));
  mkdirSync(join(folder, 'page/assets'), { recursive: true });
  writeFileSync(join(folder, 'page/index.html'), '<title>Porthole</title>');
  writeFileSync(join(folder, 'page/assets/a.js'), '1;\n');
});

test.afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function release(to: string, zone: string, ...args: readonly string[]) {
  const command = ['scripts/release.mjs', '--page', join(folder, 'page'), '--to', join(folder, to), ...args];
  return spawnSync(process.execPath, command, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, TZ: zone },
  });
}

test('a release is the page as a zip, its checksum, and the notes of the changelog', () => {
  const links = 'https://example.org/blob/';
  const { status, stderr } = release('out', 'UTC', '--tag', `v${version}`, '--links', links);
  expect(status, stderr).toBe(0);
  expect(readdirSync(join(folder, 'out')).sort()).toEqual(['SHA256SUMS', 'notes.md', ZIP]);

  const zip = readFileSync(join(folder, 'out', ZIP));
  const files = Object.entries(unzipSync(zip)).map(([path, bytes]) => [path, strFromU8(bytes)]);
  expect(files).toEqual([
    [`porthole-${version}/assets/a.js`, '1;\n'],
    [`porthole-${version}/index.html`, '<title>Porthole</title>'],
  ]);
  const sum = createHash('sha256').update(zip).digest('hex');
  expect(readFileSync(join(folder, 'out/SHA256SUMS'), 'utf8')).toBe(`${sum}  ${ZIP}\n`);

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
  const [east, west] = ['east', 'west'].map((to) => readFileSync(join(folder, to, ZIP)));
  expect(east!.equals(west!)).toBe(true);
});

test('another tag than that of package.json, or a missing page, ends it before anything is written', () => {
  const other = release('out', 'UTC', '--tag', 'v0.0.0');
  expect([other.status, other.stderr]).toEqual([1, `The tag is v0.0.0, and package.json says ${version}.\n`]);
  rmSync(join(folder, 'page/index.html'));
  const without = release('out', 'UTC');
  expect([without.status, without.stderr]).toEqual([1, expect.stringContaining('There is no page in')]);
  expect(readdirSync(folder)).toEqual(['page']);
});
