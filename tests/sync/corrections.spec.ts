/** That corrections end well, whenever a page of a browser dies. */
import { expect, test, type Page } from '@playwright/test';
import { startStandIn, type NewMytoken, type StandIn } from '../stand-in/server';
import type { Site } from './site';
import { crash, openSiteIn } from './site-page';

declare const site: Site;

const RECORD = /\/drift\/[\da-f-]{36}$/;
const POSTED = /\/drift$/;

let standIn: StandIn;
let owner: NewMytoken;
test.beforeEach(async () => {
  standIn = await startStandIn({ cors: true, rateLimit: null });
  owner = standIn.newMytoken({ isRegistered: true });
});
test.afterEach(async () => {
  await standIn.close();
});

const asked = (method: string, path: RegExp) =>
  standIn.requests.filter((request) => request.method === method && path.test(request.path)).length;
const puts = () => asked('PUT', RECORD);

const records = () => standIn.records(standIn.experiments()[0]!.id);
const limits = () => records().map(({ parameters }) => parameters['drift_distance']);

const settle = (page: Page) => page.evaluate(() => site.settle());
const judge = (page: Page, drift: number) =>
  page.evaluate(async (drift) => {
    const { judge } = await import('/tests/sync/judging.ts');
    await judge(site, drift);
  }, drift);
const states = (page: Page) =>
  page.evaluate(async () => {
    const rows = await site.db.getAll('deliveries');
    return rows.map(({ state, failure }) => failure?.code ?? state);
  });
/** Waits until the record was verified, without the minutes that requests may take. */
const verified = (page: Page, expected: string) =>
  expect
    .poll(async () => {
      await settle(page);
      return states(page);
    })
    .toEqual([expected]);

/** Holds PUTs back until they are released, each by itself. */
function hold() {
  const releases: (() => void)[] = [];
  standIn.setFaults(({ method, path }) => {
    if (method !== 'PUT' || !RECORD.test(path)) return null;
    return { kind: 'hold', until: new Promise<void>((release) => releases.push(release)) };
  });
  return releases;
}

/** By these a history is judged one after the other. */
const LIMITS = [0.4, 0.5, 0.6];

for (const fates of [
  ['done', 'done', 'done'],
  ['lost', 'lost', 'lost'],
  ['late', 'done', 'lost'],
  ['done', 'late', 'late'],
] as const) {
  test(`three corrections whose PUT is ${fates.join(', ')} as the page dies end with the newest text, and look edited by nobody${fates[0] === 'lost' ? '' : ' @long'}`, async ({
    context,
  }) => {
    let page = await context.newPage();
    await openSiteIn(page, standIn, owner.mytoken);
    await page.evaluate(async () => {
      const { score } = await import('/tests/sync/judging.ts');
      await site.sendAll();
      await score(site, [0]);
    });
    await verified(page, 'confirmed');
    await page.evaluate(() => site.sync.correct(true));
    const late: (() => void)[] = [];
    for (const [i, fate] of fates.entries()) {
      const releases = hold();
      const before = puts();
      await judge(page, LIMITS[i]!);
      await settle(page);
      await expect.poll(puts).toBe(before + 1);
      await crash(page);
      if (fate === 'done') {
        releases[0]!();
        await expect.poll(() => limits()).toEqual([LIMITS[i]]);
      }
      if (fate === 'late') late.push(releases[0]!);
      page = await context.newPage();
      await openSiteIn(page, standIn, owner.mytoken);
    }
    standIn.setFaults(null);
    await expect
      .poll(async () => {
        await page.evaluate(async () => {
          // Only what waits: the audit is for what comes late.
          const [row] = await site.db.getAll('deliveries');
          if (row!.state === 'unknown') await site.db.put('deliveries', { ...row!, notBefore: 0 });
          site.sync.outbox.encourage();
        });
        return states(page);
      })
      .toEqual(['sent']);
    expect(limits()).toEqual([0.6]);
    for (const release of late) {
      const seen = JSON.stringify(records());
      release();
      await expect.poll(() => JSON.stringify(records())).not.toBe(seen);
    }
    await verified(page, 'corrected');
    expect(limits()).toEqual([0.6]);
    expect(asked('POST', POSTED)).toBe(1);
  });
}
