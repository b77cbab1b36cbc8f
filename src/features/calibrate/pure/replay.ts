import type { Sighting } from '../../../core/domain/drift/calibration';
import type { Embedding } from '../../../core/domain/drift/embedding';
import { Judge, type Judgement } from '../../../core/domain/drift/judge';
import type { Judging } from '../../../core/domain/drift/judging';

export type Replayed = readonly Judgement[];

/** The settings of a replay. */
export interface ReplaySettings extends Judging {
  readonly reference: readonly Embedding[];
  /** the window before the first snapshot, oldest first */
  readonly warmUp: readonly Embedding[];
  /** times of cleanings, ascending, in milliseconds since 1970 */
  readonly cleanings: readonly number[];
}

/**
 * Judges a history as if these settings had been in force from its first snapshot on.
 *
 * Says of each snapshot what scoring it in capture order would have said, to the last bit.
 *
 * @param history - in capture order, all of one model; what shows another view, or the dark, is no part of it: scoring
 *   does not update the judge with it
 * @throws AppError when the settings, the reference or an embedding can't be used
 */
export function replay(history: readonly Sighting[], settings: ReplaySettings): Replayed {
  const judge = new Judge(settings, settings.reference);
  const { cleanings } = settings;
  let next = 0;
  const isPast = (at: number) => next < cleanings.length && cleanings[next]! <= at;
  const [first] = history;
  // A lens that was cleaned before the first snapshot starts from an empty window too.
  const startsClean = first !== undefined && isPast(first.capturedAt);
  if (!startsClean) judge.restore(settings.warmUp.slice(-settings.detector.windowSize), []);
  return history.map(({ capturedAt, embedding }) => {
    if (isPast(capturedAt)) judge.empty();
    while (isPast(capturedAt)) next += 1;
    return judge.update(embedding);
  });
}
