import type { Camera } from '../../core/domain/camera/camera';
import { imageNameOf } from '../../core/domain/camera/time/capture-time';
import { plainName } from '../../core/domain/files/plain-name';
import { contentSha256Of } from '../../core/encoder/content';
import { loadHandles, saveHandles } from '../../core/storage/handles';
import { forgetSeenFiles } from '../../core/storage/seen-files';
import { changeSetting, loadSetting } from '../../core/storage/settings';
import { chooseFolder, isAllowed, type KeptFolder } from '../../core/browser/file-handles';
import { filesUnder } from '../../core/browser/folder-files';
import { inCaptureOrder } from '../../core/session/scoring/capture-order';
import type { FileOf } from '../../core/session/follower';
import { isSnapshotName } from '../../core/session/intake';
import type { Turns } from '../../core/domain/turns';
import { WatchedFiles, type FileFacts, type FailedFiles } from '../../core/session/watched-files';
import { ofReference } from './of-reference';
import type { Session } from '../../core/session/session.svelte';

/** Milliseconds between two looks: without and with the browser's own notice of changes. */
const INTERVAL = { polled: 3_000, told: 20_000 };
/** All looks may take this share of the time at most: a folder on a slow disk is looked at less often. */
const SHARE = 0.1;
/** Milliseconds in which a file that is being written changes again. */
const SETTLED = 2_000;
/** A file that was not touched for so long is whole, in milliseconds. */
const OLD = 10_000;
/** Files seen before that are looked at again in one look, in case they were rewritten under the same name. */
const FEW = 2_000;
/**
 * Files that were begun so often and never ended may include one that ends the page: they are not begun again by
 * themselves.
 */
const MOST_ATTEMPTS = 2;
/** Number of files scored at once: the page may be closed after each such part, and goes on with the next one. */
const PART = 500;
/** Number of a batch's files that are named. */
const NAMED = 5;
/** At most this many files that share a name are read to find a content. */
const LIKELY = 5;

interface Observer {
  observe(handle: FileSystemHandle, options: { recursive: boolean }): Promise<void>;
  disconnect(): void;
}

/** `asks`: the browser wants a click first; `stopped`: the files found could not be checked */
type WatchStatus = 'none' | 'asks' | 'watching' | 'stopped';

/** A file that has not been seen. */
interface Fresh {
  readonly size: number;
  readonly modifiedAt: number;
  /** time of its last change, by this page's own clock */
  readonly since: number;
  /** a person has cancelled its batch: it is left alone in this visit */
  readonly isCancelled?: true;
}

export type WatchParts = Pick<Session, 'db' | 'work' | 'cameras' | 'scoring'>;

interface Collaborators extends WatchParts {
  /** shared by all folders: the new snapshots of one are scored after those of another */
  readonly turns: Turns;
  /** number of folders watched */
  readonly count: () => number;
}

/** Looks into a folder of one camera for new snapshots, and has them scored for it once they are whole. */
export class FolderWatch {
  status = $state.raw<WatchStatus>('none');
  folder = $state.raw<KeptFolder | null>(null);
  /** true if the person, or the browser for them, said no */
  isDenied = $state.raw(false);
  /** number of new snapshots since the watch began */
  arrived = $state.raw(0);
  since = $state.raw(0);
  lastLook = $state.raw<number | null>(null);
  /** files that are still being written */
  growing = $state.raw(0);
  /** files that can't be read now; null until all of the folder was looked at */
  failed = $state.raw<FailedFiles | null>(null);
  /** other work goes before it */
  isWaiting = $state.raw(false);
  isLost = $state.raw(false);
  readonly isTroubled = $derived.by(() => this.isLost || this.failed?.isLong === true);
  /** names of files whose checking began twice and never ended; while there are some, it waits for the person */
  suspects = $state.raw<readonly string[]>([]);

  readonly cameraId: string;
  readonly #parts: Collaborators;
  #abort = new AbortController();
  /** files known for the camera's model; null before the first look */
  #known: { readonly modelSha256: string; readonly files: WatchedFiles } | null = null;
  /** paths of all snapshots that the last look found */
  #paths: ReadonlySet<string> = new Set();
  /** paths of those that were seen; the one that was looked at last is at the end */
  #passed = new Set<string>();
  /** all others, by path */
  #fresh = new Map<string, Fresh>();
  #wake: () => void = () => undefined;
  /** ends when all of the folder was looked at once */
  #looked: Promise<void> = Promise.resolve();
  /** the browser has announced a change since the last look began */
  #isTold = false;

  constructor(cameraId: string, parts: Collaborators) {
    this.cameraId = cameraId;
    this.#parts = parts;
  }

  /** Watches the folder of an earlier visit if the browser permits it. */
  async open(): Promise<void> {
    const { db } = this.#parts;
    const { signal } = this.#abort;
    const [kept] = await loadHandles(db, this.cameraId, 'watch');
    if (kept?.kind !== 'directory') return;
    const folder = kept as KeptFolder;
    const isReadable = await isAllowed(folder);
    const begun = (await loadSetting(db, 'watchesBegun'))?.get(this.cameraId);
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
    await this.#parts.work.attempt(async () => {
      const { db } = this.#parts;
      let { signal } = this.#abort;
      const folder = known ?? (await chooseFolder());
      const [before] = await loadHandles(db, this.cameraId, 'watch');
      if (!folder || signal.aborted) return;
      if (!(await before?.isSameEntry(folder))) {
        // Files that are being scored are of the former folder.
        this.#halt();
        ({ signal } = this.#abort);
        await forgetSeenFiles(db, this.cameraId);
      }
      await saveHandles(db, this.cameraId, 'watch', [folder]);
      await this.#trust();
      if (!signal.aborted) this.#watch(folder);
    });
  }

  /** Watches the folder of an earlier visit again, if the browser permits reading it. */
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
    await this.#parts.work.attempt(async () => {
      await saveHandles(this.#parts.db, this.cameraId, 'watch', []);
    });
    // Only stored data outlives a page that is closed at once.
    this.#halt();
    this.folder = null;
  }

  /**
   * A snapshot's file in the folder while it is watched: of several with its name the one with its content, or else
   * with the nearest date. Null if there is none, or it can't be read.
   */
  async find({ imageName, capturedAt, contentSha256 }: FileOf): Promise<File | null> {
    const { folder } = this;
    if (!folder || this.status !== 'watching') return null;
    await this.#looked;
    const paths = [...this.#paths].filter((path) => imageNameOf(path) === imageName);
    const found = await Promise.all(paths.map((path) => fileAt(folder, path)));
    const files = found.filter((file) => file !== null);
    const awayFrom = ({ lastModified }: File) => Math.abs(lastModified - capturedAt);
    files.sort((a, b) => awayFrom(a) - awayFrom(b));
    if (files.length < 2 || contentSha256 === '') return files[0] ?? null;
    for (const file of files.slice(0, LIKELY))
      if ((await contentSha256Of(file)) === contentSha256) return file;
    return null;
  }

  #halt(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.status = 'none';
  }

  #watch(folder: KeptFolder): void {
    this.#halt();
    this.#known = null;
    this.#fresh = new Map();
    this.folder = folder;
    this.status = 'watching';
    this.isDenied = false;
    this.arrived = 0;
    this.growing = 0;
    this.failed = null;
    this.isLost = false;
    this.since = Date.now();
    this.lastLook = null;
    const { signal } = this.#abort;
    this.#looked = new Promise((resolve) => {
      this.#keepLooking(folder, signal, resolve).catch((error: unknown) => {
        this.#parts.work.report(error);
        if (signal.aborted) return;
        // A full disk or a model that fails would fail again with every look.
        this.#halt();
        this.status = 'stopped';
      });
    });
  }

  async #keepLooking(folder: KeptFolder, signal: AbortSignal, onLooked: () => void): Promise<void> {
    const observer = await this.#observe(folder);
    const interval = observer ? INTERVAL.told : INTERVAL.polled;
    try {
      while (!signal.aborted) {
        const began = performance.now();
        this.#isTold = false;
        this.isWaiting = this.#parts.work.isBusy;
        if (!this.isWaiting) await this.#look(folder, signal);
        if (this.lastLook !== null) onLooked();
        const took = performance.now() - began;
        const isSoon = this.growing > 0 || this.isWaiting || this.#isTold;
        await this.#untilNext(
          isSoon ? SETTLED : Math.max(interval, (took / SHARE) * this.#parts.count()),
          signal,
        );
      }
    } finally {
      onLooked();
      observer?.disconnect();
    }
  }

  async #look(folder: KeptFolder, signal: AbortSignal): Promise<void> {
    const camera = this.#parts.cameras.all.find(({ id }) => id === this.cameraId);
    if (!camera) return;
    const files = await this.#filesOf(camera, signal);
    const isFirst = this.lastLook === null;
    const again = new Set([...this.#passed].slice(0, FEW));
    const paths = new Set<string>();
    const ready = new Map<File, FileFacts>();
    const missed: FileFacts[] = [];
    const fresh = new Map<string, Fresh>();
    const lost: string[] = [];
    let growing = 0;
    for await (const { path: whole, handle } of filesUnder(folder, (name) => lost.push(name))) {
      if (signal.aborted) return;
      if (!isSnapshotName(handle.name)) continue;
      const path = whole.slice(folder.name.length + 1);
      paths.add(path);
      if (this.#passed.has(path) && !again.has(path)) continue;
      this.#passed.delete(path);
      const file = await handle.getFile().catch(() => null);
      const facts = { path, size: file?.size ?? 0, modifiedAt: file?.lastModified ?? 0 };
      if (files.isSeen(facts)) {
        this.#passed.add(path);
        continue;
      }
      const now = performance.now();
      const before = this.#fresh.get(path);
      const isSame = before?.size === facts.size && before.modifiedAt === facts.modifiedAt;
      const known = isSame ? before : { ...facts, since: now };
      fresh.set(path, known);
      if (known.isCancelled || !files.isDue(facts)) continue;
      // A copy may have the date of its source, so a file's date proves it whole only at the first look.
      const isWhole = now - known.since >= SETTLED || (isFirst && Date.now() - facts.modifiedAt > OLD);
      if (!file) missed.push(facts);
      else if (isWhole) ready.set(file, facts);
      else growing += 1;
    }
    // To the browser a folder that may not be read any more is as one that is gone.
    const isForbidden = lost.length + missed.length > 0 && !(await isAllowed(folder));
    if (signal.aborted) return;
    if (isForbidden) {
      this.#halt();
      this.status = 'asks';
      return;
    }
    this.isLost = lost.length > 0;
    this.#fresh = fresh;
    this.#paths = paths;
    this.growing = growing;
    this.lastLook = Date.now();
    if (!this.isLost) {
      files.keepOnly((path) => paths.has(path));
      for (const path of this.#passed) if (!paths.has(path)) this.#passed.delete(path);
    }
    await files.missed(missed);
    // Something else may have begun while the folder was being read; then these are found again.
    if (ready.size > 0) {
      this.isWaiting = true;
      const take = async () => !signal.aborted && this.#handOver(camera, folder, files, ready, signal);
      this.isWaiting = !(await this.#parts.turns.take(take));
    }
    if (this.#known?.files === files) this.failed = files.failed;
  }

  /** Another model has seen no file: the history can be judged again from the folder. */
  async #filesOf(camera: Camera, signal: AbortSignal): Promise<WatchedFiles> {
    const { modelSha256 } = camera;
    if (this.#known?.modelSha256 === modelSha256) return this.#known.files;
    const files = await WatchedFiles.open(this.#parts.db, camera, () => this.#parts.cameras.now());
    if (signal.aborted) return files;
    this.#known = { modelSha256, files };
    this.#passed = new Set();
    this.lastLook = null;
    return files;
  }

  /** @returns false when other work goes before it, so that it has to be tried again */
  async #handOver(
    camera: Camera,
    folder: KeptFolder,
    files: WatchedFiles,
    ready: ReadonlyMap<File, FileFacts>,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { db, work, scoring } = this.#parts;
    if (work.isBusy) return false;
    this.isWaiting = false;
    const own = await ofReference(db, camera, ready, this.isLost ? [] : this.#paths);
    await files.leaveOut([...own.values()]);
    let left = [...ready.keys()].filter((file) => !own.has(file));
    // A batch puts its own files in order.
    if (left.length > PART) left = (await inCaptureOrder(left, camera, signal)).map(({ file }) => file);
    const isAnswered = (file: File) => files.isAnswered(ready.get(file)!);
    while (left.length > 0) {
      const part = left.slice(0, PART);
      await this.#noteBegun(part);
      const scored = await scoring.scoreFor(this.cameraId, part, [folder], isAnswered);
      if (!signal.aborted) {
        await files.settle(new Map(part.map((file) => [file, ready.get(file)!])), scored.byFile);
        this.arrived += scored.jobs.length - scored.seenBefore;
      }
      await this.#forgetBegun();
      if (scored.hasGivenWay || signal.aborted) return !scored.hasGivenWay;
      left = left.filter((file) => !scored.byFile.has(file));
      if (part.some((file) => !scored.byFile.has(file))) return this.#leaveAlone(left, ready);
    }
    return true;
  }

  /** Leaves the files of a cancelled batch alone, and those that were to follow. */
  #leaveAlone(left: readonly File[], facts: ReadonlyMap<File, FileFacts>): true {
    for (const file of left) {
      const { path } = facts.get(file)!;
      const fresh = this.#fresh.get(path);
      if (fresh) this.#fresh.set(path, { ...fresh, isCancelled: true });
    }
    return true;
  }

  /** Clears the failed attempts noted against the folder. */
  async #trust(): Promise<void> {
    await this.#forgetBegun();
    this.suspects = [];
  }

  /** Counts the attempt before it is made: a file that ends the page must not do so at each visit. */
  async #noteBegun(files: readonly File[]): Promise<void> {
    const names = files.slice(0, NAMED).map(({ name }) => plainName(name));
    await changeSetting(this.#parts.db, 'watchesBegun', (before) => {
      const times = (before?.get(this.cameraId)?.times ?? 0) + 1;
      return new Map(before).set(this.cameraId, { times, names });
    });
  }

  async #forgetBegun(): Promise<void> {
    await changeSetting(this.#parts.db, 'watchesBegun', (before) => {
      const others = new Map(before);
      others.delete(this.cameraId);
      return others.size > 0 ? others : null;
    });
  }

  /** @returns null if the browser does not announce changes */
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
      // Some file systems, above all on a network, announce nothing.
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

/** @returns null for a file that was moved since, or can't be read */
async function fileAt(folder: FileSystemDirectoryHandle, path: string): Promise<File | null> {
  const folders = path.split('/');
  const name = folders.pop() ?? '';
  try {
    let within = folder;
    for (const each of folders) within = await within.getDirectoryHandle(each);
    return await (await within.getFileHandle(name)).getFile();
  } catch {
    return null;
  }
}
