import { expose, transfer } from 'comlink';
import { chromaOf, colourShare, paled } from '../pure/chroma';
import { asOutcome } from '../../../core/domain/errors';
import type { Transform } from '../../../core/domain/model/model';
import { naturalView, OWN_WEATHER, sensorNoise } from '../pure/natural-variation';
import { Random } from '../../../core/domain/picture/noise';
import { randomDirt } from '../pure/random-dirt';
import { toTensor } from '../../../core/domain/model/transform';
import { contentOf } from '../../../core/encoder/content';
import { Preprocessor } from '../../../core/encoder/preprocess';
import { sha256 } from '../../../core/encoder/sha256';
import { alive } from '../../../core/thread/life';
import { DECODED, PAIRS, type PainterApi, type ReadPicture } from './training-api';

const SEED = 20_230_731;
/** New pairs of views in a step: eight would take this worker as long as the step takes the other. */
const NEW = 3;
/** Pairs that are kept to be seen again, 0.75 MB each. */
const MOST_KEPT = 64;

/** A view of a clean picture, the same one dirtied, and what both are to become. */
interface Pair {
  readonly clear: Uint8Array;
  readonly clean: Uint8Array;
  readonly dirty: Uint8Array;
  readonly strength: number;
}

const pictures: Uint8Array[] = [];
const pairs: Pair[] = [];
let preprocessor: Promise<Preprocessor> | undefined;
/** share of drawn colours that the camera shows; of all pictures, so it waits for the first step */
let colours: number | null = null;

const api: PainterApi = {
  ...alive,

  async read(file, transform) {
    const outcome = await asOutcome(() => readPicture(file, transform));
    if (!outcome.ok || !outcome.value) return outcome;
    return transfer(outcome, [outcome.value.pixels, outcome.value.thumbnail]);
  },

  keep(picture) {
    pictures.push(new Uint8Array(picture));
    return Promise.resolve();
  },

  serve(port) {
    expose(api, port);
    return Promise.resolve();
  },

  batch(step, transform) {
    const random = new Random(SEED + step);
    const missing = Math.max(NEW, PAIRS - pairs.length);
    const fresh = Array.from({ length: missing }, () => paint(random, transform));
    // Those that are decoded are new ones: they come first.
    const again = Array.from(
      { length: PAIRS - missing },
      () => pairs[Math.floor(random.uniform(0, pairs.length))]!,
    );
    pairs.push(...fresh);
    pairs.splice(0, pairs.length - MOST_KEPT);
    const length = 3 * transform.resize.height * transform.resize.width;
    const x = new Float32Array(2 * PAIRS * length);
    const target = new Float32Array(2 * DECODED * length);
    const some = [...fresh, ...again];
    for (const [i, { clear, clean, dirty }] of some.entries()) {
      toTensor(clean, transform, x, i * length);
      toTensor(dirty, transform, x, (PAIRS + i) * length);
      if (i >= DECODED) continue;
      toTensor(clear, transform, target, i * length);
      target.copyWithin((DECODED + i) * length, i * length, (i + 1) * length);
    }
    const strengths = Float32Array.from(some, ({ strength }) => strength);
    return Promise.resolve(transfer({ x, strengths, target }, [x.buffer, strengths.buffer, target.buffer]));
  },
};

expose(api);

function paint(random: Random, { resize }: Transform): Pair {
  colours ??= colourShare(pictures.map(chromaOf));
  const picture = pictures[Math.floor(random.uniform(0, pictures.length))]!;
  const weather = { ...OWN_WEATHER, cast: OWN_WEATHER.cast * colours };
  const { clear, view } = naturalView(picture, resize, random, weather);
  const dirt = randomDirt(resize, random);
  const dirty = paled(view, dirt.apply(view), colours);
  // Noise comes last, on both: added before, its absence would give the dirt away.
  return {
    clear,
    clean: sensorNoise(view, random),
    dirty: sensorNoise(dirty, random),
    strength: dirt.strength,
  };
}

async function readPicture(file: File, transform: Transform): Promise<ReadPicture | null> {
  preprocessor ??= Preprocessor.create();
  const preparer = await preprocessor;
  const bytes = await contentOf(file);
  if (!bytes) return null;
  const { height, width } = transform.resize;
  const contentSha256 = await sha256(bytes);
  const picture = await preparer.prepare(file, bytes, transform, new Float32Array(3 * height * width), 0);
  if (!picture.ok) return null;
  const { properties, thumbnail, resized } = picture;
  return { contentSha256, properties, thumbnail, pixels: new Uint8Array(resized).buffer };
}
