import type { EncodedFile } from './encoded-file';

/** True for a file encoded elsewhere. Its class is loaded only by the commands that make such files. */
export function isEncoded(file: File): file is EncodedFile {
  return 'stated' in file;
}

/** True if all of these were encoded elsewhere; a batch is of one kind. */
export function areEncoded(files: readonly File[]): files is readonly EncodedFile[] {
  return files.length > 0 && files.every(isEncoded);
}
