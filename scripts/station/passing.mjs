/** Verdicts that came and went between two looks at how the cameras stand: a batch may hold hours or days. */

/** Verdicts that say nothing of the lens; what was said before them stands. */
export const NO_NEWS = ['not-checked', 'warming-up'];
const RANKS = { warning: 1, drift: 2 };

/** How bad a verdict is; 0 for all that are no alarm. */
export function rankOf(verdict) {
  return RANKS[verdict] ?? 0;
}

/**
 * @typedef {object} Alarm
 * @property {string} id - the job that had the worst verdict first
 * @property {string} verdict
 * @property {number} count - snapshots with a warning or drift
 */
export class Passing {
  /** @type {Map<string, Alarm>} by camera */
  #alarms = new Map();
  /** capture time of the newest snapshot that a camera's verdict was told of */
  #toldTo = new Map();

  /** A snapshot was scored. One that comes late says nothing of now. */
  note(camera, { id, verdict, captured_at }) {
    if (rankOf(verdict) === 0 || captured_at <= (this.#toldTo.get(camera) ?? '')) return;
    const { count = 0, ...worst } = this.#alarms.get(camera) ?? {};
    const isWorse = rankOf(verdict) > rankOf(worst.verdict);
    this.#alarms.set(camera, { ...(isWorse ? { id, verdict } : worst), count: count + 1 });
  }

  /** @returns {Record<string, Alarm>} the alarms since the cameras' verdicts were told last, by camera */
  get alarms() {
    return Object.fromEntries(this.#alarms);
  }

  /** The cameras' verdicts are told. What is said of no lens, or of an archive, tells nothing of an alarm before it. */
  told(standings) {
    for (const { name, verdict, isNews, latest } of standings) {
      if (!isNews || NO_NEWS.includes(verdict)) continue;
      this.#alarms.delete(name);
      if (latest) this.#toldTo.set(name, latest.captured_at);
    }
  }
}
