import { isArchiveName, type EntryRefusal } from '../domain/files/archive';
import { AppError } from '../domain/errors';
import { filesOfDrop, type DropContent } from './intake';
import type { UnusedEntries, UnpackedFiles } from './zip-files';

/** Interval between updates of the number of files found, in milliseconds. */
const TELL_INTERVAL = 250;

/** Files on their way into the page: folders and archives that are being read, and the files in them that are not used. */
export class Arrivals {
  /** number of files found so far; null while nothing is being read */
  found = $state.raw<number | null>(null);
  /** number of drops and archives being read at the moment */
  #readings = $state(0);
  readonly isReading = $derived(this.#readings > 0);
  /** entries of archives that were skipped or failed, until the person has seen it */
  unused = $state.raw<readonly UnusedEntries[]>([]);
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
  async ofDrop(transfer: DataTransfer): Promise<DropContent> {
    return this.#reading(filesOfDrop(transfer, this.#tell));
  }

  /**
   * The files, with the content of archives in their place.
   *
   * @throws AppError `fetch-failed` when what reads archives can't be loaded
   */
  async open(files: readonly File[]): Promise<UnpackedFiles> {
    this.unused = [];
    if (!files.some(({ name }) => isArchiveName(name))) return { files, bundles: [], unused: [] };
    const { openArchives } = await import('./zip-files').catch((error: unknown) => {
      throw new AppError('fetch-failed', 'zip', { cause: error });
    });
    const unpacked = await this.#reading(openArchives(files, this.#tell));
    this.unused = unpacked.unused;
    return unpacked;
  }

  /** Reports an archive as not used as a whole. */
  refuse(archive: string, refusal: EntryRefusal): void {
    this.unused = [...this.unused, { archive, refusal, names: [] }];
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
