import { deleteBrokenRows, findBrokenRows, type BrokenRow } from '../../core/storage/rows/broken-rows';
import { download } from '../../core/browser/download';
import type { Session } from '../../core/session/session.svelte';

interface Collaborators {
  /** Does work whose snapshots count as exported. */
  readonly settle: (work: () => Promise<void>) => Promise<void>;
}

/** Stored rows that can't be used: what they are, and a way out. */
export class BrokenRows {
  /** null until they were looked for */
  found = $state.raw<readonly BrokenRow[] | null>(null);
  /** how many were deleted last */
  deleted = $state.raw<number | null>(null);
  isDeleting = $state(false);
  readonly #session: Session;
  readonly #parts: Collaborators;

  constructor(session: Session, parts: Collaborators) {
    this.#session = session;
    this.#parts = parts;
  }

  async look(): Promise<void> {
    this.found = await findBrokenRows(this.#session.db);
  }

  /** Deletes those that were found. */
  async delete(): Promise<void> {
    const { found } = this;
    if (!found) return;
    const { db } = this.#session;
    this.isDeleting = true;
    const isDone = await this.#session.attempt(() =>
      this.#session.changeAll(() => this.#parts.settle(() => deleteBrokenRows(db, found))),
    );
    this.isDeleting = false;
    this.deleted = isDone ? found.length : null;
    await this.look();
  }

  /** Saves them as JSON, as far as JSON can say what they are. */
  save(): void {
    const rows = (this.found ?? []).map(({ store, key, fault, row }) => asJson({ store, key, fault, row }));
    download(`[\n${rows.join(',\n')}\n]\n`, 'porthole-broken-rows.json', 'application/json');
  }
}

/** NaN and what else JSON has no word for become text, numbers of an embedding a list. */
function asJson(found: Pick<BrokenRow, 'store' | 'key' | 'fault' | 'row'>): string {
  const sayable = (_: string, value: unknown): unknown => {
    if (typeof value === 'bigint') return String(value);
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
    return ArrayBuffer.isView(value) && !(value instanceof DataView)
      ? Array.from(value as unknown as ArrayLike<unknown>)
      : value;
  };
  try {
    return JSON.stringify(found, sayable);
  } catch {
    // A row may hold itself.
    return JSON.stringify({ ...found, row: null }, sayable);
  }
}
