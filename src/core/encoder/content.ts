import { tooLargeForPicture } from '../domain/files/file-size';

/** @returns null when the file is gone, changed since it was chosen, or larger than any picture */
export async function contentOf(file: Blob): Promise<ArrayBuffer | null> {
  return tooLargeForPicture(file) ? null : file.arrayBuffer().catch(() => null);
}
