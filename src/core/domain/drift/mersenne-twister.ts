const SIZE = 624;
const SHIFT = 397;

/**
 * The MT19937 generator as numpy's legacy `np.random.seed(seed)` sets it up, so that draws can be repeated number by
 * number in Python.
 *
 * @see Matsumoto and Nishimura 1998, ACM TOMACS 8(1); equals numpy 2.2 (tests/fixtures/mmd_batch.json, `rng`)
 */
export class MersenneTwister {
  readonly #state = new Uint32Array(SIZE);
  #next = SIZE;

  /** @param seed - integer, 0 to 2³² - 1. @throws RangeError for any other seed, as numpy */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
      throw new RangeError(`seed must be an integer from 0 to 2^32 - 1, got ${seed}`);
    }
    this.#state[0] = seed;
    for (let i = 1; i < SIZE; i++) {
      const previous = this.#state[i - 1]!;
      this.#state[i] = Math.imul(previous ^ (previous >>> 30), 1812433253) + i;
    }
  }

  /** @returns the next integer, 0 to 2³² - 1 */
  nextUint32(): number {
    if (this.#next === SIZE) this.#twist();
    let y = this.#state[this.#next++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  /**
   * Draws as many bits as `most` has until they are not above it, as numpy's `RandomState.shuffle` does.
   *
   * @param most - integer, 0 to 2³² - 1
   * @returns an integer, 0 to `most`, each equally likely
   */
  upTo(most: number): number {
    const mask = most === 0 ? 0 : 0xffffffff >>> Math.clz32(most);
    let drawn: number;
    do drawn = (this.nextUint32() & mask) >>> 0;
    while (drawn > most);
    return drawn;
  }

  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < SIZE; i++) {
      const y = (state[i]! & 0x80000000) | (state[(i + 1) % SIZE]! & 0x7fffffff);
      state[i] = state[(i + SHIFT) % SIZE]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#next = 0;
  }
}
