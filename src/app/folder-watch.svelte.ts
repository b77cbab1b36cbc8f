import { loadHandles, saveHandles } from '../storage/handles';
import { askFor, chooseFolder, isAllowed, type KeptFolder } from './file-handles';
import { filesUnder } from './folder-files';
import { isSnapshotName } from './intake';
import type { Porthole } from './porthole.svelte';

/** Milliseconds between two looks: where only looking tells what is new, and where the browser tells it. */
const INTERVAL = { polled: 3_000, told: 20_000 };
/** A look may take this share of the time at most: a folder on a slow disk is looked at less often. */
const SHARE = 0.1;
/** Milliseconds in which a file that is being written changes again. */
const SETTLED = 2_000;
/** A file that was not touched for so long is whole, in milliseconds. */
const OLD = 10_000;
/** Up to so many files each is looked at again, in case it was written anew under the same name. */
const FEW = 2_000;

interface Observer {
  observe(handle: FileSystemHandle, options: { recursive: boolean }): Promise<void>;
  disconnect(): void;
}

type WatchStatus = 'none' | 'asks' | 'watching';

/** Looks into a folder of the chosen camera for new snapshots, and has them scored once they are whole. */
export class FolderWatch {
  status = $state.raw<WatchStatus>('none');
  folder = $state.raw<KeptFolder | null>(null);
  /** whether the person, or the browser for them, said no */
  isDenied = $state.raw(false);
  /** snapshots that came since the watch began and had not been scored before */
  arrived = $state.raw(0);
  since = $state.raw(0);
  lastLook = $state.raw<number | null>(null);
  /** files that are still being written */
  growing = $state.raw(0);
  /** other work goes before it */
  isWaiting = $state.raw(false);
  isLost = $state.raw(false);

  readonly #porthole: Porthole;
  /** whose folder it looks into: null for a tab that only looks on */
  readonly #cameraId = $derived.by(() => {
    const { role, camera } = this.#porthole;
    return role === 'writer' ? (camera?.id ?? null) : null;
  });
  #abort = new AbortController();
  /** size and date of what was handed over, by path */
  #taken = new Map<string, string>();
  /** the same of what was seen once and may still change */
  #unsettled = new Map<string, string>();
  #wake: () => void = () => undefined;
  /** the browser told of a change since the last look began */
  #isTold = false;

  constructor(porthole: Porthole) {
    this.#porthole = porthole;
    $effect.root(() => {
      $effect(() => {
        const cameraId = this.#cameraId;
        this.#follow(cameraId).catch((error: unknown) => {
          console.error(error);
        });
      });
    });
  }

  /** Lets the person choose a folder and watches it. Must be called while a click is handled. */
  async begin(): Promise<void> {
    await this.#porthole.attempt(async () => {
      const folder = await chooseFolder();
      const { camera, db } = this.#porthole;
      if (!folder || !camera) return;
      await saveHandles(db, camera.id, 'watch', [folder]);
      this.#watch(folder);
    });
  }

  /** Watches the folder of an earlier visit again. Must be called while a click is handled. */
  async goOn(): Promise<void> {
    const { folder } = this;
    if (!folder) return;
    this.isDenied = !(await askFor(folder));
    if (!this.isDenied) this.#watch(folder);
  }

  /** Stops, and forgets the folder. */
  async stop(): Promise<void> {
    this.#halt();
    this.folder = null;
    await this.#porthole.attempt(async () => {
      const { camera, db } = this.#porthole;
      if (camera) await saveHandles(db, camera.id, 'watch', []);
    });
  }

  /** Another camera was chosen, or this tab became the one that writes. */
  async #follow(cameraId: string | null): Promise<void> {
    this.#halt();
    this.folder = null;
    this.isDenied = false;
    if (cameraId === null) return;
    const [kept] = await loadHandles(this.#porthole.db, cameraId, 'watch');
    if (kept?.kind !== 'directory' || this.#porthole.camera?.id !== cameraId) return;
    const folder = kept as KeptFolder;
    if (await isAllowed(folder)) this.#watch(folder);
    else {
      this.folder = folder;
      this.status = 'asks';
    }
  }

  #halt(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.status = 'none';
  }

  #watch(folder: KeptFolder): void {
    this.#halt();
    this.#taken = new Map();
    this.#unsettled = new Map();
    this.folder = folder;
    this.status = 'watching';
    this.isDenied = false;
    this.arrived = 0;
    this.growing = 0;
    this.since = Date.now();
    this.lastLook = null;
    this.#keepLooking(folder, this.#abort.signal).catch((error: unknown) => {
      console.error(error);
    });
  }

  async #keepLooking(folder: KeptFolder, signal: AbortSignal): Promise<void> {
    const observer = await this.#observe(folder);
    const interval = observer ? INTERVAL.told : INTERVAL.polled;
    while (!signal.aborted) {
      const began = performance.now();
      this.#isTold = false;
      const { role, isBusy, monitor } = this.#porthole;
      this.isWaiting = role !== 'writer' || isBusy || monitor.isWorking;
      if (!this.isWaiting) await this.#look(folder, signal);
      const took = performance.now() - began;
      const isSoon = this.growing > 0 || this.isWaiting || this.#isTold;
      await this.#untilNext(isSoon ? SETTLED : Math.max(interval, took / SHARE), signal);
    }
    observer?.disconnect();
  }

  async #look(folder: KeptFolder, signal: AbortSignal): Promise<void> {
    const ready: { readonly path: string; readonly stamp: string; readonly file: File }[] = [];
    const unsettled = new Map<string, string>();
    const looksAgain = this.#taken.size <= FEW;
    let isLost = false;
    for await (const { path, handle } of filesUnder(folder, () => (isLost = true))) {
      if (signal.aborted) return;
      if (!isSnapshotName(handle.name) || (!looksAgain && this.#taken.has(path))) continue;
      // What is gone by now was moved or renamed: it comes again under its new name.
      const file = await handle.getFile().catch(() => null);
      if (!file) continue;
      const stamp = `${file.size} ${file.lastModified}`;
      if (this.#taken.get(path) === stamp) continue;
      const isWhole = this.#unsettled.get(path) === stamp || Date.now() - file.lastModified > OLD;
      if (file.size > 0 && isWhole) ready.push({ path, stamp, file });
      else unsettled.set(path, stamp);
    }
    if (signal.aborted) return;
    this.isLost = isLost;
    this.#unsettled = unsettled;
    this.growing = unsettled.size;
    this.lastLook = Date.now();
    if (ready.length > 0) await this.#handOver(folder, ready);
  }

  async #handOver(
    folder: KeptFolder,
    ready: readonly { readonly path: string; readonly stamp: string; readonly file: File }[],
  ): Promise<void> {
    for (const { path, stamp } of ready) this.#taken.set(path, stamp);
    const went = await this.#porthole.attempt(async () => {
      const { jobs, seenBefore } = await this.#porthole.score(
        ready.map(({ file }) => file),
        [folder],
      );
      this.arrived += jobs.length - seenBefore;
      // To find old files in the folder again is no news.
      this.#porthole.monitor.seenBefore = 0;
    });
    // A full disk or a model that fails would fail again with every look.
    if (!went) this.#halt();
    if (!went) this.status = 'asks';
  }

  /** @returns null where the browser does not tell what changes */
  async #observe(folder: KeptFolder): Promise<Observer | null> {
    const { FileSystemObserver } = globalThis as unknown as {
      FileSystemObserver?: new (onChange: () => void) => Observer;
    };
    if (!FileSystemObserver) return null;
    const observer = new FileSystemObserver(() => {
      this.#isTold = true;
      this.#wake();
    });
    try {
      await observer.observe(folder, { recursive: true });
      return observer;
    } catch {
      // Some file systems, of the network above all, tell nothing.
      return null;
    }
  }

  async #untilNext(milliseconds: number, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        // A file that has just appeared comes with others, and is being written.
        setTimeout(resolve, 300);
      };
      signal.addEventListener(
        'abort',
        () => {
          clearTimeout(timer);
          resolve();
        },
        { once: true },
      );
    });
    this.#wake = () => undefined;
  }
}
