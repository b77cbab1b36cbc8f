import type { Size } from '../../../core/domain/model/model';
import { clouds, Random, type BlurPicture, type Colour } from '../../../core/domain/picture/noise';
import { pixels } from '../../../core/domain/model/trained-size';

/** One picture as the same clean lens may show it at another hour. */
export interface NaturalView {
  /** Without fish, which are compared with training/nature.py by themselves. Height × width × 3 bytes. */
  readonly clear: Uint8Array;
  /** The same with fish. Height × width × 3 bytes. */
  readonly view: Uint8Array;
}

/** How widely light and water vary. */
export interface Weather {
  /** of the colour cast, as a share of training's */
  readonly cast: number;
  /** the largest share of scattered light, before it grows with the distance */
  readonly haze: number;
  /** how often the water is greener, darker or backlit, as on a late afternoon; 0..1 */
  readonly tide: number;
}

/** As training/nature.py has it: one camera's snapshots must stand for every sea. */
export const EVERY_WEATHER: Weather = { cast: 1, haze: 0.6, tide: 0.5 };

/**
 * For a camera's own snapshots, which bring their weather with them. Wider, it makes a head overlook real film on a
 * camera that shows little colour (docs/adaptation.md).
 */
export const OWN_WEATHER: Weather = { cast: 0.5, haze: 0.4, tide: 0 };

/**
 * Changes in front of a clean lens that must not alarm: a nudge of the camera, its caption, light, water, fish.
 *
 * The chain of training/nature.py (`without_caption`, `shifted`, `weather`, `tide`, `fish`) with its ranges, though not
 * its random numbers, rounded once at the end. The same seed gives the same bytes; in another size it gives the same
 * weather and the same fish. `sensorNoise` comes last, after any dirt.
 *
 * @param picture - height × width × 3 bytes of a clean snapshot: red, green, blue; not changed
 * @throws RangeError when the picture is not of the given size, or a side is not a positive integer
 */
export function naturalView(
  picture: Uint8Array,
  size: Size,
  random: Random,
  range: Weather,
  blurBy: BlurPicture,
): NaturalView {
  const { height, width } = size;
  if (![height, width].every((side) => Number.isSafeInteger(side) && side > 0)) {
    throw new RangeError(`height and width must be positive integers, got ${height} and ${width}`);
  }
  if (picture.length !== height * width * 3) {
    throw new RangeError(`the picture has ${picture.length} bytes, its size ${height * width * 3}`);
  }
  const bare = random.chance(0.5) ? withoutCaption(picture, size, random) : picture;
  const light = weather(shifted(bare, size, random), size, random, range, blurBy);
  if (random.chance(range.tide)) tide(light, size, random);
  const clear = bytesOf(light);
  fish(light, size, random);
  return { clear, view: bytesOf(light) };
}

/** Normal numbers: 2 MB; a power of two, so that places wrap with a mask. */
const NOISE_LENGTH = 2 ** 19;
let noise: Float32Array | undefined;

/**
 * Noise of a random level, 0 to 0.015 of full light, the same law for clean and for dirty pictures.
 *
 * Add it after the dirt: noise added before is a shortcut, since blur and veils remove it.
 *
 * @param picture - bytes, not changed
 * @returns the same length, new
 * @see training/nature.py, `sensor_noise`; as there, drawn once for all pictures and read from a random place on
 */
export function sensorNoise(picture: Uint8Array, random: Random): Uint8Array {
  noise ??= normalNumbers(NOISE_LENGTH, new Random(0));
  const table = noise;
  let at = Math.floor(random.uniform(0, NOISE_LENGTH));
  const level = 255 * random.uniform(0, 0.015);
  const noisy = new Uint8ClampedArray(picture.length);
  for (let i = 0; i < noisy.length; i++) {
    noisy[i] = picture[i]! + level * table[at]!;
    at = (at + 1) & (NOISE_LENGTH - 1);
  }
  return new Uint8Array(noisy.buffer);
}

function normalNumbers(length: number, random: Random): Float32Array {
  const numbers = new Float32Array(length);
  for (let i = 0; i < length; i++) numbers[i] = random.normal();
  return numbers;
}

/** Cameras burn in a date or a name here, in shares of the room that a caption leaves: left to right, top to bottom. */
const CAPTIONS: readonly { readonly across: number; readonly isBelow: boolean }[] = [0, 0.5, 1].flatMap(
  (across) => [false, true].map((isBelow) => ({ across, isBelow })),
);

/**
 * One of six places where a caption may stand, covered by the mirrored rows beside it, towards the picture's middle.
 *
 * Training knows where its one camera writes; the cameras to come write elsewhere, or nothing.
 */
function withoutCaption(picture: Uint8Array, size: Size, random: Random): Uint8Array {
  const { across, isBelow } = CAPTIONS[Math.floor(random.uniform(0, CAPTIONS.length))]!;
  const { height, width } = size;
  const rows = Math.min(Math.round(pixels(24, size)), height >> 1);
  const columns = Math.min(Math.round(pixels(124, size)), width);
  const start = 3 * Math.round(across * (width - columns));
  const covered = picture.slice();
  for (let i = 0; i < rows; i++) {
    const to = isBelow ? height - 1 - i : i;
    const from = isBelow ? height - 2 * rows + i : 2 * rows - 1 - i;
    const row = 3 * width * from + start;
    covered.copyWithin(3 * width * to + start, row, row + 3 * columns);
  }
  return covered;
}

/** The most that a nudge moves the picture, in training's pixels. */
const SHIFT = 8;

/** Moved by whole pixels: an interpolated shift blurs, and would teach a model to overlook blur. */
function shifted(picture: Uint8Array, size: Size, random: Random): Uint8Array {
  const { height, width } = size;
  const draw = () => Math.round(pixels(random.uniform(-SHIFT - 0.5, SHIFT + 0.5), size));
  const [down, right] = [draw(), draw()];
  const columns = Int32Array.from({ length: width }, (_, x) => 3 * reflected(x + right, width));
  const moved = new Uint8Array(picture.length);
  for (let y = 0, at = 0; y < height; y++) {
    const row = 3 * width * reflected(y + down, height);
    for (let x = 0; x < width; x++, at += 3) {
      const from = row + columns[x]!;
      moved[at] = picture[from]!;
      moved[at + 1] = picture[from + 1]!;
      moved[at + 2] = picture[from + 2]!;
    }
  }
  return moved;
}

/** A place beyond an end, mirrored there without repeating the last one, as torch's `reflect`. */
function reflected(place: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const folded = ((place % period) + period) % period;
  return folded < length ? folded : period - folded;
}

/** Another hour, another water: height × width × 3, 0..1. */
function weather(
  picture: Uint8Array,
  size: Size,
  random: Random,
  range: Weather,
  blurBy: BlurPicture,
): Float32Array {
  const light = exposed(picture, random, range.cast);
  const water = random.chance(0.55) ? turbidWater(light, size, random, range.haze) : null;
  // Turbid water softens a little. A weight below 0 sharpens.
  const weight = random.uniform(-0.25, 0.15) + 0.4 * (water?.meanShare ?? 0);
  const blurred = blurBy(light, size, pixels(1, size));

  const [fall, slant] = [random.uniform(-0.25, 0.25), random.uniform(-0.15, 0.15)];
  const unevenness = random.uniform(0, 0.08);
  const lumps = clouds(size, 4, 6, random);
  const lamp = random.chance(0.1) ? duskLamp(random) : null;
  const [red, green, blue] = water?.colour ?? [0, 0, 0];
  const { height, width } = size;
  const across = Float32Array.from({ length: width }, (_, x) => 1 - slant * centred(x, width));
  for (let y = 0, i = 0, at = 0; y < height; y++) {
    const row = centred(y, height);
    const level = (1 - fall * row) * (1 - (lamp?.darkness ?? 0));
    for (let x = 0; x < width; x++, i++, at += 3) {
      const share = water ? water.share[i]! : 0;
      const shade = level * across[x]! * (1 + unevenness * lumps[i]!);
      const straight = shade * (1 - share) * (1 - weight);
      const softened = shade * (1 - share) * weight;
      const veil = shade * share;
      const glow = lamp ? lamp.glow(centred(x, width), row) : 0;
      light[at] = limited(light[at]! * straight + blurred[at]! * softened + red * veil + LAMP[0] * glow);
      light[at + 1] = limited(
        light[at + 1]! * straight + blurred[at + 1]! * softened + green * veil + LAMP[1] * glow,
      );
      light[at + 2] = limited(
        light[at + 2]! * straight + blurred[at + 2]! * softened + blue * veil + LAMP[2] * glow,
      );
    }
  }
  return light;
}

function limited(light: number): number {
  return light < 0 ? 0 : light > 1 ? 1 : light;
}

/** Brighter or darker, more or less contrast, another cast and gamma. */
function exposed(picture: Uint8Array, random: Random, width: number): Float32Array {
  const mean = meanOf(picture, 0, picture.length).map((byte) => byte / 255);
  const [most, least] = [0.12 * width, 0.08 * width];
  const cast = random.colour([1 - most, 1 - least, 1 - most], [1 + most, 1 + least, 1 + most]);
  const brightness = random.uniform(0.75, 1.25);
  const contrast = random.uniform(0.7, 1.2);
  const gamma = random.uniform(0.82, 1.25);
  // The picture is still bytes: a table of every byte's light is exact, and spares a power for each number.
  const tables = cast.map((share, c) => {
    return Float32Array.from({ length: 256 }, (_, byte) => {
      const light = ((byte / 255 - mean[c]!) * contrast + mean[c]!) * share * brightness;
      return Math.min(Math.max(light, FAINTEST), 1) ** gamma;
    });
  });
  const [red, green, blue] = tables as [Float32Array, Float32Array, Float32Array];
  const light = new Float32Array(picture.length);
  for (let i = 0; i < light.length; i += 3) {
    light[i] = red[picture[i]!]!;
    light[i + 1] = green[picture[i + 1]!]!;
    light[i + 2] = blue[picture[i + 2]!]!;
  }
  return light;
}

/** Base of a power at least; training keeps it above 0 for its gradients. */
const FAINTEST = 1e-4;

interface TurbidWater {
  readonly colour: Colour;
  /** Height × width: the share of the light that was scattered on its way, 0..0.85. */
  readonly share: Float32Array;
  readonly meanShare: number;
}

/** Turbid water veils in its own colour, more far away (up) than near. */
function turbidWater(light: Float32Array, size: Size, random: Random, most: number): TurbidWater {
  const { height, width } = size;
  const tint = random.colour([0.93, 0.96, 0.93], [1.07, 1.04, 1.07]);
  const brightness = random.uniform(0.85, 1.25);
  const [first, end] = [Math.floor((10 / 216) * height), Math.ceil((80 / 216) * height)];
  const far = meanOf(light, 3 * width * first, 3 * width * end);
  const slope = random.uniform(0, 0.5);
  const lumps = clouds(size, 2, 3, random);
  const haze = random.uniform(0, most);
  const share = new Float32Array(height * width);
  let sum = 0;
  for (let y = 0, i = 0; y < height; y++) {
    const here = haze * (1 - slope * centred(y, height));
    for (let x = 0; x < width; x++, i++) {
      const value = Math.min(here * (1 + 0.2 * Math.tanh(lumps[i]!)), 0.85);
      share[i] = value;
      sum += value;
    }
  }
  const colour = [0, 1, 2].map((c) => far[c]! * tint[c]! * brightness) as [number, number, number];
  return { colour, share, meanShare: sum / share.length };
}

function meanOf(picture: Uint8Array | Float32Array, start: number, end: number): Colour {
  let [red, green, blue] = [0, 0, 0];
  for (let i = start; i < end; i += 3) {
    red += picture[i]!;
    green += picture[i + 1]!;
    blue += picture[i + 2]!;
  }
  const count = (end - start) / 3;
  return [red / count, green / count, blue / count];
}

/** The colour of the infrared lamp's glow. */
const LAMP: Colour = [1, 0.05, 0.12];

interface DuskLamp {
  /** The share of daylight that is gone. */
  readonly darkness: number;
  /** @param x, y - from -1, left or top, to 1, right or bottom */
  readonly glow: (x: number, y: number) => number;
}

/** The infrared lamp at dusk: red from somewhere below, over a dark picture. */
function duskLamp(random: Random): DuskLamp {
  const darkness = random.uniform(0.1, 0.6);
  const place = random.uniform(-1.2, 1.2);
  const reach = random.uniform(0.25, 1.6);
  const strength = random.uniform(0.06, 0.5);
  const glow = (x: number, y: number) =>
    strength * Math.exp(-((y - 1) * (y - 1) + (x - place) * (x - place)) / reach);
  return { darkness, glow };
}

/** How finely a power of light is tabled: to a twentieth of a level of a byte. */
const STEPS = 4096;

/** Greener, darker or backlit water, as on a late afternoon. Changes `light`, height × width × 3, in place. */
function tide(light: Float32Array, { height, width }: Size, random: Random): void {
  const kept = random.colour([0.7, 0.93, 0.84], [1.06, 1.06, 1.08]);
  const depth = random.uniform(0, 0.4);
  const fall = random.uniform(-0.1, 0.4);
  const brightness = random.uniform(0.6, 1.1);
  const gamma = random.uniform(0.9, 1.4);
  const table = Float32Array.from({ length: STEPS + 1 }, (_, i) => Math.max(i / STEPS, FAINTEST) ** gamma);
  for (let y = 0, at = 0; y < height; y++) {
    const row = centred(y, height);
    const level = STEPS * (1 - fall * row) * brightness;
    // Most colour is lost where the water is deep, far and up.
    const gone = 1 - depth * ((row + 1) / 2);
    const red = level * (1 - (1 - kept[0]) * gone);
    const green = level * (1 - (1 - kept[1]) * gone);
    const blue = level * (1 - (1 - kept[2]) * gone);
    for (let x = 0; x < width; x++, at += 3) {
      light[at] = table[Math.min((light[at]! * red + 0.5) | 0, STEPS)]!;
      light[at + 1] = table[Math.min((light[at + 1]! * green + 0.5) | 0, STEPS)]!;
      light[at + 2] = table[Math.min((light[at + 2]! * blue + 0.5) | 0, STEPS)]!;
    }
  }
}

/** Up to six fish, dark or silvery; one may be near and large. Changes `light`, height × width × 3, in place. */
function fish(light: Float32Array, size: Size, random: Random): void {
  const isNear = random.chance(0.2);
  for (let k = 0; k < 6; k++) {
    if (random.chance(0.5)) drawFish(light, size, k === 0 && isNear, random);
  }
}

/** Columns of the grid for fish, half as fine as in training for speed; the softness is part of a fish's look. */
const FISH_COLUMNS = 192;

/** Beyond this many times its sharpness a fish's edge is invisible: sigmoid(-7) is 0.1 %. */
const FADED = 7;

function drawFish(light: Float32Array, size: Size, isNear: boolean, random: Random): void {
  // Lengths are in halves of the picture's width.
  const aspect = size.height / size.width;
  const turn = random.uniform(-0.6, 0.6);
  const long = random.uniform(0.016, 0.07) + (isNear ? random.uniform(0.1, 0.45) : 0);
  const high = long * random.uniform(0.3, 0.5);
  const [left, top] = [random.uniform(-1, 1), random.uniform(-1, 1) * aspect];
  const sharpness = random.uniform(4, 9);
  const opacity = random.uniform(0.6, 0.95);
  const isSilver = random.chance(0.4);
  const tone = isSilver
    ? random.colour([0.4, 0.4, 0.34], [0.9, 0.9, 0.85])
    : random.colour([0.01, 0.01, 0.01], [0.16, 0.16, 0.15]);
  const stripes = random.uniform(20, 90);

  const [cosine, sine] = [Math.cos(turn), Math.sin(turn)];
  const end = 1 + FADED / sharpness;
  const reach = Math.sqrt(end);
  // Along its axis a fish reaches as far back as its body does forwards, and further: its tail.
  const [tail, flank] = [long * Math.max(reach, 1.25 + 0.35 * reach), high * reach];
  const halfWidth = tail * cosine + flank * Math.abs(sine);
  const halfHeight = (tail * Math.abs(sine) + flank * cosine) / aspect;
  const rows = Math.max(Math.round(FISH_COLUMNS * aspect), 1);
  const across = strip(left, halfWidth, FISH_COLUMNS, size.width);
  const down = strip(top / aspect, halfHeight, rows, size.height);
  /** Pairs: the share of the light that a place of the grid hides, and how much tone it shows instead. */
  const drawn = new Float32Array(2 * across.places.length * down.places.length);
  let at = 0;
  for (const place of down.places) {
    const dy = place * aspect - top;
    for (let i = 0; i < across.places.length; i++, at += 2) {
      const dx = across.places[i]! - left;
      const u = dx * cosine + dy * sine;
      const v = dy * cosine - dx * sine;
      const body = (u / long) * (u / long) + (v / high) * (v / high);
      const back = (u - 1.25 * long) / (0.35 * long);
      const fin = v / (0.8 * high);
      const away = Math.min(body, back * back + fin * fin);
      if (away > end) continue;
      const mask = opacity / (1 + Math.exp((away - 1) * sharpness));
      drawn[at] = mask;
      drawn[at + 1] = mask * (isSilver ? 1 + 0.4 * Math.sin(u * stripes) : 1);
    }
  }
  paint(light, size, drawn, across, down, tone);
}

/** Lays what was drawn on a grid over the picture, by bilinear interpolation between the grid's places. */
function paint(
  light: Float32Array,
  { width }: Size,
  drawn: Float32Array,
  across: Strip,
  down: Strip,
  [red, green, blue]: Colour,
): void {
  const step = 2 * across.places.length;
  for (let y = down.first; y <= down.last; y++) {
    const row = down.start + y * down.step;
    const above = Math.min(Math.floor(row), down.places.length - 2);
    const toBelow = row - above;
    for (let x = across.first, at = 3 * (y * width + x); x <= across.last; x++, at += 3) {
      const column = across.start + x * across.step;
      const before = Math.min(Math.floor(column), across.places.length - 2);
      const toAfter = column - before;
      const i = above * step + 2 * before;
      const mask =
        (drawn[i]! * (1 - toAfter) + drawn[i + 2]! * toAfter) * (1 - toBelow) +
        (drawn[i + step]! * (1 - toAfter) + drawn[i + step + 2]! * toAfter) * toBelow;
      if (mask === 0) continue;
      const shine =
        (drawn[i + 1]! * (1 - toAfter) + drawn[i + 3]! * toAfter) * (1 - toBelow) +
        (drawn[i + step + 1]! * (1 - toAfter) + drawn[i + step + 3]! * toAfter) * toBelow;
      light[at] = light[at]! * (1 - mask) + shine * red;
      light[at + 1] = light[at + 1]! * (1 - mask) + shine * green;
      light[at + 2] = light[at + 2]! * (1 - mask) + shine * blue;
    }
  }
}

/** A part of a grid's columns or rows, and the pixels that lie in it. */
interface Strip {
  /** From -1 to 1; three or more. Beyond the picture its border's place is repeated. */
  readonly places: Float32Array;
  readonly first: number;
  readonly last: number;
  /** Pixel i lies at start + i × step of the places. */
  readonly start: number;
  readonly step: number;
}

/** Columns or rows of a grid within `reach` of a centre, and one more at each end; `pixelCount` is along that side. */
function strip(centre: number, reach: number, count: number, pixelCount: number): Strip {
  const place = (position: number) => ((position + 1) * count - 1) / 2;
  const low = Math.max(Math.floor(place(centre - reach)), -1);
  const high = Math.max(Math.min(Math.ceil(place(centre + reach)), count), low + 2);
  const places = Float32Array.from({ length: high - low + 1 }, (_, i) =>
    centred(Math.min(Math.max(low + i, 0), count - 1), count),
  );
  const step = count / pixelCount;
  const start = step / 2 - 0.5 - low;
  return {
    places,
    first: Math.max(Math.ceil(-start / step), 0),
    last: Math.min(Math.floor((places.length - 1 - start) / step), pixelCount - 1),
    start,
    step,
  };
}

/** The middle of a pixel, from -1, left or top, to 1, right or bottom. */
function centred(i: number, count: number): number {
  return (2 * i + 1) / count - 1;
}

function bytesOf(light: Float32Array): Uint8Array {
  const bytes = new Uint8ClampedArray(light.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = 255 * light[i]!;
  return new Uint8Array(bytes.buffer);
}
