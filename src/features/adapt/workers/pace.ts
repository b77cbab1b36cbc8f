import { adaptableOf } from '../pure/adapted-model';
import { HEAD_PARTS, type Transform } from '../../../core/domain/model/model';
import type { ModelSource } from '../../../core/encoder/encoder-api';
import { AdaptationCrew, together } from './adaptation-crew';
import { TRIAL_LENSES } from './judging';

/** Milliseconds of one worker for each: a snapshot read, a view, a step of a fit, a look, a lens. */
export interface Pace {
  readonly reads: number;
  readonly views: number;
  readonly steps: number;
  readonly looks: number;
  readonly lenses: number;
}

/** About as on two cores of 2.8 GHz: by it progress is told until this device's own is known. */
export const USUAL_PACE: Pace = { reads: 20, views: 28, steps: 2.2, looks: 8, lenses: 20 };

/** Its multiples look random in their highest bits (Knuth, TAOCP 3, 6.4). */
const SCATTER = 2_654_435_761;
const VIEWS = 2;
const STEPS = 6;
/** of the first ones, the browser compiles the code */
const WARM_UP = 2;

/**
 * Measures in about two seconds how long adapting takes on this device, by doing a little of it on made-up pictures.
 *
 * @param signal - ends it
 * @throws AppError what opening the model showed, or `worker-ended`; the signal's reason
 */
export async function measurePace(
  model: ModelSource,
  transform: Transform,
  signal: AbortSignal,
): Promise<Pace> {
  const crew = new AdaptationCrew(together(signal), ['adaptation pace']);
  try {
    await crew.open(model, transform);
    const { manifest } = model;
    const { condition, content } = adaptableOf(manifest);
    const { height, width } = manifest.input;
    const ids = Array.from({ length: 2 * HEAD_PARTS }, (_, id) => id);
    for (const id of ids) {
      const pixels = new Uint8Array(3 * height * width);
      for (let i = 0; i < pixels.length; i++) pixels[i] = Math.imul(i + id, SCATTER) >>> 24;
      await crew.tell(id, (api) => api.keep(id, pixels.buffer));
    }
    const view = (id: number) => crew.ask(0, (api) => api.view(id, id, VIEWS, 1, id));
    await inTurn(ids.slice(0, WARM_UP), view);
    const { result: late, time: viewed } = await timed(() => inTurn(ids.slice(WARM_UP), view));
    const size = { hidden: condition.hidden, numbers: manifest.embeddingLength - content.numbers };
    await crew.ask(0, (api) => api.beginFit(size, 0, 1));
    await crew.ask(0, (api) => api.fit(WARM_UP));
    const { time: fitted } = await timed(() => crew.ask(0, (api) => api.fit(STEPS)));
    const { time: looked } = await timed(() => crew.ask(0, (api) => api.look(ids, null, 1)));
    // The kinds take between a moment and some time: some of each.
    const some = TRIAL_LENSES.filter((_, i) => i % 10 === 8);
    const { time: through } = await timed(() =>
      inTurn(some, (lens) => crew.ask(0, (api) => api.look([0], lens, 1))),
    );
    const looks = looked / ids.length;
    return {
      // A file is decoded and described in about the time of a look, on every machine that was tried.
      reads: 2 * looks,
      views: viewed / (VIEWS * late.length),
      steps: fitted / STEPS,
      looks,
      lenses: Math.max(through / some.length - looks, 0),
    };
  } finally {
    crew.close();
  }
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly time: number }> {
  const begunAt = performance.now();
  const result = await work();
  return { result, time: performance.now() - begunAt };
}

async function inTurn<Item, T>(items: readonly Item[], work: (item: Item) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
