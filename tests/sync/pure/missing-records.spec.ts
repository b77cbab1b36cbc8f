/** That each stored job gets its record, whenever the page dies, and that it costs little beside a long history. */
import { expect, test } from '@playwright/test';
import { startStandIn, type StandIn } from '../../stand-in/server';
import { wholeCamera, wholeJob, wholeReference } from '../../storage/whole-rows';
import { fillUp } from '../full-disk';
import { closeSites, leave, openAgain, openSite } from '../site-page';
import { poll } from '../outbox-steps';

let standIn: StandIn;
let mytoken: string;
test.beforeEach(async () => {
  standIn = await startStandIn({ cors: true, rateLimit: null });
  ({ mytoken } = standIn.newMytoken({ isRegistered: true }));
});
test.afterEach(async () => {
  closeSites();
  await standIn.close();
});

const range = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index);

const sentNames = () => {
  const [experiment] = standIn.experiments();
  const records = experiment ? standIn.records(experiment.id) : [];
  return records.map(({ parameters }) => parameters['image_name'] as string).sort();
};
const namesOf = (indices: readonly number[]) => indices.map((index) => `${index}.jpg`).sort();

test('jobs whose page died before their records were made get them from the next one that writes, and each is sent once', async () => {
  const first = await openSite(standIn, mytoken);
  await first.sendAll();
  await first.score([0, 1]);
  await poll(sentNames).toEqual(namesOf([0, 1]));
  await first.save([2, 3, 4]);
  leave(first);
  const onlooker = await openAgain(standIn, mytoken, false);
  expect(await onlooker.db.count('deliveries')).toBe(2);
  leave(onlooker);
  expect(sentNames()).toEqual(namesOf([0, 1]));

  const { db } = await openAgain(standIn, mytoken);
  await poll(sentNames).toEqual(namesOf(range(5)));
  const states = async () => (await db.getAll('deliveries')).map(({ state }) => state);
  await poll(states).toEqual(Array(5).fill('sent'));
});

test('what could not be made is made with the next snapshot, and a snapshot that was deleted gets no record', async () => {
  const { db, sync, ...site } = await openSite(standIn, mytoken);
  await site.sendAll();
  const empty = fillUp('add', 'deliveries');
  await site.score([0]).catch(() => undefined);
  await site.score([1]).catch(() => undefined);
  const jobs = await site.save([2]);
  await db.delete('jobs', jobs[0]!.id);
  empty();
  await sync.records.stored(jobs);
  await poll(sentNames).toEqual(namesOf([0, 1]));
});

test('a record names the reference that its job was judged with, though that is just being turned to', async () => {
  const site = await openSite(standIn, mytoken);
  await site.sync.account.setPaused(true);
  await site.sendAll();
  const { sync, db } = site;
  const job = wholeJob('scored', 10, { referenceId: 'next' });
  await db.add('jobs', job);
  const references = [wholeReference(), wholeReference('next', { beganAt: 2000 })];
  const turning = sync.follow({ camera: wholeCamera(), references, jobs: () => Promise.resolve([]) });
  await Promise.all([sync.records.stored([job]), turning]);
  const bodies = (await db.getAll('deliveries')).map(({ body }) => body);
  const made = bodies.map((body) => (JSON.parse(body) as { parameters: object }).parameters);
  expect(made).toEqual([expect.objectContaining({ result_id: 'scored', cycle: '1970-01-01T00:00:02Z' })]);
});

test('a snapshot of a camera that is not shown gets its record at once, where its results go', async () => {
  const site = await openSite(standIn, mytoken);
  await site.sync.account.setPaused(true);
  await site.sendAll();
  const { sync, db } = site;
  await db.put('destinations', { ...sync.destination!, cameraId: 'other' });
  await db.add('references', wholeReference('others', { cameraId: 'other', beganAt: 3000 }));
  const jobs = ['other', 'nowhere'].map((cameraId) =>
    wholeJob(`of ${cameraId}`, 10, { cameraId, referenceId: 'others' }),
  );
  for (const job of jobs) await db.add('jobs', job);
  await sync.records.stored(jobs);
  const made = (await db.getAll('deliveries')).map(({ cameraId, state, body }) => ({
    ...{ cameraId, state },
    ...(JSON.parse(body) as { parameters: object }).parameters,
  }));
  expect(made).toEqual([
    expect.objectContaining({
      cameraId: 'other',
      state: 'queued',
      result_id: 'of other',
      cycle: '1970-01-01T00:00:03Z',
    }),
  ]);
});
