/** After this many milliseconds the page counts as idle, however much there is to do. */
const LONGEST_WAIT = 5000;

/** Does work that nobody waits for, once the page is loaded and has nothing else to do. */
export function whenIdle(work: () => void): void {
  if (document.readyState !== 'complete') {
    addEventListener(
      'load',
      () => {
        whenIdle(work);
      },
      { once: true },
    );
  } else if ('requestIdleCallback' in globalThis) requestIdleCallback(work, { timeout: LONGEST_WAIT });
  // Safari has no idle callbacks.
  else setTimeout(work, 1000);
}
