/** The tab that holds the lock writes, every other one looks on. */
export type Role = 'writer' | 'onlooker';

const LOCK_NAME = 'porthole-writer';

/**
 * Asks to be the only writer of this origin's database. A waiting tab becomes the writer by itself when the writing tab
 * is closed or dies; the lock is never given back before that.
 *
 * @param onRole - called once with the role at start, and once more if an onlooker becomes the writer
 */
export function claimWriterLock(onRole: (role: Role) => void): void {
  // Absent on plain-http hosts and in old browsers: then the person sees to it that one tab is open.
  if (!('locks' in navigator)) {
    onRole('writer');
    return;
  }
  const keepForEver = () => new Promise<never>(() => undefined);
  void navigator.locks.request(LOCK_NAME, { ifAvailable: true }, async (lock) => {
    if (lock) {
      onRole('writer');
      return keepForEver();
    }
    onRole('onlooker');
    void navigator.locks.request(LOCK_NAME, async () => {
      onRole('writer');
      return keepForEver();
    });
    return undefined;
  });
}

export class ChangeChannel {
  readonly #channel: BroadcastChannel | null;

  constructor(onChange: () => void) {
    this.#channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('porthole') : null;
    if (this.#channel) this.#channel.onmessage = onChange;
  }

  announce(): void {
    this.#channel?.postMessage('changed');
  }
}
