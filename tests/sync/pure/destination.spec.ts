/** A camera's target for results, and the fate of waiting results when it changes; over real HTTP. */
import { expect, test } from '@playwright/test';
import type { DeliveryState } from '../../../src/core/domain/camera/records/delivery';
import type { Fault } from '../../stand-in/faults';
import { startStandIn, type StandIn } from '../../stand-in/server';
import { fillUp } from '../full-disk';
import type { Site } from '../site';
import { closeSites, openSite } from '../site-page';
import { poll } from '../outbox-steps';

let standIn: StandIn;
let site: Site;
/** of who owns all experiments */
let accessToken: () => string;
test.beforeEach(async () => {
  standIn = await startStandIn({ cors: true, rateLimit: null });
  const owner = standIn.newMytoken({ isRegistered: true });
  accessToken = () => owner.accessToken();
  site = await openSite(standIn, owner.mytoken);
});
test.afterEach(async () => {
  closeSites();
  await standIn.close();
});

/** Creates an experiment and sends there from now on, or all that there is. */
async function send(name: string, { tags = ['reef'], all = true } = {}): Promise<void> {
  const experiment = await site.sync.experiments.create({ name, description: '', public: false });
  await site.sync.choose(experiment, { tags, model: 'ResNet-50', since: all ? 0 : Date.now() });
}

const pause = (isPaused: boolean) => site.sync.account.setPaused(isPaused);

function recordsOf(name: string) {
  const experiment = standIn.experiments().find((one) => one.name === name);
  return experiment ? standIn.records(experiment.id) : [];
}

const namesOf = (name: string) =>
  recordsOf(name)
    .map(({ parameters }) => parameters['image_name'] as string)
    .sort();

/** States of the camera's records by the experiment's name. */
async function states(): Promise<Record<string, DeliveryState[]>> {
  const all = await site.db.getAll('deliveries');
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

test('another experiment gets what waits and what comes, and what was sent stays where it is', async () => {
  await send('A');
  await site.score([0, 1]);
  await poll(() => namesOf('A')).toEqual(['0.jpg', '1.jpg']);
  await poll(() => states()).toEqual({ A: ['sent', 'sent'] });
  await pause(true);
  await site.score([2, 3]);
  await send('B', { all: false });
  await site.score([4]);
  await pause(false);
  await poll(() => namesOf('B')).toEqual(['2.jpg', '3.jpg', '4.jpg']);
  expect(namesOf('A')).toEqual(['0.jpg', '1.jpg']);
  await poll(() => states()).toEqual({ A: ['sent', 'sent'], B: ['sent', 'sent', 'sent'] });
});

test('what is counted as sent is in the present experiment', async () => {
  const arrived = () => site.sync.outbox.arrived;
  await send('A');
  await site.score([0, 1]);
  await poll(arrived).toBe(2);
  await send('B', { all: false });
  await site.score([2]);
  await poll(() => namesOf('B')).toEqual(['2.jpg']);
  await poll(arrived).toBe(1);
});

test('what was checked before goes only where it is wanted', async () => {
  await site.score([0, 1]);
  await send('A', { all: false });
  await site.score([2]);
  await poll(() => namesOf('A')).toEqual(['2.jpg']);
  await send('B');
  await poll(() => namesOf('B')).toEqual(['0.jpg', '1.jpg', '2.jpg']);
  expect(namesOf('A')).toEqual(['2.jpg']);
});

test('a stop gives up what waits, and what is checked after it goes nowhere', async () => {
  await send('A');
  await site.score([0]);
  await poll(() => namesOf('A')).toEqual(['0.jpg']);
  await pause(true);
  await site.score([1, 2]);
  await site.sync.stop();
  await site.score([3]);
  await pause(false);
  expect(await states()).toEqual({ A: ['sent'] });
  expect(namesOf('A')).toEqual(['0.jpg']);
});

test('a record that was queued while a stop was being stored is given up too', async () => {
  await send('A');
  await pause(true);
  await site.score([0]);
  const [delivery] = await site.db.getAll('deliveries');
  await site.sync.stop();
  await site.db.put('deliveries', delivery!);
  await site.sync.records.catchUp();
  expect(await site.db.count('deliveries')).toBe(0);
});

test('what is stored while a destination is being given up or chosen goes nowhere else, and is not forgotten', async () => {
  await send('A');
  await pause(true);
  await Promise.all([site.score([0, 1]), site.sync.stop(), site.score([2, 3])]);
  expect(await site.db.count('deliveries')).toBe(0);
  const experiment = await site.sync.experiments.create({ name: 'B', description: '', public: false });
  const choices = { tags: [], model: 'ResNet-50', since: Date.now() };
  await Promise.all([site.score([4, 5]), site.sync.choose(experiment, choices), site.score([6, 7])]);
  await pause(false);
  await poll(() => namesOf('B')).toEqual(['4.jpg', '5.jpg', '6.jpg', '7.jpg']);
  expect(namesOf('A')).toEqual([]);
});

test('other tags reach what was not sent, and what was refused for the old ones goes out', async () => {
  await send('A', { tags: ['old'] });
  answer(422, 'POST', /\/drift$/, JSON.stringify({ errors: { json: { tags: { 0: ['Not this one.'] } } } }));
  await site.score([0, 1, 2, 3, 4]);
  await poll(() => states()).toEqual({ A: ['refused', 'refused', 'refused', 'queued', 'queued'] });
  standIn.setFaults(null);
  const { destination } = site.sync;
  const { experimentId: id, experimentName: name } = destination!;
  await site.sync.choose({ id, name }, { tags: ['new'], model: 'ResNet-50', since: 0 });
  await poll(() => recordsOf('A').length).toBe(5);
  expect(recordsOf('A').map(({ tags }) => tags)).toEqual(Array(5).fill(['new', 'failed']));
});

test('an experiment that somebody renames while records are on their way gets each of them, and is called by its new name', async () => {
  await send('A');
  await site.score([0]);
  await poll(() => namesOf('A')).toEqual(['0.jpg']);
  await pause(true);
  await site.score([1, 2]);
  const [experiment] = standIn.experiments();
  await fetch(`${standIn.driftwatch.url}/experiment/${experiment!.id}`, {
    method: 'PUT',
    headers: { Authorization: `Bearer ${accessToken()}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'Reef of 2026', permissions: experiment!.permissions, public: false }),
  });
  await pause(false);
  await poll(() => namesOf('Reef of 2026')).toEqual(['0.jpg', '1.jpg', '2.jpg']);
  await site.sync.experiments.loadWritable();
  expect(site.sync.destination?.experimentName).toBe('Reef of 2026');
  // It is stored, too: what is deleted and made again is found by it.
  expect((await site.db.getAll('destinations'))[0]?.experimentName).toBe('Reef of 2026');
  await poll(() => states()).toEqual({ 'Reef of 2026': ['sent', 'sent', 'sent'] });
});

test('what may have arrived in an experiment that is gone goes to the present one', async () => {
  await send('A');
  standIn.setFaults(({ method, path }) =>
    method === 'POST' && path.endsWith('/drift') ? { kind: 'hang-after-write' } : null,
  );
  await site.score([0]);
  await poll(() => states()).toEqual({ A: ['unknown'] });
  standIn.setFaults(null);
  const id = standIn.experiments()[0]?.id ?? '';
  const gone = await fetch(`${standIn.driftwatch.url}/experiment/${id}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${accessToken()}` },
  });
  expect(gone.status).toBe(204);
  // As if it had settled: it is looked up at once.
  for (const delivery of await site.db.getAll('deliveries')) {
    await site.db.put('deliveries', { ...delivery, notBefore: 0 });
  }
  await send('B', { all: false });
  await poll(() => namesOf('B')).toEqual(['0.jpg']);
  await poll(() => states()).toEqual({ B: ['sent'] });
});

test('a destination that can’t be stored is not taken', async () => {
  await send('A');
  const empty = fillUp('put', 'destinations');
  const other = { id: '00000000-0000-4000-8000-000000000000', name: 'Other' };
  await expect(site.sync.choose(other, { tags: [], model: 'x', since: 0 })).rejects.toMatchObject({
    code: 'disk-full',
  });
  empty();
  expect(site.sync.destination?.experimentName).toBe('A');
});

test('a mytoken server is taken with or without its scheme, and refused where it can’t be one', async () => {
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
  expect(results).toEqual(['https://mytok.example', 'https://mytok.example/x', 'address', 'address']);
});
