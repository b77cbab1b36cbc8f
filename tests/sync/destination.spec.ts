/** A camera's target for results, and the fate of waiting results when it changes; in a real page, over real HTTP. */
import { expect, test, type Page } from '@playwright/test';
import type { DeliveryState } from '../../src/core/domain/camera/records/delivery';
import type { Fault } from '../stand-in/faults';
import { startStandIn, type StandIn } from '../stand-in/server';
import { openSite, type Site } from './site-page';

declare const site: Site;

let standIn: StandIn;
/** of who owns all experiments */
let accessToken: () => string;
test.beforeEach(async ({ page }) => {
  standIn = await startStandIn({ cors: true, rateLimit: null });
  const owner = standIn.newMytoken({ isRegistered: true });
  accessToken = () => owner.accessToken();
  await openSite(page, standIn, owner.mytoken);
});
test.afterEach(async () => {
  await standIn.close();
});

const score = (page: Page, indices: readonly number[]) =>
  page.evaluate((indices) => site.score(indices), indices);

/** Creates an experiment and sends there from now on, or all that there is. */
async function send(page: Page, name: string, { tags = ['reef'], all = true } = {}): Promise<void> {
  await page.evaluate(
    async ([name, tags, since]) => {
      const experiment = await site.sync.experiments.create({ name, description: '', public: false });
      await site.sync.choose(experiment, { tags, model: 'ResNet-50', since: since ?? Date.now() });
    },
    [name, tags, all ? 0 : null] as const,
  );
}

const pause = (page: Page, isPaused: boolean) =>
  page.evaluate((isPaused) => site.sync.account.setPaused(isPaused), isPaused);

function recordsOf(name: string) {
  const experiment = standIn.experiments().find((one) => one.name === name);
  return experiment ? standIn.records(experiment.id) : [];
}

const namesOf = (name: string) =>
  recordsOf(name)
    .map(({ parameters }) => parameters['image_name'] as string)
    .sort();

/** States of the camera's records by the experiment's name. */
async function states(page: Page): Promise<Record<string, DeliveryState[]>> {
  const all = await page.evaluate(() => site.db.getAll('deliveries'));
  const found: Record<string, DeliveryState[]> = {};
  for (const { lane, state } of all) {
    const name = standIn.experiments().find(({ id }) => lane.endsWith(id))?.name ?? 'gone';
    (found[name] ??= []).push(state);
  }
  return found;
}

const answer = (status: number, method: string, path: RegExp, body?: string) => {
  const fault: Fault = { kind: 'answer', status, ...(body !== undefined && { body }) };
  standIn.setFaults((request) => (request.method === method && path.test(request.path) ? fault : null));
};

test('another experiment gets what waits and what comes, and what was sent stays where it is @long', async ({
  page,
}) => {
  await send(page, 'A');
  await score(page, [0, 1]);
  await expect.poll(() => namesOf('A')).toEqual(['0.jpg', '1.jpg']);
  await expect.poll(() => states(page)).toEqual({ A: ['sent', 'sent'] });
  await pause(page, true);
  await score(page, [2, 3]);
  await send(page, 'B', { all: false });
  await score(page, [4]);
  await pause(page, false);
  await expect.poll(() => namesOf('B')).toEqual(['2.jpg', '3.jpg', '4.jpg']);
  expect(namesOf('A')).toEqual(['0.jpg', '1.jpg']);
  await expect.poll(() => states(page)).toEqual({ A: ['sent', 'sent'], B: ['sent', 'sent', 'sent'] });
});

test('what is counted as sent is in the present experiment', async ({ page }) => {
  const arrived = () => page.evaluate(() => site.sync.outbox.arrived);
  await send(page, 'A');
  await score(page, [0, 1]);
  await expect.poll(arrived).toBe(2);
  await send(page, 'B', { all: false });
  await score(page, [2]);
  await expect.poll(() => namesOf('B')).toEqual(['2.jpg']);
  await expect.poll(arrived).toBe(1);
});

test('what was checked before goes only where it is wanted', async ({ page }) => {
  await score(page, [0, 1]);
  await send(page, 'A', { all: false });
  await score(page, [2]);
  await expect.poll(() => namesOf('A')).toEqual(['2.jpg']);
  await send(page, 'B');
  await expect.poll(() => namesOf('B')).toEqual(['0.jpg', '1.jpg', '2.jpg']);
  expect(namesOf('A')).toEqual(['2.jpg']);
});

test('a stop gives up what waits, and what is checked after it goes nowhere', async ({ page }) => {
  await send(page, 'A');
  await score(page, [0]);
  await expect.poll(() => namesOf('A')).toEqual(['0.jpg']);
  await pause(page, true);
  await score(page, [1, 2]);
  await page.evaluate(() => site.sync.stop());
  await score(page, [3]);
  await pause(page, false);
  expect(await states(page)).toEqual({ A: ['sent'] });
  expect(namesOf('A')).toEqual(['0.jpg']);
});

test('a record that was queued while a stop was being stored is given up too', async ({ page }) => {
  await send(page, 'A');
  await pause(page, true);
  await score(page, [0]);
  const left = await page.evaluate(async () => {
    const [delivery] = await site.db.getAll('deliveries');
    await site.sync.stop();
    await site.db.put('deliveries', delivery!);
    await site.sync.records.catchUp();
    return site.db.count('deliveries');
  });
  expect(left).toBe(0);
});

test('what is stored while a destination is being given up or chosen goes nowhere else, and is not forgotten', async ({
  page,
}) => {
  await send(page, 'A');
  await pause(page, true);
  const left = await page.evaluate(async () => {
    await Promise.all([site.score([0, 1]), site.sync.stop(), site.score([2, 3])]);
    return site.db.count('deliveries');
  });
  expect(left).toBe(0);
  await page.evaluate(async () => {
    const experiment = await site.sync.experiments.create({ name: 'B', description: '', public: false });
    const choices = { tags: [], model: 'ResNet-50', since: Date.now() };
    await Promise.all([site.score([4, 5]), site.sync.choose(experiment, choices), site.score([6, 7])]);
  });
  await pause(page, false);
  await expect.poll(() => namesOf('B')).toEqual(['4.jpg', '5.jpg', '6.jpg', '7.jpg']);
  expect(namesOf('A')).toEqual([]);
});

test('other tags reach what was not sent, and what was refused for the old ones goes out @long', async ({
  page,
}) => {
  await send(page, 'A', { tags: ['old'] });
  answer(422, 'POST', /\/drift$/, JSON.stringify({ errors: { json: { tags: { 0: ['Not this one.'] } } } }));
  await score(page, [0, 1, 2, 3, 4]);
  await expect.poll(() => states(page)).toEqual({ A: ['refused', 'refused', 'refused', 'queued', 'queued'] });
  standIn.setFaults(null);
  await page.evaluate(async () => {
    const { destination } = site.sync;
    const { experimentId: id, experimentName: name } = destination!;
    await site.sync.choose({ id, name }, { tags: ['new'], model: 'ResNet-50', since: 0 });
  });
  await expect.poll(() => recordsOf('A').length).toBe(5);
  expect(recordsOf('A').map(({ tags }) => tags)).toEqual(Array(5).fill(['new', 'failed']));
});

test('an experiment that somebody renames while records are on their way gets each of them, and is called by its new name', async ({
  page,
}) => {
  await send(page, 'A');
  await score(page, [0]);
  await expect.poll(() => namesOf('A')).toEqual(['0.jpg']);
  await pause(page, true);
  await score(page, [1, 2]);
  const [experiment] = standIn.experiments();
  await fetch(`${standIn.driftwatch.url}/experiment/${experiment!.id}`, {
    method: 'PUT',
    headers: { Authorization: `Bearer ${accessToken()}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'Reef of 2026', permissions: experiment!.permissions, public: false }),
  });
  await pause(page, false);
  await expect.poll(() => namesOf('Reef of 2026')).toEqual(['0.jpg', '1.jpg', '2.jpg']);
  const nameHere = () => page.evaluate(() => site.sync.destination?.experimentName);
  await page.evaluate(() => site.sync.experiments.loadWritable());
  expect(await nameHere()).toBe('Reef of 2026');
  // It is stored, too: what is deleted and made again is found by it.
  expect(await page.evaluate(async () => (await site.db.getAll('destinations'))[0]?.experimentName)).toBe(
    'Reef of 2026',
  );
  await expect.poll(() => states(page)).toEqual({ 'Reef of 2026': ['sent', 'sent', 'sent'] });
});

test('what may have arrived in an experiment that is gone goes to the present one @long', async ({
  page,
}) => {
  await send(page, 'A');
  standIn.setFaults(({ method, path }) =>
    method === 'POST' && path.endsWith('/drift') ? { kind: 'hang-after-write' } : null,
  );
  await score(page, [0]);
  await expect.poll(() => states(page)).toEqual({ A: ['unknown'] });
  standIn.setFaults(null);
  const id = standIn.experiments()[0]?.id ?? '';
  const gone = await fetch(`${standIn.driftwatch.url}/experiment/${id}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${accessToken()}` },
  });
  expect(gone.status).toBe(204);
  // As if it had settled: it is looked up at once.
  await page.evaluate(async () => {
    for (const delivery of await site.db.getAll('deliveries')) {
      await site.db.put('deliveries', { ...delivery, notBefore: 0 });
    }
  });
  await send(page, 'B', { all: false });
  await expect.poll(() => namesOf('B')).toEqual(['0.jpg']);
  await expect.poll(() => states(page)).toEqual({ B: ['sent'] });
});

test('a destination that can’t be stored is not taken', async ({ page }) => {
  await send(page, 'A');
  const found = await page.evaluate(async () => {
    const { put } = IDBObjectStore.prototype; // eslint-disable-line @typescript-eslint/unbound-method -- called on each store below
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...values) {
      if (this.name === 'destinations') throw new DOMException('no room', 'QuotaExceededError');
      return put.apply(this, values);
    };
    const code = await site.sync
      .choose(
        { id: '00000000-0000-4000-8000-000000000000', name: 'Other' },
        { tags: [], model: 'x', since: 0 },
      )
      .catch((error: unknown) => (error as { code: string }).code);
    return [code, site.sync.destination?.experimentName];
  });
  expect(found).toEqual(['disk-full', 'A']);
});

test('a mytoken server is taken with or without its scheme, and refused where it can’t be one', async ({
  page,
}) => {
  const found = await page.evaluate(async () => {
    const { account } = site.sync;
    const { baseUrl, mytokenServer: before } = account.connection;
    const results: (string | undefined)[] = [];
    for (const mytokenServer of [
      'mytok.example',
      'https://mytok.example/x/',
      'http://mytok.example',
      'a:b:c',
    ]) {
      const code = await account
        .connect({ baseUrl, mytokenServer, timeout: 15 })
        .then(() => account.connection.mytokenServer)
        .catch((error: unknown) => (error as { code: string }).code);
      results.push(code);
    }
    await account.connect({ baseUrl, mytokenServer: before, timeout: 15 });
    return results;
  });
  expect(found).toEqual(['https://mytok.example', 'https://mytok.example/x', 'address', 'address']);
});
