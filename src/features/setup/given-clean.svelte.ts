import { imageNameOf } from '../../core/domain/camera/time/capture-time';
import { UTC } from '../../core/domain/camera/time/zone';
import type { Deployment } from '../../core/domain/camera/deployment';
import { AppError, type ErrorCode } from '../../core/domain/errors';
import type { Config } from '../../core/domain/files/config-toml';
import { LARGEST_ARRAY, LARGEST_CONFIG, refuseLarger } from '../../core/domain/files/file-size';
import { plainName } from '../../core/domain/files/plain-name';
import { NO_MODEL } from '../../core/domain/model/numbers';
import { readImageFile } from '../../core/encoder/image-file';
import { isEncoded } from '../../core/encoder/is-encoded';
import { PackedFile } from '../../core/encoder/packed-file';
import type { KeptHandle } from '../../core/browser/file-handles';
import { pathGiven } from '../../core/browser/given-path';
import { inParallel } from '../../core/browser/in-parallel';
import { fetched } from '../../core/browser/late';
import { folderOf } from '../../core/session/reference/given-files';
import { sortFiles } from '../../core/session/intake';
import type { KnownSnapshot, UnusedGivenFile } from '../../core/session/reference/reference-builder';
import { byLists } from './pure/by-lists';

/** Bytes at a file's beginning that say what it is, how many files are read at the same time, and what fails. */
const HEAD = 4096;
const AT_ONCE = 6;
const REFUSED: ReadonlySet<ErrorCode> = new Set(['empty-file', 'not-an-image']);

interface ToRead {
  readonly config: File | undefined;
  readonly embeddings: File | undefined;
  readonly tables: readonly File[];
  readonly descriptions: readonly File[];
}

/** Clean snapshots, or the tutorial's configuration with its folder, and what a person entered beside them. */
export class GivenClean {
  files = $state.raw<readonly File[]>([]);
  config = $state.raw<Config | null>(null);
  configText = $state.raw<string | null>(null);
  /** the deployment of an iFDO among the files */
  described = $state.raw<{ readonly file: File; readonly deployment: Deployment } | null>(null);
  /** embeddings read from a `.npy` or `.npz` file, in place of snapshots */
  imported = $state.raw<{ readonly file: string; readonly snapshots: readonly KnownSnapshot[] } | null>(null);
  /** by which all of `files` can be read again in a later visit; empty where that can't be */
  readonly handles = $derived.by(() => this.#handles ?? []);
  #handles = $state.raw<readonly KeptHandle[] | null>([]);
  /** the name of the folder that they are from; empty where they are from none, or from several */
  readonly folder = $derived.by(() => folderOf(this.files, this.handles));
  /** a directory or files of clean snapshots given for the warm-up alone */
  warmUpFiles = $state.raw<readonly File[]>([]);
  /** a person's entries so far; null if there are none */
  typedName = $state<string | null>(null);
  chosenModel = $state<string | null>(null);
  chosenZone = $state<string | null>(null);
  /** the file that is being read, or null */
  readonly reading = $derived.by(() => this.#reading?.name ?? null);
  #reading = $state.raw<{ readonly name: string; readonly abort: AbortController } | null>(null);
  /** true while it is not known which of them are pictures */
  isAdding = $state(false);
  /** the files by what is said of them */
  readonly lists = $derived.by(() => byLists(this.files, this.config, pathGiven));
  /** files that are no pictures, as their first bytes say */
  failed = $state.raw<ReadonlyMap<File, UnusedGivenFile>>(new Map());
  /** the only ones among the clean files that are learned; null for all */
  oldest = $state.raw<ReadonlySet<File> | null>(null);
  /** the files that the reference is made from */
  readonly clean = $derived.by(() => {
    const { imported, lists, failed, oldest } = this;
    return imported ? [] : lists.clean.filter((file) => !failed.has(file) && (oldest?.has(file) ?? true));
  });
  /** the zone of times that names and EXIF state without one */
  readonly timeZone = $derived.by(() => this.chosenZone ?? this.config?.time.timeZone ?? UTC);
  readonly hasFiles = $derived.by(
    () => this.files.length > 0 || this.config !== null || this.imported !== null,
  );

  /**
   * Takes snapshots, a `config.toml`, an embeddings file or an iFDO; further calls add to what is there.
   *
   * @param handles - by which all of these can be read again in a later visit; none where the browser has none
   * @throws AppError when the configuration or the embeddings can't be read; what was there before stays, as it does when the reading is given up
   */
  async add(files: readonly File[], handles: readonly KeptHandle[] = []): Promise<void> {
    const { snapshots: pictures, configs, embeddings, descriptions, ...sorted } = sortFiles(files);
    // Beside pictures a table is of something else.
    const hasPictures = pictures.length > 0 || this.files.some((file) => !isEncoded(file));
    const tables = hasPictures ? [] : sorted.tables.filter(({ name }) => /\.[ct]sv$/i.test(name));
    if (configs.length > 1)
      throw new AppError('config-value', { code: 'files-need-one', count: configs.length });
    if (embeddings.length > 1)
      throw new AppError('npy-format', { code: 'files-at-once', count: embeddings.length });
    const [config] = configs;
    const [embeddingsFile] = embeddings;
    if (config) refuseLarger(config, LARGEST_CONFIG);
    if (embeddingsFile) refuseLarger(embeddingsFile, LARGEST_ARRAY);
    let rows: readonly File[] = [];
    if (config || embeddingsFile || tables.length + descriptions.length > 0) {
      const read = await this.#read({ config, embeddings: embeddingsFile, tables, descriptions });
      if (!read) return;
      if (read.described) this.described = read.described;
      if (read.config) [this.config, this.configText] = [read.config.config, read.config.text];
      if (read.imported) this.imported = read.imported;
      ({ rows } = read);
    }
    if (rows.length > 0) this.chosenModel = NO_MODEL;
    const snapshots = [...pictures, ...rows];
    this.files = [...this.files, ...snapshots];
    if (snapshots.length === 0) return;
    this.#handles = this.#handles && handles.length > 0 ? [...this.#handles, ...handles] : null;
    this.isAdding = true;
    const failed = await notPictures(snapshots).finally(() => (this.isAdding = false));
    // They may have been cleared meanwhile.
    const present = [...failed].filter(([file]) => this.files.includes(file));
    this.failed = new Map([...this.failed, ...present]);
  }

  /** Gives up what `add` is reading; what was there before stays. */
  stopReading(): void {
    this.#reading?.abort.abort();
  }

  /** @returns null when it was given up */
  async #read({ config, embeddings, tables, descriptions }: ToRead) {
    const name = plainName((embeddings ?? tables[0] ?? config ?? descriptions[0])?.name ?? '');
    const abort = new AbortController();
    this.stopReading();
    const reading = { name, abort };
    this.#reading = reading;
    try {
      const reader = await fetched(name, import('../../core/encoder/file-reader'));
      const read = config ? await reader.readConfig(config, abort.signal) : null;
      const ifdo = descriptions.length > 0 ? await amongThese(name, descriptions) : null;
      const described = ifdo && { file: ifdo, deployment: await reader.readDescription(ifdo, abort.signal) };
      const named = embeddings ? await reader.readReference(embeddings, name, abort.signal) : null;
      const rows = tables.length > 0 ? await rowsOf(name, tables, abort.signal) : [];
      const snapshots = named?.embeddings.map((embedding, i) => ({
        name: named.names?.[i] ?? '',
        embedding,
        capturedAt: null,
        properties: null,
        thumbnail: null,
      }));
      return {
        config: read,
        described,
        imported: snapshots ? { file: name, snapshots } : null,
        rows,
      };
    } catch (error) {
      if (abort.signal.aborted) return null;
      throw error;
    } finally {
      if (this.#reading === reading) this.#reading = null;
    }
  }

  clear(): void {
    this.clearFiles();
    this.typedName = null;
    this.chosenModel = null;
    this.chosenZone = null;
  }

  /** Forgets the files; the person's entries stay. */
  clearFiles(): void {
    this.stopReading();
    this.files = [];
    this.#handles = [];
    this.config = null;
    this.configText = null;
    this.described = null;
    this.imported = null;
    if (this.chosenModel === NO_MODEL) this.chosenModel = null;
    this.warmUpFiles = [];
    this.oldest = null;
    this.failed = new Map();
  }
}

/** Which of these are no pictures, by their first bytes. What is in a zip, or was encoded elsewhere, is not looked into. */
export async function notPictures(files: readonly File[]): Promise<ReadonlyMap<File, UnusedGivenFile>> {
  const plain = files.filter((file) => !(file instanceof PackedFile) && !isEncoded(file));
  const failed = new Map<File, UnusedGivenFile>();
  await inParallel(AT_ONCE, plain, async (file) => {
    try {
      readImageFile(await file.slice(0, HEAD).arrayBuffer());
    } catch (error) {
      // Anything else is for the decoder, which has all of the file.
      if (!(error instanceof AppError) || !REFUSED.has(error.code)) return;
      const { code, detail } = error;
      failed.set(file, { kind: 'failed', name: imageNameOf(file.name), code, detail, file });
    }
  });
  return failed;
}

async function amongThese(name: string, descriptions: readonly File[]): Promise<File | null> {
  const { ifdoAmong } = await fetched(name, import('./ifdo-among'));
  return ifdoAmong(descriptions);
}

async function rowsOf(name: string, tables: readonly File[], signal: AbortSignal): Promise<readonly File[]> {
  const { rowsIn } = await fetched(name, import('../../core/encoder/row-files'));
  return (await Promise.all(tables.map((file) => rowsIn(file, signal)))).flat();
}
