import { onSight } from './sight';

/** Keeps the screen on while it is held and the page is visible. */
export class WakeLock {
  isHeld = $state(false);
  #sentinel: WakeLockSentinel | null = null;
  #isWanted = false;

  /** @returns what lets it go */
  hold(): () => void {
    this.#isWanted = true;
    // The browser lets go by itself of a page that nobody sees.
    const ask = () => void this.#ask();
    if (!document.hidden) ask();
    const stopAsking = onSight(ask);
    return () => {
      this.#isWanted = false;
      stopAsking();
      void this.#sentinel?.release();
    };
  }

  async #ask(): Promise<void> {
    if (this.isHeld || !('wakeLock' in navigator)) return;
    try {
      const sentinel = await navigator.wakeLock.request('screen');
      if (!this.#isWanted) {
        await sentinel.release();
        return;
      }
      this.#sentinel = sentinel;
      this.isHeld = true;
      sentinel.addEventListener('release', () => {
        this.isHeld = false;
      });
    } catch {
      // A device that saves its battery refuses; the page says that the screen may go dark.
    }
  }
}
