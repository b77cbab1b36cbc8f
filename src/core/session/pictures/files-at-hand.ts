import { imageNameOf } from '../../domain/camera/time/capture-time';
import type { FileOf } from '../follower';
import type { Followers } from '../followers.svelte';

/** Limits of the names remembered, and of files of one name. */
const MOST_NAMES = 20_000;
const MOST_OF_A_NAME = 4;

/** Picture files that can be shown whole. Those given since the page was opened are read again by the browser then. */
export class FilesAtHand {
  readonly #byName = new Map<string, readonly File[]>();
  readonly #followers: Followers;

  /** @param followers - the features that may have other files */
  constructor(followers: Followers) {
    this.#followers = followers;
  }

  note(files: readonly File[]): void {
    for (const file of files) {
      const name = imageNameOf(file.name);
      const others = this.#named(name).filter((other) => other !== file);
      this.#byName.delete(name);
      this.#byName.set(name, [file, ...others].slice(0, MOST_OF_A_NAME));
      if (this.#byName.size > MOST_NAMES) this.#byName.delete(this.#byName.keys().next().value!);
    }
  }

  /** Files that a snapshot may have been scored from, the likeliest first: given in this visit, kept, or in a folder. */
  async *of(snapshot: FileOf): AsyncGenerator<File, void> {
    yield* this.#named(snapshot.imageName);
    yield* this.#followers.filesOf(snapshot);
  }

  /** Files of a snapshot's name, the last given first; two cameras may use the same name. */
  #named(imageName: string): readonly File[] {
    return this.#byName.get(imageName) ?? [];
  }
}
