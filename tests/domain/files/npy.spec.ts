import { expect, test } from '@playwright/test';
import { strToU8, zipSync } from 'fflate';
import { readFileSync } from 'node:fs';
import { readEmbeddings, readNpy, writeNpy, writeNpz } from '../../../src/core/domain/files/npy';
import { refusalOf, told } from '../../told';

// made by real numpy: tests/fixtures/npy/make_npy.py
const fixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../fixtures/npy/${name}`, import.meta.url)));
const VALUES = Array.from({ length: 12 }, (_, i) => i / 8 - 1);
const ROWS = [0, 4, 8].map((start) => Float32Array.from(VALUES.slice(start, start + 4)));
const NAMES = ['20230730-083036-IPC608_8B64_165.jpg', 'boîte 🐟.jpg', ''];

const refusal = (bytes: Uint8Array, read: (bytes: Uint8Array, name: string) => unknown = readEmbeddings) => {
  try {
    read(bytes, 'ref.npy');
  } catch (error) {
    return told(error);
  }
  return 'accepted';
};

/** An .npy of version 1.0 with whatever header and body. */
function npy(header: string, body: Uint8Array): Uint8Array {
  const text = strToU8(`${header}\n`);
  return Uint8Array.from([
    0x93,
    ...strToU8('NUMPY'),
    1,
    0,
    text.length & 255,
    text.length >> 8,
    ...text,
    ...body,
  ]);
}

/** The fixture's bytes with one stretch of the header replaced by as many characters. */
function altered(name: string, from: string, to: string): Uint8Array {
  const bytes = fixture(name);
  const at = Buffer.from(bytes).indexOf(from);
  expect(at).toBeGreaterThan(0);
  bytes.set(strToU8(to.padEnd(from.length)), at);
  return bytes;
}

test('every version and byte order that numpy writes gives the same values', () => {
  for (const name of ['f4', 'f8', 'f4-big-endian', 'f8-big-endian', 'f4-version2', 'f4-version3']) {
    const array = readNpy(fixture(`${name}.npy`));
    expect(array.shape, name).toEqual([3, 4]);
    expect(array.fortranOrder, name).toBe(false);
    expect(Array.from(array.data), name).toEqual(VALUES);
    expect(array.data.BYTES_PER_ELEMENT, name).toBe(name.startsWith('f4') ? 4 : 8);
  }
});

test('a file in the middle of a larger buffer is read, and left as it was', () => {
  const bytes = readFileSync(new URL('../../fixtures/npy/f8-big-endian.npy', import.meta.url));
  const middle = new Uint8Array(bytes.length + 3).subarray(3);
  middle.set(bytes);
  expect(Array.from(readNpy(middle).data)).toEqual(VALUES);
  expect(Array.from(readNpy(bytes).data)).toEqual(VALUES);
  expect(middle).toEqual(new Uint8Array(bytes));
});

test('(n, d), Fortran order and axes of length 1 give the same embeddings', () => {
  for (const name of ['f4', 'f8', 'f4-fortran', 'f4-3d', 'f4-4d', 'f4-version3']) {
    expect(readEmbeddings(fixture(`${name}.npy`), 'ref.npy'), name).toEqual({
      embeddings: ROWS,
      names: null,
    });
  }
  expect(readNpy(fixture('f4-fortran.npy'))).toMatchObject({ fortranOrder: true, shape: [3, 4] });
});

test('archives give embeddings and names, compressed or not', () => {
  expect(readEmbeddings(fixture('named.npz'), 'ref.npz')).toEqual({ embeddings: ROWS, names: NAMES });
  expect(readEmbeddings(fixture('named-compressed.npz'), 'ref.npz')).toEqual({
    embeddings: ROWS,
    names: NAMES,
  });
  for (const name of ['reference-and-dirty.npz', 'arr_0.npz']) {
    expect(readEmbeddings(fixture(name), name), name).toEqual({ embeddings: ROWS, names: null });
  }
});

test('an archive with several candidates is a question, not a guess', () => {
  expect(refusal(fixture('two-arrays.npz'))).toContain('npy-format: ref.npy: several arrays (arr_0, arr_1)');
  expect(refusal(fixture('embeddings-and-clean.npz'))).toContain('several arrays (embeddings, clean)');
  expect(refusal(zipSync({ 'readme.txt': strToU8('hi') }))).toBe(
    'npy-format: ref.npy: no array in this archive',
  );
});

test('pickles are named as such, wherever they hide', () => {
  expect(refusal(fixture('objects.npy'))).toBe('npy-pickle: ref.npy: an array of Python objects');
  expect(refusal(Uint8Array.of(0x80, 0x02, 0x7d))).toBe('npy-pickle: ref.npy: a pickle');
  const pth = zipSync({ 'archive/data.pkl': Uint8Array.of(0x80, 2), 'archive/data/0': new Uint8Array(16) });
  expect(refusal(pth)).toBe('npy-pickle: ref.npy: a PyTorch file');
});

test('other kinds of values are refused by name', () => {
  expect(refusal(fixture('i8.npy'))).toContain('values of type <i8, expected float32 or float64');
  expect(refusal(fixture('structured.npy'))).toContain('a structured array');
});

test('a shape that disagrees with the length of the file is refused', () => {
  expect(refusal(fixture('f4.npy').subarray(0, -1))).toBe(
    'npy-shape: ref.npy: shape (3, 4) needs 48 bytes, the file has 47',
  );
  for (const shape of ['(4, 4)', '(3, 3)', '(0, 4)', '()', '(48,)', '(9999999999999999, 9999999999999999)']) {
    const header = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`;
    expect(refusal(npy(header, new Uint8Array(48))), shape).toMatch(/^npy-shape/);
  }
});

test('what is not (n, d) is refused', () => {
  expect(refusal(fixture('f4-1d.npy'))).toBe('npy-shape: ref.npy: shape (4), expected (n, d)');
  expect(refusal(fixture('f4-2x3x4.npy'))).toBe('npy-shape: ref.npy: shape (2, 3, 4), expected (n, d)');
  expect(refusal(fixture('f4-one-row.npy'))).toBe('reference-too-small: 1');
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (999999999999, 0), }";
  expect(refusal(npy(header, new Uint8Array(0)))).toMatch(/^npy-shape/);
});

test('a row that is not finite in float32 is refused by its number, from 1', () => {
  expect(refusal(fixture('f4-nan.npy'))).toBe('embedding-not-finite: row 3');
  expect(refusal(fixture('f8-too-large-for-f4.npy'))).toBe('embedding-not-finite: row 2');
});

test('only the header that numpy writes is a header', () => {
  const body = new Uint8Array(48);
  const spaced = `{ "shape":(3L, 4L ,), 'fortran_order' :False,'descr': "<f4" }   `;
  expect(readNpy(npy(spaced, body)).shape).toEqual([3, 4]);
  for (const header of [
    '',
    '{}',
    "{'descr': '<f4', 'fortran_order': False}",
    "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (3, 4)}",
    "{'descr': '<f4', 'fortran_order': 0, 'shape': (3, 4)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (12)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-3, -4)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': [3, 4]}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), 'x': 1}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4)} + 1",
    "{'descr': exec('1'), 'fortran_order': False, 'shape': (3, 4)}",
  ]) {
    expect(refusal(npy(header, body), readNpy), header).toMatch(/^npy-format/);
  }
});

test('truncated and damaged files are refused', () => {
  for (const name of ['f4.npy', 'f4-version3.npy', 'named.npz', 'named-compressed.npz']) {
    const bytes = fixture(name);
    const accepted = [...bytes.keys()].filter((length) => !/^npy-/.test(refusal(bytes.subarray(0, length))));
    expect(accepted, `where ${name} was cut`).toEqual([]);
  }
  const version9 = fixture('f4.npy');
  version9[6] = 9;
  expect(refusal(version9)).toContain('npy-format: ref.npy: version 9.0');
});

test('a changed byte anywhere gives a typed refusal or embeddings, never a crash', () => {
  for (const name of ['f4.npy', 'named-compressed.npz']) {
    const whole = fixture(name);
    const others: string[] = [];
    for (const at of whole.keys()) {
      for (const value of [0x00, 0x80, 0xff]) {
        const outcome = refusal(whole.with(at, value));
        if (!/^(accepted|npy-|embedding-|reference-)/.test(outcome)) others.push(`byte ${at}: ${outcome}`);
      }
    }
    expect(others, name).toEqual([]);
  }
});

test('names must be as many as embeddings, and text', () => {
  expect(refusal(fixture('too-few-names.npz'))).toContain(
    'npy-shape: ref.npy: names of shape (2) for 3 embeddings',
  );
  const objects = zipSync({ 'embeddings.npy': fixture('f4.npy'), 'names.npy': fixture('objects.npy') });
  expect(refusal(objects)).toMatch(/^npy-pickle/);
  const numbers = zipSync({ 'embeddings.npy': fixture('f4.npy'), 'names.npy': fixture('f4.npy') });
  expect(refusal(numbers)).toContain('names of type <f4, expected text');
});

/** An archive whose directory says that its last member unpacks to so many bytes. */
function declaring(zip: Uint8Array, size: number): Uint8Array {
  const at = Buffer.from(zip).lastIndexOf(Buffer.from('PK\x01\x02', 'latin1'));
  expect(at).toBeGreaterThan(0);
  const bytes = zip.slice();
  new DataView(bytes.buffer).setUint32(at + 24, size, true);
  return bytes;
}

test('a zip bomb is stopped by what it declares, by its header, and by what it holds when both lie', () => {
  const declared = declaring(fixture('named-compressed.npz'), 600 * 2 ** 20);
  expect(refusal(declared)).toBe('npy-shape: ref.npy: more than 512 MB unpacked');
  const zeros = new Uint8Array(2 ** 20);
  const bomb = (descr: string, shape: string, body: Uint8Array = zeros) =>
    npy(`{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`, body);
  const most = 'at most 10000 embeddings and 16777216 numbers';
  for (const [array, says] of [
    [bomb('<f4', '(10001, 64)'), `shape (10001, 64), ${most}`],
    [bomb('<f4', '(4097, 4096)'), `shape (4097, 4096), ${most}`],
    [bomb('<f8', '(2, 900719925474099)'), `shape (2, 900719925474099), ${most}`],
    [bomb('<f4', '(3, 4)'), 'bytes, which its shape needs'],
    [zeros, 'not an .npy file'],
  ] as const) {
    const liar = declaring(zipSync({ 'embeddings.npy': array }), 176);
    expect(liar.length).toBeLessThan(2 ** 15);
    expect(refusal(liar), says).toContain(says);
  }
  const clean = bomb('<f4', '(3, 4)', new Uint8Array(48));
  for (const [names, says] of [
    [bomb('<U9999999', '(3,)'), 'names of 9999999 letters, at most 4096'],
    [bomb('<U4', '(3,)'), 'bytes, which its shape needs'],
  ] as const) {
    const liar = declaring(zipSync({ 'embeddings.npy': clean, 'names.npy': names }), 176);
    expect(refusal(liar), says).toContain(says);
  }
});

test('an array that is larger than any reference is refused, packed or not', () => {
  const rows = new Uint8Array(10_001 * 4);
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (10001, 1), }`;
  expect(refusal(npy(header, rows))).toContain('shape (10001, 1), at most 10000 embeddings');
});

test('an archive that claims millions of members is refused at once', () => {
  // end of central directory with its zip64 locator and record, each count 2^32 - 1
  const bytes = Buffer.alloc(200, 0xff);
  bytes.write('PK\x03\x04', 0, 'latin1');
  bytes.write('PK\x06\x06', 100, 'latin1');
  bytes.fill(0, 148, 200);
  bytes.writeUInt32LE(200, 148); // the directory begins where the file ends
  bytes.write('PK\x06\x07', 156, 'latin1');
  bytes.writeUInt32LE(100, 164);
  bytes.write('PK\x05\x06', 176, 'latin1');
  bytes.writeUInt16LE(0xffff, 184);
  expect(refusal(new Uint8Array(bytes))).toBe('npy-format: ref.npy: too many files in the archive');
});

test('an altered type in the header is caught by the length of the file', () => {
  expect(refusal(altered('f4.npy', "'<f4'", "'<f8'"))).toMatch(/^npy-shape/);
});

test('written arrays equal those of numpy byte for byte', () => {
  for (const [n, d] of [
    [2, 1],
    [12, 32],
    [100, 12],
  ] as const) {
    const rows = Array.from({ length: n }, (_, row) =>
      Float32Array.from({ length: d }, (_, i) => row * d + i),
    );
    expect(writeNpy(rows)).toEqual(fixture(`ramp-${n}x${d}.npy`));
  }
  expect(writeNpy(ROWS)).toEqual(fixture('f4.npy'));
});

test('a written archive reads back to the last bit, and the same content gives the same bytes', () => {
  const embeddings = [Float32Array.of(0.1, -1e-45, 3.4e38), Float32Array.of(-0, 1, 2)];
  const names = ['a', 'boîte 🐟.jpg'];
  expect(readEmbeddings(writeNpz({ embeddings, names }), 'a.npz')).toEqual({ embeddings, names });
  expect(readEmbeddings(writeNpz({ embeddings, names: null }), 'a.npz')).toEqual({ embeddings, names: null });
  expect(writeNpz({ embeddings, names })).toEqual(writeNpz({ embeddings, names }));
});

test('an archive larger than one step of unpacking is read whole', () => {
  const embeddings = Array.from({ length: 300 }, (_, row) =>
    Float32Array.from({ length: 200 }, (_, i) => Math.sin(row * 200 + i)),
  );
  const stored = writeNpz({ embeddings });
  expect(stored.length).toBeGreaterThan(200_000);
  expect(readEmbeddings(stored, 'a.npz').embeddings).toEqual(embeddings);
  const deflated = zipSync({ 'clean.npy': writeNpy(embeddings) });
  expect(readEmbeddings(deflated, 'a.npz').embeddings).toEqual(embeddings);
});

test('what can not be an array is not written', () => {
  const uneven = () => writeNpy([Float32Array.of(1, 2), Float32Array.of(1)]);
  expect(refusalOf(uneven)).toBe('embedding-length: 1, not 2');
  const unnamed = () => writeNpz({ embeddings: ROWS, names: ['a'] });
  expect(refusalOf(unnamed)).toBe('npy-shape: 1 names for 3 embeddings');
});
