/**
 * Cameras that are made of the labelled ones, as another lens and another sensor would have shown the same days: what
 * is true of each snapshot stays true. Their pictures are kept outside the repository, as all are.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { browserLaunchOptions } from '../browser.mjs';
import { handFiles } from '../drive.mjs';
import { CACHE, picturesIn } from './pictures.mjs';

const BATCH = 20;
/** No wider: a model is given 384 pixels. */
const MOST_WIDTH = 768;

/**
 * Four made lenses, by what each does to a picture; `part` of the view is taken from its middle.
 *
 * `turn` is in degrees of hue, `noise` a deviation in levels of a byte, `barrel` a share of the radius that the corners
 * lose, `vignette` a share of the light that they lose, `tint` shares of red, green and blue.
 */
const LENSES = {
  'mirrored, 55 %, hue 35°, gamma 1.35': { part: 0.55, isMirrored: true, turn: 35, gamma: 1.35 },
  '60 %, 640 wide, two fifths of the colour, noise': { part: 0.6, width: 640, colour: 0.4, noise: 4 },
  '65 %, barrel, blue, low contrast, vignette': {
    part: 0.65,
    barrel: 0.18,
    tint: [0.8, 0.95, 1.2],
    contrast: 0.7,
    vignette: 0.35,
  },
  'upside down, 50 %, 320 wide, green, gamma 0.75': {
    part: 0.5,
    width: 320,
    isTurned: true,
    tint: [0.85, 1.15, 0.9],
    gamma: 0.75,
  },
};

/**
 * @param {import('./cameras.mjs').Course[]} courses
 * @returns {Promise<import('./cameras.mjs').Course[]>} each of them through each lens
 */
export async function madeCourses(courses) {
  const browser = await chromium.launch(browserLaunchOptions());
  try {
    const found = [];
    for (const [name, lens] of Object.entries(LENSES)) {
      for (const course of courses) {
        const folder = join(CACHE, 'made', name.replace(/\W+/g, '-'), course.camera.replace(/\W+/g, '-'));
        await make(browser, [...course.reference, ...course.stream], lens, folder);
        const pictures = new Map((await picturesIn(folder)).map((picture) => [picture.name, picture]));
        const through = (snapshots) =>
          snapshots.map((snapshot) => ({ ...snapshot, picture: pictures.get(snapshot.picture.name) }));
        found.push({
          ...course,
          camera: `${course.camera}, ${name}`,
          reference: through(course.reference),
          earlier: [],
          stream: through(course.stream),
        });
      }
    }
    return found;
  } finally {
    await browser.close();
  }
}

async function make(browser, snapshots, lens, folder) {
  mkdirSync(folder, { recursive: true });
  const missing = snapshots
    .map(({ picture }) => picture)
    .filter(({ name }) => !existsSync(join(folder, name)));
  if (missing.length === 0) return;
  const page = await browser.newPage();
  for (let first = 0; first < missing.length; first += BATCH) {
    const some = missing.slice(first, first + BATCH);
    const files = await handFiles(
      page,
      some.map(({ path }) => path),
    );
    const input = await page.evaluateHandle(
      ([input, lens, mostWidth]) => ({ files: [...input.files], lens, mostWidth }),
      [files, lens, MOST_WIDTH],
    );
    const made = await page.evaluate(remake, input);
    for (const [i, base64] of made.entries())
      writeFileSync(join(folder, some[i].name), Buffer.from(base64, 'base64'));
  }
  await page.close();
}

/** Runs in the page. The same picture gives the same bytes. */
async function remake({ files, lens, mostWidth }) {
  const made = [];
  for (const file of files) {
    const whole = await createImageBitmap(file);
    const [across, down] = [whole.width * lens.part, whole.height * lens.part];
    const width = Math.round(Math.min(lens.width ?? mostWidth, across));
    const height = Math.round((width * down) / across);
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.imageSmoothingQuality = 'high';
    const [left, top] = [(whole.width - across) / 2, (whole.height - down) / 2];
    if (lens.isMirrored || lens.isTurned) {
      context.translate(width, lens.isTurned ? height : 0);
      context.scale(-1, lens.isTurned ? -1 : 1);
    }
    context.drawImage(whole, left, top, across, down, 0, 0, width, height);
    whole.close();
    const from = context.getImageData(0, 0, width, height);
    const to = new ImageData(width, height);
    const [sin, cos] = [Math.sin, Math.cos].map((f) => f(((lens.turn ?? 0) * Math.PI) / 180));
    let state = 20230730;
    const uniform = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
    const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [u, v] = [(x - middleX) / middleX, (y - middleY) / middleY];
        const radius = (u * u + v * v) / 2;
        // A barrel lens shows more than it should towards its corners; what would be outside is left out.
        const shrink = 1 - (lens.barrel ?? 0) * (1 - radius);
        const [sx, sy] = [middleX + u * middleX * shrink, middleY + v * middleY * shrink];
        const [x0, y0] = [Math.min(width - 2, Math.floor(sx)), Math.min(height - 2, Math.floor(sy))];
        const [fx, fy] = [sx - x0, sy - y0];
        const at = 4 * (y0 * width + x0);
        const rgb = [0, 1, 2].map((c) => {
          const above = from.data[at + c] * (1 - fx) + from.data[at + 4 + c] * fx;
          const below = from.data[at + 4 * width + c] * (1 - fx) + from.data[at + 4 * width + 4 + c] * fx;
          return (above * (1 - fy) + below * fy) / 255;
        });
        // Hue is turned in the plane of equal luma, as YIQ has it.
        const luma = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
        const i = 0.596 * rgb[0] - 0.274 * rgb[1] - 0.322 * rgb[2];
        const q = 0.211 * rgb[0] - 0.523 * rgb[1] + 0.312 * rgb[2];
        const colour = lens.colour ?? 1;
        const [ti, tq] = [colour * (i * cos - q * sin), colour * (i * sin + q * cos)];
        const turned = [
          luma + 0.956 * ti + 0.621 * tq,
          luma - 0.272 * ti - 0.647 * tq,
          luma - 1.106 * ti + 1.703 * tq,
        ];
        const noise =
          lens.noise === undefined
            ? 0
            : lens.noise * Math.sqrt(-2 * Math.log(uniform() + 1e-12)) * Math.cos(2 * Math.PI * uniform());
        const light = 1 - (lens.vignette ?? 0) * radius;
        const out = 4 * (y * width + x);
        for (let c = 0; c < 3; c++) {
          const tinted = Math.min(1, Math.max(0, turned[c] * (lens.tint?.[c] ?? 1)));
          const bent = tinted ** (lens.gamma ?? 1);
          const flat = 0.5 + (bent - 0.5) * (lens.contrast ?? 1);
          to.data[out + c] = 255 * flat * light + noise;
        }
        to.data[out + 3] = 255;
      }
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.putImageData(to, 0, 0);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    made.push(btoa(text));
  }
  return made;
}
