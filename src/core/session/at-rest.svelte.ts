/** Milliseconds without other work before a run begins: right after a batch a person has the page's attention. */
const REST = 1_200;

/**
 * Does background work, one run after the other: two at once would do the same.
 *
 * @param ready - what can be worked on now; null while something else is at work. Whenever it changes, the run is stopped
 */
export function runAtRest<T>(
  ready: () => T | null,
  run: (ready: T, signal: AbortSignal) => Promise<void>,
): void {
  let work: Promise<void> = Promise.resolve();
  $effect.root(() => {
    $effect(() => {
      const found = ready();
      if (found === null) return;
      const stop = new AbortController();
      const begin = setTimeout(() => {
        work = work.then(() => run(found, stop.signal));
      }, REST);
      return () => {
        clearTimeout(begin);
        stop.abort();
      };
    });
  });
}
