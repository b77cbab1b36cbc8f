import type { UnusedFile } from '../../core/domain/camera/unused-file';
import {
  dayOf,
  calibrationEvidence,
  splitByDays,
  type CalibrationInput,
  type CalibrationResult,
} from '../../core/domain/drift/calibration';
import { timesOf } from '../../core/domain/camera/time/reference-times';
import type { CameraTime } from '../../core/domain/camera/time/zone';
import type { Embedding } from '../../core/domain/drift/embedding';
import { AppError } from '../../core/domain/errors';
import type { ByEye, CompletedJob, Reference } from '../../core/domain/camera/job';
import type { Thresholds } from '../../core/domain/drift/thresholds';
import { calledBy, countedBy } from '../../core/session/history/history';
import { Progress } from '../../core/session/scoring/progress.svelte';
import { Question } from './question.svelte';
import {
  encodeSnapshots,
  type Encoded,
  type DatedSnapshot,
} from '../../core/session/reference/reference-builder';
import { loadEmbeddings } from '../../core/storage/jobs';
import type { Analyst } from './analysis/analyst';
import type { Draft } from './draft.svelte';

/** The known state of a run of snapshots. */
type Kind = 'clean' | 'dirty';

export type ReferenceFrom = 'present' | 'run';

const EMPTY: Encoded = { snapshots: [], unused: [] };
/**
 * Share of the run's days that a new reference takes. At 0.6 the limits of the real camera rest on so little that
 * simple embeddings never alarm at all (`npm run report`).
 */
const REFERENCE_SHARE = 0.5;

/** Calibrates the chosen camera on clean snapshots, and tries the limits on dirty ones. */
export class Calibrator {
  readonly progress = new Progress();
  referenceFrom = $state<ReferenceFrom>('present');
  share = $state(REFERENCE_SHARE);
  /** true if limits stay at or above those that the model was judged with, if it has any */
  usesFloor = $state(true);
  readonly question = new Question<CalibrationResult>();

  readonly #draft: Draft;
  readonly #analyst: Analyst;
  #runs = $state.raw<{ readonly key: string; readonly clean: Encoded; readonly dirty: Encoded } | null>(null);
  #files = $state.raw<{ readonly key: string; readonly files: readonly File[] } | null>(null);
  /** embeddings of another camera, or of another model, are not this calibration's */
  readonly #key = $derived.by(() => {
    const { chosen: camera } = this.#draft.session.cameras;
    return camera ? `${camera.id} ${camera.modelSha256}` : '';
  });
  readonly clean: Encoded = $derived.by(() => (this.#runs?.key === this.#key ? this.#runs.clean : EMPTY));
  readonly dirty: Encoded = $derived.by(() => (this.#runs?.key === this.#key ? this.#runs.dirty : EMPTY));

  readonly hasAny = $derived.by(() => this.clean.snapshots.length + this.dirty.snapshots.length > 0);
  /** the clean files: drawing on pictures needs more than their embeddings */
  readonly cleanFiles: readonly File[] = $derived.by(() =>
    this.#files?.key === this.#key ? this.#files.files : [],
  );
  /** false while others are encoded: further files wait for them */
  readonly canAdd = $derived.by(() => {
    const { session } = this.#draft;
    return session.work.canChange || (session.work.role === 'writer' && this.progress.isRunning);
  });

  /** the clean run in use: the reference, and the snapshots that the limits are measured on */
  readonly split = $derived.by(() => {
    const { chosen: camera, reference } = this.#draft.session.cameras;
    const { snapshots } = this.clean;
    if (this.referenceFrom === 'run') {
      const { reference: first, rest } = splitByDays(snapshots, this.share);
      return { reference: first.map(({ embedding }) => embedding), fresh: first, rest };
    }
    const rest = reference && camera ? unseenBy(reference, camera, snapshots) : [];
    return { reference: reference?.embeddings ?? [], fresh: [], rest };
  });

  /** false if the reference does not date every snapshot: then its days can't be kept apart */
  readonly knowsDays = $derived.by(() => {
    const { chosen: camera, reference } = this.#draft.session.cameras;
    return !camera || !reference || timesOf(reference, camera).every((at) => at !== null);
  });

  /** the limits that the model was judged with; they say something only at its own sigma and window */
  readonly floor: Thresholds | null = $derived.by(() => {
    const { chosen: camera } = this.#draft.session.cameras;
    const { models } = this.#draft.session;
    const detector = this.#draft.judging?.detector;
    const manifest = camera && models.find(camera.modelSha256)?.manifest;
    const isAsJudged =
      manifest?.judged !== undefined &&
      manifest.detector.sigma === detector?.sigma &&
      manifest.detector.windowSize === detector.windowSize;
    return isAsJudged ? manifest.thresholds : null;
  });

  readonly input: CalibrationInput | null = $derived.by(() => {
    const { judging, session } = this.#draft;
    const { reference, rest } = this.split;
    if (!judging || reference.length < 2 || rest.length === 0) return null;
    return {
      reference,
      clean: rest.map(({ capturedAt, embedding, properties }) => ({
        capturedAt,
        embedding,
        brightness: properties?.brightness ?? null,
      })),
      dirty: this.dirty.snapshots.map(({ capturedAt, embedding }) => ({ capturedAt, embedding })),
      detector: judging.detector,
      persistence: judging.persistence,
      floor: this.usesFloor ? this.floor : null,
      usedTimes: session.history.snapshots.map(({ capturedAt }) => capturedAt),
    };
  });

  #abort = new AbortController();
  #queue: Promise<unknown> = Promise.resolve();

  /** scored snapshots of the camera's model that are part of a window */
  readonly jobs = $derived.by((): readonly CompletedJob[] => {
    const { cameras, history } = this.#draft.session;
    return countedBy(cameras.chosen?.modelSha256 ?? '', history.jobs);
  });

  /** verdicts of a person on scored snapshots */
  readonly called = $derived.by(() => {
    const { cameras, history } = this.#draft.session;
    const of = (byEye: ByEye) => calledBy(byEye, cameras.chosen?.modelSha256 ?? '', history.jobs);
    return { clean: of('clean'), dirty: of('dirty') };
  });

  constructor(draft: Draft, analyst: Analyst) {
    this.#draft = draft;
    this.#analyst = analyst;
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

  /** Takes jobs of the camera's model as known to be clean, or dirty: a person has confirmed it. */
  async addScored(jobs: readonly CompletedJob[], kind: Kind): Promise<void> {
    const key = this.#key;
    const snapshots = await this.#snapshotsOf(jobs);
    // Another camera may have been chosen meanwhile.
    if (key === this.#key) this.#take({ snapshots, unused: [] }, kind);
  }

  /** Takes scored snapshots that a person called clean or dirty while looking at them. */
  async addCalled(): Promise<void> {
    const { clean, dirty } = this.called;
    await this.addScored(clean, 'clean');
    await this.addScored(dirty, 'dirty');
  }

  cancel(): void {
    this.#abort.abort();
  }

  clear(): void {
    this.#runs = null;
    this.#files = null;
  }

  async recompute(input: CalibrationInput | null): Promise<void> {
    await this.question.ask(input && (() => this.#analyst.ask((api) => api.calibrate(input))));
  }

  /**
   * Makes the camera judge by the proposed limits, as a new version; with the run's own reference if that was chosen.
   */
  async accept(): Promise<boolean> {
    const { judging } = this.#draft;
    const result = this.question.value;
    if (!judging || !result || this.question.isAsking) return false;
    const { detector, persistence } = judging;
    const { fresh, rest } = this.split;
    const isAccepted = await this.#draft.accept({
      judging: { detector, persistence, thresholds: result.proposal.thresholds },
      evidence: calibrationEvidence(result),
      // The newest snapshots of the calibration days are clean too, and no part of the reference.
      reference: fresh.length > 0 ? { clean: fresh, warmUp: rest.slice(-detector.windowSize) } : null,
    });
    if (isAccepted) this.referenceFrom = 'present';
    return isAccepted;
  }

  async #encode(given: readonly File[], kind: Kind): Promise<void> {
    const { session } = this.#draft;
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
        const encoded = await encodeSnapshots({
          pool,
          files,
          camera,
          signal,
          onProgress,
        });
        this.#take(encoded, kind);
        if (kind === 'clean') this.#files = { key: this.#key, files: [...this.cleanFiles, ...files] };
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        this.progress.finish(files.length - done);
      }
    });
  }

  #take(encoded: Encoded, kind: Kind): void {
    const before = kind === 'clean' ? this.clean : this.dirty;
    const known = new Map(
      before.snapshots.flatMap((snapshot) => [
        [placeOf(snapshot), snapshot.name],
        [keyOf(snapshot.embedding), snapshot.name],
      ]),
    );
    const fresh: DatedSnapshot[] = [];
    const twins: UnusedFile[] = [];
    for (const snapshot of encoded.snapshots) {
      const as = known.get(placeOf(snapshot)) ?? known.get(keyOf(snapshot.embedding));
      if (as === undefined) fresh.push(snapshot);
      else twins.push({ kind: 'same-picture', name: snapshot.name, as });
    }
    const snapshots = [...before.snapshots, ...fresh].sort((a, b) => a.capturedAt - b.capturedAt);
    const unused = [...before.unused, ...encoded.unused, ...twins];
    const { clean, dirty } = this;
    this.#runs = { key: this.#key, clean, dirty, [kind]: { snapshots, unused } };
    const { chosen: camera, reference } = this.#draft.session.cameras;
    // A run that the reference has mostly seen can be calibrated only against a reference of its own.
    if (kind === 'clean' && camera && reference) {
      const unseen = unseenBy(reference, camera, snapshots).length;
      this.referenceFrom = unseen < snapshots.length / 2 ? 'run' : 'present';
    }
  }

  /** Scored snapshots as known ones, with their embeddings; a job whose embedding is gone is left out. */
  async #snapshotsOf(jobs: readonly CompletedJob[]): Promise<DatedSnapshot[]> {
    const ids = jobs.map(({ id }) => id);
    const embeddings = await loadEmbeddings(this.#draft.session.db, ids);
    return jobs.flatMap(({ id, imageName: name, contentSha256, capturedAt, properties }) => {
      const embedding = embeddings.get(id);
      if (!embedding) return [];
      return [{ name, contentSha256, capturedAt, embedding, properties, thumbnail: null, jobId: id }];
    });
  }
}

/** Snapshots outside a reference: of other days if its days are known, and without its embeddings. */
function unseenBy(
  reference: Reference,
  camera: CameraTime,
  snapshots: readonly DatedSnapshot[],
): readonly DatedSnapshot[] {
  const days = new Set(timesOf(reference, camera).map((at) => (at === null ? null : dayOf(at))));
  const seen = new Set(reference.embeddings.map(keyOf));
  return snapshots.filter(
    ({ capturedAt, embedding }) => !days.has(dayOf(capturedAt)) && !seen.has(keyOf(embedding)),
  );
}

/** Equal for equal embeddings, which two snapshots never have by chance. */
function keyOf(embedding: Embedding): string {
  return embedding.join(' ');
}

/** Key of a snapshot: a camera may number its files again, so a name alone is not enough. */
function placeOf({ name, capturedAt }: DatedSnapshot): string {
  return `${String(capturedAt)} ${name}`;
}
