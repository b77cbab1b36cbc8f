/** How far the queued work is, how fast it goes, and whether the person has paused it. */
export class Progress {
  total = $state(0);
  done = $state(0);
  isRunning = $state(false);
  isPaused = $state(false);
  /** snapshots a second since the work began, pauses left out; null before the first */
  perSecond = $state<number | null>(null);
  secondsLeft = $derived(
    this.perSecond === null || this.perSecond === 0 ? null : (this.total - this.done) / this.perSecond,
  );

  #workedMs = 0;
  #resumedAt = 0;
  #doneBefore = 0;
  #wake: (() => void) | null = null;

  /** More files are waiting. */
  add(count: number): void {
    if (!this.isRunning && this.done === this.total) {
      this.total = 0;
      this.done = 0;
    }
    this.total += count;
  }

  start(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    this.perSecond = null;
    this.#workedMs = 0;
    this.#doneBefore = this.done;
    this.#resumedAt = performance.now();
  }

  advance(count: number): void {
    this.done += count;
    const seconds = (this.#workedMs + performance.now() - this.#resumedAt) / 1000;
    if (seconds > 0) this.perSecond = (this.done - this.#doneBefore) / seconds;
  }

  /** A batch has ended; `leftOver` of its files were not come to. */
  finish(leftOver: number): void {
    this.total -= leftOver;
    this.isRunning = false;
    this.resume();
  }

  pause(): void {
    if (!this.isRunning || this.isPaused) return;
    this.isPaused = true;
    this.#workedMs += performance.now() - this.#resumedAt;
  }

  resume(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    this.#resumedAt = performance.now();
    this.#wake?.();
    this.#wake = null;
  }

  /** Resolves at once, or when the person resumes. */
  async whileRunning(): Promise<void> {
    if (this.isPaused) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}
