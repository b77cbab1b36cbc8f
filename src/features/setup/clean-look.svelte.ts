import type { Camera } from '../../core/domain/camera/camera';
import { withoutSceneAs } from '../../core/domain/camera/unused-file';
import { isOfNumbers } from '../../core/domain/model/numbers';
import type { EncodedSnapshot, UnusedGivenFile } from '../../core/session/reference/reference-builder';
import type { Session } from '../../core/session/session.svelte';
import type { KnownPictures, SortedClean } from './choose-reference';
import type { GivenClean } from './given-clean.svelte';
import { baseOf } from './pure/new-camera';
import { openBuilder, type Run, type SetUpWork } from './set-up-work';

const NOTHING_KNOWN: KnownPictures = { snapshots: [], contents: new Set() };

/** The given clean pictures as they were read, before anything of them is stored. */
export interface Look {
  readonly files: readonly File[];
  /** model, times and configuration by which they were read */
  readonly how: string;
  readonly snapshots: readonly EncodedSnapshot[];
  /** those taken at night */
  readonly dark: readonly EncodedSnapshot[];
  readonly unused: readonly UnusedGivenFile[];
  /** null if all of them make the reference */
  readonly sorted: SortedClean | null;
}

/** The look at the given clean pictures, and a person's choices among what it shows. */
export class CleanLook {
  /** days on which something begins to show are wanted too */
  takesTraced = $state(false);
  /** place of the view that a person called the usual one among those that were found, the largest first */
  chosenView = $state<number | null>(null);
  /** clean pictures that the camera has already, which count with those that are given, and contents of its reference */
  known = $state.raw<KnownPictures>(NOTHING_KNOWN);
  /** the last look, at these files or earlier ones */
  #last = $state.raw<Look | null>(null);
  /** the last that was begun, whatever became of it */
  #begun = $state.raw<Pick<Look, 'files' | 'how'> | null>(null);
  #isGoingOn = false;
  readonly #given: GivenClean;
  readonly #work: SetUpWork;
  readonly #session: Pick<Session, 'looker' | 'models'>;

  constructor(given: GivenClean, work: SetUpWork, session: Pick<Session, 'looker' | 'models'>) {
    this.#given = given;
    this.#work = work;
    this.#session = session;
  }

  clear(): void {
    this.takesTraced = false;
    this.chosenView = null;
    this.known = NOTHING_KNOWN;
    this.#last = null;
    this.#begun = null;
  }

  /** Gives up a look that is going on, for other files or another time. */
  async stop(): Promise<void> {
    if (this.#isGoingOn) await this.#work.stop();
  }

  /** The form is shown again: a look that was given up is no reason against another. */
  allowAgain(): void {
    this.#begun = this.#last;
  }

  /** How the given pictures were read, if they were read as they would be now. */
  present(modelSha256: string, existing: Camera | null): Look | null {
    return this.#isOfNow(this.#last, modelSha256, existing) ? this.#last : null;
  }

  /** True if these pictures are still to be looked at: nobody stopped that, and it did not fail. */
  isWanted(modelSha256: string, existing: Camera | null): boolean {
    const { isAdding, clean } = this.#given;
    return !isAdding && clean.length > 0 && !this.#isOfNow(this.#begun, modelSha256, existing);
  }

  /** Reads the clean pictures, so that a person sees what a reference would take of them. Nothing is stored. */
  async take(modelSha256: string, existing: Camera | null): Promise<void> {
    const { clean } = this.#given;
    this.#begun = { files: clean, how: this.#howOf(modelSha256, existing) };
    this.#isGoingOn = true;
    try {
      await this.#work.run(clean.length, async (run) => {
        const base = baseOf(this.#session.models, { name: '', modelSha256 }, this.#given, existing);
        await this.presentOrNew(base, existing, run);
      });
    } finally {
      this.#isGoingOn = false;
    }
  }

  /** @param base - the camera by which pictures are read */
  async presentOrNew(base: Camera, existing: Camera | null, run: Run): Promise<Look> {
    const present = this.present(base.modelSha256, existing);
    if (present) return present;
    const { clean: files, config } = this.#given;
    const how = this.#howOf(base.modelSha256, existing);
    const [, { sortClean }] = await openBuilder();
    const { all, snapshots, unused } = await this.#work.encode(files, base, run);
    // A calibration holds for a reference of all that the configuration lists.
    const isWhole = (!existing && Boolean(config?.calibration)) || isOfNumbers(base);
    const together = withKnown(snapshots, this.known.snapshots);
    const sorted = isWhole ? null : await sortClean(this.#session.looker, together, base);
    run.signal.throwIfAborted();
    const isDark = ({ properties }: EncodedSnapshot) =>
      properties !== null && withoutSceneAs(properties) === 'too-dark';
    return (this.#last = { files, how, snapshots: together, dark: all.filter(isDark), unused, sorted });
  }

  #howOf(modelSha256: string, existing: Camera | null): string {
    const { timeZone, configText } = this.#given;
    return [existing?.id ?? modelSha256, timeZone, configText, this.known.snapshots.length].join();
  }

  #isOfNow(look: Pick<Look, 'files' | 'how'> | null, modelSha256: string, existing: Camera | null): boolean {
    const { clean } = this.#given;
    return (
      look?.how === this.#howOf(modelSha256, existing) &&
      look.files.length === clean.length &&
      look.files.every((file, i) => file === clean[i])
    );
  }
}

/** Given pictures and those that the camera has, each once, in capture order. */
function withKnown(
  given: readonly EncodedSnapshot[],
  known: readonly EncodedSnapshot[],
): readonly EncodedSnapshot[] {
  // An earlier reference holds pictures of the next one.
  const byContent = new Map([...known, ...given].map((snapshot) => [snapshot.contentSha256, snapshot]));
  return [...byContent.values()].sort((a, b) => a.capturedAt - b.capturedAt);
}
