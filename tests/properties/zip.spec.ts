import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import { strToU8, zipSync } from 'fflate';
import { openArchives } from '../../src/core/session/zip-files';
import { unpacked } from '../../src/core/encoder/packed-file';
import { plainName } from '../../src/core/domain/files/plain-name';
import { damagedBytes } from './hostile';
import { accepted, holds } from './holds';

const INNER = zipSync({ 'c.jpg': strToU8('inner') });
const ZIPS = [
  zipSync({ 'a.jpg': strToU8('one'), 'd/b.jpg': strToU8('two'.repeat(50)) }),
  zipSync({
    '20230730-083036-A.jpg': [
      strToU8('x'.repeat(300)),
      { level: 0, extra: { 0x5455: strToU8('\x01\0\0\0\0') } },
    ],
  }),
  zipSync({ 'inner.zip': [INNER, { level: 0 }], '__MACOSX/._a.jpg': strToU8('x'), 'e/': new Uint8Array() }),
  zipSync({ 'porthole.json': strToU8('{}'), 'cameras/a.json': strToU8('{}') }),
  new Uint8Array(),
];
const WORDS = [
  'PK\x01\x02',
  'PK\x03\x04',
  'PK\x05\x06',
  'PK\x06\x06',
  'PK\x06\x07',
  '../../',
  'C:\\',
  '\0',
  '.zip',
  '\u202e',
  '/',
];

test('of a damaged archive whole files with plain names are taken, and the rest is told', async () => {
  await holds(damagedBytes(ZIPS, WORDS), async (bytes) => {
    const { files, bundles, unused } = await openArchives([
      new File([bytes], 'a\u202eb.zip'),
      new File(['x'], 'beside.jpg'),
    ]);
    assert.equal(files.filter(({ name }) => name === 'beside.jpg').length >= 1, true);
    assert.ok(files.length + bundles.length + unused.length >= 2);
    for (const { archive, names } of unused) {
      for (const name of [archive, ...names]) assert.equal(plainName(name), name);
    }
    for (const file of files) {
      assert.equal(plainName(file.name), file.name);
      assert.doesNotMatch(file.name, /[/\\]/);
      assert.ok(Number.isSafeInteger(file.lastModified), String(file.lastModified));
      const whole = await accepted(() => unpacked(file));
      assert.ok(whole === null || whole.size < 10_000);
    }
  });
});
