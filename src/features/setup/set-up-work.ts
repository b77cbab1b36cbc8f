import type { Camera } from '../../core/domain/camera/camera';
import { areEncoded } from '../../core/encoder/is-encoded';
import { fetched } from '../../core/browser/late';
import { appWords } from '../../core/i18n/app-words';
import type { EncodedSnapshot, EncodedSnapshots } from '../../core/session/reference/reference-builder';
import { Progress } from '../../core/session/scoring/progress.svelte';
import type { Session } from '../../core/session/session.svelte';

/** One reading of files, as long as it goes on. */
export interface Run {
  readonly signal: AbortSignal;
  /** tells that so many more files are done */
  readonly advance: (files: number) => void;
}

/** Reads the files of a set-up, for the look at them and for the reference: one run at a time, with its progress. */
export class SetUpWork {
  readonly progress = new Progress();
  readonly #session: Pick<Session, 'pool' | 'models' | 'scoring'>;
  #abort = new AbortController();
  /** ends with the run that is going on */
  #running: Promise<unknown> = Promise.resolve();

  constructor(session: Pick<Session, 'pool' | 'models' | 'scoring'>) {
    this.#session = session;
  }

  /** @returns null when it was cancelled */
  async run<T>(toEncode: number, work: (run: Run) => Promise<T>): Promise<T | null> {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    let encoded = 0;
    this.progress.add(toEncode);
    this.progress.start();
    const advance = (files: number) => {
      encoded += files;
      this.progress.advance(files);
    };
    const running = work({ signal, advance });
    this.#running = running.catch(() => undefined);
    try {
      return await running;
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    } finally {
      this.progress.finish(toEncode - encoded);
    }
  }

  cancel(): void {
    this.#abort.abort();
  }

  /** Cancels what is going on, and waits for its end. */
  async stop(): Promise<void> {
    this.cancel();
    await this.#running;
  }

  /** Encodes snapshots. `all` has those too that show no scene. */
  async encode(
    files: readonly File[],
    camera: Camera,
    { signal, advance }: Run,
  ): Promise<EncodedSnapshots<EncodedSnapshot> & { readonly all: readonly EncodedSnapshot[] }> {
    const [{ encodeSnapshots, withScene }] = await openBuilder();
    const { pool, models, scoring } = this.#session;
    if (!areEncoded(files)) await models.open(camera.modelSha256, signal);
    const encoded = await encodeSnapshots({
      ...{ pool, files, camera, signal },
      onProgress: (count, newest) => {
        advance(count);
        if (newest?.thumbnail) scoring.preview.offer(newest.thumbnail, newest.capturedAt);
      },
    });
    return { ...withScene(encoded), all: encoded.snapshots };
  }
}

/** The first paint is without the code that makes references. */
export async function openBuilder() {
  const parts = Promise.all([
    import('../../core/session/reference/reference-builder'),
    import('./choose-reference'),
  ]);
  return fetched(appWords.app.places.reference, parts);
}
