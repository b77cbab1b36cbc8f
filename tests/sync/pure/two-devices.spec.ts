/** That a picture which two devices check has one record, and that neither ever touches the other's. */
import { expect, test } from '@playwright/test';
import { saveDestination } from '../../../src/core/storage/deliveries';
import { randomFaults } from '../../stand-in/faults';
import { startStandIn, type NewMytoken, type StandIn } from '../../stand-in/server';
import { wholeJob } from '../../storage/whole-rows';
import type { Site } from '../site';
import { closeSites, openSite } from '../site-page';
import { poll } from '../outbox-steps';

const POSTED = /\/drift$/;
const RECORD = /\/drift\/[\da-f-]{36}$/;
const FOUND = /\/drift\/search$/;

let standIn: StandIn;
let owner: NewMytoken;
test.beforeEach(async () => {
  standIn = await startStandIn({ cors: true, rateLimit: null });
  owner = standIn.newMytoken({ isRegistered: true });
});
test.afterEach(async () => {
  closeSites();
  await standIn.close();
});

const asked = (method: string, path: RegExp) =>
  standIn.requests.filter((request) => request.method === method && path.test(request.path)).length;
const range = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index);

/** It sends to the experiment "Reef". */
async function device(): Promise<Site> {
  const site = await openSite(standIn, owner.mytoken);
  await site.sendAll();
  return site;
}

/** Checks pictures on a device, whose jobs have ids of its own, one by one. */
async function check(
  { sync, db }: Site,
  name: string,
  indices: readonly number[],
  cameraId = 'camera',
): Promise<void> {
  for (const index of indices) {
    const job = wholeJob(`${name}-${index}`, Date.UTC(2024, 0, 1, index), {
      cameraId,
      imageName: `${index}.jpg`,
      contentSha256: String(index).padStart(12, '0').padEnd(64, '0'),
      distance: name === 'second' ? 0.2 : 0.3,
    });
    await db.add('jobs', job);
    await sync.records.stored([job]);
  }
}

/** How many records are in which state, once nothing is left to do. */
async function done({ db, ...site }: Site): Promise<Record<string, number>> {
  await poll(async () => {
    await site.settle();
    const all = await db.getAll('deliveries');
    return all.filter(({ state }) => state !== 'confirmed' && state !== 'elsewhere').length;
  }).toBe(0);
  const found: Record<string, number> = {};
  for (const { state } of await db.getAll('deliveries')) found[state] = (found[state] ?? 0) + 1;
  return found;
}

const records = () => standIn.records(standIn.experiments()[0]!.id);
const namesOf = () => records().map(({ parameters }) => parameters['image_name'] as string);

test('90 pictures that two devices check in the same minutes make 90 records @long', async () => {
  standIn.setFaults(randomFaults({ share: 1, seed: 3, kinds: ['delay'], longestDelay: 40 }));
  const first = await device();
  const second = await device();
  await Promise.all([check(first, 'first', range(90)), check(second, 'second', range(90).reverse())]);
  await poll(() => new Set(namesOf()).size).toBe(90);
  const [one, other] = [await done(first), await done(second)];
  expect(namesOf().sort()).toEqual(
    range(90)
      .map((index) => `${index}.jpg`)
      .sort(),
  );
  expect((one['confirmed'] ?? 0) + (other['confirmed'] ?? 0)).toBe(90);
  expect([
    (one['confirmed'] ?? 0) + (one['elsewhere'] ?? 0),
    (other['confirmed'] ?? 0) + (other['elsewhere'] ?? 0),
  ]).toEqual([90, 90]);
  expect(asked('PUT', RECORD)).toBe(0);
});

test('of two records that were sent in the same moment the older one stays, and its device keeps it', async () => {
  const releases: (() => void)[] = [];
  standIn.setFaults(({ method, path }) =>
    method === 'POST' && POSTED.test(path)
      ? { kind: 'hold', until: new Promise<void>((release) => releases.push(release)) }
      : null,
  );
  const first = await device();
  const second = await device();
  await check(first, 'first', [0]);
  await check(second, 'second', [0]);
  await poll(() => releases.length).toBe(2);
  releases[1]!();
  await poll(() => records().length).toBe(1);
  releases[0]!();
  await poll(() => records().length).toBe(2);
  const [older, younger] = records();
  expect(await Promise.all([done(first), done(second)])).toEqual([{ elsewhere: 1 }, { confirmed: 1 }]);
  expect(records()).toEqual([older]);
  const removed = standIn.requests.filter(({ method }) => method === 'DELETE').map(({ path }) => path);
  expect(removed).toEqual([expect.stringContaining(younger!.id)]);
});

test('the second device leaves the records of the first as they are, and looks many up at once', async () => {
  const first = await device();
  await check(first, 'first', range(12));
  await done(first);
  const before = records();
  const second = await device();
  await second.sync.account.setPaused(true);
  await check(second, 'second', range(13));
  const searches = asked('POST', FOUND);
  await second.sync.account.setPaused(false);
  expect(await done(second)).toEqual({ elsewhere: 12, confirmed: 1 });
  // Before it is sent, by both what may have arrived and whose picture it is; and the same in the audit.
  expect(asked('POST', FOUND) - searches).toBeLessThanOrEqual(4);
  expect(records().slice(0, 12)).toEqual(before);
  expect(records()).toHaveLength(13);
  expect([asked('POST', POSTED), asked('PUT', RECORD), asked('DELETE', RECORD)]).toEqual([13, 0, 0]);
  const counts = () => second.sync.outbox.counts;
  await poll(counts).toMatchObject({ elsewhere: 12, confirmed: 1 });

  // Its own verdicts by now are no reason to touch them either.
  await second.sync.correct(true);
  expect(await done(second)).toEqual({ elsewhere: 12, confirmed: 1 });
  expect(records().slice(0, 12)).toEqual(before);
});

test('a record that the other device has taken back is sent when a person has it checked', async () => {
  const first = await device();
  await check(first, 'first', [0, 1]);
  await done(first);
  const second = await device();
  await check(second, 'second', [0, 1]);
  expect(await done(second)).toEqual({ elsewhere: 2 });
  const [delivery] = await second.db.getAll('deliveries');
  const there = await second.sync.byHand.recordThere(delivery!);
  expect(there?.parameters['result_id']).toBe('first-0');
  const [experiment] = standIn.experiments();
  await fetch(`${standIn.driftwatch.url}/experiment/${experiment!.id}/drift/${records()[0]!.id}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${owner.accessToken()}` },
  });
  await second.sync.byHand.auditAgain();
  expect(await done(second)).toEqual({ elsewhere: 1, confirmed: 1 });
  expect(records().map(({ parameters }) => parameters['result_id'])).toEqual(['first-1', 'second-0']);
});

test('a record of before, which does not say its content, is known by its name, time and camera', async () => {
  const first = await device();
  await check(first, 'first', [0]);
  await done(first);
  const { id: experiment } = standIn.experiments()[0]!;
  const seed = (more: object) => {
    const { id: _id, ...record } = records()[0]!;
    const { content_sha256: _content, ...parameters } = record.parameters;
    standIn.seedRecord(experiment, { ...record, parameters: { ...parameters, ...more } });
  };
  const at = (hour: number) => new Date(Date.UTC(2024, 0, 1, hour)).toISOString().replace('.000', '');
  seed({ result_id: 'x', image_name: '1.jpg', captured_at: at(1) });
  seed({ result_id: 'y', image_name: '2.jpg', captured_at: at(2), camera: 'Bay' });
  seed({ result_id: 'z', image_name: '3.jpg', captured_at: at(4) });
  const second = await device();
  await check(second, 'second', range(4));
  expect(await done(second)).toEqual({ elsewhere: 2, confirmed: 2 });
  expect(namesOf().slice(-2)).toEqual(['2.jpg', '3.jpg']);
});

test('the same pictures of another camera of the device are its own', async () => {
  const site = await device();
  await check(site, 'first', range(3));
  await saveDestination(site.db, { ...site.sync.destination!, cameraId: 'other' });
  await check(site, 'other', range(3), 'other');
  expect(await done(site)).toEqual({ confirmed: 6 });
});
