/** Keeps the screen on while it is held and the page is visible. */
export class WakeLock {
  isHeld = $state(false);
  #sentinel: WakeLockSentinel | null = null;
  #isWanted = false;

  /** @returns what lets it go */
  hold(): () => void {
    this.#isWanted = true;
    // The browser lets go by itself of a page that nobody sees.
    const ask = () => {
      if (document.visibilityState === 'visible') void this.#ask();
    };
    ask();
    document.addEventListener('visibilitychange', ask);
    return () => {
      this.#isWanted = false;
      document.removeEventListener('visibilitychange', ask);
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
