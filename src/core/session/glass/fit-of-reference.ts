import type { GlassFit } from '../../domain/glass/glass';
import { inThisVersion } from '../../domain/glass/fit-of-before';
import { GLASS_VERSION, LEAST_REFERENCE } from '../../domain/glass/glass-facts';
import { cleanMissing } from '../../domain/camera/reference-size';
import { countReferenceThumbnails, loadReferenceThumbnail } from '../../storage/cameras';
import { saveGlassFit, storedFit } from '../../storage/glass-fits';
import { orStorageError, type Database } from '../../storage/database';
import type { GlassLooker } from '../../encoder/glass/glass-looker';

/**
 * The clean lens of a reference. Where none of this version is stored it is made from the reference's pictures, and kept for one
 * that a person made.
 *
 * @returns null if it has too few pictures
 * @throws AppError `worker-lost` or `storage-failed`
 */
export async function fitOfReference(
  { db, looker }: { readonly db: Database; readonly looker: GlassLooker },
  referenceId: string,
): Promise<GlassFit | null> {
  const stored = await storedFit(db, referenceId);
  if (stored?.version === GLASS_VERSION) return stored;
  const earlier = stored && inThisVersion(stored);
  if ((await countReferenceThumbnails(db, referenceId)) < LEAST_REFERENCE) return earlier;
  const reference = await orStorageError(db.get('references', referenceId));
  if (!reference || cleanMissing(reference) > 0) return earlier;
  const pictures = await Promise.all(
    reference.embeddings.map((_, i) => loadReferenceThumbnail(db, referenceId, i)),
  );
  const fit = await looker.fit(pictures, reference.capturedAt ?? []);
  if (fit && reference.beganAt === undefined) await saveGlassFit(db, referenceId, fit);
  return fit ?? earlier;
}
