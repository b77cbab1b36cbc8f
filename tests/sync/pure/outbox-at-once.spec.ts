/** That records which are sent at once arrive exactly once, and are no more than the service bears; over real HTTP. */
import { expect } from '@playwright/test';
import { laneKey, laneOf } from '../../../src/core/domain/camera/records/delivery';
import { randomFaults } from '../../stand-in/faults';
import { openLab, openLabAgain, test } from '../outbox-lab';
import {
  POSTED,
  RECORD,
  REFUSAL,
  answer,
  audited,
  expectAllConfirmed,
  expectOldestFirst,
  onceAt,
  poll,
  range,
  recordsOf,
  resultIds,
  stepOf,
  timeLeft,
} from '../outbox-steps';

test.describe.configure({ mode: 'parallel' });

const MOST = 6;
/** All that go one after the other, and then so many more at once. */
const AT_ONCE = MOST + MOST;

test('after six in a row were taken, six are sent at once, oldest first', async ({ site }) => {
  site.standIn.setFaults(randomFaults({ share: 1, seed: 1, kinds: ['delay'], longestDelay: 60 }));
  const lab = await openLab(site.options);
  await lab.queue(range(30));
  await lab.work();
  await expectAllConfirmed(lab, site, 30);
  const turn = range(MOST, 1);
  expect(await lab.onTheirWay()).toEqual([...turn.map(() => 1), ...turn, ...turn, ...turn, ...turn]);
  expectOldestFirst(site);
});

for (const seed of [1, 2, 3]) {
  const name = `120 results arrive once each through faults and a death of the page (faults ${seed})`;
  test(seed === 1 ? name : `${name} @long`, async ({ open }) => {
    const JOBS = 120;
    const site = await open({ timings: { timeout: 400, settle: 150, backoffBase: 20, backoffMost: 200 } });
    const kinds = ['hang-after-write', 'cut-after-write', 'cut-before', 429, 500, 503] as const;
    const faults = randomFaults({ share: 0.05, seed, kinds });
    const slow = randomFaults({ share: 1, seed, kinds: ['delay'], longestDelay: 30 });
    let posts = 0;
    let isTimeToDie = () => {};
    const moment = new Promise<void>((resolve) => (isTimeToDie = resolve));
    site.standIn.setFaults((request) => {
      if (request.server !== 'driftwatch' || request.method === 'OPTIONS') return null;
      if (POSTED.test(request.path) && ++posts === JOBS / 2) {
        isTimeToDie();
        // Stored, and the page dies before it hears of it.
        return { kind: 'hang-after-write' };
      }
      return faults(request) ?? slow(request);
    });
    let lab = await openLab(site.options);
    await lab.queue(range(JOBS));
    await lab.work();
    await moment;
    const before = await lab.onTheirWay();
    lab.die();
    lab = await openLabAgain(site.options);
    await lab.work();
    await expectAllConfirmed(lab, site, JOBS);
    const most = Math.max(...before, ...(await lab.onTheirWay()));
    expect(most).toBe(MOST);
    const sent = new Map((await lab.deliveries()).map(({ jobId, body }) => [jobId, body]));
    for (const { job_status, model, drift_detected, tags, parameters } of recordsOf(site)) {
      const body = sent.get(parameters['result_id'] as string) ?? '{}';
      expect({ job_status, model, drift_detected, tags, parameters }).toEqual(JSON.parse(body));
    }
  });
}

test('of six a busy service refuses one and fails on another: all wait once, as long as it asks for', async ({
  open,
}) => {
  const site = await open();
  const headers = { 'retry-after': '60', 'access-control-expose-headers': 'Retry-After' };
  const busy = { kind: 'answer', status: 429, headers } as const;
  const isBusy = onceAt(MOST + 3, 'POST', POSTED, busy);
  const fails = onceAt(MOST + 2, 'POST', POSTED, answer(500));
  site.standIn.setFaults((request) => {
    // Both count.
    const [failure, refusal] = [fails(request), isBusy(request)];
    return failure ?? refusal;
  });
  const lab = await openLab(site.options);
  await lab.queue(range(30));
  await lab.work();
  await poll(() => stepOf(lab)).toEqual(['wait', 'server-busy']);
  expect(await timeLeft(lab)).toBeGreaterThan(40_000);
  expect(await lab.counts()).toEqual({ sent: AT_ONCE - 2, unknown: 2, queued: 30 - AT_ONCE });
  await lab.encourage();
  await expectAllConfirmed(lab, site, 30);
  expect(site.asked('POST', POSTED)).toBe(32);
  // A service that was in trouble is asked by one at a time again.
  expect((await lab.onTheirWay()).slice(AT_ONCE, AT_ONCE + MOST)).toEqual(range(MOST).map(() => 1));
});

test('of six that are refused for one reason three are set aside, and the rest is held back', async ({
  site,
}) => {
  let posts = 0;
  site.standIn.setFaults(({ method, path }) =>
    method === 'POST' && POSTED.test(path) && ++posts > MOST
      ? { kind: 'answer', status: 422, body: REFUSAL }
      : null,
  );
  const lab = await openLab(site.options);
  await lab.queue(range(20));
  await lab.work();
  await poll(() => stepOf(lab)).toEqual(['held', 'record-refused']);
  expect(await lab.counts()).toEqual({ sent: MOST, refused: 3, queued: 20 - MOST - 3 });
  expect(posts).toBe(AT_ONCE);
});

test('jobs that are taken back while their records are among six on their way are taken back there too', async ({
  site,
}) => {
  let posts = 0;
  let letThrough = () => {};
  const until = new Promise<void>((resolve) => (letThrough = resolve));
  site.standIn.setFaults(({ method, path }) =>
    method === 'POST' && POSTED.test(path) && ++posts > MOST ? { kind: 'hold', until } : null,
  );
  const lab = await openLab(site.options);
  await lab.queue(range(20));
  await lab.work();
  await poll(() => posts).toBe(AT_ONCE);
  await lab.replace([7, 9, 15]);
  letThrough();
  await poll(() => audited(lab)).toEqual({ confirmed: 17 });
  expect(recordsOf(site)).toHaveLength(17);
  expect(site.asked('DELETE', RECORD)).toBe(2);
});

test('a pause lets the six that are on their way arrive, and sends nothing more', async ({ open }) => {
  const site = await open({ timings: { timeout: 20_000 } });
  let posts = 0;
  let letThrough = () => {};
  const until = new Promise<void>((resolve) => (letThrough = resolve));
  site.standIn.setFaults(({ method, path }) =>
    method === 'POST' && POSTED.test(path) && ++posts > MOST ? { kind: 'hold', until } : null,
  );
  const lab = await openLab(site.options);
  await lab.queue(range(20));
  await lab.work();
  await poll(() => posts).toBe(AT_ONCE);
  await lab.rest();
  letThrough();
  await poll(() => lab.counts()).toEqual({ sent: AT_ONCE, queued: 20 - AT_ONCE });
  await lab.work();
  await expectAllConfirmed(lab, site, 20);
  expect(site.asked('POST', POSTED)).toBe(20);
});

test('the records of two experiments go at once, each lane one at least, six and one at most', async ({
  site,
}) => {
  const { permissions } = site.standIn.experiments()[0]!;
  const other = site.standIn.seedExperiment({ name: 'other', permissions });
  site.standIn.setFaults(randomFaults({ share: 1, seed: 1, kinds: ['delay'], longestDelay: 60 }));
  const lab = await openLab(site.options);
  await lab.queue(range(40));
  const lane = laneKey({ ...laneOf(lab.lane), experimentId: other.id });
  for (const delivery of await lab.deliveries()) await lab.db.put('deliveries', { ...delivery, lane });
  await lab.work();
  await poll(() => audited(lab)).toEqual({ confirmed: 80 });
  expect(new Set(resultIds(site)).size).toBe(40);
  expect(site.standIn.records(other.id)).toHaveLength(40);
  const most = Math.max(...(await lab.onTheirWay()));
  expect(most).toBeGreaterThanOrEqual(MOST);
  expect(most).toBeLessThanOrEqual(MOST + 1);
});
