import { CAPTURED, type Axis } from '../../../core/domain/camera/plot-point';
import { instantOf, leavesOf, placedAt, type FieldRecord } from './record-fields';

const CREATED: Axis = { key: 'created', of: 'created', path: '', kind: 'time' };

/** Parameters that the capture time was read from: as axes of their own they would say it again. */
const CAPTURE_PATHS: ReadonlySet<string> = new Set(['captured_at', 'captured_at_ms']);

interface Placed<R> {
  readonly record: R;
  /** capture time, milliseconds since 1970; -Infinity for a record without one */
  readonly at: number;
}

/** Records as they come, page by page. */
export class RecordShelf<R extends FieldRecord> {
  /** sorted at the last read of records; later pages are at the end */
  #placed: Placed<R>[] = [];
  readonly #kinds = new Map<string, Axis['kind']>();
  readonly #tags = new Set<string>();

  get size(): number {
    return this.#placed.length;
  }

  /** The records by capture time, newest first; those without any time come last. */
  records(): R[] {
    return this.#placed.sort(newerFirst).map(({ record }) => record);
  }

  tags(): string[] {
    return [...this.#tags].sort();
  }

  /** Axes of the plot: both times, then every parameter that is a finite number or a date. */
  axes(): readonly Axis[] {
    const parameters = [...this.#kinds]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, kind]): Axis => ({ key: `parameter ${path}`, of: 'parameter', path, kind }));
    return [CAPTURED, CREATED, ...parameters];
  }

  add(records: readonly R[]): void {
    for (const record of records) {
      this.#placed.push({ record, at: placedAt(record) ?? -Infinity });
      this.#noteAxes(record);
      for (const tag of record.tags) this.#tags.add(tag);
    }
  }

  /** Removes a record; its axes and tags stay. */
  remove(id: string): void {
    this.#placed = this.#placed.filter(({ record }) => record.id !== id);
  }

  #noteAxes({ parameters }: R): void {
    for (const [path, value] of leavesOf(parameters)) {
      if (CAPTURE_PATHS.has(path) || this.#kinds.get(path) === 'number') continue;
      if (Number.isFinite(value)) this.#kinds.set(path, 'number');
      else if (typeof value === 'string' && instantOf(value) !== null) this.#kinds.set(path, 'time');
    }
  }
}

/** If two records were captured at the same moment, the one that was sent later is newer. */
function newerFirst<R extends FieldRecord>(a: Placed<R>, b: Placed<R>): number {
  if (a.at !== b.at) return b.at - a.at;
  const [x, y] = [a.record, b.record];
  if (x.created_at !== y.created_at) return x.created_at < y.created_at ? 1 : -1;
  return x.id < y.id ? 1 : -1;
}
