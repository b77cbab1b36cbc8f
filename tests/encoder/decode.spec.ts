import { existsSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { deflateSync, crc32 } from 'node:zlib';
import { expect, type Page } from '@playwright/test';
import { BLANK } from '../addresses';
import { test } from '../shared-page';
import { tensorValues } from '../../src/core/domain/model/transform';
import type { Transform } from '../../src/core/domain/model/model';
import { readImageFile } from '../../src/core/encoder/image-file';
import type { PreparedPicture } from '../../src/core/encoder/preprocess';
import { readBaselineJpeg } from '../../src/core/encoder/resize/jpeg';

const FIXTURES = new URL('../fixtures/', import.meta.url);
const REAL = new URL('../../../shared/data/obsea/', import.meta.url);
const TRANSFORM: Transform = { resize: { height: 216, width: 384 }, mean: [0, 0, 0], std: [1, 1, 1] };

interface Golden {
  name: string;
  file: string;
  decoded_rgb_sha256: string;
}

function read(path: string, base = FIXTURES): Buffer {
  return readFileSync(new URL(path, base));
}

function json<T>(path: string, base = FIXTURES): T {
  return JSON.parse(read(path, base).toString()) as T;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function open(page: Page): Promise<void> {
  if (page.url() !== BLANK) await page.goto(BLANK);
}

/** Decodes in the page; returns the red, green and blue bytes, or the error's message. */
async function decodeInPage(page: Page, file: Uint8Array): Promise<{ rgb: Buffer } | { refused: string }> {
  const got = await page.evaluate(async (text) => {
    const { decode } = await import('/src/core/encoder/decode.ts');
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    try {
      const picture = await decode(bytes.buffer);
      const { height, width, layout } = picture;
      const pixels = new Uint8Array(height * width * 4);
      await picture.read(0, height, pixels);
      picture.close();
      const rgb = new Uint8Array(height * width * 3);
      for (let i = 0; i < height * width; i++) {
        const [red, blue] = layout === 'BGRX' ? [2, 0] : [0, 2];
        rgb.set([pixels[i * 4 + red]!, pixels[i * 4 + 1]!, pixels[i * 4 + blue]!], i * 3);
      }
      const url = await new Promise<string>((resolve) => {
        const reader = new FileReader();
        reader.onload = () => {
          resolve(reader.result as string);
        };
        reader.readAsDataURL(new Blob([rgb]));
      });
      return { rgb: url.slice(url.indexOf(',') + 1) };
    } catch (error) {
      return { refused: error instanceof Error ? error.message : 'not an Error' };
    }
  }, Buffer.from(file).toString('base64'));
  return 'rgb' in got ? { rgb: Buffer.from(got.rgb, 'base64') } : got;
}

type PreparedHashes =
  | (Omit<Extract<PreparedPicture, { ok: true }>, 'thumbnail' | 'resized'> & {
      thumbnail: number[];
      resized: string;
      tensor: string;
    })
  | Extract<PreparedPicture, { ok: false }>;

/** Prepares one file after another in one Preprocessor, in the page or in a module worker. */
async function prepare(
  page: Page,
  files: readonly Uint8Array[],
  transform = TRANSFORM,
  where: 'page' | 'worker' = 'page',
) {
  return page.evaluate(
    async ({ texts, transform, where }): Promise<PreparedHashes[]> => {
      const hex = async (bytes: BufferSource) =>
        Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)), (byte) =>
          byte.toString(16).padStart(2, '0'),
        ).join('');
      type Answer =
        | (Extract<PreparedPicture, { ok: true }> & { tensor: Float32Array<ArrayBuffer> })
        | Extract<PreparedPicture, { ok: false }>;
      let ask: (bytes: ArrayBuffer) => Promise<Answer>;
      if (where === 'worker') {
        const worker = new Worker('/tests/encoder/prepare.worker.ts', { type: 'module' });
        ask = (bytes) =>
          new Promise((resolve, reject) => {
            worker.onmessage = ({ data }) => {
              resolve(data as Answer);
            };
            worker.onerror = ({ message }) => {
              reject(new Error(message));
            };
            worker.postMessage({ bytes, transform });
          });
      } else {
        const module = await import('/src/core/encoder/preprocess.ts');
        const preprocessor = await module.Preprocessor.create();
        ask = async (bytes) => {
          const tensor = new Float32Array(3 * transform.resize.height * transform.resize.width);
          const prepared = await preprocessor.prepare(bytes, transform, tensor, 0);
          return prepared.ok ? { ...prepared, tensor } : prepared;
        };
      }
      const answers: PreparedHashes[] = [];
      for (const text of texts) {
        const answer = await ask(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer);
        if (!answer.ok) {
          answers.push(answer);
          continue;
        }
        const { resized, tensor, thumbnail } = answer;
        answers.push({
          ...answer,
          thumbnail: [...new Uint8Array(thumbnail)],
          resized: await hex(new Uint8Array(resized)),
          tensor: await hex(tensor),
        });
      }
      return answers;
    },
    { texts: files.map((file) => Buffer.from(file).toString('base64')), transform, where },
  );
}

/** The tensor that torchvision makes of resized bytes, for comparing hashes. */
function tensorOf(resized: Uint8Array, transform: Transform): Uint8Array {
  const values = tensorValues(transform);
  const plane = resized.length / 3;
  const tensor = new Float32Array(resized.length);
  resized.forEach((byte, i) => {
    tensor[(i % 3) * plane + Math.floor(i / 3)] = values[(i % 3) * 256 + byte]!;
  });
  return new Uint8Array(tensor.buffer);
}

function npyBytes(file: Buffer): Buffer {
  return file.subarray(10 + file.readUInt16LE(8));
}

const goldens = json<{ items: Golden[] }>('resize/index.json').items;
/** Chromium turns CMYK into RGB with another rounding than Pillow: one level at most. */
const exact = goldens.filter(({ name }) => !name.startsWith('cmyk'));

test('each golden picture decodes to Pillow’s bytes', async ({ page }) => {
  await open(page);
  for (const { name, file, decoded_rgb_sha256 } of exact) {
    const got = await decodeInPage(page, read(`resize/${file}`));
    expect('rgb' in got ? sha256(got.rgb) : got.refused, name).toBe(decoded_rgb_sha256);
  }
});

for (const where of ['page', 'worker'] as const) {
  test(`each golden picture is resized to Pillow’s bytes and torch’s tensor in a ${where}${where === 'page' ? ' @long' : ''}`, async ({
    page,
  }) => {
    await open(page);
    const answers = await prepare(
      page,
      exact.map(({ file }) => read(`resize/${file}`)),
      TRANSFORM,
      where,
    );
    exact.forEach(({ name }, nth) => {
      const answer = answers[nth]!;
      if (!answer.ok) throw new Error(`${name}: ${answer.code}`);
      const bytes = npyBytes(read(`resize/${name}.npy`));
      expect(answer.resized, name).toBe(sha256(bytes));
      expect(answer.tensor, name).toBe(sha256(tensorOf(bytes, TRANSFORM)));
    });
  });
}

test('a mean and a deviation are applied as torch does', async ({ page }) => {
  const transform: Transform = { ...TRANSFORM, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
  await open(page);
  const [answer] = await prepare(page, [read('resize/src/palette_160x90.png')], transform);
  if (!answer?.ok) throw new Error('not prepared');
  expect(answer.tensor).toBe(sha256(tensorOf(npyBytes(read('resize/palette_160x90.npy')), transform)));
});

test('any target size gives the oracle’s bytes, also one that is no multiple of four', async ({ page }) => {
  await open(page);
  const differences = await page.evaluate(async () => {
    const { openWasm } = await import('/src/core/encoder/open-wasm.ts');
    const { Resizer } = await import('/src/core/encoder/resize/resizer.ts');
    const { resizeBilinear } = await import('/tests/oracles/resize.ts');
    const { toTensor } = await import('/src/core/domain/model/transform.ts');
    const resizer = new Resizer(await openWasm('/src/core/encoder/resize/resize.wasm'));
    const found: string[] = [];
    const sizes = [
      [1, 1],
      [7, 5],
      [33, 64],
      [501, 333],
      [16, 3000],
      [2500, 3],
    ] as const;
    for (const [width, height] of sizes) {
      const data = new Uint8Array(width * height * 4).map((_, i) => (i * 2654435761) >>> 24);
      for (const [toWidth, toHeight] of [...sizes, [384, 216], [3, 1000]] as const) {
        const target = { width: toWidth, height: toHeight };
        const transform: Transform = { resize: target, mean: [0.2, 0, 0.5], std: [1, 0.3, 2] };
        const expected = resizeBilinear({ width, height, data }, target);
        const tensor = new Float32Array(expected.length + 2).fill(7);
        const expectedTensor = new Float32Array(expected.length + 2).fill(7);
        toTensor(expected, transform, expectedTensor, 1);
        resizer.begin({ width, height }, 'RGBX', target);
        for (let first = 0; first < height; first += 13) {
          const rows = Math.min(13, resizer.stripRows, height - first);
          resizer.strip(rows).set(data.subarray(first * width * 4, (first + rows) * width * 4));
          resizer.push(rows);
        }
        const got = resizer.finish(transform, tensor, 1);
        const isSame =
          got.every((byte, i) => byte === expected[i]) &&
          tensor.every((value, i) => value === expectedTensor[i]);
        if (!isSame) found.push(`${width}×${height} to ${toWidth}×${toHeight}`);
      }
    }
    return found;
  });
  expect(differences).toEqual([]);
});

test('a picture of more than one strip is the same as in one', async ({ page }) => {
  // 12 megapixels are six strips; the golden test has it too, this one says why it matters.
  const golden = goldens.find(({ name }) => name.startsWith('gradient'))!;
  await open(page);
  const [answer] = await prepare(page, [read(`resize/${golden.file}`)]);
  if (!answer?.ok) throw new Error('not prepared');
  expect(answer.properties.width * answer.properties.height).toBeGreaterThan(1 << 22);
  expect(answer.resized).toBe(sha256(npyBytes(read(`resize/${golden.name}.npy`))));
});

test('a CMYK JPEG is at most one level from Pillow’s @long', async ({ page }) => {
  await open(page);
  const got = await page.evaluate(async (text) => {
    const { Preprocessor } = await import('/src/core/encoder/preprocess.ts');
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const transform: Transform = { resize: { height: 216, width: 384 }, mean: [0, 0, 0], std: [1, 1, 1] };
    const preprocessor = await Preprocessor.create();
    const prepared = await preprocessor.prepare(bytes.buffer, transform, new Float32Array(3 * 216 * 384), 0);
    return prepared.ok ? [...prepared.resized] : [];
  }, read('resize/src/cmyk_300x200.jpg').toString('base64'));
  const expected = npyBytes(read('resize/cmyk_300x200.npy'));
  expect(got).toHaveLength(expected.length);
  const largest = got.reduce((most, byte, i) => Math.max(most, Math.abs(byte - expected[i]!)), 0);
  expect(largest).toBeLessThanOrEqual(1);
});

const kinds = json<{ items: { file: string; rgbSha256: string }[] }>('images/index.json').items;

test('EXIF, profiles, transparency, depth and animation change nothing: each kind of file decodes to Pillow’s bytes', async ({
  page,
}) => {
  await open(page);
  for (const { file, rgbSha256 } of kinds) {
    const got = await decodeInPage(page, read(`images/${file}`));
    expect.soft('rgb' in got ? sha256(got.rgb) : got.refused, file).toBe(rgbSha256);
  }
});

test('the own JPEG decoder gives the pixels that the browser gives, at every kind of size', async ({
  page,
}) => {
  await open(page);
  const found = await page.evaluate(async () => {
    const { decode } = await import('/src/core/encoder/decode.ts');
    const { readBaselineJpeg } = await import('/src/core/encoder/resize/jpeg.ts');
    const { openWasm } = await import('/src/core/encoder/open-wasm.ts');
    const { Resizer } = await import('/src/core/encoder/resize/resizer.ts');
    const resizer = new Resizer(await openWasm('/src/core/encoder/resize/resize.wasm'));
    const different: string[] = [];
    let compared = 0;
    for (const width of [16, 17, 18, 31, 32, 33, 46, 47, 1921]) {
      for (const height of [16, 17, 18, 31, 33, 1081]) {
        const noise = new ImageData(width, height);
        noise.data.forEach((_, i) => {
          noise.data[i] = i % 4 === 3 ? 255 : Math.imul(i + width, 2654435761) >>> 24;
        });
        const canvas = new OffscreenCanvas(width, height);
        canvas.getContext('2d')?.putImageData(noise, 0, 0);
        const file = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 });
        const bytes = await file.arrayBuffer();
        const transform: Transform = { resize: { width, height }, mean: [0, 0, 0], std: [1, 1, 1] };
        const tensor = new Float32Array(3 * width * height);
        const jpeg = readBaselineJpeg(new Uint8Array(bytes));
        if (!jpeg || !resizer.decode(jpeg, transform.resize)) {
          different.push(`${width}×${height} is not taken`);
          continue;
        }
        const own = resizer.finish(transform, tensor, 0).slice();
        const picture = await decode(bytes);
        resizer.begin(picture, picture.layout, transform.resize);
        await picture.read(0, height, resizer.strip(height));
        resizer.push(height);
        picture.close();
        compared += 1;
        const browsers = resizer.finish(transform, tensor, 0);
        if (!own.every((byte, i) => byte === browsers[i])) different.push(`${width}×${height}`);
      }
    }
    return { different, compared };
  });
  expect(found).toEqual({ different: [], compared: 54 });
});

interface Border {
  readonly name: string;
  readonly file: string;
  readonly rgbSha256: string | null;
}

test('a JPEG at the border of libjpeg’s rules has Pillow’s pixels, or is refused as by Pillow and the browser', async ({
  page,
}) => {
  const { borders } = json<{ borders: Border[] }>('jpegs.json');
  const files = borders.map(({ file }) => new Uint8Array(Buffer.from(file, 'base64')));
  await open(page);
  const own = await prepare(page, files, { ...TRANSFORM, resize: { height: 24, width: 24 } });
  for (const [i, { name, rgbSha256 }] of borders.entries()) {
    const answer = own[i]!;
    expect.soft(answer.ok ? answer.resized : null, name).toBe(rgbSha256);
    const browsers = await decodeInPage(page, files[i]!);
    expect.soft('rgb' in browsers ? sha256(browsers.rgb) : null, `${name}, browser`).toBe(rgbSha256);
  }
  const taken = borders.filter(
    (_, i) => readImageFile(files[i]!.buffer).isYccJpeg && readBaselineJpeg(files[i]!) !== null,
  );
  expect(taken.map(({ name }) => name)).toEqual([
    'JFIF of 14 bytes, Adobe 0',
    'Adobe 0, JFIF of 14 bytes',
    'Adobe of 11 bytes',
    'table 3',
  ]);
});

test('a worker that finds the own decoder one level off in one pixel leaves it', async ({ page }) => {
  await open(page);
  const answers = await page.evaluate(async () => {
    const { openWasm } = await import('/src/core/encoder/open-wasm.ts');
    const { Resizer } = await import('/src/core/encoder/resize/resizer.ts');
    const { decodesExactly } = await import('/src/core/encoder/decoder-check.ts');
    const resizer = new Resizer(await openWasm('/src/core/encoder/resize/resize.wasm'));
    const asItIs = await decodesExactly(resizer);
    const finish = resizer.finish.bind(resizer);
    let calls = 0;
    resizer.finish = (...args) => {
      const bytes = finish(...args);
      if (calls++ === 0) bytes[5] = bytes[5]! ^ 1;
      return bytes;
    };
    return { asItIs, oneOff: await decodesExactly(resizer) };
  });
  expect(answers).toEqual({ asItIs: true, oneOff: false });
});

test('without VideoFrame a canvas gives the same bytes @long', async ({ context }) => {
  const page = await context.newPage();
  await page.addInitScript(() => {
    Reflect.deleteProperty(globalThis, 'VideoFrame');
  });
  await open(page);
  expect(await page.evaluate(() => typeof VideoFrame)).toBe('undefined');
  // A canvas multiplies by the alpha that a lossless WebP carries in its pixels.
  for (const { file, rgbSha256 } of kinds.filter((kind) => kind.file !== 'webp-lossless-alpha.webp')) {
    const got = await decodeInPage(page, read(`images/${file}`));
    expect.soft('rgb' in got ? sha256(got.rgb) : got.refused, file).toBe(rgbSha256);
  }
  const chosen = goldens.filter(({ name }) => /^(gradient|exif6)/.test(name));
  const answers = await prepare(
    page,
    chosen.map(({ file }) => read(`resize/${file}`)),
  );
  chosen.forEach(({ name }, nth) => {
    const answer = answers[nth]!;
    expect(answer.ok && answer.resized, name).toBe(sha256(npyBytes(read(`resize/${name}.npy`))));
  });
});

test('real snapshots of the OBSEA camera decode and resize to Pillow’s bytes @long', async ({
  page,
}, testInfo) => {
  const isThere = existsSync(fileURLToPath(new URL('resized/index.json', REAL)));
  if (!isThere) console.log(`${testInfo.title}: skipped, ../shared/data/obsea is not beside this repository`);
  test.skip(!isThere, '../shared/data/obsea is not beside this repository');
  await open(page);
  const { items } = json<{ items: Golden[] }>('resized/index.json', REAL);
  expect(items.length).toBeGreaterThan(0);
  for (const { name, file, decoded_rgb_sha256 } of items) {
    const folder = ['clean/', 'dirty/', 'resized/'].find((each) => existsSync(new URL(each + file, REAL)));
    const bytes = read(`${folder ?? ''}${file}`, REAL);
    const decoded = await decodeInPage(page, bytes);
    expect('rgb' in decoded ? sha256(decoded.rgb) : decoded.refused, name).toBe(decoded_rgb_sha256);
    const [answer] = await prepare(page, [bytes]);
    expect(answer?.ok && answer.resized, name).toBe(sha256(npyBytes(read(`resized/${name}.npy`, REAL))));
  }
});

test('the thumbnail is a JPEG in the picture’s own proportions', async ({ page }) => {
  await open(page);
  const [answer] = await prepare(page, [read('resize/src/gradient_4000x3000.png')]);
  if (!answer?.ok) throw new Error('not prepared');
  const size = await page.evaluate(async (bytes) => {
    const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' }));
    return { width: bitmap.width, height: bitmap.height };
  }, answer.thumbnail);
  expect(size).toEqual({ width: 320, height: 240 });
  expect(answer.thumbnail.slice(0, 3)).toEqual([0xff, 0xd8, 0xff]);
  expect(answer.properties).toMatchObject({ width: 4000, height: 3000 });
});

/** A PNG whose header claims a size; its picture is missing. */
function pngClaiming(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6], 8);
  const chunk = (name: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const check = Buffer.alloc(4);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const parts = [
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(9))),
    chunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([signature, ...parts]);
}

function cut(path: string, bytes: number): Buffer {
  const file = read(path);
  return file.subarray(0, file.length - bytes);
}

/** A JPEG with another size in its frame header. */
function jpegClaiming(width: number, height: number): Buffer {
  const file = Buffer.from(read('images/jpeg-420.jpg'));
  const frame = file.indexOf(Buffer.from([0xff, 0xc0]));
  file.writeUInt16BE(height, frame + 5);
  file.writeUInt16BE(width, frame + 7);
  return file;
}

const refused: readonly (readonly [what: string, file: Uint8Array, code: string])[] = [
  ['an empty file', Buffer.alloc(0), 'empty-file'],
  ['text named .jpg', Buffer.from('Dear diary, the camera was cleaned today.'), 'not-an-image'],
  ['one byte', Buffer.from([0xff]), 'not-an-image'],
  [
    'an SVG with a script',
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    'not-an-image',
  ],
  [
    'an SVG without one',
    Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    'not-an-image',
  ],
  ['a page', Buffer.from('<!doctype html><title>no picture</title>'), 'not-an-image'],
  ['a JPEG’s first three bytes', Buffer.from([0xff, 0xd8, 0xff]), 'image-damaged'],
  ['a JPEG cut in half', cut('images/jpeg-420.jpg', 1000), 'image-damaged'],
  ['a JPEG without its last two bytes', cut('images/jpeg-420.jpg', 2), 'image-damaged'],
  ['a progressive JPEG cut off', cut('images/jpeg-progressive.jpg', 500), 'image-damaged'],
  ['a PNG cut off', cut('images/png-rgb16.png', 300), 'image-damaged'],
  ['a PNG with alpha cut off', cut('images/png-filters.png', 300), 'image-damaged'],
  ['a PNG without its end', cut('images/png-bilevel.png', 12), 'image-damaged'],
  ['a GIF cut off', cut('images/gif.gif', 200), 'image-damaged'],
  ['a WebP cut off', cut('images/webp-lossy.webp', 200), 'image-damaged'],
  ['a BMP cut off', cut('images/bmp-24.bmp', 200), 'image-damaged'],
  ['a PNG with less picture than its header claims', pngClaiming(90, 90), 'image-damaged'],
  ['a PNG of 400 megapixels', pngClaiming(20_000, 20_000), 'image-too-large'],
  ['a PNG of 101 megapixels', pngClaiming(10_001, 10_100), 'image-too-large'],
  ['a PNG 16385 pixels wide', pngClaiming(16_385, 1), 'image-too-large'],
  ['a JPEG of 65535×65535', jpegClaiming(65_535, 65_535), 'image-too-large'],
  ['a JPEG of no width', jpegClaiming(0, 45), 'image-damaged'],
];

test('what is not a whole picture is refused with its reason, and the next picture is read all the same', async ({
  page,
}) => {
  await open(page);
  const good = read('images/jpeg-420.jpg');
  for (const where of ['page', 'worker'] as const) {
    const answers = await prepare(page, [...refused.map(([, file]) => file), good], TRANSFORM, where);
    refused.forEach(([what, , code], nth) => {
      const answer = answers[nth]!;
      expect.soft(answer.ok ? 'accepted' : answer.code, `${what} in a ${where}`).toBe(code);
    });
    expect(answers.at(-1)?.ok).toBe(true);
  }
});

test('a damaged file of any kind is a refusal, never a bug @long', async ({ page }) => {
  await open(page);
  // Each file with bytes overwritten at places from a fixed sequence.
  const spoiled = kinds.flatMap(({ file }, nth) => {
    const whole = read(`images/${file}`);
    return [1, 2, 3].map((round) => {
      const bytes = Buffer.from(whole);
      for (let i = 0; i < 4 * round; i++) {
        const place = Math.imul(nth * 97 + round * 31 + i + 1, 2654435761) >>> 0;
        bytes[place % (round === 1 ? 64 : bytes.length)] = place >>> 24;
      }
      return bytes;
    });
  });
  const answers = await prepare(page, spoiled);
  expect(answers).toHaveLength(spoiled.length);
  for (const answer of answers) {
    if (!answer.ok) expect(['not-an-image', 'image-damaged', 'image-too-large']).toContain(answer.code);
  }
});
