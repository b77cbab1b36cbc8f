import type { KeptHandle } from '../../browser/file-handles';
import { fetched, late } from '../../browser/late';
import { appWords } from '../../i18n/app-words';
import type { Cameras } from '../cameras.svelte';
import type { FilesAtHand } from '../pictures/files-at-hand';
import type { Work } from '../work.svelte';
import type { BackgroundScoring, ScoredBehind } from './background-scoring.svelte';
import { BY_HAND, type Arrival, type Scored, type ScoringParts } from './batch';
import type { Batches } from './batches.svelte';
import type { LivePreview } from './live-preview.svelte';

interface Parts extends ScoringParts {
  readonly work: Work;
  readonly cameras: Cameras;
  readonly filesAtHand: FilesAtHand;
  /** of the chosen camera */
  readonly batches: Batches;
  readonly preview: LivePreview;
}

/** Scores snapshots for the chosen camera, and in the background for the others. */
export class Scoring {
  readonly batches: Batches;
  /** pictures that are being learned or scored for the chosen camera */
  readonly preview: LivePreview;
  readonly #parts: Parts;
  /** null until a watched folder of a camera that is not shown brings something */
  #background = $state.raw<BackgroundScoring | null>(null);
  /** true while snapshots are scored that no person waits for */
  readonly isBehind = $derived.by(() => this.#background?.isWorking ?? false);
  readonly #openBackground = late(async () => {
    const module = import('./background-scoring.svelte');
    const { BackgroundScoring } = await fetched(appWords.app.places.monitor, module);
    return (this.#background = new BackgroundScoring(this.#parts));
  });

  constructor(parts: Parts) {
    this.#parts = parts;
    this.batches = parts.batches;
    this.preview = parts.preview;
  }

  /**
   * Scores snapshots for the chosen camera, after those already queued.
   *
   * @param arrival - files that came by themselves are not held in memory
   * @throws AppError `not-the-writer`, `busy` while something else changes, or what stopped the batch
   */
  async score(
    files: readonly File[],
    handles: readonly KeptHandle[] = [],
    arrival: Arrival = BY_HAND,
  ): Promise<Scored> {
    const { work, filesAtHand } = this.#parts;
    work.mustWrite(work.isChanging);
    // A watched folder sends files for weeks and holds them anyway.
    if (arrival.isByHand) filesAtHand.note(files);
    // The batch waits for its end.
    void this.giveWay();
    return this.batches.score(files, handles, arrival);
  }

  /**
   * Scores snapshots that came by themselves, for a camera that need not be the chosen one; nothing else is shown by it.
   *
   * @param handles - by which they can be read again in a later visit
   * @param isAnswered - files that get a failed job if they can't be read; others come again
   * @throws AppError `not-the-writer`, `not-fitted` without such a camera, or what stopped the batch
   */
  async scoreFor(
    cameraId: string,
    files: readonly File[],
    handles: readonly KeptHandle[],
    isAnswered: Arrival['isAnswered'],
  ): Promise<ScoredBehind> {
    const { work, cameras } = this.#parts;
    work.mustWrite();
    const arrival = { isByHand: false, isAnswered };
    if (work.isBusy) return { jobs: [], byFile: new Map(), seenBefore: 0, changed: [], hasGivenWay: true };
    if (cameraId !== cameras.chosen?.id)
      return (await this.#openBackground()).score(cameraId, files, arrival);
    return { ...(await this.score(files, handles, arrival)), hasGivenWay: false };
  }

  /** Ends when no camera that is not shown is scored any more, and nothing writes: a person goes first. */
  async giveWay(): Promise<void> {
    await this.#background?.giveWay();
    await this.#parts.turns.take(() => Promise.resolve());
  }
}
