import type { GlassFit } from '../../core/domain/glass/glass';
import type { Reference } from '../../core/domain/camera/reference';
import { fitOfReference } from '../../core/session/glass/fit-of-reference';
import type { Sources } from '../../core/session/history/contents';
import { loadReferenceThumbnail } from '../../core/storage/cameras';

const DAY = 86_400_000;

export interface KnownGlass {
  /** null where nothing could be fitted, or was not yet */
  readonly fit: GlassFit | null;
  /** address of the picture, to be revoked by who asked; null for none */
  readonly address: string | null;
}

/** The picture is the one with the most light, as far as times tell. */
export async function knownGlass(
  sources: Pick<Sources, 'db' | 'looker'>,
  reference: Reference,
): Promise<KnownGlass> {
  const fromNoon = (reference.capturedAt ?? []).map((time) =>
    time === null ? DAY : Math.abs((time % DAY) - DAY / 2),
  );
  const shown = Math.max(0, fromNoon.indexOf(Math.min(...fromNoon)));
  const [fit, bytes] = await Promise.all([
    fitOfReference(sources, reference.id),
    loadReferenceThumbnail(sources.db, reference.id, shown),
  ]);
  return { fit, address: bytes && URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' })) };
}
