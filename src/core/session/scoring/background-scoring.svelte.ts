import { AppError } from '../../domain/errors';
import { loadCameras, loadEvents, loadReferences } from '../../storage/cameras';
import { loadJobs, loadJobsOfContents } from '../../storage/jobs';
import { inCaptureOrder } from './capture-order';
import { CurrentRules } from '../history/current-rules';
import { loadLatestStretch } from '../history/latest-stretch';
import type { Arrival, ScoringParts, ScoredFiles } from './batch';
import { Batches } from './batches.svelte';
import { History } from './history.svelte';

/** After it gave way it leaves the encoder alone for so long, in milliseconds. */
const REST = 5_000;

/** Results for files that came by themselves. */
export interface ScoredBehind extends ScoredFiles {
  /** other work was going on, or began: files without a job have to be given again */
  readonly hasGivenWay: boolean;
}

/** Nothing was done for want of rest. */
const GIVEN_WAY: ScoredBehind = {
  jobs: [],
  byFile: new Map(),
  seenBefore: 0,
  changed: [],
  hasGivenWay: true,
};

/**
 * Scores snapshots of cameras that are not shown, from their stored data. It runs in the background: any action of a
 * person makes it stop after the snapshots that are being encoded, and scored ones stay.
 */
export class BackgroundScoring {
  isWorking = $state(false);
  readonly #parts: ScoringParts;
  #batches: Batches | null = null;
  #isStopped = false;
  #work: Promise<unknown> = Promise.resolve();
  #restsUntil = 0;

  constructor(parts: ScoringParts) {
    this.#parts = parts;
  }

  /** @throws AppError `not-fitted` without such a camera, or what stopped the batch */
  async score(cameraId: string, files: readonly File[], arrival: Arrival): Promise<ScoredBehind> {
    if (this.isWorking || performance.now() < this.#restsUntil) return GIVEN_WAY;
    this.isWorking = true;
    this.#isStopped = false;
    const work = this.#score(cameraId, files, arrival);
    this.#work = work.catch(() => undefined);
    return work;
  }

  /** Ends when it has stopped. */
  async giveWay(): Promise<void> {
    this.#restsUntil = performance.now() + REST;
    if (!this.isWorking) return;
    this.#isStopped = true;
    this.#batches?.cancel();
    await this.#work;
  }

  async #score(cameraId: string, files: readonly File[], arrival: Arrival): Promise<ScoredBehind> {
    try {
      const batches = await this.#open(cameraId, files);
      if (this.#isStopped) return GIVEN_WAY;
      this.#batches = batches;
      const scored = await batches.score(files, [], arrival);
      return { ...scored, hasGivenWay: scored.byFile.size < files.length };
    } catch (error) {
      // A model that was being opened, say.
      if (this.#isStopped) return GIVEN_WAY;
      throw error;
    } finally {
      this.#batches = null;
      this.isWorking = false;
    }
  }

  /** Opens a camera as `Cameras` does, from its stored data, but with no more jobs than these files need. */
  async #open(cameraId: string, files: readonly File[]): Promise<Batches> {
    const { db, now } = this.#parts;
    const [cameras, references, events] = await Promise.all([
      loadCameras(db),
      loadReferences(db, cameraId),
      loadEvents(db, cameraId),
    ]);
    const camera = cameras.find(({ id }) => id === cameraId);
    const reference = references.find(({ id }) => id === camera?.referenceId);
    if (!camera || !reference) throw new AppError('not-fitted');
    const watched = { camera, reference, references, events };
    const rules = await CurrentRules.open(db, references);
    const stated = await inCaptureOrder(files, camera, new AbortController().signal);
    const times = stated.map(({ capturedAt }) => capturedAt);
    const { jobs, isWhole } = await loadLatestStretch(this.#parts, watched, rules, times);
    const beside = {
      ofContents: async (contents: readonly string[]) =>
        rules.applyTo(await loadJobsOfContents(db, cameraId, contents)),
      all: async () => rules.applyTo(await loadJobs(db, cameraId)),
    };
    const history = new History(now);
    await history.watch(watched, jobs, null);
    // Its files come again by themselves: they need no note.
    return new Batches(history, { ...this.#parts, note: null, ...(!isWhole && { beside }) });
  }
}
