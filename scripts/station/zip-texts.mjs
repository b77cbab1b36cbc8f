/** Reads a few texts of a zip, which may have a million other files and be larger than 4 GB. */
import { open } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';

const LOCAL_HEADER = 30;
const CENTRAL_HEADER = 46;
const CENTRAL = 0x02014b50;
/** Bytes of the end of a zip with its longest comment. */
const END = 22 + 65_535;
/** A number that is too large for its 32 bits stands in a record of 64. */
const LARGE = 0xffff_ffff;

/**
 * @param {string} path
 * @param {(name: string) => boolean} isWanted
 * @returns {Promise<Map<string, string>>} the texts by their names
 * @throws if it is no zip, or a cut one
 * @see APPNOTE.TXT 6.3.9
 */
export async function zipTexts(path, isWanted) {
  const file = await open(path);
  try {
    const read = async (from, length) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from);
      if (bytesRead < length) throw new Error('it is cut');
      return buffer;
    };
    const texts = new Map();
    const directory = await directoryOf((await file.stat()).size, read);
    for (let at = 0; at < directory.length;) {
      if (directory.readUInt32LE(at) !== CENTRAL) throw new Error('its list of files is damaged');
      const [nameLength, extraLength, commentLength] = [28, 30, 32].map((of) =>
        directory.readUInt16LE(at + of),
      );
      const extraAt = at + CENTRAL_HEADER + nameLength;
      const name = directory.toString('utf8', at + CENTRAL_HEADER, extraAt);
      const next = extraAt + extraLength + commentLength;
      if (isWanted(name)) texts.set(name, await textOf(directory.subarray(at, next), extraAt - at, read));
      at = next;
    }
    return texts;
  } finally {
    await file.close();
  }
}

/** The headers of all files, which stand at the end. */
async function directoryOf(size, read) {
  const tail = await read(Math.max(0, size - END), Math.min(size, END));
  const end = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  if (end < 0) throw new Error('it is no whole zip');
  const [length, from] = [tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
  if (tail.readUInt16LE(end + 10) < 0xffff && length < LARGE && from < LARGE) return read(from, length);
  const large = await read(Number(tail.readBigUInt64LE(end - 20 + 8)), 56);
  return read(Number(large.readBigUInt64LE(48)), Number(large.readBigUInt64LE(40)));
}

async function textOf(header, extraAt, read) {
  let extra = extraAt;
  const [size, packed, from] = [24, 20, 42].map((of) => {
    const value = header.readUInt32LE(of);
    if (value < LARGE) return value;
    // Those that are too large follow each other in a field of their own.
    if (extra === extraAt) extra = largeAt(header, extraAt);
    extra += 8;
    return Number(header.readBigUInt64LE(extra - 8));
  });
  const local = await read(from, LOCAL_HEADER);
  const start = from + LOCAL_HEADER + local.readUInt16LE(26) + local.readUInt16LE(28);
  const bytes = await read(start, packed);
  const text = header.readUInt16LE(10) === 0 ? bytes : inflateRawSync(bytes);
  if (text.length !== size) throw new Error('a file in it is damaged');
  return String(text);
}

/** The place of the numbers of 64 bits in a file's header. */
function largeAt(header, from) {
  const [id, length] = [header.readUInt16LE(from), header.readUInt16LE(from + 2)];
  return id === 1 ? from + 4 : largeAt(header, from + 4 + length);
}
