import { imageNameOf } from '../../domain/camera/time/capture-time';

/** Limits of the names remembered, and of files of one name. */
const MOST_NAMES = 20_000;
const MOST_OF_A_NAME = 4;

/** Picture files given to the page since it was opened: the browser reads them again when they are shown. */
export class FilesAtHand {
  readonly #byName = new Map<string, readonly File[]>();

  note(files: readonly File[]): void {
    for (const file of files) {
      const name = imageNameOf(file.name);
      const others = this.named(name).filter((other) => other !== file);
      this.#byName.delete(name);
      this.#byName.set(name, [file, ...others].slice(0, MOST_OF_A_NAME));
      if (this.#byName.size > MOST_NAMES) this.#byName.delete(this.#byName.keys().next().value!);
    }
  }

  /** Files of a snapshot's name, the last given first; two cameras may use the same name. */
  named(imageName: string): readonly File[] {
    return this.#byName.get(imageName) ?? [];
  }
}
