import type { Outcome } from '../../domain/errors';
import type { GlassFit } from '../../domain/glass/glass';
import type { GivenSorted } from '../../domain/glass/sort-given';
import type { Move } from '../../domain/glass/move';
import type { GlassSight } from '../../domain/glass/sight';
import type { GlassPicture } from '../../domain/glass/picture';
import type { Places } from '../../domain/glass/scene-answer';
import type { Size } from '../../domain/model/model';
import type { Alive } from '../../thread/life';

/** A snapshot: the JPEG bytes of its thumbnail, or the same as an encoder has read them. */
export type GlassSource = GlassPicture | ArrayBuffer;

/** A pixelwise median of so many thumbnails, see `whatStays`. */
export interface Median extends Size {
  readonly jpeg: ArrayBuffer;
  readonly count: number;
}

/** A snapshot or its thumbnail, and how far its scene is from where the reference has it. */
export interface PlacedSource {
  readonly source: Blob | ArrayBuffer;
  readonly move: Move;
}

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
  /** Sorts snapshots that were given as clean, as `sortGiven` does. */
  sort(sources: readonly GlassSource[], walls: readonly (number | null)[]): Promise<Outcome<GivenSorted>>;
  /**
   * @param fit - through which it looks from now on; null for the same as at the last look
   * @returns one for each; null for a picture of another shape than the reference's
   */
  look(sources: readonly GlassSource[], fit: GlassFit | null): Promise<Outcome<(GlassSight | null)[]>>;
  /**
   * Leaves out what is no whole picture, or of another shape than most.
   *
   * @returns null if too few are left
   */
  stays(placed: readonly PlacedSource[]): Promise<Outcome<Median | null>>;
  /** `staysOnGlass` of thumbnails of one shape; false if one side has none. */
  staysOnGlass(
    before: readonly PlacedSource[],
    after: readonly PlacedSource[],
    places: Places,
    turn: Move,
  ): Promise<Outcome<boolean>>;
}
