/**
 * Does work that nobody waits for, one run after the other: two would do the same.
 *
 * @param ready - what can be worked on now; null while something else is at work. Whenever it changes, the run is stopped
 * @param rest - milliseconds that it has to stay before a run begins: right after a batch a person has the page's attention
 */
export function runAtRest<T>(
  ready: () => T | null,
  rest: number,
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
      }, rest);
      return () => {
        clearTimeout(begin);
        stop.abort();
      };
    });
  });
}
