import type { ManifestDraft } from '../domain/model-file';
import { transfer, wrap } from 'comlink';
import { dayOf } from '../domain/calibration';
import { FEWEST_DAYS, FEWEST_SNAPSHOTS, keepOut } from '../domain/adaptation-evidence';
import { AppError, valueOf } from '../domain/errors';
import type { Transform } from '../domain/model';
import type { Rebuilding } from '../domain/rebuilding';
import { spreadSample } from '../domain/sets';
import type { BestVersion, Trained, TrainingPicture } from '../domain/training-course';
import type { ModelSource } from '../encoder/api';
import type { Made } from './api';
import type { PainterApi, TrainerApi } from './training-api';

/** More are not read: of them a sample, spread over all, stands for all. */
const MOST = 160;
/** Days are kept out until there is a usual window of snapshots to rebuild. */
const WINDOW = 12;
/** More kept-out ones would make each judgement take longer than it is worth. */
const MOST_KEPT_OUT = 40;
/** Milliseconds of training between two judgements; the first comes sooner, so that there is something to see. */
const JUDGED_EVERY = { first: 20_000, then: 60_000 };
/** Milliseconds between two savings of the state, 5 MB; the first comes sooner. */
const SAVED_EVERY = { first: 4_000, then: 30_000 };

export interface TrainingRequest {
  readonly model: ModelSource;
  readonly transform: Transform;
  /** what it goes on from; null at the beginning */
  readonly from: { readonly step: number; readonly state: Trained } | null;
  readonly best: BestVersion | null;
  /** ends it at once, whatever it is at; `stop` ends it with a judgement */
  readonly signal: AbortSignal;
  /** asked after each step */
  readonly mustStop: () => boolean;
  /** called before the first step */
  readonly onBegin: () => void;
  readonly onStep: (step: number, loss: number) => void;
  readonly onJudged: (judged: { readonly rebuilding: Rebuilding; readonly best: BestVersion }) => void;
  /** the state is the receiver's own */
  readonly onSave: (step: number, state: Trained) => Promise<void>;
}

/**
 * Reads snapshots for a training; the same picture twice is used once.
 *
 * @throws AppError `adaptation-too-few` when too few can be read or they are of too few days
 */
export async function readPictures(
  snapshots: readonly { readonly file: File; readonly capturedAt: number }[],
  transform: Transform,
  signal: AbortSignal,
  onRead: (share: number) => void,
): Promise<TrainingPicture[]> {
  const painter = startPainter(endOf(signal));
  try {
    const seen = new Set<string>();
    const read: Omit<TrainingPicture, 'isKeptOut'>[] = [];
    const some = spreadSample(snapshots, MOST);
    for (const [i, { file, capturedAt }] of some.entries()) {
      const picture = valueOf(await painter.ask((api) => api.read(file, transform)));
      onRead((i + 1) / some.length);
      if (!picture.ok || seen.has(picture.contentSha256)) continue;
      seen.add(picture.contentSha256);
      read.push({ capturedAt, pixels: picture.pixels.buffer });
    }
    const split = keepOut(read, WINDOW);
    if (!split || read.length < FEWEST_SNAPSHOTS || daysOf(read) < FEWEST_DAYS) {
      throw new AppError('adaptation-too-few', `${read.length} snapshots of ${daysOf(read)} days`);
    }
    const as = (isKeptOut: boolean) => (picture: (typeof read)[number]) => ({ ...picture, isKeptOut });
    const { fitted, keptOut } = split;
    return [...fitted.map(as(false)), ...spreadSample(keptOut, MOST_KEPT_OUT).map(as(true))];
  } finally {
    painter.end();
  }
}

/**
 * Trains a model's decoder until it is told to stop: one worker does the steps, another makes what the next one
 * learns from. Every so often the version is tried on the days kept out, and the best one is kept.
 *
 * @param pictures - their buffers are handed over
 * @returns the state after the last step
 * @throws AppError `model-not-adaptable`, `training-diverged`, `worker-lost`, or what opening the model showed; the
 *   signal's reason when it was aborted
 */
export async function train(
  request: TrainingRequest,
  pictures: AsyncIterable<TrainingPicture> | Iterable<TrainingPicture>,
): Promise<{ readonly step: number; readonly state: Trained }> {
  const { model, transform, from } = request;
  const end = endOf(request.signal);
  const painter = startPainter(end);
  const trainer = startTrainer(end);
  try {
    const copy = { ...model, bytes: model.bytes.slice(0) };
    const { port1, port2 } = new MessageChannel();
    await painter.ask((api) => api.serve(transfer(port1, [port1])));
    valueOf(
      await trainer.ask((api) =>
        api.open(transfer(copy, [copy.bytes]), transform, from?.state ?? null, transfer(port2, [port2])),
      ),
    );
    const keptOut: number[] = [];
    for await (const { isKeptOut, capturedAt, pixels } of pictures) {
      if (isKeptOut) {
        keptOut.push(capturedAt);
        await trainer.ask((api) => api.keep(transfer(pixels, [pixels])));
      } else await painter.ask((api) => api.keep(transfer(pixels, [pixels])));
    }
    let step = from?.step ?? 0;
    let { best } = request;
    const facts = {
      keptOut: keptOut.length,
      keptOutDays: daysOf(keptOut.map((capturedAt) => ({ capturedAt }))),
      before: valueOf(await trainer.ask((api) => api.judge('before'))),
      meanPicture: await meanPictureError(painter, trainer),
    };
    const judge = async () => {
      const after = valueOf(await trainer.ask((api) => api.judge('after')));
      const rebuilding: Rebuilding = { ...facts, after };
      if (!best || after < best.rebuilding.after) {
        best = { step, mean: (await trainer.ask((api) => api.state())).mean, rebuilding };
      }
      request.onJudged({ rebuilding, best });
    };

    request.onBegin();
    let judgedAt = performance.now();
    let savedAt = judgedAt;
    let judgeAfter = best ? JUDGED_EVERY.then : JUDGED_EVERY.first;
    let saveAfter = SAVED_EVERY.first;
    let judgedStep = step;
    while (!request.mustStop()) {
      const loss = valueOf(await trainer.ask((api) => api.step(step + 1)));
      step += 1;
      request.onStep(step, loss);
      const isDue = performance.now() - judgedAt > judgeAfter;
      if (isDue) {
        await judge();
        judgedAt = performance.now();
        judgedStep = step;
        judgeAfter = JUDGED_EVERY.then;
      }
      if (isDue || performance.now() - savedAt > saveAfter) {
        await request.onSave(step, await trainer.ask((api) => api.state()));
        savedAt = performance.now();
        saveAfter = SAVED_EVERY.then;
      }
    }
    if (judgedStep < step || !best) await judge();
    return { step, state: await trainer.ask((api) => api.state()) };
  } finally {
    painter.end();
    trainer.end();
  }
}

/** Writes the best version into the model's file, opens it as anyone who uses it will, and describes it. */
export async function makeTrained(
  model: ModelSource,
  best: BestVersion,
  draft: ManifestDraft,
): Promise<Made> {
  const trainer = startTrainer(new AbortController());
  try {
    return valueOf(await trainer.ask((api) => api.make(model, best.mean, draft)));
  } finally {
    trainer.end();
  }
}

async function meanPictureError(painter: Helper<PainterApi>, trainer: Helper<TrainerApi>): Promise<number> {
  const mean = await painter.ask((api) => api.mean());
  return trainer.ask((api) => api.compare(transfer(mean, [mean.buffer])));
}

function daysOf(snapshots: readonly { readonly capturedAt: number }[]): number {
  return new Set(snapshots.map(({ capturedAt }) => dayOf(capturedAt))).size;
}

/** What ends workers that need each other: when one is lost, whoever waits for the other hears of it too. */
function endOf(signal: AbortSignal): AbortController {
  const end = new AbortController();
  const follow = () => {
    end.abort(signal.reason);
  };
  if (signal.aborted) follow();
  signal.addEventListener('abort', follow);
  return end;
}

interface Helper<Api> {
  /** @throws AppError `worker-lost`; the reason of what ended it */
  readonly ask: <T>(question: (api: Api) => Promise<T>) => Promise<T>;
  readonly end: () => void;
}

function startPainter(end: AbortController): Helper<PainterApi> {
  const worker = new Worker(new URL('./painter.worker.ts', import.meta.url), {
    type: 'module',
    name: 'training views',
  });
  return helper<PainterApi>(worker, wrap<PainterApi>(worker), end);
}

function startTrainer(end: AbortController): Helper<TrainerApi> {
  const worker = new Worker(new URL('./trainer.worker.ts', import.meta.url), {
    type: 'module',
    name: 'training',
  });
  return helper<TrainerApi>(worker, wrap<TrainerApi>(worker), end);
}

function helper<Api>(worker: Worker, api: Api, end: AbortController): Helper<Api> {
  const { signal } = end;
  worker.addEventListener('error', (event) => {
    end.abort(new AppError('worker-lost', event.message));
  });
  const ended = new Promise<never>((_, reject) => {
    const stop = () => {
      worker.terminate();
      reject(signal.reason as Error);
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
  });
  ended.catch(() => undefined);
  return {
    ask: (question) => Promise.race([question(api), ended]),
    end: () => {
      worker.terminate();
    },
  };
}
