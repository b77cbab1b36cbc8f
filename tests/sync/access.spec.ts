import { expect, type BrowserContext, type Page } from '@playwright/test';
import { BLANK } from '../addresses';
import { test as base } from '../shared-page';

/**
 * Runs in pages served by Vite. The mytoken server is a recorded one at an address that exists nowhere; how real
 * requests look is in mytoken.spec.ts.
 */
const SERVER = 'https://mytoken.example';

interface Globals {
  Access: typeof import('../../src/features/driftwatch/remote/access').Access;
  access: import('../../src/features/driftwatch/remote/access').Access;
  store: import('../../src/features/driftwatch/remote/access').MytokenStore & {
    enter: (mytoken: string) => Promise<void>;
    failures: number;
    log: string[];
  };
  clock: { now: number };
}
declare const access: Globals['access'];
declare const store: Globals['store'];
declare const clock: Globals['clock'];

/** A server that rotates as mytoken does with auto-revocation: a mytoken that was used already ends the chain. */
class Chain {
  /** Mytokens in the order in which they were sent. */
  readonly sent: string[] = [];
  discoveries = 0;
  expiresIn: number | undefined = 3600;
  isRotating = false;
  /** An exchange is answered after this. */
  pending: Promise<unknown> = Promise.resolve();
  refusal: string | null = null;
  #isRevoked = false;
  #current = 'mytoken-0';

  exchange(mytoken: string): { status: number; json: object } {
    this.sent.push(mytoken);
    if (this.refusal !== null) {
      return { status: 403, json: { error: 'usage_restricted', error_description: this.refusal } };
    }
    if (this.isRotating && mytoken !== this.#current) this.#isRevoked = true;
    if (this.#isRevoked) return { status: 401, json: { error: 'invalid_token' } };
    const answer = {
      access_token: `access-${this.sent.length}`,
      token_type: 'Bearer',
      expires_in: this.expiresIn,
    };
    if (!this.isRotating) return { status: 200, json: answer };
    this.#current = `mytoken-${this.sent.length}`;
    return {
      status: 200,
      json: { ...answer, token_update: { mytoken: this.#current, mytoken_type: 'token' } },
    };
  }
}

async function serve(to: Page | BrowserContext): Promise<Chain> {
  const chain = new Chain();
  await to.route(`${SERVER}/**`, async (route) => {
    const url = new URL(route.request().url());
    if (url.pathname.startsWith('/.well-known/')) {
      chain.discoveries += 1;
      await route.fulfill({
        json: { access_token_endpoint: `${SERVER}/at`, mytoken_endpoint: `${SERVER}/mt` },
      });
      return;
    }
    const form = new URLSearchParams(route.request().postData() ?? '');
    const answer = chain.exchange(form.get('mytoken') ?? '');
    await chain.pending;
    await route.fulfill(answer);
  });
  return chain;
}

/** Gives a page an Access with a store that all pages of its context share, and a clock that only tests move. */
async function openPage(page: Page): Promise<void> {
  if (page.url() !== BLANK) await page.goto(BLANK);
  await page.evaluate(async (server) => {
    const { Access } = await import('/src/features/driftwatch/remote/access.ts');
    const { AppError } = await import('/src/core/domain/errors.ts');
    // Not localStorage: what another tab wrote a moment ago may not be there yet.
    const db = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open('store');
      opening.onupgradeneeded = () => opening.result.createObjectStore('kept');
      opening.onsuccess = () => {
        opening.result.onversionchange = () => opening.result.close();
        resolve(opening.result);
      };
    });
    const inStore = <T>(mode: IDBTransactionMode, act: (kept: IDBObjectStore) => IDBRequest<T>) =>
      new Promise<T>((resolve) => {
        const transaction = db.transaction('kept', mode);
        const request = act(transaction.objectStore('kept'));
        transaction.oncomplete = () => resolve(request.result);
      });
    const store = {
      failures: 0,
      log: [] as string[],
      load: () => inStore<string>('readonly', (kept) => kept.get('mytoken')),
      enter: async (mytoken: string) => {
        await inStore('readwrite', (kept) => kept.put(mytoken, 'mytoken'));
      },
      replace: async (mytoken: string) => {
        if (store.failures > 0) {
          store.failures -= 1;
          throw new AppError('disk-full');
        }
        await store.enter(mytoken);
        store.log.push(`stored ${mytoken}`);
      },
    };
    await store.enter('mytoken-0');
    const clock = { now: 1000 };
    const access = new Access({ server, timeout: 5000, store, now: () => clock.now });
    Object.assign(globalThis, { access, store, clock });
  }, SERVER);
}

const test = base.extend<{ chain: Chain }>({
  /** of the page, which has an Access of its own in each test */
  chain: [
    async ({ page }, use) => {
      const chain = await serve(page);
      await openPage(page);
      await use(chain);
    },
    { auto: true },
  ],
});

test('ten callers at once share one exchange, and later ones its token', async ({ page, chain }) => {
  const tokens = await page.evaluate(async () => {
    const first = await Promise.all(Array.from({ length: 10 }, () => access.token()));
    return [...first, await access.token()];
  });
  expect(new Set(tokens)).toEqual(new Set(['access-1']));
  expect(chain.sent).toEqual(['mytoken-0']);
  expect(chain.discoveries).toBe(1);
});

test('a token is renewed when fewer than 60 s remain, counted from before it was asked for', async ({
  page,
  chain,
}) => {
  chain.expiresIn = 600;
  let answer = () => {};
  chain.pending = new Promise<void>((resolve) => (answer = resolve));
  const asking = page.evaluate(() => access.token());
  await expect.poll(() => chain.sent.length).toBe(1);
  // The answer takes half a minute, which is taken off the token's life.
  await page.evaluate(() => (clock.now += 30_000));
  answer();
  expect(await asking).toBe('access-1');

  const later = (milliseconds: number) =>
    page.evaluate(async (milliseconds) => {
      clock.now += milliseconds;
      const age = access.ageOfToken();
      return [age, await access.token(), access.ageOfToken()];
    }, milliseconds);
  expect(await later(510_000)).toEqual([540_000, 'access-1', 540_000]);
  expect(await later(1)).toEqual([540_001, 'access-2', 0]);
});

test('a lifetime that the server left out is taken as 300 s', async ({ page, chain }) => {
  chain.expiresIn = undefined;
  const tokens = await page.evaluate(async () => {
    const tokens = [await access.token()];
    for (const step of [240_000, 1]) {
      clock.now += step;
      tokens.push(await access.token());
    }
    return tokens;
  });
  expect(tokens).toEqual(['access-1', 'access-1', 'access-2']);
});

test('two callers that were refused with one token renew it once', async ({ page, chain }) => {
  const tokens = await page.evaluate(async () => {
    const refused = await access.token();
    access.drop(refused);
    const age = access.ageOfToken();
    const first = await access.token();
    access.drop(refused);
    return [age, refused, first, await access.token()];
  });
  expect(tokens).toEqual([null, 'access-1', 'access-2', 'access-2']);
  expect(chain.sent).toHaveLength(2);
});

test('a rotated mytoken is stored before anybody gets the access token', async ({ page, chain }) => {
  chain.isRotating = true;
  const log = await page.evaluate(async () => {
    store.log.push(`got ${await access.token()}`);
    access.drop('access-1');
    store.log.push(`got ${await access.token()}`);
    return store.log;
  });
  expect(log).toEqual(['stored mytoken-1', 'got access-1', 'stored mytoken-2', 'got access-2']);
  expect(chain.sent).toEqual(['mytoken-0', 'mytoken-1']);
});

test('a rotated mytoken that could not be stored is stored first at the next call', async ({
  page,
  chain,
}) => {
  chain.isRotating = true;
  const found = await page.evaluate(async () => {
    store.failures = 2;
    const attempt = () => access.token().catch(String);
    const outcomes = [await attempt(), await attempt(), access.ageOfToken(), await attempt()];
    access.drop('access-1');
    return { outcomes: [...outcomes, await attempt()], log: store.log };
  });
  expect(found.outcomes).toEqual([
    'AppError: disk-full',
    'AppError: disk-full',
    null,
    'access-1',
    'access-2',
  ]);
  expect(found.log).toEqual(['stored mytoken-1', 'stored mytoken-2']);
  expect(chain.sent).toEqual(['mytoken-0', 'mytoken-1']);
});

test('a rotated mytoken that waits too long to be stored is used for another exchange', async ({
  page,
  chain,
}) => {
  chain.isRotating = true;
  const outcomes = await page.evaluate(async () => {
    store.failures = 1;
    const attempt = () => access.token().catch(String);
    const first = await attempt();
    clock.now += 3_600_000;
    return [first, await attempt()];
  });
  expect(outcomes).toEqual(['AppError: disk-full', 'access-2']);
  expect(chain.sent).toEqual(['mytoken-0', 'mytoken-1']);
});

test('a mytoken that somebody enters is not overwritten by one that could not be stored', async ({
  page,
  chain,
}) => {
  chain.isRotating = true;
  const found = await page.evaluate(async () => {
    store.failures = 1;
    await access.token().catch(String);
    await store.enter('entered');
    await access.token().catch(String);
    return store.load();
  });
  expect(found).toBe('entered');
  expect(chain.sent).toEqual(['mytoken-0', 'entered']);
});

test('two pages that share a rotating mytoken both get on, and the chain holds', async ({ context }) => {
  const chain = await serve(context);
  chain.isRotating = true;
  const pages = await Promise.all([context.newPage(), context.newPage()]);
  await Promise.all(pages.map(openPage));
  const work = async () => {
    const tokens: string[] = [];
    for (let round = 0; round < 5; round++) {
      const token = await access.token();
      tokens.push(token);
      access.drop(token);
    }
    return tokens;
  };
  const tokens = await Promise.all(pages.map((page) => page.evaluate(work)));
  expect(new Set(tokens.flat()).size).toBe(10);
  expect(chain.sent).toEqual(Array.from({ length: 10 }, (_, index) => `mytoken-${index}`));
});

test('a failed exchange fails its callers only: the next one tries again', async ({ page, chain }) => {
  chain.refusal = 'not from here: mytoken-0';
  const errors = await page.evaluate(async () => {
    const outcomes = await Promise.allSettled([access.token(), access.token()]);
    return outcomes.map((outcome) => 'reason' in outcome && String(outcome.reason));
  });
  const error = 'AppError: mytoken-restricted: not from here: …';
  expect(errors).toEqual([error, error]);
  expect(chain.sent).toHaveLength(1);
  chain.refusal = null;
  expect(await page.evaluate(() => access.token())).toBe('access-2');
});

test('without Web Locks a page still exchanges, once for all its callers', async ({ context }) => {
  const chain = await serve(context);
  const page = await context.newPage();
  await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'locks'));
  await openPage(page);
  const tokens = await page.evaluate(async () => [
    'locks' in navigator,
    ...(await Promise.all([access.token(), access.token()])),
  ]);
  expect(tokens).toEqual([false, 'access-1', 'access-1']);
  expect(chain.sent).toHaveLength(1);
});

test('an access token shows in nothing that can be printed', async ({ page }) => {
  const shown = await page.evaluate(async () => {
    await access.token();
    return [JSON.stringify(access), Object.getOwnPropertyNames(access).join()];
  });
  expect(shown).toEqual(['{}', '']);
});
