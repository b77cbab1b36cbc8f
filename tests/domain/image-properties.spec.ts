import { expect, test } from '@playwright/test';
import { imageProperties } from '../../src/domain/image-properties';

const SOURCE = { height: 1080, width: 1920 };

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
  const got = imageProperties(
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
  const got = imageProperties(
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
  const got = imageProperties(bytes, { height: 4, width: 4 }, SOURCE);
  expect(got.brightness).toBeCloseTo(0.5, 12);
  expect(got.contrast).toBeCloseTo(0.5, 12);
  // Each of the four inner pixels has three neighbours of the other colour among eight.
  expect(got.sharpness).toBeCloseTo(3 / 8, 12);
});

test('a white pixel on black is as sharp as a picture can be', () => {
  const bytes = filled(3, 3, (x, y) => (x === 1 && y === 1 ? [255, 255, 255] : [0, 0, 0]));
  expect(imageProperties(bytes, { height: 3, width: 3 }, SOURCE).sharpness).toBeCloseTo(1, 12);
});

test('a picture without inner pixels has no sharpness', () => {
  const bytes = filled(2, 9, (x) => (x % 2 ? [255, 255, 255] : [0, 0, 0]));
  expect(imageProperties(bytes, { height: 2, width: 9 }, SOURCE).sharpness).toBe(0);
});
