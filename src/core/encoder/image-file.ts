import { AppError } from '../domain/errors';
import type { Size } from '../domain/model/model';

/** Header fields, read without decoding the image. */
export interface ImageFile extends Size {
  readonly type: 'jpeg' | 'png' | 'gif' | 'webp' | 'avif' | 'bmp';
  /** Bits a sample and PNG colour type, for those PNG that Pillow reads unlike a browser; else null. */
  readonly png: PngLayout | null;
  /**
   * The file without the parts that make a browser turn or recolour the picture, which Pillow does not: EXIF
   * orientation, colour profiles, transparency. Null when the file can be decoded directly.
   */
  readonly plain: readonly Uint8Array<ArrayBuffer>[] | null;
  /** True for a JPEG that is grey or YCbCr: not RGB, not CMYK. */
  readonly isYccJpeg: boolean;
}

export interface PngLayout {
  readonly depth: 8 | 16;
  /** grey, grey and alpha, or red, green, blue and alpha */
  readonly channels: 1 | 2 | 4;
  readonly interlaced: boolean;
  /** the compressed picture: the contents of the IDAT chunks */
  readonly data: readonly Uint8Array<ArrayBuffer>[];
}

/** A camera's picture has at most a few tens of megapixels; a browser needs 4 bytes for each pixel. */
const MOST_PIXELS = 100_000_000;
const LONGEST_SIDE = 16_384;

type Bytes = Uint8Array<ArrayBuffer>;

/** The usual case: nothing but the browser's decoder is needed. */
const ORDINARY = { png: null, plain: null, isYccJpeg: false } as const;

/**
 * Reads the header of an image file, and refuses anything but a whole picture of a sensible size.
 *
 * The type is taken from the content alone: a name proves nothing. SVG is refused, since it is a document.
 *
 * @throws AppError `empty-file`, `not-an-image`, `image-damaged` or `image-too-large`
 */
export function readImageFile(buffer: ArrayBuffer): ImageFile {
  const bytes = new Uint8Array(buffer);
  if (bytes.length === 0) throw new AppError('empty-file');
  const file = readByType(bytes);
  if (file.width < 1 || file.height < 1) throw new AppError('image-damaged', `${file.width}×${file.height}`);
  if (file.width > LONGEST_SIDE || file.height > LONGEST_SIDE || file.width * file.height > MOST_PIXELS) {
    throw new AppError('image-too-large', `${file.width}×${file.height}`);
  }
  return file;
}

function readByType(bytes: Bytes): ImageFile {
  try {
    if (startsWith(bytes, '\xff\xd8\xff')) return readJpeg(bytes);
    if (startsWith(bytes, '\x89PNG\r\n\x1a\n')) return readPng(bytes);
    if (startsWith(bytes, 'GIF87a') || startsWith(bytes, 'GIF89a')) return readGif(bytes);
    if (startsWith(bytes, 'RIFF') && textAt(bytes, 8, 4) === 'WEBP') return readWebp(bytes);
    if (
      textAt(bytes, 4, 4) === 'ftyp' &&
      /avif|avis/.test(textAt(bytes, 8, Math.min(u32(bytes, 0), 256) - 8))
    )
      return readAvif(bytes);
    if (startsWith(bytes, 'BM') && [40, 52, 56, 108, 124].includes(u32le(bytes, 14))) return readBmp(bytes);
  } catch (error) {
    // A header that points beyond the end of the file: it was cut off.
    if (error instanceof RangeError)
      throw new AppError('image-damaged', 'the file ends early', { cause: error });
    throw error;
  }
  throw new AppError('not-an-image');
}

/** @see ITU-T T.81, annex B */
function readJpeg(bytes: Bytes): ImageFile {
  let size: Size | null = null;
  let ids = '';
  // libjpeg ignores both marks when they are short; without either the component numbers 1, 2, 3 mean YCbCr.
  let isJfif = false;
  let transform = 1;
  const metadata: (readonly [number, number])[] = [];
  let at = 2;
  for (;;) {
    if (u8(bytes, at) !== 0xff) throw new AppError('image-damaged', 'no JPEG marker where one must be');
    const marker = u8(bytes, at + 1);
    if (marker === 0xff) {
      at += 1; // fill byte
      continue;
    }
    const end = at + 2 + u16(bytes, at + 2);
    // Start of frame; C4, C8 and CC of this range are tables.
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      size = { height: u16(bytes, at + 5), width: u16(bytes, at + 7) };
      const count = u8(bytes, at + 9);
      ids = Array.from({ length: Math.min(count, 4) }, (_, i) => u8(bytes, at + 10 + 3 * i)).join(' ');
    }
    if (marker === 0xe0 && end >= at + 18 && textAt(bytes, at + 4, 5) === 'JFIF\0') isJfif = true;
    if (marker === 0xee && end >= at + 16 && textAt(bytes, at + 4, 5) === 'Adobe')
      transform = u8(bytes, at + 15);
    // APP1 holds EXIF and with it the orientation, APP2 the colour profile; neither is needed to decode.
    if (marker === 0xe1 || marker === 0xe2) metadata.push([at, end]);
    if (marker === 0xda) break;
    at = end;
  }
  // In the picture's own bytes FF is followed by 00 or a restart marker, so FF D9 can only be its end.
  // It need not be the last thing in the file: some cameras append a second picture or padding.
  let end = bytes.length - 2;
  while (end > at && !(bytes[end] === 0xff && bytes[end + 1] === 0xd9))
    end = bytes.lastIndexOf(0xff, end - 1);
  if (end <= at) throw new AppError('image-damaged', 'the JPEG ends early');
  if (!size) throw new AppError('image-damaged', 'no JPEG frame');
  return {
    ...ORDINARY,
    type: 'jpeg',
    ...size,
    plain: metadata.length > 0 ? without(bytes, metadata) : null,
    isYccJpeg: ids === '1 2 3' ? isJfif || transform === 1 : ids !== '' && !ids.includes(' '),
  };
}

/** @see https://www.w3.org/TR/png-3/#5DataRep */
function readPng(bytes: Bytes): ImageFile {
  if (textAt(bytes, 12, 4) !== 'IHDR') throw new AppError('image-damaged', 'no PNG header');
  const size = { width: u32(bytes, 16), height: u32(bytes, 20) };
  const depth = u8(bytes, 24);
  const colourType = u8(bytes, 25);
  const interlaced = u8(bytes, 28) === 1;
  const data: Bytes[] = [];
  const ancillary: (readonly [number, number])[] = [];
  let at = 8;
  for (;;) {
    const length = u32(bytes, at);
    const name = textAt(bytes, at + 4, 4);
    const end = at + 12 + length;
    if (name === 'IEND') break;
    if (end > bytes.length) throw new AppError('image-damaged', 'the PNG ends early');
    if (name === 'IDAT') data.push(bytes.subarray(at + 8, at + 8 + length));
    // A small first letter marks what a decoder may skip: gamma, profiles, transparency, orientation, animation.
    if (name.charCodeAt(0) >= 97) ancillary.push([at, end]);
    at = end;
  }
  const channels = colourType === 0 && depth === 16 ? 1 : colourType === 4 ? 2 : colourType === 6 ? 4 : null;
  if (channels !== null && (depth === 8 || depth === 16)) {
    return { ...ORDINARY, type: 'png', ...size, png: { depth, channels, interlaced, data } };
  }
  return {
    ...ORDINARY,
    type: 'png',
    ...size,
    plain: ancillary.length > 0 ? without(bytes, ancillary) : null,
  };
}

/** Walks to the end of the first picture, the only one that counts. @see https://www.w3.org/Graphics/GIF/spec-gif89a.txt */
function readGif(bytes: Bytes): ImageFile {
  const size = { width: u16le(bytes, 6), height: u16le(bytes, 8) };
  const tableBytes = (flags: number) => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);
  let at = 13 + tableBytes(u8(bytes, 10));
  const skipBlocks = () => {
    while (u8(bytes, at) !== 0) at += 1 + u8(bytes, at);
    at += 1;
  };
  let plain: Bytes | null = null;
  while (u8(bytes, at) === 0x21) {
    // A graphic control extension whose lowest flag makes one colour transparent; Pillow shows that colour.
    if (u8(bytes, at + 1) === 0xf9 && (u8(bytes, at + 3) & 1) === 1) {
      plain = bytes.slice();
      plain[at + 3] = bytes[at + 3]! & ~1;
    }
    at += 2;
    skipBlocks();
  }
  if (u8(bytes, at) !== 0x2c) throw new AppError('image-damaged', 'no picture in the GIF');
  at += 10 + tableBytes(u8(bytes, at + 9)) + 1;
  skipBlocks();
  return { ...ORDINARY, type: 'gif', ...size, plain: plain && [plain] };
}

/** @see https://developers.google.com/speed/webp/docs/riff_container */
function readWebp(bytes: Bytes): ImageFile {
  if (8 + u32le(bytes, 4) > bytes.length) throw new AppError('image-damaged', 'the WebP ends early');
  const kind = textAt(bytes, 12, 4);
  if (kind === 'VP8X') {
    const size = { width: 1 + u24le(bytes, 24), height: 1 + u24le(bytes, 27) };
    const plain = plainWebp(bytes);
    // The inner picture is decoded, so its own size must be checked.
    if (plain) {
      const inside = webpFrame(plain[1]!);
      if (inside.width !== size.width || inside.height !== size.height)
        throw new AppError('image-damaged', 'the WebP states two sizes');
    }
    return { ...ORDINARY, type: 'webp', ...size, plain };
  }
  if (kind === 'VP8 ' || kind === 'VP8L') {
    const plain = kind === 'VP8L' ? plainWebp(bytes) : null;
    return { ...ORDINARY, type: 'webp', ...webpFrame(bytes.subarray(12)), plain };
  }
  throw new AppError('image-damaged', 'no picture in the WebP');
}

/** The size that a `VP8 ` or `VP8L` chunk states. */
function webpFrame(chunk: Bytes): Size {
  if (textAt(chunk, 0, 4) === 'VP8 ') {
    return { width: u16le(chunk, 14) & 0x3fff, height: u16le(chunk, 16) & 0x3fff };
  }
  const packed = u32le(chunk, 9);
  return { width: 1 + (packed & 0x3fff), height: 1 + ((packed >> 14) & 0x3fff) };
}

/** The picture of a still WebP in a file of its own: without profile, orientation and transparency. */
function plainWebp(bytes: Bytes): Bytes[] | null {
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = textAt(bytes, at, 4);
    const length = u32le(bytes, at + 4);
    const padded = length + (length & 1);
    if (name === 'VP8 ' || name === 'VP8L') {
      const picture = bytes.slice(at, at + 8 + padded);
      // The bit for "alpha is used".
      if (name === 'VP8L') picture[12] = picture[12]! & ~0x10;
      const header = new Uint8Array(12);
      header.set(bytes.subarray(0, 12));
      new DataView(header.buffer).setUint32(4, 4 + picture.length, true);
      return [header, picture];
    }
    at += 8 + padded;
  }
  return null; // an animation
}

/** Takes the largest `ispe` (a grid's tiles have one too), unturns `irot`. @see ISO/IEC 23008-12, 6.5.3 and 6.5.10 */
function readAvif(bytes: Bytes): ImageFile {
  const head = textAt(bytes, 0, Math.min(bytes.length, 65_536));
  let size: Size = { width: 0, height: 0 };
  for (let at = head.indexOf('ispe'); at >= 0; at = head.indexOf('ispe', at + 4)) {
    const next = { width: u32(bytes, at + 8), height: u32(bytes, at + 12) };
    if (next.width * next.height > size.width * size.height) size = next;
  }
  // Only among the boxes: the compressed picture after them may contain any four bytes.
  const turn = head.split('mdat', 1)[0]!.indexOf('irot') + 4;
  if (turn < 4 || (u8(bytes, turn) & 3) === 0) return { ...ORDINARY, type: 'avif', ...size };
  const plain = bytes.slice();
  plain[turn] = 0;
  return { ...ORDINARY, type: 'avif', ...size, plain: [plain] };
}

/** @see https://learn.microsoft.com/windows/win32/api/wingdi/ns-wingdi-bitmapinfoheader */
function readBmp(bytes: Bytes): ImageFile {
  const view = new DataView(bytes.buffer);
  const width = view.getInt32(18, true);
  // Negative when the rows run from top to bottom.
  const height = Math.abs(view.getInt32(22, true));
  const rowBytes = Math.ceil((width * u16le(bytes, 28)) / 32) * 4;
  const isCompressed = u32le(bytes, 30) !== 0 && u32le(bytes, 30) !== 3;
  if (!isCompressed && u32le(bytes, 10) + rowBytes * height > bytes.length) {
    throw new AppError('image-damaged', 'the BMP ends early');
  }
  return { ...ORDINARY, type: 'bmp', width, height };
}

/** The rest of `bytes` without the given ranges, which are in order. */
function without(bytes: Bytes, ranges: readonly (readonly [start: number, end: number])[]): Bytes[] {
  const parts: Bytes[] = [];
  let from = 0;
  for (const [start, end] of ranges) {
    parts.push(bytes.subarray(from, start));
    from = end;
  }
  parts.push(bytes.subarray(from));
  return parts;
}

function startsWith(bytes: Bytes, text: string): boolean {
  return textAt(bytes, 0, text.length) === text;
}

function textAt(bytes: Bytes, at: number, length: number): string {
  let text = '';
  for (const byte of bytes.subarray(at, at + length)) text += String.fromCharCode(byte);
  return text;
}

function u8(bytes: Bytes, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw new RangeError(`byte ${at} of ${bytes.length}`);
  return byte;
}

function u16(bytes: Bytes, at: number): number {
  return u8(bytes, at) * 256 + u8(bytes, at + 1);
}

function u32(bytes: Bytes, at: number): number {
  return u16(bytes, at) * 65_536 + u16(bytes, at + 2);
}

function u16le(bytes: Bytes, at: number): number {
  return u8(bytes, at) + u8(bytes, at + 1) * 256;
}

function u24le(bytes: Bytes, at: number): number {
  return u16le(bytes, at) + u8(bytes, at + 2) * 65_536;
}

function u32le(bytes: Bytes, at: number): number {
  return u16le(bytes, at) + u16le(bytes, at + 2) * 65_536;
}
