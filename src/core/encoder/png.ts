import { AppError } from '../domain/errors';
import type { Size } from '../domain/model/model';
import type { ImageFile, PngLayout } from './image-file';

/** A decoded picture. `ImageData` is one; the fourth byte of a pixel is ignored, as Pillow drops alpha. */
export interface Pixels extends Size {
  /** height × width × 4 bytes, row by row: red, green, blue, and one that is ignored */
  readonly data: Uint8Array | Uint8ClampedArray;
}

/**
 * Decodes the PNG that a browser can't give as Pillow reads them: with an alpha channel, or 16-bit grey.
 *
 * A browser multiplies colours by alpha and loses those under alpha 0; Pillow's `convert("RGB")` drops alpha and
 * keeps them. A browser takes the high byte of a 16-bit grey sample; Pillow clips the sample at 255.
 *
 * @throws AppError `image-damaged`, or `image-too-large` for this device's memory
 * @see https://www.w3.org/TR/png-3/; equals Pillow on rgba, la and gray16 of tests/fixtures/resize
 */
export async function decodePng({ width, height }: ImageFile, png: PngLayout): Promise<Pixels> {
  const pixelBytes = (png.channels * png.depth) / 8;
  const data = allocate(width, height);
  const rows = new RowReader(png.data);
  for (const [x0, y0, dx, dy] of png.interlaced ? ADAM7 : WHOLE) {
    const columns = Math.ceil((width - x0) / dx);
    if (columns <= 0) continue;
    let above = new Uint8Array(columns * pixelBytes);
    for (let y = y0; y < height; y += dy) {
      const [filter, row] = await rows.next(columns * pixelBytes);
      unfilter(filter, row, above, pixelBytes);
      for (let i = 0; i < columns; i++) {
        writePixel(png, row, i * pixelBytes, data, (y * width + x0 + i * dx) * 4);
      }
      above = row;
    }
  }
  return { width, height, data };
}

function allocate(width: number, height: number): Uint8Array {
  try {
    return new Uint8Array(width * height * 4);
  } catch (error) {
    throw new AppError('image-too-large', `${width}×${height}`, { cause: error });
  }
}

type Pass = readonly [x0: number, y0: number, dx: number, dy: number];
const WHOLE: readonly Pass[] = [[0, 0, 1, 1]];
const ADAM7: readonly Pass[] = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

/** Inflates only the rows needed, so that a small file which claims to be huge fails before it fills memory. */
class RowReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #chunk = new Uint8Array(0);
  #at = 0;

  constructor(data: readonly Uint8Array<ArrayBuffer>[]) {
    this.#reader = new Blob([...data]).stream().pipeThrough(new DecompressionStream('deflate')).getReader();
  }

  /** The filter of the next row and a copy of its bytes. */
  async next(length: number): Promise<readonly [filter: number, row: Uint8Array<ArrayBuffer>]> {
    const filter = new Uint8Array(1);
    const row = new Uint8Array(length);
    await this.#fill(filter);
    await this.#fill(row);
    return [filter[0]!, row];
  }

  async #fill(into: Uint8Array): Promise<void> {
    let filled = 0;
    while (filled < into.length) {
      if (this.#at === this.#chunk.length) {
        this.#chunk = await this.#more();
        this.#at = 0;
      }
      const taken = this.#chunk.subarray(this.#at, this.#at + into.length - filled);
      into.set(taken, filled);
      filled += taken.length;
      this.#at += taken.length;
    }
  }

  async #more(): Promise<Uint8Array<ArrayBuffer>> {
    try {
      const { done, value } = await this.#reader.read();
      if (!done) return value as Uint8Array<ArrayBuffer>;
    } catch (error) {
      throw new AppError('image-damaged', 'the PNG can’t be inflated', { cause: error });
    }
    throw new AppError('image-damaged', 'the PNG ends early');
  }
}

/** Undoes a row's filter in place. @see https://www.w3.org/TR/png-3/#9Filters */
function unfilter(filter: number, row: Uint8Array, above: Uint8Array, step: number): void {
  switch (filter) {
    case 0:
      return;
    case 1:
      for (let i = step; i < row.length; i++) row[i] = row[i]! + row[i - step]!;
      return;
    case 2:
      for (let i = 0; i < row.length; i++) row[i] = row[i]! + above[i]!;
      return;
    case 3:
      for (let i = 0; i < row.length; i++) {
        const left = i < step ? 0 : row[i - step]!;
        row[i] = row[i]! + ((left + above[i]!) >> 1);
      }
      return;
    case 4:
      for (let i = 0; i < row.length; i++) {
        const left = i < step ? 0 : row[i - step]!;
        const corner = i < step ? 0 : above[i - step]!;
        row[i] = row[i]! + paeth(left, above[i]!, corner);
      }
      return;
    default:
      throw new AppError('image-damaged', `PNG filter ${filter}`);
  }
}

function paeth(left: number, up: number, corner: number): number {
  const byLeft = Math.abs(up - corner);
  const byUp = Math.abs(left - corner);
  const byCorner = Math.abs(left + up - 2 * corner);
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}

function writePixel(
  { channels, depth }: PngLayout,
  row: Uint8Array,
  from: number,
  data: Uint8Array,
  to: number,
): void {
  if (channels === 4) {
    const step = depth / 8;
    data[to] = row[from]!;
    data[to + 1] = row[from + step]!;
    data[to + 2] = row[from + 2 * step]!;
    return;
  }
  const isClipped = channels === 1 && row[from]! > 0;
  const grey = channels === 1 ? (isClipped ? 255 : row[from + 1]!) : row[from]!;
  data[to] = grey;
  data[to + 1] = grey;
  data[to + 2] = grey;
}
