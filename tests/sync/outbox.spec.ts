/** That results reach DriftWatch exactly once, whatever happens on the way; in a real page, over real HTTP. */
import { expect, type Page } from '@playwright/test';
import type { ErrorCode } from '../../src/core/domain/errors';
import { randomFaults } from '../stand-in/faults';
import { openLab, test, type Lab, type SiteOptions } from './outbox-lab';
import { problemsOf } from './record-schema';
import {
  DAY,
  EXCHANGED,
  FOUND,
  POSTED,
  RECORD,
  always,
  answer,
  audited,
  capturedAts,
  counts,
  deliveries,
  encourage,
  expectAllConfirmed,
  expectOldestFirst,
  onceAt,
  poll,
  queue,
  range,
  recordsOf,
  resultIds,
  start,
  stepOf,
  timeLeft,
  work,
} from './outbox-steps';

declare const lab: Lab;

test.describe.configure({ mode: 'parallel' });

/** `npm run endurance` has the full figures, `npm test` as many as show the same. */
const IS_LONG = process.env['PORTHOLE_ENDURANCE'] === '1';

const FAULTS = ['hang-after-write', 'cut-after-write', 'cut-before', 401, 429, 500] as const;
const SOAKED = IS_LONG ? 1000 : 80;

test(`${SOAKED} results arrive once each, as they are here, through faults, five deaths of the page and two of the service`, async ({
  context,
  open,
}, testInfo) => {
  const jobs = SOAKED;
  const kills = [0.13, 0.33, 0.56, 0.77, 1.01].map((share) => Math.round(share * jobs));
  /** The service ends, with all connections, and comes back with what it had stored. */
  const outages = [0.24, 0.66].map((share) => Math.round(share * jobs));
  let deaths = 0;
  const site = await open({ timings: { timeout: 150, settle: 150, backoffBase: 20, backoffMost: 500 } });
  const { standIn } = site;
  const injected = new Map<string, number>();
  let posts = 0;
  let killAt = Infinity;
  let isTimeToKill = () => {};
  const random = randomFaults({
    share: IS_LONG ? 0.2 : 0.35,
    seed: 20,
    kinds: FAULTS,
  });
  standIn.setFaults((request) => {
    if (request.server !== 'driftwatch') return null;
    const isPost = request.method === 'POST' && POSTED.test(request.path);
    posts += Number(isPost);
    if (isPost && posts >= (outages[deaths] ?? Infinity)) {
      deaths += 1;
      void standIn
        .setOnline(false)
        .then(() => new Promise((resolve) => setTimeout(resolve, 700)))
        .then(() => standIn.setOnline(true));
    }
    if (isPost && posts >= killAt) {
      killAt = Infinity;
      isTimeToKill();
      // Stored, and the page dies before it hears of it.
      return { kind: 'hang-after-write' };
    }
    let fault = random(request);
    if (request.method === 'OPTIONS') {
      // Answers to preflights are the stand-in's own. Chromium does not give one up together with its request, and
      // six that hang would block everything.
      if (fault?.kind === 'answer') fault = null;
      if (fault?.kind === 'hang-after-write') fault = { kind: 'cut-after-write' };
    }
    const kind = fault?.kind === 'answer' ? String(fault.status) : fault?.kind;
    if (kind !== undefined) injected.set(kind, (injected.get(kind) ?? 0) + 1);
    return fault;
  });

  let page = await context.newPage();
  await openLab(page, site.options);
  await queue(page, range(jobs));
  const before = await page.evaluate(() => lab.jobsHash());
  const began = performance.now();
  for (const [i, at] of kills.entries()) {
    const moment = new Promise<void>((resolve) => (isTimeToKill = resolve));
    killAt = at;
    await work(page);
    await keepGoing(page, () => killAt === Infinity);
    await moment;
    await kill(page, i % 2 === 0);
    page = await context.newPage();
    await openLab(page, site.options);
  }
  await work(page);
  await keepGoing(page, async () => (await counts(page)).confirmed === jobs);
  const seconds = (performance.now() - began) / 1000;

  expect([...injected.keys()].sort(), 'each kind of fault has befallen it').toEqual(
    FAULTS.map(String).sort(),
  );
  expect(deaths).toBe(outages.length);
  const sent = new Map((await deliveries(page)).map(({ jobId, body }) => [jobId, body]));
  const records = recordsOf(site);
  expect(records).toHaveLength(jobs);
  expect(new Set(resultIds(site)).size).toBe(jobs);
  for (const { job_status, model, drift_detected, tags, parameters } of records) {
    const body = sent.get(parameters['result_id'] as string) ?? '{}';
    expect({ job_status, model, drift_detected, tags, parameters }).toEqual(JSON.parse(body));
    expect(problemsOf(body)).toEqual([]);
  }
  expect(await page.evaluate(() => lab.jobsHash())).toBe(before);
  const removed = standIn.requests.filter(({ method, status }) => method === 'DELETE' && status === 204);
  testInfo.annotations.push({
    type: 'soak',
    description: JSON.stringify({
      seconds: Math.round(seconds),
      requests: standIn.requests.length,
      posts: site.asked('POST', POSTED),
      lookUps: site.asked('POST', FOUND),
      exchanges: site.asked('POST', EXCHANGED),
      duplicatesRemoved: removed.length,
      faults: Object.fromEntries(injected),
      kills: kills.length,
      deaths,
    }),
  });
});

/** Presses "Try again" whenever the lane is held, as two refused tokens in a row do, until it has come so far. */
async function keepGoing(page: Page, isDone: () => boolean | Promise<boolean>): Promise<void> {
  await expect
    .poll(
      async () => {
        if ((await stepOf(page))[0] === 'held') await encourage(page);
        return isDone();
      },
      { timeout: 80_000, intervals: [100] },
    )
    .toBe(true);
}

/** Ends a page as a crash or as a closed tab does: neither lets it finish anything. */
async function kill(page: Page, byCrash: boolean): Promise<void> {
  if (byCrash) {
    const session = await page.context().newCDPSession(page);
    const crashed = page.waitForEvent('crash');
    session.send('Page.crash').catch(() => undefined);
    await crashed;
  }
  await page.close();
}

test.describe('days of results that had no network', () => {
  /** Half-hourly: a week of them, or two days. */
  const MISSED = IS_LONG ? 336 : 96;
  /** In an order that has nothing to do with when they were captured. */
  const shuffled = range(MISSED).map((index) => (index * 125) % MISSED);

  test('goes out by itself, oldest first, when the server is back', async ({ shared: page, site }) => {
    await site.standIn.setOnline(false);
    await openLab(page, site.options);
    await queue(page, shuffled);
    await work(page);
    await poll(() => stepOf(page)).toEqual(['wait', 'mytoken-no-answer']);
    await site.standIn.setOnline(true);
    await poll(() => recordsOf(site).length).toBe(MISSED);
    expectOldestFirst(site);
    expect(new Set(resultIds(site)).size).toBe(MISSED);
  });

  test('goes out by itself, oldest first, when the device is back', async ({ page, context, site }) => {
    await openLab(page, site.options);
    await context.setOffline(true);
    await queue(page, shuffled);
    await work(page);
    await poll(() => stepOf(page)).toEqual(['wait', 'offline']);
    expect(site.standIn.requests).toEqual([]);
    await context.setOffline(false);
    await poll(() => recordsOf(site).length).toBe(MISSED);
    expectOldestFirst(site);
  });
});

test('a device that says it has no network asks nothing, unless a person insists', async ({
  page,
  context,
  site,
}) => {
  const asked: string[] = [];
  await openLab(page, site.options);
  page.on('request', (request) => asked.push(request.url()));
  await context.setOffline(true);
  await queue(page, range(3));
  await work(page);
  await poll(() => stepOf(page)).toEqual(['wait', 'offline']);
  expect(asked).toEqual([]);
  await encourage(page);
  await poll(() => asked.length).toBe(1);
});

test.describe('a token', () => {
  test('that is refused once is replaced by a new one, once, and nothing is lost', async ({
    shared: page,
    site,
  }) => {
    site.standIn.setFaults(onceAt(2, 'POST', POSTED, answer(401)));
    await start(page, site, 4);
    await expectAllConfirmed(page, site, 4);
    expect(site.asked('POST', POSTED)).toBe(5);
    expect(site.asked('POST', EXCHANGED)).toBe(2);
  });

  test('that is refused for ever sends nothing until a person asks', async ({ shared: page, site }) => {
    site.standIn.setProviderDown(true);
    await start(page, site, 3);
    await poll(() => stepOf(page)).toEqual(['held', 'token-refused']);
    // Others' records of the pictures are looked up first.
    expect(site.asked('POST', FOUND)).toBe(1);
    expect(site.asked('POST', POSTED)).toBe(0);
    expect(await counts(page)).toEqual({ queued: 3 });
    expect(recordsOf(site)).toEqual([]);

    site.standIn.setProviderDown(false);
    await encourage(page);
    await expectAllConfirmed(page, site, 3);
    // The one that was refused was not sent again: DriftWatch would still refuse it.
    expect(site.standIn.requests.filter(({ status }) => status === 401)).toHaveLength(1);
    expect(site.asked('POST', EXCHANGED)).toBe(2);
  });

  test('that ends in the middle of a batch is renewed, and costs one refusal', async ({
    shared: page,
    site,
  }) => {
    let posts = 0;
    site.standIn.setFaults(({ method, path }) => {
      if (method === 'POST' && POSTED.test(path) && ++posts === 3) site.standIn.expireAccessTokens();
      return null;
    });
    await start(page, site, 6);
    await expectAllConfirmed(page, site, 6);
    expect(site.asked('POST', POSTED)).toBe(7);
    expect(site.asked('POST', EXCHANGED)).toBe(2);
  });
});

test.describe('a refusal that no record could pass holds them all, and loses none:', () => {
  const REFUSALS: readonly [claim: string, code: ErrorCode, options: SiteOptions][] = [
    ['who is not registered', 'not-registered', { isRegistered: false }],
    ['who may only read', 'not-permitted', { level: 'Read' }],
    ['whose e-mail was never verified', 'email-unverified', { emailVerified: false }],
  ];
  for (const [claim, code, options] of REFUSALS) {
    test(claim, async ({ shared: page, open }) => {
      const site = await open(options);
      await start(page, site, 3);
      await poll(() => stepOf(page)).toEqual(['held', code]);
      expect(await counts(page)).toEqual({ queued: 3 });
      // Who is not registered may not look either.
      expect(site.asked('POST', POSTED)).toBe(code === 'not-registered' ? 0 : 1);
    });
  }

  test('an experiment that was deleted', async ({ shared: page, site }) => {
    expect(await site.call('DELETE', '')).toBe(204);
    await start(page, site, 3);
    await poll(() => stepOf(page)).toEqual(['held', 'experiment-missing']);
    expect(await page.evaluate(() => lab.outbox.isMissing(lab.lane))).toBe(true);
    expect(await counts(page)).toEqual({ queued: 3 });
  });

  test('a path where there is no DriftWatch', async ({ shared: page, site }) => {
    const baseUrl = `${site.standIn.driftwatch.origin}/api/v9`;
    await openLab(page, { ...site.options, baseUrl });
    await queue(page, range(3));
    await work(page);
    await poll(() => stepOf(page)).toEqual(['held', 'wrong-base-path']);
    expect(await counts(page)).toEqual({ queued: 3 });
  });

  test('a server that lets no other page read its answers', async ({ shared: page, open }) => {
    const site = await open({ standIn: { cors: false } });
    await start(page, site, 3);
    await poll(() => stepOf(page)).toEqual(['held', 'cors-blocked']);
    expect(await counts(page)).toEqual({ queued: 3 });
    expect(recordsOf(site)).toEqual([]);
  });
});

test.describe('a server that is busy', () => {
  for (const [seconds, least, most] of [
    [60, 40_000, 60_000],
    [10_000_000, 14 * 60_000, 15 * 60_000],
  ] as const) {
    test(`is left alone when it asks for ${seconds} s, a quarter of an hour at most`, async ({
      shared: page,
      open,
    }) => {
      const site = await open();
      const headers = { 'retry-after': String(seconds), 'access-control-expose-headers': 'Retry-After' };
      site.standIn.setFaults(onceAt(2, 'POST', POSTED, { kind: 'answer', status: 429, headers }));
      await start(page, site, 3);
      await poll(() => stepOf(page)).toEqual(['wait', 'server-busy']);
      const wait = await timeLeft(page);
      expect(wait).toBeGreaterThan(least);
      expect(wait).toBeLessThanOrEqual(most);
      expect(recordsOf(site)).toHaveLength(1);
      await encourage(page);
      await expectAllConfirmed(page, site, 3);
    });
  }

  test('is not asked again for each news of more results', async ({ page, open }) => {
    const site = await open({ timings: { timeout: 20_000, backoffBase: 60_000, backoffMost: 60_000 } });
    await page.addInitScript(() => (Math.random = () => 0.9));
    site.standIn.setFaults(always('POST', POSTED, answer(503)));
    await start(page, site, 1);
    await poll(() => stepOf(page)).toEqual(['wait', 'server-busy']);
    await page.evaluate(async () => {
      for (let i = 1; i <= 50; i += 1) {
        await lab.queue([i]);
        await lab.counts();
      }
    });
    expect(site.asked('POST', POSTED)).toBe(1);
    expect(site.asked('POST', FOUND)).toBe(1);
    site.standIn.setFaults(null);
    await encourage(page);
    await poll(() => recordsOf(site).length).toBe(51);
  });

  test('that is gone is waited for, and nothing is sent that can’t be looked up @long', async ({
    shared: page,
    site,
  }) => {
    await start(page, site, 1);
    await poll(() => audited(page)).toEqual({ confirmed: 1 });
    await site.standIn.setOnline(false);
    await queue(page, [1]);
    await poll(() => stepOf(page)).toEqual(['wait', 'no-answer']);
    expect(await counts(page)).toEqual({ confirmed: 1, queued: 1 });
    await site.standIn.setOnline(true);
    await expectAllConfirmed(page, site, 2);
  });
});

test.describe('a clock', () => {
  for (const [claim, shift] of [
    ['a day ahead', DAY],
    ['a day back', -DAY],
  ] as const) {
    test(`that is set ${claim} leaves nothing waiting, and is told from the service's`, async ({
      page,
      site,
    }) => {
      // The record's fate is not known when the clock jumps.
      site.standIn.setFaults(onceAt(2, 'POST', POSTED, { kind: 'cut-after-write' }));
      await start(page, site, 2);
      await poll(() => recordsOf(site).length).toBeGreaterThan(1);
      await page.evaluate((shift) => {
        const { now } = Date;
        Date.now = () => now() + shift;
      }, shift);
      await queue(page, [2, 3]);
      await expectAllConfirmed(page, site, 4);
      const skew = (await page.evaluate(() => lab.outbox.clockSkew)) ?? 0;
      expect(Math.abs(skew - shift)).toBeLessThan(10_000);
    });
  }
});

test.describe('here', () => {
  test('a full disk after the record has arrived makes no second one', async ({ page, site }) => {
    await openLab(page, site.options);
    await page.evaluate(() => {
      // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on each store below.
      const { put } = IDBObjectStore.prototype;
      let isFull = true;
      IDBObjectStore.prototype.put = function (this: IDBObjectStore, value: { state?: string }, key) {
        if (isFull && value.state === 'sent') {
          isFull = false;
          throw new DOMException('no room', 'QuotaExceededError');
        }
        return put.call(this, value, key);
      };
    });
    await queue(page, range(2));
    await work(page);
    await poll(() => stepOf(page)).toEqual(['held', 'disk-full']);
    expect(await counts(page)).toEqual({ sending: 1, queued: 1 });
    await encourage(page);
    await expectAllConfirmed(page, site, 2);
    expect(site.asked('POST', POSTED)).toBe(2);
  });

  test('a job that is taken back is taken back there, and one that was never sent just goes', async ({
    shared: page,
    site,
  }) => {
    await start(page, site, 2);
    await poll(() => audited(page)).toEqual({ confirmed: 2 });
    await page.evaluate(() => lab.outbox.work(null));
    await queue(page, [2]);
    await page.evaluate(() => lab.replace([1, 2]));
    expect(await counts(page)).toEqual({ confirmed: 1, withdrawing: 1 });
    await work(page);
    await expectAllConfirmed(page, site, 1);
    expect(site.asked('POST', POSTED)).toBe(2);
  });

  test('a job that is taken back while its record is on its way is taken back there too', async ({
    shared: page,
    site,
  }) => {
    site.standIn.setFaults(onceAt(1, 'POST', POSTED, { kind: 'delay', ms: 500 }));
    await start(page, site, 2);
    await poll(() => site.asked('POST', POSTED)).toBe(1);
    await page.evaluate(() => lab.replace([0]));
    expect(recordsOf(site)).toEqual([]);
    await expectAllConfirmed(page, site, 1);
    expect(site.asked('DELETE', RECORD)).toBe(1);
  });

  test('of deleted snapshots the unsent record goes, one on its way is looked up first, and one that arrived goes or stays', async ({
    shared: page,
    site,
  }) => {
    await start(page, site, 2);
    await poll(() => audited(page)).toEqual({ confirmed: 2 });
    site.standIn.setFaults(onceAt(1, 'POST', POSTED, { kind: 'delay', ms: 500 }));
    await queue(page, [2, 3]);
    await poll(() => site.asked('POST', POSTED)).toBe(3);
    const left = await page.evaluate(async () => {
      const { deleteJobs } = await import('/src/core/storage/deletion/deletion.ts');
      const { laneOf } = await import('/src/core/domain/camera/records/delivery.ts');
      const { fateOf } = await import('/src/core/domain/camera/records/fate.ts');
      const ids = (await lab.db.getAllKeys('jobs')).sort();
      const again = { judged: new Map(), sights: new Map() };
      await deleteJobs(lab.db, [ids[0]!], (record) => fateOf(record, laneOf(lab.lane), true), again);
      await deleteJobs(lab.db, ids.slice(1), (record) => fateOf(record, laneOf(lab.lane), false), again);
      return lab.db.count('jobs');
    });
    expect(left).toBe(0);
    // Of the four one stays there, and no more is sent.
    await poll(() => audited(page)).toEqual({ confirmed: 1 });
    expect(recordsOf(site)).toHaveLength(1);
    expect(site.asked('POST', POSTED)).toBe(3);
    expect(site.asked('DELETE', RECORD)).toBe(2);
  });

  test('a camera that is deleted while its record is on its way leaves nothing behind', async ({
    shared: page,
    site,
  }) => {
    site.standIn.setFaults(onceAt(1, 'POST', POSTED, { kind: 'delay', ms: 500 }));
    await start(page, site, 2);
    await poll(() => site.asked('POST', POSTED)).toBe(1);
    await page.evaluate(async () => {
      const { deleteCamera } = await import('/src/features/keep/storage/delete-camera.ts');
      await deleteCamera(lab.db, 'camera');
    });
    await poll(() => stepOf(page)).toEqual(['done']);
    expect(await counts(page)).toEqual({});
  });

  test('a pause sends nothing, and orders that change in the middle of a request send nothing twice', async ({
    shared: page,
    site,
  }) => {
    await openLab(page, site.options);
    await page.evaluate(() => lab.outbox.work(null));
    await queue(page, range(5));
    await encourage(page);
    expect(await counts(page)).toEqual({ queued: 5 });
    expect(site.standIn.requests).toEqual([]);

    site.standIn.setFaults(always('POST', POSTED, { kind: 'delay', ms: 100 }));
    await work(page);
    for (let sent = 1; sent <= 4; sent += 1) {
      await poll(() => site.asked('POST', POSTED)).toBeGreaterThanOrEqual(sent);
      await work(page);
    }
    await expectAllConfirmed(page, site, 5);
    expect(site.asked('POST', POSTED)).toBe(5);
    const times = capturedAts(site);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});
