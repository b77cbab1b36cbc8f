import { AppError } from '../errors';

const MB = 2 ** 20;

/** A picture of 100 megapixels has 300 MB when it is not compressed; what is larger is none. */
export const LARGEST_PICTURE = 320 * MB;
/** Twenty times the largest autoencoder that we know of; the runtime copies it into each worker. */
export const LARGEST_MODEL = 512 * MB;
/** Twice the numbers of the largest reference, as float64: room for its names. */
export const LARGEST_ARRAY = 256 * MB;
/** The longest configuration that is read, in characters of up to four bytes. */
export const LARGEST_CONFIG = 64 * MB;
/** An iFDO of some 100,000 images; as YAML it takes seconds to read. */
export const LARGEST_IFDO = 32 * MB;
/** A table as text: some millions of rows. It is held in memory twice, as it was given and as it comes back. */
export const LARGEST_TABLE = 100 * MB;

/** Refuses a file unread if it could fill the memory. @throws AppError `file-too-large` */
export function refuseLarger({ size }: { readonly size: number }, largest: number): void {
  if (size > largest) throw tooLarge(size, largest);
}

/** The failure of a file that is larger than any picture, or null. */
export function tooLargeForPicture({ size }: { readonly size: number }): AppError | null {
  return size > LARGEST_PICTURE ? tooLarge(size, LARGEST_PICTURE) : null;
}

function tooLarge(size: number, largest: number): AppError {
  return new AppError('file-too-large', {
    code: 'file-size',
    size: Math.ceil(size / MB),
    most: largest / MB,
  });
}
