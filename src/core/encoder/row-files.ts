import { EncodedFile } from './encoded-file';
import { readRows } from './file-reader';
import { isEncoded } from './is-encoded';

const ROW_NAME = /\.(npy|npz|csv|tsv|txt)$/i;

/** The rows of a file, each as a snapshot that has no picture. @throws AppError as `readRows` */
export async function rowsIn(
  file: File,
  signal: AbortSignal = new AbortController().signal,
): Promise<readonly EncodedFile[]> {
  const rows = await readRows(file, signal);
  return rows.map(({ name, stated, contentSha256, values: embedding }) => {
    const none = { properties: null, thumbnail: null, glass: null };
    const read = async () => ({ ok: true as const, contentSha256, embedding: embedding.slice(), ...none });
    return new EncodedFile(name, { lastModified: stated.at, stated, contentSha256, read });
  });
}

/** The files, with the rows of those that hold some in their place. @throws AppError as `readRows` */
export async function allWithRows(files: readonly File[]): Promise<readonly File[]> {
  const parts = files.map(async (file) => (ROW_NAME.test(file.name) && !isEncoded(file) ? rowsIn(file) : [file]));
  return (await Promise.all(parts)).flat();
}
