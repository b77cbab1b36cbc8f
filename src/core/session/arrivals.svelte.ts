import { isArchiveName, type EntryRefusal } from '../domain/files/archive';
import { AppError } from '../domain/errors';
import { filesOfDrop, type Dropped } from './intake';
import type { LeftPacked, Unpacked } from './zip-files';

/** Interval between updates of the number of files found, in milliseconds. */
const TELL_INTERVAL = 250;

/** Files on their way into the page: folders and archives that are being read, and the files left out of them. */
export class Arrivals {
  /** number of files found so far; null while nothing is being read */
  found = $state.raw<number | null>(null);
  /** number of drops and archives being read at the moment */
  #readings = $state(0);
  readonly isReading = $derived(this.#readings > 0);
  /** files left out of archives, until the person has seen it */
  left = $state.raw<readonly LeftPacked[]>([]);
  /** files that are neither snapshots nor anything else we know, until the person has seen it */
  skipped = $state.raw<readonly File[]>([]);
  /** names of dropped files that could not be opened, until the person has seen it */
  failed = $state.raw<readonly string[]>([]);
  #toldAt = 0;

  /** Shows files as being read until it is known where they belong. */
  async until<T>(ready: Promise<T>): Promise<T> {
    return this.#reading(ready);
  }

  /** All files of a drop; must be called in the drop event itself. */
  async ofDrop(transfer: DataTransfer): Promise<Dropped> {
    return this.#reading(filesOfDrop(transfer, this.#tell));
  }

  /**
   * The files, with the content of archives in their place.
   *
   * @throws AppError `fetch-failed` when what reads archives can't be loaded
   */
  async open(files: readonly File[]): Promise<Unpacked> {
    this.left = [];
    if (!files.some(({ name }) => isArchiveName(name))) return { files, bundles: [], left: [] };
    const { openArchives } = await import('./zip-files').catch((error: unknown) => {
      throw new AppError('fetch-failed', 'zip', { cause: error });
    });
    const unpacked = await this.#reading(openArchives(files, this.#tell));
    this.left = unpacked.left;
    return unpacked;
  }

  /** Reports an archive as left out as a whole. */
  refuse(archive: string, refusal: EntryRefusal): void {
    this.left = [...this.left, { archive, refusal, names: [] }];
  }

  /** Files of a folder that was kept in an earlier visit. */
  async ofHandles<T>(read: (onRead: (count: number) => void) => Promise<T>): Promise<T> {
    return this.#reading(read(this.#tell));
  }

  async #reading<T>(work: Promise<T>): Promise<T> {
    this.#toldAt = performance.now();
    this.#readings += 1;
    try {
      return await work;
    } finally {
      this.#readings -= 1;
      this.found = null;
    }
  }

  /** A short reading shows no count. */
  readonly #tell = (count: number): void => {
    if (performance.now() - this.#toldAt < TELL_INTERVAL) return;
    this.#toldAt = performance.now();
    this.found = count;
  };
}
