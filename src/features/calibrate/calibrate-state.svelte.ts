import { v4 as uuid } from 'uuid';
import type { UnusedFile } from '../../core/domain/camera/unused-file';
import type { Camera } from '../../core/domain/camera/camera';
import type { CompletedJob } from '../../core/domain/camera/job';
import { alarmsOf } from '../../core/domain/camera/verdict';
import {
  calibrationEvidence,
  type CalibrationResult,
  type Sighting,
} from '../../core/domain/drift/calibration';
import { timeOfName } from '../../core/domain/camera/time/reference-times';
import type { Embedding } from '../../core/domain/drift/embedding';
import { judgingKey, type Calibration } from '../../core/domain/drift/judging';
import { refuseBlinding } from '../../core/domain/drift/judging-problem';
import { AppError } from '../../core/domain/errors';
import { changeInputs } from '../../core/session/history/change-inputs';
import { cleanDays, notIn } from '../../core/session/history/clean-days';
import { calledBy, scoredBy } from '../../core/session/history/history';
import { givenOf } from '../../core/session/reference/given-folder.svelte';
import {
  encodeSnapshots,
  type DatedSnapshot,
  type EncodedSnapshots,
} from '../../core/session/reference/reference-builder';
import { Progress } from '../../core/session/scoring/progress.svelte';
import type { Session } from '../../core/session/session.svelte';
import { withCalibration } from '../../core/storage/cameras';
import { countDeliveries } from '../../core/storage/deliveries';
import { loadEmbeddings } from '../../core/storage/jobs';
import { Analyst } from './analysis/analyst';
import { daysWithin, suggestedRange, type DayRange } from './pure/clean-range';
import { Question } from './question.svelte';

/** The known state of pictures that were given. */
type Kind = 'clean' | 'dirty';

/** Effect of an acceptance on the stored history. */
interface Anew {
  readonly camera: Camera;
  readonly changed: Camera;
  /** number of jobs shown then */
  readonly jobs: number;
  /** number of jobs judged again */
  readonly count: number;
  /** numbers of alarms in the history before and after */
  readonly before: number;
  readonly after: number;
  /** number of the camera's records sent by then: these stay */
  readonly sent: number;
}

const EMPTY: EncodedSnapshots = { snapshots: [], unused: [] };

/** Measures limits of the chosen camera on its clean days, and tries them on dirty pictures. */
export class CalibrateState {
  readonly session: Session;
  readonly progress = new Progress();
  readonly question = new Question<CalibrationResult>();
  /** effect of the last acceptance; null before the first, and once it was undone */
  anew = $state.raw<Anew | null>(null);

  readonly #analyst = new Analyst();
  /** days that a person chose instead of the suggested ones */
  #chosenRange = $state.raw<{ readonly key: string; readonly range: DayRange } | null>(null);
  #given = $state.raw<{
    readonly key: string;
    readonly clean: EncodedSnapshots;
    readonly dirty: EncodedSnapshots;
  } | null>(null);
  /** embeddings of another camera, or of another model, are not this calibration's */
  readonly #key = $derived.by(() => {
    const { chosen: camera } = this.session.cameras;
    return camera ? `${camera.id} ${camera.modelSha256}` : '';
  });
  readonly clean: EncodedSnapshots = $derived.by(() =>
    this.#given?.key === this.#key ? this.#given.clean : EMPTY,
  );
  readonly dirty: EncodedSnapshots = $derived.by(() =>
    this.#given?.key === this.#key ? this.#given.dirty : EMPTY,
  );

  /** scored days on which the lens is taken as clean */
  readonly days = $derived.by((): readonly (readonly CompletedJob[])[] => {
    const { chosen: camera, reference } = this.session.cameras;
    return camera && reference ? [...cleanDays(this.session.history.jobs, reference, camera)] : [];
  });
  /** null where no day was scored */
  readonly range = $derived.by((): DayRange | null => {
    const { chosen: camera } = this.session.cameras;
    if (!camera || this.days.length === 0) return null;
    return this.#chosenRange?.key === this.#key
      ? this.#chosenRange.range
      : suggestedRange(this.days, camera.detector.windowSize);
  });
  readonly inRange = $derived.by(() => (this.range ? daysWithin(this.days, this.range) : []));
  /** given snapshots of days that the reference has no part in */
  readonly #unseen = $derived.by(() => {
    const { chosen: camera, reference } = this.session.cameras;
    if (!camera || !reference) return [];
    const isUnseen = notIn(reference, camera);
    const seen = new Set(reference.embeddings.map(keyOf));
    return this.clean.snapshots.filter(
      ({ capturedAt, name, embedding }) => isUnseen(capturedAt, name) && !seen.has(keyOf(embedding)),
    );
  });
  /** true if clean pictures of the set-up are of days that the reference has no part in */
  readonly hasSpare = $derived.by(() => {
    const { chosen: camera, reference } = this.session.cameras;
    if (!camera || !reference) return false;
    const isUnseen = notIn(reference, camera);
    return (givenOf(this.session).note?.clean ?? []).some((name) => isUnseen(timeOfName(name, camera), name));
  });
  readonly #called = $derived.by(() => {
    const { cameras, history } = this.session;
    return calledBy('dirty', cameras.chosen?.modelSha256 ?? '', history.jobs);
  });
  /** the snapshots that are measured and tried, in capture order */
  readonly asked = $derived.by(() => ({
    clean: byTime([...this.inRange.flat(), ...this.#unseen]),
    dirty: byTime([...this.#called, ...this.dirty.snapshots]),
  }));

  /** false while others are encoded: further files wait for them */
  readonly canAdd = $derived.by(
    () => this.session.work.canChange || (this.session.work.role === 'writer' && this.progress.isRunning),
  );
  /** the jobs that accepting would judge again */
  readonly judged = $derived.by(() => {
    const { cameras, history } = this.session;
    return scoredBy(cameras.chosen?.modelSha256 ?? '', history.jobs).length;
  });
  /** true if the measured limits are those in force */
  readonly isInForce = $derived.by(() => {
    const { chosen: camera, calibration } = this.session.cameras;
    const thresholds = this.question.value?.proposal.thresholds;
    if (!camera || !calibration || !thresholds) return false;
    return judgingKey(calibration) === judgingKey({ ...camera, thresholds });
  });

  #abort = new AbortController();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(session: Session) {
    this.session = session;
    // Its panel offers the camera's set-up files.
    givenOf(session);
  }

  /**
   * Encodes clean or dirty snapshots, and adds them to those given before, after them.
   *
   * @throws AppError when the model can't be used, or something else is at work
   */
  async add(files: readonly File[], kind: Kind): Promise<void> {
    const work = this.#queue.then(() => this.#encode(files, kind));
    this.#queue = work.catch(() => undefined);
    return work;
  }

  /** Measures on other days than the suggested ones. */
  chooseDays(range: DayRange): void {
    this.#chosenRange = { key: this.#key, range };
  }

  cancel(): void {
    this.#abort.abort();
  }

  /** Measures what is asked; called again whenever that changes. */
  async measure({ clean, dirty }: typeof this.asked): Promise<void> {
    const { chosen: camera, reference } = this.session.cameras;
    const { snapshots } = this.session.history;
    if (!camera || !reference || clean.length === 0) {
      await this.question.ask(null);
      return;
    }
    const floor = this.#floor(camera);
    await this.question.ask(async () => {
      const [run, soiled] = [await this.#sightings(clean), await this.#sightings(dirty)];
      const { detector, persistence } = camera;
      return this.#analyst.ask((api) =>
        api.calibrate({
          ...{ reference: reference.embeddings, clean: run, dirty: soiled, detector, persistence, floor },
          usedTimes: snapshots.map(({ capturedAt }) => capturedAt),
        }),
      );
    });
  }

  /** Makes the camera judge by the measured limits, as a new version, and its history with it. */
  async accept(): Promise<void> {
    const { session, question } = this;
    const { value: result } = question;
    if (!result || question.isAsking) return;
    await session.cameras.change(async (camera) => {
      const { present, calibrations } = session.cameras;
      if (!present) return;
      const { detector, persistence, modelSha256 } = camera;
      const judging = { detector, persistence, thresholds: result.proposal.thresholds };
      refuseBlinding(judging, present.reference.embeddings);
      const calibration: Calibration = {
        ...{ id: uuid(), cameraId: camera.id, referenceId: present.reference.id, modelSha256, ...judging },
        version: (calibrations.at(-1)?.version ?? 0) + 1,
        createdAt: Date.now(),
        evidence: calibrationEvidence(result),
      };
      const changed = withCalibration(camera, calibration);
      const { judged } = await changeInputs(session.sources, present, { camera: changed, calibration });
      const jobs = scoredBy(modelSha256, present.jobs);
      const { sent, confirmed } = await countDeliveries(session.db, camera.id);
      this.anew = {
        ...{ camera, changed, jobs: session.history.jobs.length, count: judged.size },
        before: alarmsOf(jobs).length,
        after: alarmsOf(jobs.map((job) => judged.get(job.id) ?? job)).length,
        sent: sent + confirmed,
      };
    });
  }

  /** false once another setting was changed, or a snapshot scored, since the last acceptance */
  readonly canUndo = $derived.by(() => {
    const { cameras, history, work } = this.session;
    const { chosen: camera } = cameras;
    const { anew } = this;
    if (!anew || !work.canChange || camera?.id !== anew.changed.id) return false;
    const isAsMade =
      judgingKey(camera) === judgingKey(anew.changed) &&
      camera.referenceId === anew.changed.referenceId &&
      camera.modelSha256 === anew.changed.modelSha256;
    return isAsMade && history.jobs.length === anew.jobs;
  });

  /** Judges the history again by the limits before the last acceptance. */
  async undo(): Promise<void> {
    const { anew, session } = this;
    if (!anew || !this.canUndo) return;
    const { thresholds, calibrationId } = anew.camera;
    const isBack = await session.cameras.change(async (camera) => {
      const { present } = session.cameras;
      if (!present) return;
      await changeInputs(session.sources, present, { camera: { ...camera, thresholds, calibrationId } });
    });
    if (isBack) this.anew = null;
  }

  /** The limits that the model was judged with; they say something only at its own sigma and window. */
  #floor({ modelSha256, detector: { sigma, windowSize } }: Camera) {
    const manifest = this.session.models.find(modelSha256)?.manifest;
    const isAsJudged =
      manifest?.judged !== undefined &&
      manifest.detector.sigma === sigma &&
      manifest.detector.windowSize === windowSize;
    return isAsJudged ? manifest.thresholds : null;
  }

  /** With the embeddings that are stored; a job whose embedding is gone is left out. */
  async #sightings(snapshots: readonly (CompletedJob | DatedSnapshot)[]) {
    const ids = snapshots.flatMap((snapshot) => ('id' in snapshot ? [snapshot.id] : []));
    const stored = await loadEmbeddings(this.session.db, ids);
    return snapshots.flatMap((snapshot): (Sighting & { readonly brightness: number | null })[] => {
      const { capturedAt, properties } = snapshot;
      const embedding = 'id' in snapshot ? stored.get(snapshot.id) : snapshot.embedding;
      return embedding ? [{ capturedAt, embedding, brightness: properties?.brightness ?? null }] : [];
    });
  }

  async #encode(given: readonly File[], kind: Kind): Promise<void> {
    const { session } = this;
    const files = await session.snapshotsIn(given);
    await session.work.alone(async () => {
      const { chosen: camera } = session.cameras;
      if (!camera) throw new AppError('not-fitted');
      this.#abort = new AbortController();
      const { signal } = this.#abort;
      this.progress.add(files.length);
      this.progress.start();
      let done = 0;
      try {
        await session.models.open(camera.modelSha256);
        const onProgress = (count: number) => {
          done += count;
          this.progress.advance(count);
        };
        const { pool } = session;
        this.#take(await encodeSnapshots({ pool, files, camera, signal, onProgress }), kind);
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        this.progress.finish(files.length - done);
      }
    });
  }

  #take(encoded: EncodedSnapshots, kind: Kind): void {
    const before = this[kind];
    const scored = kind === 'clean' ? this.days.flat() : this.#called;
    const known = new Map([
      ...scored.map(({ capturedAt, imageName }) => [placeOf(capturedAt, imageName), imageName] as const),
      ...before.snapshots.map(({ capturedAt, name }) => [placeOf(capturedAt, name), name] as const),
      ...before.snapshots.map(({ embedding, name }) => [keyOf(embedding), name] as const),
    ]);
    const fresh: DatedSnapshot[] = [];
    const twins: UnusedFile[] = [];
    for (const snapshot of encoded.snapshots) {
      const { capturedAt, name, embedding } = snapshot;
      const as = known.get(placeOf(capturedAt, name)) ?? known.get(keyOf(embedding));
      if (as === undefined) fresh.push(snapshot);
      else twins.push({ kind: 'same-picture', name, as });
    }
    const unused = [...before.unused, ...encoded.unused, ...twins];
    const { clean, dirty } = this;
    this.#given = {
      ...{ key: this.#key, clean, dirty },
      [kind]: { snapshots: [...before.snapshots, ...fresh], unused },
    };
  }
}

function byTime<T extends { readonly capturedAt: number }>(snapshots: T[]): readonly T[] {
  return snapshots.sort((a, b) => a.capturedAt - b.capturedAt);
}

/** Equal for equal embeddings, which two snapshots never have by chance. */
function keyOf(embedding: Embedding): string {
  return embedding.join(' ');
}

/** Key of a snapshot: a camera may number its files again, so a name alone is not enough. */
function placeOf(capturedAt: number, name: string): string {
  return `${String(capturedAt)} ${name}`;
}
