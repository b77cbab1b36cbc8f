import {
  dayOf,
  evidenceOf,
  splitByDays,
  type CalibrationInput,
  type CalibrationResult,
} from '../domain/calibration';
import { captureTimeFromName } from '../domain/capture-time';
import { AppError } from '../domain/errors';
import type { CompletedJob, Reference } from '../domain/job';
import type { Thresholds } from '../domain/thresholds';
import { Progress } from './progress.svelte';
import { encodeSnapshots, type Encoded, type TimedSnapshot } from './reference-builder';
import type { Workbench } from './workbench.svelte';

/** What a run of snapshots is known to show. */
type Kind = 'clean' | 'dirty';

/** Where the clean snapshots come from that a calibration compares with. */
export type ReferenceFrom = 'present' | 'run';

const EMPTY: Encoded = { snapshots: [], leftOut: [] };
/**
 * Share of the run's days that a new reference takes. At 0.6 the limits of the real camera rest on so little that
 * simple embeddings never alarm at all (`npm run report`).
 */
const REFERENCE_SHARE = 0.5;

/** Calibrates the chosen camera on snapshots that are known to be clean, and tries the limits on dirty ones. */
export class Calibrator {
  readonly progress = new Progress();
  referenceFrom = $state<ReferenceFrom>('present');
  share = $state(REFERENCE_SHARE);
  /** whether limits stay at or above those that the model was judged with, where there are any */
  usesFloor = $state(true);
  result = $state.raw<CalibrationResult | null>(null);
  isComputing = $state(false);
  /** why there is no result though there are snapshots */
  problem = $state.raw<AppError | null>(null);

  readonly #bench: Workbench;
  #runs = $state.raw<{ readonly key: string; readonly clean: Encoded; readonly dirty: Encoded } | null>(null);
  /** embeddings of another camera, or of another model, are not this calibration's */
  readonly #key = $derived.by(() => {
    const { camera } = this.#bench.porthole;
    return camera ? `${camera.id} ${camera.modelSha256}` : '';
  });
  readonly clean: Encoded = $derived.by(() => (this.#runs?.key === this.#key ? this.#runs.clean : EMPTY));
  readonly dirty: Encoded = $derived.by(() => (this.#runs?.key === this.#key ? this.#runs.dirty : EMPTY));

  /** the clean run as it is used: what the reference is, and what the limits are measured on */
  readonly split = $derived.by(() => {
    const { reference } = this.#bench.porthole;
    const { snapshots } = this.clean;
    if (this.referenceFrom === 'run') {
      const { reference: first, rest } = splitByDays(snapshots, this.share);
      return { reference: first.map(({ embedding }) => embedding), fresh: first, rest };
    }
    const rest = reference ? unseenBy(reference, snapshots) : [];
    return { reference: reference?.embeddings ?? [], fresh: [], rest };
  });

  /** the limits that the model was judged with; they say something only at its own sigma and window */
  readonly floor: Thresholds | null = $derived.by(() => {
    const { camera, models } = this.#bench.porthole;
    const detector = this.#bench.draft?.detector;
    const manifest = camera && models.find(camera.modelSha256)?.manifest;
    const isAsJudged =
      manifest?.judged !== undefined &&
      manifest.detector.sigma === detector?.sigma &&
      manifest.detector.windowSize === detector.windowSize;
    return isAsJudged ? manifest.thresholds : null;
  });

  readonly input: CalibrationInput | null = $derived.by(() => {
    const { draft, porthole } = this.#bench;
    const { reference, rest } = this.split;
    if (!draft || reference.length < 2 || rest.length === 0) return null;
    return {
      reference,
      clean: rest.map(({ capturedAt, embedding, properties }) => ({
        capturedAt,
        embedding,
        brightness: properties?.brightness ?? null,
      })),
      dirty: this.dirty.snapshots.map(({ capturedAt, embedding }) => ({ capturedAt, embedding })),
      detector: draft.detector,
      persistence: draft.persistence,
      floor: this.usesFloor ? this.floor : null,
      usedTimes: porthole.monitor.jobs.map(({ capturedAt }) => capturedAt),
    };
  });

  #abort = new AbortController();
  #turn = 0;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(bench: Workbench) {
    this.#bench = bench;
  }

  /**
   * Encodes snapshots that are known to be clean, or dirty, and adds them to those that are there; after those that
   * were given before.
   *
   * @throws AppError when the model can't be used, or something else is at work
   */
  async add(files: readonly File[], kind: Kind): Promise<void> {
    const work = this.#queue.then(() => this.#encode(files, kind));
    this.#queue = work.catch(() => undefined);
    return work;
  }

  /** Takes jobs of the camera's model as known to be clean: a person has confirmed it. */
  async addScored(jobs: readonly CompletedJob[]): Promise<void> {
    this.#take({ snapshots: await this.#bench.snapshotsOf(jobs), leftOut: [] }, 'clean');
  }

  cancel(): void {
    this.#abort.abort();
  }

  clear(): void {
    this.#runs = null;
    this.result = null;
    this.problem = null;
  }

  /** Computes anew, in the worker; a later call makes an earlier one's answer go unheard. */
  async recompute(input: CalibrationInput | null): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    this.isComputing = input !== null;
    let result: CalibrationResult | null = null;
    let problem: AppError | null = null;
    try {
      if (input) result = await this.#bench.analyst.calibrate(input);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      problem = error;
    }
    if (turn !== this.#turn) return;
    this.result = result;
    this.problem = problem;
    this.isComputing = false;
  }

  /** Makes the camera judge by the proposed limits, as a new version; with the run's own reference where that was chosen. */
  async accept(): Promise<boolean> {
    const { draft } = this.#bench;
    const { result } = this;
    if (!draft || !result) return false;
    const { detector, persistence } = draft;
    const { fresh, rest } = this.split;
    const isAccepted = await this.#bench.accept({
      judging: { detector, persistence, thresholds: result.proposal.thresholds },
      evidence: evidenceOf(result),
      // The newest snapshots of the calibration days are clean too, and no part of the reference.
      reference: fresh.length > 0 ? { clean: fresh, warmUp: rest.slice(-detector.windowSize) } : null,
    });
    if (isAccepted) this.referenceFrom = 'present';
    return isAccepted;
  }

  async #encode(files: readonly File[], kind: Kind): Promise<void> {
    const { porthole } = this.#bench;
    await porthole.runAlone(async () => {
      const { camera } = porthole;
      if (!camera) throw new AppError('not-fitted');
      this.#abort = new AbortController();
      const { signal } = this.#abort;
      this.progress.add(files.length);
      this.progress.start();
      let done = 0;
      try {
        await porthole.models.open(camera.modelSha256);
        const onProgress = (count: number) => {
          done += count;
          this.progress.advance(count);
        };
        const { pool } = porthole;
        const encoded = await encodeSnapshots({
          pool,
          files,
          transform: camera.transform,
          signal,
          onProgress,
        });
        this.#take(encoded, kind);
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        this.progress.finish(files.length - done);
      }
    });
  }

  #take(encoded: Encoded, kind: Kind): void {
    const before = kind === 'clean' ? this.clean : this.dirty;
    const names = new Set(before.snapshots.map(({ name }) => name));
    const fresh = encoded.snapshots.filter(({ name }) => !names.has(name));
    const snapshots = [...before.snapshots, ...fresh].sort((a, b) => a.capturedAt - b.capturedAt);
    const leftOut = [...before.leftOut, ...encoded.leftOut];
    const { clean, dirty } = this;
    this.#runs = { key: this.#key, clean, dirty, [kind]: { snapshots, leftOut } };
    const { reference } = this.#bench.porthole;
    // A run that the reference has mostly seen can be calibrated only against a reference of its own.
    if (kind === 'clean' && reference) {
      const unseen = unseenBy(reference, snapshots).length;
      this.referenceFrom = unseen < snapshots.length / 2 ? 'run' : 'present';
    }
  }
}

/** The snapshots of days that a reference has no part in. */
function unseenBy(reference: Reference, snapshots: readonly TimedSnapshot[]): readonly TimedSnapshot[] {
  const times = reference.capturedAt ?? reference.names.map(captureTimeFromName).filter((at) => at !== null);
  const days = new Set(times.map(dayOf));
  const names = new Set(reference.names);
  return snapshots.filter(({ capturedAt, name }) => !days.has(dayOf(capturedAt)) && !names.has(name));
}
