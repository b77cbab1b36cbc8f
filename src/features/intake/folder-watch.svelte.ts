import { captureTimeFromName, imageNameOf } from '../../core/domain/camera/time/capture-time';
import { plainName } from '../../core/domain/files/plain-name';
import { loadHandles, saveHandles } from '../../core/storage/handles';
import { loadCameras, loadReferences } from '../../core/storage/cameras';
import { loadJobsNewestFirst } from '../../core/storage/jobs';
import { scoredBy } from '../../core/session/history/history';
import { changeSetting, loadSetting } from '../../core/storage/settings';
import { chooseFolder, isAllowed, type KeptFolder } from '../../core/browser/file-handles';
import { filesUnder } from '../../core/browser/folder-files';
import { isSnapshotName } from '../../core/session/intake';
import type { Session } from '../../core/session/session.svelte';
import type { Turns } from '../../core/session/turns';

/** Milliseconds between two looks: where only looking tells what is new, and where the browser tells it. */
const INTERVAL = { polled: 3_000, told: 20_000 };
/** All looks may take this share of the time at most: a folder on a slow disk is looked at less often. */
const SHARE = 0.1;
/** Milliseconds in which a file that is being written changes again. */
const SETTLED = 2_000;
/** A file that was not touched for so long is whole, in milliseconds. */
const OLD = 10_000;
/** Up to so many files each is looked at again, in case it was written anew under the same name. */
const FEW = 2_000;
/** What was begun so often and never ended may hold a file that ends the page: it is not begun again by itself. */
const MOST_ATTEMPTS = 2;
/** Of the files that were begun with, so many are named. */
const NAMED = 5;

interface Observer {
  observe(handle: FileSystemHandle, options: { recursive: boolean }): Promise<void>;
  disconnect(): void;
}

/** `asks`: the browser wants a click first; `stopped`: what was found could not be checked */
type WatchStatus = 'none' | 'asks' | 'watching' | 'stopped';

/** A file that is to be checked. */
interface Ready {
  readonly path: string;
  /** its size and date */
  readonly stamp: string;
  readonly file: File;
}

interface Collaborators {
  readonly session: Session;
  /** shared by all folders: the new snapshots of one are scored after those of another */
  readonly turns: Turns;
  /** how many folders are watched */
  readonly count: () => number;
}

/** Looks into a folder of one camera for new snapshots, and has them scored for it once they are whole. */
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
  /** names of files whose checking began twice and never ended; while there are some, it waits for the person */
  suspects = $state.raw<readonly string[]>([]);

  readonly cameraId: string;
  readonly #parts: Collaborators;
  #abort = new AbortController();
  /** size and date of what was handed over, or had been checked before, by path */
  #taken = new Map<string, string>();
  /** the same of what may still change, and since when it has not, by this page's own clock */
  #unsettled = new Map<string, { readonly stamp: string; readonly since: number }>();
  #wake: () => void = () => undefined;
  /** ends when all of the folder was looked at once */
  #looked: Promise<void> = Promise.resolve();
  /** the browser told of a change since the last look began */
  #isTold = false;

  constructor(cameraId: string, parts: Collaborators) {
    this.cameraId = cameraId;
    this.#parts = parts;
  }

  get #session(): Session {
    return this.#parts.session;
  }

  /** Watches the folder of an earlier visit where the browser permits it. */
  async open(): Promise<void> {
    const { db } = this.#session;
    const { signal } = this.#abort;
    const [kept] = await loadHandles(db, this.cameraId, 'watch');
    if (kept?.kind !== 'directory') return;
    const folder = kept as KeptFolder;
    const isReadable = await isAllowed(folder);
    const begun = (await loadSetting(db, 'watchesBegun'))?.[this.cameraId];
    if (signal.aborted) return;
    if (begun && begun.times >= MOST_ATTEMPTS) {
      this.folder = folder;
      this.suspects = begun.names;
      this.status = 'stopped';
      return;
    }
    if (isReadable) this.#watch(folder);
    else {
      this.folder = folder;
      this.status = 'asks';
    }
  }

  /** Ends with its camera, and forgets all of it. */
  async end(): Promise<void> {
    this.#halt();
    this.folder = null;
    await this.#trust();
  }

  /**
   * Watches a folder. Must be called while a click is handled.
   *
   * @param known - one that may be read; without it the person chooses one
   */
  async begin(known?: KeptFolder): Promise<void> {
    await this.#session.attempt(async () => {
      const { signal } = this.#abort;
      const folder = known ?? (await chooseFolder());
      if (!folder) return;
      await saveHandles(this.#session.db, this.cameraId, 'watch', [folder]);
      await this.#trust();
      if (!signal.aborted) this.#watch(folder);
    });
  }

  /** Watches the folder of an earlier visit again, if the browser has said that it may be read. */
  async goOn(isReadable: boolean): Promise<void> {
    const { folder } = this;
    const { signal } = this.#abort;
    if (!folder) return;
    if (isReadable) {
      await this.#trust();
      if (!signal.aborted) this.#watch(folder);
    } else {
      this.status = 'asks';
      this.isDenied = true;
    }
  }

  /** Stops, and forgets the folder. */
  async stop(): Promise<void> {
    await this.#session.attempt(async () => {
      await saveHandles(this.#session.db, this.cameraId, 'watch', []);
    });
    // Only what is stored outlives a page that is closed at once.
    this.#halt();
    this.folder = null;
  }

  /** Looks at all of the folder again: what was set aside may be judged now. */
  lookAgain(): void {
    this.#taken = new Map();
    this.lastLook = null;
    this.#wake();
  }

  /** A snapshot's file in the folder while it is watched; null where there is none that was seen, or it can't be read. */
  async find(imageName: string): Promise<File | null> {
    const { folder } = this;
    if (!folder || this.status !== 'watching') return null;
    await this.#looked;
    const path = [...this.#taken.keys()].find((each) => imageNameOf(each) === imageName);
    if (path === undefined) return null;
    const [name = '', ...folders] = path.split('/').slice(1).reverse();
    try {
      let within: FileSystemDirectoryHandle = folder;
      for (const each of folders.reverse()) within = await within.getDirectoryHandle(each);
      return await (await within.getFileHandle(name)).getFile();
    } catch {
      // It was moved since, or is not there.
      return null;
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
    this.isLost = false;
    this.since = Date.now();
    this.lastLook = null;
    this.#looked = new Promise((resolve) => {
      this.#keepLooking(folder, this.#abort.signal, resolve).catch((error: unknown) => {
        console.error(error);
      });
    });
  }

  async #keepLooking(folder: KeptFolder, signal: AbortSignal, onLooked: () => void): Promise<void> {
    const observer = await this.#observe(folder);
    /** when each snapshot was checked whose name tells it from all others; what is older in the folder is known */
    // Where the history can't be read, checking says so.
    const checked = await this.#checked().catch(() => new Map<string, number>());
    const interval = observer ? INTERVAL.told : INTERVAL.polled;
    while (!signal.aborted) {
      const began = performance.now();
      this.#isTold = false;
      this.isWaiting = this.#session.isBusy;
      if (!this.isWaiting) await this.#look(folder, checked, signal);
      if (this.lastLook !== null) onLooked();
      const took = performance.now() - began;
      const isSoon = this.growing > 0 || this.isWaiting || this.#isTold;
      await this.#untilNext(
        isSoon ? SETTLED : Math.max(interval, (took / SHARE) * this.#parts.count()),
        signal,
      );
    }
    onLooked();
    observer?.disconnect();
  }

  /**
   * When snapshots were checked by the camera's present model, by name and time; only of those whose name has a time. What
   * the reference was made from is never checked: against itself it says less than it would.
   */
  async #checked(): Promise<ReadonlyMap<string, number>> {
    const { db } = this.#session;
    const camera = (await loadCameras(db)).find(({ id }) => id === this.cameraId);
    const checked = new Map<string, number>();
    if (!camera) return checked;
    const references = await loadReferences(db, camera.id);
    const reference = references.find(({ id }) => id === camera.referenceId);
    const given = (await loadSetting(db, 'given'))?.[camera.id];
    for (const name of [...(reference?.names ?? []), ...(given?.clean ?? [])]) {
      if (captureTimeFromName(name) !== null) checked.set(name, Infinity);
    }
    for await (const jobs of loadJobsNewestFirst(db, this.cameraId)) {
      for (const { capturedAtSource, imageName, createdAt } of scoredBy(camera.modelSha256, jobs)) {
        if (capturedAtSource === 'file-name') checked.set(imageName, createdAt);
      }
    }
    return checked;
  }

  async #look(folder: KeptFolder, checked: ReadonlyMap<string, number>, signal: AbortSignal): Promise<void> {
    const ready: Ready[] = [];
    const unsettled = new Map<string, { readonly stamp: string; readonly since: number }>();
    const isFirst = this.lastLook === null;
    const looksAgain = this.#taken.size <= FEW;
    const lost: string[] = [];
    for await (const { path, handle } of filesUnder(folder, (name) => lost.push(name))) {
      if (signal.aborted) return;
      if (!isSnapshotName(handle.name) || (!looksAgain && this.#taken.has(path))) continue;
      // What is gone by now was moved or renamed: it comes again under its new name.
      const file = await handle.getFile().catch(() => null);
      if (!file) continue;
      const stamp = `${file.size} ${file.lastModified}`;
      if (this.#taken.get(path) === stamp) continue;
      // All of a large folder would be read with each visit, only to be recognised.
      if (isFirst && file.lastModified < (checked.get(imageNameOf(file.name)) ?? 0)) {
        this.#taken.set(path, stamp);
        continue;
      }
      const now = performance.now();
      const before = this.#unsettled.get(path);
      const since = before?.stamp === stamp ? before.since : now;
      // A copy may have the date of what it is copied from, so only what was there before counts as whole by its date.
      const isWhole = now - since >= SETTLED || (isFirst && Date.now() - file.lastModified > OLD);
      if (file.size > 0 && isWhole) ready.push({ path, stamp, file });
      else unsettled.set(path, { stamp, since });
    }
    // To the browser a folder that may not be read any more is as one that is gone.
    const isForbidden = lost.length > 0 && !(await isAllowed(folder));
    if (signal.aborted) return;
    if (isForbidden) {
      this.#halt();
      this.status = 'asks';
      return;
    }
    this.isLost = lost.length > 0;
    this.#unsettled = unsettled;
    this.growing = unsettled.size;
    this.lastLook = Date.now();
    // Something else may have begun while the folder was being read; then these are found again.
    if (ready.length === 0) return;
    this.isWaiting = true;
    const isDone = await this.#parts.turns.take(
      async () => !signal.aborted && this.#handOver(folder, ready, signal),
    );
    this.isWaiting = !isDone;
    if (isDone) return;
    for (const { path, stamp } of ready) {
      this.#taken.delete(path);
      unsettled.set(path, { stamp, since: -Infinity });
    }
  }

  /** @returns false when other work goes before it, so that it has to be tried again */
  async #handOver(folder: KeptFolder, ready: readonly Ready[], signal: AbortSignal): Promise<boolean> {
    const session = this.#session;
    if (session.isBusy) return false;
    this.isWaiting = false;
    for (const { path, stamp } of ready) this.#taken.set(path, stamp);
    try {
      await this.#noteBegun(ready);
      const files = ready.map(({ file }) => file);
      const { jobs, seenBefore, hasGivenWay } = await session.scoreFor(
        this.cameraId,
        files,
        [folder],
        () => true,
      );
      if (!signal.aborted) this.arrived += jobs.length - seenBefore;
      await this.#forgetBegun();
      return !hasGivenWay;
    } catch (error) {
      session.report(error);
      if (signal.aborted) return true;
      // A full disk or a model that fails would fail again with every look.
      this.#halt();
      this.status = 'stopped';
      return true;
    }
  }

  /** What began and did not end is no more held against the folder. */
  async #trust(): Promise<void> {
    await this.#forgetBegun();
    this.suspects = [];
  }

  /** Counts the attempt before it is made: what ends the page must not do so at each visit. */
  async #noteBegun(ready: readonly Ready[]): Promise<void> {
    const names = ready.slice(0, NAMED).map(({ file }) => plainName(file.name));
    await changeSetting(this.#session.db, 'watchesBegun', (before) => {
      const times = (before?.[this.cameraId]?.times ?? 0) + 1;
      return { ...before, [this.cameraId]: { times, names } };
    });
  }

  async #forgetBegun(): Promise<void> {
    await changeSetting(this.#session.db, 'watchesBegun', (before) => {
      const others = Object.entries(before ?? {}).filter(([id]) => id !== this.cameraId);
      return others.length > 0 ? Object.fromEntries(others) : null;
    });
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
