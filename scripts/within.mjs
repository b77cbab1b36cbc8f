/** Waits with an end. */
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits for something, but not for ever.
 *
 * @template T
 * @param {number} milliseconds
 * @param {string} missing - what did not come: `The part stays gave no figures`
 * @param {Promise<T>} coming
 * @returns {Promise<T>}
 * @throws Error that says so when it has not come by then
 */
export async function within(milliseconds, missing, coming) {
  const isHere = new AbortController();
  const late = pause(milliseconds, undefined, { signal: isHere.signal }).then(() => {
    throw new Error(`${missing} within ${milliseconds / 1000} s`);
  });
  try {
    return await Promise.race([coming, late]);
  } finally {
    isHere.abort();
  }
}
