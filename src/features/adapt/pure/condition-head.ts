import type { FitKernels } from './fit-kernels';
import { Linear } from './linear-layer';
import { concat } from '../../../core/domain/concat';
import { HEAD_PARTS } from '../../../core/domain/model/model';
import { Random } from '../../../core/domain/picture/noise';

/**
 * The part of an encoder that says how clearly a scene is seen: pooled statistics of its convolutions in, numbers out
 * whose distances carry the drift.
 *
 * `out · relu(hidden · statistics)`, then a leaky dead zone: numbers within ±{@link ZONE} keep a tenth of their size,
 * larger ones lose 0.9 × {@link ZONE}; then times `reach`. Natural variation stays inside and nearly vanishes.
 *
 * @see training/model.py, `ConditionHead`
 */
export interface ConditionHead {
  /** hiddenSize × statistics, row by row */
  readonly hiddenWeight: Float32Array;
  readonly hiddenBias: Float32Array;
  /** size × hiddenSize, row by row */
  readonly outWeight: Float32Array;
  readonly outBias: Float32Array;
  readonly reach: number;
}

/** Statistics of the convolutions for a view of a clean snapshot, and for the same view with drawn dirt. */
export interface ViewPair {
  /** number of the snapshot, so that a part of the head can be fitted without it */
  readonly source: number;
  readonly clean: Float32Array;
  readonly dirty: Float32Array;
  /** severity / 5 of the dirt */
  readonly strength: number;
}

const ZONE = 0.25;
const LEAK = 0.1;

/** The kernel whose thresholds the model means; 2σ² is the scale on which clean views are pulled together. */
const SIGMA = 0.3;

/** How the fit is done; figures in docs/adaptation.md. */
interface FitSettings {
  readonly steps: number;
  /** clean views, and as many dirty ones, in a step */
  readonly batch: number;
  /** weight of the pull beside the push */
  readonly pull: number;
  /** deviation of the noise on the standardised statistics */
  readonly noise: number;
  /** share of the statistics that a step doesn't see */
  readonly drop: number;
}

/** Twice as many gain nothing on four cameras (docs/adaptation.md). */
export const FIT_STEPS = 500;
export const FIT: FitSettings = { steps: FIT_STEPS, batch: 64, pull: 4, noise: 0.3, drop: 0.3 };

const LEARNING_RATE = 2e-3;

/** @returns the head's numbers for one picture's statistics */
export function applyHead(head: ConditionHead, statistics: Float32Array): Float32Array {
  const { hiddenWeight, hiddenBias, outWeight, outBias, reach } = head;
  const hidden = new Float32Array(hiddenBias.length);
  for (let o = 0; o < hidden.length; o++) {
    let sum = hiddenBias[o]!;
    const row = o * statistics.length;
    for (let i = 0; i < statistics.length; i++) sum += hiddenWeight[row + i]! * statistics[i]!;
    hidden[o] = Math.max(sum, 0);
  }
  const numbers = new Float32Array(outBias.length);
  for (let o = 0; o < numbers.length; o++) {
    let sum = outBias[o]!;
    const row = o * hidden.length;
    for (let i = 0; i < hidden.length; i++) sum += outWeight[row + i]! * hidden[i]!;
    numbers[o] = reach * leave(sum);
  }
  return numbers;
}

/** The leaky dead zone. */
function leave(value: number): number {
  return value - (1 - LEAK) * Math.min(Math.max(value, -ZONE), ZONE);
}

interface Losses {
  readonly pull: number;
  readonly push: number;
}

/** Sizes of a head; both are multiples of {@link HEAD_PARTS}. */
export interface HeadSize {
  readonly hidden: number;
  readonly numbers: number;
}

/**
 * Fits one of a head's {@link HEAD_PARTS} parts to views of a camera: clean ones together, dirtied ones away by their
 * strength. Each part can be fitted on a thread of its own.
 *
 * Yields after every step, so that the caller can rest or stop; returns a head of a {@link HEAD_PARTS}th of the
 * size, for `joinParts`.
 *
 * @param views - of at least {@link HEAD_PARTS} snapshots, counted by `source` from 0
 * @param part - 0 to {@link HEAD_PARTS} - 1: every {@link HEAD_PARTS}th snapshot from it on is left out
 * @param seed - integer, 0 to 2³² - 1 - {@link HEAD_PARTS}
 * @param kernels - of this fit alone
 * @throws RangeError when there are views of too few snapshots
 * @see training/condition_head.py, `fit_part`
 */
export function* fitPart(
  views: readonly ViewPair[],
  size: HeadSize,
  part: number,
  seed: number,
  settings: FitSettings,
  kernels: FitKernels,
): Generator<Losses, ConditionHead> {
  const sources = new Set(views.map(({ source }) => source));
  if (sources.size < HEAD_PARTS)
    throw new RangeError(`views of ${sources.size} snapshots: needs ${HEAD_PARTS}`);
  const seen = views.filter(({ source }) => source % HEAD_PARTS !== part);
  const scale = scaleOf(seen);
  const standardised = seen.map((view) => ({
    ...view,
    clean: standardise(view.clean, scale),
    dirty: standardise(view.dirty, scale),
  }));
  const inputs = scale.mean.length;
  const hiddenSize = size.hidden / HEAD_PARTS;
  const random = new Random(seed + part);
  const sizes = { inputs, hidden: hiddenSize, numbers: size.numbers / HEAD_PARTS };
  const fit = new PartFit(standardised, sizes, random, settings, kernels);
  for (let step = 1; step <= settings.steps; step++) yield fit.step(step);

  // The standardisation goes into the first layer, so that the head takes the statistics as they are.
  const { hidden, out } = fit;
  const hiddenWeight = hidden.weight.map((weight, i) => weight / scale.deviation[i % inputs]!);
  const hiddenBias = hidden.bias.map((bias, o) => {
    const row = hiddenWeight.subarray(o * inputs, (o + 1) * inputs);
    return row.reduce((sum, weight, i) => sum - weight * scale.mean[i]!, bias);
  });
  return { hiddenWeight, hiddenBias, outWeight: out.weight.slice(), outBias: out.bias.slice(), reach: 1 };
}

/** How far clean snapshots that a part has not seen may lie from the middle, nine of ten of them; beside sigma 0.3. */
const CALM = 0.035;
const [LEAST_REACH, MOST_REACH] = [0.5, 0.7];

/**
 * Factor by which the numbers of a fitted head can be stretched for clean snapshots to stay close together: the further
 * apart, the sooner dirt is seen, and the sooner unusual light alarms.
 *
 * Each part is asked about the snapshots that were left out for it: others of the same days.
 *
 * @param parts - of one head, as `fitPart` returns them
 * @param statistics - of the snapshots themselves, in the order of the views' `source`
 */
export function headReach(parts: readonly ConditionHead[], statistics: readonly Float32Array[]): number {
  const distances = parts.flatMap((head, part) => {
    const all = statistics.map((each) => applyHead(head, each));
    const seen = all.filter((_, i) => i % HEAD_PARTS !== part);
    const middle = Float64Array.from(head.outBias, (_, k) => {
      return seen.reduce((sum, numbers) => sum + numbers[k]!, 0) / seen.length;
    });
    return all
      .filter((_, i) => i % HEAD_PARTS === part)
      .map((numbers) => Math.sqrt(numbers.reduce((sum, value, k) => sum + (value - middle[k]!) ** 2, 0)));
  });
  distances.sort((a, b) => a - b);
  const usual = distances[Math.floor(0.9 * (distances.length - 1))]!;
  return Math.min(Math.max(CALM / usual, LEAST_REACH), MOST_REACH);
}

/** The head made of its parts, side by side: its distances are the root mean square of theirs, times `reach`. */
export function joinParts(parts: readonly ConditionHead[], reach: number): ConditionHead {
  const hiddenPart = parts[0]!.hiddenBias.length;
  const hiddenSize = parts.reduce((sum, { hiddenBias }) => sum + hiddenBias.length, 0);
  const numbers = parts.reduce((sum, { outBias }) => sum + outBias.length, 0);
  const outWeight = new Float32Array(numbers * hiddenSize);
  let row = 0;
  for (const [nth, part] of parts.entries()) {
    for (let o = 0; o < part.outBias.length; o++, row++) {
      const weights = part.outWeight.subarray(o * hiddenPart, (o + 1) * hiddenPart);
      outWeight.set(weights, row * hiddenSize + nth * hiddenPart);
    }
  }
  const joined = (name: 'hiddenWeight' | 'hiddenBias' | 'outBias') =>
    concat(
      Float32Array,
      parts.map((part) => part[name]),
    );
  return {
    hiddenWeight: joined('hiddenWeight'),
    hiddenBias: joined('hiddenBias'),
    outWeight,
    outBias: joined('outBias'),
    reach: reach / Math.sqrt(parts.length),
  };
}

interface Scale {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

function scaleOf(views: readonly ViewPair[]): Scale {
  const length = views[0]!.clean.length;
  const mean = new Float64Array(length);
  const deviation = new Float64Array(length);
  const all = views.flatMap(({ clean, dirty }) => [clean, dirty]);
  for (const statistics of all) for (let i = 0; i < length; i++) mean[i]! += statistics[i]! / all.length;
  for (const statistics of all) {
    for (let i = 0; i < length; i++) deviation[i]! += (statistics[i]! - mean[i]!) ** 2 / (all.length - 1);
  }
  // A statistic that hardly varies must not be blown up.
  for (let i = 0; i < length; i++) deviation[i] = Math.sqrt(deviation[i]!) + 1e-3;
  return { mean, deviation };
}

function standardise(statistics: Float32Array, { mean, deviation }: Scale): Float32Array {
  return statistics.map((value, i) => (value - mean[i]!) / deviation[i]!);
}

/** Numbers drawn once: a step needs some hundred thousand, and where it begins in the table is random enough. */
const TABLE = 1 << 18;

/** One of the small heads while it learns. */
class PartFit {
  readonly hidden: Linear;
  readonly out: Linear;
  readonly #views: readonly ViewPair[];
  readonly #inputs: number;
  readonly #size: number;
  readonly #random: Random;
  readonly #settings: FitSettings;
  readonly #kernels: FitKernels;
  readonly #noise: Float32Array;
  readonly #kept: Float32Array;
  /** clean ones first, then dirty ones */
  readonly #input: Float32Array;
  readonly #activation: Float32Array;
  readonly #output: Float32Array;
  readonly #embedding: Float32Array;
  readonly #slope: Float32Array;
  readonly #hiddenSlope: Float32Array;

  constructor(
    views: readonly ViewPair[],
    {
      inputs,
      hidden,
      numbers,
    }: { readonly inputs: number; readonly hidden: number; readonly numbers: number },
    random: Random,
    settings: FitSettings,
    kernels: FitKernels,
  ) {
    this.#views = views;
    this.#inputs = inputs;
    this.#size = numbers;
    this.#random = random;
    this.#settings = settings;
    this.#kernels = kernels;
    const bound = 1 / Math.sqrt(inputs);
    const within = () => random.uniform(-bound, bound);
    this.hidden = new Linear(inputs, hidden, within, within, kernels);
    this.out = new Linear(
      hidden,
      numbers,
      () => 0.05 * random.normal(),
      () => 0,
      kernels,
    );
    this.#noise = kernels.floats(TABLE);
    for (let i = 0; i < TABLE; i++) this.#noise[i] = settings.noise * random.normal();
    const { drop } = settings;
    this.#kept = kernels.floats(TABLE);
    for (let i = 0; i < TABLE; i++) this.#kept[i] = random.chance(drop) ? 0 : 1 / (1 - drop);
    const count = 2 * settings.batch;
    this.#input = kernels.floats(count * inputs);
    this.#activation = kernels.floats(count * hidden);
    this.#hiddenSlope = kernels.floats(count * hidden);
    this.#output = kernels.floats(count * numbers);
    this.#embedding = kernels.floats(count * numbers);
    this.#slope = kernels.floats(count * numbers);
  }

  /** @param step - 1, 2, 3 ... */
  step(step: number): Losses {
    const { batch, steps } = this.#settings;
    const strengths: number[] = [];
    for (let k = 0; k < batch; k++) {
      this.#write(this.#draw().clean, k);
      const dirty = this.#draw();
      this.#write(dirty.dirty, batch + k);
      strengths.push(dirty.strength);
    }
    const count = 2 * batch;
    this.hidden.forward(this.#input, this.#activation, count);
    for (let i = 0; i < this.#activation.length; i++) {
      if (this.#activation[i]! < 0) this.#activation[i] = 0;
    }
    this.out.forward(this.#activation, this.#output, count);
    for (let i = 0; i < this.#output.length; i++) this.#embedding[i] = leave(this.#output[i]!);

    const losses = this.#losses(strengths);
    for (let i = 0; i < this.#slope.length; i++) {
      if (Math.abs(this.#output[i]!) < ZONE) this.#slope[i]! *= LEAK;
    }
    this.out.backward(this.#activation, this.#slope, count);
    this.out.errorBefore(this.#slope, this.#hiddenSlope, count);
    for (let i = 0; i < this.#hiddenSlope.length; i++) {
      if (this.#activation[i] === 0) this.#hiddenSlope[i] = 0;
    }
    this.hidden.backward(this.#input, this.#hiddenSlope, count);
    const cosine = 0.5 * (1 + Math.cos((Math.PI * (step - 1)) / steps));
    const rate = LEARNING_RATE * Math.min(1, step / 30) * (cosine + 0.003);
    this.hidden.update(rate, step);
    this.out.update(rate, step);
    return losses;
  }

  #draw(): ViewPair {
    return this.#views[Math.floor(this.#random.uniform(0, this.#views.length))]!;
  }

  /** Writes statistics with noise, some of them left out: without that the head learns the snapshots by heart. */
  #write(statistics: Float32Array, row: number): void {
    const noise = Math.floor(this.#random.uniform(0, TABLE - this.#inputs));
    const kept = Math.floor(this.#random.uniform(0, TABLE - this.#inputs));
    this.#kernels.noisy(
      statistics,
      this.#noise.subarray(noise, noise + this.#inputs),
      this.#kept.subarray(kept, kept + this.#inputs),
      this.#input.subarray(row * this.#inputs, (row + 1) * this.#inputs),
    );
  }

  /** Pull and push, with their gradient written to `#slope`. @see training/losses.py */
  #losses(strengths: readonly number[]): Losses {
    const { batch, pull: weight } = this.#settings;
    this.#slope.fill(0);
    const pairs = (batch * (batch - 1)) / 2;
    const scale = 2 * SIGMA ** 2;
    let pull = 0;
    for (let i = 0; i < batch; i++) {
      for (let j = i + 1; j < batch; j++) {
        const squared = this.#squaredDistance(i, j);
        pull += Math.log1p(squared / scale) / pairs;
        this.#spread(i, j, (2 * weight) / (pairs * (scale + squared)));
      }
    }
    let push = 0;
    const all = batch * batch;
    for (let i = 0; i < batch; i++) {
      const margin = 0.15 + 1.2 * strengths[i]!;
      for (let j = 0; j < batch; j++) {
        const distance = Math.sqrt(this.#squaredDistance(batch + i, j) + 1e-8);
        const near = Math.max(margin - distance, 0);
        const far = Math.max(distance - margin - 0.8, 0);
        if (near === 0 && far === 0) continue;
        push += (6 * near ** 2 + far ** 2) / all;
        this.#spread(batch + i, j, (-12 * near + 2 * far) / (all * distance));
      }
    }
    return { pull, push };
  }

  #squaredDistance(i: number, j: number): number {
    let sum = 0;
    for (let k = 0, a = i * this.#size, b = j * this.#size; k < this.#size; k++, a++, b++) {
      const apart = this.#embedding[a]! - this.#embedding[b]!;
      sum += apart * apart;
    }
    return sum;
  }

  /** Adds `factor` times the way from j to i to the slope of i, and takes it from that of j. */
  #spread(i: number, j: number, factor: number): void {
    for (let k = 0, a = i * this.#size, b = j * this.#size; k < this.#size; k++, a++, b++) {
      const slope = factor * (this.#embedding[a]! - this.#embedding[b]!);
      this.#slope[a]! += slope;
      this.#slope[b]! -= slope;
    }
  }
}
