import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import { readdirSync, readFileSync } from 'node:fs';
import {
  readEmbeddings,
  readNpy,
  readNpzEmbeddings,
  readNpzTexts,
  writeNpz,
} from '../../src/core/domain/files/npy';
import { damagedBytes } from './hostile';
import { accepted, assertSound, holds } from './holds';

const FOLDER = new URL('../fixtures/npy/', import.meta.url);
const FILES = readdirSync(FOLDER)
  .filter((name) => /\.np[yz]$/.test(name))
  .map((name) => new Uint8Array(readFileSync(new URL(name, FOLDER))));
const BUNDLED = writeNpz({
  embeddings: [Float32Array.of(1, 2), Float32Array.of(3, 4)],
  more: { embeddings: { warm_up: [] }, texts: { ids: ['a', 'b'] } },
});
const WORDS = [
  ...[
    "'<f4'",
    "'>f8'",
    "'|O'",
    "'<U9999999'",
    "'<U1'",
    'True',
    '(0,)',
    '(-1, 2)',
    '(4294967296, 4294967296)',
    '()',
  ],
  ...[
    '(1, 1, 1, 1, 1, 1, 1)',
    '9'.repeat(20),
    '\x93NUMPY',
    '\x80\x02',
    'PK\x03\x04',
    'PK\x01\x02',
    'PK\x05\x06',
  ],
  ...['embeddings.npy', 'names.npy', 'arr_0.npy', 'data.pkl', '../', '\0\0\x80\x7f', '\0\0\xd8\0'],
].map((word) => Buffer.from(word, 'latin1'));

test('a damaged NumPy file is refused with a sentence, or gives finite embeddings of one length', async () => {
  await holds(damagedBytes(FILES, WORDS), async (bytes) => {
    const before = bytes.slice();
    const found = await accepted(() => readEmbeddings(bytes, 'reference.npz'));
    assert.deepEqual(bytes, before);
    if (!found) return;
    const { embeddings, names } = found;
    assert.ok(embeddings.length >= 2);
    assert.ok(embeddings.every(({ length }) => length === embeddings[0]!.length && length > 0));
    assert.ok(embeddings.every((embedding) => embedding.every(Number.isFinite)));
    if (names === null) return;
    assert.equal(names.length, embeddings.length);
    assertSound(names);
  });
});

test('a damaged array keeps as many numbers as its shape says', async () => {
  await holds(damagedBytes(FILES, WORDS), async (bytes) => {
    const array = await accepted(() => readNpy(bytes));
    if (array)
      assert.equal(
        array.data.length,
        array.shape.reduce((product, length) => product * length, 1),
      );
  });
});

test('a damaged part of an export gives finite numbers and whole texts, or a reason', async () => {
  await holds(damagedBytes([BUNDLED], WORDS), async (bytes) => {
    const embeddings = await accepted(() => readNpzEmbeddings(bytes, 'embeddings'));
    assert.ok(embeddings?.every((embedding) => embedding.every(Number.isFinite)) ?? true);
    const texts = await accepted(() => readNpzTexts(bytes, 'ids', 2));
    assertSound(texts);
    assert.ok(texts?.length === 2 || texts === null);
  });
});
