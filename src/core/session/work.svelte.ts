import { AppError } from '../domain/errors';
import type { Role } from '../storage/writer-lock';

/** Work that may run in parallel with the exclusive task. */
interface OtherWork {
  /** true while a feature does something that nothing may be mixed with */
  readonly isFeatureAtWork: () => boolean;
  /** true while files are read or scored: more of them may join */
  readonly isScoring: () => boolean;
  /** true while something is done that no person waits for */
  readonly isBehind: () => boolean;
  /** stops that; ends when it has stopped */
  readonly giveWay: () => Promise<void>;
  /** ends when the history that is shown is here as a whole */
  readonly whole: () => Promise<unknown>;
}

/** The right to write, the running work, and the exclusive task. */
export class Work {
  role = $state.raw<Role | null>(null);
  /** something a person should know or act on; shown until it is dismissed */
  problem = $state.raw<AppError | null>(null);
  /** true while a camera, a reference or the open model changes, or a feature is at work: no batch may be mixed with it */
  readonly isChanging = $derived.by(() => this.#isAlone || this.#others.isFeatureAtWork());
  /** true if work is going on that other work must not be mixed with */
  readonly isBusy = $derived.by(() => this.isChanging || this.#others.isScoring());
  /** true if nothing is at work, not even what no person waits for: then missing values are filled in */
  readonly isAtRest = $derived.by(() => !this.isBusy && !this.#others.isBehind());
  /** true if settings, cameras and references can be changed now */
  readonly canChange = $derived.by(() => this.role === 'writer' && !this.isBusy);

  #isAlone = $state(false);
  readonly #others: OtherWork;

  constructor(others: OtherWork) {
    this.#others = others;
  }

  /** Takes a role. A tab that becomes the writer does nothing else before it has read the other tab's writes. */
  async become(role: Role, read: () => Promise<void>): Promise<void> {
    this.#isAlone = role === 'writer';
    this.role = role;
    try {
      await read();
    } finally {
      this.#isAlone = false;
    }
  }

  /** Does a person's request, and shows its failure in place of an earlier one. @returns true if all went well */
  async attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      this.problem = null;
      await work();
      return true;
    } catch (error) {
      this.report(error);
      return false;
    }
  }

  /**
   * Does work that needs the encoder, or changes the camera, the reference or the open model: no batch, set-up or other
   * change runs at the same time.
   *
   * @param readsAnew - it shows a camera from storage, so a history that could not be read is no hindrance
   * @throws AppError `not-the-writer`, `busy`, and what the work throws
   */
  async alone<T>(work: () => Promise<T>, readsAnew = false): Promise<T> {
    this.mustWrite(this.isBusy);
    this.#isAlone = true;
    try {
      await this.#others.giveWay();
      await this.#others.whole().catch((error: unknown) => {
        if (!readsAnew) throw error;
      });
      return await work();
    } finally {
      this.#isAlone = false;
    }
  }

  /**
   * Refuses in a tab that only looks on, for what may be written while a batch runs.
   *
   * @param isBusy - true if it has to wait for other work
   * @throws AppError `not-the-writer` or `busy`
   */
  mustWrite(isBusy = false): void {
    if (this.role !== 'writer') throw new AppError('not-the-writer');
    if (isBusy) throw new AppError('busy');
  }

  /** Shows a failure to the person; an unexpected one also goes to the console. */
  readonly report = (error: unknown): void => {
    this.problem =
      error instanceof AppError
        ? error
        : new AppError('unexpected', error instanceof Error ? error.message : '');
    if (!(error instanceof AppError)) console.error(error);
  };
}
