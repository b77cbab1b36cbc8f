/** That records which wait say what their jobs say by now, and that those which were sent stay without consent. */
import { expect, test } from '@playwright/test';
import type { CompletedJob } from '../../../src/core/domain/camera/job';
import { startStandIn, type StandIn } from '../../stand-in/server';
import { saveInputs } from '../../../src/core/storage/inputs';
import { loadJobs } from '../../../src/core/storage/jobs';
import { saveJobs } from '../../../src/core/storage/new-jobs';
import { saveJudged } from '../../../src/core/storage/unjudged';
import { glass } from '../../domain/camera/jobs';
import { wholeCamera, wholeJob } from '../../storage/whole-rows';
import type { Site } from '../site';
import { closeSites, leave, openAgain, openSite } from '../site-page';
import { poll } from '../outbox-steps';

const OLD = { warning: 0.05, drift: 0.1 };
const NEW = { warning: 0.2, drift: 0.4 };

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

const setPaused = (site: Site, isPaused: boolean) => site.sync.account.setPaused(isPaused);

/** The user agrees that records there are corrected. */
const agree = (site: Site) => site.sync.correct(true);

/** Stores so many scored jobs, which drift by the limits of before, and tells of them as the page does. */
async function score({ sync, db }: Site, from: number, count: number): Promise<void> {
  const jobs = Array.from({ length: count }, (_, i) =>
    wholeJob(`job-${from + i}`, Date.UTC(2024, 0, 1, from + i), {
      distance: 0.3,
      thresholds: OLD,
      driftStatus: 'drift',
    }),
  );
  for (const job of jobs) await db.add('jobs', job);
  await sync.records.stored(jobs);
}

/** Judges the stored history by other limits, in the transaction that an acceptance writes. */
async function judge({ db }: Site): Promise<void> {
  const judged = new Map<string, CompletedJob>();
  for (const job of await db.getAll('jobs')) {
    judged.set(job.id, { ...(job as CompletedJob), thresholds: NEW, driftStatus: 'warning' });
  }
  const camera = wholeCamera('camera', { thresholds: NEW });
  await saveInputs(db, { camera }, { judged, sights: new Map() });
}

/** Shows the camera again as storage has it, as the page does after each change of it. */
const show = ({ sync, db }: Site) =>
  sync.follow({ camera: wholeCamera(), references: [], jobs: () => loadJobs(db, 'camera') });

function records() {
  const [experiment] = standIn.experiments();
  const all = experiment ? standIn.records(experiment.id) : [];
  return all
    .map(({ drift_detected, parameters }) => [
      parameters['result_id'],
      drift_detected,
      parameters['drift_distance'],
    ])
    .sort();
}
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `job-${from + i}`);
const said = (ids: readonly string[], isDrift: boolean, limit: number) =>
  ids.map((id) => [id, isDrift, limit]);

const stored = async ({ db }: Site) =>
  (await db.getAll('deliveries'))
    .filter(({ state }) => state !== 'sent' && state !== 'confirmed')
    .map(({ state, body }) => [state, (JSON.parse(body) as { drift_detected: boolean }).drift_detected]);

test('records that wait are made anew when their jobs were judged anew, and those that were sent stay', async () => {
  const site = await openSite(standIn, mytoken);
  await site.sendAll();
  await score(site, 10, 3);
  await poll(records).toEqual(said(range(10, 13), true, OLD.drift));
  await setPaused(site, true);
  await score(site, 20, 5);
  expect(await stored(site)).toEqual(Array(5).fill(['queued', true]));
  await judge(site);
  await show(site);
  expect(await stored(site), 'nobody can have sent them').toEqual(Array(5).fill(['queued', false]));
  const jobs = new Map((await site.db.getAll('jobs')).map((job) => [job.id, job]));
  const waiting = (await site.db.getAll('deliveries')).filter(({ state }) => state === 'queued');
  const choices = { tags: ['reef'], model: 'ResNet-50' };
  const shown = waiting.map(({ jobId }) => site.sync.preview(jobs.get(jobId)!, choices));
  expect(
    waiting.map(({ body }) => body),
    'what is shown is what is sent',
  ).toEqual(shown);
  await setPaused(site, false);
  await poll(records).toEqual([
    ...said(range(10, 13), true, OLD.drift),
    ...said(range(20, 25), false, NEW.drift),
  ]);
  const asked = standIn.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/drift'));
  expect(asked, 'each was sent once').toHaveLength(8);
});

test('records that were sent or may have arrived say there what their jobs say by now after consent, each once', async () => {
  const site = await openSite(standIn, mytoken);
  await site.sendAll();
  await agree(site);
  await score(site, 10, 2);
  await poll(records).toEqual(said(range(10, 12), true, OLD.drift));
  await setPaused(site, true);
  // As if the answer to this one had been cut.
  const [first] = (await site.db.getAll('deliveries')).filter(({ jobId }) => jobId === 'job-10');
  await site.db.put('deliveries', { ...first!, state: 'unknown', remoteId: null, notBefore: 0 });
  await judge(site);
  await show(site);
  await setPaused(site, false);
  await poll(records).toEqual(said(['job-10', 'job-11'], false, NEW.drift));
});

test('a record says the better time of its job: one that waits at once, one that is there after consent', async () => {
  const site = await openSite(standIn, mytoken);
  await site.sendAll();
  await agree(site);
  await score(site, 10, 2);
  await poll(records).toHaveLength(2);
  await setPaused(site, true);
  await score(site, 20, 2);
  const { db, sync } = site;
  // As if the answer to this one had been cut.
  const sent = (await db.getAll('deliveries')).find(({ jobId }) => jobId === 'job-10')!;
  await db.put('deliveries', { ...sent, state: 'unknown', remoteId: null, notBefore: 0 });
  for (const id of ['job-10', 'job-11', 'job-20']) {
    const job = (await db.get('jobs', id)) as CompletedJob;
    const corrected = { ...job, imageName: 'named.jpg', capturedAt: job.capturedAt - 3_600_000 };
    const made = { embedding: new Float32Array(2), thumbnail: new ArrayBuffer(2) };
    await saveJobs(db, [{ job: corrected, replaces: id, ...made }]);
    await sync.records.stored([corrected], false);
  }
  const waits = (await db.getAll('deliveries')).find(({ jobId }) => jobId === 'job-20');
  expect(waits).toMatchObject({ state: 'queued', imageName: 'named.jpg' });
  await sync.records.stored([]);
  expect(await db.get('settings', 'judgedAnew'), 'what may have arrived was made anew too').toEqual(
    new Map(),
  );
  await setPaused(site, false);
  const times = () => {
    const all = standIn.records(standIn.experiments()[0]!.id);
    return all.map(({ parameters }) => [parameters['result_id'], parameters['captured_at']]).sort();
  };
  await poll(times).toEqual([
    ['job-10', '2024-01-01T09:00:00Z'],
    ['job-11', '2024-01-01T10:00:00Z'],
    ['job-20', '2024-01-01T19:00:00Z'],
    ['job-21', '2024-01-01T21:00:00Z'],
  ]);
});

test('a page that dies right after the history was judged anew leaves it to the next one', async () => {
  const first = await openSite(standIn, mytoken);
  await first.sendAll();
  await setPaused(first, true);
  await score(first, 10, 4);
  await judge(first);
  leave(first);

  const onlooker = await openAgain(standIn, mytoken, false);
  expect(await stored(onlooker), 'a page that only looks on writes nothing').toEqual(
    Array(4).fill(['queued', true]),
  );
  leave(onlooker);
  const next = await openAgain(standIn, mytoken);
  await poll(() => stored(next)).toEqual(Array(4).fill(['queued', false]));
  expect(await next.db.get('settings', 'judgedAnew'), 'once').toEqual(new Map());
});

test('no record says that a snapshot was not checked which growth and loss are still to look at', async () => {
  const site = await openSite(standIn, mytoken);
  await site.sendAll();
  await setPaused(site, true);
  const { sync, db } = site;
  const known = [1, 2].map((day) =>
    wholeJob(`job-${day}`, Date.UTC(2024, 0, day), { distance: 0.3, driftStatus: 'drift' }),
  );
  const awaiting = known.map((job, i) => (i === 0 ? job : { ...job, awaitsGlass: true as const }));
  let inMemory: typeof known = [];
  await sync.follow({ camera: wholeCamera(), references: [], jobs: () => Promise.resolve(inMemory) });
  const conclusions = async () =>
    (await db.getAll('deliveries')).map(({ jobId, body }) => {
      const { parameters } = JSON.parse(body) as { parameters: Record<string, unknown> };
      return [jobId, parameters['conclusion'], parameters['growth'] ?? null];
    });
  for (const job of known) await db.add('jobs', job);
  inMemory = awaiting;
  // The first was stored before its reference was known to be one of a model for another camera.
  await sync.records.stored(awaiting);
  expect(await conclusions()).toEqual([['job-1', 'fouled', null]]);
  inMemory = known.map((job) => ({ ...job, awaitsGlass: true as const }));
  await sync.records.judgedAnew();
  expect(await conclusions()).toEqual([]);
  const facts = glass(0.01, 0.01);
  inMemory = known.map((job) => ({ ...job, glass: facts }));
  const judged = new Map(inMemory.map((job) => [job.id, job]));
  await saveJudged(db, 'camera', { judged, sights: new Map() }, null);
  await sync.records.judgedAnew();
  expect(await conclusions()).toEqual([
    ['job-1', 'light-or-water', 0.01],
    ['job-2', 'light-or-water', 0.01],
  ]);
  await setPaused(site, false);
  await poll(() => records().map(([id, isDrift]) => [id, isDrift])).toEqual([
    ['job-1', false],
    ['job-2', false],
  ]);
});
