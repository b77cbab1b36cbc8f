import type { CompletedJob } from '../../../core/domain/camera/job';
import type { Detections, StoredDetector } from '../../../core/domain/detection/detection';
import { AppError } from '../../../core/domain/errors';
import { LARGEST_MODEL, refuseLarger } from '../../../core/domain/files/file-size';
import { plainName } from '../../../core/domain/files/plain-name';
import { download, fileNameFrom } from '../../../core/browser/download';
import { isEncoded } from '../../../core/encoder/is-encoded';
import { unpacked } from '../../../core/encoder/packed-file';
import { sha256 } from '../../../core/encoder/sha256';
import { sortFiles } from '../../../core/session/intake';
import { madeByOf } from '../../../core/session/making';
import { Progress } from '../../../core/session/progress.svelte';
import { loadDetections, saveDetections } from '../../../core/storage/detections';
import {
  deleteDetector,
  loadDetectorFile,
  loadDetectors,
  saveDetector,
} from '../../../core/storage/detectors';
import type { Desk } from '../desk.svelte';
import {
  binsOf,
  boxesCsv,
  boxesJson,
  countAll,
  countsCsv,
  countsJson,
  FLOOR,
  totalsOf,
  USUAL_CONFIDENCE,
  type LookedAt,
} from '../pure/detection/box-counts';
import { Finder } from './workers/finder';

/** Why a snapshot was not looked at. */
export type NotLooked = 'no-file' | 'unreadable';

/** How often what was found is stored and shown, in milliseconds. */
const KEEP_EVERY = 1_500;
/** How often it is asked whether the page is at rest again. */
const ASK_EVERY = 300;
/** So many pictures in a row that the worker was lost over mean that it is no picture's fault. */
const MOST_LOST = 2;
/** What a detector says to every picture alike. */
const DETECTORS_FAULT: ReadonlySet<string> = new Set([
  'not-a-detector',
  'model-operators',
  'model-endless',
  'no-backend',
  'fetch-failed',
]);

interface Shelf {
  readonly cameraId: string;
  readonly detectorSha256: string;
  /** by job id */
  readonly found: ReadonlyMap<string, Detections>;
}

/**
 * Detectors of objects, and what they find on the chosen camera's snapshots: beside the verdict, which needs nothing of it.
 * A run works on files at hand, and only while nothing else is at work.
 */
export class DetectionBench {
  detectors = $state.raw<readonly StoredDetector[]>([]);
  confidence = $state(USUAL_CONFIDENCE);
  /** the name of the detector that is being tried; null when none is */
  trial = $state.raw<string | null>(null);
  isRunning = $state(false);
  /** whether a run waits for other work */
  isGivingWay = $state(false);
  /** what the last run could not look at, by job id */
  notLooked = $state.raw<ReadonlyMap<string, NotLooked>>(new Map());
  readonly progress = new Progress();

  readonly #desk: Desk;
  #chosenSha256 = $state.raw<string | null>(null);
  #overlaps = $state.raw<ReadonlyMap<string, number>>(new Map());
  #shelf = $state.raw<Shelf | null>(null);
  #stop = new AbortController();
  #stopTrial = new AbortController();
  /** over once the last run has written what it found */
  #ended: Promise<unknown> = Promise.resolve();
  #turn = 0;

  readonly chosen = $derived.by(
    () => this.detectors.find(({ sha256 }) => sha256 === this.#chosenSha256) ?? this.detectors.at(-1) ?? null,
  );
  /** null where the detector leaves out overlapping boxes itself */
  readonly overlap = $derived.by(() => {
    const { chosen } = this;
    if (!chosen || chosen.layout === 'suppressed' || chosen.layout === 'end2end') return null;
    return this.#overlaps.get(chosen.sha256) ?? (chosen.layout === 'v5' ? 0.45 : 0.7);
  });
  /** one job for each snapshot that could be read, in capture order */
  readonly snapshots = $derived.by(() =>
    this.#desk.session.monitor.snapshots.filter((job): job is CompletedJob => job.jobStatus === 'Completed'),
  );
  /** what the chosen detector found, in capture order, by which job it ever was looked at */
  readonly looked = $derived.by((): readonly (LookedAt & { readonly job: CompletedJob })[] => {
    const { camera, monitor } = this.#desk.session;
    const shelf = this.#shelf;
    const isShown = shelf?.cameraId === camera?.id && shelf?.detectorSha256 === this.chosen?.sha256;
    if (!shelf || !isShown || shelf.found.size === 0) return [];
    const byContent = new Map<string, Detections>();
    for (const { id, contentSha256 } of monitor.jobs) {
      const found = shelf.found.get(id);
      if (found?.overlap === this.overlap) byContent.set(contentSha256, found);
    }
    return this.snapshots.flatMap((job) => {
      const found = byContent.get(job.contentSha256);
      if (!found) return [];
      return [{ job, jobId: job.id, imageName: job.imageName, capturedAt: job.capturedAt, found }];
    });
  });
  readonly waiting = $derived.by(() => {
    const known = new Set(this.looked.map(({ jobId }) => jobId));
    return this.snapshots.filter(({ id }) => !known.has(id));
  });
  readonly counted = $derived.by(() =>
    countAll(this.looked, this.#desk.spans, this.confidence, this.chosen?.classes.length ?? 0),
  );
  readonly totals = $derived.by(() => totalsOf(this.counted));
  readonly bins = $derived.by(() => binsOf(this.counted, this.#classCount()));

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Reads the detectors that are kept. @throws AppError `storage-failed` */
  async open(): Promise<void> {
    this.detectors = await loadDetectors(this.#desk.session.db);
  }

  /** Reads what the chosen detector found on the chosen camera's snapshots. @throws AppError `storage-failed` */
  async read(): Promise<void> {
    const { camera, db } = this.#desk.session;
    const { chosen } = this;
    if (!camera || !chosen) return;
    if (this.#shelf?.cameraId === camera.id && this.#shelf.detectorSha256 === chosen.sha256) return;
    this.#turn += 1;
    const turn = this.#turn;
    this.notLooked = new Map();
    const found = await loadDetections(db, camera.id, chosen.sha256);
    if (turn === this.#turn) this.#shelf = { cameraId: camera.id, detectorSha256: chosen.sha256, found };
  }

  choose(sha256: string): void {
    this.cancel();
    this.#chosenSha256 = sha256;
  }

  /** Another overlap needs another look at every snapshot: what was found with the one before is replaced as it goes. */
  chooseOverlap(overlap: number): void {
    if (this.chosen) this.#overlaps = new Map(this.#overlaps).set(this.chosen.sha256, overlap);
  }

  /**
   * Takes in a detector's ONNX file: it is read, tried on a grey picture, and kept.
   *
   * @throws AppError that says why it can't be used; then nothing changes
   */
  async add(file: File): Promise<void> {
    const { session } = this.#desk;
    session.mustWrite();
    refuseLarger(file, LARGEST_MODEL);
    const name = plainName(file.name);
    this.#stopTrial.abort();
    const stop = new AbortController();
    this.#stopTrial = stop;
    this.trial = name;
    try {
      const bytes = await file.arrayBuffer().catch((error: unknown) => {
        throw new AppError('file-unreadable', name, { cause: error });
      });
      const sum = await sha256(bytes);
      if (!this.detectors.some((known) => known.sha256 === sum)) {
        const finder = await Finder.open(bytes, stop.signal);
        finder.end();
        const { tried } = finder;
        const detector = { ...tried, sha256: sum, name, bytes: bytes.byteLength, addedAt: session.now() };
        await saveDetector(session.db, detector, bytes);
        await this.open();
      }
      this.choose(sum);
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    } finally {
      if (this.#stopTrial === stop) this.trial = null;
    }
  }

  cancelTrial(): void {
    this.#stopTrial.abort();
  }

  /** Forgets the chosen detector and all that it found, on every camera. */
  async forget(): Promise<void> {
    const { session } = this.#desk;
    const { chosen } = this;
    if (!chosen) return;
    session.mustWrite();
    this.cancel();
    // What a run still writes would be left over.
    await this.#ended;
    await deleteDetector(session.db, chosen.sha256);
    this.#shelf = null;
    this.#chosenSha256 = null;
    await this.open();
  }

  /** Files are given again, for snapshots that no file was found of. */
  async give(files: readonly File[]): Promise<void> {
    const { session } = this.#desk;
    const opened = await session.arrivals.open(files);
    const { snapshots } = sortFiles(opened.files);
    session.filesAtHand.note(snapshots);
    await this.run();
  }

  /** Looks at the snapshots that the chosen detector has not seen, the newest first. @throws AppError what stopped it */
  async run(): Promise<void> {
    const running = this.#run();
    this.#ended = running.catch(() => undefined);
    await running;
  }

  async #run(): Promise<void> {
    const { session } = this.#desk;
    const { chosen, overlap } = this;
    const { camera } = session;
    if (!camera || !chosen || this.isRunning) return;
    session.mustWrite();
    await session.monitor.whole;
    await this.read();
    const waiting = this.waiting.toReversed();
    const stop = new AbortController();
    this.#stop = stop;
    this.isRunning = true;
    this.notLooked = new Map();
    let left = waiting.length;
    this.progress.add(left);
    this.progress.start();
    const kept: Detections[] = [];
    const notLooked = new Map<string, NotLooked>();
    let keptAt = performance.now();
    const keep = async () => {
      keptAt = performance.now();
      const found = kept.splice(0);
      await saveDetections(session.db, found);
      const shelf = this.#shelf;
      if (shelf?.cameraId !== camera.id || shelf.detectorSha256 !== chosen.sha256) return;
      this.notLooked = new Map(notLooked);
      if (found.length === 0) return;
      const all = new Map(shelf.found);
      for (const row of found) all.set(row.jobId, row);
      this.#shelf = { ...shelf, found: all };
    };
    const eye = new Eye(() => this.#fileOf(chosen), stop.signal);
    try {
      for (const job of waiting) {
        await this.#untilAtRest(camera.id, stop);
        const found = await this.#look(job, eye, overlap);
        if (typeof found === 'string') notLooked.set(job.id, found);
        else {
          const seenBy = { jobId: job.id, cameraId: camera.id, detectorSha256: chosen.sha256 };
          kept.push({ ...seenBy, ...found, overlap, madeAt: session.now() });
        }
        left -= 1;
        this.progress.advance(1);
        if (performance.now() - keptAt > KEEP_EVERY) await keep();
      }
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    } finally {
      eye.close();
      this.progress.finish(left);
      this.isRunning = false;
      this.isGivingWay = false;
      await keep();
    }
  }

  cancel(): void {
    this.#stop.abort();
  }

  /** The whole picture of a snapshot, which is the one that was looked at; null where no file is at hand. */
  async wholeOf(job: CompletedJob): Promise<File | null> {
    for await (const file of this.#desk.session.filesOf(job)) {
      if (isEncoded(file)) continue;
      const plain = await unpacked(file).catch(() => null);
      const bytes = await plain?.arrayBuffer().catch(() => null);
      if (plain && bytes && (await sha256(bytes)) === job.contentSha256) return plain;
    }
    return null;
  }

  /** Saves what was counted, or every box, as it is shown. */
  save(what: 'counts' | 'boxes', format: 'csv' | 'json'): void {
    const { session } = this.#desk;
    const { camera } = session;
    const { chosen, confidence, overlap } = this;
    if (!camera || !chosen) return;
    const made = { camera: camera.name, detector: chosen, confidence, overlap };
    const madeBy = madeByOf(session) ?? {};
    const text =
      what === 'counts'
        ? (format === 'csv' ? countsCsv : countsJson)(this.counted, made, madeBy)
        : (format === 'csv' ? boxesCsv : boxesJson)(this.looked, made, madeBy);
    const name = fileNameFrom(camera.name, 'detections', `${what}.${format}`);
    download(text, name, format === 'csv' ? 'text/csv' : 'application/json');
  }

  #classCount(): number {
    return Math.max(this.chosen?.classes.length ?? 0, ...this.totals.map(({ classId }) => classId + 1));
  }

  async #fileOf({ sha256: sum, name }: StoredDetector): Promise<ArrayBuffer> {
    const file = await loadDetectorFile(this.#desk.session.db, sum);
    if (!file) throw new AppError('model-missing', name);
    return file;
  }

  /** @returns why it was not looked at, or what was found */
  async #look(job: CompletedJob, eye: Eye, overlap: number | null) {
    let why: NotLooked = 'no-file';
    for await (const file of this.#desk.session.filesOf(job)) {
      if (isEncoded(file)) continue;
      const seen = await eye.look(file, job.contentSha256, overlap ?? 1);
      if (seen === 'unreadable') why = seen;
      else if (seen) return seen;
    }
    return why;
  }

  /** A person, and what is scored, go first. @throws the reason when it was stopped, or another camera is looked at */
  async #untilAtRest(cameraId: string, stop: AbortController): Promise<void> {
    const { session } = this.#desk;
    while (!session.isAtRest && !stop.signal.aborted) {
      this.isGivingWay = true;
      this.progress.pause();
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY));
    }
    this.isGivingWay = false;
    this.progress.resume();
    if (session.camera?.id !== cameraId) stop.abort();
    stop.signal.throwIfAborted();
  }
}

/** A detector that is opened with the first picture, and anew where a picture has ended its worker. */
class Eye {
  readonly #signal: AbortSignal;
  readonly #file: () => Promise<ArrayBuffer>;
  #finder: Finder | null = null;
  #lost = 0;

  /** @param file - gives the detector's ONNX file */
  constructor(file: () => Promise<ArrayBuffer>, signal: AbortSignal) {
    this.#file = file;
    this.#signal = signal;
  }

  /** @returns null for a file of another content @throws AppError what the detector says to every picture */
  async look(file: File, contentSha256: string, overlap: number) {
    if (!this.#finder || this.#finder.isEnded) {
      this.#finder = await Finder.open(await this.#file(), this.#signal);
    }
    try {
      const seen = await this.#finder.detect(file, contentSha256, { floor: FLOOR, overlap });
      this.#lost = 0;
      return seen;
    } catch (error) {
      if (!(error instanceof AppError) || DETECTORS_FAULT.has(error.code)) throw error;
      if (error.code === 'worker-lost') this.#lost += 1;
      if (this.#lost >= MOST_LOST) throw error;
      return 'unreadable';
    }
  }

  close(): void {
    this.#finder?.end();
  }
}
