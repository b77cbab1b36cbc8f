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
  /** lines with a warning or drift since the cameras' verdicts were told last, by id, of each camera */
  #pressing = new Map();
  /** capture time of the newest snapshot that a camera's verdict was told of */
  #toldTo = new Map();

  /**
   * A snapshot was scored, or an earlier line of it no longer holds. One from before what was told last says nothing of
   * now.
   */
  note(camera, { id, verdict, captured_at }) {
    if (captured_at <= (this.#toldTo.get(camera) ?? '')) return;
    const pressing = this.#pressing.get(camera) ?? new Map();
    if (rankOf(verdict) > 0) pressing.set(id, { id, verdict, captured_at });
    else pressing.delete(id);
    this.#pressing.set(camera, pressing);
  }

  /** @returns {Record<string, Alarm>} the alarms since the cameras' verdicts were told last, by camera */
  get alarms() {
    const alarms = [...this.#pressing].flatMap(([camera, lines]) => {
      if (lines.size === 0) return [];
      const [{ id, verdict }] = [...lines.values()].sort(worstFirst);
      return [[camera, { id, verdict, count: lines.size }]];
    });
    return Object.fromEntries(alarms);
  }

  /** The cameras' verdicts are told. What is said of no lens, or of an archive, tells nothing of an alarm before it. */
  told(standings) {
    for (const { name, verdict, isNews, latest } of standings) {
      if (!isNews || NO_NEWS.includes(verdict)) continue;
      this.#pressing.delete(name);
      if (latest) this.#toldTo.set(name, latest.captured_at);
    }
  }
}

/** Of equal ones the earliest. */
function worstFirst(one, other) {
  const isEarlier = one.captured_at < other.captured_at ? -1 : Number(one.captured_at > other.captured_at);
  return rankOf(other.verdict) - rankOf(one.verdict) || isEarlier;
}
