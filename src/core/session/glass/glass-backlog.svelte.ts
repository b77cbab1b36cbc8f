import type { CompletedJob } from '../../domain/camera/job';
import type { Reference } from '../../domain/camera/reference';
import { cleanMissing } from '../../domain/camera/reference-size';
import { isMadeFor } from '../../domain/model/own-model';
import { isUnjudged } from '../../domain/camera/snapshot-job';
import { saveFacts } from '../../storage/cameras';
import { saveInputs } from '../../storage/inputs';
import { loadUnjudged, saveJudged } from '../../storage/unjudged';
import type { UnjudgedStretch } from '../../storage/schema';
import { runAtRest } from '../at-rest.svelte';
import { fitOfReference } from './fit-of-reference';
import { scoredBy } from '../history/history';
import { HistoryJudge } from '../history/judge-again';
import type { Cameras } from '../cameras.svelte';
import type { Followers } from '../followers.svelte';
import type { Models } from '../models.svelte';
import type { History } from '../scoring/history.svelte';
import type { Turns } from '../../domain/turns';
import type { Work } from '../work.svelte';
import { judgedBy, type Present } from '../history/change-inputs';
import type { Sources } from '../history/contents';

/** Jobs that are judged and stored at a time. */
const BATCH = 100;
/** Interval between showing new results, in milliseconds. */
const SHOW_INTERVAL = 5_000;

interface Parts {
  readonly sources: Sources;
  readonly work: Work;
  readonly cameras: Cameras;
  readonly history: History;
  readonly models: Models;
  readonly turns: Turns;
  readonly followers: Followers;
}

/**
 * Judges stored jobs that have no glass verdict yet, when nothing else is at work. It makes a reference's fit from its
 * pictures, reads each job's thumbnail in capture order, and also handles imported jobs. Each run looks for missing
 * results again, so a reload or a new batch loses nothing.
 */
export class GlassBacklog {
  readonly #parts: Parts;
  /** ids of references without enough pictures, and of jobs that could not be looked at: not tried again in this visit */
  readonly #hopeless = new Set<string>();
  /** ids of references that have a fit: it is 0.6 MB to read */
  readonly #fitted = new Set<string>();
  readonly #ready = $derived.by((): Present | null => {
    const { present } = this.#parts.cameras;
    const { canChange, isAtRest } = this.#parts.work;
    return canChange && isAtRest ? present : null;
  });

  constructor(parts: Parts) {
    this.#parts = parts;
    runAtRest(
      () => this.#ready,
      (_, signal) => this.#run(signal),
    );
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { reference } = this.#parts.cameras;
    if (!reference) return;
    try {
      const hasFit = !signal.aborted && (await this.#hasFit(reference));
      if (hasFit && !(await this.#knowsModel(reference))) return;
      if (hasFit && reference.isOwnModel === false) this.#parts.history.awaitGlass(reference.id);
      await this.#parts.history.whole;
      await this.#fill(signal);
    } catch (error) {
      // No person waits for this, so the failure is not shown.
      if (signal.aborted) return;
      this.#hopeless.add(reference.id);
      console.error(error);
    }
  }

  /** Makes the fit of a reference that is older than fits. */
  async #hasFit(reference: Reference): Promise<boolean> {
    if (this.#hopeless.has(reference.id) || cleanMissing(reference) > 0) return false;
    if (this.#fitted.has(reference.id)) return true;
    const fit = await fitOfReference(this.#parts.sources, reference.id);
    (fit ? this.#fitted : this.#hopeless).add(reference.id);
    return fit !== null;
  }

  /** Finds out if the model was made for the camera, for a reference that is older than this check. */
  async #knowsModel(reference: Reference): Promise<boolean> {
    const { sources, models } = this.#parts;
    const manifest = models.find(reference.modelSha256)?.manifest;
    if (reference.isOwnModel !== undefined || !manifest) return true;
    const isOwnModel = isMadeFor(manifest, reference.embeddings);
    const saved = await saveFacts(sources.db, 'references', reference.id, { isOwnModel });
    // The backlog is begun again with it.
    if (saved) this.#parts.cameras.takeReference(saved);
    return false;
  }

  async #fill(signal: AbortSignal): Promise<void> {
    const { present } = this.#parts.cameras;
    const { history, sources, turns, work } = this.#parts;
    const { db } = sources;
    if (!present) return;
    const { camera } = present;
    if (present.jobs.some(isUnjudged)) await this.#takeBelieved(present, signal);
    const jobs = () => scoredBy(camera.modelSha256, history.stored);
    let stretch = (await loadUnjudged(db, camera.id)) ?? this.#unseen(jobs());
    if (!stretch) return;
    const judge = new HistoryJudge(sources, present);
    const isAtRest = () => work.isAtRest;
    const unshown = new Map<string, CompletedJob>();
    let shownAt = performance.now();
    const show = () => {
      shownAt = performance.now();
      if (unshown.size === 0) return;
      history.takeJudged(new Map(unshown));
      unshown.clear();
      this.#parts.followers.judgedAnew();
    };
    // The next run goes on from stored results.
    signal.addEventListener('abort', show);
    while (stretch) {
      const known = jobs().map((job) => unshown.get(job.id) ?? job);
      const { from, to, ...why }: UnjudgedStretch = stretch;
      const again = await judge.judge({ jobs: known, from: [from], until: to, most: BATCH });
      const rest: UnjudgedStretch | null = again.left && {
        ...why,
        from: again.left.from,
        to: Math.max(to, again.left.to),
      };
      const reason = why.isImported && ({ cause: 'imported', snapshots: [], batch: 0 } as const);
      const isStored = await turns.take(async () => {
        // Changes of meanwhile, such as of the places that are not on the glass, are not known to these.
        if (signal.aborted || !isAtRest()) return false;
        await saveJudged(db, camera.id, { ...again, ...(reason && { told: reason }) }, rest);
        for (const [id, job] of again.judged) unshown.set(id, job);
        if (again.renewed) await this.#parts.cameras.renew();
        // Each round reads the whole history; a batch that has begun meanwhile goes on from it.
        if (!isAtRest() || performance.now() - shownAt > SHOW_INTERVAL) show();
        return true;
      });
      if (!isStored) break;
      stretch = rest;
    }
    show();
    for (const { id, glass } of jobs()) if (glass === undefined) this.#hopeless.add(id);
  }

  /** Judges those whose time was ahead, and has come. */
  async #takeBelieved(present: Present, signal: AbortSignal): Promise<void> {
    const { history, followers, sources, turns, work } = this.#parts;
    const again = await judgedBy(sources, present, {}, { from: [] });
    if (![...again.judged.values()].some((job) => !isUnjudged(job))) return;
    await turns.take(async () => {
      if (signal.aborted || !work.isAtRest) return;
      await saveInputs(sources.db, {}, again);
      if (again.renewed) await this.#parts.cameras.renew();
      history.takeJudged(again.judged);
      followers.judgedAnew();
    });
  }

  /** The stretch of a history in which jobs were not looked at yet. */
  #unseen(jobs: readonly CompletedJob[]): UnjudgedStretch | null {
    const unseen = jobs.filter(
      ({ id, glass, referenceId }) =>
        glass === undefined && this.#fitted.has(referenceId) && !this.#hopeless.has(id),
    );
    const [first, last] = [unseen[0], unseen.at(-1)];
    return first && last ? { from: first.capturedAt, to: last.capturedAt } : null;
  }
}
