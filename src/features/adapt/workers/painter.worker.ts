import { expose, transfer } from 'comlink';
import { chromaOf, colourShare } from '../pure/chroma';
import type { Transform } from '../../../core/domain/model/model';
import { Random, type BlurPicture } from '../../../core/domain/picture/noise';
import { toTensor } from '../../../core/domain/model/transform';
import { openBlur } from '../../../core/encoder/blur/open-blur';
import { alive } from '../../../core/thread/life';
import { DECODED, PAIRS, type PainterApi } from './training-api';
import { viewPair, type TrainingPair } from './training-views';

const SEED = 20_230_731;
/** New pairs of views in a step: eight would take this worker as long as the step takes the other. */
const NEW = 3;
/** Pairs that are kept to be seen again, 0.75 MB each. */
const MOST_KEPT = 64;

const pictures: Uint8Array[] = [];
const pairs: TrainingPair[] = [];
/** share of drawn colours that the camera shows; of all pictures, so it waits for the first step */
let colours: number | null = null;

const api: PainterApi = {
  ...alive,

  keep(picture) {
    pictures.push(new Uint8Array(picture));
    return Promise.resolve();
  },

  serve(port) {
    expose(api, port);
    return Promise.resolve();
  },

  async batch(step, transform) {
    const blurBy = await openBlur();
    const random = new Random(SEED + step);
    const missing = Math.max(NEW, PAIRS - pairs.length);
    const fresh = Array.from({ length: missing }, () => paint(random, transform, blurBy));
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
    return transfer({ x, strengths, target }, [x.buffer, strengths.buffer, target.buffer]);
  },
};

expose(api);

function paint(random: Random, { resize }: Transform, blurBy: BlurPicture): TrainingPair {
  colours ??= colourShare(pictures.map(chromaOf));
  const picture = pictures[Math.floor(random.uniform(0, pictures.length))]!;
  return viewPair(picture, resize, colours, random, blurBy);
}
