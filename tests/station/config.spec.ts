import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { readConfig } from '../../scripts/station/config.mjs';
import { readToken } from '../../scripts/station/token-file.mjs';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'porthole-config-'));
});
test.afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Reads a configuration of one camera. @param names - what of it people read */
function read(names: {
  name?: string;
  experiment?: string;
  tag?: string;
  to?: string;
  corrections?: string;
  deployment?: string;
}) {
  const {
    name = 'Pier',
    experiment = 'Reef',
    tag = 'reef',
    to = 'crew@example.org',
    corrections,
    deployment = '',
  } = names;
  const path = join(folder, 'station.toml');
  writeFileSync(
    path,
    `[station]
data = "data"
[driftwatch]
address = "/driftwatch"
token_file = "mytoken"
[alerts.mail]
smtp = "smtp://127.0.0.1"
from = "station@example.org"
to = [${JSON.stringify(to)}]
[[camera]]
name = ${JSON.stringify(name)}
folder = "snapshots"
reference = "."
experiment = ${JSON.stringify(experiment)}
tags = [${JSON.stringify(tag)}]
${corrections === undefined ? '' : `corrections = ${corrections}`}
${deployment}
`,
  );
  return readConfig(path);
}

test('a name with a line break or an unseen character is refused by its key, any alphabet is taken', () => {
  expect(read({ name: 'Càmera del 海 🐟 “1”' }).cameras[0]?.name).toBe('Càmera del 海 🐟 “1”');
  const why = 'must not have a line break or another character that can’t be seen';
  for (const odd of [
    'a\nb',
    'a\r\nBcc: all@example.org',
    'a\u0000b',
    'a\u001b[2Jb',
    'a\u202eb',
    'a\u2028b',
  ]) {
    expect(() => read({ name: odd })).toThrow(`camera.0.name: ${why}`);
    expect(() => read({ experiment: odd })).toThrow(`camera.0.experiment: ${why}`);
    expect(() => read({ tag: odd })).toThrow(`camera.0.tags.0: ${why}`);
    expect(() => read({ to: odd })).toThrow(`alerts.mail.to.0: ${why}`);
  }
});

test('corrections of records in DriftWatch need a yes in the file', () => {
  expect(read({}).cameras[0]?.corrections).toBe(false);
  expect(read({ corrections: 'true' }).cameras[0]?.corrections).toBe(true);
  expect(() => read({ corrections: '"yes"' })).toThrow('camera.0.corrections');
});

test('a camera may say its position, depth and a note for the diver, within what the sea allows', () => {
  const deployment = 'latitude = 41.182\nlongitude = 1.753\ndepth = 20\nnote = "North side"';
  expect(read({ deployment }).cameras[0]).toMatchObject({ latitude: 41.182, depth: 20, note: 'North side' });
  expect(() => read({ deployment: 'latitude = 91' })).toThrow('camera.0.latitude');
  expect(() => read({ deployment: 'depth = "deep"' })).toThrow('camera.0.depth');
});

test('a token file that others can read is refused with the command that repairs it', () => {
  test.skip(process.platform === 'win32', 'files have no such rights there');
  const token = join(folder, 'the token');
  writeFileSync(token, 'a-secret\n', { mode: 0o640 });
  chmodSync(token, 0o640);
  expect(() => readToken(token)).toThrow(`Others can read ${token}. Repair it: chmod 600 '${token}'`);
  chmodSync(token, 0o600);
  expect(readToken(token)).toBe('a-secret');
});
