import { transfer } from 'comlink';
import { spreadSample } from '../../../core/domain/drift/sets';
import { valueOf } from '../../../core/domain/errors';
import type { Transform } from '../../../core/domain/model/model';
import type { ManifestDraft } from '../../../core/domain/model/model-file';
import {
  isBetter,
  refusalOfVersion,
  type Before,
  type BestVersion,
  type JudgedVersion,
  type Part,
  type Trained,
  type TrainingPicture,
} from '../../../core/domain/model/training-course';
import type { ModelSource } from '../../../core/encoder/encoder-api';
import { WorkerHandle, type WorkerOptions } from '../../../core/thread/worker-handle';
import type { Made } from './adaptation-api';
import { AdaptationCrew, together } from './adaptation-crew';
import { evidenceSize, TRIAL_LENSES, lookAtAll, type Parts } from './judging';
import type { Readings, ReadSnapshot } from './reader';
import type { PainterApi, TrainerApi } from './training-api';
import { seenBy, type JudgedBy } from './trial';

/** Of more, a sample, spread over all, stands for all: each judgement would take longer than it is worth. */
const MOST: Readonly<Record<Part, number>> = { fitted: 120, 'kept-out': 40, dirty: 30 };
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
  readonly onJudged: (judged: { readonly latest: JudgedVersion; readonly best: BestVersion | null }) => void;
  /** the state is the receiver's own */
  readonly onSave: (state: Trained) => Promise<void>;
}

/** The snapshots that a training uses of those that were read, in the order in which it keeps them. */
export function usedOf({ parts }: Readings): readonly (ReadSnapshot & { readonly part: Part })[] {
  return (['fitted', 'kept-out', 'dirty'] as const).flatMap((part) =>
    spreadSample(parts[part], MOST[part]).map((snapshot) => ({ ...snapshot, part })),
  );
}

/**
 * Trains a whole model until it is told to stop: one worker does the steps, another makes what the next one learns
 * from, and every so often a third tries the version of then on the days kept out, while the training goes on. The best
 * one is kept.
 *
 * @param pictures - of `usedOf`; their pixels are handed over
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
  const judge = new AdaptationCrew(options, ['training trials']);
  try {
    const { port1, port2 } = new MessageChannel();
    await painter.call((api) => api.serve(transfer(port1, [port1])));
    const own = copyOf(model);
    valueOf(
      await trainer.call((api) =>
        api.open(transfer(own, [own.bytes]), transform, from?.state ?? null, transfer(port2, [port2])),
      ),
    );
    await judge.open(model, transform);
    const parts: Record<Part, Parts[Part][number][]> = { fitted: [], 'kept-out': [], dirty: [] };
    let id = 0;
    for await (const { part, capturedAt, pixels } of pictures) {
      parts[part].push({ id, capturedAt });
      if (part === 'fitted') {
        const copy = pixels.slice(0);
        await painter.call((api) => api.keep(transfer(copy, [copy])));
      }
      await judge.tell(id++, (api, id) => api.keep(id, transfer(pixels, [pixels])));
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
  readonly #parts: Parts;
  readonly #judge: AdaptationCrew;
  #before: Before | null;
  #best: BestVersion | null;
  #latest = 0;
  #running: Promise<void> | null = null;
  #failure: unknown = null;
  #dueAt = performance.now() + JUDGED_AFTER;

  constructor(request: TrainingRequest, parts: Parts, judge: AdaptationCrew) {
    this.#request = request;
    this.#parts = parts;
    this.#judge = judge;
    // What was judged before more kinds of dirt could be drawn is judged anew.
    const isOfToday = request.before?.performance.fouled.length === TRIAL_LENSES.length;
    this.#before = isOfToday ? request.before : null;
    this.#best = request.best;
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
    if (!this.#before) {
      const { error, performance } = await this.#judgeOne(null, present);
      const [of, others] = [this.#idsOf('fitted'), this.#idsOf('kept-out')];
      const meanPicture = await this.#judge.ask(0, (api) => api.meanPicture(of, others));
      this.#before = { error, performance, meanPicture };
      onBefore(this.#before);
    }
    const { error: before, meanPicture, performance: judgedBefore } = this.#before;
    // The losses know nothing of limits that were calibrated for other embeddings.
    const { error, performance, embeddings } = await this.#judgeOne(mean, model.manifest);
    const facts = evidenceSize(this.#parts);
    const { keptOut, keptOutDays } = facts;
    const rebuilding = { keptOut, keptOutDays, before, after: error, meanPicture };
    const evidence = { ...facts, before: judgedBefore, after: performance };
    const refusal = refusalOfVersion(evidence, rebuilding);
    const latest: JudgedVersion = { step, rebuilding, evidence, refusal };
    if (!refusal && (!this.#best || isBetter(latest, this.#best))) {
      this.#best = { ...latest, mean, embeddings };
    }
    this.#latest = step;
    onJudged({ latest, best: this.#best });
  }

  async #judgeOne(weights: Float32Array<ArrayBuffer> | null, by: JudgedBy) {
    const judge = this.#judge;
    await judge.ask(0, (api) => api.use(weights));
    const error = await judge.ask(0, (api) => api.rebuild(this.#idsOf('kept-out')));
    const looks = await lookAtAll(judge, this.#parts, by.detector.windowSize);
    const seen = seenBy(looks, ({ embedding }) => embedding);
    const { detector, thresholds } = by;
    const performance = await judge.ask(0, (api) => api.rate(seen, { detector, thresholds }));
    return { error, performance, embeddings: [...seen.reference, ...seen.clean] };
  }

  #idsOf(part: Part): readonly number[] {
    return this.#parts[part].map(({ id }) => id);
  }
}

/** Writes the best version into the model's file, opens it as anyone who uses it will, and describes it. */
export async function makeTrained(
  model: ModelSource,
  best: BestVersion,
  draft: ManifestDraft,
): Promise<Made> {
  const judge = new AdaptationCrew(together(), ['training trials']);
  try {
    return await judge.ask(0, (api) => api.make(model, best.mean, draft));
  } finally {
    judge.close();
  }
}

function copyOf(model: ModelSource): ModelSource {
  return { ...model, bytes: model.bytes.slice(0) };
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
