import { deflateRawSync, deflateSync, crc32 } from 'node:zlib';

/** Files that lie, byte by byte. Nothing here is larger than it must be. */

/** An entry of a zip file, and where its headers say something else. */
export interface ZipEntry {
  readonly name: string;
  readonly data: Uint8Array;
  /** not compressed by default */
  readonly isDeflated?: boolean;
  readonly method?: number;
  readonly flags?: number;
  readonly crc?: number;
  /** as declared, when unpacked */
  readonly size?: number;
  /** shares the bytes of the entry with this index */
  readonly sharesWith?: number;
}

/** A zip file whose headers say what they are told to. */
export function rawZip(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  const offsets: number[] = [];
  let at = 0;
  for (const entry of entries) {
    const packed = entry.isDeflated ? deflateRawSync(entry.data, { level: 9 }) : Buffer.from(entry.data);
    const name = Buffer.from(entry.name);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE((entry.flags ?? 0) | 0x800, 2);
    facts.writeUInt16LE(entry.method ?? (entry.isDeflated ? 8 : 0), 4);
    // 1 June 2026; a snapshot of 1980, as zips without dates say, would be set aside.
    facts.writeUInt16LE(0x5cc1, 8);
    facts.writeUInt32LE(entry.crc ?? crc32(entry.data), 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(entry.size ?? entry.data.length, 18);
    facts.writeUInt16LE(name.length, 22);
    const shared = entry.sharesWith === undefined ? undefined : offsets[entry.sharesWith];
    offsets.push(shared ?? at);
    if (shared === undefined) {
      const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), facts, name, packed]);
      locals.push(local);
      at += local.length;
    }
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offsets.at(-1) ?? 0, 10);
    central.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), facts, tail, name);
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, directory, end]);
}

/** The end of a zip64 file that claims thousands of millions of entries. */
export function zip64Liar(): Buffer {
  const bytes = Buffer.alloc(200, 0xff);
  bytes.write('PK\x03\x04', 0, 'latin1');
  bytes.write('PK\x06\x06', 100, 'latin1');
  bytes.fill(0, 148, 200);
  bytes.writeUInt32LE(200, 148);
  bytes.write('PK\x06\x07', 156, 'latin1');
  bytes.writeUInt32LE(100, 164);
  bytes.write('PK\x05\x06', 176, 'latin1');
  bytes.writeUInt16LE(0xffff, 184);
  return bytes;
}

/** One chunk of a PNG, with its checksum and length unless they are to lie. */
export function pngChunk(
  type: string,
  data: Uint8Array = new Uint8Array(),
  lies: { readonly crc?: number; readonly length?: number } = {},
): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(lies.length ?? data.length);
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE((lies.crc ?? crc32(body)) >>> 0);
  return Buffer.concat([head, body, tail]);
}

/** The first chunk of an RGB PNG of 8 bits. */
export function pngHeader(width: number, height: number): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set([8, 2, 0, 0, 0], 8);
  return pngChunk('IHDR', data);
}

export const png = (...chunks: Buffer[]): Buffer =>
  Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]);

/** The pixels of an RGB PNG, all of one grey, compressed. */
export function pngPixels(width: number, height: number, grey: number): Buffer {
  const row = Buffer.alloc(1 + 3 * width, grey);
  row[0] = 0;
  return deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
}

/** An animated PNG of so many frames, each the whole of a small picture. */
export function animatedPng(frames: number): Buffer {
  const [width, height] = [16, 9];
  const control = Buffer.alloc(8);
  control.writeUInt32BE(frames);
  const pixels = pngPixels(width, height, 90);
  const chunks = [pngHeader(width, height), pngChunk('acTL', control)];
  for (let i = 0; i < frames; i += 1) {
    const frame = Buffer.alloc(26);
    frame.writeUInt32BE(i === 0 ? 0 : 2 * i - 1, 0);
    frame.writeUInt32BE(width, 4);
    frame.writeUInt32BE(height, 8);
    chunks.push(pngChunk('fcTL', frame));
    const number = Buffer.alloc(4);
    number.writeUInt32BE(2 * i);
    chunks.push(i === 0 ? pngChunk('IDAT', pixels) : pngChunk('fdAT', Buffer.concat([number, pixels])));
  }
  return png(...chunks, pngChunk('IEND'));
}

/** An animated GIF of so many frames of one pixel. */
export function animatedGif(frames: number): Buffer {
  const head = Buffer.from('47494638396101000100800000404040ffffff', 'hex');
  const frame = Buffer.from('2c000000000100010000020244010021f9040000000000', 'hex');
  const last = Buffer.from('2c0000000001000100000202440100', 'hex');
  return Buffer.concat([head, ...Array<Buffer>(frames - 1).fill(frame), last, Buffer.from('3b', 'hex')]);
}

/** A JPEG with a segment put in after its first marker. */
export function withSegment(jpeg: Buffer, marker: number, data: Uint8Array): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, data, jpeg.subarray(2)]);
}

/** A JPEG that says that it is of another size. */
export function jpegOfSize(jpeg: Buffer, width: number, height: number): Buffer {
  const bytes = Buffer.from(jpeg);
  let at = 2;
  while (![0xc0, 0xc1, 0xc2].includes(bytes[at + 1] ?? 0)) at += 2 + bytes.readUInt16BE(at + 2);
  bytes.writeUInt16BE(height, at + 5);
  bytes.writeUInt16BE(width, at + 7);
  return bytes;
}

/** An .npy of version 1.0 with whatever header and body. */
export function npy(header: string, body: Uint8Array = new Uint8Array(), major = 1): Buffer {
  const text = Buffer.from(`${header}\n`, 'latin1');
  const length = Buffer.alloc(2);
  length.writeUInt16LE(text.length);
  return Buffer.concat([Buffer.from('\x93NUMPY', 'latin1'), Buffer.from([major, 0]), length, text, body]);
}

export const npyHeader = (descr: string, isFortran: boolean, shape: string): string =>
  `{'descr': '${descr}', 'fortran_order': ${isFortran ? 'True' : 'False'}, 'shape': ${shape}, }`;
