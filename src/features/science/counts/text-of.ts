import type { Text, Units } from '../pure/counts/records';

/** How a file's letters are written. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** A file's text with how it is written, so that it can be written back byte for byte. */
export interface EncodedText extends Text {
  readonly encoding: Encoding;
  readonly hasMark: boolean;
}

/** What is no text at all: a workbook or an archive, or something with zero bytes. */
export class NoText extends Error {
  constructor(readonly kind: 'workbook' | 'binary') {
    super(kind);
  }
}

/**
 * The text of a file. Its bytes are taken over, not copied, except those of UTF-16.
 *
 * @throws NoText
 */
export function decodeText(bytes: Uint8Array<ArrayBuffer>): EncodedText {
  const [a, b, c] = bytes;
  // Zip, as workbooks are, and the format of workbooks before.
  if ((a === 0x50 && b === 0x4b && c === 3) || (a === 0xd0 && b === 0xcf)) throw new NoText('workbook');
  if (a === 0xff && b === 0xfe) return wide(bytes, 'utf-16le', true);
  if (a === 0xfe && b === 0xff) return wide(bytes, 'utf-16be', true);
  const unmarked = wideWithoutMark(bytes);
  if (unmarked) return wide(bytes, unmarked, false);
  if (bytes.subarray(0, 65_536).includes(0)) throw new NoText('binary');
  const hasMark = a === 0xef && b === 0xbb && c === 0xbf;
  const encoding = hasMark || isUtf8(bytes) ? 'utf-8' : 'windows-1252';
  const decoder = new TextDecoder(encoding);
  const decode = (units: Units) => decoder.decode(units);
  return { units: bytes, begin: hasMark ? 3 : 0, hasMark, encoding, decode };
}

/** Pieces of a text as the bytes of a file. */
export function bytesOf(pieces: readonly Units[], encoding: Encoding): BlobPart[] {
  return pieces.map((piece) => {
    const bytes = new Uint8Array(piece.buffer as ArrayBuffer, piece.byteOffset, piece.byteLength);
    return encoding === 'utf-16be' ? swapped(bytes) : bytes;
  });
}

function wide(
  bytes: Uint8Array<ArrayBuffer>,
  encoding: 'utf-16le' | 'utf-16be',
  hasMark: boolean,
): EncodedText {
  if (bytes.length % 2 === 1) throw new NoText('binary');
  const little = encoding === 'utf-16le' ? bytes.slice() : swapped(bytes);
  const units = new Uint16Array(little.buffer);
  const decode = (part: Units) => {
    let text = '';
    for (const unit of part) text += String.fromCharCode(unit);
    return text;
  };
  return { units, begin: hasMark ? 1 : 0, hasMark, encoding, decode };
}

/** Text of mostly ASCII has a zero in every other byte. */
function wideWithoutMark(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const head = bytes.subarray(0, 512);
  let [even, odd] = [0, 0];
  for (const [i, byte] of head.entries()) {
    if (byte !== 0) continue;
    if (i % 2 === 0) even += 1;
    else odd += 1;
  }
  if (head.length < 4) return null;
  if (odd > 0.4 * head.length && even === 0) return 'utf-16le';
  return even > 0.4 * head.length && odd === 0 ? 'utf-16be' : null;
}

function swapped(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const other = new Uint8Array(bytes.length);
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    other[i] = bytes[i + 1]!;
    other[i + 1] = bytes[i]!;
  }
  return other;
}

function isUtf8(bytes: Uint8Array): boolean {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    // In pieces: a text of hundreds of megabytes is more than a string can be.
    for (let at = 0; at < bytes.length; at += 1 << 20) {
      decoder.decode(bytes.subarray(at, at + (1 << 20)), { stream: true });
    }
    decoder.decode();
    return true;
  } catch {
    return false;
  }
}
