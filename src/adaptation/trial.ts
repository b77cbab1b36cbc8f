import { performanceOf, type Performance, type Seen } from '../domain/adaptation-evidence';
import { adaptableOf, adaptedEmbedding, contentScaleOf, type Adaptation } from '../domain/adapted-model';
import { joinParts, reachOf, type ConditionHead } from '../domain/condition-head';
import type { Embedding } from '../domain/embedding';
import type { Fouling } from '../domain/fouling';
import type { DetectorSettings, ModelManifest } from '../domain/model';
import { principalComponents, withoutComponents, type Subspace } from '../domain/principal-components';
import type { Thresholds } from '../domain/thresholds';
import type { Look } from './api';

/** What is changed of a model. */
export type ModelEdit =
  | { readonly kind: 'head'; readonly adaptation: Adaptation }
  | { readonly kind: 'components'; readonly subspace: Subspace };

/** What the present model sees of a camera's snapshots; see `Seen`. */
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

/** How the camera judges now, by the present model. */
export interface JudgedBy {
  readonly detector: DetectorSettings;
  readonly thresholds: Thresholds;
}

/** A change of a model, and what it makes of the snapshots before and after. */
export interface Trial {
  readonly edit: ModelEdit;
  /** what the new version's embedding and reconstruction are called */
  readonly outputs: ModelManifest['outputs'];
  /** for the model's provenance */
  readonly how: string;
  /** how the camera would judge by the changed model */
  readonly judgedBy: JudgedBy;
  readonly before: Performance;
  readonly after: Performance;
}

/** How many of the directions in which clean snapshots vary most are taken: what two took was tried on two cameras. */
const COMPONENTS = 2;

interface Change extends Pick<Trial, 'edit' | 'outputs' | 'how' | 'judgedBy'> {
  readonly embed: (look: Look) => Embedding;
}

/**
 * Tries a change of a model on what the model sees, without running it again.
 *
 * @param parts - of a head that was fitted to the camera; null removes principal components instead
 * @throws AppError `model-not-adaptable` for a head where the model has no place for it
 */
export function tryChange(
  manifest: ModelManifest,
  present: JudgedBy,
  looks: Looks,
  parts: readonly ConditionHead[] | null,
): Trial {
  const { embed, ...change } = parts
    ? byHead(parts, manifest, looks)
    : byComponents(manifest, present, looks);
  const seenBy = (embedding: (look: Look) => Embedding): Seen => ({
    reference: looks.reference.map(embedding),
    clean: looks.clean.map(embedding),
    fouled: looks.fouled.map((lens) => ({ ...lens, embeddings: lens.looks.map(embedding) })),
    dirty: looks.dirty.map(embedding),
  });
  return {
    ...change,
    before: performanceOf(
      seenBy(({ embedding }) => embedding),
      present.detector,
      present.thresholds,
    ),
    after: performanceOf(seenBy(embed), change.judgedBy.detector, change.judgedBy.thresholds),
  };
}

function byHead(parts: readonly ConditionHead[], manifest: ModelManifest, { reference }: Looks): Change {
  const adaptable = adaptableOf(manifest);
  const reach = reachOf(
    parts,
    reference.map(({ inside }) => inside!.statistics),
  );
  const head = joinParts(parts, reach);
  const contentScale = contentScaleOf(
    reference.map(({ inside }) => inside!.embedding),
    adaptable,
  );
  const adaptation: Adaptation = { head, contentScale };
  return {
    edit: { kind: 'head', adaptation },
    embed: ({ inside }) => adaptedEmbedding(adaptation, adaptable, inside!.embedding, inside!.statistics),
    // The error map of a decoder that was trained for another camera would be wrong: none until it is trained too.
    outputs: { embedding: adaptable.embedding, reconstruction: null },
    how: 'a fresh condition head fitted to views of them',
    // The head is fitted to the model's own sigma and thresholds.
    judgedBy: { detector: manifest.detector, thresholds: manifest.thresholds },
  };
}

function byComponents({ outputs, sha256 }: ModelManifest, present: JudgedBy, { reference }: Looks): Change {
  const subspace = principalComponents(
    reference.map(({ embedding }) => embedding),
    COMPONENTS,
  );
  return {
    edit: { kind: 'components', subspace },
    embed: ({ embedding }) => withoutComponents(embedding, subspace),
    // A name that no earlier change of the file has given: each is of another model.
    outputs: { ...outputs, embedding: `embedding_without_${sha256.slice(0, 8)}` },
    how: `their first ${subspace.components.length} principal components removed from the embedding`,
    judgedBy: present,
  };
}
