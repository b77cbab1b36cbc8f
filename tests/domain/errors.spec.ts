import { expect, test } from '@playwright/test';
import { DETAIL, type Detail } from '../../src/core/domain/detail';
import { AppError, asOutcome, valueOf } from '../../src/core/domain/errors';
import { detailIn } from '../../src/core/i18n/details';
import { detailInEnglish } from '../../src/core/i18n/in-english';
import { words as catalan } from '../../src/words/ca.js';
import { words as spanish } from '../../src/words/es.js';
import { refusalOf } from '../told';

test('a detail that came from a file is cut to what can be shown', () => {
  const { detail, message } = new AppError('model-input', `\u202eimage\0${'x'.repeat(100_000)}`);
  expect(detail).toMatch(/^ image x+…$/);
  expect(detail).toHaveLength(500);
  expect(message).toBe(`model-input: ${detailInEnglish(detail)}`);
});

test('a detail with a code keeps its facts, each cut to what can be shown', () => {
  const name = `\u202ew\0${'x'.repeat(100_000)}`;
  const { detail, message } = new AppError('model-not-onnx', {
    code: 'onnx-bytes',
    name,
    found: 3,
    wanted: 4,
  });
  expect(detail).toMatchObject({ code: 'onnx-bytes', found: 3, wanted: 4 });
  expect(message).toMatch(/^model-not-onnx: onnx-bytes {2}w x+… 3 4$/);
  const said = detailInEnglish(detail);
  expect(said).toMatch(/^the weights {2}w x+…$/);
  expect(said).toHaveLength(500);
});

test('a detail crosses from another thread and out of storage as it was thrown', async () => {
  const detail: Detail = { at: 'ref.npy:', code: 'npy-bytes', shape: '3, 4', needed: 48, found: 47 };
  const outcome = await asOutcome(() => {
    throw new AppError('npy-shape', detail);
  });
  expect(refusalOf(() => valueOf(structuredClone(outcome)))).toBe(
    'npy-shape: ref.npy: shape (3, 4) needs 48 bytes, the file has 47',
  );
  expect(detailIn(spanish.details, detail)).toBe(
    'ref.npy: la forma (3, 4) necesita 48 bytes, el archivo tiene 47',
  );
  expect(detailIn(catalan.details, detail)).toBe(
    'ref.npy: la forma (3, 4) necessita 48 bytes, el fitxer en té 47',
  );
});

test('an English detail that an older page stored is said as it is', () => {
  const stored = 'the file ends within its header';
  expect(DETAIL.isUsable(stored)).toBe(true);
  expect(detailIn(spanish.details, stored)).toBe(stored);
});

test('what a newer page stored is a detail and is said by its code; other objects are none', () => {
  const newer: unknown = { code: 'npy-from-2030', shape: '3', size: 4, isDeep: true };
  expect(DETAIL.isUsable(newer) && detailInEnglish(newer as Detail)).toBe('npy-from-2030');
  const many = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`fact${i}`, i]));
  for (const other of [null, 5, {}, [], { code: 5 }, { code: 'row', row: {} }, { code: 'row', ...many }])
    expect(DETAIL.isUsable(other), JSON.stringify(other)).toBe(false);
});
