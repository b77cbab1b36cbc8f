import { captureTime } from '../domain/camera/time/capture-time';
import { AppError } from '../domain/errors';
import { ROW_FILE } from '../domain/table/row-file.js';
import { unreadSha256 } from './content';
import { EncodedFile } from './encoded-file';
import { readRows } from './file-reader';
import { isEncoded } from './is-encoded';

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
  const parts = files.map(async (file) =>
    ROW_FILE.test(file.name) && !isEncoded(file) ? rowsIn(file) : [file],
  );
  return (await Promise.all(parts)).flat();
}

/** The rows of a file that came by itself; of one that has none a snapshot that can't be read. @throws nothing that a person can act on */
export async function rowsOrFailure(file: File): Promise<readonly File[]> {
  try {
    return await rowsIn(file);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const contentSha256 = await unreadSha256(file);
    const { code, detail } = error;
    const { name, lastModified } = file;
    const stated = captureTime(name, null, lastModified);
    const read = async () => ({ ok: false as const, contentSha256, code, detail });
    return [new EncodedFile(name, { lastModified, stated, contentSha256, read })];
  }
}
