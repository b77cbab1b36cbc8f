import type { Adaptation } from '../pure/adapted-model';
import type { ConditionHead, FitProgress, HeadSize } from '../pure/condition-head';
import type { Suspicion, Trace } from '../pure/dirty-start';
import type { Embedding } from '../../../core/domain/drift/embedding';
import type { Failure, Outcome } from '../../../core/domain/errors';
import type { Fouling } from '../../../core/domain/picture/fouling';
import type { ModelManifest, Transform } from '../../../core/domain/model/model';
import type { ManifestDraft } from '../../../core/domain/model/model-file';
import type { ModelSource } from '../../../core/encoder/api';
import type { Alive } from '../../../core/thread/life';
import type { JudgedBy, Looks, Trial } from './trial';

/** A picture to be read and kept under a number. */
interface NumberedFile {
  readonly id: number;
  /** milliseconds since 1970 */
  readonly capturedAt: number;
  readonly file: File;
}

/** What became of a file. */
export type ReadResult =
  | {
      readonly ok: true;
      readonly contentSha256: string;
      /** how colourful the picture is */
      readonly chroma: number;
      /** for the question whether the lens was dirty from the start; null for a model of another picture size */
      readonly trace: Trace | null;
    }
  | Failure;

/** What the model sees of one picture. */
export interface Look {
  readonly embedding: Embedding;
  /** what an adapted embedding is made of */
  readonly inside: {
    /** that of `Adaptable`, which need not be the one that the model is used by */
    readonly embedding: Embedding;
    /** what the condition head sees */
    readonly statistics: Float32Array<ArrayBuffer>;
  };
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

/** How far a fit is after some steps, or the part that it ended with. */
export type FitAnswer =
  | { readonly isDone: false; readonly progress: FitProgress }
  | { readonly isDone: true; readonly part: ConditionHead };

/** An adapted model, opened and tried, with its manifest inside. */
export interface Made {
  readonly manifest: ModelManifest;
  readonly bytes: ArrayBuffer;
}

/** The door between the page and a worker that adapts a model; it keeps pictures, so that they are read once. */
export interface AdaptationApi extends Alive {
  /** Opens an adaptable model for its embedding and for what that is made of. */
  open(model: ModelSource, transform: Transform): Promise<Outcome<void>>;
  /** Reads files and keeps their pictures at the model's size; a file that is no picture is one result among others. */
  read(files: readonly NumberedFile[]): Promise<Outcome<ReadResult[]>>;
  /** What makes a set of clean snapshots look as if the lens had been dirty on all of them. */
  suspect(traces: readonly Trace[]): Promise<Outcome<Suspicion[]>>;
  /** What the model sees of kept pictures, through a lens with drawn dirt where there is one. */
  look(
    ids: readonly number[],
    lens: { readonly kind: Fouling; readonly severity: number; readonly seed: number } | null,
    colours: number,
  ): Promise<Outcome<Look[]>>;
  /**
   * Makes views of a kept picture: natural variation, then dirt, then noise; the same for the same seed.
   *
   * @param colours - share of drawn colours that the camera shows, see src/features/adapt/pure/chroma.ts
   */
  view(id: number, count: number, colours: number, seed: number): Promise<Outcome<PackedViews>>;
  /** Keeps the views that parts are fitted to. */
  hold(views: readonly PackedViews[]): Promise<Outcome<void>>;
  /** Begins the fit of one part of a condition head. */
  beginFit(size: HeadSize, part: number, seed: number): Promise<Outcome<void>>;
  /** Does up to so many steps of it. */
  fit(steps: number): Promise<Outcome<FitAnswer>>;
  /** Tries a fitted head on what the model sees. */
  tryOut(present: JudgedBy, looks: Looks, parts: readonly ConditionHead[]): Promise<Outcome<Trial>>;
  /** Makes the adapted model's file of the one that is open, opens it and lets it encode the built-in picture. */
  make(adaptation: Adaptation, draft: ManifestDraft): Promise<Outcome<Made>>;
}
