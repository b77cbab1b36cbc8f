/** That records which are sent at once arrive exactly once, and are no more than the service bears; over real HTTP. */
import { expect, type Page } from '@playwright/test';
import { randomFaults } from '../stand-in/faults';
import { openLab, test, type Lab, type Site } from './outbox-lab';
import {
  POSTED,
  RECORD,
  REFUSAL,
  answer,
  audited,
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
  stepOf,
  timeLeft,
  work,
} from './outbox-steps';

declare const lab: Lab;
/** How many were on their way whenever one was sent, with it. */
declare const onTheirWay: number[];

test.describe.configure({ mode: 'parallel' });

const MOST = 6;
/** All that go one after the other, and then so many more at once. */
const AT_ONCE = MOST + MOST;

async function openCounting(page: Page, { options }: Site): Promise<void> {
  await openLab(page, options);
  await page.evaluate(() => {
    const counted: number[] = [];
    let now = 0;
    const send = lab.target.send.bind(lab.target);
    lab.target.send = async (...record) => {
      counted.push((now += 1));
      try {
        return await send(...record);
      } finally {
        now -= 1;
      }
    };
    Object.assign(globalThis, { onTheirWay: counted });
  });
}

const counted = (page: Page) => page.evaluate(() => onTheirWay);

test('after six in a row were taken, six are sent at once, oldest first', async ({ page, site }) => {
  site.standIn.setFaults(randomFaults({ share: 1, seed: 1, kinds: ['delay'], longestDelay: 60 }));
  await openCounting(page, site);
  await queue(page, range(30));
  await work(page);
  await expectAllConfirmed(page, site, 30);
  const turn = range(MOST, 1);
  expect(await counted(page)).toEqual([...turn.map(() => 1), ...turn, ...turn, ...turn, ...turn]);
  expectOldestFirst(site);
});

for (const seed of [1, 2, 3]) {
  const name = `120 results arrive once each through faults and a death of the page (faults ${seed})`;
  test(seed === 1 ? name : `${name} @long`, async ({ context, open }) => {
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
    let page = await context.newPage();
    await openCounting(page, site);
    await queue(page, range(JOBS));
    await work(page);
    await moment;
    const before = await counted(page);
    await page.close();
    page = await context.newPage();
    await openCounting(page, site);
    await work(page);
    await expectAllConfirmed(page, site, JOBS);
    const most = Math.max(...before, ...(await counted(page)));
    expect(most).toBe(MOST);
    const sent = new Map((await deliveries(page)).map(({ jobId, body }) => [jobId, body]));
    for (const { job_status, model, drift_detected, tags, parameters } of recordsOf(site)) {
      const body = sent.get(parameters['result_id'] as string) ?? '{}';
      expect({ job_status, model, drift_detected, tags, parameters }).toEqual(JSON.parse(body));
    }
  });
}

test('of six a busy service refuses one and fails on another: all wait once, as long as it asks for', async ({
  page,
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
  await openCounting(page, site);
  await queue(page, range(30));
  await work(page);
  await poll(() => stepOf(page)).toEqual(['wait', 'server-busy']);
  expect(await timeLeft(page)).toBeGreaterThan(40_000);
  expect(await counts(page)).toEqual({ sent: AT_ONCE - 2, unknown: 2, queued: 30 - AT_ONCE });
  await encourage(page);
  await expectAllConfirmed(page, site, 30);
  expect(site.asked('POST', POSTED)).toBe(32);
  // A service that was in trouble is asked by one at a time again.
  expect((await counted(page)).slice(AT_ONCE, AT_ONCE + MOST)).toEqual(range(MOST).map(() => 1));
});

test('of six that are refused for one reason three are set aside, and the rest is held back', async ({
  page,
  site,
}) => {
  let posts = 0;
  site.standIn.setFaults(({ method, path }) =>
    method === 'POST' && POSTED.test(path) && ++posts > MOST
      ? { kind: 'answer', status: 422, body: REFUSAL }
      : null,
  );
  await openCounting(page, site);
  await queue(page, range(20));
  await work(page);
  await poll(() => stepOf(page)).toEqual(['held', 'record-refused']);
  expect(await counts(page)).toEqual({ sent: MOST, refused: 3, queued: 20 - MOST - 3 });
  expect(posts).toBe(AT_ONCE);
});

test('jobs that are taken back while their records are among six on their way are taken back there too', async ({
  page,
  site,
}) => {
  let posts = 0;
  let letThrough = () => {};
  const until = new Promise<void>((resolve) => (letThrough = resolve));
  site.standIn.setFaults(({ method, path }) =>
    method === 'POST' && POSTED.test(path) && ++posts > MOST ? { kind: 'hold', until } : null,
  );
  await openCounting(page, site);
  await queue(page, range(20));
  await work(page);
  await poll(() => posts).toBe(AT_ONCE);
  await page.evaluate(() => lab.replace([7, 9, 15]));
  letThrough();
  await poll(() => audited(page)).toEqual({ confirmed: 17 });
  expect(recordsOf(site)).toHaveLength(17);
  expect(site.asked('DELETE', RECORD)).toBe(2);
});

test('a pause lets the six that are on their way arrive, and sends nothing more', async ({ page, open }) => {
  const site = await open({ timings: { timeout: 20_000 } });
  let posts = 0;
  let letThrough = () => {};
  const until = new Promise<void>((resolve) => (letThrough = resolve));
  site.standIn.setFaults(({ method, path }) =>
    method === 'POST' && POSTED.test(path) && ++posts > MOST ? { kind: 'hold', until } : null,
  );
  await openCounting(page, site);
  await queue(page, range(20));
  await work(page);
  await poll(() => posts).toBe(AT_ONCE);
  await page.evaluate(() => lab.outbox.work(null));
  letThrough();
  await poll(() => counts(page)).toEqual({ sent: AT_ONCE, queued: 20 - AT_ONCE });
  await work(page);
  await expectAllConfirmed(page, site, 20);
  expect(site.asked('POST', POSTED)).toBe(20);
});

test('the records of two experiments go at once, each lane one at least, six and one at most', async ({
  page,
  site,
}) => {
  const { permissions } = site.standIn.experiments()[0]!;
  const other = site.standIn.seedExperiment({ name: 'other', permissions });
  site.standIn.setFaults(randomFaults({ share: 1, seed: 1, kinds: ['delay'], longestDelay: 60 }));
  await openCounting(page, site);
  await queue(page, range(40));
  await page.evaluate(async (experimentId) => {
    const { laneKey, laneOf } = await import('/src/core/domain/camera/records/delivery.ts');
    const lane = laneKey({ ...laneOf(lab.lane), experimentId });
    for (const delivery of await lab.deliveries()) await lab.db.put('deliveries', { ...delivery, lane });
  }, other.id);
  await work(page);
  await poll(() => audited(page)).toEqual({ confirmed: 80 });
  expect(new Set(resultIds(site)).size).toBe(40);
  expect(site.standIn.records(other.id)).toHaveLength(40);
  const most = Math.max(...(await counted(page)));
  expect(most).toBeGreaterThanOrEqual(MOST);
  expect(most).toBeLessThanOrEqual(MOST + 1);
});
