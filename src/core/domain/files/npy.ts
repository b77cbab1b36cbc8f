import { strFromU8, strToU8, Unzip, UnzipInflate, unzipSync, zipSync } from 'fflate';
import { concat } from '../concat';
import type { Embedding } from '../drift/embedding';
import { AppError } from '../errors';
import { withOneNaN } from '../one-nan';

export interface NpyArray {
  readonly shape: readonly number[];
  /** in file order: the last axis runs fastest, or the first when `fortranOrder` */
  readonly data: Float32Array | Float64Array;
  readonly fortranOrder: boolean;
}

/** Embeddings from a file, with what each was made from where the file says so. */
export interface NamedEmbeddings {
  readonly embeddings: Embedding[];
  readonly names: string[] | null;
}

interface NpyHeader {
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** byte offset of the values */
  readonly offset: number;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
const ZIP_MAGIC = [0x50, 0x4b, 0x03, 0x04];
const PICKLE_MAGIC = 0x80; // opcode PROTO, of protocol 2 and later
// numpy pads to a multiple of 64 bytes, and a dict with one or two lengths in it takes more than 64 and less than 128
const WRITTEN_HEADER = 128;
const LONGEST_HEADER = 65_536;
const MOST_UNZIPPED = 512 * 2 ** 20;
const MOST_MEMBERS = 4096; // an archive may claim four thousand million, and fflate believes it
const UNZIP_STEP = 4096; // compressed bytes; deflate grows them at most 1032-fold, to 4 MB, before we look
/** A year of clean snapshots, one each hour; judging takes time with their square. */
const MOST_ROWS = 10_000;
/** 67 MB as float32. */
const MOST_NUMBERS = 2 ** 24;
/** The longest path that file systems take. */
const LONGEST_NAME = 4096;
// a tuple of one has its comma, (3,), and Python 2 wrote 3L for a long
const ENTRY = String.raw`(?:'descr':'[^']*'|'fortran_order':(?:True|False)|'shape':\((?:(?:\d{1,16}L?,)+(?:\d{1,16}L?)?)?\))`;
const UNICODE = /^[<>]U([1-9]\d{0,6})$/;
/** members of an .npz that say what they are */
const PREFERRED = ['embeddings', 'reference', 'clean'];

const startsWith = (bytes: Uint8Array, magic: readonly number[]) =>
  magic.every((byte, i) => bytes[i] === byte);
const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const short = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
const listed = (parts: readonly (string | number)[]) => short(parts.join(', '));

/** The three entries of the Python dict literal that numpy writes, in any order; nothing else is a header. */
function parseDict(text: string): Omit<NpyHeader, 'offset'> {
  const compact = text.replace(/\s+/g, '').replaceAll('"', "'");
  if (compact.includes("'descr':[")) {
    throw new AppError('npy-format', { code: 'npy-structured' });
  }
  const isDict = new RegExp(`^\\{(?:${ENTRY},){2}${ENTRY},?\\}$`).test(compact);
  const descr = /'descr':'([^']*)'/.exec(compact)?.[1];
  const order = /'fortran_order':(True|False)/.exec(compact)?.[1];
  const shape = /'shape':\(([^)]*)\)/.exec(compact)?.[1];
  if (!isDict || descr === undefined || order === undefined || shape === undefined) {
    throw new AppError('npy-format', { code: 'npy-header' });
  }
  return { descr, fortranOrder: order === 'True', shape: (shape.match(/\d+/g) ?? []).map(Number) };
}

function readHeader(bytes: Uint8Array): NpyHeader {
  if (bytes[0] === PICKLE_MAGIC) throw new AppError('npy-pickle', { code: 'npy-pickled' });
  if (!startsWith(bytes, MAGIC)) throw new AppError('npy-format', { code: 'npy-other' });
  const [major = 0, minor = 0] = bytes.subarray(6, 8);
  if (major < 1 || major > 3 || minor !== 0)
    throw new AppError('npy-format', { code: 'npy-version', version: `${major}.${minor}` });
  const start = major === 1 ? 10 : 12;
  if (bytes.length < start) throw new AppError('npy-format', { code: 'npy-cut' });
  const length = major === 1 ? viewOf(bytes).getUint16(8, true) : viewOf(bytes).getUint32(8, true);
  const offset = start + length;
  if (length > LONGEST_HEADER) throw new AppError('npy-format', { code: 'npy-header-size', bytes: length });
  if (offset > bytes.length) throw new AppError('npy-format', { code: 'npy-cut' });
  // Latin-1 up to version 2, UTF-8 in version 3, where only names of structured fields need it
  const header = parseDict(strFromU8(bytes.subarray(start, offset), true));
  if (/^[|<>=]?O/.test(header.descr)) throw new AppError('npy-pickle', { code: 'npy-objects' });
  return { ...header, offset };
}

/** The values' bytes, once the shape accounts for each of them. */
function bodyOf(bytes: Uint8Array, { shape, offset }: NpyHeader, itemSize: number): Uint8Array {
  const expected = shape.reduce((product, length) => product * length, itemSize);
  const found = bytes.length - offset;
  // A product beyond 2^53 is inexact, and larger than any file.
  if (expected !== found) {
    throw new AppError('npy-shape', { code: 'npy-bytes', shape: listed(shape), needed: expected, found });
  }
  return bytes.subarray(offset);
}

/**
 * Reads an `.npy` file, versions 1.0 to 3.0, of float32 or float64 in either byte order.
 *
 * @returns a copy, in this machine's byte order
 * @throws AppError `npy-format` for anything else, `npy-pickle` for pickles and arrays of Python objects,
 *   `npy-shape` when the shape and the length of the file disagree
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function readNpy(bytes: Uint8Array): NpyArray {
  const header = readHeader(bytes);
  const size = itemSizeOf(header);
  const body = bodyOf(bytes, header, size);
  // copied, since typed arrays must begin at a multiple of their item size
  const copy = new Uint8Array(body);
  const data = size === 4 ? new Float32Array(copy.buffer) : new Float64Array(copy.buffer);
  if (header.descr.startsWith('>')) {
    const view = viewOf(body);
    const read = size === 4 ? view.getFloat32.bind(view) : view.getFloat64.bind(view);
    for (let i = 0; i < data.length; i++) data[i] = read(i * data.BYTES_PER_ELEMENT);
  }
  return { shape: header.shape, data, fortranOrder: header.fortranOrder };
}

/**
 * Finds the values of a large `.npy` file, so that it can be read in pieces.
 *
 * @param head - the first bytes of the file, with its whole header
 * @param descr - the type that its values must have, in C order
 * @throws AppError `npy-format` for anything else, `npy-pickle`
 */
export function npyBody(
  head: Uint8Array,
  descr: '<f4' | '|u1',
): { readonly from: number; readonly shape: readonly number[] } {
  const header = readHeader(head);
  if (header.descr !== descr || header.fortranOrder) {
    throw new AppError('npy-format', { code: 'npy-values', type: short(header.descr) });
  }
  return { from: header.offset, shape: header.shape };
}

/** Bytes of each value. @throws AppError `npy-format` for what is neither float32 nor float64 */
function itemSizeOf({ descr }: NpyHeader): number {
  const size = /^[<>]f([48])$/.exec(descr)?.[1];
  if (size === undefined) {
    throw new AppError('npy-format', { code: 'npy-values', type: short(descr) });
  }
  return Number(size);
}

/** A one-dimensional array of `<U…`; numpy pads each string with NUL. */
function readNames(bytes: Uint8Array, count: number): string[] {
  const header = readHeader(bytes);
  const size = nameLength(header);
  if (header.shape.length !== 1 || header.shape[0] !== count) {
    throw new AppError('npy-shape', { code: 'npy-names-shape', shape: listed(header.shape), count });
  }
  const view = viewOf(bodyOf(bytes, header, 4 * size));
  const isLittle = header.descr.startsWith('<');
  return Array.from({ length: count }, (_, row) => {
    const codePointAt = (i: number) => view.getUint32(4 * (row * size + i), isLittle);
    let end = size;
    while (end > 0 && codePointAt(end - 1) === 0) end -= 1;
    let name = '';
    for (let i = 0; i < end; i++) {
      const codePoint = codePointAt(i);
      if (codePoint > 0x10ffff) throw new AppError('npy-format', { code: 'npy-names-unicode' });
      name += String.fromCodePoint(codePoint);
    }
    return name;
  });
}

function nameLength({ descr }: NpyHeader): number {
  const size = Number(UNICODE.exec(descr)?.[1]);
  if (Number.isNaN(size)) throw new AppError('npy-format', { code: 'npy-names-type', type: short(descr) });
  if (size > LONGEST_NAME)
    throw new AppError('npy-shape', { code: 'npy-names-long', letters: size, most: LONGEST_NAME });
  return size;
}

function unzipFailed(error: unknown): never {
  if (error instanceof AppError) throw error;
  throw new AppError('npy-format', { code: 'npy-zip' }, { cause: error });
}

function listMembers(zip: Uint8Array): { name: string; size: number }[] {
  const members: { name: string; size: number }[] = [];
  try {
    unzipSync(zip, {
      filter: ({ name, originalSize }) => {
        if (members.length === MOST_MEMBERS) throw new AppError('npy-format', { code: 'npy-members' });
        members.push({ name, size: originalSize });
        return false;
      },
    });
  } catch (error) {
    unzipFailed(error);
  }
  return members;
}

/**
 * One member's bytes, unpacked in steps so that an archive that lies about its sizes is stopped in time.
 *
 * @param weigh - how many bytes the array has by its header, or a refusal, before the rest is unpacked
 */
function unzipMember(
  zip: Uint8Array,
  wanted: string,
  weigh: (header: NpyHeader) => number = () => MOST_UNZIPPED,
): Uint8Array {
  const chunks: Uint8Array[] = [];
  const state = { total: 0, most: MOST_UNZIPPED, isWeighed: false, isComplete: false };
  const unzip = new Unzip((file) => {
    if (file.name !== wanted || state.isComplete) return;
    file.ondata = (error, chunk, isFinal) => {
      if (error) throw error;
      state.total += chunk.length;
      chunks.push(chunk);
      state.isComplete ||= isFinal;
      if (!state.isWeighed && (isFinal || state.total > 2 * LONGEST_HEADER)) {
        state.most = weigh(readHeader(concat(Uint8Array, chunks)));
        state.isWeighed = true;
      }
      if (state.total > state.most)
        throw new AppError('npy-shape', { code: 'npy-overlong', most: state.most });
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  try {
    for (let at = 0; at < zip.length && !state.isComplete; at += UNZIP_STEP) {
      unzip.push(zip.subarray(at, at + UNZIP_STEP), at + UNZIP_STEP >= zip.length);
    }
  } catch (error) {
    unzipFailed(error);
  }
  if (!state.isComplete) throw new AppError('npy-format', { code: 'npy-zip' });
  return concat(Uint8Array, chunks);
}

const countOf = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);

/** Bytes of a reference with this header. @throws AppError when that is more than a reference can have */
function weighRows(header: NpyHeader): number {
  const { shape, offset } = header;
  const [rows = 0] = shape;
  if (rows > MOST_ROWS || countOf(shape) > MOST_NUMBERS) {
    const most = { rows: MOST_ROWS, numbers: MOST_NUMBERS };
    throw new AppError('npy-shape', { code: 'npy-most', shape: listed(shape), ...most });
  }
  return offset + countOf(shape) * itemSizeOf(header);
}

function weighNames(header: NpyHeader): number {
  return header.offset + countOf(header.shape) * 4 * nameLength(header);
}

/** The array of an archive that holds the embeddings; a guess between two would be worse than a question. */
function chooseMember(names: readonly string[]): string {
  const candidates = names.filter((name) => name !== 'names');
  const preferred = candidates.filter((name) => PREFERRED.includes(name));
  const numbered = candidates.filter((name) => /^arr_\d+$/.test(name));
  const [first, ...others] = preferred.length > 0 ? preferred : candidates;
  if (first !== undefined && others.length === 0) return first;
  if (preferred.length === 0 && numbered.length === 1 && numbered[0] === 'arr_0') return 'arr_0';
  if (first === undefined) throw new AppError('npy-format', { code: 'npy-no-array' });
  const [arrays, wanted] = [listed(candidates), PREFERRED.join(', ')];
  throw new AppError('npy-format', { code: 'npy-several', arrays, names: wanted });
}

/** Rows of an (n, d) array whose other axes have length 1. */
function rowsOf({ shape, data, fortranOrder }: NpyArray, least: number): Embedding[] {
  const [count = 0, ...axes] = shape;
  const lengths = axes.filter((length) => length !== 1);
  const length = lengths[0] ?? 1;
  if (axes.length === 0 || lengths.length > 1 || length === 0) {
    throw new AppError('npy-shape', { code: 'npy-shape', shape: listed(shape) });
  }
  if (count < least) throw new AppError('reference-too-small', String(count));
  return Array.from({ length: count }, (_, row) => {
    const embedding = new Float32Array(length);
    for (let i = 0; i < length; i++)
      embedding[i] = data[fortranOrder ? i * count + row : row * length + i] ?? NaN;
    // after rounding, since 1e300 has no float32
    if (!embedding.every(Number.isFinite))
      throw new AppError('embedding-not-finite', { code: 'row', row: row + 1 });
    return embedding;
  });
}

/**
 * Reads a reference: an `.npy` of shape (n, d), or with further axes of length 1 as the tutorial's encoder
 * gives them, or an `.npz` with such an array.
 *
 * In an archive the array `embeddings`, `reference` or `clean` is taken, else the only one, else `arr_0`; `names`,
 * an array of n strings, says what each was made from. Float64 is rounded to float32, which is what the models put out.
 *
 * @param fileName - for the message; the content decides what the file is
 * @param least - number of rows
 * @throws AppError as `readNpy`; `npy-pickle` for PyTorch files too; `npy-shape` for more than a reference can
 *   have, before it is unpacked; `reference-too-small` below the least; `embedding-not-finite` with the row, counted from 1
 */
export function readEmbeddings(bytes: Uint8Array, fileName: string, least = 2): NamedEmbeddings {
  try {
    if (!startsWith(bytes, ZIP_MAGIC)) {
      const header = readHeader(bytes);
      bodyOf(bytes, header, itemSizeOf(header));
      weighRows(header);
      return { embeddings: rowsOf(readNpy(bytes), least), names: null };
    }
    const members = listMembers(bytes);
    if (members.some(({ name }) => /(^|\/)data\.pkl$/.test(name)))
      throw new AppError('npy-pickle', { code: 'npy-pytorch' });
    const arrays = members.filter(({ name }) => name.endsWith('.npy'));
    const chosen = chooseMember(arrays.map(({ name }) => name.slice(0, -'.npy'.length)));
    const used = arrays.filter(({ name }) => name === `${chosen}.npy` || name === 'names.npy');
    if (used.reduce((sum, { size }) => sum + size, 0) > MOST_UNZIPPED) {
      throw new AppError('npy-shape', { code: 'npy-unpacked', size: MOST_UNZIPPED / 2 ** 20 });
    }
    const embeddings = rowsOf(readNpy(unzipMember(bytes, `${chosen}.npy`, weighRows)), least);
    const hasNames = used.some(({ name }) => name === 'names.npy');
    return {
      embeddings,
      names: hasNames ? readNames(unzipMember(bytes, 'names.npy', weighNames), embeddings.length) : null,
    };
  } catch (error) {
    if (!(error instanceof AppError) || !error.code.startsWith('npy-')) throw error;
    const { code, detail } = error;
    const at = `${fileName}:`;
    const placed = typeof detail === 'string' ? `${at} ${detail}` : { ...detail, at };
    throw new AppError(code, placed, { cause: error });
  }
}

/**
 * The header of a file of such values, byte for byte as numpy writes it (version 1.0, padded with spaces): 128 bytes for
 * up to four axes, so that the number of rows can be filled in when all are written.
 */
export function npyHeader(descr: string, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const start = MAGIC.length + 4;
  const header = `${dict.padEnd(WRITTEN_HEADER - start - 1)}\n`;
  const bytes = new Uint8Array(WRITTEN_HEADER);
  bytes.set([...MAGIC, 1, 0, header.length, 0]);
  bytes.set(strToU8(header, true), start);
  return bytes;
}

function assemble(descr: string, shape: readonly number[], body: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(WRITTEN_HEADER + body.length);
  bytes.set(npyHeader(descr, shape));
  bytes.set(body, WRITTEN_HEADER);
  return bytes;
}

/** Embeddings as `numpy.save` writes float32 (n, d). @throws AppError `embedding-length` when they differ in length */
export function writeNpy(embeddings: readonly Embedding[]): Uint8Array<ArrayBuffer> {
  const length = embeddings[0]?.length ?? 0;
  const values = new Float32Array(embeddings.length * length);
  embeddings.forEach((embedding, row) => {
    if (embedding.length !== length)
      throw new AppError('embedding-length', { code: 'length', found: embedding.length, wanted: length });
    values.set(embedding, row * length);
  });
  return assemble('<f4', [embeddings.length, length], new Uint8Array(values.buffer));
}

function writeNames(names: readonly string[]): Uint8Array<ArrayBuffer> {
  const characters = names.map((name) => Array.from(name, (character) => character.codePointAt(0) ?? 0));
  const size = characters.reduce((longest, { length }) => Math.max(longest, length), 1);
  const codePoints = new Uint32Array(names.length * size);
  characters.forEach((name, row) => codePoints.set(name, row * size));
  return assemble(`<U${size}`, [names.length], new Uint8Array(codePoints.buffer));
}

/**
 * An archive that `numpy.load` reads: `embeddings`, float32 (n, d), and `names`, n strings, when they are known.
 *
 * @param content - `more`: further lists of embeddings and of strings under names of their own
 * @throws AppError `embedding-length` when the embeddings differ in length, `npy-shape` when there aren't n names
 */
export function writeNpz(content: {
  readonly embeddings: readonly Embedding[];
  readonly names?: readonly string[] | null;
  readonly more?: {
    readonly embeddings?: Readonly<Record<string, readonly Embedding[]>>;
    readonly texts?: Readonly<Record<string, readonly string[]>>;
  };
}): Uint8Array<ArrayBuffer> {
  const { embeddings, names, more } = content;
  if (names && names.length !== embeddings.length) {
    throw new AppError('npy-shape', {
      code: 'npy-names-count',
      names: names.length,
      count: embeddings.length,
    });
  }
  const members: Record<string, Uint8Array> = {
    'embeddings.npy': writeNpy(embeddings),
    ...(names && { 'names.npy': writeNames(names) }),
  };
  for (const [name, list] of Object.entries(more?.embeddings ?? {})) members[`${name}.npy`] = writeNpy(list);
  for (const [name, list] of Object.entries(more?.texts ?? {})) members[`${name}.npy`] = writeNames(list);
  // Stored, and dated as numpy dates its members: the same content gives the same bytes.
  return zipSync(members, { level: 0, mtime: new Date(1980, 0, 1) });
}

/** A list of embeddings that `writeNpz` wrote, bit for bit. @throws AppError `npy-format` or `npy-shape` */
export function readNpzEmbeddings(bytes: Uint8Array, member: string): Embedding[] {
  const { shape, data, fortranOrder } = readNpy(unzipMember(bytes, `${member}.npy`));
  const [count = 0, length = 0] = shape;
  if (shape.length !== 2 || fortranOrder || !(data instanceof Float32Array)) {
    throw new AppError('npy-format', { at: `${member}:`, code: 'npy-rows' });
  }
  if (!data.every(Number.isFinite)) throw new AppError('embedding-not-finite', member);
  return Array.from({ length: count }, (_, row) => data.slice(row * length, (row + 1) * length));
}

/** @throws AppError `npy-format`, or `npy-shape` when there aren't as many */
export function readNpzTexts(bytes: Uint8Array, member: string, count: number): string[] {
  return readNames(unzipMember(bytes, `${member}.npy`), count);
}

/** An array of an archive: any shape, the last axis running fastest. */
export interface NpzArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int8Array | Uint8Array;
}

const TYPES = { '<f4': Float32Array, '<f8': Float64Array, '|i1': Int8Array, '|u1': Uint8Array } as const;

/** An archive that `numpy.load` reads, of arrays and of lists of strings. The same content gives the same bytes. */
export function writeNpzArrays(
  arrays: Readonly<Record<string, NpzArray | readonly string[]>>,
): Uint8Array<ArrayBuffer> {
  const members: Record<string, Uint8Array> = {};
  for (const [name, array] of Object.entries(arrays)) {
    if (!('data' in array)) {
      members[`${name}.npy`] = writeNames(array);
      continue;
    }
    const { shape, data } = array;
    const [descr] = Object.entries(TYPES).find(([, kind]) => data instanceof kind)!;
    members[`${name}.npy`] = assemble(descr, shape, bytesOf(data));
  }
  return zipSync(members, { level: 0, mtime: new Date(1980, 0, 1) });
}

/** NaN always gets the same bytes, and the array stays as it is. */
function bytesOf(data: NpzArray['data']): Uint8Array {
  const { buffer, byteOffset, byteLength } = data instanceof Float32Array ? withOneNaN(data.slice()) : data;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/**
 * All that `writeNpzArrays` wrote, bit for bit but for what is no number.
 *
 * @throws AppError `npy-format` or `npy-shape`; a packed member is none that it wrote
 */
export function readNpzArrays(bytes: Uint8Array): ReadonlyMap<string, NpzArray | readonly string[]> {
  let members: Record<string, Uint8Array>;
  try {
    let count = 0;
    members = unzipSync(bytes, {
      filter: ({ compression }) => {
        count += 1;
        // A packed member could be of any size.
        if (compression !== 0 || count > MOST_MEMBERS) throw new AppError('npy-format', { code: 'npy-zip' });
        return true;
      },
    });
  } catch (error) {
    unzipFailed(error);
  }
  return new Map(
    Object.entries(members).map(([name, member]) => [name.replace(/\.npy$/, ''), readMember(member)]),
  );
}

function readMember(bytes: Uint8Array): NpzArray | readonly string[] {
  const header = readHeader(bytes);
  const { descr, shape, fortranOrder } = header;
  if (UNICODE.test(descr)) return readNames(bytes, shape[0] ?? 0);
  const kind = Object.entries(TYPES).find(([type]) => type === descr)?.[1];
  if (!kind || fortranOrder) throw new AppError('npy-format', { code: 'npy-values', type: short(descr) });
  const body = bodyOf(bytes, header, kind.BYTES_PER_ELEMENT);
  return { shape, data: new kind(new Uint8Array(body).buffer) };
}
