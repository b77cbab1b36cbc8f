/** A gap in the page's own time counts for so many steps at most. */
const LONGEST_GAP = 2;
const STEPS = 4;

/**
 * Calls back after so many milliseconds in which the page was awake. A tab that the browser has frozen, or a laptop that
 * slept, wakes with its timers overdue, before it hears what a worker has to say: one such pause counts for half of the
 * time at most.
 *
 * @returns what stops it
 */
export function afterAwake(milliseconds: number, callback: () => void): () => void {
  const step = milliseconds / STEPS;
  let left = milliseconds;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    left -= Math.min(now - last, LONGEST_GAP * step);
    last = now;
    if (left > 0) return;
    clearInterval(timer);
    callback();
  }, step);
  return () => {
    clearInterval(timer);
  };
}
