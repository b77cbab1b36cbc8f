import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { readConfig } from '../../../scripts/station/config.mjs';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'porthole-defaults-'));
});
test.afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Reads a configuration of three cameras. */
function read(defaults: string) {
  const path = join(folder, 'station.toml');
  writeFileSync(
    path,
    `[station]
data = "data"
${defaults}
[[camera]]
name = "Pier"
folder = "pier"
reference = "."
depth = 5
[[camera]]
name = "Reef"
source = "http://127.0.0.1/now.jpg"
reference = "."
tags = ["reef"]
[[camera]]
name = "Buoy"
source = "http://127.0.0.1/buoy.jpg"
reference = "."
[camera.fetch]
at = ["06:00"]
timeout = 5
`,
  );
  return readConfig(path).cameras;
}

test('a camera has what [defaults] says and it does not; only one with an address is fetched', () => {
  const [pier, reef, buoy] = read(
    '[defaults]\ndepth = 20\nfile_dates = true\ntags = ["obsea"]\nbegin = 2026-03-01\n[defaults.fetch]\nevery = 1800\ntimeout = 9',
  );
  expect(pier).toMatchObject({ depth: 5, file_dates: true, tags: ['obsea'], begin: Date.UTC(2026, 2, 1) });
  expect(pier).not.toHaveProperty('fetch');
  expect(reef).toMatchObject({ depth: 20, tags: ['reef'], fetch: { every: 1800, at: null, timeout: 9 } });
  expect(buoy).toMatchObject({ depth: 20, fetch: { every: null, at: [6 * 3_600_000], timeout: 5 } });
});

test('a mistake in [defaults] is told once, and what identifies a camera is none', () => {
  const said = (defaults: string) => {
    try {
      read(`[defaults]\n[defaults.fetch]\nevery = 1800\n${defaults}`);
      return '';
    } catch (error) {
      return (error as Error).message.split('\n').slice(1).join();
    }
  };
  expect(said('[defaults.fecht]')).toBe('  defaults.fecht: there is no such key; is fetch meant?');
  expect(said('evry = 5')).toBe('  defaults.fetch.evry: there is no such key; is every meant?');
  expect(said('timeout = 0')).toMatch(/^ {2}defaults\.fetch\.timeout: [^,]*$/);
  for (const key of ['name', 'source', 'folder', 'reference'])
    expect(said(`[defaults.${key}]`)).toMatch(new RegExp(`^ {2}defaults\\.${key}: there is no such key`));
});
