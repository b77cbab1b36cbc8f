import { expect, test as base } from '@playwright/test';
import { AppError } from '../../../src/core/domain/errors';
import { Access } from '../../../src/features/driftwatch/remote/access';
import { newPage } from '../../node-page';
import { Chain } from '../chain';

let access: Access;
/** Only tests move it. */
let clock: { now: number };
/** Keeps the mytoken, unless it fails. */
let store: {
  mytoken: string;
  failures: number;
  log: string[];
  load(): Promise<string>;
  replace(mytoken: string): Promise<void>;
};

const test = base.extend<{ chain: Chain }>({
  chain: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixtures it needs from this pattern.
    async ({}, use) => {
      newPage();
      const chain = new Chain();
      const close = await chain.listen();
      store = {
        ...{ mytoken: 'mytoken-0', failures: 0, log: [] },
        load: async () => store.mytoken,
        replace: async (mytoken) => {
          if (store.failures > 0) {
            store.failures -= 1;
            throw new AppError('disk-full');
          }
          store.mytoken = mytoken;
          store.log.push(`stored ${mytoken}`);
        },
      };
      clock = { now: 1000 };
      access = new Access({ server: chain.address, timeout: 5000, store, now: () => clock.now });
      await use(chain);
      await close();
    },
    { auto: true },
  ],
});

test('ten callers at once share one exchange, and later ones its token', async ({ chain }) => {
  const first = await Promise.all(Array.from({ length: 10 }, () => access.token()));
  expect(new Set([...first, await access.token()])).toEqual(new Set(['access-1']));
  expect(chain.sent).toEqual(['mytoken-0']);
  expect(chain.discoveries).toBe(1);
});

test('a token is renewed when fewer than 60 s remain, counted from before it was asked for', async ({
  chain,
}) => {
  chain.expiresIn = 600;
  let answer = () => {};
  chain.pending = new Promise<void>((resolve) => (answer = resolve));
  const asking = access.token();
  await expect.poll(() => chain.sent.length).toBe(1);
  // The answer takes half a minute, which is taken off the token's life.
  clock.now += 30_000;
  answer();
  expect(await asking).toBe('access-1');

  const later = async (milliseconds: number) => {
    clock.now += milliseconds;
    return [access.ageOfToken(), await access.token(), access.ageOfToken()];
  };
  expect(await later(510_000)).toEqual([540_000, 'access-1', 540_000]);
  expect(await later(1)).toEqual([540_001, 'access-2', 0]);
});

test('a lifetime that the server left out is taken as 300 s', async ({ chain }) => {
  chain.expiresIn = undefined;
  const tokens = [await access.token()];
  for (const step of [240_000, 1]) {
    clock.now += step;
    tokens.push(await access.token());
  }
  expect(tokens).toEqual(['access-1', 'access-1', 'access-2']);
});

test('two callers that were refused with one token renew it once', async ({ chain }) => {
  const refused = await access.token();
  access.drop(refused);
  const age = access.ageOfToken();
  const first = await access.token();
  access.drop(refused);
  expect([age, refused, first, await access.token()]).toEqual([null, 'access-1', 'access-2', 'access-2']);
  expect(chain.sent).toHaveLength(2);
});

test('a rotated mytoken is stored before anybody gets the access token', async ({ chain }) => {
  chain.isRotating = true;
  store.log.push(`got ${await access.token()}`);
  access.drop('access-1');
  store.log.push(`got ${await access.token()}`);
  expect(store.log).toEqual(['stored mytoken-1', 'got access-1', 'stored mytoken-2', 'got access-2']);
  expect(chain.sent).toEqual(['mytoken-0', 'mytoken-1']);
});

test('a rotated mytoken that could not be stored is stored first at the next call', async ({ chain }) => {
  chain.isRotating = true;
  store.failures = 2;
  const attempt = () => access.token().catch(String);
  const outcomes = [await attempt(), await attempt(), access.ageOfToken(), await attempt()];
  expect(outcomes).toEqual(['AppError: disk-full', 'AppError: disk-full', null, 'access-1']);
  access.drop('access-1');
  expect(await attempt()).toBe('access-2');
  expect(store.log).toEqual(['stored mytoken-1', 'stored mytoken-2']);
  expect(chain.sent).toEqual(['mytoken-0', 'mytoken-1']);
});

test('a rotated mytoken that waits too long to be stored is used for another exchange', async ({ chain }) => {
  chain.isRotating = true;
  store.failures = 1;
  const attempt = () => access.token().catch(String);
  const first = await attempt();
  clock.now += 3_600_000;
  expect([first, await attempt()]).toEqual(['AppError: disk-full', 'access-2']);
  expect(chain.sent).toEqual(['mytoken-0', 'mytoken-1']);
});

test('a mytoken that somebody enters is not overwritten by one that could not be stored', async ({
  chain,
}) => {
  chain.isRotating = true;
  store.failures = 1;
  await access.token().catch(String);
  store.mytoken = 'entered';
  await access.token().catch(String);
  expect(store.mytoken).toBe('entered');
  expect(chain.sent).toEqual(['mytoken-0', 'entered']);
});

test('a failed exchange fails its callers only: the next one tries again', async ({ chain }) => {
  chain.refusal = 'not from here: mytoken-0';
  const errors = await Promise.all([access.token(), access.token()].map((token) => token.catch(String)));
  const error = 'AppError: mytoken-restricted: not from here: …';
  expect(errors).toEqual([error, error]);
  expect(chain.sent).toHaveLength(1);
  chain.refusal = null;
  expect(await access.token()).toBe('access-2');
});

test('without Web Locks a page still exchanges, once for all its callers', async ({ chain }) => {
  expect('locks' in navigator).toBe(false);
  const tokens = await Promise.all([access.token(), access.token()]);
  expect(tokens).toEqual(['access-1', 'access-1']);
  expect(chain.sent).toHaveLength(1);
});

test('an access token shows in nothing that can be printed', async () => {
  await access.token();
  expect([JSON.stringify(access), Object.getOwnPropertyNames(access).join()]).toEqual(['{}', '']);
});
