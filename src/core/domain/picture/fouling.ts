import type { Size } from '../model/model';
import { clouds, Random, type BlurPicture, type Colour } from './noise';
import { barnacles, nets, rosettes, tubes, type Settler } from './small-growth';
import { pixels, TRAINED_WIDTH } from '../model/trained-size';

/** In the order in which they are shown; what is stored names them, and knows those that were there at its time. */
export const FOULINGS = [
  'film',
  'silt',
  'growth',
  'droplets',
  'defocus',
  'cover',
  'grey-film',
  'barnacles',
  'tubes',
  'nets',
  'rosettes',
] as const;
export type Fouling = (typeof FOULINGS)[number];

/** The visible effect of dirt, so that a drill can be put into words. */
export interface FoulingMeasure {
  readonly kind: 'covered' | 'veiled' | 'blurred';
  /**
   * - covered: share of the picture, 0..1, that is hidden by more than half; of small growth all that it hides, together
   * - veiled: mean opacity, 0..1
   * - blurred: radius (sigma) of the blur in shares of the picture's width
   */
  readonly value: number;
}

/** The severity that the simulators of training call strength 1. */
const MOST = 5;

/**
 * A lens with drawn dirt: made once for one kind, severity and seed, then laid over any number of pictures of one
 * size.
 *
 * The same arguments give the same bytes. The same seed at a higher severity is the same lens, dirtier; in another size
 * it is the same lens, seen by another camera. From severity 1 to 5 its look is that of training/dirt.py, though not
 * its random numbers; towards severity 0 each kind fades into the clean picture.
 */
export class FouledLens {
  readonly measure: FoulingMeasure;
  readonly #size: Size;
  readonly #optics: Optics;

  /**
   * @param severity - 0 < severity ≤ 5, not only whole
   * @param size - of the pictures to come, in pixels
   * @param seed - integer, 0 to 2³² - 1
   * @throws RangeError for any other severity or seed, an unknown kind, and a size without whole, positive sides
   */
  constructor(kind: Fouling, severity: number, size: Size, seed: number) {
    if (!FOULINGS.includes(kind)) throw new RangeError(`unknown kind of fouling: ${kind as string}`);
    if (!(severity > 0 && severity <= MOST)) {
      throw new RangeError(`severity must be above 0 and at most ${MOST}, got ${severity}`);
    }
    const { height, width } = size;
    if (![height, width].every((side) => Number.isSafeInteger(side) && side > 0)) {
      throw new RangeError(`height and width must be positive integers, got ${height} and ${width}`);
    }
    this.#size = { height, width };
    const { optics, measure } = MAKERS[kind](severity / MOST, this.#size, new Random(seed));
    this.#optics = optics;
    this.measure = measure;
  }

  /**
   * @param picture - height × width × 3 bytes: red, green, blue; not changed
   * @returns the same shape, new
   * @throws RangeError when the picture is not of the lens's size
   */
  apply(picture: Uint8Array, blurBy: BlurPicture): Uint8Array {
    const { straight, scattered, own, sigma } = this.#optics;
    const count = this.#size.height * this.#size.width;
    if (picture.length !== 3 * count) {
      throw new RangeError(`the picture has ${picture.length} bytes, its lens ${3 * count}`);
    }
    // From one colour of a pixel to the next, and from one pixel to the next; both are known to each loop beforehand.
    const [s, o] = [straight.length / count, own.length / count];
    const [sStep, oStep] = [s === 3 ? 1 : 0, o === 3 ? 1 : 0];
    const fouled = new Uint8ClampedArray(picture.length);
    if (scattered) {
      const blurred = blurBy(picture, this.#size, sigma);
      for (let i = 0, at = 0, from = 0; i < fouled.length; i += 3, at += s, from += o) {
        const [second, third] = [at + sStep, at + 2 * sStep];
        fouled[i] = picture[i]! * straight[at]! + blurred[i]! * scattered[at]! + own[from]!;
        fouled[i + 1] =
          picture[i + 1]! * straight[second]! + blurred[i + 1]! * scattered[second]! + own[from + oStep]!;
        fouled[i + 2] =
          picture[i + 2]! * straight[third]! + blurred[i + 2]! * scattered[third]! + own[from + 2 * oStep]!;
      }
    } else {
      for (let i = 0, at = 0, from = 0; i < fouled.length; i += 3, at += s, from += o) {
        fouled[i] = picture[i]! * straight[at]! + own[from]!;
        fouled[i + 1] = picture[i + 1]! * straight[at + sStep]! + own[from + oStep]!;
        fouled[i + 2] = picture[i + 2]! * straight[at + 2 * sStep]! + own[from + 2 * oStep]!;
      }
    }
    return new Uint8Array(fouled.buffer);
  }
}

/**
 * Changes of the light on its way through a lens; every array is height × width × 3, or height × width where all
 * colours fare alike: sixty lenses are kept at a time.
 */
interface Optics {
  /** Share of the light that arrives where it should. */
  readonly straight: Float32Array;
  /** Share that arrives blurred by `sigma`, as long as `straight`; null when none does. */
  readonly scattered: Float32Array | null;
  readonly sigma: number;
  /** Light that comes from the dirt itself, in levels of a byte. */
  readonly own: Float32Array;
}

interface Dirt {
  readonly optics: Optics;
  readonly measure: FoulingMeasure;
}

/** Ported from training/dirt.py: `strength` is severity / 5, and no draw may depend on it or on the size. */
const MAKERS: Record<Fouling, (strength: number, size: Size, random: Random) => Dirt> = {
  film,
  silt,
  growth,
  droplets,
  defocus,
  cover,
  'grey-film': greyFilm,
  // Against dark water they are pale, against the surface dark: they are lit from both sides.
  barnacles: settled(barnacles, [0.6, 0.58, 0.52], [0.8, 0.79, 0.75]),
  tubes: settled(tubes, [0.68, 0.66, 0.6], [0.88, 0.87, 0.84]),
  nets: settled(nets, [0.58, 0.53, 0.4], [0.8, 0.76, 0.66]),
  rosettes: settled(rosettes, [0.56, 0.49, 0.42], [0.78, 0.72, 0.65]),
};

/** A biofilm that takes the red, scatters green light into a veil, and softens. */
function film(strength: number, size: Size, random: Random): Dirt {
  const thick = 0.7 * strength * random.uniform(0.3, 0.8);
  const opacity = mapped(clouds(size, 4, 6, random), (lump) => thick * (0.75 + 0.25 * Math.tanh(lump)));
  const taken = random.colour([0.2, -0.25, -0.05], [0.75, 0.12, 0.4]);
  const green = random.colour([0.1, 0.5, 0.38], [0.4, 0.86, 0.78]);
  const olive = random.colour([0.22, 0.34, 0.1], [0.5, 0.62, 0.34]);
  const tone = random.chance(0.25) ? olive : green;
  const softness = { share: strength * random.uniform(0.2, 1), sigma: pixels(3, size) };
  const kept = scaled(taken, -strength, 1);
  return { optics: coat(opacity, tone, { kept, softness }), measure: veiled(opacity) };
}

/** A film without colour: a grey veil that takes as much of each colour, and softens. */
function greyFilm(strength: number, size: Size, random: Random): Dirt {
  const thick = strength * random.uniform(0.35, 0.7);
  const opacity = mapped(clouds(size, 4, 6, random), (lump) => thick * (0.75 + 0.25 * Math.tanh(lump)));
  const grey = random.uniform(0.3, 0.8);
  const kept = 1 - strength * random.uniform(0.1, 0.3);
  const softness = { share: strength * random.uniform(0.2, 1), sigma: pixels(3, size) };
  return {
    optics: coat(opacity, [grey, grey, grey], { kept: [kept, kept, kept], softness }),
    measure: veiled(opacity),
  };
}

/** Animals that settle anywhere on the glass, in a tone between two. */
function settled(settle: Settler, low: Colour, high: Colour): (typeof MAKERS)[Fouling] {
  return (strength, size, random) => {
    const tone = random.shade(low, high);
    const { opacity, texture } = settle(strength, size, random);
    return { optics: coat(opacity, tone, { texture }), measure: { ...veiled(opacity), kind: 'covered' } };
  };
}

/** Settled sediment: a brown, uneven veil. */
function silt(strength: number, size: Size, random: Random): Dirt {
  const thick = strength * random.uniform(0.5, 0.9);
  const opacity = mapped(clouds(size, 3, 5, random), (lump) => thick * (0.7 + 0.3 * Math.tanh(lump)));
  const tone = random.shade([0.36, 0.29, 0.15], [0.64, 0.52, 0.36]);
  const softness = { share: strength * random.uniform(0.4, 0.8), sigma: pixels(2, size) };
  return { optics: coat(opacity, tone, { softness }), measure: veiled(opacity) };
}

/** Growth that creeps in from the borders. */
function growth(strength: number, size: Size, random: Random): Dirt {
  const large = clouds(size, 6, 10, random);
  const small = clouds(size, 18, 32, random);
  const sharpness = random.uniform(5, 10);
  const field = eachPixel(size, (x, y, i) => {
    const inwards = 1 - Math.max(Math.abs(x), Math.abs(y));
    return 0.7 * (0.6 * large[i]! + 0.25 * small[i]!) - 3 * inwards;
  });
  const spreading = { start: 0.85, speed: 2.6, sharpness };
  const opacity = mapped(spread(field, spreading, strength), (grown) => 0.93 * grown);
  const dark = random.colour([0.04, 0.05, 0.02], [0.32, 0.3, 0.18]);
  const pale = random.colour([0.3, 0.3, 0.2], [0.6, 0.6, 0.5]);
  const tone = random.chance(0.2) ? pale : dark;
  const texture = mapped(clouds(size, 30, 54, random), (lump) => Math.max(0, 1 + 0.25 * lump));
  return { optics: coat(opacity, tone, { texture }), measure: covered(opacity) };
}

/** Something in front of the lens: a soft-edged half plane. */
function cover(strength: number, size: Size, random: Random): Dirt {
  const angle = random.uniform(0, 2 * Math.PI);
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const raggedness = random.uniform(0.05, 0.2);
  const lumps = clouds(size, 5, 8, random);
  const sharpness = random.uniform(6, 25);
  const field = eachPixel(size, (x, y, i) => x * cosine + y * sine + raggedness * lumps[i]!);
  const opacity = spread(field, { start: 1.15, speed: 1.2, sharpness }, strength);
  const tone = scaled(random.colour([0.7, 0.75, 0.65], [1.2, 1.15, 1.1]), random.uniform(0.02, 0.5));
  return { optics: coat(opacity, tone), measure: covered(opacity) };
}

/** Drops or bubbles that blur what is behind them, and thin bright scratches. */
function droplets(strength: number, size: Size, random: Random): Dirt {
  const rows = Math.floor(random.uniform(5, 10));
  const level = 1.6 + random.uniform(-0.15, 0.15);
  const sharpness = random.uniform(5, 9);
  const field = clouds(size, rows, Math.floor((rows * 16) / 9), random);
  const drops = spread(field, { start: level, speed: 2.3, sharpness }, strength);
  const sigma = pixels(random.uniform(5, 9), size);
  const gain = random.uniform(0.92, 1.2);
  const shine = random.uniform(0, 0.05);
  const scratched = scratches(0.004 + 0.008 * strength, size, random);
  const light = mapped(drops, (drop, i) => 255 * (shine * drop + 0.35 * strength * scratched[i]!));
  const optics = {
    straight: mapped(drops, (drop) => 1 - drop),
    scattered: mapped(drops, (drop) => gain * drop),
    sigma,
    own: light,
  };
  return { optics, measure: covered(drops) };
}

/** Out of focus: by 2 pixels of 384 at severity 1, by 6.8 at severity 5, by none at 0. */
function defocus(strength: number, size: Size): Dirt {
  const sigma = Math.min(10 * strength, 0.8 + 6 * strength);
  const length = size.height * size.width;
  const optics = {
    straight: new Float32Array(length),
    scattered: new Float32Array(length).fill(1),
    sigma: pixels(sigma, size),
    own: new Float32Array(length),
  };
  return { optics, measure: { kind: 'blurred', value: sigma / TRAINED_WIDTH } };
}

/** Three straight scratches, height × width, 0..1. @param breadth - in halves of the picture's height */
function scratches(breadth: number, size: Size, random: Random): Float32Array {
  const aspect = size.width / size.height;
  const lines = Array.from({ length: 3 }, () => {
    const angle = random.uniform(0, Math.PI);
    const [x, y] = [random.uniform(-1, 1), random.uniform(-1, 1)];
    const [right, down] = [Math.sin(angle) * aspect, -Math.cos(angle)];
    return { right, down, offset: right * x + down * y };
  });
  return eachPixel(size, (x, y) => {
    let bright = 0;
    for (let k = 0; k < lines.length; k++) {
      const { right, down, offset } = lines[k]!;
      const away = ((right * x + down * y - offset) / breadth) ** 2;
      // Most of the picture is so far from a scratch that its light is 0 there.
      if (away < DARK) bright += Math.exp(-away);
    }
    return Math.min(bright, 1);
  });
}

/** The exponential of less than -746 is 0. */
const DARK = 746;

interface Coating {
  /** Share of each colour that passes even where the coat is clear. */
  readonly kept?: Colour;
  /** Share of the passing light that is blurred, 0..1, and by how many pixels. */
  readonly softness?: { readonly share: number; readonly sigma: number };
  /** Height × width: what the tone is multiplied by, for a coat that is not even. */
  readonly texture?: Float32Array;
}

/** A coat that hides what is behind it and shows its own tone. @param opacity - height × width, 0..1 */
function coat(opacity: Float32Array, tone: Colour, { kept, softness, texture }: Coating = {}): Optics {
  const channels = kept?.some((share) => share !== kept[0]) ? 3 : 1;
  const straight = new Float32Array(opacity.length * channels);
  const scattered = softness ? new Float32Array(straight.length) : null;
  const own = new Float32Array(opacity.length * 3);
  const blurred = softness?.share ?? 0;
  const shares = channels === 3 ? kept! : [kept?.[0] ?? 1];
  for (let i = 0, at = 0; i < opacity.length; i++) {
    const clear = 1 - opacity[i]!;
    for (let c = 0; c < channels; c++, at++) {
      const passing = clear * shares[c]!;
      straight[at] = passing * (1 - blurred);
      if (scattered) scattered[at] = passing * blurred;
    }
  }
  const [red, green, blue] = tone;
  for (let i = 0, at = 0; i < opacity.length; i++, at += 3) {
    const level = 255 * opacity[i]!;
    const shade = texture ? texture[i]! : 1;
    own[at] = level * Math.min(red * shade, 1);
    own[at + 1] = level * Math.min(green * shade, 1);
    own[at + 2] = level * Math.min(blue * shade, 1);
  }
  return { straight, scattered, sigma: softness?.sigma ?? 0, own };
}

/** Training knows no less than severity 1. */
const FAINTEST = 1 / MOST;

interface Spreading {
  /** Height in the field of the dirt's edge at strength 0, and how far it falls from there to strength 1. */
  readonly start: number;
  readonly speed: number;
  /** Of the edge: the opacity is a sigmoid of so many times the height above it. */
  readonly sharpness: number;
}

/**
 * Opacity of dirt that spreads over a field from its heights downwards.
 *
 * Training's edges begin inside the picture: at strength 0 a border would be grown and drops in place. Below severity 1
 * the edge therefore rises faster, until even the highest place is all but free (0.7 %).
 *
 * @param field - height × width
 * @returns height × width, 0..1
 */
function spread(field: Float32Array, { start, speed, sharpness }: Spreading, strength: number): Float32Array {
  const faintest = start - speed * FAINTEST;
  let highest = faintest;
  for (let i = 0; i < field.length; i++) highest = Math.max(highest, field[i]!);
  const free = highest + 5 / sharpness;
  const edge =
    strength < FAINTEST ? free + (faintest - free) * (strength / FAINTEST) : start - speed * strength;
  return mapped(field, (value) => 1 / (1 + Math.exp((edge - value) * sharpness)));
}

/** As `values.map`, in a quarter of its time (V8 11.3). */
function mapped(values: Float32Array, change: (value: number, i: number) => number): Float32Array {
  const changed = new Float32Array(values.length);
  for (let i = 0; i < changed.length; i++) changed[i] = change(values[i]!, i);
  return changed;
}

/** @returns height × width numbers of places from -1, left or top, to 1, right or bottom */
function eachPixel(
  { height, width }: Size,
  value: (x: number, y: number, i: number) => number,
): Float32Array {
  const values = new Float32Array(height * width);
  for (let row = 0, i = 0; row < height; row++) {
    const y = (2 * row + 1) / height - 1;
    for (let column = 0; column < width; column++, i++) values[i] = value((2 * column + 1) / width - 1, y, i);
  }
  return values;
}

function scaled([red, green, blue]: Colour, factor: number, offset = 0): Colour {
  return [offset + factor * red, offset + factor * green, offset + factor * blue];
}

function covered(opacity: Float32Array): FoulingMeasure {
  let hidden = 0;
  for (let i = 0; i < opacity.length; i++) if (opacity[i]! > 0.5) hidden++;
  return { kind: 'covered', value: hidden / opacity.length };
}

function veiled(opacity: Float32Array): FoulingMeasure {
  let sum = 0;
  for (let i = 0; i < opacity.length; i++) sum += opacity[i]!;
  return { kind: 'veiled', value: sum / opacity.length };
}
