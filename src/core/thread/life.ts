/** Answered by every worker, beside its own calls. */
export interface Alive {
  /** Holds a Web Lock of this name for as long as the worker lives; false if there are none. */
  live(lock: string): Promise<boolean>;
}

export const alive: Alive = {
  async live(lock) {
    // Plain http has none, unless it is localhost.
    if (!('locks' in navigator)) return false;
    return new Promise((resolve) => {
      // The browser lets go of it when the worker ends, however it ends.
      const holding = navigator.locks.request(lock, () => {
        resolve(true);
        return new Promise(() => undefined);
      });
      holding.catch(() => {
        resolve(false);
      });
    });
  },
};

/**
 * Notices the end of a worker that dies without a word: it fires no event (Chromium 156: terminated, or out of memory),
 * but its locks become free.
 *
 * @param stop - is to be aborted before the worker is ended on purpose
 */
export function watchLife(api: Alive, stop: AbortSignal, onEnd: () => void): void {
  const lock = `porthole-worker-${Math.random().toString(36).slice(2)}`;
  const watch = async () => {
    if (await api.live(lock)) await navigator.locks.request(lock, { signal: stop }, onEnd);
  };
  watch().catch(() => undefined);
}
