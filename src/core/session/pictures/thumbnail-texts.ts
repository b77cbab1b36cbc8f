import type { Database } from '../../storage/database';
import { loadThumbnail } from '../../storage/jobs';

/** Thumbnails of jobs, JPEGs as base64, by job id; jobs without one are left out. @throws AppError `storage-failed` */
export async function thumbnailTexts(db: Database, ids: readonly string[]): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const id of ids) {
    const picture = await loadThumbnail(db, id);
    if (picture) texts.set(id, base64(picture));
  }
  return texts;
}

export function base64(buffer: ArrayBuffer): string {
  return btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(''));
}
