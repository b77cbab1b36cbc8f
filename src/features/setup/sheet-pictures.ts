import type { Session } from '../../core/session/session.svelte';
import { loadReferenceThumbnail } from '../../core/storage/cameras';

/** Addresses of a reference's pictures, to be revoked by who asked; null for one that was frozen without. */
export async function referencePictures(
  { db }: Session,
  referenceId: string,
  indices: readonly number[],
): Promise<readonly (string | null)[]> {
  const pictures = await Promise.all(indices.map((index) => loadReferenceThumbnail(db, referenceId, index)));
  return pictures.map((bytes) => bytes && URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' })));
}
