import { axesFrom, capturedAtOf, noteAxes, type Axis, type FieldRecord } from './record-fields';

interface Placed<R> {
  readonly record: R;
  /** capture time, milliseconds since 1970; -Infinity for a record without any time */
  readonly at: number;
}

/**
 * Keeps records in capture order while they come page by page. Adding a page costs about as much with thirty thousand
 * on the shelf as with none.
 */
export class RecordShelf<R extends FieldRecord> {
  readonly #placed: Placed<R>[] = [];
  readonly #kinds = new Map<string, Axis['kind']>();
  readonly #tags = new Set<string>();

  get size(): number {
    return this.#placed.length;
  }

  /** The records by capture time, newest first; those without any time come last. */
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
    const placed = records.map((record) => ({ record, at: capturedAtOf(record).at ?? -Infinity }));
    insert(this.#placed, placed.sort(newerFirst));
    noteAxes(this.#kinds, records);
    for (const { tags } of records) for (const tag of tags) this.#tags.add(tag);
  }

  /** Removes a record; its axes and tags stay. */
  remove(id: string): void {
    const at = this.#placed.findIndex(({ record }) => record.id === id);
    if (at >= 0) this.#placed.splice(at, 1);
  }
}

/** Of two records captured at the same moment, the one that was sent later is the newer one. */
function newerFirst<R extends FieldRecord>(a: Placed<R>, b: Placed<R>): number {
  if (a.at !== b.at) return b.at - a.at;
  const [x, y] = [a.record, b.record];
  if (x.created_at !== y.created_at) return x.created_at < y.created_at ? 1 : -1;
  return x.id < y.id ? 1 : -1;
}

/** Merges sorted records into sorted ones; records that belong at the end cost nothing. */
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
