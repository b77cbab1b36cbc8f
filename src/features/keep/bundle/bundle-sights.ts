import type { SightsPart } from '../../../core/domain/files/bundle';
import { isSameFit } from '../../../core/domain/files/glass-arrays';
import type { GlassFit } from '../../../core/domain/glass/glass';
import type { GlassSight } from '../../../core/domain/glass/sight';
import { GLASS_VERSION } from '../../../core/domain/glass/glass-facts';
import type { CompletedJob } from '../../../core/domain/camera/job';

/** Sights of an export's jobs, as they are asked for row by row: one file of each reference is held at a time. */
export class SightReader {
  readonly #fits: ReadonlyMap<string, GlassFit>;
  readonly #waiting = new Map<string, SightsPart[]>();
  readonly #open = new Map<string, ReadonlyMap<string, GlassSight>>();
  readonly #read: (part: SightsPart, fit: GlassFit) => Promise<ReadonlyMap<string, GlassSight>>;

  /** `fits` are by reference id; sights of other references are not taken. `read` gives none of a part it can't use. */
  constructor(
    parts: readonly SightsPart[],
    fits: ReadonlyMap<string, GlassFit>,
    read: (part: SightsPart, fit: GlassFit) => Promise<ReadonlyMap<string, GlassSight>>,
  ) {
    this.#fits = fits;
    this.#read = read;
    for (const part of parts) {
      if (part.version !== GLASS_VERSION) continue;
      this.#waiting.set(part.referenceId, [...(this.#waiting.get(part.referenceId) ?? []), part]);
    }
  }

  /** @param row - of the job among its camera's, from 1, higher than any that was asked for */
  async of({ id, referenceId }: CompletedJob, row: number): Promise<GlassSight | null> {
    const fit = this.#fits.get(referenceId);
    const waiting = this.#waiting.get(referenceId);
    if (!fit || !waiting) return null;
    let next: SightsPart | undefined;
    while (waiting[0] && waiting[0].row <= row) next = waiting.shift();
    if (next) this.#open.set(referenceId, await this.#read(next, fit));
    return this.#open.get(referenceId)?.get(id) ?? null;
  }
}

/**
 * The fits whose sights are taken: of references that are not here, and of those whose fit here is the same. Sights that
 * were seen through another fit would be judged by one that they do not belong to.
 *
 * @param fitHere - of a reference; null where it has none
 */
export async function fitsTaken(
  references: readonly { readonly reference: { readonly id: string }; readonly glassFit: GlassFit | null }[],
  here: ReadonlySet<string>,
  fitHere: (referenceId: string) => Promise<GlassFit | null>,
): Promise<ReadonlyMap<string, GlassFit>> {
  const taken = new Map<string, GlassFit>();
  for (const { reference, glassFit } of references) {
    if (!glassFit) continue;
    const own = here.has(reference.id) ? await fitHere(reference.id) : glassFit;
    if (own && (own === glassFit || isSameFit(own, glassFit))) taken.set(reference.id, glassFit);
  }
  return taken;
}

/** Looks through all sights whose fit comes along. @param read - as that of `SightReader`, which names what is damaged */
export async function surveySights(
  parts: readonly SightsPart[],
  references: readonly { readonly reference: { readonly id: string }; readonly glassFit: GlassFit | null }[],
  read: (part: SightsPart, fit: GlassFit) => Promise<unknown>,
): Promise<void> {
  const fits = new Map(references.map(({ reference, glassFit }) => [reference.id, glassFit]));
  for (const part of parts) {
    const fit = fits.get(part.referenceId);
    if (fit && part.version === GLASS_VERSION) await read(part, fit);
  }
}
