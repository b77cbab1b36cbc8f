import type { KeptHandle } from '../../browser/file-handles';
import { fetched, late } from '../../browser/late';
import { appWords } from '../../i18n/app-words';
import type { Cameras } from '../cameras.svelte';
import type { FilesAtHand } from '../pictures/files-at-hand';
import type { Work } from '../work.svelte';
import type { BackgroundScoring, ScoredBehind } from './background-scoring.svelte';
import { BY_HAND, type Arrival, type ScoredFiles, type ScoringParts } from './batch';
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
  readonly #work: Work;
  readonly #cameras: Cameras;
  readonly #filesAtHand: FilesAtHand;
  /** for whichever camera it is; the preview is of the chosen one */
  readonly #forAny: ScoringParts;
  /** null until a watched folder of a camera that is not shown brings something */
  #background = $state.raw<BackgroundScoring | null>(null);
  /** true while snapshots are scored that no person waits for */
  readonly isBehind = $derived.by(() => this.#background?.isWorking ?? false);
  readonly #openBackground = late(async () => {
    const module = import('./background-scoring.svelte');
    const { BackgroundScoring } = await fetched(appWords.app.places.monitor, module);
    return (this.#background = new BackgroundScoring(this.#forAny));
  });

  constructor({ work, cameras, filesAtHand, batches, preview, ...forAny }: Parts) {
    this.#work = work;
    this.#cameras = cameras;
    this.#filesAtHand = filesAtHand;
    this.batches = batches;
    this.preview = preview;
    this.#forAny = forAny;
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
  ): Promise<ScoredFiles> {
    this.#work.mustWrite(this.#work.isChanging);
    // A watched folder sends files for weeks and holds them anyway.
    if (arrival.isByHand) this.#filesAtHand.note(files);
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
    this.#work.mustWrite();
    const arrival = { isByHand: false, isAnswered };
    if (this.#work.isBusy)
      return { jobs: [], byFile: new Map(), seenBefore: 0, changed: [], hasGivenWay: true };
    if (cameraId !== this.#cameras.chosen?.id)
      return (await this.#openBackground()).score(cameraId, files, arrival);
    return { ...(await this.score(files, handles, arrival)), hasGivenWay: false };
  }

  /** Ends when no camera that is not shown is scored any more, and nothing writes: a person goes first. */
  async giveWay(): Promise<void> {
    await this.#background?.giveWay();
    await this.#forAny.turns.take(() => Promise.resolve());
  }
}
