import type { Camera } from '../camera';
import type { CameraEvent } from '../event';
import type { Job } from '../job';
import type { SpanByHand } from '../../usable/span';
import { isSameTime, timeIn, toUtc, toWall, type CameraTime } from './zone';
import { isAlike } from '../../alike';
import { atOtherTimes } from '../../glass/glass-facts';
import { withTime } from '../camera';
import { inZone, isZoneUnknown, wallClockOf } from './job-time';

type Times<Field extends string> = Readonly<Record<Field, number>>;

/** A row with times that a person has entered in these fields. */
type EnteredTimes<Field extends string> = Times<Field> & {
  readonly asEntered?: (CameraTime & Times<Field>) | undefined;
};

/** One job's time by two zones. */
interface Move {
  readonly from: number;
  readonly to: number;
}

/**
 * Moves times that a person took from pictures with these to another zone or offset. Each time follows the picture
 * nearest to it and is computed from the time that was entered, so that it is exact again in its own zone.
 */
export class Shift {
  readonly #from: CameraTime;
  readonly #to: CameraTime;
  readonly #jobs: readonly Job[];
  readonly #moves = new Map<string, readonly Move[]>();

  /** @param jobs - of the camera, by any zone */
  constructor(jobs: readonly Job[], from: CameraTime, to: CameraTime) {
    [this.#jobs, this.#from, this.#to] = [jobs, from, to];
  }

  /** Moves the capture times of a camera: since when each reference judges, and its horizon. */
  camera(camera: Camera): Camera {
    const { horizonAsEntered, ...rest } = withTime(camera, this.#to);
    const { timeline, horizon } = camera;
    const moved = horizon !== undefined && this.#shifted({ at: horizon, asEntered: horizonAsEntered }, 'at');
    return {
      ...rest,
      // The first reference judges from the beginning of time.
      ...(timeline && {
        timeline: timeline.map((each) => (each.at === 0 ? each : this.#shifted(each, 'at'))),
      }),
      ...(moved && { horizon: moved.at, ...(moved.asEntered && { horizonAsEntered: moved.asEntered }) }),
    };
  }

  /** Moves a view, a clean lens or a change of the scene that began with a picture. Events that were entered in real time stay. */
  event(event: CameraEvent): CameraEvent {
    const { scene, kind, until } = event;
    // The hours in which clocks are set are not brought back to the minute.
    if (kind === 'clean')
      return { ...this.#shifted(event, 'at'), ...(until && { until: this.#moved(until, this.#from) }) };
    if (!scene) return event.isNewView ? this.#shifted(event, 'at') : event;
    const { liftedAt } = scene;
    const lifted = liftedAt !== undefined && { liftedAt: this.#moved(liftedAt, this.#from) };
    return { ...this.#shifted(event, 'at'), scene: { ...scene, ...lifted } };
  }

  /** Times that a job tells of move with the pictures that it began with. */
  job<T extends Job>(job: T): T {
    const moved = inZone(job, this.#to);
    const glass = job.jobStatus === 'Completed' ? job.glass : null;
    if (!glass) return moved;
    const facts = atOtherTimes(glass, (at) => this.#moved(at, this.#from));
    return moved === job && isAlike(facts, glass) ? job : { ...moved, glass: facts };
  }

  span(span: SpanByHand): SpanByHand {
    return this.#shifted(span, 'begin', 'end');
  }

  /** A stretch of a history that is judged later; it is for a while, so its exact time is not remembered. */
  stretch<T extends { readonly from: number; readonly to: number }>(stretch: T): T {
    const [from, to] = [stretch.from, stretch.to].map((at) => this.#moved(at, this.#from));
    return { ...stretch, from, to };
  }

  #shifted<Field extends string, T extends EnteredTimes<Field>>(row: T, ...fields: readonly Field[]): T {
    const { asEntered, ...rest } = row;
    const timesBy = (timeOf: (field: Field) => number) =>
      Object.fromEntries(fields.map((field) => [field, timeOf(field)])) as Record<Field, number>;
    const entered = asEntered ?? { ...timeIn(this.#from), ...timesBy((field) => row[field]) };
    const moved = timesBy((field) => this.#moved(entered[field], entered));
    return { ...rest, ...moved, ...(!isSameTime(entered, this.#to) && { asEntered: entered }) } as T;
  }

  #moved(at: number, from: CameraTime): number {
    if (isSameTime(from, this.#to)) return at;
    const moves = this.#movesFrom(from);
    return moves.length > 0 ? movedAs(moves, at) : toUtc(toWall(at, from), this.#to);
  }

  #movesFrom(from: CameraTime): readonly Move[] {
    const key = JSON.stringify(timeIn(from));
    const known = this.#moves.get(key);
    if (known) return known;
    const moves = this.#jobs.map((job) => ({
      from: inZone(job, from).capturedAt,
      to: inZone(job, this.#to).capturedAt,
    }));
    this.#moves.set(key, moves);
    return moves;
  }
}

/** A time that was taken from pictures goes with the one nearest to it. */
function movedAs([first, ...moves]: readonly Move[], at: number): number {
  if (!first) return at;
  const nearest = moves.reduce((a, b) => (Math.abs(b.from - at) < Math.abs(a.from - at) ? b : a), first);
  return at + nearest.to - nearest.from;
}

/** The answers about changes that began with a picture whose time is another by now, moved with it. */
export function scenesMoved(
  events: readonly CameraEvent[],
  before: readonly Job[],
  after: readonly Job[],
): readonly CameraEvent[] {
  const times = new Map(after.map(({ id, capturedAt }) => [id, capturedAt]));
  const moves = before.map(({ id, capturedAt: from }) => ({ from, to: times.get(id) ?? from }));
  return events.flatMap(({ asEntered: _entered, ...event }) => {
    const { at, scene } = event;
    if (!scene) return [];
    const { liftedAt } = scene;
    const lifted = liftedAt !== undefined && { liftedAt: movedAs(moves, liftedAt) };
    const moved = { ...event, at: movedAs(moves, at), scene: { ...scene, ...lifted } };
    return moved.at === at && moved.scene.liftedAt === liftedAt ? [] : moved;
  });
}

/** The effect of another zone or offset on the pictures of a camera. */
export interface ShiftPreview {
  /** snapshots that move; those of which the file states its zone, or only its own date, stay */
  readonly count: number;
  /** snapshots that move, and of which it is not known if EXIF states a zone */
  readonly unknown: number;
  /** the first and the last of those that move, and where they go */
  readonly first: ShiftedJob | null;
  readonly last: ShiftedJob | null;
}

interface ShiftedJob extends Move {
  readonly imageName: string;
}

/** @param jobs - one for each snapshot, in capture order */
export function shiftPreview(jobs: readonly Job[], to: CameraTime): ShiftPreview {
  const moving = jobs.filter((job) => wallClockOf(job) !== null);
  const shifted = (job: Job | undefined): ShiftedJob | null =>
    job ? { imageName: job.imageName, from: job.capturedAt, to: inZone(job, to).capturedAt } : null;
  return {
    count: moving.length,
    unknown: moving.filter(isZoneUnknown).length,
    first: shifted(moving[0]),
    last: shifted(moving.at(-1)),
  };
}
