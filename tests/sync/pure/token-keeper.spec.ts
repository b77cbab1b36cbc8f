import { expect, test } from '@playwright/test';
import type { AppError } from '../../../src/core/domain/errors';
import { openDatabase } from '../../../src/core/storage/database';
import { TokenKeeper } from '../../../src/features/driftwatch/token-keeper.svelte';
import { newPage } from '../../node-page';

let keeper: TokenKeeper;
let sealed: () => Promise<unknown>;
test.beforeEach(async () => {
  newPage();
  const db = await openDatabase();
  sealed = () => db.get('settings', 'mytoken');
  keeper = new TokenKeeper(db);
  await keeper.turnTo('https://one https://mytok');
});

const codeOf = (work: Promise<unknown>) =>
  work.then(
    (value) => `resolved: ${String(value)}`,
    (error: unknown) => (error as AppError).code,
  );

test('a mytoken that an exchange brings back late stays forgotten', async () => {
  await keeper.give('first');
  const store = keeper.store();
  const sent = await store.load();
  await keeper.forget();
  await store.replace('rotated');
  expect([sent, keeper.place, await codeOf(keeper.load()), await codeOf(store.load())]).toEqual([
    'first',
    'none',
    'token-missing',
    'token-missing',
  ]);
});

test('a mytoken that was rotated for one address never goes to another', async () => {
  await keeper.give('first');
  const store = keeper.store();
  await store.load();
  await keeper.turnTo('https://two https://mytok');
  await store.replace('rotated');
  const before = await codeOf(keeper.store().load());
  await keeper.give('second');
  const away = [before, await codeOf(store.load()), await keeper.store().load()];
  await keeper.turnTo('https://one https://mytok');
  expect([...away, keeper.place, await keeper.load(), await store.load()]).toEqual([
    'token-missing',
    'token-missing',
    'second',
    'memory',
    'rotated',
    'rotated',
  ]);
});

test('a mytoken that rotates while it is being sealed is kept as it is then', async () => {
  await keeper.give('first');
  const store = keeper.store();
  const kept = keeper.keep('a reef of one’s own');
  await Promise.all([kept, store.replace('rotated')]);
  const place = keeper.place;
  await keeper.turnTo('elsewhere');
  await keeper.turnTo('https://one https://mytok');
  const locked = [keeper.place, await codeOf(keeper.load())];
  const wrong = await codeOf(keeper.unlock('another reef'));
  await keeper.unlock('a reef of one’s own');
  expect([place, ...locked, wrong, await keeper.load()]).toEqual([
    'open',
    'locked',
    'token-locked',
    'passphrase',
    'rotated',
  ]);
});

test('another mytoken takes the place of a kept one, which is then gone from the device', async () => {
  await keeper.give('first');
  await keeper.keep('a reef of one’s own');
  const before = (await sealed()) !== undefined;
  await keeper.give('second');
  expect([before, (await sealed()) !== undefined, keeper.place, await keeper.load()]).toEqual([
    true,
    false,
    'memory',
    'second',
  ]);
});

test('mytokens that are kept for two addresses are both there, each for its own', async () => {
  const [one, two] = ['https://one https://mytok', 'https://two https://mytok'] as const;
  await keeper.give('first');
  await keeper.keep('a reef of one’s own');
  await keeper.turnTo(two);
  const fresh = keeper.place;
  await keeper.give('second');
  await keeper.keep('another reef');
  await keeper.turnTo(one);
  const wrong = await codeOf(keeper.unlock('another reef'));
  await keeper.unlock('a reef of one’s own');
  const first = await keeper.load();
  await keeper.turnTo(two);
  const locked = keeper.place;
  await keeper.unlock('another reef');
  const second = await keeper.load();
  await keeper.forgetAll();
  const after = keeper.place;
  await keeper.turnTo(one);
  expect([fresh, wrong, first, locked, second, after, keeper.place]).toEqual([
    'none',
    'passphrase',
    'first',
    'locked',
    'second',
    'none',
    'none',
  ]);
});

test('what failed blocks nothing that comes after it', async () => {
  const kept = await codeOf(keeper.keep('a reef of one’s own'));
  await keeper.give('first');
  expect([kept, await keeper.load()]).toEqual(['token-missing', 'first']);
});
