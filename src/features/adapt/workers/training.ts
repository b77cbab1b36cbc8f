import { transfer } from 'comlink';
import {
  FEWEST_DAYS,
  FEWEST_SNAPSHOTS,
  keepOut,
  type AdaptationEvidence,
} from '../../../core/domain/model/adaptation-evidence';
import { dayOf } from '../../../core/domain/drift/calibration';
import { AppError, valueOf } from '../../../core/domain/errors';
import type { Transform } from '../../../core/domain/model/model';
import type { ManifestDraft } from '../../../core/domain/model/model-file';
import { spreadSample } from '../../../core/domain/drift/sets';
import {
  isBetter,
  refusalOfVersion,
  type Before,
  type BestVersion,
  type Judged,
  type Part,
  type Trained,
  type TrainingPicture,
} from '../../../core/domain/model/training-course';
import type { ModelSource } from '../../../core/encoder/api';
import { WorkerHandle, type WorkerOptions } from '../../../core/thread/worker-handle';
import type { Made } from './api';
import { together } from './crew';
import { LENSES } from './lenses';
import type { JudgeApi, PainterApi, TrainerApi } from './training-api';
import type { JudgedBy } from './trial';

/** More are not read: of them a sample, spread over all, stands for all. */
const MOST = 160;
/** Days are kept out until there is a usual window of snapshots to judge. */
const WINDOW = 12;
/** More kept-out ones would make each judgement take longer than it is worth. */
const MOST_KEPT_OUT = 40;
const MOST_DIRTY = 30;
/** Milliseconds until the first judgement; then they take a fifth of the time, and no less lies between two. */
const JUDGED_AFTER = 60_000;
const JUDGED_SHARE = 1 / 5;
/** Milliseconds between two savings of the state, 13 MB; the first comes sooner. */
const SAVED_EVERY = { first: 4_000, then: 30_000 };

export interface TrainingRequest {
  readonly model: ModelSource;
  readonly transform: Transform;
  /** how the camera judges now */
  readonly present: JudgedBy;
  /** what it goes on from; null at the beginning */
  readonly from: { readonly step: number; readonly state: Trained } | null;
  /** null until something was judged */
  readonly before: Before | null;
  readonly best: BestVersion | null;
  /** ends it at once, whatever it is at; `mustStop` ends it with a judgement */
  readonly signal: AbortSignal;
  /** asked after each step */
  readonly mustStop: () => boolean;
  /** called before the first step */
  readonly onBegin: () => void;
  readonly onStep: (step: number, loss: number) => void;
  /** called when the training has ended and was saved, and its last version is yet to be tried */
  readonly onTrying: () => void;
  readonly onBefore: (before: Before) => void;
  readonly onJudged: (judged: { readonly latest: Judged; readonly best: BestVersion | null }) => void;
  /** the state is the receiver's own */
  readonly onSave: (state: Trained) => Promise<void>;
}

interface GivenSnapshot {
  readonly file: File;
  readonly imageName: string;
  readonly capturedAt: number;
}

/**
 * Reads snapshots for a training; the same picture twice is used once, and one that was given as dirty is not learned
 * from.
 *
 * @param given - each kind in capture order
 * @returns the fitted ones, the kept-out ones, the dirty ones
 * @throws AppError `adaptation-too-few` when too few can be read or they are of too few days
 */
export async function readPictures(
  given: { readonly clean: readonly GivenSnapshot[]; readonly dirty: readonly GivenSnapshot[] },
  transform: Transform,
  signal: AbortSignal,
  onRead: (share: number) => void,
): Promise<TrainingPicture[]> {
  const painter = startPainter(together(signal));
  const clean = spreadSample(given.clean, MOST);
  const dirty = spreadSample(given.dirty, MOST_DIRTY);
  const seen = new Set<string>();
  let done = 0;
  const read = async (snapshots: readonly GivenSnapshot[]) => {
    const pictures: Omit<TrainingPicture, 'part'>[] = [];
    for (const { file, imageName: name, capturedAt } of snapshots) {
      const picture = valueOf(await painter.call((api) => api.read(file, transform)));
      done += 1;
      onRead(done / (clean.length + dirty.length));
      if (!picture || seen.has(picture.contentSha256)) continue;
      const { contentSha256, properties, thumbnail, pixels } = picture;
      seen.add(contentSha256);
      pictures.push({ name, capturedAt, properties, thumbnail, pixels });
    }
    return pictures;
  };
  try {
    const soiled = await read(dirty);
    const calm = await read(clean);
    const split = keepOut(calm, WINDOW);
    if (!split || calm.length < FEWEST_SNAPSHOTS || daysOf(calm) < FEWEST_DAYS) {
      throw new AppError('adaptation-too-few', {
        code: 'clean-set',
        snapshots: calm.length,
        days: daysOf(calm),
      });
    }
    const as = (part: Part) => (picture: (typeof calm)[number]) => ({ ...picture, part });
    return [
      ...split.fitted.map(as('fitted')),
      ...spreadSample(split.keptOut, MOST_KEPT_OUT).map(as('kept-out')),
      ...soiled.map(as('dirty')),
    ];
  } finally {
    painter.end();
  }
}

/**
 * Trains a whole model until it is told to stop: one worker does the steps, another makes what the next one learns
 * from, and every so often a third tries the version of then on the days kept out, while the training goes on. The best
 * one is kept.
 *
 * @param pictures - as `readPictures` gave them; their pixels are handed over
 * @throws AppError `model-not-adaptable`, `training-diverged`, `worker-ended`, or what opening the model showed; the
 *   signal's reason when it was aborted
 */
export async function train(
  request: TrainingRequest,
  pictures: AsyncIterable<TrainingPicture> | Iterable<TrainingPicture>,
): Promise<void> {
  const { model, transform, from } = request;
  const options = together(request.signal);
  const painter = startPainter(options);
  const trainer = startTrainer(options);
  const judge = startJudge(options);
  try {
    const { port1, port2 } = new MessageChannel();
    await painter.call((api) => api.serve(transfer(port1, [port1])));
    const own = copyOf(model);
    valueOf(
      await trainer.call((api) =>
        api.open(transfer(own, [own.bytes]), transform, from?.state ?? null, transfer(port2, [port2])),
      ),
    );
    const judged = copyOf(model);
    valueOf(await judge.call((api) => api.open(transfer(judged, [judged.bytes]), transform)));
    const parts: Record<Part, { readonly capturedAt: number }[]> = { fitted: [], 'kept-out': [], dirty: [] };
    for await (const { part, capturedAt, pixels } of pictures) {
      parts[part].push({ capturedAt });
      if (part === 'fitted') {
        const copy = pixels.slice(0);
        await painter.call((api) => api.keep(transfer(copy, [copy])));
      }
      await judge.call((api) => api.keep(part, transfer(pixels, [pixels])));
    }
    const versions = new Versions(request, parts, judge);

    let step = from?.step ?? 0;
    const stateNow = () => trainer.call((api) => api.state());
    request.onBegin();
    let savedAt = performance.now();
    let saveAfter = SAVED_EVERY.first;
    while (!request.mustStop()) {
      const loss = valueOf(await trainer.call((api) => api.step(step + 1)));
      step += 1;
      request.onStep(step, loss);
      if (versions.isDue) versions.begin(step, (await stateNow()).mean);
      if (performance.now() - savedAt > saveAfter) {
        await request.onSave(await stateNow());
        savedAt = performance.now();
        saveAfter = SAVED_EVERY.then;
      }
    }
    const state = await stateNow();
    await request.onSave(state);
    request.onTrying();
    // The best version may not share a buffer with the state.
    await versions.finish(step, state.mean.slice());
  } finally {
    // and the others with it
    trainer.end();
  }
}

/** Tries one version after the other, while the training goes on. */
class Versions {
  readonly #request: TrainingRequest;
  readonly #facts: Pick<
    AdaptationEvidence,
    'fitted' | 'fittedDays' | 'keptOut' | 'keptOutDays' | 'dirtySnapshots' | 'lenses'
  >;
  readonly #judge: WorkerHandle<JudgeApi>;
  #before: Before | null;
  #best: BestVersion | null;
  #latest = 0;
  #running: Promise<void> | null = null;
  #failure: unknown = null;
  #dueAt = performance.now() + JUDGED_AFTER;

  constructor(
    request: TrainingRequest,
    parts: Readonly<Record<Part, readonly { readonly capturedAt: number }[]>>,
    judge: WorkerHandle<JudgeApi>,
  ) {
    this.#request = request;
    this.#judge = judge;
    this.#before = request.before;
    this.#best = request.best;
    this.#facts = {
      fitted: parts.fitted.length,
      fittedDays: daysOf(parts.fitted),
      keptOut: parts['kept-out'].length,
      keptOutDays: daysOf(parts['kept-out']),
      dirtySnapshots: parts.dirty.length,
      lenses: LENSES.map(({ kind, severity }) => ({ kind, severity })),
    };
  }

  /** @throws what the last judgement failed with */
  get isDue(): boolean {
    if (this.#failure !== null) throw this.#failure as Error;
    return this.#running === null && performance.now() > this.#dueAt;
  }

  begin(step: number, mean: Float32Array<ArrayBuffer>): void {
    const begunAt = performance.now();
    this.#running = this.#try(step, mean)
      .catch((error: unknown) => {
        this.#failure = error;
      })
      .finally(() => {
        const now = performance.now();
        this.#dueAt = now + Math.max(JUDGED_AFTER, (now - begunAt) * (1 / JUDGED_SHARE - 1));
        this.#running = null;
      });
  }

  /** Tries the last version, if it wasn't. */
  async finish(step: number, mean: Float32Array<ArrayBuffer>): Promise<void> {
    await this.#running;
    if (this.#failure !== null) throw this.#failure as Error;
    if (this.#latest !== step) await this.#try(step, mean);
  }

  async #try(step: number, mean: Float32Array<ArrayBuffer>): Promise<void> {
    const { model, present, onBefore, onJudged } = this.#request;
    const { detector, thresholds } = model.manifest;
    if (!this.#before) {
      const { error, performance } = valueOf(await this.#judge.call((api) => api.judge(null, present)));
      const meanPicture = await this.#judge.call((api) => api.meanPicture());
      this.#before = { error, performance, meanPicture };
      onBefore(this.#before);
    }
    const { error: before, meanPicture, performance: judgedBefore } = this.#before;
    const { error, performance, embeddings } = valueOf(
      // The losses know nothing of limits that were calibrated for other embeddings.
      await this.#judge.call((api) => api.judge(mean, { detector, thresholds })),
    );
    const { keptOut, keptOutDays } = this.#facts;
    const rebuilding = { keptOut, keptOutDays, before, after: error, meanPicture };
    const evidence = { ...this.#facts, before: judgedBefore, after: performance };
    const refusal = refusalOfVersion(evidence, rebuilding);
    const latest: Judged = { step, rebuilding, evidence, refusal };
    if (!refusal && (!this.#best || isBetter(latest, this.#best))) {
      this.#best = { ...latest, mean, embeddings };
    }
    this.#latest = step;
    onJudged({ latest, best: this.#best });
  }
}

/** Writes the best version into the model's file, opens it as anyone who uses it will, and describes it. */
export async function makeTrained(
  model: ModelSource,
  best: BestVersion,
  draft: ManifestDraft,
): Promise<Made> {
  const judge = startJudge(together());
  try {
    return valueOf(await judge.call((api) => api.make(model, best.mean, draft)));
  } finally {
    judge.end();
  }
}

function copyOf(model: ModelSource): ModelSource {
  return { ...model, bytes: model.bytes.slice(0) };
}

function daysOf(snapshots: readonly { readonly capturedAt: number }[]): number {
  return new Set(snapshots.map(({ capturedAt }) => dayOf(capturedAt))).size;
}

function startPainter(options: WorkerOptions): WorkerHandle<PainterApi> {
  const name = 'training views';
  const create = () => new Worker(new URL('./painter.worker.ts', import.meta.url), { type: 'module', name });
  return new WorkerHandle(create, options);
}

function startTrainer(options: WorkerOptions): WorkerHandle<TrainerApi> {
  const name = 'training';
  const create = () => new Worker(new URL('./trainer.worker.ts', import.meta.url), { type: 'module', name });
  return new WorkerHandle(create, options);
}

function startJudge(options: WorkerOptions): WorkerHandle<JudgeApi> {
  const name = 'training trials';
  const create = () => new Worker(new URL('./judge.worker.ts', import.meta.url), { type: 'module', name });
  return new WorkerHandle(create, options);
}
