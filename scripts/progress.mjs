/** How far a work is: one line that is written anew, for a person at a terminal and for nobody else. */

const CLEAR = '\r\x1b[K';

/**
 * @param {string} what - is being done
 * @returns {{ show: (done: number, total: number) => void, end: () => void }}
 */
export function progressLine(what) {
  const { stderr } = process;
  if (!stderr.isTTY) return { show: () => {}, end: () => {} };
  const began = Date.now();
  let first = null;
  return {
    show(done, total) {
      first ??= done;
      const perSecond = (1000 * (done - first)) / Math.max(1, Date.now() - began);
      const left =
        perSecond > 0 ? `, ${perSecond.toFixed(1)} a second, ${time((total - done) / perSecond)} left` : '';
      stderr.write(`${CLEAR}${what}: ${done} of ${total}${left}`);
    },
    end() {
      stderr.write(CLEAR);
    },
  };
}

function time(seconds) {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}
