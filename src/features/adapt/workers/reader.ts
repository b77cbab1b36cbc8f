import { FEWEST_DAYS, FEWEST_SNAPSHOTS, keepOut } from '../../../core/domain/model/adaptation-evidence';
import type { UnusedFile } from '../../../core/domain/camera/unused-file';
import { AppError } from '../../../core/domain/errors';
import { spreadSample } from '../../../core/domain/drift/sets';
import type { Transform } from '../../../core/domain/model/model';
import type { ImageProperties } from '../../../core/domain/picture/property-table';
import type { ModelSource } from '../../../core/encoder/encoder-api';
import type { Suspicion } from '../pure/dirty-start';
import type { ReadResult } from './adaptation-api';
import { AdaptationPool } from './adaptation-pool';
import { daysOf, type Part } from './judging';

/** More are not read: of them a sample, spread over all, stands for all. */
const MOST_CLEAN = 240;
const MOST_DIRTY = 60;

export interface GivenSnapshot {
  readonly file: File;
  readonly imageName: string;
  readonly capturedAt: number;
}

/** A snapshot that was read: a pool keeps its picture under its number. */
export interface ReadSnapshot {
  readonly id: number;
  readonly file: File;
  readonly name: string;
  readonly contentSha256: string;
  /** milliseconds since 1970, UTC */
  readonly capturedAt: number;
  readonly properties: ImageProperties;
  /** JPEG bytes */
  readonly thumbnail: ArrayBuffer;
}

/** Given snapshots, read and shared out; each in capture order. */
export interface Readings {
  readonly parts: Readonly<Record<Part, readonly ReadSnapshot[]>>;
  /** why the lens looks dirty on all clean snapshots; empty proves nothing, null: their size can't be examined */
  readonly suspicions: readonly Suspicion[] | null;
  readonly failed: readonly UnusedFile[];
  /** names of clean snapshots that were given as dirty too, and not learned from */
  readonly inBoth: readonly string[];
}

/** Reads snapshots once, however often they are learned from: a pool keeps their pictures until it is closed. */
export class SnapshotReader {
  readonly pool = new AdaptationPool();
  readonly #opening: Promise<void>;
  readonly #read = new Map<File, { readonly id: number; readonly result: ReadResult }>();

  /** Begins to open the model. Call `read` at once. */
  constructor(model: ModelSource, transform: Transform) {
    this.#opening = this.pool.open(model, transform);
  }

  /**
   * Reads what was not read yet, and keeps the newest days out. The same picture twice is used once, and one that was
   * given as dirty is not learned from. Wait for its end before the next call.
   *
   * @param given - each kind in capture order
   * @param windowSize - days are kept out until there is a window to judge
   * @param onRead - called with the share of them that is read
   * @throws AppError `model-not-adaptable`, or what opening the model showed: then the pool is closed;
   *   `adaptation-too-few` when too few can be read or they are of too few days; what ended the pool
   */
  async read(
    given: Readonly<Record<'clean' | 'dirty', readonly GivenSnapshot[]>>,
    windowSize: number,
    onRead: (share: number) => void,
  ): Promise<Readings> {
    const dirty = spreadSample(given.dirty, MOST_DIRTY);
    const clean = spreadSample(given.clean, MOST_CLEAN);
    try {
      await this.#opening;
    } catch (error) {
      this.pool.close();
      throw error;
    }
    await this.#readMissing([...dirty, ...clean], onRead);

    const soiled = this.#unique(dirty, new Set());
    const calm = this.#unique(clean, soiled.hashes);
    const days = daysOf(calm.snapshots);
    const split = keepOut(calm.snapshots, windowSize);
    if (!split || calm.snapshots.length < FEWEST_SNAPSHOTS || days < FEWEST_DAYS) {
      throw new AppError('adaptation-too-few', {
        code: 'clean-set',
        snapshots: calm.snapshots.length,
        days,
      });
    }
    const traces = calm.snapshots.flatMap(({ file }) => {
      const { result } = this.#read.get(file)!;
      return result.ok && result.trace ? [result.trace] : [];
    });
    const canExamine = traces.length === calm.snapshots.length;
    return {
      parts: { fitted: split.fitted, 'kept-out': split.keptOut, dirty: soiled.snapshots },
      suspicions: canExamine ? await this.pool.ask(0, (api) => api.suspect(traces)) : null,
      failed: [...calm.failed, ...soiled.failed],
      inBoth: calm.excluded,
    };
  }

  async #readMissing(given: readonly GivenSnapshot[], onRead: (share: number) => void): Promise<void> {
    const first = this.#read.size;
    const missing = given
      .filter(({ file }) => !this.#read.has(file))
      .map((snapshot, i) => ({ ...snapshot, id: first + i }));
    let done = given.length - missing.length;
    const results = await this.pool.share(
      missing,
      ({ id }) => id,
      (api, { id, capturedAt, file }) => api.read(id, capturedAt, file),
      () => {
        onRead(++done / given.length);
      },
    );
    for (const [i, { id, file }] of missing.entries()) this.#read.set(file, { id, result: results[i]! });
  }

  #unique(given: readonly GivenSnapshot[], exclude: ReadonlySet<string>) {
    const snapshots: ReadSnapshot[] = [];
    const failed: UnusedFile[] = [];
    const excluded: string[] = [];
    const hashes = new Set<string>();
    for (const { file, imageName: name, capturedAt } of given) {
      const { id, result } = this.#read.get(file)!;
      if (!result.ok) failed.push({ kind: 'failed', name, code: result.code, detail: result.detail });
      else if (exclude.has(result.contentSha256)) excluded.push(name);
      else if (!hashes.has(result.contentSha256)) {
        hashes.add(result.contentSha256);
        const { contentSha256, properties, thumbnail } = result;
        snapshots.push({ id, file, name, contentSha256, capturedAt, properties, thumbnail });
      }
    }
    return { snapshots, failed, excluded, hashes };
  }
}
