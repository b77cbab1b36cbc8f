import type { Database } from '../../storage/database';
import { saveHandles } from '../../storage/handles';
import type { OpenBatch } from '../../storage/schema';
import { saveSetting } from '../../storage/settings';
import type { KeptHandle } from '../../browser/file-handles';

/** The stored note of the files that are at work, so that a page that was closed can go on with them. */
export class BatchNote {
  readonly #db: Database;
  #batch: (OpenBatch & { readonly known: number }) | null = null;
  #handles: readonly KeptHandle[] = [];

  constructor(db: Database) {
    this.#db = db;
  }

  /** this page's note; null when no file is at work or left */
  get batch(): OpenBatch | null {
    return this.#batch;
  }

  /**
   * Marks more files of a camera as being scored.
   *
   * @throws AppError when it can't be stored
   */
  async add(cameraId: string, count: number, handles: readonly KeptHandle[]): Promise<void> {
    const before = this.#batch?.cameraId === cameraId ? this.#batch : null;
    this.#batch = {
      cameraId,
      total: (before?.total ?? 0) + count,
      known: before?.known ?? 0,
      startedAt: before?.startedAt ?? Date.now(),
    };
    this.#handles = before ? [...this.#handles, ...handles] : handles;
    // A handle that the browser can't store is of a file that the person drops again.
    await saveHandles(this.#db, cameraId, 'batch', this.#handles).catch(() => undefined);
    await saveSetting(this.#db, 'openBatch', this.#batch);
  }

  /** So many more of the files had been seen before. @throws AppError when it can't be stored */
  async know(count: number): Promise<void> {
    if (!this.#batch || count === 0) return;
    this.#batch = { ...this.#batch, known: this.#batch.known + count };
    await saveSetting(this.#db, 'openBatch', this.#batch);
  }

  /**
   * Ends the note: all was done, or the person wants no more of it.
   *
   * @throws AppError when it can't be stored
   */
  async end(cameraId: string): Promise<void> {
    this.#batch = null;
    this.#handles = [];
    await saveSetting(this.#db, 'openBatch', null);
    await saveHandles(this.#db, cameraId, 'batch', []);
  }
}
