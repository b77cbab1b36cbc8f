import type { Embedding } from '../drift/embedding';
import { type AnsweredChange, CELLS } from '../glass/scene-answer';
import { TRANSFORM } from '../model/model';
import { propertiesRow } from '../picture/property-table';
import * as kind from '../row';
import type { RowOf } from '../row';

/** All of a reference but its embeddings, which are arrays. */
export const REFERENCE_FACTS = kind.row({
  id: kind.id,
  cameraId: kind.id,
  /** 1, 2, 3 … for one camera; that of a cycle has the number of the one that a person made before */
  version: kind.version,
  modelSha256: kind.sha256,
  transform: TRANSFORM,
  /** file name of each embedding; empty strings when they were imported without names */
  names: kind.listOf(kind.name),
  /** SHA-256 of each name's file, then of those kept out for the warm-up; empty if unknown; absent in old references */
  contentSha256: kind.optional(kind.listOf(kind.text(200))),
  /** one for each embedding, for the second opinion; absent if imported or frozen by a version without them */
  properties: kind.optional(kind.listOf(propertiesRow())),
  /** when each was taken, in milliseconds since 1970, null where that is not known; absent in older references */
  capturedAt: kind.optional(kind.listOf(kind.orNull(kind.anyInstant))),
  /**
   * the time that each file states without a zone, as if it were UTC; null if it states a zone or no time. Absent where
   * names and capture times tell it
   */
  wallClocks: kind.optional(kind.listOf(kind.orNull(kind.anyInstant))),
  /**
   * when the other pictures that were given as clean were taken, as far as that is known, and what their files state as
   * if it were UTC; absent in references older than this field
   */
  besideTimes: kind.optional(
    kind.listOf(kind.row({ at: kind.anyInstant, wallClock: kind.optional(kind.anyInstant) })),
  ),
  /** cells of growth's map that a person marked as not on the glass; absent: the captions that were found */
  offGlass: kind.optional(CELLS),
  /** ids of earlier ones of the same view, whose answers to changes stay valid; absent if there are none */
  goesOnFrom: kind.optional(kind.listOf(kind.id)),
  /** begin of the cycle whose pictures it is made of; absent in one that a person made */
  beganAt: kind.optional(kind.anyInstant),
  /** true if the model was made for this camera; absent in references older than this field */
  isOwnModel: kind.optional(kind.flag),
  createdAt: kind.instant,
});

const EMBEDDING = kind.single<Embedding>((value) => value instanceof Float32Array && value.length > 0);

/** A frozen, versioned set of clean embeddings. */
export const REFERENCE = kind.row({
  ...REFERENCE_FACTS.fields,
  /** in capture order */
  embeddings: kind.listOf(EMBEDDING),
  /** clean embeddings kept out of the reference, for the warm-up; in capture order */
  warmUpEmbeddings: kind.listOf(EMBEDDING),
});
export type Reference = RowOf<typeof REFERENCE>;

/** A person's versions in order, each followed by those of its cycles, which have its number. */
export function compareReferences(a: Reference, b: Reference): number {
  return (
    a.version - b.version || (a.beganAt ?? -Infinity) - (b.beganAt ?? -Infinity) || a.createdAt - b.createdAt
  );
}

/** The reference that a person made and a cycle's goes on from; itself where a person made it. */
export function madeBefore<R extends Pick<Reference, 'version' | 'beganAt'>>(
  reference: R,
  references: readonly R[],
): R {
  return (
    references.find(({ version, beganAt }) => beganAt === undefined && version === reference.version) ??
    reference
  );
}

/** Of each reference by its id, the one that a person made of the same view. */
export function viewsOf(
  references: readonly Pick<Reference, 'id' | 'version' | 'beganAt'>[],
): ReadonlyMap<string, string> {
  return new Map(references.map((each) => [each.id, madeBefore(each, references).id]));
}

/** True if both are of one cycle, the later one of more of its pictures. */
export function isOfOneCycle(a: Reference, b: Reference): boolean {
  return a.beganAt !== undefined && a.beganAt === b.beganAt;
}

/** Fields that the next version of a reference keeps if it looks at the same view. */
export function sameView({ id, offGlass, goesOnFrom = [] }: Reference) {
  return { ...(offGlass && { offGlass }), goesOnFrom: [...goesOnFrom, id] };
}

/** True if an answer holds for a reference: it was given by it, or by one that it goes on from. */
export function isAnsweredFor(
  { referenceId }: AnsweredChange,
  { id, goesOnFrom }: Pick<Reference, 'id' | 'goesOnFrom'>,
): boolean {
  return referenceId === id || (goesOnFrom?.includes(referenceId) ?? false);
}

/** The reference that a job was judged by; null where it is gone. */
export function judgingReference(
  { referenceId }: { readonly referenceId: string },
  references: readonly Reference[],
): Reference | null {
  return references.find(({ id }) => id === referenceId) ?? null;
}
