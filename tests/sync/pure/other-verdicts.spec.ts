/** That a record of another device which gives another verdict is told, and says ours only after a yes. */
import { expect, test } from '@playwright/test';
import { startStandIn, type StandIn } from '../../stand-in/server';
import { wholeJob } from '../../storage/whole-rows';
import { poll } from '../outbox-steps';
import type { Site } from '../site';
import { closeSites, openSite } from '../site-page';

const RECORD = /\/drift\/[\da-f-]{36}$/;

let standIn: StandIn;
let site: Site;
test.beforeEach(async () => {
  standIn = await startStandIn({ cors: true, rateLimit: null });
});
test.afterEach(async () => {
  closeSites();
  await standIn.close();
});

const asked = (method: string) =>
  standIn.requests.filter((request) => request.method === method && RECORD.test(request.path)).length;
const experiment = () => standIn.experiments()[0]!.id;
const there = () =>
  standIn
    .records(experiment())
    .map(({ tags, parameters }) => [parameters['result_id'], parameters['warning'], ...tags]);
function counts() {
  const { elsewhere, disagrees } = site.sync.outbox.counts!;
  return [elsewhere, disagrees];
}
const pause = (isPaused: boolean) => site.sync.account.setPaused(isPaused);

/** Stores results of three pictures, two of which warn. */
async function check(): Promise<void> {
  const jobs = [0.02, 0.3, 0.3].map((distance, i) =>
    wholeJob(`ours-${i}`, Date.UTC(2024, 0, 1, i), {
      ...{ cameraId: 'camera', imageName: `${i}.jpg`, distance },
      contentSha256: String(i).padEnd(64, '0'),
    }),
  );
  for (const job of jobs) await site.db.add('jobs', job);
  await site.sync.records.stored(jobs);
}

/** As another device has sent what waits here: it had seen nothing. */
async function sendFromElsewhere(): Promise<void> {
  for (const [i, { body }] of (await site.db.getAll('deliveries')).entries()) {
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

test('records of another device that say something else are counted, and say ours after one yes', async () => {
  site = await openSite(standIn, standIn.newMytoken({ isRegistered: true }).mytoken);
  await site.sendAll();
  await pause(true);
  await check();
  await sendFromElsewhere();
  await site.sync.correct(true);
  await pause(false);
  await poll(counts).toEqual([1, 2]);
  // The yes to corrections was for this device's own.
  expect(asked('PUT')).toBe(0);

  const fails = { kind: 'answer', status: 500 } as const;
  let failures = 0;
  standIn.setFaults(({ method }) => (method === 'PUT' && ++failures <= 2 ? fails : null));
  await site.sync.byHand.overwriteElsewhere();
  await poll(() => {
    site.sync.outbox.encourage();
    return counts();
  }).toEqual([3, 0]);
  expect(there()).toEqual([
    ['theirs-0', false, 'theirs', 'checked'],
    ['theirs-1', true, 'theirs', 'checked'],
    ['theirs-2', true, 'theirs', 'checked'],
  ]);
  expect([asked('PUT'), asked('DELETE')]).toEqual([4, 0]);
});

test('a record of another device is compared again when its picture is judged anew here', async () => {
  site = await openSite(standIn, standIn.newMytoken({ isRegistered: true }).mytoken);
  await site.sendAll();
  await pause(true);
  await check();
  await sendFromElsewhere();
  await pause(false);
  await poll(counts).toEqual([1, 2]);
  const [first] = await site.db.getAll('jobs');
  await site.db.put('jobs', { ...first!, distance: 0.3 } as typeof first & object);
  await site.sync.records.judgedAnew();
  await poll(counts).toEqual([0, 3]);
  expect(asked('PUT')).toBe(0);
});

test('a correction that is refused leaves the record there, and says why', async () => {
  site = await openSite(standIn, standIn.newMytoken({ isRegistered: true }).mytoken);
  await site.sendAll();
  await pause(true);
  await check();
  await sendFromElsewhere();
  await pause(false);
  await poll(counts).toEqual([1, 2]);
  standIn.setFaults(({ method }) => (method === 'PUT' ? { kind: 'answer', status: 422 } : null));
  await site.sync.byHand.overwriteElsewhere();
  const failures = async () =>
    (await site.db.getAll('deliveries')).map(({ state, failure }) => [state, failure?.code]);
  await poll(failures).toEqual([
    ['elsewhere', undefined],
    ['disagrees', 'record-refused'],
    ['disagrees', 'record-refused'],
  ]);
});
