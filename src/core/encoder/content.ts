import { tooLargeForPicture } from '../domain/files/file-size';
import { sha256 } from './sha256';

/** @returns null when the file is gone, changed since it was chosen, or larger than any picture */
export async function contentOf(file: Blob): Promise<ArrayBuffer | null> {
  return tooLargeForPicture(file) ? null : file.arrayBuffer().catch(() => null);
}

/** SHA-256 of a file's content; null if `contentOf` gives null. */
export async function contentSha256Of(file: Blob): Promise<string | null> {
  const bytes = await contentOf(file);
  return bytes && sha256(bytes);
}

/** Replaces the SHA-256 of a file that can't be read: a hash of its name, size and date. */
export async function unreadSha256({ name, size, lastModified }: File): Promise<string> {
  return sha256(new TextEncoder().encode(`${name}/${size}/${lastModified}`).buffer);
}
