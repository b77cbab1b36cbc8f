/** Milliseconds of work in one go: half of what a person notices, and what remains for everything else. */
const LONGEST = 20;

/** Long work on the main thread, cut into pieces: between them the page answers. */
export class Breather {
  #since = performance.now();

  /** Lets other work in where enough was done since the last time. */
  async pause(): Promise<void> {
    if (performance.now() - this.#since < LONGEST) return;
    await breathe();
    this.#since = performance.now();
  }
}

/** Lets other work in. */
export function breathe(): Promise<void> {
  // A tab in the background gets one timeout a second; a message is not held back.
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
