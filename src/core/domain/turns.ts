/** Does one piece of work after the other, in the order in which they were given. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** @throws what the work throws; the next one has its turn all the same */
  async take<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
