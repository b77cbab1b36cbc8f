/** The outbox where it rests on a browser: its death, its network, its disk and its own rules; over real HTTP. */
import { expect, type Page } from '@playwright/test';
import { randomFaults } from '../stand-in/faults';
import type { Lab } from './lab';
import { openLabIn, test, type Site } from './outbox-lab';
import {
  EXCHANGED,
  FOUND,
  POSTED,
  RECORD,
  expectAllConfirmed,
  expectOldestFirst,
  onceAt,
  poll,
  range,
  recordsOf,
  resultIds,
  stepOf,
} from './outbox-steps';
import { problemsOf } from './record-schema';
import { crash } from './site-page';

test.describe.configure({ mode: 'parallel' });

async function startIn(page: Page, site: Site, jobs: number): Promise<Lab> {
  const lab = await openLabIn(page, site.options);
  await lab.queue(range(jobs));
  await lab.work();
  return lab;
}

/** `npm run endurance` has the full figures, `npm test` as many as show the same. */
const IS_LONG = process.env['PORTHOLE_ENDURANCE'] === '1';

const FAULTS = ['hang-after-write', 'cut-after-write', 'cut-before', 401, 429, 500] as const;
const SOAKED = IS_LONG ? 1000 : 60;
/** Shares of them after which the page dies. */
const DEATHS = IS_LONG ? [0.13, 0.33, 0.56, 0.77, 1.01] : [0.33, 1.01];

test(`${SOAKED} results arrive once each, as they are here, through faults, ${DEATHS.length} deaths of the page and two of the service`, async ({
  context,
  open,
}, testInfo) => {
  const jobs = SOAKED;
  const kills = DEATHS.map((share) => Math.round(share * jobs));
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
  let lab = await openLabIn(page, site.options);
  await lab.queue(range(jobs));
  const before = await lab.jobsHash();
  const began = performance.now();
  for (const [i, at] of kills.entries()) {
    const moment = new Promise<void>((resolve) => (isTimeToKill = resolve));
    killAt = at;
    await lab.work();
    await keepGoing(lab, () => killAt === Infinity);
    await moment;
    // As a crash or as a closed tab: neither lets it finish anything.
    await (i % 2 === 0 ? crash(page) : page.close());
    page = await context.newPage();
    lab = await openLabIn(page, site.options);
  }
  await lab.work();
  await keepGoing(lab, async () => (await lab.counts()).confirmed === jobs);
  const seconds = (performance.now() - began) / 1000;

  expect([...injected.keys()].sort(), 'each kind of fault has befallen it').toEqual(
    FAULTS.map(String).sort(),
  );
  expect(deaths).toBe(outages.length);
  const sent = new Map((await lab.deliveries()).map(({ jobId, body }) => [jobId, body]));
  const records = recordsOf(site);
  expect(records).toHaveLength(jobs);
  expect(new Set(resultIds(site)).size).toBe(jobs);
  for (const { job_status, model, drift_detected, tags, parameters } of records) {
    const body = sent.get(parameters['result_id'] as string) ?? '{}';
    expect({ job_status, model, drift_detected, tags, parameters }).toEqual(JSON.parse(body));
    expect(problemsOf(body)).toEqual([]);
  }
  expect(await lab.jobsHash()).toBe(before);
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
async function keepGoing(lab: Lab, isDone: () => boolean | Promise<boolean>): Promise<void> {
  await expect
    .poll(
      async () => {
        if ((await stepOf(lab))[0] === 'held') await lab.encourage();
        return isDone();
      },
      { timeout: 80_000, intervals: [100] },
    )
    .toBe(true);
}

test.describe('days of results that had no network', () => {
  /** Half-hourly, two days of them, in an order that has nothing to do with when they were captured. */
  const MISSED = 96;
  const shuffled = range(MISSED).map((index) => (index * 125) % MISSED);

  test('goes out by itself, oldest first, when the device is back', async ({ page, context, site }) => {
    const lab = await openLabIn(page, site.options);
    await context.setOffline(true);
    await lab.queue(shuffled);
    await lab.work();
    await poll(() => stepOf(lab)).toEqual(['wait', 'offline']);
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
  const lab = await openLabIn(page, site.options);
  page.on('request', (request) => asked.push(request.url()));
  await context.setOffline(true);
  await lab.queue(range(3));
  await lab.work();
  await poll(() => stepOf(lab)).toEqual(['wait', 'offline']);
  expect(asked).toEqual([]);
  await lab.encourage();
  await poll(() => asked.length).toBe(1);
});

test.describe('a refusal that no record could pass holds them all, and loses none:', () => {
  test('a server that lets no other page read its answers', async ({ page, open }) => {
    const site = await open({ standIn: { cors: false } });
    const lab = await startIn(page, site, 3);
    await poll(() => stepOf(lab)).toEqual(['held', 'cors-blocked']);
    expect(await lab.counts()).toEqual({ queued: 3 });
    expect(recordsOf(site)).toEqual([]);
  });
});

test.describe('here', () => {
  test('a full disk after the record has arrived makes no second one', async ({ page, site }) => {
    const lab = await openLabIn(page, site.options);
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
    await lab.queue(range(2));
    await lab.work();
    await poll(() => stepOf(lab)).toEqual(['held', 'disk-full']);
    expect(await lab.counts()).toEqual({ sending: 1, queued: 1 });
    await lab.encourage();
    await expectAllConfirmed(lab, site, 2);
    expect(site.asked('POST', POSTED)).toBe(2);
  });
});

test.describe('a record', () => {
  test('that the browser sent twice by itself, when a connection broke, is there once after the audit', async ({
    page,
    site,
  }) => {
    site.standIn.setFaults(onceAt(2, 'POST', POSTED, { kind: 'cut-after-write' }));
    const lab = await startIn(page, site, 3);
    await expectAllConfirmed(lab, site, 3);
    // Chromium repeats even a POST when a connection that it had used before ends without an answer.
    expect(site.asked('POST', POSTED)).toBe(4);
    expect(site.asked('DELETE', RECORD)).toBe(1);
  });
});
