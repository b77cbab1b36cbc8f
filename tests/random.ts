import { MersenneTwister } from '../src/core/domain/drift/mersenne-twister';

/** Random numbers that a seed repeats. */
export class Random {
  readonly #bits: MersenneTwister;

  /** @param seed - integer, 0 to 2³² - 1 */
  constructor(seed: number) {
    this.#bits = new MersenneTwister(seed);
  }

  /** @returns a number from `low` up to, not including, `high` */
  uniform(low: number, high: number): number {
    return low + (high - low) * (this.#bits.nextUint32() / 2 ** 32);
  }
}
