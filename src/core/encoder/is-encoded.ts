import type { EncodedFile } from './encoded-file';

/** Whether a file was encoded elsewhere. Its class is loaded by the commands that make such files alone. */
export function isEncoded(file: File): file is EncodedFile {
  return 'stated' in file;
}

/** Whether all of these were encoded elsewhere; a batch is of one kind. */
export function areEncoded(files: readonly File[]): files is readonly EncodedFile[] {
  return files.length > 0 && files.every(isEncoded);
}
