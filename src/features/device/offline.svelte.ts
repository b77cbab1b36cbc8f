import type { Pool } from '../../core/encoder/pool';
import { letTakeOver } from '../../core/browser/newest-version';

/** Held, shared, by each tab that is at work: a new version takes over when nobody holds it. */
const AT_WORK = 'porthole-at-work';
/** How often it is asked whether another tab is at work, while a new version waits; milliseconds. */
const ASK_EVERY = 1000;
/** A page may stay open for weeks on a desk; milliseconds. */
const LOOK_FOR_UPDATE_EVERY = 60 * 60_000;

interface Collaborators {
  readonly pool: Pool;
  /** called when a person let a new version take over in another tab */
  readonly onReplaced: () => void;
}

/** The page's own files, kept on this device by its service worker, and the next version of them. */
export class Offline {
  /** no new version may take over meanwhile */
  isAnyAtWork = $state(false);
  /** everything has been kept in this visit, the first that could: from now on no network is needed */
  isNewlyReady = $state(false);
  #waiting = $state.raw<ServiceWorker | null>(null);
  /** true if a new version was fetched and waits for a person's word */
  readonly hasUpdate = $derived(this.#waiting !== null);

  readonly #parts: Collaborators;
  #isTakingOver = false;

  constructor(parts: Collaborators) {
    this.#parts = parts;
  }

  /** Has everything kept, and looks for new versions. Without a service worker the page works while there is a network. */
  async start(): Promise<void> {
    // The development server's files are never kept, and by plain http from another host there are no service workers.
    if (import.meta.env.DEV || !('serviceWorker' in navigator)) return;
    const { serviceWorker } = navigator;
    const isFirst = serviceWorker.controller === null;
    let replacements = 0;
    serviceWorker.addEventListener('controllerchange', () => {
      replacements += 1;
      // The first service worker of all replaces nothing.
      if (!this.#isTakingOver && !(isFirst && replacements === 1)) this.#parts.onReplaced();
    });
    const registration = await serviceWorker.register(new URL('service-worker.js', document.baseURI));
    const isKept = registration.active !== null;
    const look = () => (this.#waiting = serviceWorker.controller ? registration.waiting : null);
    const followInstalling = () => registration.installing?.addEventListener('statechange', look);
    registration.addEventListener('updatefound', followInstalling);
    // Another tab may have found one already.
    followInstalling();
    look();
    setInterval(() => {
      registration.update().catch(() => undefined);
    }, LOOK_FOR_UPDATE_EVERY);
    await serviceWorker.ready;
    this.isNewlyReady = !isKept;
    this.#parts.pool.subscribe(({ backend }) => {
      if (backend === 'webgpu') registration.active?.postMessage('keep-webgpu');
    });
  }

  /** Tells other tabs that this one is at work. @returns what tells them that it no longer is */
  atWork(): () => void {
    // Absent by plain http from another host, as are new versions that would have to wait.
    if (!('locks' in navigator)) return () => undefined;
    const ending = new AbortController();
    navigator.locks
      .request(
        AT_WORK,
        { mode: 'shared', signal: ending.signal },
        () =>
          new Promise<void>((resolve) => {
            ending.signal.addEventListener('abort', () => resolve());
          }),
      )
      // Work that ends while the lock is being waited for.
      .catch(() => undefined);
    return () => {
      ending.abort();
    };
  }

  /** Looks whether any tab is at work, again and again. @returns what ends it */
  watchWork(): () => void {
    const look = async () => {
      const { held } = await navigator.locks.query();
      this.isAnyAtWork = held?.some(({ name, mode }) => name === AT_WORK && mode === 'shared') ?? false;
    };
    void look();
    const timer = setInterval(() => void look(), ASK_EVERY);
    return () => {
      clearInterval(timer);
    };
  }

  /** Lets the new version take over and reloads the page, unless a tab has just begun to work. */
  async update(): Promise<void> {
    const waiting = this.#waiting;
    if (!waiting) return;
    await navigator.locks.request(AT_WORK, { ifAvailable: true }, async (lock) => {
      this.isAnyAtWork = lock === null;
      if (!lock) return;
      this.#isTakingOver = true;
      await letTakeOver(waiting);
      location.reload();
    });
  }
}
