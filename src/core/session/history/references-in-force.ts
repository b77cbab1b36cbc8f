import { lastBreak } from '../../domain/camera/event';
import type { InForce } from '../../domain/camera/camera';
import {
  canRenew,
  choiceBetween,
  cleanUntil,
  cycleAt,
  cyclesOf,
  isOpen,
  learnable,
  learnsAt,
  picturesNeeded,
  type Cycle,
} from '../../domain/camera/cycle';
import type { CompletedJob } from '../../domain/camera/job';
import type { Reference } from '../../domain/camera/reference';
import { inForceAt, timelineOf } from '../../domain/camera/timeline';
import type { LearningSince } from '../../domain/glass/glass-judge';
import type { Renewed } from '../../storage/judged-again';
import { cycleReference, type CycleReference, type LearnedContentsOf } from '../reference/cycle-reference';
import type { Sources } from './contents';
import type { WatchedCamera } from './window';

/** How a snapshot is judged, by its time. */
export interface InForceThen {
  readonly reference: Reference;
  /** the instant at which the windows began anew last; null where they never did */
  readonly since: number | null;
  /** true if the reference came into force then, with its own last snapshots in the windows */
  readonly isWarm: boolean;
  /** null where the reference is the cycle's own */
  readonly learns: LearningSince | null;
}

/**
 * Which reference judges when. Those that a person made are in the camera's timeline; the others follow from the pictures
 * of each cycle while a history is walked through in capture order, so that every order of arrival gives the same.
 */
export class ReferencesInForce {
  readonly #sources: Sources;
  readonly #watched: WatchedCamera;
  readonly #cycles: readonly Cycle[];
  readonly #references: Map<string, Reference>;
  readonly #made = new Map<string, CycleReference>();
  /** by the pictures that were looked at: null where they gave none */
  readonly #tried = new Map<string, string | null>();
  #timeline: readonly InForce[];
  readonly #before: readonly InForce[];

  /** @param jobs - of its model, in capture order */
  constructor(sources: Sources, watched: WatchedCamera, jobs: readonly CompletedJob[]) {
    const { camera, references, events } = watched;
    this.#sources = sources;
    this.#watched = watched;
    this.#cycles = cyclesOf(camera, events);
    this.#references = new Map(references.map((reference) => [reference.id, reference]));
    const begins = new Set(this.#cycles.map(({ beganAt }) => beganAt));
    const { horizon = -Infinity } = camera;
    const last = jobs.at(-1)?.capturedAt ?? -Infinity;
    this.#before = timelineOf({ ...watched, jobs });
    this.#timeline = this.#before.filter(({ referenceId, at }) => {
      const { beganAt } = this.#references.get(referenceId)!;
      // One of a cycle is chosen when a picture comes that it judges.
      return beganAt === undefined || at < horizon || (begins.has(beganAt) && at <= last);
    });
  }

  at(capturedAt: number): InForceThen {
    const { reference: latest } = this.#watched;
    const id = inForceAt(this.#timeline, capturedAt);
    const reference = (id !== null && this.#references.get(id)) || latest;
    const own = this.#timeline.findLast(
      ({ at, referenceId }) => at <= capturedAt && this.#isCycles(referenceId),
    );
    const broken = this.#lastBreak(capturedAt);
    const isWarm = own !== undefined && own.referenceId === reference.id && own.at > (broken ?? -Infinity);
    const cycle = cycleAt(this.#cycles, capturedAt);
    const since = isWarm ? own.at : broken;
    const canLearn = cycle && canRenew(reference) && !this.#isGiven(cycle, capturedAt);
    return { reference, since, isWarm, learns: canLearn ? learnsAt(cycle, capturedAt, reference) : null };
  }

  /** True if the references of the cycle at an instant may still change there. */
  isOpenAt(capturedAt: number): boolean {
    const cycle = cycleAt(this.#cycles, capturedAt);
    return cycle !== null && isOpen(cycle, capturedAt);
  }

  /**
   * Passes from one snapshot to the next: where a day of a cycle, or what a person called clean, has ended between them, its
   * own reference is chosen.
   *
   * @param jobs - in capture order; those before `place` are judged
   */
  async pass(jobs: readonly CompletedJob[], place: number, contentsOf: LearnedContentsOf): Promise<void> {
    const [last, next] = [jobs[place - 1], jobs[place]!];
    const cycle = cycleAt(this.#cycles, next.capturedAt);
    if (!last || !cycle || last.capturedAt < cycle.beganAt || !isOpen(cycle, last.capturedAt)) return;
    // Of a cycle whose first pictures were deleted by age the references stay.
    if (cycle.beganAt < (this.#watched.camera.horizon ?? -Infinity)) return;
    const isHere = ({ at, referenceId }: InForce) =>
      at > last.capturedAt && at <= next.capturedAt && this.#isCycles(referenceId);
    if (this.#timeline.some(isHere)) this.#timeline = this.#timeline.filter((entry) => !isHere(entry));
    const at = choiceBetween(cycle, last.capturedAt, next.capturedAt, this.#watched.camera);
    if (at === null || this.#isGiven(cycle, next.capturedAt)) return;
    const chosen = await this.#chosen(cycle, jobs.slice(0, place), at, contentsOf);
    if (chosen === null) return;
    this.#timeline = [...this.#timeline, { at, referenceId: chosen }].sort((a, b) => a.at - b.at);
  }

  /** The change for storage; undefined if all is as before. @param isDone - false if jobs are still judged by others */
  renewed(isDone: boolean): Renewed | undefined {
    const isSame =
      this.#timeline.length === this.#before.length &&
      this.#timeline.every(
        ({ at, referenceId }, i) =>
          this.#before[i]!.at === at && this.#before[i]!.referenceId === referenceId,
      );
    if (isSame) return undefined;
    const { camera } = this.#watched;
    const used = new Set(this.#timeline.map(({ referenceId }) => referenceId));
    const made = [...this.#made.values()].filter(({ reference }) => used.has(reference.id));
    const unused = this.#watched.references.filter(
      ({ id, beganAt }) => beganAt !== undefined && !used.has(id),
    );
    const gone = isDone ? unused.map(({ id }) => id) : [];
    const referenceId = this.#timeline.at(-1)?.referenceId ?? camera.referenceId;
    return { cameraId: camera.id, timeline: this.#timeline, referenceId, made, gone };
  }

  /** The fit of a reference that was made here; undefined of another. */
  fitOf(referenceId: string) {
    return this.#made.get(referenceId)?.glassFit;
  }

  async #chosen(
    cycle: Cycle,
    before: readonly CompletedJob[],
    at: number,
    contentsOf: LearnedContentsOf,
  ): Promise<string | null> {
    const { reference: inForce } = this.at(at - 1);
    if (!canRenew(inForce)) return null;
    const own = this.#timeline
      .filter((entry) => entry.at < at && this.#references.get(entry.referenceId)?.beganAt === cycle.beganAt)
      .map(({ referenceId }) => this.#references.get(referenceId)!);
    const last = before.at(-1)!.capturedAt;
    const needed = picturesNeeded(cycle, last, own);
    if (needed === null) return null;
    const jobs = learnable(before.filter(({ capturedAt }) => capturedAt >= cycle.beganAt));
    if (jobs.length < needed) return null;
    const key = [inForce.id, needed, ...jobs.map(({ contentSha256 }) => contentSha256)].join(' ');
    const tried = this.#tried.get(key);
    if (tried !== undefined) return tried;
    const { camera } = this.#watched;
    const learning = { camera, cycle, inForce, at, needed };
    const made = await cycleReference(this.#sources.looker, learning, jobs, contentsOf);
    if (made && !this.#references.has(made.reference.id)) {
      this.#made.set(made.reference.id, made);
      this.#references.set(made.reference.id, made.reference);
    }
    this.#tried.set(key, made?.reference.id ?? null);
    return made?.reference.id ?? null;
  }

  #isCycles(referenceId: string): boolean {
    return this.#references.get(referenceId)?.beganAt !== undefined;
  }

  /** True if a person has made a reference since the lens was cleaned, or called clean. */
  #isGiven(cycle: Cycle, capturedAt: number): boolean {
    const since = cleanUntil(cycle);
    return this.#timeline.some(
      ({ at, referenceId }) => at > since && at <= capturedAt && !this.#isCycles(referenceId),
    );
  }

  #lastBreak(capturedAt: number): number | null {
    const { camera, events } = this.#watched;
    const { horizon } = camera;
    if (horizon === undefined) return lastBreak(events, capturedAt);
    // Windows begin empty at each snapshot before the horizon.
    if (capturedAt < horizon) return capturedAt;
    return Math.max(lastBreak(events, capturedAt) ?? horizon, horizon);
  }
}
