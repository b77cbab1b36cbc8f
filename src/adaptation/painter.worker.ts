import { expose, transfer } from 'comlink';
import { asOutcome } from '../domain/errors';
import { naturalView, OWN_WEATHER, sensorNoise } from '../domain/natural-variation';
import { Random } from '../domain/noise';
import { randomDirt } from '../domain/random-dirt';
import { meanPictureOf } from '../domain/rebuilding';
import { toTensor } from '../domain/transform';
import { readPicture } from './picture';
import { PAIRS, type PainterApi } from './training-api';

const SEED = 20_230_731;

const pictures: Uint8Array[] = [];

const api: PainterApi = {
  async read(file, transform) {
    const outcome = await asOutcome(() => readPicture(file, transform));
    return outcome.ok && outcome.value.ok ? transfer(outcome, [outcome.value.pixels.buffer]) : outcome;
  },

  keep(picture) {
    pictures.push(new Uint8Array(picture));
    return Promise.resolve();
  },

  mean() {
    const mean = meanPictureOf(pictures);
    return Promise.resolve(transfer(mean, [mean.buffer]));
  },

  serve(port) {
    expose(api, port);
    return Promise.resolve();
  },

  batch(step, transform) {
    const random = new Random(SEED + step);
    const length = 3 * transform.resize.height * transform.resize.width;
    const x = new Float32Array(2 * PAIRS * length);
    const target = new Float32Array(2 * PAIRS * length);
    for (let i = 0; i < PAIRS; i++) {
      const picture = pictures[Math.floor(random.uniform(0, pictures.length))]!;
      const { clear, view } = naturalView(picture, transform.resize, random, OWN_WEATHER);
      const dirt = randomDirt(transform.resize, random);
      // Noise comes last, on both: added before, its absence would give the dirt away.
      toTensor(sensorNoise(view, random), transform, x, i * length);
      toTensor(sensorNoise(dirt.apply(view), random), transform, x, (PAIRS + i) * length);
      toTensor(clear, transform, target, i * length);
      target.copyWithin((PAIRS + i) * length, i * length, (i + 1) * length);
    }
    return Promise.resolve(transfer({ x, target }, [x.buffer, target.buffer]));
  },
};

expose(api);
