import { expect, test } from '@playwright/test';
import { BLANK } from '../addresses';
import type { WorkerOptions } from '../../src/core/thread/worker-handle';
import type { TryingApi } from './trying.worker';

type Handle = import('../../src/core/thread/worker-handle').WorkerHandle<TryingApi>;
// Globals that beforeEach makes inside the page.
declare const started: Worker[];
declare const start: (options?: WorkerOptions, name?: string, script?: string) => Handle;
declare const outcome: (call: Promise<unknown>) => Promise<string>;
declare const held: () => Promise<number>;
declare const watched: (...workers: readonly Handle[]) => Promise<void>;

test.beforeEach(async ({ page }) => {
  await page.goto(BLANK);
  await page.evaluate(async () => {
    const { WorkerHandle } = await import('/src/core/thread/worker-handle.ts');
    const started: Worker[] = [];
    const start = (options?: WorkerOptions, name = '', script = 'trying') =>
      new WorkerHandle<TryingApi>(() => {
        const url = `/tests/thread/${script}.worker.ts?worker_file&type=module`;
        const worker = new Worker(url, { type: 'module', name });
        started.push(worker);
        return worker;
      }, options);
    /** A call's result; waits so long that a slow call is not taken for one that hangs. */
    const outcome = async (call: Promise<unknown>) => {
      const hanging = new Promise<string>((resolve) => setTimeout(resolve, 30_000, 'hangs'));
      const ending = call.then(String, (error: unknown) => {
        const { name, message, how = '' } = error as Error & { readonly how?: string };
        return `${name} ${message} ${how}`.trim();
      });
      return Promise.race([ending, hanging]);
    };
    /** How many workers live and are watched. */
    const held = async () => (await navigator.locks.query()).held?.length ?? 0;
    /** Comes back when the page has heard that each worker holds its lock. */
    const watched = async (...workers: readonly Handle[]) => {
      while ((await held()) < workers.length);
      await Promise.all(workers.map((worker) => worker.call((api) => api.double(1))));
    };
    Object.assign(globalThis, { started, start, outcome, held, watched });
  });
});

test('a worker answers several calls at once, and one that fails there ends nothing', async ({ page }) => {
  const got = await page.evaluate(async () => {
    const worker = start();
    const waiting = worker.call((api) => api.wait());
    const answers = await Promise.all([
      outcome(worker.call((api) => api.double(21))),
      outcome(worker.call((api) => api.refuse())),
      outcome(worker.call(async (api) => (await api.double(1)) + (await api.double(2)))),
      // An argument that can't be sent is the caller's own mistake.
      outcome(worker.call((api) => api.double((() => 1) as unknown as number))),
      outcome(
        worker.call(() => {
          throw new Error('never asked');
        }),
      ),
    ]);
    const { isEnded } = worker;
    worker.end(new Error('done'));
    return { answers, isEnded, waiting: await outcome(waiting) };
  });
  expect(got.answers).toEqual([
    '42',
    'RangeError too large',
    '6',
    expect.stringMatching(/^DataCloneError/),
    'Error never asked',
  ]);
  expect(got.isEnded).toBe(false);
  expect(got.waiting).toBe('Error done');
});

test('a worker that does not start, or throws where nobody catches, is lost with the call under way', async ({
  page,
}) => {
  const got = await page.evaluate(async () => {
    const throwing = start({}, 'throws');
    const missing = start({}, '', 'missing');
    const crashing = start();
    const outcomes = await Promise.all([
      outcome(throwing.call((api) => api.double(1))),
      outcome(missing.call((api) => api.double(1))),
      outcome(crashing.call((api) => api.crash())),
    ]);
    const later = await outcome(crashing.call((api) => api.double(1)));
    return { outcomes, later, areEnded: [throwing, missing, crashing].map(({ isEnded }) => isEnded) };
  });
  expect(got.outcomes).toEqual([
    'Error Uncaught Error: not today failed',
    'Error the worker did not start failed',
    'Error Uncaught Error: out of order failed',
  ]);
  expect(got.later).toBe(got.outcomes[2]);
  expect(got.areEnded).toEqual([true, true, true]);
});

test('a worker that ends in mid-call without a word is lost, and its owner says as what', async ({
  page,
}) => {
  const got = await page.evaluate(async () => {
    const plain = start();
    const named = start({ lostAs: ({ how, message }) => new TypeError(`${how}: ${message}`) });
    await watched(plain, named);
    const outcomes = await Promise.all(
      [plain, named].flatMap((worker) => [
        outcome(worker.call((api) => api.wait())),
        outcome(worker.call((api) => api.leave())),
      ]),
    );
    return { outcomes, later: await outcome(named.call((api) => api.double(1))) };
  });
  const [lost, named] = ['Error the worker ended ended', 'TypeError ended: the worker ended'];
  expect(got.outcomes).toEqual([lost, lost, named, named]);
  expect(got.later).toBe(named);
});

test('a call over its time limit ends the worker, however busy it is, and an answer in time stops the clock', async ({
  page,
}) => {
  const got = await page.evaluate(async () => {
    const [quick, busy] = [start(), start()];
    // So that the limit is not spent on loading.
    await watched(quick, busy);
    const inTime = await outcome(quick.call((api) => api.double(2), 1_000));
    const began = performance.now();
    const [other, late] = await Promise.all([
      outcome(busy.call((api) => api.wait())),
      outcome(busy.call((api) => api.work(), 1_500)),
    ]);
    const waited = performance.now() - began;
    const still = await outcome(quick.call((api) => api.double(3)));
    return { inTime, other, late, waited, still };
  });
  expect(got.inTime).toBe('4');
  expect(got.late).toBe('Error no answer too-slow');
  expect(got.other).toBe(got.late);
  expect(got.waited).toBeGreaterThan(1_400);
  expect(got.still).toBe('6');
});

test('an abort ends a call and its worker at once, with the reason; one that came before starts none', async ({
  page,
}) => {
  const got = await page.evaluate(async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const worker = start({ signal, lostAs: () => new Error('not this') });
    await worker.call((api) => api.double(1));
    const working = outcome(worker.call((api) => api.work(), 60_000));
    controller.abort(new DOMException('enough', 'AbortError'));
    const outcomes = [await working, await outcome(worker.call((api) => api.double(1)))];
    while ((await held()) > 0);
    const before = started.length;
    const late = await outcome(
      Promise.resolve().then(() => {
        start({ signal });
      }),
    );
    return { outcomes, late, more: started.length - before };
  });
  expect(got.outcomes).toEqual(['AbortError enough', 'AbortError enough']);
  expect(got.late).toBe('AbortError enough');
  expect(got.more).toBe(0);
});

test('a worker is ended once: the first reason stays, and nothing of it lives on', async ({ page }) => {
  const got = await page.evaluate(async () => {
    const controller = new AbortController();
    const worker = start({ signal: controller.signal });
    await watched(worker);
    const waiting = outcome(worker.call((api) => api.wait(), 500));
    worker.end(new Error('first'));
    worker.end(new Error('second'));
    controller.abort();
    const outcomes = [await waiting, await outcome(worker.call((api) => api.double(1)))];
    // Neither its lock, which comes free now, nor the limit of the call says anything else.
    while ((await held()) > 0);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    outcomes.push(await outcome(worker.call((api) => api.double(1))));
    const early = start();
    const loading = outcome(early.call((api) => api.double(1)));
    early.end();
    return { outcomes, loading: await loading };
  });
  expect(got.outcomes).toEqual(['Error first', 'Error first', 'Error first']);
  expect(got.loading).toBe('Error the worker was ended ended');
});

test('where there are no Web Locks, the limit of a call notices', async ({ page }) => {
  const got = await page.evaluate(async () => {
    const worker = start({}, 'no locks');
    const answer = await outcome(worker.call((api) => api.double(1)));
    return { answer, watched: await held(), left: await outcome(worker.call((api) => api.leave(), 500)) };
  });
  expect(got).toEqual({ answer: '2', watched: 0, left: 'Error no answer too-slow' });
});
