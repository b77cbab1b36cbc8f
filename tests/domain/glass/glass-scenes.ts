/** Made pictures of a reef through a lens: the bytes of tests/fixtures/glass/glass.py, of integers alone. */
import type { GlassPicture } from '../../../src/core/domain/glass/picture';

export const SIZE = { height: 96, width: 192 };
const MARGIN = 60;

interface Reef {
  readonly width: number;
  readonly data: Uint8Array;
}

function dice(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % n;
  };
}

/** A reef of plates of all colours and sizes, larger than a picture. */
export function scene(seed: number): Reef {
  const below = dice(seed);
  const height = SIZE.height + MARGIN;
  const width = SIZE.width + MARGIN;
  const data = new Uint8Array(height * width * 3);
  for (let i = 0; i < height * width; i++) {
    const y = Math.floor(i / width);
    data.set([70 + Math.floor(y / 6), 100 + Math.floor(y / 4), 110 + Math.floor(y / 5)], 3 * i);
  }
  for (let plate = 0; plate < 700; plate++) {
    const [top, left] = [below(height), below(width)];
    const [tall, wide] = [2 + below(14), 2 + below(18)];
    const colour = [40 + below(120), 40 + below(120), 40 + below(120)];
    for (let y = top; y < Math.min(height, top + tall); y++) {
      for (let x = left; x < Math.min(width, left + wide); x++) data.set(colour, 3 * (y * width + x));
    }
  }
  return { width, data };
}

/** The reef as a camera shows it: another light, grain, at times a fish. */
export function seen(reef: Reef, seed: number, down = 0, right = 0): GlassPicture {
  const { height, width } = SIZE;
  const below = dice(seed);
  const light = 85 + below(31);
  const isFish = below(3) === 0;
  const [top, left] = [below(height - 16), below(width - 30)];
  const data = new Uint8Array(height * width * 3);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isIn = isFish && y >= top && y < top + 14 && x >= left && x < left + 28;
      const at = 3 * ((30 - down + y) * reef.width + 30 - right + x);
      for (let k = 0; k < 3; k++, i++) {
        const value = isIn ? [50, 60, 58][k]! : reef.data[at + k]!;
        data[i] = Math.min(255, Math.max(0, Math.floor((value * light) / 100) + below(7) - 3));
      }
    }
  }
  return { ...SIZE, data };
}

/** Pale points, on the left half of the glass unless on so many columns. */
export function grown(
  picture: GlassPicture,
  seed: number,
  points: number,
  columns = Math.floor(picture.width / 2),
): GlassPicture {
  const below = dice(seed);
  const { height, width } = picture;
  const data = picture.data.slice();
  for (let point = 0; point < points; point++) {
    const [top, left] = [below(height - 3), below(columns - 3)];
    const [tall, wide] = [2 + below(2), 2 + below(2)];
    for (let y = top; y < top + tall; y++) {
      for (let x = left; x < left + wide; x++) data.set([200, 196, 170], 3 * (y * width + x));
    }
  }
  return { ...picture, data };
}

/** Water that lets so much less through, everywhere alike. */
export function murky(picture: GlassPicture, percent: number, veil: readonly number[]): GlassPicture {
  return mixed(
    picture,
    (value, k) => Math.floor((value * (100 - percent)) / 100) + Math.floor((veil[k]! * percent) / 100),
  );
}

/** Red is taken, green scattered. */
export function filmed(picture: GlassPicture): GlassPicture {
  return mixed(picture, (value, k) => Math.floor((value * [45, 70, 70][k]!) / 100) + [8, 40, 36][k]!);
}

/** Each pixel is the mean of the nine around it. */
export function smeared({ data, height, width }: GlassPicture): GlassPicture {
  const within = (place: number, end: number) => Math.min(end - 1, Math.max(0, place));
  const steps = [-1, 0, 1];
  return {
    height,
    width,
    data: data.map((_, i) => {
      const [y, x] = [Math.floor(i / 3 / width), Math.floor(i / 3) % width];
      const valueAt = (down: number, right: number) =>
        data[3 * (within(y + down, height) * width + within(x + right, width)) + (i % 3)]!;
      const rows = steps.map((down) => steps.reduce((sum, right) => sum + valueAt(down, right), 0));
      return Math.floor((rows[0]! + rows[1]! + rows[2]!) / 9);
    }),
  };
}

/** The left half lies a pixel higher, the right half a pixel lower, as where the camera was turned a little. */
export function turned({ data, height, width }: GlassPicture): GlassPicture {
  return {
    height,
    width,
    data: data.map((_, i) => {
      const [y, x] = [Math.floor(i / 3 / width), Math.floor(i / 3) % width];
      const from = Math.min(height - 1, Math.max(0, x < width / 2 ? y + 1 : y - 1));
      return data[i + 3 * (from - y) * width]!;
    }),
  };
}

/** A dark thing lies over the left of the picture. */
export function hidden(picture: GlassPicture, columns: number): GlassPicture {
  const { width } = picture;
  return {
    ...picture,
    data: picture.data.map((value, i) => (Math.floor(i / 3) % width < columns ? 20 : value)),
  };
}

export function mixed(
  picture: GlassPicture,
  change: (value: number, channel: number) => number,
): GlassPicture {
  return { ...picture, data: picture.data.map((value, i) => change(value, i % 3)) };
}

/** A clean reference of one reef, the camera trembling by a pixel. */
export function cleanReference(reef: Reef, count = 24): GlassPicture[] {
  return Array.from({ length: count }, (_, i) => seen(reef, 100 + i, (i % 3) - 1));
}
