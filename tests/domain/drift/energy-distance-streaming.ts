import type { Detector, DetectorKind, WindowWeigher } from '../../../src/core/domain/drift/detectors';
import type { Embedding } from '../../../src/core/domain/drift/embedding';
import { squaredDistance } from '../../../src/core/domain/drift/kernel';
import { AppError } from '../../../src/core/domain/errors';

/** Facts of a sample as long as it is in the window. */
interface WindowEntry {
  readonly values: Float64Array;
  /** sum of its distances to every reference embedding */
  readonly referenceSum: number;
  /** its distances to the samples that came before it and are still in the window, oldest first */
  readonly earlierDistances: number[];
}

interface FittedReference {
  readonly rows: readonly Float64Array[];
  readonly meanDistance: number;
}

/**
 * Squared energy distance between the reference and a sliding window, in embedding units: a detector that Porthole does
 * not have, written as the door for one asks. It has no kernel and no bandwidth; sigma changes nothing.
 *
 * @see Székely and Rizzo 2013, J. Stat. Plan. Inference 143(8); with U-statistics it is below zero about half of the time
 *   without drift. Equals numpy within 1e-12 of its size (tests/fixtures/make-energy-distance.py)
 */
class EnergyDistanceStreaming implements Detector {
  readonly windowSize: number;
  #reference: FittedReference | null = null;
  /** oldest first */
  readonly #window: WindowEntry[] = [];

  constructor({ windowSize }: { readonly windowSize: number }) {
    if (!Number.isInteger(windowSize) || windowSize < 2) {
      throw new AppError('detector-settings', `windowSize ${windowSize}`);
    }
    this.windowSize = windowSize;
  }

  get windowFill(): number {
    return this.#window.length;
  }

  fit(reference: readonly Embedding[]): void {
    if (reference.length < 2) throw new AppError('reference-too-small', String(reference.length));
    const length = reference[0]?.length ?? 0;
    const rows = reference.map((embedding) => checked(embedding, length));
    this.#reference = { rows, meanDistance: meanPairDistance(rows) };
    this.#window.length = 0;
  }

  update(sample: Embedding): number | null {
    const reference = this.#reference;
    if (reference === null) throw new AppError('not-fitted');
    const values = checked(sample, reference.rows[0]!.length);
    const window = this.#window;
    if (window.length === this.windowSize) {
      window.shift();
      for (const entry of window) entry.earlierDistances.shift();
    }
    window.push({
      values,
      referenceSum: distanceSum(reference.rows, values),
      earlierDistances: window.map((entry) => distance(entry.values, values)),
    });
    if (window.length < this.windowSize) return null;
    // Added anew each time, oldest first, so that a detector that is rebuilt gives the same bits.
    let crossSum = 0;
    let pairSum = 0;
    for (const { referenceSum, earlierDistances } of window) {
      crossSum += referenceSum;
      for (const each of earlierDistances) pairSum += each;
    }
    const [n, m] = [reference.rows.length, window.length];
    return (2 * crossSum) / (n * m) - reference.meanDistance - (2 * pairSum) / (m * (m - 1));
  }

  empty(): void {
    this.#window.length = 0;
  }

  reset(): void {
    this.#reference = null;
    this.empty();
  }
}

/** All that Porthole is told of it: what is absent has no answer for this detector. */
export const energyDistanceStreaming: DetectorKind = {
  name: 'energy-distance-streaming',
  create: (settings) => new EnergyDistanceStreaming(settings),
  distanceOf,
  weigherOf: (reference): WindowWeigher => {
    const rows = reference.map((embedding) => checked(embedding, embedding.length));
    const own = meanPairDistance(rows);
    return {
      weigh: (window) => {
        const points = window.map((embedding) => checked(embedding, rows[0]!.length));
        const samples = points.map((point) => {
          const toReference = distanceSum(rows, point) / rows.length;
          const toOthers = distanceSum(points, point) / (points.length - 1);
          return { contribution: (2 * toReference - own - toOthers) / points.length, familiarity: null };
        });
        return { distance: distanceOf(reference, window), cleanFamiliarity: null, samples };
      },
    };
  },
};

function distanceOf(reference: readonly Embedding[], window: readonly Embedding[]): number {
  const detector = new EnergyDistanceStreaming({ windowSize: window.length });
  detector.fit(reference);
  return window.map((sample) => detector.update(sample)).at(-1)!;
}

function checked(embedding: Embedding, length: number): Float64Array {
  if (embedding.length !== length || length === 0)
    throw new AppError('embedding-length', String(embedding.length));
  if (!embedding.every(Number.isFinite)) throw new AppError('embedding-not-finite');
  return Float64Array.from(embedding);
}

const distance = (a: Float64Array, b: Float64Array): number => Math.sqrt(squaredDistance(a, b));

function distanceSum(rows: readonly Float64Array[], point: Float64Array): number {
  let sum = 0;
  for (const row of rows) sum += distance(row, point);
  return sum;
}

function meanPairDistance(rows: readonly Float64Array[]): number {
  let sum = 0;
  for (const [i, row] of rows.entries()) sum += distanceSum(rows.slice(0, i), row);
  return (2 * sum) / (rows.length * (rows.length - 1));
}
