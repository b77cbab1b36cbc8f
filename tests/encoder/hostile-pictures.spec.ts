import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import { readdirSync, readFileSync } from 'node:fs';
import { INSTANT, isWithin } from '../../src/core/domain/ranges';
import { readImageFile } from '../../src/core/encoder/image-file';
import { decodePng } from '../../src/core/encoder/png';
import { BLANK } from '../addresses';
import { damagedBytes } from '../properties/hostile';
import { accepted, holds } from '../properties/holds';

const FOLDER = new URL('../fixtures/images/', import.meta.url);
const PICTURES = readdirSync(FOLDER)
  .filter((name) => /\.(avif|bmp|gif|jpg|png|webp)$/.test(name))
  .map((name) => new Uint8Array(readFileSync(new URL(name, FOLDER))));
const WORDS = [
  ...[
    '\xff\xd8\xff',
    '\xff\xe1',
    '\xff\xda',
    '\xff\xd9',
    'Exif\0\0MM\0\x2a',
    'Exif\0\0II\x2a\0',
    'IHDR',
    'IDAT',
    'IEND',
  ],
  ...['VP8 ', 'VP8L', 'VP8X', 'RIFF', 'ispe', 'irot', 'ftypavif', 'BM', 'GIF89a', '\x21\xf9', 'eXIf'],
].map((word) => Buffer.from(word, 'latin1'));

/** A JPEG whose EXIF says when it was taken. */
function dated(at: string, offset: string): Uint8Array {
  const entry = (tag: number, length: number, value: number) => [
    tag >> 8,
    tag & 255,
    0,
    2,
    0,
    0,
    0,
    length,
    0,
    0,
    0,
    value,
  ];
  const tiff = [
    ...Buffer.from('MM\0\x2a\0\0\0\x08', 'latin1'),
    ...[0, 1, 0x87, 0x69, 0, 4, 0, 0, 0, 1, 0, 0, 0, 26, 0, 0, 0, 0],
    ...[0, 2, ...entry(0x9003, 20, 56), ...entry(0x9011, 7, 76), 0, 0, 0, 0],
    ...Buffer.from(`${at}\0${offset}\0`, 'latin1'),
  ];
  const exif = [...Buffer.from('Exif\0\0', 'latin1'), ...tiff];
  const head = [0xff, 0xd8, 0xff, 0xe1, (exif.length + 2) >> 8, (exif.length + 2) & 255];
  const rest = PICTURES.find(([first]) => first === 0xff)!.subarray(2);
  return new Uint8Array(Buffer.concat([Buffer.from(head), Buffer.from(exif), rest]));
}

test('the header of a damaged picture is refused with a sentence, or says a size that can be opened', async () => {
  await holds(damagedBytes(PICTURES, WORDS), async (bytes) => {
    const before = bytes.slice();
    const file = await accepted(() => readImageFile(bytes.buffer));
    assert.deepEqual(bytes, before);
    if (!file) return;
    for (const side of [file.width, file.height])
      assert.ok(Number.isInteger(side) && side > 0 && side <= 16_384);
    assert.ok(file.width * file.height <= 100_000_000);
    const plain = file.plain?.reduce((sum, part) => sum + part.length, 0) ?? 0;
    assert.ok(plain <= bytes.length + 20, `${plain} of ${bytes.length} bytes`);
  });
});

test('a damaged PNG that is decoded here gives all its pixels, or a reason', async () => {
  const pngs = PICTURES.filter((bytes) => readImageFile(bytes.slice().buffer).png);
  await holds(damagedBytes(pngs, WORDS), async (bytes) => {
    const file = await accepted(() => readImageFile(bytes.buffer));
    if (!file?.png || file.width * file.height > 1_000_000) return;
    const { png } = file;
    const pixels = await accepted(() => decodePng(file, png));
    if (pixels) assert.equal(pixels.data.length, file.width * file.height * 4);
  });
});

/** Runs in the page, which alone can decode: how large a picture is and when it was taken, or what is thrown. */
interface Outcome {
  readonly size?: readonly number[];
  readonly capturedAt?: number;
  readonly source?: string;
  readonly error?: { readonly name: string; readonly message: string };
}
declare const lookAt: (base64: string) => Promise<Outcome>;

test('a damaged picture that the browser decodes gives all its rows, or a reason; its EXIF a moment, or none @long', async ({
  page,
}) => {
  await page.goto(BLANK);
  await page.evaluate(async () => {
    const { decode } = await import('/src/core/encoder/decode.ts');
    const { inCaptureOrder } = await import('/src/core/session/scoring/capture-order.ts');
    const lookAt = async (base64: string) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      try {
        const file = new File([bytes], 'a.jpg', { lastModified: 1 });
        const [snapshot] = await inCaptureOrder([file], {}, new AbortController().signal);
        const time = { capturedAt: snapshot?.capturedAt, source: snapshot?.capturedAtSource };
        const picture = await decode(bytes.buffer);
        const { width, height } = picture;
        const pixels = new Uint8Array(width * height < 1_000_000 ? width * height * 4 : 0);
        if (pixels.length > 0) await picture.read(0, height, pixels);
        picture.close();
        return { ...time, size: [width, height] };
      } catch (error) {
        const { name, message } = error as Error;
        return { error: { name, message } };
      }
    };
    Object.assign(globalThis, { lookAt });
  });
  const lookedAt = (bytes: Uint8Array): Promise<Outcome> =>
    page.evaluate((base64) => lookAt(base64), Buffer.from(bytes).toString('base64'));

  const files = [dated('2026:05:17 13:37:00', '+02:00'), dated('1970:01:01 00:00:00', '+14:00')];
  expect(await lookedAt(files[0]!)).toMatchObject({
    source: 'exif',
    capturedAt: Date.UTC(2026, 4, 17, 11, 37),
  });
  const words = ['9999:12:31 23:59:59', '-23:59', '\x90\x03', '\x90\x11'].map((word) =>
    Buffer.from(word, 'latin1'),
  );
  await holds(damagedBytes([...PICTURES, ...files, ...files], [...WORDS, ...words]), async (bytes) => {
    const { size, capturedAt, error } = await lookedAt(bytes);
    assert.ok(size ?? error?.name === 'AppError', error?.message);
    if (size) assert.ok(isWithin(INSTANT, capturedAt), String(capturedAt));
  });
});
