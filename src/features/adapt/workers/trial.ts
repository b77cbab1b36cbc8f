import {
  performanceOf,
  type Performance,
  type TrialEmbeddings,
} from '../../../core/domain/model/adaptation-evidence';
import { adaptableOf, adaptedEmbedding, contentScaleOf, type Adaptation } from '../pure/adapted-model';
import { joinParts, headReach, type ConditionHead } from '../pure/condition-head';
import type { Embedding } from '../../../core/domain/drift/embedding';
import type { Fouling } from '../../../core/domain/picture/fouling';
import type { DetectorSettings, ModelManifest } from '../../../core/domain/model/model';
import type { Thresholds } from '../../../core/domain/drift/thresholds';

export interface Look {
  readonly embedding: Embedding;
  /** the parts of an adapted embedding */
  readonly inside: {
    /** `Adaptable`'s, which may differ from the one that the model is used by */
    readonly embedding: Embedding;
    /** input of the condition head */
    readonly statistics: Float32Array<ArrayBuffer>;
  };
}

/** The present model's view of a camera's snapshots; see `TrialEmbeddings`. */
export interface Looks {
  readonly reference: readonly Look[];
  readonly clean: readonly Look[];
  readonly fouled: readonly {
    readonly kind: Fouling;
    readonly severity: number;
    readonly looks: readonly Look[];
  }[];
  readonly dirty: readonly Look[];
}

export interface JudgedBy {
  readonly detector: DetectorSettings;
  readonly thresholds: Thresholds;
}

export interface Trial {
  readonly adaptation: Adaptation;
  readonly before: Performance;
  readonly after: Performance;
  /** by the changed model, of the fitted and of the kept-out snapshots, in capture order: the reference that it has */
  readonly embeddings: readonly Embedding[];
}

function seenBy(looks: Looks, embedding: (look: Look) => Embedding): TrialEmbeddings {
  return {
    reference: looks.reference.map(embedding),
    clean: looks.clean.map(embedding),
    fouled: looks.fouled.map(({ kind, severity, looks }) => ({
      kind,
      severity,
      embeddings: looks.map(embedding),
    })),
    dirty: looks.dirty.map(embedding),
  };
}

/**
 * Tries a fitted head on what the model sees, without running it again. It is fitted to the model's own sigma and
 * thresholds, so it is judged by them.
 *
 * @throws AppError `model-not-adaptable`
 */
export function tryAdaptation(
  manifest: ModelManifest,
  present: JudgedBy,
  looks: Looks,
  parts: readonly ConditionHead[],
): Trial {
  const adaptable = adaptableOf(manifest);
  const reach = headReach(
    parts,
    looks.reference.map(({ inside }) => inside.statistics),
  );
  const contentScale = contentScaleOf(
    looks.reference.map(({ inside }) => inside.embedding),
    adaptable,
  );
  const adaptation: Adaptation = { head: joinParts(parts, reach), contentScale };
  const before = seenBy(looks, ({ embedding }) => embedding);
  const after = seenBy(looks, ({ inside }) =>
    adaptedEmbedding(adaptation, adaptable, inside.embedding, inside.statistics),
  );
  return {
    adaptation,
    before: performanceOf(before, present.detector, present.thresholds),
    after: performanceOf(after, manifest.detector, manifest.thresholds),
    embeddings: [...after.reference, ...after.clean],
  };
}
