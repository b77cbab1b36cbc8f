import { expect, test } from '@playwright/test';
import * as vault from '../../../src/features/driftwatch/remote/vault';

test('a sealed secret opens with its passphrase, also after IndexedDB’s cloning and a resealing', async () => {
  const sealed = structuredClone(await vault.seal('my\u0301token ✓', 'anémone 3', 'https://a https://b'));
  // The same letter as two code points, as some keyboards send it
  const first = await vault.openVault(sealed, 'ane\u0301mone 3', 'https://a https://b');
  const resealed = await vault.reseal('rotated', first.key, sealed);
  const second = await vault.openVault(resealed, 'anémone 3', 'https://a https://b');
  const text = (bytes: Uint8Array) => bytes.join();
  expect({
    secrets: [first.secret, second.secret],
    keys: Object.keys(sealed).sort(),
    lengths: [sealed.salt.length, sealed.iv.length],
    iterations: sealed.iterations,
    isInTheClear: new TextDecoder().decode(sealed.ciphertext).includes('token'),
    keepsSalt: text(resealed.salt) === text(sealed.salt),
    keepsIv: text(resealed.iv) === text(sealed.iv),
    canBeRead: first.key.extractable,
  }).toEqual({
    secrets: ['my\u0301token ✓', 'rotated'],
    keys: ['ciphertext', 'context', 'iterations', 'iv', 'salt'],
    lengths: [16, 12],
    iterations: 600_000,
    isInTheClear: false,
    keepsSalt: true,
    keepsIv: false,
    canBeRead: false,
  });
});

test('another passphrase, another address and changed bytes open nothing', async () => {
  const sealed = await vault.seal('mytoken', 'anemone', 'here');
  const flipped = sealed.ciphertext.map((byte, index) => (index === 0 ? byte ^ 1 : byte));
  const outcomes = await Promise.allSettled([
    vault.openVault(sealed, 'anemonE', 'here'),
    vault.openVault(sealed, 'anemone', 'there'),
    vault.openVault({ ...sealed, context: 'there' }, 'anemone', 'there'),
    vault.openVault({ ...sealed, ciphertext: flipped }, 'anemone', 'here'),
    vault.openVault({ ...sealed, iterations: 1 }, 'anemone', 'here'),
  ]);
  expect(outcomes.map((outcome) => ('reason' in outcome ? String(outcome.reason) : 'opened'))).toEqual([
    'AppError: passphrase',
    'AppError: token-missing',
    'AppError: passphrase',
    'AppError: passphrase',
    'AppError: passphrase',
  ]);
});

test('two sealings of one secret have nothing in common', async () => {
  const [a, b] = await Promise.all([vault.seal('x', 'p', 'c'), vault.seal('x', 'p', 'c')]);
  expect((['salt', 'iv', 'ciphertext'] as const).map((part) => a[part].join() === b[part].join())).toEqual([
    false,
    false,
    false,
  ]);
});
