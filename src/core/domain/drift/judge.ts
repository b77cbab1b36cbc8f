import { blindnessOf } from './blindness';
import type { Blindness } from './detectors/detector';
import { createDetector, type Detector } from './detectors';
import type { Embedding } from './embedding';
import type { Judging } from './judging';
import { Alarm } from './persistence';
import type { DriftStatus } from './thresholds';

export interface Judgement {
  /** null while the window fills */
  readonly distance: number | null;
  /** how many embeddings the window holds, this one included */
  readonly windowFill: number;
  readonly driftStatus: DriftStatus;
  /** why nothing can be told; there is no distance then, and pages that don't know this take the window for unfilled */
  readonly blindness?: Blindness;
}

/** A blind detector's "clear" is dropped; an alarm stays. */
export function withoutSight<T extends Pick<Judgement, 'distance' | 'driftStatus'>>(
  judged: T,
  blindness: Blindness | null,
): T & Pick<Judgement, 'blindness'> {
  const isSilent = judged.driftStatus === 'normal' || judged.driftStatus === 'warming-up';
  if (blindness === null || !isSilent) return judged;
  return { ...judged, distance: null, driftStatus: 'warming-up', blindness };
}

/**
 * Judges embeddings in capture order: the detector's window and the alarm's memory together. Scoring for the first
 * time and replaying a history go through here, so that both say the same.
 */
export class Judge {
  readonly judging: Judging;
  readonly #blindness: Blindness | null;
  readonly #detector: Detector;
  readonly #alarm: Alarm;

  /**
   * @param hasKnownScale - how far dirt moves these embeddings is known, so that no reference blinds the detector
   * @throws AppError when the settings or the reference can't be used
   */
  constructor(judging: Judging, reference: readonly Embedding[], hasKnownScale = false) {
    this.judging = judging;
    this.#detector = createDetector(judging.detector);
    this.#detector.fit(reference);
    this.#blindness = hasKnownScale ? null : blindnessOf(reference, judging);
    this.#alarm = new Alarm(judging.thresholds, judging.persistence);
  }

  /** @throws AppError when the embedding can't be used; then the judge stays as it was */
  update(embedding: Embedding): Judgement {
    return this.conclude(this.measure(embedding));
  }

  /** Takes an embedding into the window. @returns its distance, null while the window fills. @throws as `update` */
  measure(embedding: Embedding): number | null {
    return this.#detector.update(embedding);
  }

  /** The judgement of a distance of the window. @param distance - null where nothing can be told */
  conclude(distance: number | null): Judgement {
    const driftStatus = this.#alarm.update(distance);
    return withoutSight({ distance, windowFill: this.#detector.windowFill, driftStatus }, this.#blindness);
  }

  /** how many embeddings the window holds */
  get windowFill(): number {
    return this.#detector.windowFill;
  }

  /** Empties the window and forgets the alarm, as after a cleaning; the reference stays. */
  empty(): void {
    this.#detector.empty();
    this.#alarm.reset();
  }

  /**
   * Makes it stand as after a stretch of stream that was judged before.
   *
   * @param window - the last embeddings before the next snapshot, oldest first; at most a window of them counts
   * @param distances - of the stretch that these settings judged, in order, null while the window filled
   * @param before - the verdict right before it by other settings: a standing alarm is not forgotten with them
   */
  restore(
    window: readonly Embedding[],
    distances: readonly (number | null)[],
    before: DriftStatus = 'normal',
  ): void {
    this.empty();
    for (const embedding of window) this.#detector.update(embedding);
    this.#alarm.stand(before);
    for (const distance of distances) this.#alarm.update(distance);
  }
}

/** The judgement of a snapshot of another view or of the dark: no window and no alarm takes it in. */
export function uncounted({ windowFill }: Judge): Judgement {
  return { distance: null, windowFill, driftStatus: 'warming-up' };
}
