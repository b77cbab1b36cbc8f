import { v4 as uuid } from 'uuid';
import { ArchiveJudge, type ArchivedSnapshot } from './archive-judge';
import { isAside } from '../core/domain/camera/time/clock';
import type { CameraTime } from '../core/domain/camera/time/zone';
import { placedIn } from '../core/domain/camera/time/job-time';
import { compareJobs, type Job } from '../core/domain/camera/job';
import { madeByOf } from '../core/session/provenance-facts';
import { resultsCsv, resultsJson } from '../core/domain/camera/results';
import { summarise } from '../core/domain/camera/summary';
import { onsetsForFlags } from '../core/domain/usable/track';
import { AppError } from '../core/domain/errors';
import { npyHeader } from '../core/domain/files/npy';
import type { EncodedFile } from '../core/encoder/encoded-file';
import { simdKernels } from '../core/encoder/glass/glass-kernels';
import glassUrl from '../core/encoder/glass/glass.wasm?url';
import { openWasm } from '../core/encoder/open-wasm';
import { detailInEnglish } from '../core/i18n/in-english';
import type { Session } from '../core/session/session.svelte';
import { fitOfReference } from '../core/session/glass/fit-of-reference';
import { fit } from '../core/session/history/window';
import { cameraMakerOf } from '../features/setup/camera-maker.svelte';
import { EmbeddingRun, type EmbeddedPart, type EmbeddedWith } from './embedding-run';
import { lastVerdictOf, summarySentence } from './lines';
import { statedIn, type RowFault, type ShardRow } from './shard-row';
import { readTogether, Shard } from './shards';

/** Contents that are read at a time: 16 MB. Of 16 shards each gives a stretch of 16 pictures. */
const READ_AT_ONCE = 256;

/** A snapshot of an archive. */
interface Entry {
  readonly row: ShardRow;
  readonly shard: Shard;
  /** how the page takes it, once it was asked for */
  file?: EncodedFile;
}

/** Years of snapshots on many machines: embedded in shards, judged as one archive. docs/archive.md tells the whole. */
export class Archive {
  readonly #session: Session;
  #embedding: EmbeddingRun | null = null;
  #parts: AsyncGenerator<EmbeddedPart, void> | null = null;
  /** in the order of their paths, as `npm run score` orders the files of a folder */
  readonly #entries: Entry[] = [];
  /** the judged entries, by job */
  readonly #judged = new Map<Job, Entry>();
  #everything: readonly Job[] = [];
  #progress = { done: 0, total: 0 };

  constructor(session: Session) {
    this.#session = session;
  }

  /** Opens a model to embed with. @throws AppError when it can't be used */
  async openModel(modelSha256: string | null, workers: number): Promise<EmbeddedWith> {
    const { models } = this.#session;
    this.#embedding = await EmbeddingRun.open(models, modelSha256 ?? models.defaultSha256, workers);
    return this.#embedding.with;
  }

  /** Begins to embed files; `nextPart` gives what comes of them. */
  embed(files: readonly File[]): void {
    if (!this.#embedding) throw new Error('open a model first');
    this.#parts = this.#embedding.embed(files);
  }

  /** @returns null after the last. @throws AppError when the model or its backend fails */
  async nextPart(): Promise<EmbeddedPart | null> {
    const next = await this.#parts?.next();
    return next?.value ?? null;
  }

  /** The bytes of an `.npy` header. */
  npyHeader(descr: '<f4' | '|u1', shape: readonly number[]): number[] {
    return [...npyHeader(descr, shape)];
  }

  /**
   * Adds a shard by its files.
   *
   * @returns how many rows it has, or the first one that can't be used; `path` is wrong too where a file has a row already
   */
  async add(files: readonly File[]): Promise<number | RowFault> {
    const shard = await Shard.open(files);
    if (!(shard instanceof Shard)) return shard;
    const known = new Set(this.#entries.map(({ row }) => row.path));
    for (const [i, row] of shard.rows.entries()) {
      if (known.has(row.path)) return { line: i + 1, field: 'path' };
      known.add(row.path);
      this.#entries.push({ row, shard });
    }
    this.#entries.sort((a, b) => (a.row.path < b.row.path ? -1 : Number(a.row.path > b.row.path)));
    return shard.rows.length;
  }

  /** Its snapshots that a camera took between two moments, in milliseconds since 1970, both included. */
  between(from: number, to: number, camera: CameraTime): readonly File[] {
    return this.#files((row) => {
      const { capturedAt } = placedIn(camera, row.image_name, statedIn(row));
      return capturedAt >= from && capturedAt <= to;
    });
  }

  /** Its snapshots whose file's name stands in a text, such as a configuration. */
  namedIn(text: string): readonly File[] {
    return this.#files(({ path }) => text.includes(path.slice(path.lastIndexOf('/') + 1)));
  }

  /** All that the chosen camera's reference was not made from. */
  beside(): readonly File[] {
    const entries = new Set(this.#besideReference().map(({ row }) => row));
    return this.#files((row) => entries.has(row));
  }

  /** True if these were embedded as the chosen camera's snapshots are. */
  isFor({ model, transform }: Pick<EmbeddedWith, 'model' | 'transform'>): boolean {
    const { chosen: camera } = this.#session.cameras;
    return (
      camera?.modelSha256 === model.sha256 && JSON.stringify(camera.transform) === JSON.stringify(transform)
    );
  }

  /**
   * Judges all that the reference was not made from as the chosen camera would, which has scored nothing yet; nothing is
   * stored.
   *
   * @returns one job for each snapshot, in the order in which they were judged
   */
  async judge(): Promise<readonly Job[]> {
    const { chosen: camera, reference } = this.#session.cameras;
    const { sources, models } = this.#session;
    if (!camera || !reference) throw new AppError('not-fitted');
    // All is encoded already.
    models.close();
    // Comparing with a large reference is quick once it was compared with itself.
    await fit(camera, reference.embeddings);
    const of = { camera, reference, fit: await fitOfReference(sources, reference.id), events: [] };
    const judge = new ArchiveJudge<ArchivedSnapshot & { readonly entry: Entry }>(
      of,
      simdKernels(await openWasm(glassUrl)),
      uuid,
    );
    const ordered = judge.inOrder(
      this.#besideReference().map((entry) => snapshotOf(entry, camera)),
      this.#session.cameras.now(),
    );
    this.#progress = { done: 0, total: ordered.length };
    const jobs: Job[] = [];
    const readFrom = (first: number, into: ArrayBuffer) =>
      readTogether(
        ordered.slice(first, first + READ_AT_ONCE).map(({ entry }) => entry),
        into,
      );
    let spare = new ArrayBuffer(0);
    let ahead = readFrom(0, spare);
    for (let next = 0; next < ordered.length; next += READ_AT_ONCE) {
      const { contents, buffer } = await ahead;
      ahead = readFrom(next + READ_AT_ONCE, spare);
      for (const [i, content] of contents.entries()) {
        const snapshot = ordered[next + i]!;
        const job = judge.take(snapshot, content);
        if (!this.#judged.has(job)) this.#judged.set(job, snapshot.entry);
        jobs.push(job);
      }
      spare = buffer;
      this.#progress.done += contents.length;
    }
    const kept = [...this.#judged.keys()].filter((job) => !judge.isReplaced(job));
    // As the Monitor holds them.
    this.#everything = [...kept.filter((job) => !isAside(job)), ...kept.filter(isAside).sort(compareJobs)];
    return jobs.sort(compareJobs);
  }

  /** How far the judging is, in snapshots. */
  progress(): { readonly done: number; readonly total: number } {
    return this.#progress;
  }

  /** The judged jobs, as the Jobs place exports them. */
  exportResults(format: 'csv' | 'json'): string {
    const { chosen: camera } = this.#session.cameras;
    if (!camera) throw new AppError('not-fitted');
    const { events, references } = this.#session.cameras;
    const onsets = onsetsForFlags(camera, this.#everything, events);
    const of = { name: camera.name, onsets, references };
    if (format === 'csv') return resultsCsv(this.#everything, of);
    const embeddings = new Map<string, Float32Array>();
    for (const [job, { shard, row }] of this.#judged) {
      if (job.jobStatus === 'Completed' && !row.error) embeddings.set(job.id, shard.partsOf(row).embedding);
    }
    const made = madeByOf(this.#session);
    return resultsJson(this.#everything, embeddings, of, detailInEnglish, this.#everything, made);
  }

  summaryLine(): string {
    return summarySentence(summarise(this.#everything));
  }

  lastVerdict(): ReturnType<typeof lastVerdictOf> {
    return lastVerdictOf(this.#everything.filter((job) => !isAside(job)));
  }

  #files(isWanted: (row: ShardRow) => boolean): readonly File[] {
    return this.#entries
      .filter(({ row }) => isWanted(row))
      .map((entry) => (entry.file ??= entry.shard.fileOf(entry.row)));
  }

  #besideReference(): readonly Entry[] {
    // The reference's snapshots were files by then, and are not among the set-up's unused ones.
    const leftOver = new Set<File>(cameraMakerOf(this.#session).last?.beside);
    return this.#entries.filter(({ file }) => !file || leftOver.has(file));
  }
}

function snapshotOf(entry: Entry, camera: CameraTime) {
  const { row } = entry;
  return {
    entry,
    ...placedIn(camera, row.image_name, statedIn(row)),
    contentSha256: row.content_sha256,
    error: row.error,
  };
}
