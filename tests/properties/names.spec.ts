import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import fc from 'fast-check';
import { isArchiveLitter, nameInArchive, entryRefusalOf } from '../../src/core/domain/files/archive';
import { isSafePath } from '../../src/core/domain/files/bundle';
import {
  captureTime,
  captureTimeFromName,
  exifTime,
  imageNameOf,
  originalName,
} from '../../src/core/domain/camera/time/capture-time';
import { matchFiles } from '../../src/features/setup/pure/match-files';
import { plainName } from '../../src/core/domain/files/plain-name';
import { INSTANT, isWithin } from '../../src/core/domain/ranges';
import { damagedBytes, hostileStrings, longTexts } from './hostile';
import { holds } from './holds';

const NAMES = [
  '20230730-083036-IPC608_8B64_165.jpg',
  'd/20230730-090036-A_jpg.rf.0a1b2c.jpg',
  '2023-07-30T08-30-36.png',
  '20230730T083036.123Z.jpg',
  '20230730_083036+02:00 A.JPG',
];
const names = fc.oneof(
  hostileStrings,
  damagedBytes(
    NAMES.map((name) => Buffer.from(name)),
    ['/', '\\', '..', '\u202e', '+23:59', '1970-01-01 00:00:00', '2200'],
  ).map((bytes) => Buffer.from(bytes).toString()),
);
const digits = fc.constantFrom('00', '01', '02', '12', '13', '23', '24', '29', '30', '31', '59', '60', '99');
const years = fc.constantFrom('0000', '1969', '1970', '2000', '2026', '2199', '2200', '9999');
const offsets = fc.constantFrom('', 'Z', '+00:00', '+14:00', '+23:59', '+99:99', '-12:00', '-99:99');

test('a name as it is kept is short, visible and whole, and stays what it is', async () => {
  await holds(
    names,
    (name) => {
      for (const kept of [plainName(name), imageNameOf(name), nameInArchive(name)]) {
        assert.ok(Array.from(kept).length <= 255);
        assert.doesNotMatch(kept, /[\p{Surrogate}\u202a-\u202e\u2066-\u2069]/u);
        assert.ok(Array.from(kept).every((character) => character >= ' '));
        assert.equal(plainName(kept), kept);
        encodeURIComponent(kept);
      }
      assert.doesNotMatch(imageNameOf(name), /[/\\]/);
      assert.doesNotMatch(nameInArchive(name), /[/\\]/);
    },
    { first: longTexts },
  );
});

test('a capture time is a moment that can be kept, whatever a name or EXIF says', async () => {
  const dates = fc.tuple(years, digits, digits, digits, digits, digits, offsets, hostileStrings);
  await holds(dates, ([year, month, day, hour, minute, second, offset, text]) => {
    const named = captureTimeFromName(`${year}${month}${day}-${hour}${minute}${second}${offset}`);
    const dashed = captureTimeFromName(
      `${year}-${month}-${day} ${hour}:${minute}:${second}.${second}${offset}`,
    );
    const exif = exifTime(`${year}:${month}:${day} ${hour}:${minute}:${second}`, offset);
    for (const at of [
      named,
      dashed,
      exif?.at ?? null,
      exifTime(text, offset)?.at ?? null,
      exifTime(`${year}:${month}:${day}`, text)?.at ?? null,
    ]) {
      assert.ok(at === null || isWithin(INSTANT, at), String(at));
    }
  });
  await holds(names, (name) => {
    const at = captureTimeFromName(name);
    assert.ok(at === null || isWithin(INSTANT, at), String(at));
    const { source } = captureTime(name, null, 0);
    assert.equal(source, at === null ? 'file-date' : 'file-name');
  });
});

test('the name of a kept picture leads nowhere else', async () => {
  const moments = fc.integer({ min: INSTANT.least, max: INSTANT.most - 1 });
  await holds(fc.tuple(names, names, moments), ([imageName, cameraName, capturedAt]) => {
    const name = originalName({ imageName: imageNameOf(imageName), capturedAt }, cameraName);
    assert.ok(isSafePath(name) && !name.includes('/') && name.length <= 255, name);
    assert.notEqual(captureTimeFromName(name), null);
  });
});

test('each file and each listed name is matched or told of, once', async () => {
  const some = fc.array(fc.oneof(names, fc.constantFrom(...NAMES)), { maxLength: 6 });
  await holds(fc.tuple(some, some, some), ([clean, dirty, files]) => {
    const match = matchFiles({ clean, dirty }, files);
    const used = [...match.clean, ...match.dirty];
    assert.ok(used.every((name) => files.includes(name)));
    assert.ok(match.problems.length <= clean.length + dirty.length + files.length);
    const left = match.problems.filter(({ kind }) => kind === 'duplicate-file');
    assert.ok(used.length + left.length <= files.length);
  });
});

test('an entry of an archive is taken only where it says something that can be', async () => {
  // As zip.js reads them: four or eight bytes, unsigned.
  const sizes = fc.oneof(fc.nat(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(Number));
  const entries = fc.record({
    path: names,
    size: sizes,
    packedSize: sizes,
    isEncrypted: fc.boolean(),
    isFolder: fc.boolean(),
  });
  await holds(entries, (entry) => {
    isArchiveLitter(entry);
    if (entryRefusalOf(entry, 0) === null)
      assert.ok(entry.size >= 0 && entry.size <= 2 ** 30, String(entry.size));
  });
});
