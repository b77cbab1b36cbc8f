import { AppError } from '../domain/errors';

/**
 * A file inside an archive, or on the page's host, which is taken out only when its turn comes: thousands of them cost no
 * memory.
 *
 * To the page it is a file like any other, by its name and date. What crosses to a worker, or is shown, must be
 * `unpacked` first, since cloning would leave its bytes behind.
 */
export class PackedFile extends File {
  readonly #unpack: () => Promise<File>;

  /** @param unpack - gives a plain file each time it is called, or throws AppError `entry-damaged`, `fetch-failed` */
  constructor(name: string, lastModified: number, unpack: () => Promise<File>) {
    super([], name, { lastModified });
    this.#unpack = unpack;
  }

  unpack(): Promise<File> {
    return this.#unpack();
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.unpack()).arrayBuffer();
  }

  override async text(): Promise<string> {
    return (await this.unpack()).text();
  }
}

/** @throws AppError `entry-damaged`, `fetch-failed` for a file that can't be taken out of its archive, or fetched */
export async function unpacked(file: File): Promise<File> {
  return file instanceof PackedFile ? file.unpack() : file;
}

/** The files as a worker can read them, or why one can't be taken out of its archive. */
export async function allUnpacked(files: readonly File[]): Promise<readonly (File | AppError)[]> {
  if (!files.some((file) => file instanceof PackedFile)) return files;
  return Promise.all(
    files.map((file) =>
      unpacked(file).catch((error: unknown) => {
        if (error instanceof AppError) return error;
        throw error;
      }),
    ),
  );
}
