/** Steps that must have been measured before anything is said: the first one of a job often waits for what is opened. */
const LEAST_STEPS = 3;
/** Milliseconds that they must have taken together. */
const LEAST_TIME = 500;
/** The pace is that of the newest part of the time spent, about the last third. */
const FORGETTING = 3;

/**
 * How long work still takes, from the pace at which it was really done lately. The caller gives the time, in
 * milliseconds of any clock that does not go back.
 *
 * The pace counts from the end of the first step, so that it is none of how long a download or a model took to start.
 * Older steps weigh less, exponentially, by the time since as a share of all the time spent. Between two steps the time
 * left runs down with the clock, and stands still once the next one is late.
 *
 * If the pace falls steadily to half, the time that is said from the first tenth on is at most 27 % short of the truth
 * (tests/domain/time-left.spec.ts).
 */
export class TimeLeft {
  #left: number;
  /** work done, its time, and the squares of the steps' times; all fading */
  #done = 0;
  #time = 0;
  #squares = 0;
  #steps = 0;
  #spent = 0;
  #lastAt: number | null = null;
  #pausedAt: number | null = null;

  /** @param total - how much there is to do: bytes, snapshots, or 1 where shares of the whole are done */
  constructor(total: number) {
    this.#left = total;
  }

  /** There is more to do than was said, or less. */
  add(amount: number): void {
    this.#left += amount;
  }

  /** So much more is done, in the units of the total. */
  advance(amount: number, now: number): void {
    this.#left = Math.max(0, this.#left - amount);
    const last = this.#lastAt;
    this.#lastAt = now;
    if (last === null) return;
    const time = Math.max(0, now - last);
    this.#steps += 1;
    this.#spent += time;
    const kept = this.#spent > 0 ? Math.exp((-FORGETTING * time) / this.#spent) : 1;
    this.#done = this.#done * kept + amount;
    this.#time = this.#time * kept + time;
    this.#squares = this.#squares * kept + time ** 2;
  }

  /** The time from now until `resume` is none of the work's. */
  pause(now: number): void {
    this.#pausedAt ??= now;
  }

  resume(now: number): void {
    if (this.#pausedAt === null) return;
    if (this.#lastAt !== null) this.#lastAt += now - this.#pausedAt;
    this.#pausedAt = null;
  }

  /** How much is done in a second lately; null before it was measured. */
  perSecond(now: number): number | null {
    const late = this.#sinceLast(now).late;
    return this.#isMeasured() ? (1000 * this.#done) / (this.#time + late) : null;
  }

  /** Milliseconds until all is done, at least 0; null before the pace was measured. */
  milliseconds(now: number): number | null {
    const perSecond = this.perSecond(now);
    if (perSecond === null) return null;
    return Math.max(0, (1000 * this.#left) / perSecond - this.#sinceLast(now).inTime);
  }

  #isMeasured(): boolean {
    return this.#steps >= LEAST_STEPS && this.#spent >= LEAST_TIME && this.#done > 0;
  }

  /** The time since the last step: as far as steps usually take, and what is over that. */
  #sinceLast(now: number): { inTime: number; late: number } {
    const since = Math.max(0, (this.#pausedAt ?? now) - (this.#lastAt ?? now));
    // Weighed by time, as a look at any moment finds it: steps that come in pairs are as long as the time between pairs.
    const usual = this.#time > 0 ? this.#squares / this.#time : 0;
    return { inTime: Math.min(since, usual), late: Math.max(0, since - usual) };
  }
}

/** Seconds as they are shown: rounded up, more coarsely the more there are, so that the number is still for a while. */
export function calmly(seconds: number): number {
  const step = seconds <= 10 ? 1 : seconds <= 60 ? 5 : seconds <= 600 ? 30 : 60;
  return Math.ceil(seconds / step) * step;
}
