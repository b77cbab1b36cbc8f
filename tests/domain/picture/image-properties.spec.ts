import { expect, test } from '@playwright/test';
import type { Size } from '../../../src/core/domain/model/model';
import { imageProperties } from '../../../src/core/domain/picture/image-properties';
import { pictureSums } from '../../wasm';

const SOURCE = { height: 1080, width: 1920 };

const propertiesOf = (bytes: Uint8Array, size: Size, source: Size) =>
  imageProperties(size, source, pictureSums(bytes, size));

function filled(
  height: number,
  width: number,
  colour: (x: number, y: number) => readonly [number, number, number],
) {
  const bytes = new Uint8Array(height * width * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) bytes.set(colour(x, y), (y * width + x) * 3);
  }
  return bytes;
}

test('an even grey picture has its grey as brightness, and neither contrast, sharpness nor a cast', () => {
  const got = propertiesOf(
    filled(4, 5, () => [51, 51, 51]),
    { height: 4, width: 5 },
    SOURCE,
  );
  expect(got.width).toBe(1920);
  expect(got.height).toBe(1080);
  expect(got.brightness).toBeCloseTo(0.2, 12);
  expect(got.contrast).toBeCloseTo(0, 12);
  expect(got.sharpness).toBe(0);
  expect(got.blueMinusRed).toBe(0);
  expect(got.greenCast).toBe(0);
});

test('the casts compare the means of the channels', () => {
  const got = propertiesOf(
    filled(3, 3, () => [51, 204, 102]),
    { height: 3, width: 3 },
    SOURCE,
  );
  expect(got.blueMinusRed).toBeCloseTo(0.2, 12);
  expect(got.greenCast).toBeCloseTo(0.5, 12);
  expect(got.brightness).toBeCloseTo(0.299 * 0.2 + 0.587 * 0.8 + 0.114 * 0.4, 12);
});

test('half black, half white has contrast one half', () => {
  const bytes = filled(4, 4, (_x, y) => (y < 2 ? [0, 0, 0] : [255, 255, 255]));
  const got = propertiesOf(bytes, { height: 4, width: 4 }, SOURCE);
  expect(got.brightness).toBeCloseTo(0.5, 12);
  expect(got.contrast).toBeCloseTo(0.5, 12);
  // Each of the four inner pixels has three neighbours of the other colour among eight.
  expect(got.sharpness).toBeCloseTo(3 / 8, 12);
});

test('a white pixel on black is as sharp as a picture can be', () => {
  const bytes = filled(3, 3, (x, y) => (x === 1 && y === 1 ? [255, 255, 255] : [0, 0, 0]));
  expect(propertiesOf(bytes, { height: 3, width: 3 }, SOURCE).sharpness).toBeCloseTo(1, 12);
});

/** Coloured blocks of 3 × 3 with a shadow here and there, so that every patch of 12 has something dark. */
function reef(height: number, width: number) {
  return filled(height, width, (x, y) => {
    const block = Math.floor(x / 3) * 7 + Math.floor(y / 3) * 13;
    return block % 5 === 0
      ? [4, 9, 8]
      : [(block * 29) % 90, 40 + ((block * 31) % 160), 60 + ((block * 37) % 150)];
  });
}

test('a veil over a textured picture raises its haze by as much as the veil adds', () => {
  const size = { height: 216, width: 384 };
  const clear = reef(size.height, size.width);
  // I = J t + A (1 - t), with t = 0.6 and a greenish A
  const veil = [40, 190, 170] as const;
  const veiled = clear.map((byte, i) => Math.round(byte * 0.6 + veil[i % 3]! * 0.4));
  const before = clear.slice();
  const haze = propertiesOf(clear, size, SOURCE).haze!;
  expect(haze).toBeCloseTo(8 / 255, 12);
  // The darkest of green and blue in each patch is the shadow's: 9 of green and 8 of blue.
  expect(propertiesOf(veiled, size, SOURCE).haze).toBeCloseTo(Math.round(8 * 0.6 + 170 * 0.4) / 255, 12);
  expect(clear).toEqual(before);
});

test('red light, fine texture and brightness alone are no haze', () => {
  const size = { height: 24, width: 24 };
  const red = filled(24, 24, () => [255, 3, 0]);
  expect(propertiesOf(red, size, SOURCE).haze).toBe(0);
  const bright = filled(24, 24, (x, y) => ((x + y) % 2 ? [255, 255, 255] : [0, 0, 0]));
  expect(propertiesOf(bright, size, SOURCE).haze).toBe(0);
});

test('patches that the edge cuts off count by their area', () => {
  // 12 + 5 columns, 12 + 1 rows; white but for one black pixel in the large patch and one in the corner's
  const size = { height: 13, width: 17 };
  const bytes = filled(13, 17, (x, y) =>
    (x === 3 && y === 11) || (x === 16 && y === 12) ? [0, 0, 0] : [255, 255, 255],
  );
  expect(propertiesOf(bytes, size, SOURCE).haze).toBeCloseTo((5 * 12 + 12) / (13 * 17), 12);
  expect(propertiesOf(new Uint8Array([9, 51, 90]), { height: 1, width: 1 }, SOURCE).haze).toBeCloseTo(
    0.2,
    12,
  );
});

test('a picture without inner pixels has no sharpness', () => {
  const bytes = filled(2, 9, (x) => (x % 2 ? [255, 255, 255] : [0, 0, 0]));
  expect(propertiesOf(bytes, { height: 2, width: 9 }, SOURCE).sharpness).toBe(0);
});
