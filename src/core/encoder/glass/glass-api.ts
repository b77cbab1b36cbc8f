import type { Outcome } from '../../domain/errors';
import type { GlassFit } from '../../domain/glass/glass';
import type { GlassSight } from '../../domain/glass/sight';
import type { GlassPicture } from '../../domain/glass/picture';
import type { Transform } from '../../domain/model/model';
import type { Alive } from '../../thread/life';

/** A snapshot's own file, with the transform of the model that it is given to. */
export interface GlassFile {
  readonly file: Blob;
  readonly transform: Transform;
}

/** A snapshot: as an encoder shrank it, its own file, or the JPEG bytes of its thumbnail. */
export type GlassSource = GlassPicture | GlassFile | ArrayBuffer;

/** The only door between the page and the worker that looks at the glass; it keeps nothing but one fit. */
export interface GlassApi extends Alive {
  /**
   * @param sources - clean snapshots in capture order; those of another shape than most are left out
   * @param capturedAt - of each, milliseconds since 1970; null if that is not known
   * @returns null when too few are alike in shape
   */
  fit(
    sources: readonly GlassSource[],
    capturedAt: readonly (number | null)[],
  ): Promise<Outcome<GlassFit | null>>;
  /** Takes the fit through which it looks from now on. */
  take(fit: GlassFit): Promise<void>;
  /**
   * Looks at snapshots through the fit that was taken last.
   *
   * @returns one for each; null for a picture of another shape than the reference's
   */
  look(sources: readonly GlassSource[]): Promise<Outcome<(GlassSight | null)[]>>;
}
