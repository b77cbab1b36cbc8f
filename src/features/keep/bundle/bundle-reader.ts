import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { BlobReader, ZipReader, configure, type FileEntry } from '@zip.js/zip.js/lib/zip-core-native.js';
import {
  BundleError,
  damaged,
  bundleFolder,
  INDEX_NAME,
  LAYOUT,
  parseBundleJob,
  parseIndex,
  read,
  rowsIn,
  type BundleFile,
  type BundleIndex,
  type BundleLayout,
  type CameraFacts,
  type JobFiles,
  type ListedReference,
  type ListedStore,
  type Rows,
  type SightsPart,
  type UnusableRow,
} from '../../../core/domain/files/bundle';
import { concat } from '../../../core/domain/concat';
import { placeOf } from '../../../core/domain/camera/time/clock';
import { isBomb } from '../../../core/domain/files/archive';
import { DEFLATED, headerLength, LOCAL_HEADER, STORED } from '../../../core/domain/files/zip-entry';
import { DESTINATION, type Destination } from '../../../core/domain/camera/records/delivery';
import type { Embedding } from '../../../core/domain/drift/embedding';
import { AppError } from '../../../core/domain/errors';
import { LARGEST_MODEL, LARGEST_PICTURE } from '../../../core/domain/files/file-size';
import { CAMERA_EVENT } from '../../../core/domain/camera/event';
import type { Job } from '../../../core/domain/camera/job';
import { CALIBRATION } from '../../../core/domain/drift/judging';
import type { Kind } from '../../../core/domain/row';
import { SPAN_BY_HAND } from '../../../core/domain/usable/span';
import { parseManifest } from '../../../core/domain/model/manifest';
import type { ModelManifest } from '../../../core/domain/model/model';
import { NO_MODEL } from '../../../core/domain/model/numbers';
import { readGlassFit, readSights } from '../../../core/domain/files/glass-arrays';
import type { GlassFit } from '../../../core/domain/glass/glass';
import type { GlassSight } from '../../../core/domain/glass/sight';
import { canBeFitted } from '../../../core/domain/glass/fit-of-before';
import { GLASS_VERSION, isReadable } from '../../../core/domain/glass/glass-facts';
import { readNpzEmbeddings, readNpzTexts } from '../../../core/domain/files/npy';
import { plainName } from '../../../core/domain/files/plain-name';
import { normaliseBaseUrl } from '../../../core/browser/base-url';
import type {
  CameraPart,
  JobBatch,
  JobPart,
  OnProgress,
  ImportPlan,
  PlannedCamera,
  WholeCamera,
} from './bundle-api';
import { fitsTaken, SightReader, surveySights } from './bundle-sights';
import { LAYOUT_1 } from './format-1';
import { modelFileName } from './bundle-writer';

configure({ useWebWorkers: false });

/** How many jobs are handed over at once. */
const BATCH = 250;
/** The list of contents is read before anything vouches for its size. */
const LONGEST_INDEX = 64 * 2 ** 20;
/** No part of an export is larger: a list that says otherwise lies. A million jobs have 1 GB. */
const LARGEST_PART = 2 * 2 ** 30;
const LARGEST_THUMBNAIL = 4 * 2 ** 20;
/** A million snapshots with their pictures, and as many again. */
const MOST_PARTS = 5_000_000;
/** An export with more damaged parts is refused as a whole. */
const MOST_BROKEN = 1000;
/** How many rows that can't be used are named. */
const MOST_NAMED = 100;
/** Bytes that are read of the file at once. */
const WINDOW = 2 ** 20;
/** How often it is told how many entries were read. */
const TELL_EVERY = 500;

/** Stores whose rows have an id of their own, which no other camera's row has. */
export type StoreById = 'jobs' | 'references' | ListedStore;

export interface Present {
  readonly cameras: ReadonlyMap<string, unknown>;
  /** how many numbers an embedding of each model has, by its SHA-256 */
  readonly models: ReadonlyMap<string, number>;
  /** of all cameras' rows */
  readonly ids: Readonly<Record<StoreById, ReadonlySet<string>>>;
  jobsOf(cameraId: string): Promise<readonly Job[]>;
  /** null where the fit of a reference that is here was not made yet */
  fitOf(referenceId: string): Promise<GlassFit | null>;
}

interface BundleEntry {
  readonly job: Job;
  readonly row: number;
  readonly files: JobFiles;
  readonly hadReconstructionError: boolean;
}

/** A camera with the embeddings of its jobs. */
interface OpenedCamera {
  readonly index: number;
  readonly facts: CameraFacts;
  readonly part: CameraPart;
  /** its rows that are left out */
  readonly unusable: readonly UnusableRow[];
  readonly embeddings: ReadonlyMap<string, Embedding>;
}

/**
 * An export, opened. Whatever is read of it has the size and the SHA-256 that its lists say, or is refused.
 *
 * A part that is not what the lists say, or makes no sense, is damaged, and its camera is left out; the others come. A
 * row of a part that can't be used alone, such as a job of the year 30,000, is left out and named. What was sent to
 * DriftWatch from elsewhere (`deliveries.jsonl`) is not read: a file proves nothing of it, and each job is looked up
 * there before it is sent.
 */
export class BundleReader {
  readonly index: BundleIndex;
  readonly #layout: BundleLayout;
  readonly #reader: WindowedReader;
  readonly #entries: ReadonlyMap<string, FileEntry>;
  readonly #files: ReadonlyMap<string, BundleFile>;
  /** how many numbers an embedding has, by model: of those that are here, in the export, or met first in it */
  readonly #lengths = new Map<string, number>();
  /** the camera whose jobs are being handed over */
  #walk: { readonly index: number; readonly batches: AsyncGenerator<JobBatch> } | null = null;

  private constructor(reader: WindowedReader, index: BundleIndex, entries: ReadonlyMap<string, FileEntry>) {
    this.#reader = reader;
    this.index = index;
    this.#layout = index.format === 1 ? LAYOUT_1 : LAYOUT;
    this.#entries = entries;
    this.#files = new Map(index.files.map((file) => [file.path, file]));
  }

  /**
   * @param onRead - how many entries of the zip were read so far
   * @throws BundleError `not-a-zip`, `not-an-export`, `newer`, `damaged` when its list of contents is
   */
  static async open(file: Blob, onRead: (count: number) => void = () => undefined): Promise<BundleReader> {
    const reader = new WindowedReader(file);
    const zip = new ZipReader(reader);
    const all = new Map<string, FileEntry>();
    let count = 0;
    try {
      for await (const entry of zip.getEntriesGenerator()) {
        count += 1;
        if (count % TELL_EVERY === 0) onRead(count);
        if (count > MOST_PARTS) throw new RangeError('too many');
        if (!entry.directory) all.set(entry.filename, entry);
      }
    } catch {
      throw new BundleError({ kind: 'not-a-zip' });
    }
    const top = bundleFolder([...all.keys()]);
    const listing = all.get(`${top ?? ''}${INDEX_NAME}`);
    if (top === null || !listing) throw new BundleError({ kind: 'not-an-export' });
    const bytes = await unpack(listing, LONGEST_INDEX, INDEX_NAME);
    const entries = new Map<string, FileEntry>();
    for (const [path, entry] of all) if (path.startsWith(top)) entries.set(path.slice(top.length), entry);
    return new BundleReader(reader, parseIndex(decoded(bytes, INDEX_NAME)), entries);
  }

  /** Looks through everything but the pictures of jobs, which are checked when they are taken. */
  async survey(present: Present, onProgress: OnProgress = () => undefined): Promise<ImportPlan> {
    const broken = new Set<string>();
    const leftOut: string[] = [];
    const unusable: UnusableRow[] = [];
    const cameras: PlannedCamera[] = [];
    const needed = new Map<string, string>();
    let reconstructionErrors = 0;
    for (const [sha256, length] of present.models) this.#lengths.set(sha256, length);
    const models = await this.#models(broken);
    const known = new Set([...this.#lengths.keys(), NO_MODEL]);
    const coming = new Set<string>();
    for (const [i, { id, name, folder }] of this.index.cameras.entries()) {
      onProgress(i, this.index.cameras.length);
      try {
        if (coming.has(keyOf('cameras', id))) throw damaged(this.#layout.rowsPath(folder, 'cameras'));
        const { planned, modelSha256, parts, rows, ...skipped } = await this.#plan(i, present, coming);
        cameras.push(planned);
        reconstructionErrors += skipped.reconstructionErrors;
        for (const path of parts) broken.add(path);
        for (const row of rows) unusable.push(row);
        const modelName = this.index.models.find(({ sha256 }) => sha256 === modelSha256)?.name;
        needed.set(modelSha256, modelName ?? modelSha256.slice(0, 12));
      } catch (error) {
        broken.add(brokenPath(error));
        leftOut.push(name || id);
      }
      refuseWreck(broken);
    }
    // Files for people, of which nothing here is made, are named all the same.
    for (const file of this.index.files) {
      if (!/\.(csv|toml|txt)$/.test(file.path)) continue;
      await this.#read(file.path).catch((error: unknown) => broken.add(brokenPath(error)));
      refuseWreck(broken);
    }
    return {
      exportedAt: this.index.exportedAt,
      app: this.index.app,
      cameras,
      models,
      missingModels: [...needed].filter(([sha256]) => !known.has(sha256)).map(([, name]) => name),
      damaged: [...broken],
      leftOut,
      unusable: { named: unusable.slice(0, MOST_NAMED), count: unusable.length },
      reconstructionErrors,
    };
  }

  /** The models that are not here, each once; one that is here, or ships with the page, is never replaced. */
  async #models(broken: Set<string>): Promise<ImportPlan['models']> {
    const models: { index: number; name: string }[] = [];
    for (const [i, { sha256, name, folder }] of this.index.models.entries()) {
      if (folder === null || this.#lengths.has(sha256)) continue;
      try {
        const { manifest } = await this.model(i);
        models.push({ index: i, name });
        this.#lengths.set(sha256, manifest.embeddingLength);
      } catch (error) {
        broken.add(brokenPath(error));
      }
    }
    return models;
  }

  /** A model with its file. @throws BundleError `damaged` when the file is not the one whose SHA-256 is its name */
  async model(index: number): Promise<{ readonly manifest: ModelManifest; readonly bytes: ArrayBuffer }> {
    const { folder, sha256 } = this.index.models[index]!;
    const where = `${folder ?? ''}/model.json`;
    const found = await this.#made(where, (bytes) => parseManifest(JSON.parse(decoded(bytes, where))));
    const manifest = { ...found, name: plainName(found.name) };
    const path = `${folder ?? ''}/${modelFileName(manifest.file)}`;
    const bytes = await this.#read(path, LARGEST_MODEL);
    const isItself = manifest.sha256 === sha256 && this.#files.get(path)?.sha256 === sha256;
    if (!isItself || manifest.bytes !== bytes.length) throw damaged(path);
    return { manifest, bytes: bytes.buffer };
  }

  /** A camera without its jobs. @throws BundleError `damaged` */
  async camera(index: number): Promise<CameraPart> {
    return (await this.#camera(index, await this.#facts(index))).part;
  }

  /** Cameras with all their jobs; only for those that have few. */
  async wholeCameras(indices: readonly number[], present: Present): Promise<readonly WholeCamera[]> {
    const cameras: WholeCamera[] = [];
    for (const index of indices) {
      const opened = await this.#opened(index);
      const batches: JobBatch[] = [];
      for await (const batch of this.#batches(opened, present)) batches.push(batch);
      const parts = batches.flatMap(({ parts }) => parts);
      const looked = batches.reduce((sum, { looked }) => sum + looked, 0);
      const damaged = batches.flatMap(({ damaged }) => damaged);
      cameras.push({ part: opened.part, jobs: { parts, looked, damaged } });
    }
    return cameras;
  }

  /** The next jobs of a camera that are not here, oldest first; null after the last. */
  async jobs(index: number, present: Present): Promise<JobBatch | null> {
    if (this.#walk?.index !== index) {
      this.#walk = { index, batches: this.#batches(await this.#opened(index), present) };
    }
    const next = await this.#walk.batches.next();
    if (next.done === true) {
      this.#walk = null;
      return null;
    }
    return next.value;
  }

  async #opened(index: number): Promise<OpenedCamera> {
    const facts = await this.#facts(index);
    const { part, unusable } = await this.#camera(index, facts);
    return { index, facts, part, unusable, embeddings: await this.#embeddings(facts.embeddings) };
  }

  async #camera(
    index: number,
    { camera, destination, references: listed }: CameraFacts,
  ): Promise<Pick<OpenedCamera, 'part' | 'unusable'>> {
    const { folder, id } = this.index.cameras[index]!;
    const broken: string[] = [];
    const references: CameraPart['references'][number][] = [];
    for (const each of listed) references.push(await this.#reference(each, broken));
    const isThere = references.some(({ reference }) => reference.id === camera.referenceId);
    if (camera.referenceId !== null && !isThere) throw damaged(this.#layout.rowsPath(folder, 'cameras'));
    const events = await this.#rows(CAMERA_EVENT, folder, 'events', id);
    const calibrations = await this.#rows(CALIBRATION, folder, 'calibrations', id);
    const spansByHand = await this.#rows(SPAN_BY_HAND, folder, 'spansByHand', id);
    const goes = destinationIn(destination, id);
    const path = this.#layout.rowsPath(folder, 'destinations');
    const elsewhere = destination === null || goes ? [] : [{ path, row: 1, field: 'destination' }];
    const exportedAt = Date.parse(this.index.exportedAt);
    const restsOn = calibrations.rows.some(({ id }) => id === camera.calibrationId);
    return {
      part: {
        camera: {
          ...camera,
          // Settings whose evidence is left out are a person's own.
          calibrationId: restsOn ? camera.calibrationId : null,
          // An earlier version judged by the dates of files, and by one reference over all cleanings: that stays.
          fileDatesUntil: camera.fileDatesUntil ?? exportedAt,
          cyclesFrom: camera.cyclesFrom ?? exportedAt,
        },
        destination: goes,
        references,
        events: events.rows,
        calibrations: calibrations.rows,
        spansByHand: spansByHand.rows,
        damaged: broken,
      },
      unusable: [...elsewhere, ...events.unusable, ...calibrations.unusable, ...spansByHand.unusable],
    };
  }

  async *#batches(
    { index, facts, embeddings, part: { references } }: OpenedCamera,
    present: Present,
  ): AsyncGenerator<JobBatch, undefined> {
    const isHere = await this.#filter(facts.camera.id, present);
    const fits = await fitsTaken(references, present.ids.references, (id) => present.fitOf(id));
    const sights = new SightReader(facts.sights ?? [], fits, (...of) => this.#sightsOrNone(...of, broken));
    let parts: JobPart[] = [];
    let broken: string[] = [];
    let looked = 0;
    for await (const { job, row, files } of this.#listed(index, embeddings)) {
      looked += 1;
      if (!isHere(job)) {
        parts.push({
          job,
          embedding: embeddings.get(job.id) ?? null,
          thumbnail: await this.#pictureOrNull(files.thumbnail, broken),
          sight: job.jobStatus === 'Completed' ? await sights.of(job, row) : null,
          original: await this.#original(job, files, broken),
        });
      }
      if (looked === BATCH) {
        yield { parts, looked, damaged: broken };
        [parts, broken, looked] = [[], [], 0];
      }
    }
    if (looked > 0) yield { parts, looked, damaged: broken };
    return undefined;
  }

  /** @param coming - keys of the rows that come with the cameras before this one, to which its own are added */
  async #plan(index: number, present: Present, coming: Set<string>) {
    const { facts, part, unusable, embeddings } = await this.#opened(index);
    const { camera, destination, references, events, calibrations, spansByHand } = part;
    const broken = [...part.damaged];
    await surveySights(facts.sights ?? [], references, (...of) => this.#sightsOrNone(...of, broken));
    const rows = [...unusable];
    const known = present.cameras.get(camera.id);
    const isHere = await this.#filter(camera.id, present);
    const own = new Set([keyOf('cameras', camera.id)]);
    /** Of rows with one id only the first comes. */
    const comes = (store: StoreById, { id }: { readonly id: string }) => {
      const key = keyOf(store, id);
      if (present.ids[store].has(id) || coming.has(key) || own.has(key)) return false;
      own.add(key);
      return true;
    };
    let [snapshots, here, without, reconstructionErrors] = [0, 0, 0, 0];
    for await (const { job, hadReconstructionError } of this.#listed(index, embeddings, rows)) {
      if (job.jobStatus === 'Completed' && !embeddings.has(job.id)) without += 1;
      if (isHere(job) || !comes('jobs', job)) here += 1;
      else {
        snapshots += 1;
        if (hadReconstructionError) reconstructionErrors += 1;
      }
    }
    if (without !== (facts.withoutEmbedding ?? 0)) {
      throw damaged(facts.embeddings[0]?.path ?? `${this.index.cameras[index]!.folder}/embeddings.npz`);
    }
    const freshReferences = references.filter(({ reference }) => comes('references', reference));
    // One that is another camera's does not come, and without its reference a camera means nothing.
    const hasReference = freshReferences.some(({ reference }) => reference.id === camera.referenceId);
    if (known === undefined && camera.referenceId !== null && !hasReference) {
      throw damaged(this.#layout.rowsPath(this.index.cameras[index]!.folder, 'cameras'));
    }
    const freshEvents = events.filter((event) => comes('events', event));
    const cleanings = freshEvents.filter(({ kind }) => kind === 'cleaned').length;
    const settings = [
      ...calibrations.filter((calibration) => comes('calibrations', calibration)),
      ...spansByHand.filter((span) => comes('spansByHand', span)),
    ];
    for (const key of own) coming.add(key);
    const planned: PlannedCamera = {
      index,
      id: camera.id,
      name: camera.name,
      isNew: known === undefined,
      differs: known !== undefined && canonical(known) !== canonical(camera),
      snapshots,
      here,
      cleanings,
      others: freshReferences.length + freshEvents.length - cleanings + settings.length,
      destination: known === undefined ? destination : null,
    };
    return { planned, modelSha256: camera.modelSha256, parts: broken, rows, reconstructionErrors };
  }

  /**
   * Tells if a job is here: under its own id, whichever camera has it, because the same snapshot was judged here by the same model, or because
   * what could not be read then is told here at the same place, maybe read by now.
   */
  async #filter(cameraId: string, present: Present): Promise<(job: Job) => boolean> {
    const jobs = await present.jobsOf(cameraId);
    const known = new Set(jobs.flatMap((job) => [placeOf(job), ...contentKey(job)]));
    return (job) =>
      present.ids.jobs.has(job.id) ||
      (job.jobStatus === 'Failed' ? [placeOf(job)] : contentKey(job)).some((key) => known.has(key));
  }

  async #facts(index: number): Promise<CameraFacts> {
    const { folder, id } = this.index.cameras[index]!;
    return this.#layout.cameraFactsIn(folder, id, (path) => this.#text(path));
  }

  async #reference(
    { reference, files }: ListedReference,
    broken: string[],
  ): Promise<CameraPart['references'][number]> {
    const [embeddings, warmUpEmbeddings] = await this.#made(files.arrays, (bytes) => [
      readNpzEmbeddings(bytes, 'embeddings'),
      readNpzEmbeddings(bytes, 'warm_up'),
    ]);
    const isOfModel = [...embeddings, ...warmUpEmbeddings].every((embedding) =>
      this.#isOfModel(embedding, reference.modelSha256),
    );
    if (embeddings.length !== reference.names.length || !isOfModel) throw damaged(files.arrays);
    const pictures: (ArrayBuffer | null)[] = [];
    for (const picture of files.pictures) pictures.push(await this.#pictureOrNull(picture, broken));
    const glassFit = await this.#fitOrNull(files.glass, pictures, broken);
    return { reference: { ...reference, embeddings, warmUpEmbeddings }, pictures, glassFit };
  }

  async #rows<T>(kind: Kind<T>, folder: string, store: ListedStore, cameraId: string): Promise<Rows<T>> {
    const where = this.#layout.rowsPath(folder, store);
    // Exports of before there were any have none.
    if (store === 'spansByHand' && !this.#files.has(where)) return { rows: [], unusable: [] };
    return rowsIn(kind, this.#layout.valuesIn(await this.#text(where), where), where, cameraId);
  }

  async #embeddings(paths: CameraFacts['embeddings']): Promise<ReadonlyMap<string, Embedding>> {
    const byId = new Map<string, Embedding>();
    for (const { path } of paths) {
      await this.#made(path, (bytes) => {
        const embeddings = readNpzEmbeddings(bytes, 'embeddings');
        const ids = readNpzTexts(bytes, 'ids', embeddings.length);
        for (const [i, id] of ids.entries()) byId.set(id, embeddings[i]!);
      });
    }
    return byId;
  }

  /** A camera's jobs in the order of the file. @param unusable - takes the rows that are left out */
  async *#listed(
    index: number,
    embeddings: ReadonlyMap<string, Embedding>,
    unusable: UnusableRow[] = [],
  ): AsyncGenerator<BundleEntry> {
    const { folder, id } = this.index.cameras[index]!;
    const { rowsPath, jobLine, picturesPath } = this.#layout;
    const where = rowsPath(folder, 'jobs');
    const pictures = picturesPath && this.#lines(picturesPath(folder));
    let row = 0;
    for await (const text of this.#lines(where)) {
      const line = jobLine(text, where);
      if (line === null) continue;
      row += 1;
      const files = pictures ? ((await pictures.next()).value ?? 'null') : undefined;
      const found = parseBundleJob(line, where, id, files);
      const field = typeof found === 'string' ? found : this.#misfit(found.job, embeddings);
      if (typeof found === 'string' || field !== null)
        unusable.push({ path: where, row, field: field ?? '' });
      else yield { ...found, row };
    }
  }

  /** A text a line at a time, however long it is. */
  async *#lines(path: string): AsyncGenerator<string, undefined> {
    const bytes = await this.#read(path);
    let from = 0;
    while (from < bytes.length) {
      const end = bytes.indexOf(10, from);
      yield decoded(bytes.subarray(from, end < 0 ? bytes.length : end), path);
      from = end < 0 ? bytes.length : end + 1;
    }
    return undefined;
  }

  /** A part of a job that does not go with its model, or null. */
  #misfit(job: Job, embeddings: ReadonlyMap<string, Embedding>): 'embedding' | null {
    if (job.jobStatus === 'Failed') return null;
    const embedding = embeddings.get(job.id);
    return !embedding || this.#isOfModel(embedding, job.modelSha256) ? null : 'embedding';
  }

  /** Embeddings of a model that nobody has here are at least as long as each other. */
  #isOfModel({ length }: Embedding, modelSha256: string): boolean {
    // Rows of two sensors have nothing in common.
    if (modelSha256 === NO_MODEL) return true;
    const known = this.#lengths.get(modelSha256);
    if (known === undefined) this.#lengths.set(modelSha256, length);
    return known === undefined || known === length;
  }

  async #original(job: Job, { original }: JobFiles, broken: string[]): Promise<JobPart['original']> {
    if (!original) return null;
    return orNull(broken, async () => {
      const bytes = await this.#vouched(original, LARGEST_PICTURE);
      if (original.sha256 !== job.contentSha256) throw damaged(original.path);
      return { name: original.path.slice(original.path.lastIndexOf('/') + 1), file: new Blob([bytes]) };
    });
  }

  /** A picture is no reason to leave out what it is of. */
  async #pictureOrNull(facts: BundleFile | null, broken: string[]): Promise<ArrayBuffer | null> {
    return facts && orNull(broken, async () => (await this.#vouched(facts, LARGEST_THUMBNAIL)).buffer);
  }

  /** A fit of another version is made again from the pictures; an earlier one stays where they are too few. */
  async #fitOrNull(
    glass: ListedReference['files']['glass'],
    pictures: readonly (ArrayBuffer | null)[],
    broken: string[],
  ): Promise<GlassFit | null> {
    if (!isReadable(glass?.version) || !glass) return null;
    if (glass.version !== GLASS_VERSION && canBeFitted(pictures)) return null;
    return orNull(broken, () => this.#made(glass.path, readGlassFit));
  }

  /** The sights that are needed next are seen again in the thumbnails. */
  async #sightsOrNone(
    { path }: SightsPart,
    fit: GlassFit,
    broken: string[],
  ): Promise<ReadonlyMap<string, GlassSight>> {
    const sights = await orNull(broken, () => this.#made(path, (bytes) => readSights(bytes, fit)));
    return sights ?? new Map();
  }

  /** The content of a part; one that makes no sense is damaged. */
  async #made<T>(path: string, make: (bytes: Uint8Array<ArrayBuffer>) => T): Promise<T> {
    const bytes = await this.#read(path);
    try {
      return make(bytes);
    } catch (error) {
      if (error instanceof AppError || error instanceof SyntaxError) throw damaged(path);
      throw error;
    }
  }

  async #text(path: string): Promise<string> {
    return decoded(await this.#read(path), path);
  }

  async #read(path: string, largest = LARGEST_PART): Promise<Uint8Array<ArrayBuffer>> {
    const facts = this.#files.get(path);
    if (!facts) throw damaged(path);
    return this.#vouched(facts, largest);
  }

  /** Bytes with the size and the SHA-256 that they should have. */
  async #vouched(
    { path, bytes, sha256: expected }: BundleFile,
    largest: number,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const entry = this.#entries.get(path);
    if (!entry || bytes > largest || entry.uncompressedSize !== bytes) throw damaged(path);
    if (isBomb({ size: bytes, packedSize: entry.compressedSize })) throw damaged(path);
    const unpacked = (await unpackSmall(this.#reader, entry)) ?? (await unpack(entry, bytes, path));
    if (unpacked.length !== bytes || bytesToHex(sha256(unpacked)) !== expected) throw damaged(path);
    return unpacked;
  }
}

/** Reads a file a piece at a time: an export has many small parts, which lie beside each other. */
class WindowedReader extends BlobReader {
  #from = 0;
  #window: Uint8Array = new Uint8Array();

  override async readUint8Array(from: number, length: number): Promise<Uint8Array> {
    if (length >= WINDOW) return super.readUint8Array(from, length);
    if (from < this.#from || from + length > this.#from + this.#window.length) {
      this.#window = await super.readUint8Array(from, Math.min(WINDOW, this.size - from));
      this.#from = from;
    }
    const at = from - this.#from;
    return this.#window.slice(at, at + length);
  }
}

/** A camera's destination, if the page itself would have kept it: a camera can do without. */
function destinationIn(found: unknown, cameraId: string): Destination | null {
  const goes = read(DESTINATION, found);
  if (!goes.ok || goes.value.cameraId !== cameraId || !isUsual(goes.value.baseUrl)) return null;
  // A file can't agree to corrections in place of the person who opens it.
  const { corrects: _, ...destination } = goes.value;
  return destination;
}

function isUsual(baseUrl: string): boolean {
  try {
    return normaliseBaseUrl(baseUrl) === baseUrl;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

/**
 * A small entry without zip.js, whose streams take some milliseconds for each: an export of thousands of cameras has
 * tens of thousands of parts. What comes out is held against its SHA-256, so nothing else of it has to be believed.
 *
 * @returns null where only zip.js can tell: another compression, or another place than its header's
 */
async function unpackSmall(
  reader: WindowedReader,
  entry: FileEntry,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const { offset, compressedSize, uncompressedSize, compressionMethod, encrypted } = entry;
  const isKnown = compressionMethod === STORED || compressionMethod === DEFLATED;
  // An entry with more bytes packed than unpacked lies, and zip.js stops if more comes out than should.
  const isHonest = compressedSize <= uncompressedSize + LOCAL_HEADER;
  if (encrypted || !isKnown || !isHonest || uncompressedSize > WINDOW / 2) return null;
  const length = headerLength(await reader.readUint8Array(offset, LOCAL_HEADER));
  if (length === null) return null;
  const packed = await reader.readUint8Array(offset + length, compressedSize);
  if (compressionMethod === STORED) return new Uint8Array(packed);
  const unpacked = new Response(packed as Uint8Array<ArrayBuffer>).body!.pipeThrough(
    new DecompressionStream('deflate-raw'),
  );
  try {
    return await gathered((sink) => unpacked.pipeTo(sink), uncompressedSize);
  } catch {
    return null;
  }
}

/** Unpacks an entry and stops when more comes out than should, whatever its header says. */
async function unpack(entry: FileEntry, most: number, path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await gathered((sink) => entry.getData(sink, { checkCrc32: true }), most);
  } catch {
    throw damaged(path);
  }
}

/** All that comes into a sink. @throws RangeError as soon as that is more than `most` bytes */
async function gathered(
  fill: (sink: WritableStream<Uint8Array>) => Promise<unknown>,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const write = (chunk: Uint8Array) => {
    length += chunk.length;
    if (length > most) throw new RangeError('more than it should have');
    chunks.push(chunk);
  };
  await fill(new WritableStream({ write }));
  return concat(Uint8Array, chunks);
}

/** Identifies a row. */
function keyOf(store: StoreById | 'cameras', id: string): string {
  return `${store} ${id}`;
}

/** Identifies a snapshot; a file that could not be read says nothing of itself. */
function contentKey(job: Job): string[] {
  return job.jobStatus === 'Completed' ? [`${job.contentSha256} ${job.modelSha256}`] : [];
}

/** The same text for the same facts, in whatever order their keys stand. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function decoded(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw damaged(path);
  }
}

/** null if it is damaged; its path is noted, and the rest is not left out. */
async function orNull<T>(broken: string[], work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    broken.push(brokenPath(error));
    return null;
  }
}

/** So many damaged parts are no accident, and nobody reads their names. @throws BundleError `damaged` */
function refuseWreck(broken: ReadonlySet<string>): void {
  const [first = INDEX_NAME] = broken;
  if (broken.size > MOST_BROKEN) throw damaged(first);
}

function brokenPath(error: unknown): string {
  if (error instanceof BundleError && error.problem.kind === 'damaged') return error.problem.detail;
  throw error;
}
