import type { Camera } from '../domain/camera/camera';
import type { Database } from '../storage/database';
import { loadSeenFiles, saveSeenFiles } from '../storage/seen-files';
import type { SeenFile } from '../storage/schema';
import type { ScoredFiles } from './scoring/batch';

/** A file of a watched folder, as a look into the folder shows it. */
export interface FileFacts {
  /** unique among the files that are watched for the camera */
  readonly path: string;
  /** bytes */
  readonly size: number;
  /** milliseconds since 1970 */
  readonly modifiedAt: number;
}

/** Files that can't be read now. */
export interface FailedFiles {
  readonly count: number;
  /** time of the first failed read, milliseconds since 1970; null without any */
  readonly since: number | null;
  /** the first comes first */
  readonly paths: readonly string[];
  /** true after an hour */
  readonly isLong: boolean;
}

const MINUTE = 60_000;
/** Between the first tries to read a file, and between later ones, in milliseconds. */
const RETRY = { soon: MINUTE / 2, later: 5 * MINUTE };
/** A share that comes back, or a file that is copied, is read in this time, in milliseconds. */
const SOON = 2 * MINUTE;
/** After this time it is no short interruption any more, in milliseconds. */
const LONG = 60 * MINUTE;
/** A file that can't be read for so long gets its failed job, in milliseconds. */
const PATIENCE = 24 * 60 * MINUTE;
/** It was tried so often after that time, too: a clock that jumps ahead is no day. */
const LATE_TRIES = 2;

/** A file that is given again. */
interface ReopenedFile {
  readonly stamp: string;
  /** milliseconds since 1970, like the next one */
  readonly unreadSince: number;
  readonly dueAt: number;
  /** tries after the first day, since the page was opened */
  readonly lateTries: number;
}

/**
 * Decides which files of a camera's watched folder are handed over, and when again.
 *
 * It only saves reading: jobs are found by content, so a file that is handed over twice is judged once.
 */
export class WatchedFiles {
  readonly #db: Database;
  readonly #camera: Pick<Camera, 'id' | 'modelSha256'>;
  readonly #now: () => number;
  /** stamps of files whose content has its final job, by path */
  readonly #seen = new Map<string, string>();
  readonly #open = new Map<string, ReopenedFile>();

  private constructor(db: Database, camera: Pick<Camera, 'id' | 'modelSha256'>, now: () => number) {
    this.#db = db;
    this.#camera = camera;
    this.#now = now;
  }

  /**
   * @param now - milliseconds since 1970
   * @throws AppError `storage-failed`
   */
  static async open(
    db: Database,
    camera: Pick<Camera, 'id' | 'modelSha256'>,
    now: () => number,
  ): Promise<WatchedFiles> {
    const files = new WatchedFiles(db, camera, now);
    for (const { path, stamp, unreadSince } of (await loadSeenFiles(db, camera.id)).values()) {
      if (unreadSince === undefined) files.#seen.set(path, stamp);
      else files.#open.set(path, { stamp, unreadSince, dueAt: now(), lateTries: 0 });
    }
    return files;
  }

  /** True if the content of this version of the file has its final job. */
  isSeen(file: FileFacts): boolean {
    return this.#seen.get(file.path) === this.#stampOf(file);
  }

  /** True if the file is to be handed over now. */
  isDue(file: FileFacts): boolean {
    if (this.isSeen(file)) return false;
    const open = this.#open.get(file.path);
    if (open?.stamp !== this.#stampOf(file)) return true;
    const wait = open.dueAt - this.#now();
    // No file waits longer than that unless the clock was set back.
    return wait <= 0 || wait > RETRY.later;
  }

  /** True if the file gets a failed job now, if it can't be read. */
  isAnswered(file: FileFacts): boolean {
    const open = this.#open.get(file.path);
    return open?.stamp === this.#stampOf(file) && open.lateTries >= LATE_TRIES;
  }

  /** Files that the next looks do not find are no longer waited for. @param isThere - for a path */
  keepOnly(isThere: (path: string) => boolean): void {
    for (const path of this.#open.keys()) if (!isThere(path)) this.#open.delete(path);
  }

  /**
   * Notes the results of files that were handed over.
   *
   * @param files - a file that `byFile` lacks was not reached, and stays due
   * @throws AppError `storage-failed`, `disk-full`
   */
  async settle(files: ReadonlyMap<File, FileFacts>, byFile: ScoredFiles['byFile']): Promise<void> {
    const rows: SeenFile[] = [];
    for (const [file, facts] of files) {
      const job = byFile.get(file);
      if (job === undefined) continue;
      if (job?.jobStatus === 'Failed' && job.code === 'file-unreadable') {
        // Its content is still unknown: the job is replaced as soon as the file can be read.
        this.#open.delete(facts.path);
        rows.push(this.#failedNow(facts));
      } else {
        rows.push(job ? this.#seenNow(facts) : this.#failedNow(facts));
      }
    }
    await saveSeenFiles(this.#db, rows);
  }

  /** Notes files that could not even be handed over. */
  async missed(files: readonly FileFacts[]): Promise<void> {
    await saveSeenFiles(
      this.#db,
      files.map((file) => this.#failedNow(file)),
    );
  }

  /** Notes files that need no job. */
  async leaveOut(files: readonly FileFacts[]): Promise<void> {
    await saveSeenFiles(
      this.#db,
      files.map((file) => this.#seenNow(file)),
    );
  }

  get failed(): FailedFiles {
    const failed = [...this.#open]
      .map(([path, { unreadSince }]) => ({ path, since: unreadSince }))
      .sort((a, b) => a.since - b.since);
    const since = failed[0]?.since ?? null;
    return {
      count: failed.length,
      since,
      paths: failed.map(({ path }) => path),
      isLong: since !== null && this.#now() - since >= LONG,
    };
  }

  #seenNow(file: FileFacts): SeenFile {
    const { path } = file;
    const stamp = this.#stampOf(file);
    this.#open.delete(path);
    this.#seen.set(path, stamp);
    return { cameraId: this.#camera.id, path, stamp };
  }

  /** The file is given again, soon at first. */
  #failedNow(file: FileFacts): SeenFile {
    const { path } = file;
    const stamp = this.#stampOf(file);
    const now = this.#now();
    const before = this.#open.get(path);
    const isSame = before?.stamp === stamp;
    const unreadSince = isSame ? Math.min(before.unreadSince, now) : now;
    const wait = now - unreadSince < SOON ? RETRY.soon : RETRY.later;
    const lateTries = isSame && now - unreadSince >= PATIENCE ? before.lateTries + 1 : 0;
    this.#seen.delete(path);
    this.#open.set(path, { stamp, unreadSince, dueAt: now + wait, lateTries });
    return { cameraId: this.#camera.id, path, stamp, unreadSince };
  }

  #stampOf({ size, modifiedAt }: FileFacts): string {
    return `${size} ${modifiedAt} ${this.#camera.modelSha256}`;
  }
}
