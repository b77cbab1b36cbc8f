import { TimeLeft } from '../../domain/time-left';

/** Milliseconds between updates of the view, because drawing takes time from the work. */
const TOLD_EVERY = 1000;

/** Progress and speed of the queued work, and if the person has paused it. */
export class Progress {
  total = $state(0);
  /** as it is shown: while work is done, it follows a little later */
  done = $state(0);
  isRunning = $state(false);
  isPaused = $state(false);
  /** work done per second lately, without pauses; null before that was measured */
  perSecond = $state<number | null>(null);
  /** at that speed; null before it was measured */
  secondsLeft = $state<number | null>(null);

  #done = 0;
  #time = new TimeLeft(0);
  #telling: ReturnType<typeof setInterval> | undefined;
  #wake: (() => void) | null = null;

  /** More files are waiting. */
  add(count: number): void {
    if (!this.isRunning && this.#done === this.total) {
      this.total = 0;
      this.#done = 0;
      this.done = 0;
    }
    this.total += count;
    this.#time.add(count);
  }

  start(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    this.#time = new TimeLeft(this.total - this.#done);
    this.#tell();
    this.#telling = setInterval(() => {
      this.#tell();
    }, TOLD_EVERY);
  }

  advance(count: number): void {
    if (count === 0) return;
    this.#done += count;
    this.#time.advance(count, performance.now());
  }

  /** Ends a batch; `leftOver` of its files were not checked. */
  finish(leftOver: number): void {
    this.total -= leftOver;
    this.done = this.#done;
    this.isRunning = false;
    clearInterval(this.#telling);
    this.resume();
  }

  pause(): void {
    if (!this.isRunning || this.isPaused) return;
    this.isPaused = true;
    this.#time.pause(performance.now());
  }

  resume(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    this.#time.resume(performance.now());
    this.#wake?.();
    this.#wake = null;
  }

  /** Resolves at once, or when the person resumes. */
  async whileRunning(): Promise<void> {
    if (this.isPaused) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  #tell(): void {
    const now = performance.now();
    const milliseconds = this.#time.milliseconds(now);
    this.done = this.#done;
    this.perSecond = this.#time.perSecond(now);
    this.secondsLeft = milliseconds === null ? null : milliseconds / 1000;
  }
}
