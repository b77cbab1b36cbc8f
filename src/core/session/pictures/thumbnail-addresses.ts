import { loadThumbnail } from '../../storage/jobs';
import type { Database } from '../../storage/database';

/** Number of pictures that stay in memory. */
const KEPT = 120;

/** Addresses for stored thumbnails; the least recently used are released. */
export class ThumbnailAddresses {
  readonly #db: Database;
  readonly #addresses = new Map<string, Promise<string | null>>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** An address for an `<img>`, or null for a job without a picture. */
  address(jobId: string): Promise<string | null> {
    const address = this.#addresses.get(jobId) ?? this.#load(jobId);
    this.#addresses.delete(jobId);
    this.#addresses.set(jobId, address);
    if (this.#addresses.size > KEPT) {
      const [oldest, old] = this.#addresses.entries().next().value ?? [];
      if (oldest !== undefined) this.#addresses.delete(oldest);
      void old?.then((url) => {
        if (url !== null) URL.revokeObjectURL(url);
      });
    }
    return address;
  }

  /** Lets go of pictures that are deleted. */
  forget(jobIds: readonly string[]): void {
    for (const id of jobIds) this.#addresses.delete(id);
  }

  async #load(jobId: string): Promise<string | null> {
    const bytes = await loadThumbnail(this.#db, jobId);
    return bytes ? URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' })) : null;
  }
}
