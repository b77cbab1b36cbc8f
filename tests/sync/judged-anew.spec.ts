/** That records which wait say what their jobs say by now, and that those which were sent stay without consent. */
import { expect, test, type Page } from '@playwright/test';
import type { CompletedJob } from '../../src/core/domain/camera/job';
import { startStandIn, type StandIn } from '../stand-in/server';
import { openSite, sendAll, type Site } from './site-page';

declare const site: Site;

const OLD = { warning: 0.05, drift: 0.1 };
const NEW = { warning: 0.2, drift: 0.4 };

let standIn: StandIn;
let mytoken: string;
test.beforeEach(async () => {
  standIn = await startStandIn({ cors: true, rateLimit: null });
  ({ mytoken } = standIn.newMytoken({ isRegistered: true }));
});
test.afterEach(async () => {
  await standIn.close();
});

const setPaused = (page: Page, isPaused: boolean) =>
  page.evaluate((isPaused) => site.sync.account.setPaused(isPaused), isPaused);

/** The user agrees that records there are corrected. */
const agree = (page: Page) => page.evaluate(() => site.sync.correct(true));

/** Stores so many scored jobs, which drift by the limits of before, and tells of them as the page does. */
const score = (page: Page, from: number, count: number) =>
  page.evaluate(
    async ([from, count, thresholds]) => {
      const { wholeJob } = await import('/tests/storage/whole-rows.ts');
      const jobs = Array.from({ length: count }, (_, i) =>
        wholeJob(`job-${from + i}`, Date.UTC(2024, 0, 1, from + i), {
          distance: 0.3,
          thresholds,
          driftStatus: 'drift',
        }),
      );
      for (const job of jobs) await site.db.add('jobs', job);
      await site.sync.records.stored(jobs);
    },
    [from, count, OLD] as const,
  );

/** Judges the stored history by other limits, in the transaction that an acceptance writes. */
const judge = (page: Page) =>
  page.evaluate(async (thresholds) => {
    const { saveInputs } = await import('/src/core/storage/inputs.ts');
    const { wholeCamera } = await import('/tests/storage/whole-rows.ts');
    const judged = new Map<string, CompletedJob>();
    for (const job of await site.db.getAll('jobs')) {
      judged.set(job.id, { ...(job as CompletedJob), thresholds, driftStatus: 'warning' });
    }
    const camera = wholeCamera('camera', { thresholds });
    await saveInputs(site.db, { camera }, { judged, sights: new Map() });
  }, NEW);

/** Shows the camera again as storage has it, as the page does after each change of it. */
const show = (page: Page) =>
  page.evaluate(async () => {
    const { loadJobs } = await import('/src/core/storage/jobs.ts');
    const { wholeCamera } = await import('/tests/storage/whole-rows.ts');
    await site.sync.follow({
      camera: wholeCamera(),
      references: [],
      jobs: () => loadJobs(site.db, 'camera'),
    });
  });

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

const stored = (page: Page) =>
  page.evaluate(async () =>
    (await site.db.getAll('deliveries'))
      .filter(({ state }) => state !== 'sent' && state !== 'confirmed')
      .map(({ state, body }) => [state, (JSON.parse(body) as { drift_detected: boolean }).drift_detected]),
  );

test('records that wait are made anew when their jobs were judged anew, and those that were sent stay', async ({
  page,
}) => {
  await openSite(page, standIn, mytoken);
  await sendAll(page);
  await score(page, 10, 3);
  await expect.poll(records).toEqual(said(range(10, 13), true, OLD.drift));
  await setPaused(page, true);
  await score(page, 20, 5);
  expect(await stored(page)).toEqual(Array(5).fill(['queued', true]));
  await judge(page);
  await show(page);
  expect(await stored(page), 'nobody can have sent them').toEqual(Array(5).fill(['queued', false]));
  const differing = await page.evaluate(async () => {
    const jobs = new Map((await site.db.getAll('jobs')).map((job) => [job.id, job]));
    const waiting = (await site.db.getAll('deliveries')).filter(({ state }) => state === 'queued');
    const choices = { tags: ['reef'], model: 'ResNet-50' };
    return waiting.filter(({ jobId, body }) => body !== site.sync.preview(jobs.get(jobId)!, choices)).length;
  });
  expect(differing, 'what is shown is what is sent').toBe(0);
  await setPaused(page, false);
  await expect
    .poll(records)
    .toEqual([...said(range(10, 13), true, OLD.drift), ...said(range(20, 25), false, NEW.drift)]);
  const asked = standIn.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/drift'));
  expect(asked, 'each was sent once').toHaveLength(8);
});

test('records that were sent or may have arrived say there what their jobs say by now after consent, each once', async ({
  page,
}) => {
  await openSite(page, standIn, mytoken);
  await sendAll(page);
  await agree(page);
  await score(page, 10, 2);
  await expect.poll(records).toEqual(said(range(10, 12), true, OLD.drift));
  await setPaused(page, true);
  await page.evaluate(async () => {
    // As if the answer to this one had been cut.
    const [first] = (await site.db.getAll('deliveries')).filter(({ jobId }) => jobId === 'job-10');
    await site.db.put('deliveries', { ...first!, state: 'unknown', remoteId: null, notBefore: 0 });
  });
  await judge(page);
  await show(page);
  await setPaused(page, false);
  await expect.poll(records).toEqual(said(['job-10', 'job-11'], false, NEW.drift));
});

test('a record says the better time of its job: one that waits at once, one that is there after consent', async ({
  page,
}) => {
  await openSite(page, standIn, mytoken);
  await sendAll(page);
  await agree(page);
  await score(page, 10, 2);
  await expect.poll(records).toHaveLength(2);
  await setPaused(page, true);
  await score(page, 20, 2);
  const told = await page.evaluate(async () => {
    const { saveJobs } = await import('/src/core/storage/new-jobs.ts');
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
    const waits = (await db.getAll('deliveries')).find(({ jobId }) => jobId === 'job-20')!;
    await sync.records.stored([]);
    return { waits, marks: ((await db.get('settings', 'judgedAnew')) as ReadonlyMap<string, string>).size };
  });
  expect(told.waits).toMatchObject({ state: 'queued', imageName: 'named.jpg' });
  expect(told.marks, 'what may have arrived was made anew too').toBe(0);
  await setPaused(page, false);
  const times = () => {
    const all = standIn.records(standIn.experiments()[0]!.id);
    return all.map(({ parameters }) => [parameters['result_id'], parameters['captured_at']]).sort();
  };
  await expect.poll(times).toEqual([
    ['job-10', '2024-01-01T09:00:00Z'],
    ['job-11', '2024-01-01T10:00:00Z'],
    ['job-20', '2024-01-01T19:00:00Z'],
    ['job-21', '2024-01-01T21:00:00Z'],
  ]);
});

test('a page that dies right after the history was judged anew leaves it to the next one @long', async ({
  context,
}) => {
  let page = await context.newPage();
  await openSite(page, standIn, mytoken);
  await sendAll(page);
  await setPaused(page, true);
  await score(page, 10, 4);
  await judge(page);
  await page.close();

  page = await context.newPage();
  await openSite(page, standIn, mytoken, false);
  expect(await stored(page), 'a page that only looks on writes nothing').toEqual(
    Array(4).fill(['queued', true]),
  );
  await page.close();
  page = await context.newPage();
  await openSite(page, standIn, mytoken);
  await expect.poll(() => stored(page)).toEqual(Array(4).fill(['queued', false]));
  const marks = await page.evaluate(async () => [
    ...((await site.db.get('settings', 'judgedAnew')) as ReadonlyMap<string, string>),
  ]);
  expect(marks, 'once').toEqual([]);
});

test('no record says that a snapshot was not checked which growth and loss are still to look at', async ({
  page,
}) => {
  await openSite(page, standIn, mytoken);
  await sendAll(page);
  await setPaused(page, true);
  const steps = await page.evaluate(async () => {
    const { wholeCamera, wholeJob } = await import('/tests/storage/whole-rows.ts');
    const { glass } = await import('/tests/domain/camera/jobs.ts');
    const { saveJudged } = await import('/src/core/storage/unjudged.ts');
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
    const before = await conclusions();
    inMemory = known.map((job) => ({ ...job, awaitsGlass: true as const }));
    await sync.records.judgedAnew();
    const awaited = await conclusions();
    const facts = glass(0.01, 0.01);
    inMemory = known.map((job) => ({ ...job, glass: facts }));
    const judged = new Map(inMemory.map((job) => [job.id, job]));
    await saveJudged(db, 'camera', { judged, sights: new Map() }, null);
    await sync.records.judgedAnew();
    return { before, awaited, after: await conclusions() };
  });
  expect(steps.before).toEqual([['job-1', 'fouled', null]]);
  expect(steps.awaited).toEqual([]);
  expect(steps.after).toEqual([
    ['job-1', 'light-or-water', 0.01],
    ['job-2', 'light-or-water', 0.01],
  ]);
  await setPaused(page, false);
  await expect
    .poll(() => records().map(([id, isDrift]) => [id, isDrift]))
    .toEqual([
      ['job-1', false],
      ['job-2', false],
    ]);
});
