import { sha256 } from '@noble/hashes/sha2.js';
import { BlobReader, ZipReader, configure, type FileEntry } from '@zip.js/zip.js/lib/zip-core-native.js';
import {
  BundleError,
  damaged,
  bundleFolder,
  INDEX_NAME,
  jobLine,
  parseBundleCamera,
  parseBundleJob,
  parseBundleReference,
  parseCalibrations,
  parseDeliveries,
  parseEvents,
  parseIndex,
  type BundleCamera,
  type BundleFile,
  type BundleIndex,
  type JobFiles,
} from '../domain/bundle';
import { statedTime } from '../domain/clock';
import type { Delivery } from '../domain/delivery';
import type { Embedding } from '../domain/embedding';
import { AppError } from '../domain/errors';
import type { Job } from '../domain/job';
import { parseManifest } from '../domain/manifest';
import type { ModelManifest } from '../domain/model';
import { readNpzEmbeddings, readNpzTexts } from '../domain/npy';
import type { CameraPart, JobBatch, JobPart, Plan, PlannedCamera } from './bundle-api';
import { hexadecimal, modelFileName } from './bundle-writer';

configure({ useWebWorkers: false });

/** How many jobs are handed over at once. */
const BATCH = 250;
/** The list of contents is read before anything vouches for its size. */
const LONGEST_INDEX = 64 * 2 ** 20;
/** No part of an export is larger: a list that says otherwise lies. */
const LARGEST_PART = 2 * 2 ** 30;
const LARGEST_THUMBNAIL = 4 * 2 ** 20;

/** What is here already. */
export interface Present {
  readonly cameras: ReadonlyMap<string, unknown>;
  readonly models: ReadonlySet<string>;
  /** all jobs of a camera */
  jobsOf(cameraId: string): Promise<readonly Job[]>;
  /** ids of the references, calibrations and events of a camera */
  othersOf(cameraId: string): Promise<ReadonlySet<string>>;
}

/** One line of `jobs.json`. */
interface Listed {
  readonly job: Job;
  readonly files: JobFiles;
}

/** An export, opened. Whatever is read of it has the size and the SHA-256 that its lists say, or is refused. */
export class BundleReader {
  readonly index: BundleIndex;
  readonly #entries: ReadonlyMap<string, FileEntry>;
  readonly #files: ReadonlyMap<string, BundleFile>;
  /** the camera whose jobs are being handed over */
  #walk: { readonly index: number; readonly batches: AsyncGenerator<JobBatch> } | null = null;

  private constructor(index: BundleIndex, entries: ReadonlyMap<string, FileEntry>) {
    this.index = index;
    this.#entries = entries;
    this.#files = new Map(index.files.map((file) => [file.path, file]));
  }

  /** @throws BundleError `not-a-zip`, `not-an-export`, `newer`, `damaged` when its list of contents is */
  static async open(file: Blob): Promise<BundleReader> {
    const zip = new ZipReader(new BlobReader(file));
    const all = new Map<string, FileEntry>();
    try {
      for (const entry of await zip.getEntries()) if (!entry.directory) all.set(entry.filename, entry);
    } catch {
      throw new BundleError({ kind: 'not-a-zip' });
    }
    const top = bundleFolder([...all.keys()]);
    const listing = all.get(`${top ?? ''}${INDEX_NAME}`);
    if (top === null || !listing) throw new BundleError({ kind: 'not-an-export' });
    const bytes = await unpack(listing, LONGEST_INDEX, INDEX_NAME);
    const entries = new Map<string, FileEntry>();
    for (const [path, entry] of all) if (path.startsWith(top)) entries.set(path.slice(top.length), entry);
    return new BundleReader(parseIndex(decoded(bytes, INDEX_NAME)), entries);
  }

  /** Looks through everything but the pictures of jobs, which are checked when they are taken. */
  async survey(present: Present): Promise<Plan> {
    const broken = new Set<string>();
    const leftOut: string[] = [];
    const cameras: PlannedCamera[] = [];
    const needed = new Map<string, string>();
    for (const [i, { id, name }] of this.index.cameras.entries()) {
      try {
        cameras.push(await this.#plan(i, present, needed, broken));
      } catch (error) {
        broken.add(brokenPath(error));
        leftOut.push(name || id);
      }
    }
    const models: { index: number; name: string }[] = [];
    const known = new Set(present.models);
    for (const [i, { sha256, name, folder }] of this.index.models.entries()) {
      if (folder === null || present.models.has(sha256)) continue;
      try {
        await this.model(i);
        models.push({ index: i, name });
        known.add(sha256);
      } catch (error) {
        broken.add(brokenPath(error));
      }
    }
    // What people read and nothing here is made of is named all the same.
    for (const file of this.index.files) {
      if (!/\.(csv|toml|txt)$/.test(file.path)) continue;
      await this.#read(file.path).catch((error: unknown) => broken.add(brokenPath(error)));
    }
    return {
      exportedAt: this.index.exportedAt,
      app: this.index.app,
      cameras,
      models,
      missingModels: [...needed].filter(([sha256]) => !known.has(sha256)).map(([, name]) => name),
      damaged: [...broken],
      leftOut,
    };
  }

  /** A model with its file. @throws BundleError `damaged` */
  async model(index: number): Promise<{ readonly manifest: ModelManifest; readonly bytes: ArrayBuffer }> {
    const { folder, sha256 } = this.index.models[index]!;
    const where = `${folder ?? ''}/model.json`;
    const manifest = await asDamage(where, async () => parseManifest(JSON.parse(await this.#text(where))));
    const path = `${folder ?? ''}/${modelFileName(manifest.file)}`;
    const bytes = await this.#read(path);
    if (manifest.sha256 !== sha256 || this.#files.get(path)?.sha256 !== sha256) throw damaged(path);
    return { manifest, bytes: bytes.buffer };
  }

  /** A camera without its jobs. @throws BundleError `damaged` */
  async camera(index: number): Promise<CameraPart> {
    const { folder, id } = this.index.cameras[index]!;
    const { camera, destination, references: paths } = await this.#facts(index);
    const broken: string[] = [];
    const references: {
      reference: CameraPart['references'][number]['reference'];
      pictures: (ArrayBuffer | null)[];
    }[] = [];
    for (const path of paths) {
      const { reference, pictures } = parseBundleReference(await this.#text(path), path, id);
      const arrays = path.replace(/\.json$/, '.npz');
      const bytes = await this.#read(arrays);
      const [embeddings, warmUpEmbeddings] = await asDamage(arrays, async () => [
        readNpzEmbeddings(bytes, 'embeddings'),
        readNpzEmbeddings(bytes, 'warm_up'),
      ]);
      if (embeddings.length !== reference.names.length) throw damaged(arrays);
      const found: (ArrayBuffer | null)[] = [];
      for (const picture of pictures) found.push(await this.#pictureOrNull(picture, broken));
      references.push({ reference: { ...reference, embeddings, warmUpEmbeddings }, pictures: found });
    }
    if (
      camera.referenceId !== null &&
      !references.some(({ reference }) => reference.id === camera.referenceId)
    ) {
      throw damaged(`${folder}/camera.json`);
    }
    const [events, calibrations] = [`${folder}/events.json`, `${folder}/calibrations.json`];
    return {
      camera,
      destination,
      references,
      events: parseEvents(await this.#text(events), events, id),
      calibrations: parseCalibrations(await this.#text(calibrations), calibrations, id),
      damaged: broken,
    };
  }

  /** The next jobs of a camera that are not here, oldest first; null after the last. */
  async jobs(index: number, present: Present): Promise<JobBatch | null> {
    if (this.#walk?.index !== index) this.#walk = { index, batches: this.#batches(index, present) };
    const next = await this.#walk.batches.next();
    if (next.done === true) {
      this.#walk = null;
      return null;
    }
    return next.value;
  }

  async *#batches(index: number, present: Present): AsyncGenerator<JobBatch, undefined> {
    const { camera, embeddings: paths } = await this.#facts(index);
    const embeddings = await this.#embeddings(paths);
    const isHere = await this.#filter(camera.id, present);
    const sent = await this.#deliveries(index);
    let parts: JobPart[] = [];
    let broken: string[] = [];
    let looked = 0;
    for await (const { job, files } of this.#listed(index)) {
      looked += 1;
      if (!isHere(job)) {
        parts.push({
          job,
          embedding: embeddings.get(job.id) ?? null,
          thumbnail: await this.#pictureOrNull(files.thumbnail, broken),
          original: await this.#original(job, files, broken),
          deliveries: sent.get(job.id) ?? [],
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

  async #plan(
    index: number,
    present: Present,
    needed: Map<string, string>,
    broken: Set<string>,
  ): Promise<PlannedCamera> {
    const { camera, embeddings: paths, withoutEmbedding = 0 } = await this.#facts(index);
    const { references, events, calibrations, damaged: pictures } = await this.camera(index);
    for (const path of pictures) broken.add(path);
    const embeddings = await this.#embeddings(paths);
    await this.#deliveries(index);
    const isHere = await this.#filter(camera.id, present);
    let [snapshots, here, without] = [0, 0, 0];
    for await (const { job } of this.#listed(index)) {
      if (job.jobStatus === 'Completed' && !embeddings.has(job.id)) without += 1;
      if (isHere(job)) here += 1;
      else snapshots += 1;
    }
    if (without !== withoutEmbedding) {
      throw damaged(paths[0]?.path ?? `${this.index.cameras[index]!.folder}/embeddings.npz`);
    }
    const known = present.cameras.get(camera.id);
    const others = await present.othersOf(camera.id);
    const ids = [...references.map(({ reference }) => reference), ...events, ...calibrations].map(
      ({ id }) => id,
    );
    const modelName = this.index.models.find(({ sha256 }) => sha256 === camera.modelSha256)?.name;
    needed.set(camera.modelSha256, modelName ?? camera.modelSha256.slice(0, 12));
    return {
      index,
      id: camera.id,
      name: camera.name,
      isNew: known === undefined,
      differs: known !== undefined && canonical(known) !== canonical(camera),
      snapshots,
      here,
      others: ids.filter((id) => !others.has(id)).length,
    };
  }

  /**
   * Whether a job is here: under its own id, because the same snapshot was judged here by the same model, or because
   * what could not be read then is told here at the same place, maybe read by now.
   */
  async #filter(cameraId: string, present: Present): Promise<(job: Job) => boolean> {
    const jobs = await present.jobsOf(cameraId);
    const ids = new Set(jobs.map(({ id }) => id));
    const known = new Set(jobs.flatMap((job) => [placeKey(job), ...contentKey(job)]));
    return (job) =>
      ids.has(job.id) ||
      (job.jobStatus === 'Failed' ? [placeKey(job)] : contentKey(job)).some((key) => known.has(key));
  }

  async #facts(index: number): Promise<BundleCamera> {
    const { folder, id } = this.index.cameras[index]!;
    const where = `${folder}/camera.json`;
    const facts = parseBundleCamera(await this.#text(where), where);
    if (facts.camera.id !== id) throw damaged(where);
    return facts;
  }

  async #embeddings(paths: BundleCamera['embeddings']): Promise<ReadonlyMap<string, Embedding>> {
    const byId = new Map<string, Embedding>();
    for (const { path } of paths) {
      const bytes = await this.#read(path);
      await asDamage(path, async () => {
        const embeddings = readNpzEmbeddings(bytes, 'embeddings');
        const ids = readNpzTexts(bytes, 'ids', embeddings.length);
        for (const [i, id] of ids.entries()) byId.set(id, embeddings[i]!);
      });
    }
    return byId;
  }

  async #deliveries(index: number): Promise<ReadonlyMap<string, readonly Delivery[]>> {
    const { folder, id } = this.index.cameras[index]!;
    const where = `${folder}/sent.json`;
    const deliveries = parseDeliveries(await this.#text(where), where, id);
    const byJob = new Map<string, Delivery[]>();
    for (const delivery of deliveries) {
      const known = byJob.get(delivery.jobId);
      if (known) known.push(delivery);
      else byJob.set(delivery.jobId, [delivery]);
    }
    return byJob;
  }

  /** The jobs of a camera one by one, in the order of the file. */
  async *#listed(index: number): AsyncGenerator<Listed> {
    const { folder, id } = this.index.cameras[index]!;
    const where = `${folder}/jobs.json`;
    const bytes = await this.#read(where);
    let from = 0;
    while (from < bytes.length) {
      const end = bytes.indexOf(10, from);
      const line = jobLine(decoded(bytes.subarray(from, end < 0 ? bytes.length : end), where), where);
      from = end < 0 ? bytes.length : end + 1;
      if (line !== null) yield parseBundleJob(line, where, id);
    }
  }

  async #original(job: Job, { original }: JobFiles, broken: string[]): Promise<JobPart['original']> {
    if (!original) return null;
    try {
      const bytes = await this.#vouched(original, LARGEST_PART);
      if (original.sha256 !== job.contentSha256) throw damaged(original.path);
      return { name: original.path.slice(original.path.lastIndexOf('/') + 1), file: new Blob([bytes]) };
    } catch (error) {
      broken.push(brokenPath(error));
      return null;
    }
  }

  /** A picture is no reason to leave out what it is of. */
  async #pictureOrNull(facts: BundleFile | null, broken: string[]): Promise<ArrayBuffer | null> {
    try {
      return facts && (await this.#vouched(facts, LARGEST_THUMBNAIL)).buffer;
    } catch (error) {
      broken.push(brokenPath(error));
      return null;
    }
  }

  async #text(path: string): Promise<string> {
    return decoded(await this.#read(path), path);
  }

  async #read(path: string): Promise<Uint8Array<ArrayBuffer>> {
    const facts = this.#files.get(path);
    if (!facts) throw damaged(path);
    return this.#vouched(facts, LARGEST_PART);
  }

  /** What has the size and the SHA-256 that it should. */
  async #vouched(
    { path, bytes, sha256: expected }: BundleFile,
    largest: number,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const entry = this.#entries.get(path);
    if (!entry || bytes > largest || entry.uncompressedSize !== bytes) throw damaged(path);
    const unpacked = await unpack(entry, bytes, path);
    if (unpacked.length !== bytes || hexadecimal(sha256(unpacked)) !== expected) throw damaged(path);
    return unpacked;
  }
}

/** Unpacks an entry and stops when more comes out than should, whatever its header says. */
async function unpack(entry: FileEntry, most: number, path: string): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const sink = new WritableStream<Uint8Array>({
    write(chunk) {
      length += chunk.length;
      if (length > most) throw damaged(path);
      chunks.push(chunk);
    },
  });
  try {
    await entry.getData(sink, { checkSignature: true });
  } catch {
    throw damaged(path);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** What stays the same of a snapshot whose content is not known. */
function placeKey(job: Job): string {
  return `${String(statedTime(job))} ${job.imageName}`;
}

/** By what the same snapshot is known again; a file that could not be read says nothing of itself. */
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

/** What a part holds makes no sense: it is damaged, whoever says so. */
async function asDamage<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError || error instanceof SyntaxError) throw damaged(path);
    throw error;
  }
}

function brokenPath(error: unknown): string {
  if (error instanceof BundleError && error.problem.kind === 'damaged') return error.problem.detail;
  throw error;
}
