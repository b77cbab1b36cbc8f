import { AppError } from '../../domain/errors';
import { isSetAside, standingAfter, type CompletedJob } from '../../domain/camera/job';
import type { GlassFit, GlassSight } from '../../domain/glass/glass';
import { countedNeeded, GLASS_MEMORY, type GlassFacts } from '../../domain/glass/glass-facts';
import { GlassJudge } from '../../domain/glass/glass-judge';
import type { GlassLooker, GlassSource } from '../../encoder/glass/glass-looker';
import type { Database } from '../../storage/database';
import { loadGlassFit, loadSights } from '../../storage/glass-fits';
import type { Watched } from '../history/window';

/** What was seen of a snapshot, and what it means. */
export interface WatchedSight {
  readonly sight: GlassSight;
  readonly facts: GlassFacts;
}

/** Growth and loss of one camera's snapshots, in capture order, through the fit of its reference. */
export class GlassWatch {
  readonly #looker: GlassLooker;
  readonly #fit: GlassFit;
  readonly #watched: Watched;
  readonly #judge: GlassJudge;
  /** the job right before the next one, since the last break */
  #before: CompletedJob | null = null;
  #ahead: readonly { readonly source: GlassSource; readonly sight: GlassSight | null | undefined }[] = [];

  private constructor(looker: GlassLooker, fit: GlassFit, watched: Watched) {
    this.#looker = looker;
    this.#fit = fit;
    this.#watched = watched;
    const { camera, reference } = watched;
    this.#judge = new GlassJudge(fit, {
      windowSize: camera.detector.windowSize,
      persistence: camera.persistence,
      offGlass: reference.offGlass ?? fit.captions,
      isOwnModel: isOwnModel(watched),
      isWarm: camera.warmUp !== 'none',
    });
  }

  /** @returns null where the reference has no fit */
  static async open(db: Database, looker: GlassLooker, watched: Watched): Promise<GlassWatch | null> {
    const fit = await loadGlassFit(db, watched.reference.id);
    return fit && new GlassWatch(looker, fit, watched);
  }

  /** Whether it looks at this camera through this reference, by these settings. */
  isFor(watched: Watched): boolean {
    return this.#watched.camera === watched.camera && this.#watched.reference === watched.reference;
  }

  /**
   * Makes it stand as after these jobs, from their stored sights: what it says next is the same, to the last bit, as
   * without a reload.
   *
   * @param earlier - scored jobs before the next snapshot, in capture order
   * @param since - when the lens was cleaned last before the next snapshot
   */
  async place(db: Database, earlier: readonly CompletedJob[], since: number | null): Promise<void> {
    const { camera, reference } = this.#watched;
    const all = earlier.filter((job) => job.referenceId === reference.id);
    // What came before a snapshot that was not looked at yet would stand for it.
    const unseen = all.findLastIndex(({ glass }) => glass === undefined);
    const own = all.slice(unseen + 1).filter(({ glass }) => glass);
    const counted = own.filter((job) => !isSetAside(job) && (since === null || job.capturedAt >= since));
    const last = earlier.at(-1) ?? null;
    this.#before = last && since !== null && last.capturedAt < since ? null : last;
    const needed = counted.slice(-countedNeeded(camera.detector.windowSize));
    const memory = own.slice(-GLASS_MEMORY);
    const sights = await loadSights(
      db,
      [...new Set([...memory, ...needed])].map(({ id }) => id),
    );
    const known = (jobs: readonly CompletedJob[]) =>
      jobs.map(({ id }) => sights.get(id)).filter((sight) => sight !== undefined);
    this.#ahead = [];
    // What came before a lost sight would stand for snapshots that it is not of.
    const lost = needed.findLastIndex(({ id }) => !sights.has(id));
    this.#judge.restore({
      traces: memory.flatMap(({ id, glass }) => {
        const sight = sights.get(id);
        return sight && glass ? [{ sight, isOtherView: glass.view.isAside }] : [];
      }),
      counted: known(needed.slice(lost + 1)),
      isFromStart: since === null && unseen < 0 && lost < 0 && counted.length === needed.length,
      facts: counted.map(({ glass }) => glass!),
    });
  }

  /** Looks at the next snapshots in one go; each is given by `see` when its turn comes, unless something came between. */
  async lookAhead(sources: readonly GlassSource[]): Promise<void> {
    const sights = await this.#look(sources);
    this.#ahead = sources.map((source, i) => ({ source, sight: sights?.[i] }));
  }

  /**
   * Looks at the next snapshot.
   *
   * @returns null where nothing can be seen: the picture has another shape than the reference's; undefined where it could
   *   not be looked at
   */
  async see(source: GlassSource): Promise<WatchedSight | null | undefined> {
    const [next, ...rest] = this.#ahead;
    const isAhead = next?.source === source;
    this.#ahead = isAhead ? rest : [];
    const sight = isAhead ? next.sight : (await this.#look([source]))?.[0];
    return sight && this.take(sight);
  }

  /** Judges a sight that is known already. */
  take(sight: GlassSight): WatchedSight {
    return { sight, facts: this.#judge.update(sight, standingAfter(this.#before)) };
  }

  /** Knows the job that a snapshot has become: what stands is concluded from it. */
  passed(job: CompletedJob): void {
    this.#before = job;
  }

  /** Empties the windows, as after a cleaning. */
  empty(): void {
    this.#before = null;
    this.#judge.empty();
  }

  async #look(sources: readonly GlassSource[]): Promise<(GlassSight | null)[] | null> {
    try {
      return await this.#looker.look(this.#fit, sources);
    } catch (error) {
      // The snapshot is scored without it; what is missing is filled in when nothing else is at work.
      if (error instanceof AppError) return null;
      throw error;
    }
  }
}

/** Whether the camera's model was made for it: else its distance is shown beside the verdict and does not speak. */
function isOwnModel({ reference }: Watched): boolean {
  return reference.isOwnModel ?? true;
}
