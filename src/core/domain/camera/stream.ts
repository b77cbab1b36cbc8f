import type { Embedding } from '../drift/embedding';
import { uncounted, type Judge, type Judgement } from '../drift/judge';
import type { GlassFit } from '../glass/glass';
import type { GlassSight } from '../glass/sight';
import { countedNeeded, GLASS_MEMORY, VISIT_MEMORY, type GlassFacts } from '../glass/glass-facts';
import { GlassJudge, type LearningSince } from '../glass/glass-judge';
import type { StandingAnswer } from '../glass/scene-change';
import type { Camera } from './camera';
import { breaksWindow, type CameraEvent } from './event';
import { historyKey, type CompletedJob } from './job';
import { isAnsweredFor, type Reference } from './reference';
import { isSetAside, isUntaught, learnedVerdictOf, standingAfter } from './verdict';
import { judgedOf } from './judged';
import { cleanMissing } from './reference-size';
import { isUnjudged, scoredJob, snapshotOf, unjudgedJob } from './snapshot-job';
import { warmUpEmbeddings } from './warm-up';

/** The camera, reference and fit that judge a stretch of snapshots. */
export interface StreamOf {
  readonly camera: Camera;
  /** the one in force */
  readonly reference: Reference;
  /** null where the reference has none */
  readonly fit: GlassFit | null;
  /** of the camera; the caller of `restore` and `empty` handles those that break a window */
  readonly events: readonly CameraEvent[];
}

/** A snapshot's embedding and sight. */
export interface Content {
  /** undefined if it is lost from storage */
  readonly embedding?: Embedding | undefined;
  /** through the fit; null if the fit can't be applied, as to another shape; undefined if it can't be looked at */
  readonly sight?: GlassSight | null | undefined;
}

/** The jobs before a snapshot that its judgement rests on. */
export interface Before {
  /** in capture order */
  readonly jobs: readonly CompletedJob[];
  /** when the windows were last emptied; null if never */
  readonly since: number | null;
  /** true if the reference came into force then: its own last snapshots stand in the windows */
  readonly isWarm?: boolean;
}

/**
 * Judges the snapshots of one camera in capture order, by one reference: its model's distance, growth, loss and view
 * together. Scoring, judging again and archives all use it and give the same result.
 */
export class Stream {
  readonly of: StreamOf;
  readonly #judge: Judge;
  readonly #glass: GlassJudge | null;
  /** clean pictures that the reference lacks: until it has them, nothing is judged */
  readonly #cleanMissing: number;
  /** the job right before the next one, since the windows were emptied last */
  #before: CompletedJob | null = null;

  /** @param judge - of the camera's settings and the reference, with nothing in its window */
  constructor(of: StreamOf, judge: Judge) {
    const { camera, reference, fit, events } = of;
    this.of = of;
    this.#judge = judge;
    this.#cleanMissing = cleanMissing(reference);
    this.#glass =
      fit &&
      new GlassJudge(fit, {
        windowSize: camera.detector.windowSize,
        persistence: camera.persistence,
        offGlass: reference.offGlass ?? fit.captions,
        isOwnModel: reference.isOwnModel ?? true,
        isWarm: camera.warmUp !== 'none',
        answers: standingAnswers(events, reference),
        begins: events.filter(breaksWindow).map(({ at }) => at),
      });
    this.restore({ jobs: [], since: null }, () => undefined);
  }

  /**
   * @param job - of the next snapshot; a part that can't be judged without its content stays as in the job
   * @param learns - null where the reference is the cycle's own
   */
  next(job: CompletedJob, { embedding, sight }: Content, learns: LearningSince | null = null): CompletedJob {
    if (this.#cleanMissing > 0) return this.#unjudged(job);
    const { reference } = this.of;
    const glass = this.#see(job, sight, learns) ?? (sight === null ? null : job.glass);
    const counts = !isSetAside({ glass: glass ?? null });
    const judgement = counts ? this.#learn(embedding, job) : uncounted(this.#judge);
    const isAwaited = glass === undefined && this.#glass !== null && reference.isOwnModel === false;
    const judged: CompletedJob = {
      ...scoredJob(snapshotOf(job), this.of, judgement, job.properties, glass),
      ...(job.byEye && { byEye: job.byEye }),
      ...(isAwaited && { awaitsGlass: true as const }),
    };
    this.#before = judged;
    return judged;
  }

  /** Empties the windows, as after a cleaning; keeps the memory of the view. */
  empty(): void {
    this.#before = null;
    this.#judge.empty();
    this.#glass?.empty();
  }

  /** Restores the state after these jobs, to the last bit as if it had judged them. */
  restore(before: Before, contentOf: (job: CompletedJob) => Content | undefined): void {
    const { jobs, since } = before;
    const last = jobs.at(-1) ?? null;
    this.#before = last && since !== null && last.capturedAt < since ? null : last;
    this.#restoreLearned(before, contentOf);
    this.#restoreGlass(before, contentOf);
  }

  /** A verdict made before the reference was found too small stays. */
  #unjudged(job: CompletedJob): CompletedJob {
    if (!isUnjudged(job) && !isUntaught(job)) return job;
    const unjudged = unjudgedJob(snapshotOf(job), this.of, job.properties);
    return {
      ...unjudged,
      ...(job.byEye && { byEye: job.byEye }),
      cleanMissing: this.#cleanMissing,
    };
  }

  #see(
    { capturedAt }: CompletedJob,
    sight: GlassSight | null | undefined,
    learns: LearningSince | null,
  ): GlassFacts | undefined {
    if (!sight || !this.#glass) return undefined;
    return this.#glass.update({ ...sight, capturedAt }, standingAfter(this.#before), learns);
  }

  #learn(embedding: Embedding | undefined, job: CompletedJob): Judgement {
    if (embedding) return this.#judge.update(embedding);
    const { distance, windowFill, driftStatus = 'warming-up', blindness } = judgedOf(job);
    return { distance, windowFill, driftStatus, ...(blindness && { blindness }) };
  }

  /** A lost embedding empties the window: those before it would represent the wrong snapshots. */
  #restoreLearned(
    { jobs, since, isWarm = since === null }: Before,
    contentOf: (job: CompletedJob) => Content | undefined,
  ): void {
    const { camera, reference } = this.of;
    const { windowSize } = camera.detector;
    const counted = jobs.filter((job) => countsSince(job, since));
    const newest = counted.slice(-windowSize).map((job) => contentOf(job)?.embedding);
    const lost = newest.lastIndexOf(undefined);
    const known = newest.slice(lost + 1).filter((embedding) => embedding !== undefined);
    const before = isWarm && lost < 0 ? warmUpEmbeddings(camera, reference) : [];
    const key = historyKey({ ...camera, referenceId: reference.id });
    const others = counted.map((job) => historyKey(job) !== key).lastIndexOf(true);
    // An alarm by another reference or other settings stands until these clear it.
    const standing = others < 0 ? 'not-checked' : learnedVerdictOf(counted[others]!);
    this.#judge.restore(
      [...before, ...known].slice(-windowSize),
      counted.slice(others + 1).map(({ distance }) => distance),
      standing === 'not-checked' ? 'normal' : standing,
    );
  }

  /** The same for snapshots that were not looked at, or whose sight is lost. */
  #restoreGlass(
    { jobs, since, isWarm = since === null }: Before,
    contentOf: (job: CompletedJob) => Content | undefined,
  ): void {
    const { camera, reference } = this.of;
    const own = jobs.filter(({ referenceId }) => referenceId === reference.id);
    const sightOf = (job: CompletedJob) => contentOf(job)?.sight ?? undefined;
    const unseen = own.map(({ glass }) => glass === undefined).lastIndexOf(true);
    const seen = own.slice(unseen + 1).filter(({ glass }) => glass);
    const counted = seen.filter((job) => countsSince(job, since));
    const needed = counted.slice(-countedNeeded(camera.detector.windowSize));
    const timed = (job: CompletedJob) => {
      const sight = sightOf(job);
      return sight && { ...sight, capturedAt: job.capturedAt };
    };
    const sights = needed.map(timed);
    const earlier = seen.filter((job) => !isSetAside(job) && !countsSince(job, since)).slice(-VISIT_MEMORY);
    const lost = sights.lastIndexOf(undefined);
    this.#glass?.restore({
      traces: seen.slice(-GLASS_MEMORY).flatMap((job) => {
        const sight = timed(job);
        return sight ? [{ sight, isOtherView: job.glass?.view.isAside ?? false }] : [];
      }),
      counted: sights.slice(lost + 1).filter((sight) => sight !== undefined),
      earlier: lost < 0 ? earlier.flatMap((job) => timed(job) ?? []) : [],
      isFromStart: isWarm && unseen < 0 && lost < 0 && counted.length === needed.length,
      turnedAt: seen.at(-1)?.glass?.turnedAt,
      facts: seen
        .filter(({ capturedAt }) => since === null || capturedAt >= since)
        .map(({ glass }) => glass!),
      before: earlier.at(-1)?.glass ?? null,
    });
  }
}

/** A change on the glass lasts until the next cleaning, one in the scene until a person ends it. */
export function standingAnswers(
  events: readonly CameraEvent[],
  reference: Pick<Reference, 'id' | 'goesOnFrom'>,
): StandingAnswer[] {
  const breaks = events.filter(breaksWindow).map(({ at }) => at);
  return events.flatMap(({ at, scene }) => {
    if (!scene || !isAnsweredFor(scene, reference)) return [];
    const { answer, growth, loss, liftedAt = Infinity } = scene;
    const until =
      answer === 'in-scene' ? liftedAt : Math.min(...breaks.filter((each) => each > at), Infinity);
    return [{ answer, growth, loss, from: at, until }];
  });
}

/** True if these events change an answer or its end, which may take effect only much later. */
export function reachesAnswers(touched: readonly CameraEvent[], all: readonly CameraEvent[]): boolean {
  const hasOnGlass = all.some(({ scene }) => scene?.answer === 'on-glass');
  return touched.some((event) => event.kind === 'scene' || (hasOnGlass && breaksWindow(event)));
}

function countsSince(job: CompletedJob, since: number | null): boolean {
  return !isSetAside(job) && (since === null || job.capturedAt >= since);
}
