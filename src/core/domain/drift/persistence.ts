import { ALARM_WINDOWS, CLEAR_BELOW } from '../ranges';
import { oneOrMore, row, single, type RowOf } from '../row';
import { classify, type DriftStatus, type Thresholds } from './thresholds';

export const PERSISTENCE = row({
  /** windows in a row above a limit that raise its alarm, ≥ 1 */
  raiseAfter: oneOrMore(ALARM_WINDOWS),
  /** windows in a row at or below the lower line that clear it, ≥ 1 */
  clearAfter: oneOrMore(ALARM_WINDOWS),
  /** the lower line as a share of the limit, above 0 and at most 1 */
  clearBelow: single<number>(Number.isFinite, (value) => value > 0 && value <= CLEAR_BELOW.most),
});
export type Persistence = RowOf<typeof PERSISTENCE>;

/** Every window speaks for itself, as in the tutorial. */
export const NO_PERSISTENCE: Persistence = { raiseAfter: 1, clearAfter: 1, clearBelow: 1 };

/** The line at or below which windows clear the alarm of a limit; a limit below zero has it below itself too. */
export function lowerLineOf(limit: number, { clearBelow }: Persistence): number {
  return limit - (1 - clearBelow) * Math.abs(limit);
}

/**
 * The verdict on a stream of distances with hysteresis: each limit is raised after so many windows above it, and
 * cleared after so many at or below its lower line. With {@link NO_PERSISTENCE} it is `classify`, window by window.
 */
export class Alarm {
  readonly #thresholds: Thresholds;
  readonly #limits: readonly [warning: LimitAlarm, drift: LimitAlarm];

  constructor(thresholds: Thresholds, persistence: Persistence) {
    this.#thresholds = thresholds;
    this.#limits = [
      new LimitAlarm(thresholds.warning, persistence),
      new LimitAlarm(thresholds.drift, persistence),
    ];
  }

  /** @param distance - squared MMD, or null while the window fills: nothing that was seen before counts any more */
  update(distance: number | null): DriftStatus {
    if (distance === null) {
      this.reset();
      return classify(null, this.#thresholds);
    }
    const [warning, drift] = this.#limits.map((limit) => limit.update(distance));
    return drift ? 'drift' : warning ? 'warning' : 'normal';
  }

  /** True if its state is that of a new one. */
  get isAtRest(): boolean {
    return this.#limits.every((limit) => limit.isAtRest);
  }

  /** True if both will say the same of any further distances. */
  standsLike(other: Alarm): boolean {
    return this.#limits.every((limit, i) => limit.standsLike(other.#limits[i]!));
  }

  reset(): void {
    this.stand('normal');
  }

  /** Makes it stand as after a verdict by other settings: an alarm that was raised stays until these clear it. */
  stand(status: DriftStatus): void {
    const [warning, drift] = this.#limits;
    warning.stand(status === 'warning' || status === 'drift');
    drift.stand(status === 'drift');
  }
}

class LimitAlarm {
  readonly #limit: number;
  readonly #lowerLine: number;
  readonly #persistence: Persistence;
  #isRaised = false;
  /** windows in a row that speak for the other state */
  #run = 0;

  constructor(limit: number, persistence: Persistence) {
    this.#limit = limit;
    this.#lowerLine = lowerLineOf(limit, persistence);
    this.#persistence = persistence;
  }

  update(distance: number): boolean {
    const speaksAgainst = this.#isRaised ? distance <= this.#lowerLine : distance > this.#limit;
    this.#run = speaksAgainst ? this.#run + 1 : 0;
    const needed = this.#isRaised ? this.#persistence.clearAfter : this.#persistence.raiseAfter;
    if (this.#run >= needed) {
      this.#isRaised = !this.#isRaised;
      this.#run = 0;
    }
    return this.#isRaised;
  }

  get isAtRest(): boolean {
    return !this.#isRaised && this.#run === 0;
  }

  standsLike(other: LimitAlarm): boolean {
    return this.#isRaised === other.#isRaised && this.#run === other.#run;
  }

  stand(isRaised: boolean): void {
    this.#isRaised = isRaised;
    this.#run = 0;
  }
}

/**
 * True if these distances leave an alarm in one state, whatever it was before: a window filled, or so many in a row
 * were above a limit, or at or below its lower line, that both states have become one.
 *
 * @param distances - in order, null while the window filled
 */
export function isSettledBy(
  distances: readonly (number | null)[],
  thresholds: Thresholds,
  persistence: Persistence,
): boolean {
  const { raiseAfter, clearAfter } = persistence;
  return [thresholds.warning, thresholds.drift].every((limit) => {
    const lowerLine = lowerLineOf(limit, persistence);
    let [above, below] = [0, 0];
    return distances.some((distance) => {
      if (distance === null) return true;
      above = distance > limit ? above + 1 : 0;
      below = distance <= lowerLine ? below + 1 : 0;
      return above >= raiseAfter || below >= clearAfter;
    });
  });
}

export interface AlarmRun {
  /** places of its first and last snapshot in the history */
  readonly first: number;
  readonly last: number;
}

/** Runs of drift in a history; snapshots without a verdict of their own neither end one nor begin one. */
export function alarmRuns(statuses: readonly (DriftStatus | 'not-checked')[]): AlarmRun[] {
  const runs: AlarmRun[] = [];
  let open: { first: number; last: number } | null = null;
  for (const [i, status] of statuses.entries()) {
    if (status === 'not-checked') continue;
    if (status !== 'drift') open = null;
    else if (open) open.last = i;
    else runs.push((open = { first: i, last: i }));
  }
  return runs;
}
