import type { Adaptation } from '../pure/adapted-model';
import type { ConditionHead, HeadSize } from '../pure/condition-head';
import type { Suspicion, Trace } from '../pure/dirty-start';
import type { Failure, Outcome } from '../../../core/domain/errors';
import type { Fouling } from '../../../core/domain/picture/fouling';
import type { ImageProperties } from '../../../core/domain/picture/property-table';
import type { ModelManifest, Transform } from '../../../core/domain/model/model';
import type { ManifestDraft } from '../../../core/domain/model/model-file';
import type { ModelSource } from '../../../core/encoder/encoder-api';
import type { Alive } from '../../../core/thread/life';
import type { JudgedBy, Look, Looks, Trial } from './trial';

export type ReadResult =
  | {
      readonly ok: true;
      readonly contentSha256: string;
      readonly properties: ImageProperties;
      readonly thumbnail: ArrayBuffer;
      /** for the question whether the lens was dirty from the start; null for a model of another picture size */
      readonly trace: Trace | null;
    }
  | Failure;

export interface Lens {
  readonly kind: Fouling;
  readonly severity: number;
  readonly seed: number;
}

/** Views of one snapshot, packed to cross threads fast. */
export interface PackedViews {
  readonly source: number;
  /** severity / 5 of the dirt of each */
  readonly strengths: Float32Array<ArrayBuffer>;
  /** statistics of the clean views, end to end */
  readonly clean: Float32Array<ArrayBuffer>;
  /** of the dirtied ones */
  readonly dirty: Float32Array<ArrayBuffer>;
}

/** A changed model, opened and tried, with its manifest inside. */
export interface Made {
  readonly manifest: ModelManifest;
  readonly bytes: ArrayBuffer;
}

/** The door between the page and a worker that adapts a model; it keeps pictures, so that they are read once. */
export interface AdaptationApi extends Alive {
  /** Opens an adaptable model for its embedding and for what that is made of. */
  open(model: ModelSource, transform: Transform): Promise<Outcome<void>>;
  /** Reads a file and keeps its picture at the model's size under a number. */
  read(id: number, capturedAt: number, file: File): Promise<Outcome<ReadResult>>;
  /** Keeps a picture that was read before: height × width × 3 bytes, red, green, blue. */
  keep(id: number, pixels: ArrayBuffer): Promise<Outcome<void>>;
  pixels(id: number): Promise<Outcome<ArrayBuffer>>;
  /** How colourful kept pictures are, see src/features/adapt/pure/chroma.ts. */
  chromas(ids: readonly number[]): Promise<Outcome<number[]>>;
  /** Signs that the lens was dirty on all of a set of clean snapshots. */
  suspect(traces: readonly Trace[]): Promise<Outcome<Suspicion[]>>;
  /** The model's view of kept pictures, through a lens if one is given. */
  look(ids: readonly number[], lens: Lens | null, colours: number): Promise<Outcome<Look[]>>;
  /**
   * Makes views of a kept picture: natural variation, then dirt, then noise; the same for the same seed. They are kept
   * for fits, as those that `hold` gets.
   *
   * @param source - the snapshot's place among those that are fitted to
   * @param colours - share of drawn colours that the camera shows
   */
  view(
    id: number,
    source: number,
    count: number,
    colours: number,
    seed: number,
  ): Promise<Outcome<PackedViews>>;
  /** Keeps views that another worker has made. */
  hold(views: PackedViews): Promise<Outcome<void>>;
  dropViews(): Promise<Outcome<void>>;
  beginFit(size: HeadSize, part: number, seed: number): Promise<Outcome<void>>;
  /** Does up to so many steps of it. @returns the part once it is fitted, else null */
  fit(steps: number): Promise<Outcome<ConditionHead | null>>;
  /** Tries a fitted head on what the model sees. */
  tryOut(present: JudgedBy, looks: Looks, parts: readonly ConditionHead[]): Promise<Outcome<Trial>>;
  /** Makes an adapted model's file, opens it and lets it encode the built-in picture; no model need be open. */
  make(model: ModelSource, adaptation: Adaptation, draft: ManifestDraft): Promise<Outcome<Made>>;
}
