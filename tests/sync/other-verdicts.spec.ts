/** That a record of another device which gives another verdict is told, and says ours only after a yes. */
import { expect, test, type Page } from '@playwright/test';
import { startStandIn, type StandIn } from '../stand-in/server';
import { openSite, sendAll, type Site } from './site-page';

declare const site: Site;

const RECORD = /\/drift\/[\da-f-]{36}$/;

let standIn: StandIn;
test.beforeEach(async () => {
  standIn = await startStandIn({ cors: true, rateLimit: null });
});
test.afterEach(async () => {
  await standIn.close();
});

const asked = (method: string) =>
  standIn.requests.filter((request) => request.method === method && RECORD.test(request.path)).length;
const experiment = () => standIn.experiments()[0]!.id;
const there = () =>
  standIn
    .records(experiment())
    .map(({ tags, parameters }) => [parameters['result_id'], parameters['warning'], ...tags]);
const counts = (page: Page) =>
  page.evaluate(() => {
    const { elsewhere, disagrees } = site.sync.outbox.counts!;
    return [elsewhere, disagrees];
  });
const pause = (page: Page, isPaused: boolean) =>
  page.evaluate((isPaused) => site.sync.account.setPaused(isPaused), isPaused);

/** Stores results of three pictures, two of which warn. */
async function check(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { wholeJob } = await import('/tests/storage/whole-rows.ts');
    const jobs = [0.02, 0.3, 0.3].map((distance, i) =>
      wholeJob(`ours-${i}`, Date.UTC(2024, 0, 1, i), {
        ...{ cameraId: 'camera', imageName: `${i}.jpg`, distance },
        contentSha256: String(i).padEnd(64, '0'),
      }),
    );
    for (const job of jobs) await site.db.add('jobs', job);
    await site.sync.records.stored(jobs);
  });
}

/** As another device has sent what waits here: it had seen nothing. */
async function sendFromElsewhere(page: Page): Promise<void> {
  const waiting = await page.evaluate(() => site.db.getAll('deliveries'));
  for (const [i, { body }] of waiting.entries()) {
    const record = JSON.parse(body);
    const parameters = {
      ...record.parameters,
      result_id: `theirs-${i}`,
      warning: false,
      conclusion: 'clear',
    };
    standIn.seedRecord(experiment(), {
      ...record,
      drift_detected: false,
      tags: ['theirs', 'checked'],
      parameters,
    });
  }
}

test('records of another device that say something else are counted, and say ours after one yes', async ({
  page,
}) => {
  await openSite(page, standIn, standIn.newMytoken({ isRegistered: true }).mytoken);
  await sendAll(page);
  await pause(page, true);
  await check(page);
  await sendFromElsewhere(page);
  await page.evaluate(() => site.sync.correct(true));
  await pause(page, false);
  await expect.poll(() => counts(page)).toEqual([1, 2]);
  // The yes to corrections was for this device's own.
  expect(asked('PUT')).toBe(0);

  const fails = { kind: 'answer', status: 500 } as const;
  let failures = 0;
  standIn.setFaults(({ method }) => (method === 'PUT' && ++failures <= 2 ? fails : null));
  await page.evaluate(() => site.sync.byHand.overwriteElsewhere());
  await expect
    .poll(async () => {
      await page.evaluate(() => site.sync.outbox.encourage());
      return counts(page);
    })
    .toEqual([3, 0]);
  expect(there()).toEqual([
    ['theirs-0', false, 'theirs', 'checked'],
    ['theirs-1', true, 'theirs', 'checked'],
    ['theirs-2', true, 'theirs', 'checked'],
  ]);
  expect([asked('PUT'), asked('DELETE')]).toEqual([4, 0]);
});

test('a record of another device is compared again when its picture is judged anew here', async ({
  page,
}) => {
  await openSite(page, standIn, standIn.newMytoken({ isRegistered: true }).mytoken);
  await sendAll(page);
  await pause(page, true);
  await check(page);
  await sendFromElsewhere(page);
  await pause(page, false);
  await expect.poll(() => counts(page)).toEqual([1, 2]);
  await page.evaluate(async () => {
    const [first] = await site.db.getAll('jobs');
    await site.db.put('jobs', { ...first!, distance: 0.3 } as typeof first & object);
    await site.sync.records.judgedAnew();
  });
  await expect.poll(() => counts(page)).toEqual([0, 3]);
  expect(asked('PUT')).toBe(0);
});

test('a correction that is refused leaves the record there, and says why', async ({ page }) => {
  await openSite(page, standIn, standIn.newMytoken({ isRegistered: true }).mytoken);
  await sendAll(page);
  await pause(page, true);
  await check(page);
  await sendFromElsewhere(page);
  await pause(page, false);
  await expect.poll(() => counts(page)).toEqual([1, 2]);
  standIn.setFaults(({ method }) => (method === 'PUT' ? { kind: 'answer', status: 422 } : null));
  await page.evaluate(() => site.sync.byHand.overwriteElsewhere());
  const failures = () =>
    page.evaluate(async () =>
      (await site.db.getAll('deliveries')).map(({ state, failure }) => [state, failure?.code]),
    );
  await expect.poll(failures).toEqual([
    ['elsewhere', undefined],
    ['disagrees', 'record-refused'],
    ['disagrees', 'record-refused'],
  ]);
});
