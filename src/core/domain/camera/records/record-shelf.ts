import { isAhead } from '../time/clock';
import {
  axesFrom,
  capturedAtOf,
  noteAxes,
  STATE_TAGS,
  statusOf,
  type Axis,
  type FieldRecord,
  type RecordStatus,
} from './record-fields';

/** What tells the cameras of an experiment apart, and what a record says of it. */
export interface CameraName {
  /** a parameter of its own, else the tags that all its records have, else the model */
  readonly from: 'camera' | 'tags' | 'model';
  readonly name: string;
}

/** The newest verdict of a camera among some records. */
export interface CameraStand<R> extends CameraName {
  readonly record: R;
  readonly status: 'drift' | 'warning' | 'normal';
  /** milliseconds since 1970 */
  readonly at: number;
  /** whether it is the moment of sending, since none of the camera's verdicts says when it was captured */
  readonly isSent: boolean;
  /** the oldest verdict of an unbroken run of the same, up to the newest */
  readonly since: number;
  /** whether no other verdict comes before that run */
  readonly isFromTheStart: boolean;
}

/** How much is known of what an experiment holds. */
export interface Reach {
  /** whether every record that was asked for has been read and understood */
  readonly isWhole: boolean;
  /** whether only some were asked for */
  readonly isFiltered: boolean;
}

/**
 * What may be said above an experiment's records: which verdict is the newest of each camera, and since when it holds.
 * As long as records are missing, any of them may be newer than those that are there, or lie between them.
 */
export interface FleetHead<R> {
  /** what the verdicts are the newest of */
  readonly scope: 'all' | 'so-far' | 'matching' | 'matching-so-far';
  readonly stands: readonly (Omit<CameraStand<R>, 'since' | 'isFromTheStart'> & {
    /** null where something that was not read may lie between */
    readonly since: { readonly at: number; readonly isAtLeast: boolean } | null;
  })[];
  /** whether it is known that no record of the experiment says anything of a lens */
  readonly isWithoutVerdict: boolean;
}

/** One record as it stands on the shelf. */
interface Placed<R> {
  readonly record: R;
  /** -Infinity for one without any time */
  readonly at: number;
  readonly isSent: boolean;
  readonly status: RecordStatus;
}

interface Group<R> extends CameraName {
  /** newest first */
  placed: Placed<R>[];
}

const STATES: ReadonlySet<string> = new Set(STATE_TAGS);
const RANKS = ['drift', 'warning', 'normal'];

/** Which camera a record is of, as far as it says so. */
export function cameraOf({ parameters, tags, model }: FieldRecord): CameraName {
  const { camera } = parameters;
  if (typeof camera === 'string' && camera.trim() !== '') return { from: 'camera', name: camera };
  const own = tags.filter((tag) => !STATES.has(tag)).sort();
  return own.length > 0 ? { from: 'tags', name: own.join(', ') } : { from: 'model', name: model };
}

/**
 * Records as they come, page by page, in order: adding a page costs about as much with thirty thousand on the shelf as
 * with none.
 */
export class RecordShelf<R extends FieldRecord> {
  /** newest first by capture time; those without any time come last */
  readonly #placed: Placed<R>[] = [];
  readonly #groups = new Map<string, Group<R>>();
  readonly #kinds = new Map<string, Axis['kind']>();
  readonly #tags = new Set<string>();

  get size(): number {
    return this.#placed.length;
  }

  /** The records by capture time, the newest first; those without any time come last. */
  records(): R[] {
    return this.#placed.map(({ record }) => record);
  }

  tags(): string[] {
    return [...this.#tags].sort();
  }

  axes(): readonly Axis[] {
    return axesFrom(this.#kinds);
  }

  add(records: readonly R[]): void {
    const placed = records.map((record): Placed<R> => {
      const { at, from } = capturedAtOf(record);
      return { record, at: at ?? -Infinity, isSent: from === 'created_at', status: statusOf(record) };
    });
    placed.sort(newerFirst);
    insert(this.#placed, placed);
    noteAxes(this.#kinds, records);
    for (const { tags } of records) for (const tag of tags) this.#tags.add(tag);
    const byCamera = new Map<string, Group<R>>();
    for (const one of placed) {
      const camera = cameraOf(one.record);
      const key = `${camera.from} ${camera.name}`;
      const group = byCamera.get(key) ?? { ...camera, placed: [] };
      byCamera.set(key, group);
      group.placed.push(one);
    }
    for (const [key, group] of byCamera) {
      const present = this.#groups.get(key);
      if (present) insert(present.placed, group.placed);
      else this.#groups.set(key, group);
    }
  }

  /** Takes a record away that is there no more; what axes and tags it brought stay. */
  remove(id: string): void {
    for (const placed of [this.#placed, ...[...this.#groups.values()].map((group) => group.placed)]) {
      const at = placed.findIndex(({ record }) => record.id === id);
      if (at >= 0) placed.splice(at, 1);
    }
  }

  /**
   * The newest verdict of each camera, the most urgent first. Records that say nothing of the lens neither begin nor
   * end one, nor do those of a time that has not come yet. Where any verdict of a camera says when it was captured,
   * those that don't have no place in the order and are left out.
   *
   * @param now - milliseconds since 1970
   */
  stands(now: number): readonly CameraStand<R>[] {
    return this.#cameras()
      .flatMap((group) => standOf(group, now) ?? [])
      .sort(
        (a, b) =>
          RANKS.indexOf(a.status) - RANKS.indexOf(b.status) ||
          (a.name < b.name ? -1 : Number(a.name > b.name)),
      );
  }

  /** Records of before name their camera by a tag alone: they are of the camera that later ones name. */
  #cameras(): readonly Group<R>[] {
    const cameras = new Map<string, Group<R>>();
    for (const group of this.#groups.values()) {
      if (group.from === 'camera') cameras.set(group.name, { ...group, placed: [...group.placed] });
    }
    const others: Group<R>[] = [];
    for (const group of this.#groups.values()) {
      if (group.from === 'camera') continue;
      const camera = group.from === 'tags' ? cameras.get(group.name) : undefined;
      if (camera) insert(camera.placed, group.placed);
      else others.push(group);
    }
    return [...cameras.values(), ...others];
  }
}

/** What may be said of these stands, with what is known of the rest. @param size - how many records were read */
export function fleetHead<R>(stands: readonly CameraStand<R>[], size: number, reach: Reach): FleetHead<R> {
  const { isWhole, isFiltered } = reach;
  const isAll = isWhole && !isFiltered;
  return {
    scope: isFiltered ? (isWhole ? 'matching' : 'matching-so-far') : isWhole ? 'all' : 'so-far',
    stands: stands.map(({ since, isFromTheStart, ...stand }) => ({
      ...stand,
      since: isAll ? { at: since, isAtLeast: isFromTheStart } : null,
    })),
    isWithoutVerdict: isAll && size > 0 && stands.length === 0,
  };
}

function standOf<R>({ from, name, placed }: Group<R>, now: number): CameraStand<R> | null {
  let newest: (Placed<R> & { readonly status: CameraStand<R>['status'] }) | null = null;
  let since = 0;
  const isSent = !placed.some((one) => isVerdict(one, now) && !one.isSent);
  for (const one of placed) {
    if (!isVerdict(one, now) || one.isSent !== isSent) continue;
    if (newest && one.status !== newest.status) {
      return { from, name, ...newest, since, isFromTheStart: false };
    }
    newest ??= one;
    since = one.at;
  }
  return newest && { from, name, ...newest, since, isFromTheStart: true };
}

function isVerdict<R>(
  placed: Placed<R>,
  now: number,
): placed is Placed<R> & { readonly status: CameraStand<R>['status'] } {
  return RANKS.includes(placed.status) && placed.at > -Infinity && !isAhead(placed.at, now);
}

/** Of two that were captured at the same moment, the one that was sent later is the newer one. */
function newerFirst<R extends FieldRecord>(a: Placed<R>, b: Placed<R>): number {
  if (a.at !== b.at) return b.at - a.at;
  const [x, y] = [a.record, b.record];
  if (x.created_at !== y.created_at) return x.created_at < y.created_at ? 1 : -1;
  return x.id < y.id ? 1 : -1;
}

/** Brings more into what is in order already; what belongs at its end costs nothing. */
function insert<R extends FieldRecord>(into: Placed<R>[], more: readonly Placed<R>[]): void {
  let from = into.length;
  const [first] = more;
  if (!first) return;
  while (from > 0 && newerFirst(into[from - 1]!, first) > 0) from -= 1;
  const tail = into.splice(from);
  let i = 0;
  for (const one of more) {
    while (i < tail.length && newerFirst(tail[i]!, one) <= 0) into.push(tail[i++]!);
    into.push(one);
  }
  while (i < tail.length) into.push(tail[i++]!);
}
