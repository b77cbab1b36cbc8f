import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { BlobReader, Uint8ArrayReader, ZipWriter, configure } from '@zip.js/zip.js/lib/zip-core-native.js';
import {
  BUNDLE_FORMAT,
  cameraFolder,
  INDEX_NAME,
  rowsPath,
  safeName,
  type Blobs,
  type BundleFile,
  type BundleIndex,
  type JobFiles,
  type RowStore,
} from '../../../core/domain/files/bundle';
import { originalName } from '../../../core/domain/camera/time/capture-time';
import type { Embedding } from '../../../core/domain/drift/embedding';
import {
  isWholeFit,
  isWholeSight,
  writeGlassFit,
  writeSights,
} from '../../../core/domain/files/glass-arrays';
import type { GlassFit } from '../../../core/domain/glass/glass';
import type { GlassSight } from '../../../core/domain/glass/sight';
import { canBeFitted, inThisVersion } from '../../../core/domain/glass/fit-of-before';
import { GLASS_VERSION } from '../../../core/domain/glass/glass-facts';
import { isoInstant } from '../../../core/domain/instant';
import type { Camera } from '../../../core/domain/camera/camera';
import type { Job } from '../../../core/domain/camera/job';
import type { Reference } from '../../../core/domain/camera/reference';
import { madeBy } from '../../../core/domain/files/provenance';
import { presentProperties } from '../../../core/domain/picture/property-table';
import type { Calibration } from '../../../core/domain/drift/judging';
import { writeNpz } from '../../../core/domain/files/npy';
import { resultsCsv } from '../../../core/domain/camera/results';
import { isUnjudged } from '../../../core/domain/camera/snapshot-job';
import { setAside } from '../../../core/domain/camera/time/clock-stand';
import { onsetsForFlags } from '../../../core/domain/usable/track';
import {
  loadCalibrations,
  loadCameras,
  loadEvents,
  loadReferences,
  loadReferenceThumbnail,
  loadSpansByHand,
} from '../../../core/storage/cameras';
import { countRows } from '../storage/row-counts';
import type { Database } from '../../../core/storage/database';
import { loadDestination } from '../../../core/storage/deliveries';
import { brokenRows, type BrokenRow } from '../storage/broken-rows';
import { arrivedDeliveries, jobIdsInCaptureOrder, jobRows } from '../storage/export-rows';
import { storedFit } from '../../../core/storage/glass-fits';
import { loadJobs } from '../../../core/storage/jobs';
import { loadModelFile, loadModels } from '../../../core/storage/models';
import { findOriginal } from '../../../core/storage/originals';
import type { ExportOrder, OnProgress } from './bundle-api';
import { BUNDLE_README } from './bundle-readme';
import { configTextOrNull } from '../../../core/session/exports';

// It is in a worker already, and a page's policy may forbid those that zip.js makes of text.
configure({ useWebWorkers: false });

/** Embeddings of so many snapshots make one file: 5 MB with the usual model. */
const EMBEDDINGS_AT_ONCE = 20_000;
/** Sights of so many snapshots make one file: 5 MB, of which about half is left when it is packed. */
const SIGHTS_AT_ONCE = 2000;
/** Levels of deflate. */
const STORED = 0;
const PACKED = 6;

/**
 * Writes everything that this device knows of its cameras as one zip, piece by piece: of 100,000 snapshots no more
 * than some hundred are held at a time. Tokens, passphrases and connections are not among it.
 *
 * @returns how many rows can't be used; they stand in a file of their own, which no page takes in
 * @throws AppError `storage-failed`; whatever the sink throws
 */
export async function writeBundle(
  db: Database,
  order: ExportOrder,
  sink: WritableStream<Uint8Array>,
  onProgress: OnProgress,
): Promise<number> {
  const cameras = (await loadCameras(db)).filter(({ id }) => order.cameraIds?.includes(id) ?? true);
  const counts = await Promise.all(cameras.map(({ id }) => countRows(db, id, ['jobs'])));
  const total = counts.flat().reduce((sum, count) => sum + count, 0);
  let done = 0;
  const advance = (by: number) => {
    done += by;
    onProgress(done, total);
  };
  advance(0);
  const zip = new BundleZip(sink);
  const listed: BundleIndex['cameras'][number][] = [];
  for (const camera of cameras) {
    const folder = zip.freePath(cameraFolder(camera));
    const snapshots = await new CameraWriter(db, zip, camera, folder, order).write(advance);
    listed.push({ id: camera.id, name: camera.name, folder, snapshots });
  }
  const models = await writeModels(db, zip, cameras, order);
  const leftOut = await writeBrokenRows(db, zip, order);
  await zip.addText('README.txt', BUNDLE_README);
  const index: BundleIndex = {
    format: BUNDLE_FORMAT,
    app: order.program.version,
    program: order.program,
    exportedAt: isoInstant(Date.now()),
    ...(order.station !== undefined && { station: order.station }),
    cameras: listed,
    models,
    files: zip.files,
    ...(leftOut > 0 && { leftOut }),
  };
  await zip.addText(INDEX_NAME, pretty(index));
  await zip.close();
  return leftOut;
}

/** The models of these cameras: those that ship with the page by name, the user's own with their files. */
async function writeModels(
  db: Database,
  zip: BundleZip,
  cameras: readonly Camera[],
  { cameraIds, shipped }: ExportOrder,
): Promise<BundleIndex['models']> {
  const used = new Set(cameras.map(({ modelSha256 }) => modelSha256));
  const listed: BundleIndex['models'][number][] = shipped
    .filter(({ sha256 }) => used.has(sha256))
    .map(({ sha256, name }) => ({ sha256, name, folder: null }));
  for (const { manifest } of await loadModels(db)) {
    const isShipped = shipped.some(({ sha256 }) => sha256 === manifest.sha256);
    if (isShipped || (cameraIds && !used.has(manifest.sha256))) continue;
    const bytes = await loadModelFile(db, manifest.sha256);
    if (!bytes) continue;
    const folder = zip.freePath(`models/${safeName(manifest.id) || manifest.sha256.slice(0, 12)}`);
    await zip.addText(`${folder}/model.json`, pretty(manifest));
    await zip.add(`${folder}/${modelFileName(manifest.file)}`, new Uint8Array(bytes));
    listed.push({ sha256: manifest.sha256, name: manifest.name, folder });
  }
  return listed;
}

/** Rows that can't be used, of these cameras or all, as they are stored. @returns how many */
async function writeBrokenRows(db: Database, zip: BundleZip, { cameraIds }: ExportOrder): Promise<number> {
  const text = new GrowingText();
  let count = 0;
  for await (const found of brokenRows(db)) {
    if (cameraIds && !cameraIds.includes(cameraOf(found))) continue;
    text.append(`${count === 0 ? '[\n' : ',\n'}${brokenRowText(found)}`);
    count += 1;
  }
  if (count === 0) return 0;
  text.append('\n]\n');
  await zip.addBlob('broken-rows.json', ...text.end());
  return count;
}

/** A broken row as JSON: what JSON has no word for, such as NaN, becomes text; numbers of an embedding become a list. */
function brokenRowText(found: BrokenRow): string {
  try {
    return JSON.stringify(found, sayable);
  } catch {
    // A row may hold itself.
    return JSON.stringify({ ...found, row: null }, sayable);
  }
}

function sayable(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
    ? Array.from(value as unknown as ArrayLike<unknown>)
    : value;
}

/** The id of a broken row's camera, as far as it says. */
function cameraOf({ store, key, row }: BrokenRow): string {
  return String(store === 'cameras' ? key : (row as { cameraId?: unknown } | null)?.cameraId);
}

/** An ONNX file's name as it stands in the zip. */
export function modelFileName(file: string): string {
  return safeName(file) || 'model.onnx';
}

class CameraWriter {
  readonly #db: Database;
  readonly #zip: BundleZip;
  readonly #camera: Camera;
  readonly #folder: string;
  readonly #order: ExportOrder;
  /** kept pictures that are in the zip, by their name here */
  readonly #originals = new Map<string, BundleFile>();
  /** fits that are in the zip, by reference id */
  readonly #fits = new Map<string, GlassFit>();

  constructor(db: Database, zip: BundleZip, camera: Camera, folder: string, order: ExportOrder) {
    this.#db = db;
    this.#zip = zip;
    this.#camera = camera;
    this.#folder = folder;
    this.#order = order;
  }

  /** @returns how many snapshots it wrote */
  async write(advance: (by: number) => void): Promise<number> {
    const [db, zip, camera, folder] = [this.#db, this.#zip, this.#camera, this.#folder];
    const references = await loadReferences(db, camera.id);
    const beside: Blobs['references'][number][] = [];
    for (const reference of references) beside.push(await this.#besideReference(reference));
    const calibrations = await loadCalibrations(db, camera.id);
    await this.#rows('references', references.map(withoutArrays));
    await this.#rows('events', await loadEvents(db, camera.id));
    await this.#rows('calibrations', calibrations);
    await this.#rows('spansByHand', await loadSpansByHand(db, camera.id));
    const reference = references.find(({ id }) => id === camera.referenceId) ?? null;
    const calibration = calibrations.find(({ id }) => id === camera.calibrationId) ?? null;
    const config = configTextOrNull(camera, reference, calibration);
    if (config !== null) await zip.addText(`${folder}/config.toml`, config);
    await this.#provenance(reference, calibration);
    const { written, ...parts } = await this.#jobs(advance);
    await this.#deliveries();
    const destination = await loadDestination(db, camera.id);
    await this.#rows('destinations', destination ? [destination] : []);
    // One that names a reference which is not in the zip could not be opened.
    await this.#rows('cameras', [reference ? camera : { ...camera, referenceId: null }]);
    const blobs: Blobs = { ...parts, references: beside };
    await zip.addText(`${folder}/blobs.json`, pretty(blobs));
    return written;
  }

  /** A store's rows, one to a line. */
  async #rows(store: RowStore, rows: readonly object[]): Promise<void> {
    await this.#zip.addText(rowsPath(this.#folder, store), rows.map(jsonLine).join(''));
  }

  async #provenance(reference: Reference | null, calibration: Calibration | null): Promise<void> {
    const [camera, { program, shipped }] = [this.#camera, this.#order];
    const own = (await loadModels(this.#db)).map(({ manifest }) => manifest);
    const model = [...shipped, ...own].find(({ sha256 }) => sha256 === camera.modelSha256);
    const modelName = model?.name ?? camera.modelSha256.slice(0, 12);
    const made = madeBy({ program, camera, modelName, reference, calibration });
    await this.#zip.addText(`${this.#folder}/provenance.json`, pretty(made));
  }

  /** Writes the files of a reference: its arrays, its fit and its pictures. */
  async #besideReference({
    id,
    version,
    names,
    embeddings,
    warmUpEmbeddings,
  }: Reference): Promise<Blobs['references'][number]> {
    const stem = this.#zip.freePath(`${this.#folder}/reference-${String(version)}`);
    const arrays = `${stem}.npz`;
    await this.#zip.add(
      arrays,
      writeNpz({ embeddings, names, more: { embeddings: { warm_up: warmUpEmbeddings } } }),
    );
    const pictures: (BundleFile | null)[] = [];
    for (const i of embeddings.keys()) {
      const bytes = await loadReferenceThumbnail(this.#db, id, i);
      const name = `${stem}/${String(i + 1).padStart(4, '0')}.jpg`;
      pictures.push(bytes && (await this.#zip.addPicture(name, bytes)));
    }
    const glass = await this.#fit(id, `${stem}-glass.npz`, pictures);
    return { arrays, ...(glass && { glass }), pictures };
  }

  /** A reference's fit; one that can't be used, or is of an earlier version, is made again where the export is opened. */
  async #fit(
    referenceId: string,
    path: string,
    pictures: readonly (BundleFile | null)[],
  ): Promise<Blobs['references'][number]['glass'] | null> {
    const stored = await storedFit(this.#db, referenceId);
    if (!stored || (stored.version !== GLASS_VERSION && canBeFitted(pictures))) return null;
    const fit = inThisVersion(stored);
    if (!isWholeFit(fit)) return null;
    const free = this.#zip.freePath(path);
    await this.#zip.add(free, writeGlassFit(fit), PACKED);
    this.#fits.set(referenceId, fit);
    return { path: free, version: GLASS_VERSION };
  }

  /** Pictures first, then the lists that name them: `jobs.jsonl`, `pictures.jsonl`, `jobs.csv`, `embeddings.npz`. */
  async #jobs(advance: (by: number) => void): Promise<Omit<Blobs, 'references'> & { written: number }> {
    const [db, folder] = [this.#db, this.#folder];
    const header = resultsCsv([], this.#camera);
    // If flags are set back, all jobs have to be seen before the first is written.
    const whole = this.#camera.flagsSinceOnset ? await loadJobs(db, this.#camera.id) : [];
    const onsets = onsetsForFlags(this.#camera, whole, await loadEvents(db, this.#camera.id));
    const of = { name: this.#camera.name, onsets, references: await loadReferences(db, this.#camera.id) };
    const [lines, pictures, csv] = [new GrowingText(), new GrowingText(), new GrowingText()];
    csv.append(header);
    const embeddings = this.#embeddingFiles();
    const sights = this.#sightFiles();
    const { ids, left } = await jobIdsInCaptureOrder(db, this.#camera.id);
    advance(left);
    let [written, lost] = [0, 0];
    for await (const { asked, rows } of jobRows(db, ids)) {
      for (const { job, embedding, thumbnail, sight } of rows) {
        const files: JobFiles = {
          thumbnail: thumbnail
            ? await this.#zip.addPicture(
                this.#zip.freePath(`${folder}/thumbnails/${safeName(job.id)}.jpg`),
                thumbnail,
              )
            : null,
          original: this.#order.withOriginals ? await this.#original(job) : null,
        };
        const row =
          job.jobStatus === 'Completed'
            ? { ...job, properties: job.properties && presentProperties(job.properties) }
            : job;
        lines.append(jsonLine(row));
        pictures.append(jsonLine(files));
        written += 1;
        if (job.jobStatus === 'Failed') continue;
        // Lost from storage, or something else in its place.
        if (embedding instanceof Float32Array)
          await embeddings.add(job.modelSha256, { id: job.id, name: job.imageName, embedding });
        else lost += 1;
        const fit = this.#fits.get(job.referenceId);
        if (fit && isWholeSight(sight, fit))
          await sights.add(job.referenceId, { id: job.id, row: written, sight });
      }
      const jobs = rows.map(({ job }) => (isUnjudged(job) ? setAside(job, 'clock-ahead') : job));
      csv.append(resultsCsv(jobs, of).slice(header.length));
      advance(asked);
    }
    await this.#zip.addBlob(rowsPath(folder, 'jobs'), ...lines.end());
    await this.#zip.addBlob(rowsPath(folder, 'pictures'), ...pictures.end());
    await this.#zip.addBlob(`${folder}/jobs.csv`, ...csv.end());
    return {
      embeddings: await embeddings.end(),
      sights: await sights.end(),
      ...(lost > 0 && { withoutEmbedding: lost }),
      written,
    };
  }

  /** By model: `embeddings`, their `ids` in `jobs.jsonl` and `names` in `jobs.csv`, and the `model`. */
  #embeddingFiles() {
    return partFiles(
      `${this.#folder}/embeddings`,
      EMBEDDINGS_AT_ONCE,
      async (path, modelSha256, rows: readonly { id: string; name: string; embedding: Embedding }[]) => {
        const [ids, names] = [rows.map(({ id }) => id), rows.map(({ name }) => name)];
        const embeddings = rows.map(({ embedding }) => embedding);
        const more = { texts: { ids, model: [modelSha256] } };
        await this.#zip.add(path, writeNpz({ embeddings, names, more }));
        return { path, modelSha256 };
      },
    );
  }

  /** By the reference whose fit they were seen through. */
  #sightFiles() {
    return partFiles(
      `${this.#folder}/sights`,
      SIGHTS_AT_ONCE,
      async (path, referenceId, rows: readonly { id: string; row: number; sight: GlassSight }[]) => {
        // Sights are mostly zeros.
        await this.#zip.add(path, writeSights(new Map(rows.map(({ id, sight }) => [id, sight]))), PACKED);
        return { path, referenceId, row: rows[0]!.row, version: GLASS_VERSION };
      },
    );
  }

  async #original(job: Job): Promise<BundleFile | null> {
    const found = await findOriginal(job, originalName(job, this.#camera.name));
    if (!found) return null;
    // Two models may have judged the same picture.
    const written = this.#originals.get(found.name);
    if (written) return written;
    const path = this.#zip.freePath(`${this.#folder}/originals/${found.name}`);
    const facts: BundleFile = { path, bytes: found.file.size, sha256: job.contentSha256 };
    await this.#zip.addStored(path, found.file);
    this.#originals.set(found.name, facts);
    return facts;
  }

  /**
   * Records that reached a service, so that another laptop doesn't send them again. Those that did not are left out:
   * whoever has their jobs looks each up before it is sent.
   */
  async #deliveries(): Promise<void> {
    const text = new GrowingText();
    for await (const delivery of arrivedDeliveries(this.#db, this.#camera.id))
      text.append(jsonLine({ ...delivery, failure: null }));
    await this.#zip.addBlob(rowsPath(this.#folder, 'deliveries'), ...text.end());
  }
}

/**
 * Files of arrays, each of rows with one key.
 *
 * @param stem - path of the first without its extension
 * @param most - rows in a file
 */
function partFiles<Row, Part>(
  stem: string,
  most: number,
  writePart: (path: string, key: string, rows: readonly Row[]) => Promise<Part>,
) {
  const open = new Map<string, Row[]>();
  const written: Part[] = [];
  const write = async (key: string, rows: readonly Row[]) => {
    open.delete(key);
    const part = written.length === 0 ? '' : `-${String(written.length + 1)}`;
    written.push(await writePart(`${stem}${part}.npz`, key, rows));
  };
  return {
    add: async (key: string, row: Row) => {
      const rows = open.get(key) ?? [];
      open.set(key, rows);
      rows.push(row);
      if (rows.length === most) await write(key, rows);
    },
    end: async () => {
      for (const [key, rows] of open) await write(key, rows);
      return written;
    },
  };
}

/** A text that may become long: it is handed to the browser in pieces, which keeps them off the heap. */
class GrowingText {
  readonly #hash = sha256.create();
  readonly #pieces: Blob[] = [];
  #open: string[] = [];
  #length = 0;

  append(text: string): void {
    this.#open.push(text);
    this.#length += text.length;
    if (this.#length > 1_000_000) this.#close();
  }

  end(): [Blob, string] {
    this.#close();
    return [new Blob(this.#pieces), bytesToHex(this.#hash.digest())];
  }

  #close(): void {
    const bytes = new TextEncoder().encode(this.#open.join(''));
    this.#hash.update(bytes);
    this.#pieces.push(new Blob([bytes]));
    this.#open = [];
    this.#length = 0;
  }
}

/** The zip that is being written, and the list of what is in it. */
class BundleZip {
  readonly files: BundleFile[] = [];
  readonly #zip: ZipWriter<unknown>;
  readonly #taken = new Set<string>();

  constructor(sink: WritableStream<Uint8Array>) {
    this.#zip = new ZipWriter(sink, { extendedTimestamp: false });
  }

  /** This path, or one beside it when something is there already. */
  freePath(path: string): string {
    const [, stem = path, extension = ''] = /^(.*?)(\.[a-z]+)?$/.exec(path) ?? [];
    let free = path;
    for (let n = 2; this.#taken.has(free.toLowerCase()); n++) free = `${stem}-${String(n)}${extension}`;
    this.#taken.add(free.toLowerCase());
    return free;
  }

  async addText(path: string, text: string): Promise<void> {
    await this.add(path, new TextEncoder().encode(text), PACKED);
  }

  async add(path: string, bytes: Uint8Array, level = STORED): Promise<void> {
    this.files.push(await this.#write(path, bytes, level));
  }

  /** A picture, which its job vouches for: there may be too many for the list of contents. */
  addPicture(path: string, bytes: ArrayBuffer): Promise<BundleFile> {
    return this.#write(path, new Uint8Array(bytes), STORED);
  }

  async #write(path: string, bytes: Uint8Array, level: number): Promise<BundleFile> {
    await this.#zip.add(path, new Uint8ArrayReader(bytes), { level });
    return { path, bytes: bytes.length, sha256: bytesToHex(sha256(bytes)) };
  }

  async addBlob(path: string, text: Blob, sha256: string): Promise<void> {
    await this.#zip.add(path, new BlobReader(text), { level: PACKED });
    this.files.push({ path, bytes: text.size, sha256 });
  }

  async addStored(path: string, file: Blob): Promise<void> {
    await this.#zip.add(path, new BlobReader(file), { level: STORED });
  }

  async close(): Promise<void> {
    await this.#zip.close();
  }
}

/** A reference as it stands in its row: its arrays are a file. */
function withoutArrays({ embeddings: _, warmUpEmbeddings: __, ...row }: Reference) {
  return { ...row, ...(row.properties && { properties: row.properties.map(presentProperties) }) };
}

function jsonLine(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}
