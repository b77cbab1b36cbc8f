import type { CompletedJob } from '../../../core/domain/camera/job';
import type { DetectorLayout, Detections, StoredDetector } from '../../../core/domain/detection/detection';
import { AppError } from '../../../core/domain/errors';
import type { Span } from '../../../core/domain/usable/span';
import { LARGEST_MODEL, refuseLarger } from '../../../core/domain/files/file-size';
import { plainName } from '../../../core/domain/files/plain-name';
import { download, fileNameFrom } from '../../../core/browser/download';
import { isEncoded } from '../../../core/encoder/is-encoded';
import { unpacked } from '../../../core/encoder/packed-file';
import { sha256 } from '../../../core/encoder/sha256';
import { sortFiles } from '../../../core/session/intake';
import { Progress } from '../../../core/session/scoring/progress.svelte';
import type { Session } from '../../../core/session/session.svelte';
import { loadDetections, saveDetections } from '../../../core/storage/detections';
import {
  loadDetectorFile,
  loadDetectorOf,
  loadDetectors,
  replaceDetector,
  saveDetector,
} from '../../../core/storage/detectors';
import {
  binsOf,
  boxesCsv,
  countAll,
  countsCsv,
  FLOOR,
  totalsOf,
  USUAL_CONFIDENCE,
  type LookedAt,
} from '../pure/detection/box-counts';
import { Finder } from './workers/finder';

export type NotLooked = 'no-file' | 'failed';

/** How often what was found is stored and shown, in milliseconds. */
const KEEP_EVERY = 1_500;
/** How often it is asked whether the page is at rest again. */
const ASK_EVERY = 300;
/** So many pictures in a row that the worker was lost over mean that it is no picture's fault. */
const MOST_LOST = 2;
/** The overlap above which the lesser of two boxes of a class is left out; null where the detector does that itself. */
const OVERLAPS: Readonly<Record<DetectorLayout, number | null>> = {
  v8: 0.7,
  v5: 0.45,
  suppressed: null,
  end2end: null,
};
/** These failures are the detector's, the same for every picture. */
const DETECTORS_FAULT: ReadonlySet<string> = new Set([
  'not-a-detector',
  'model-operators',
  'model-endless',
  'no-backend',
  'fetch-failed',
]);

interface Shelf {
  readonly cameraId: string;
  readonly detector: StoredDetector | null;
  readonly found: ReadonlyMap<string, Detections>;
}

/** A detector that was tried, and would replace the camera's. */
interface Offer {
  readonly cameraId: string;
  readonly detector: StoredDetector;
  readonly file: ArrayBuffer;
}

/**
 * The chosen camera's detector of objects, and what it finds on its snapshots: beside the verdict, which needs nothing of
 * it. A run works on files at hand, and only while nothing else is at work.
 */
export class DetectionsState {
  confidence = $state(USUAL_CONFIDENCE);
  /** the name of the detector that is being tried; null when none is */
  trial = $state.raw<string | null>(null);
  /** waits for a person's word, because what the camera's present detector found would go */
  offer = $state.raw<Offer | null>(null);
  isRunning = $state(false);
  /** true while a run waits for other work */
  isGivingWay = $state(false);
  notLooked = $state.raw<ReadonlyMap<string, NotLooked>>(new Map());
  readonly progress = new Progress();

  readonly #session: Session;
  /** how far the chosen camera's pictures can be used */
  readonly #spans: () => readonly Span[];
  #shelf = $state.raw<Shelf | null>(null);
  #stop = new AbortController();
  #stopTrial = new AbortController();
  /** over once the last run has written what it found */
  #ended: Promise<unknown> = Promise.resolve();
  #turn = 0;

  readonly #shown = $derived.by(() =>
    this.#shelf?.cameraId === this.#session.cameras.chosen?.id ? this.#shelf : null,
  );
  readonly detector = $derived.by(() => this.#shown?.detector ?? null);
  /** one job for each snapshot that could be read, in capture order */
  readonly snapshots = $derived.by(() =>
    this.#session.history.snapshots.filter((job): job is CompletedJob => job.jobStatus === 'Completed'),
  );
  /** the detector's results, in capture order, whatever job of a snapshot was looked at */
  readonly looked = $derived.by((): readonly (LookedAt & { readonly job: CompletedJob })[] => {
    const found = this.#shown?.found;
    if (!found || found.size === 0) return [];
    const byContent = new Map<string, Detections>();
    for (const { id, contentSha256 } of this.#session.history.jobs) {
      const row = found.get(id);
      if (row) byContent.set(contentSha256, row);
    }
    return this.snapshots.flatMap((job) => {
      const row = byContent.get(job.contentSha256);
      if (!row) return [];
      return [{ job, jobId: job.id, imageName: job.imageName, capturedAt: job.capturedAt, found: row }];
    });
  });
  readonly waiting = $derived.by(() => {
    const known = new Set(this.looked.map(({ jobId }) => jobId));
    return this.snapshots.filter(({ id }) => !known.has(id));
  });
  readonly counted = $derived.by(() => countAll(this.looked, this.#spans(), this.confidence));
  readonly totals = $derived.by(() => totalsOf(this.counted));
  readonly bins = $derived.by(() => binsOf(this.counted));

  constructor(session: Session, spans: () => readonly Span[]) {
    this.#session = session;
    this.#spans = spans;
  }

  /** Reads the chosen camera's detector, and what it found. @throws AppError `storage-failed` */
  async read(): Promise<void> {
    const { chosen: camera } = this.#session.cameras;
    const { db } = this.#session;
    if (!camera || this.#shelf?.cameraId === camera.id) return;
    const turn = ++this.#turn;
    this.notLooked = new Map();
    this.offer = null;
    const detector = await loadDetectorOf(db, camera.id);
    const found = detector
      ? await loadDetections(db, camera.id, detector.sha256)
      : new Map<string, Detections>();
    if (turn === this.#turn) this.#shelf = { cameraId: camera.id, detector, found };
  }

  /**
   * Takes in a detector's ONNX file: it is read, tried on a grey picture, and becomes the camera's; where another has found
   * something on the camera's snapshots it is offered first.
   *
   * @throws AppError that says why it can't be used; then nothing changes
   */
  async add(given: File): Promise<void> {
    const session = this.#session;
    session.work.mustWrite();
    refuseLarger(given, LARGEST_MODEL);
    await this.read();
    const shelf = this.#shown;
    if (!shelf) return;
    const name = plainName(given.name);
    this.#stopTrial.abort();
    const stop = new AbortController();
    this.#stopTrial = stop;
    this.trial = name;
    try {
      const file = await given.arrayBuffer().catch((error: unknown) => {
        throw new AppError('file-unreadable', name, { cause: error });
      });
      const sum = await sha256(file);
      if (sum === shelf.detector?.sha256) return;
      const known = (await loadDetectors(session.db)).find((detector) => detector.sha256 === sum);
      const tried = known ?? (await tryOut(file, stop.signal));
      const more = { sha256: sum, name, bytes: file.byteLength, addedAt: session.cameras.now() };
      const offer = { cameraId: shelf.cameraId, detector: { ...tried, ...more }, file };
      if (shelf.found.size > 0) this.offer = offer;
      else await this.#use(offer);
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    } finally {
      if (this.#stopTrial === stop) this.trial = null;
    }
  }

  cancelTrial(): void {
    this.#stopTrial.abort();
  }

  async accept(): Promise<void> {
    const { offer } = this;
    this.offer = null;
    if (offer) await this.#use(offer);
  }

  /** Forgets the camera's detector and all that it found on the camera's snapshots. */
  async forget(): Promise<void> {
    const session = this.#session;
    const shelf = this.#shown;
    if (!shelf?.detector) return;
    await this.#end();
    await replaceDetector(session.db, shelf.cameraId, shelf.detector.sha256, null);
    this.#shelf = { cameraId: shelf.cameraId, detector: null, found: new Map() };
  }

  async #use({ cameraId, detector, file }: Offer): Promise<void> {
    const session = this.#session;
    const former = this.#shown?.cameraId === cameraId ? this.#shown.detector : null;
    await this.#end();
    await saveDetector(session.db, detector, file);
    if (former) await replaceDetector(session.db, cameraId, former.sha256, detector.sha256);
    this.#shelf = null;
    await this.read();
  }

  /** Ends a run: what it still writes would be left over. */
  async #end(): Promise<void> {
    this.#session.work.mustWrite();
    this.cancel();
    await this.#ended;
  }

  /** Files are given again, for snapshots that no file was found of. */
  async give(files: readonly File[]): Promise<void> {
    const session = this.#session;
    const opened = await session.arrivals.open(files);
    const { snapshots } = sortFiles(opened.files);
    session.filesAtHand.note(snapshots);
    await this.run();
  }

  /** Looks at the snapshots that the detector has not seen, the newest first. @throws AppError what stopped it */
  async run(): Promise<void> {
    const running = this.#run();
    this.#ended = running.catch(() => undefined);
    await running;
  }

  async #run(): Promise<void> {
    const session = this.#session;
    const { detector } = this;
    const { chosen: camera } = session.cameras;
    if (!camera || !detector || this.isRunning) return;
    session.work.mustWrite();
    await session.history.whole;
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
      if (shelf?.cameraId !== camera.id || shelf.detector?.sha256 !== detector.sha256) return;
      this.notLooked = new Map(notLooked);
      if (found.length === 0) return;
      const all = new Map(shelf.found);
      for (const row of found) all.set(row.jobId, row);
      this.#shelf = { ...shelf, found: all };
    };
    const overlap = OVERLAPS[detector.layout];
    const eye = new Eye(() => this.#fileOf(detector), stop.signal);
    try {
      for (const job of waiting) {
        await this.#untilAtRest(camera.id, stop);
        const found = await this.#look(job, eye, overlap);
        if (typeof found === 'string') notLooked.set(job.id, found);
        else {
          const seenBy = { jobId: job.id, cameraId: camera.id, detectorSha256: detector.sha256 };
          kept.push({ ...seenBy, ...found, overlap, madeAt: session.cameras.now() });
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
    for await (const file of this.#session.filesAtHand.of(job)) {
      if (isEncoded(file)) continue;
      const plain = await unpacked(file).catch(() => null);
      const bytes = await plain?.arrayBuffer().catch(() => null);
      if (plain && bytes && (await sha256(bytes)) === job.contentSha256) return plain;
    }
    return null;
  }

  save(what: 'counts' | 'boxes'): void {
    const { chosen: camera } = this.#session.cameras;
    const { detector, confidence } = this;
    if (!camera || !detector) return;
    const text =
      what === 'counts'
        ? countsCsv(this.counted, detector.classes)
        : boxesCsv(this.looked, detector.classes, confidence);
    download(text, fileNameFrom(camera.name, 'detections', `${what}.csv`), 'text/csv');
  }

  async #fileOf({ sha256: sum, name }: StoredDetector): Promise<ArrayBuffer> {
    const file = await loadDetectorFile(this.#session.db, sum);
    if (!file) throw new AppError('model-missing', name);
    return file;
  }

  /** @returns why it was not looked at, or what was found */
  async #look(job: CompletedJob, eye: Eye, overlap: number | null) {
    let why: NotLooked = 'no-file';
    for await (const file of this.#session.filesAtHand.of(job)) {
      if (isEncoded(file)) continue;
      const seen = await eye.look(file, job.contentSha256, overlap ?? 1);
      if (seen === 'failed') why = seen;
      else if (seen) return seen;
    }
    return why;
  }

  /** A person, and what is scored, go first. @throws the reason when it was stopped, or another camera is looked at */
  async #untilAtRest(cameraId: string, stop: AbortController): Promise<void> {
    const session = this.#session;
    while (!session.work.isAtRest && !stop.signal.aborted) {
      this.isGivingWay = true;
      this.progress.pause();
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY));
    }
    this.isGivingWay = false;
    this.progress.resume();
    if (session.cameras.chosen?.id !== cameraId) stop.abort();
    stop.signal.throwIfAborted();
  }
}

async function tryOut(file: ArrayBuffer, signal: AbortSignal) {
  const finder = await Finder.open(file, signal);
  finder.end();
  return finder.tried;
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
      return 'failed';
    }
  }

  close(): void {
    this.#finder?.end();
  }
}
