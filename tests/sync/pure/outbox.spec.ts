/** That results reach DriftWatch exactly once, whatever happens on the way; over real HTTP. */
import { expect } from '@playwright/test';
import { laneOf } from '../../../src/core/domain/camera/records/delivery';
import { fateOf } from '../../../src/core/domain/camera/records/fate';
import type { ErrorCode } from '../../../src/core/domain/errors';
import { deleteJobs } from '../../../src/core/storage/deletion/deletion';
import { deleteCamera } from '../../../src/features/keep/storage/delete-camera';
import { openLab, test, type SiteOptions } from '../outbox-lab';
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
  expectAllConfirmed,
  expectOldestFirst,
  onceAt,
  poll,
  range,
  recordsOf,
  resultIds,
  start,
  stepOf,
  timeLeft,
} from '../outbox-steps';

test.describe.configure({ mode: 'parallel' });

const { now } = Date;
const { random } = Math;
test.afterEach(() => {
  Date.now = now;
  Math.random = random;
});

test.describe('days of results that had no network', () => {
  /** Half-hourly, a week of them. */
  const MISSED = 336;
  /** In an order that has nothing to do with when they were captured. */
  const shuffled = range(MISSED).map((index) => (index * 125) % MISSED);

  test('goes out by itself, oldest first, when the server is back', async ({ site }) => {
    await site.standIn.setOnline(false);
    const lab = await openLab(site.options);
    await lab.queue(shuffled);
    await lab.work();
    await poll(() => stepOf(lab)).toEqual(['wait', 'mytoken-no-answer']);
    await site.standIn.setOnline(true);
    await poll(() => recordsOf(site).length).toBe(MISSED);
    expectOldestFirst(site);
    expect(new Set(resultIds(site)).size).toBe(MISSED);
  });
});

test.describe('a token', () => {
  test('that is refused once is replaced by a new one, once, and nothing is lost', async ({ site }) => {
    site.standIn.setFaults(onceAt(2, 'POST', POSTED, answer(401)));
    const lab = await start(site, 4);
    await expectAllConfirmed(lab, site, 4);
    expect(site.asked('POST', POSTED)).toBe(5);
    expect(site.asked('POST', EXCHANGED)).toBe(2);
  });

  test('that is refused for ever sends nothing until a person asks', async ({ site }) => {
    site.standIn.setProviderDown(true);
    const lab = await start(site, 3);
    await poll(() => stepOf(lab)).toEqual(['held', 'token-refused']);
    // Others' records of the pictures are looked up first.
    expect(site.asked('POST', FOUND)).toBe(1);
    expect(site.asked('POST', POSTED)).toBe(0);
    expect(await lab.counts()).toEqual({ queued: 3 });
    expect(recordsOf(site)).toEqual([]);

    site.standIn.setProviderDown(false);
    await lab.encourage();
    await expectAllConfirmed(lab, site, 3);
    // The one that was refused was not sent again: DriftWatch would still refuse it.
    expect(site.standIn.requests.filter(({ status }) => status === 401)).toHaveLength(1);
    expect(site.asked('POST', EXCHANGED)).toBe(2);
  });

  test('that ends in the middle of a batch is renewed, and costs one refusal', async ({ site }) => {
    let posts = 0;
    site.standIn.setFaults(({ method, path }) => {
      if (method === 'POST' && POSTED.test(path) && ++posts === 3) site.standIn.expireAccessTokens();
      return null;
    });
    const lab = await start(site, 6);
    await expectAllConfirmed(lab, site, 6);
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
    test(claim, async ({ open }) => {
      const site = await open(options);
      const lab = await start(site, 3);
      await poll(() => stepOf(lab)).toEqual(['held', code]);
      expect(await lab.counts()).toEqual({ queued: 3 });
      // Who is not registered may not look either.
      expect(site.asked('POST', POSTED)).toBe(code === 'not-registered' ? 0 : 1);
    });
  }

  test('an experiment that was deleted', async ({ site }) => {
    expect(await site.call('DELETE', '')).toBe(204);
    const lab = await start(site, 3);
    await poll(() => stepOf(lab)).toEqual(['held', 'experiment-missing']);
    expect(lab.outbox.isMissing(lab.lane)).toBe(true);
    expect(await lab.counts()).toEqual({ queued: 3 });
  });

  test('a path where there is no DriftWatch', async ({ site }) => {
    const baseUrl = `${site.standIn.driftwatch.origin}/api/v9`;
    const lab = await openLab({ ...site.options, baseUrl });
    await lab.queue(range(3));
    await lab.work();
    await poll(() => stepOf(lab)).toEqual(['held', 'wrong-base-path']);
    expect(await lab.counts()).toEqual({ queued: 3 });
  });
});

test.describe('a server that is busy', () => {
  for (const [seconds, least, most] of [
    [60, 40_000, 60_000],
    [10_000_000, 14 * 60_000, 15 * 60_000],
  ] as const) {
    test(`is left alone when it asks for ${seconds} s, a quarter of an hour at most`, async ({ open }) => {
      const site = await open();
      const headers = { 'retry-after': String(seconds), 'access-control-expose-headers': 'Retry-After' };
      site.standIn.setFaults(onceAt(2, 'POST', POSTED, { kind: 'answer', status: 429, headers }));
      const lab = await start(site, 3);
      await poll(() => stepOf(lab)).toEqual(['wait', 'server-busy']);
      const wait = await timeLeft(lab);
      expect(wait).toBeGreaterThan(least);
      expect(wait).toBeLessThanOrEqual(most);
      expect(recordsOf(site)).toHaveLength(1);
      await lab.encourage();
      await expectAllConfirmed(lab, site, 3);
    });
  }

  test('is not asked again for each news of more results', async ({ open }) => {
    const site = await open({ timings: { timeout: 20_000, backoffBase: 60_000, backoffMost: 60_000 } });
    Math.random = () => 0.9;
    site.standIn.setFaults(always('POST', POSTED, answer(503)));
    const lab = await start(site, 1);
    await poll(() => stepOf(lab)).toEqual(['wait', 'server-busy']);
    for (let i = 1; i <= 50; i += 1) {
      await lab.queue([i]);
      await lab.counts();
    }
    expect(site.asked('POST', POSTED)).toBe(1);
    expect(site.asked('POST', FOUND)).toBe(1);
    site.standIn.setFaults(null);
    await lab.encourage();
    await poll(() => recordsOf(site).length).toBe(51);
  });

  test('that is gone is waited for, and nothing is sent that can’t be looked up', async ({ site }) => {
    const lab = await start(site, 1);
    await poll(() => audited(lab)).toEqual({ confirmed: 1 });
    await site.standIn.setOnline(false);
    await lab.queue([1]);
    await poll(() => stepOf(lab)).toEqual(['wait', 'no-answer']);
    expect(await lab.counts()).toEqual({ confirmed: 1, queued: 1 });
    await site.standIn.setOnline(true);
    await expectAllConfirmed(lab, site, 2);
  });
});

test.describe('a clock', () => {
  for (const [claim, shift] of [
    ['a day ahead', DAY],
    ['a day back', -DAY],
  ] as const) {
    test(`that is set ${claim} leaves nothing waiting, and is told from the service's`, async ({ site }) => {
      // The record's fate is not known when the clock jumps.
      site.standIn.setFaults(onceAt(2, 'POST', POSTED, { kind: 'cut-after-write' }));
      const lab = await start(site, 2);
      await poll(() => recordsOf(site).length).toBeGreaterThan(1);
      Date.now = () => now() + shift;
      await lab.queue([2, 3]);
      await expectAllConfirmed(lab, site, 4);
      const skew = lab.outbox.clockSkew ?? 0;
      expect(Math.abs(skew - shift)).toBeLessThan(10_000);
    });
  }
});

test.describe('here', () => {
  test('a job that is taken back is taken back there, and one that was never sent just goes', async ({
    site,
  }) => {
    const lab = await start(site, 2);
    await poll(() => audited(lab)).toEqual({ confirmed: 2 });
    await lab.rest();
    await lab.queue([2]);
    await lab.replace([1, 2]);
    expect(await lab.counts()).toEqual({ confirmed: 1, withdrawing: 1 });
    await lab.work();
    await expectAllConfirmed(lab, site, 1);
    expect(site.asked('POST', POSTED)).toBe(2);
  });

  test('a job that is taken back while its record is on its way is taken back there too', async ({
    site,
  }) => {
    site.standIn.setFaults(onceAt(1, 'POST', POSTED, { kind: 'delay', ms: 500 }));
    const lab = await start(site, 2);
    await poll(() => site.asked('POST', POSTED)).toBe(1);
    await lab.replace([0]);
    expect(recordsOf(site)).toEqual([]);
    await expectAllConfirmed(lab, site, 1);
    expect(site.asked('DELETE', RECORD)).toBe(1);
  });

  test('of deleted snapshots the unsent record goes, one on its way is looked up first, and one that arrived goes or stays', async ({
    site,
  }) => {
    const lab = await start(site, 2);
    await poll(() => audited(lab)).toEqual({ confirmed: 2 });
    site.standIn.setFaults(onceAt(1, 'POST', POSTED, { kind: 'delay', ms: 500 }));
    await lab.queue([2, 3]);
    await poll(() => site.asked('POST', POSTED)).toBe(3);
    const [first, ...others] = (await lab.db.getAllKeys('jobs')).sort();
    const again = { judged: new Map(), sights: new Map() };
    await deleteJobs(lab.db, [first!], (record) => fateOf(record, laneOf(lab.lane), true), again);
    await deleteJobs(lab.db, others, (record) => fateOf(record, laneOf(lab.lane), false), again);
    expect(await lab.db.count('jobs')).toBe(0);
    // Of the four one stays there, and no more is sent.
    await poll(() => audited(lab)).toEqual({ confirmed: 1 });
    expect(recordsOf(site)).toHaveLength(1);
    expect(site.asked('POST', POSTED)).toBe(3);
    expect(site.asked('DELETE', RECORD)).toBe(2);
  });

  test('a camera that is deleted while its record is on its way leaves nothing behind', async ({ site }) => {
    site.standIn.setFaults(onceAt(1, 'POST', POSTED, { kind: 'delay', ms: 500 }));
    const lab = await start(site, 2);
    await poll(() => site.asked('POST', POSTED)).toBe(1);
    await deleteCamera(lab.db, 'camera');
    await poll(() => stepOf(lab)).toEqual(['done']);
    expect(await lab.counts()).toEqual({});
  });

  test('a pause sends nothing, and orders that change in the middle of a request send nothing twice', async ({
    site,
  }) => {
    const lab = await openLab(site.options);
    await lab.rest();
    await lab.queue(range(5));
    await lab.encourage();
    expect(await lab.counts()).toEqual({ queued: 5 });
    expect(site.standIn.requests).toEqual([]);

    site.standIn.setFaults(always('POST', POSTED, { kind: 'delay', ms: 100 }));
    await lab.work();
    for (let sent = 1; sent <= 4; sent += 1) {
      await poll(() => site.asked('POST', POSTED)).toBeGreaterThanOrEqual(sent);
      await lab.work();
    }
    await expectAllConfirmed(lab, site, 5);
    expect(site.asked('POST', POSTED)).toBe(5);
    const times = capturedAts(site);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});
