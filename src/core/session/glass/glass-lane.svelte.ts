import { lastBreak, type CompletedJob, type Reference } from '../../domain/camera/job';
import { countedNeeded, GLASS_MEMORY } from '../../domain/glass/glass-facts';
import { isMadeFor } from '../../domain/model/own-model';
import { loadReferenceThumbnail, saveReferenceFacts } from '../../storage/cameras';
import {
  loadGlassFit,
  loadSights,
  saveGlassFit,
  saveLateGlass,
  type LateGlass,
} from '../../storage/glass-fits';
import { loadThumbnail } from '../../storage/jobs';
import { runAtRest } from '../at-rest.svelte';
import { GlassWatch } from './glass-watch';
import { scoredBy } from '../history/history';
import type { Session } from '../session.svelte';
import type { Watched } from '../history/window';

/** Jobs that are stored at a time. */
const BATCH = 25;
/** How often what was found is shown, in milliseconds. */
const SHOW_INTERVAL = 5_000;

/**
 * Looks at the glass in what was stored before that was looked at, while nothing else is at work: the fit of a reference
 * from its pictures, then what each of its jobs shows, from its thumbnail, in capture order. Distances that stand are not
 * changed. What is missing is looked for anew each time, so a reload or a new batch loses nothing.
 */
export class GlassLane {
  readonly #session: Session;
  /** ids of references without enough pictures, and of jobs that could not be looked at: not tried again in this visit */
  readonly #hopeless = new Set<string>();
  /** ids of references that have a fit: it is 0.6 MB to read */
  readonly #fitted = new Set<string>();
  readonly #ready = $derived.by((): Watched | null => {
    const { camera, reference, events, isAtRest } = this.#session;
    return camera && reference && isAtRest ? { camera, reference, events } : null;
  });

  constructor(session: Session) {
    this.#session = session;
    runAtRest(
      () => this.#ready,
      (watched, signal) => this.#run(watched, signal),
    );
  }

  async #run(watched: Watched, signal: AbortSignal): Promise<void> {
    try {
      if (signal.aborted || !(await this.#hasFit(watched.reference, signal))) return;
      if (!(await this.#knowsModel(watched.reference))) return;
      if (watched.reference.isOwnModel === false) this.#session.monitor.awaitGlass(watched.reference.id);
      await this.#fillJobs(watched, signal);
      await this.#fillSights(watched, signal);
    } catch (error) {
      // Nobody waits for this: it is not worth a person's attention.
      if (signal.aborted) return;
      this.#hopeless.add(watched.reference.id);
      console.error(error);
    }
  }

  /** Makes the fit of a reference of before there were any. */
  async #hasFit(reference: Reference, signal: AbortSignal): Promise<boolean> {
    const { db, looker } = this.#session;
    if (this.#hopeless.has(reference.id)) return false;
    if (this.#fitted.has(reference.id)) return true;
    if (await loadGlassFit(db, reference.id)) {
      this.#fitted.add(reference.id);
      return true;
    }
    const pictures = await Promise.all(
      reference.embeddings.map((_, i) => loadReferenceThumbnail(db, reference.id, i)),
    );
    const fit = await looker.fit(pictures, reference.capturedAt ?? []);
    if (!fit) {
      this.#hopeless.add(reference.id);
      return false;
    }
    if (signal.aborted) return false;
    await saveGlassFit(db, reference.id, fit);
    this.#fitted.add(reference.id);
    return true;
  }

  /** Finds out whether the model was made for the camera, for a reference of before that was looked at. */
  async #knowsModel(reference: Reference): Promise<boolean> {
    const { db, models } = this.#session;
    const manifest = models.find(reference.modelSha256)?.manifest;
    if (reference.isOwnModel !== undefined || !manifest) return true;
    const isOwnModel = isMadeFor(manifest, reference.embeddings);
    const saved = await saveReferenceFacts(db, reference.id, { isOwnModel });
    // The lane is begun again with it.
    if (saved) this.#session.takeReference(saved);
    return false;
  }

  async #fillJobs(watched: Watched, signal: AbortSignal): Promise<void> {
    const { db, looker } = this.#session;
    const jobs = await this.#jobsOf(watched);
    const isMissing = ({ id, glass }: CompletedJob) => glass === undefined && !this.#hopeless.has(id);
    if (!jobs.some(isMissing)) return;
    const watch = await GlassWatch.open(db, looker, watched);
    if (!watch) return;
    const found = new Map<string, LateGlass>();
    const unshown = new Map<string, LateGlass>();
    let shownAt = performance.now();
    const store = async () => {
      // What was changed meanwhile, such as the places that are not on the glass, is not known to these.
      if (signal.aborted) found.clear();
      if (found.size === 0) return;
      await saveLateGlass(db, found);
      for (const [id, late] of found) unshown.set(id, late);
      found.clear();
      // Each time looks at the whole history.
      if (performance.now() - shownAt > SHOW_INTERVAL) show();
    };
    const show = () => {
      shownAt = performance.now();
      if (unshown.size === 0) return;
      this.#session.monitor.takeGlass(unshown);
      unshown.clear();
      this.#session.tellJudgedAnew();
    };
    /** the job that the watch stands right after */
    let standing: CompletedJob | null = null;
    for (const [i, job] of jobs.entries()) {
      if (!isMissing(job)) continue;
      const thumbnail = await loadThumbnail(db, job.id);
      if (signal.aborted) break;
      if (!thumbnail) {
        found.set(job.id, { glass: null, sight: null });
        jobs[i] = { ...job, glass: null };
        continue;
      }
      const since = lastBreak(watched.events, job.capturedAt);
      const isNext = standing !== null && standing === jobs[i - 1];
      if (!isNext || (since !== null && since > standing!.capturedAt)) {
        // It is restored from what is stored.
        await store();
        await watch.place(db, jobs.slice(0, i), since);
      }
      const seen = await watch.see(thumbnail);
      if (seen === undefined) {
        this.#hopeless.add(job.id);
        continue;
      }
      const glass = seen && ({ ...seen.facts, isAfterwards: true } as const);
      found.set(job.id, { glass, sight: seen?.sight ?? null });
      standing = jobs[i] = { ...job, glass };
      watch.passed(standing);
      if (found.size >= BATCH) await store();
    }
    await store();
    show();
  }

  /** Sees again what the next snapshot is judged with, where only the facts are left, as after an export of before. */
  async #fillSights(watched: Watched, signal: AbortSignal): Promise<void> {
    const { db, looker } = this.#session;
    const { windowSize } = watched.camera.detector;
    const jobs = (await this.#jobsOf(watched))
      .filter(({ glass }) => glass)
      .slice(-GLASS_MEMORY - countedNeeded(windowSize));
    const known = await loadSights(
      db,
      jobs.map(({ id }) => id),
    );
    if (known.size === jobs.length) return;
    const fit = await loadGlassFit(db, watched.reference.id);
    const found = new Map<string, LateGlass>();
    for (const { id, glass } of jobs) {
      const thumbnail = known.has(id) || this.#hopeless.has(id) ? null : await loadThumbnail(db, id);
      if (signal.aborted) return;
      if (!fit || !glass || !thumbnail) continue;
      const [sight] = await looker.look(fit, [thumbnail]);
      // What was said of it stands.
      if (sight) found.set(id, { glass, sight });
      else this.#hopeless.add(id);
    }
    if (found.size === 0 || signal.aborted) return;
    await saveLateGlass(db, found);
    this.#session.monitor.takeGlass(found);
    this.#session.announce();
  }

  /** The jobs that the present model has scored against the present reference, in capture order. */
  async #jobsOf({ camera, reference }: Watched): Promise<CompletedJob[]> {
    const { monitor } = this.#session;
    await monitor.whole;
    return scoredBy(camera.modelSha256, monitor.jobs).filter(
      ({ referenceId }) => referenceId === reference.id,
    );
  }
}
