import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import createOracle, { type Decoder } from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs';
import { expect, test } from '@playwright/test';
import type { Size, Transform } from '../../src/core/domain/model/model';
import { readBaselineJpeg } from '../../src/core/encoder/resize/jpeg';
import { Resizer } from '../../src/core/encoder/resize/resizer';
import { readImageFile } from '../../src/core/encoder/image-file';
import { resizeBilinear } from '../oracles/resize';
import { wasm } from '../wasm';

const FIXTURES = new URL('../fixtures/', import.meta.url);
const DATA = new URL('../../../shared/data/', import.meta.url);
const MODULE = wasm('core/encoder/resize');

interface Item {
  readonly sampling: '444' | '422' | '420' | 'grey';
  readonly width: number;
  readonly height: number;
  readonly restart: boolean;
  readonly file: string;
  readonly rgbSha256: string;
}

const { items } = JSON.parse(readFileSync(new URL('jpegs.json', FIXTURES), 'utf8')) as { items: Item[] };
const files = items.map((item) => ({ ...item, bytes: new Uint8Array(Buffer.from(item.file, 'base64')) }));

function isYcc(bytes: Uint8Array<ArrayBuffer>): boolean {
  try {
    return readImageFile(bytes.buffer).isYccJpeg;
  } catch {
    return false;
  }
}

/** Red, green and blue of all pixels, or null when the file is left to the browser. */
function decodeWhole(resizer: Resizer, bytes: Uint8Array<ArrayBuffer>): Uint8Array | null {
  const jpeg = isYcc(bytes) ? readBaselineJpeg(bytes) : null;
  return jpeg && resizer.decode(jpeg, jpeg) ? finish(resizer, jpeg) : null;
}

function finish(resizer: Resizer, { height, width }: Size): Uint8Array {
  const transform: Transform = { resize: { height, width }, mean: [0, 0, 0], std: [1, 1, 1] };
  return resizer.finish(transform, new Float32Array(3 * height * width), 0);
}

/** Red, green and blue of all pixels, or null for what libjpeg-turbo refuses. */
function decodeByOracle(oracle: Decoder, bytes: Uint8Array): Uint8Array | null {
  try {
    oracle.getEncodedBuffer(bytes.length).set(bytes);
    oracle.decode();
    const { componentCount } = oracle.getFrameInfo();
    const samples = oracle.getDecodedBuffer();
    return componentCount === 3
      ? Uint8Array.from(samples)
      : Uint8Array.from({ length: 3 * samples.length }, (_, at) => samples[Math.floor(at / 3)]!);
  } catch {
    return null;
  } finally {
    oracle.delete();
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The oracle takes libjpeg’s warning about another version of JFIF for an error. */
const JFIF_ENDS = 20;

/** Numbers below 2^32, the same in every run. */
function* random(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield Math.imul(state ^ (state >>> 15), 2_246_822_519) >>> 0;
  }
}

test('every sampling, size and restart interval gives Pillow’s bytes', async () => {
  const resizer = new Resizer(MODULE);
  expect(new Set(items.map(({ sampling, restart }) => `${sampling} ${restart}`)).size).toBe(8);
  for (const { sampling, width, height, restart, bytes, rgbSha256 } of files) {
    const rgb = decodeWhole(resizer, bytes);
    expect(rgb && sha256(rgb), `${sampling} ${width}×${height} restart ${restart}`).toBe(rgbSha256);
  }
});

const FACTORS = [2, 3, 4, 5, 7, 9, 11, 13];

test('a JPEG that is shrunk to a whole part gives the oracle’s bytes', async () => {
  const resizer = new Resizer(MODULE);
  const different: string[] = [];
  for (const { bytes, sampling, width, height } of files) {
    const rgb = decodeWhole(resizer, bytes)!.slice();
    const data = Uint8Array.from({ length: 4 * width * height }, (_, i) => rgb[(i >> 2) * 3 + (i & 3)]!);
    for (const by of FACTORS) {
      // Both sides where they can be divided, else one.
      const target = {
        width: width % by === 0 ? width / by : width,
        height: height % by === 0 ? height / by : height,
      };
      resizer.decode(readBaselineJpeg(bytes)!, target);
      const expected = resizeBilinear({ width, height, data }, target);
      if (Buffer.compare(finish(resizer, target), expected) !== 0)
        different.push(`${sampling} ${width}×${height} by ${by}`);
    }
  }
  expect(different).toEqual([]);
});

test('so do pixels of the hardest contrast', async () => {
  const resizer = new Resizer(MODULE);
  const numbers = random(3);
  const different: string[] = [];
  for (const by of FACTORS) {
    for (const levels of [2, 3, 256]) {
      const target = { width: 4, height: 500 };
      const source = { width: 4, height: target.height * by };
      const data = Uint8Array.from({ length: 16 * source.height }, () =>
        Math.round(((numbers.next().value % levels) * 255) / (levels - 1)),
      );
      resizer.begin(source, 'RGBX', target);
      resizer.strip(source.height).set(data);
      resizer.push(source.height);
      const expected = resizeBilinear({ ...source, data }, target);
      if (Buffer.compare(finish(resizer, target), expected) !== 0)
        different.push(`${levels} levels by ${by}`);
    }
  }
  expect(different).toEqual([]);
});

test('what is not baseline, or has another sampling or colours, is left to the browser', () => {
  const taken = (kind: string) => {
    const bytes = new Uint8Array(readFileSync(new URL(`images/jpeg-${kind}.jpg`, FIXTURES)));
    return isYcc(bytes) && readBaselineJpeg(bytes) !== null;
  };
  const kinds = ['420', '422', '444', 'grey', 'restart', 'exif6', 'icc', 'padded', 'progressive', 'rgb'];
  expect(Object.fromEntries(kinds.map((kind) => [kind, taken(kind)]))).toEqual({
    420: true,
    422: true,
    444: true,
    grey: true,
    restart: true,
    exif6: true,
    icc: true,
    padded: true,
    progressive: false,
    rgb: false,
  });
});

test('10,000 damaged files neither trap nor hang, and what is still taken has the bytes of libjpeg-turbo @long', async () => {
  const resizer = new Resizer(MODULE);
  const { JPEGDecoder } = await createOracle({ print: () => undefined, printErr: () => undefined });
  const numbers = random(7);
  const next = (below: number) => numbers.next().value % below;
  let taken = 0;
  const different: string[] = [];
  for (let i = 0; i < 10_000; i += 1) {
    const { bytes: whole, sampling, width, height } = files[i % files.length]!;
    const bytes = whole.slice(0, next(10) === 0 ? next(whole.length) + 1 : whole.length);
    // Most in the picture's own bytes, where a fault can go unseen.
    for (let changes = 1 + next(3); changes > 0; changes -= 1) {
      const from = next(4) === 0 ? JFIF_ENDS : bytes.length >> 1;
      const at = from + next(Math.max(1, bytes.length - from));
      if (at < bytes.length) bytes[at] = next(2) === 0 ? next(256) : bytes[at]! ^ (1 << next(8));
    }
    const own = decodeWhole(resizer, bytes);
    if (!own) continue;
    taken += 1;
    const expected = decodeByOracle(new JPEGDecoder(), bytes);
    if (!expected || Buffer.compare(own, expected) !== 0)
      different.push(`${i}: ${sampling} ${width}×${height}`);
  }
  expect(different).toEqual([]);
  expect(taken).toBeGreaterThan(500);
});

test('real snapshots of two cameras are all taken and have the bytes of libjpeg-turbo @long', async () => {
  test.skip(!existsSync(DATA), 'no snapshots of real cameras in ../shared/data');
  const resizer = new Resizer(MODULE);
  const { JPEGDecoder } = await createOracle();
  const folders = ['obsea/clean/', 'obsea/dirty/', 'obsea-2014/snapshots/'].map(
    (name) => new URL(name, DATA),
  );
  for (const folder of folders.filter((folder) => existsSync(folder))) {
    const names = readdirSync(folder).filter((name) => name.endsWith('.jpg'));
    for (const name of names.filter((_, i) => i % Math.ceil(names.length / 20) === 0)) {
      const bytes = new Uint8Array(readFileSync(new URL(name, folder)));
      const own = decodeWhole(resizer, bytes);
      const expected = decodeByOracle(new JPEGDecoder(), bytes);
      const isSame = own !== null && expected !== null && Buffer.compare(own, expected) === 0;
      expect(isSame, fileURLToPath(new URL(name, folder))).toBe(true);
    }
  }
});
