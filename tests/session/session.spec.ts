import { expect, test, type Page } from '@playwright/test';
import { BLANK } from '../addresses';

/** A session over this origin's storage, without a page around it. */
async function openSession(page: Page): Promise<void> {
  // None is shipped beside the blank page, and a list that can't be read would be the session's problem, sooner or later.
  await page.route('**/models/index.json', (route) => route.fulfill({ json: { models: [] } }));
  await page.goto(BLANK);
  await page.evaluate(async () => {
    const { Session } = await import('/src/core/session/session.svelte.ts');
    const session = await Session.open(() => []);
    await session.ready;
    Object.assign(session.models, { open: async () => undefined });
    Object.assign(globalThis, { session });
  });
}

declare const session: import('../../src/core/session/session.svelte').Session;
/** Makes snapshots, one each hour of a day. */
declare const snapshotsOf: (day: number) => File[];

/** Stores a camera with a reference, and opens a session that has scored 20 snapshots for it, one each hour. */
async function openScored(page: Page): Promise<void> {
  await page.goto(BLANK);
  await page.evaluate(async () => {
    const { openDatabase } = await import('/src/core/storage/database.ts');
    const rows = await import('/tests/storage/whole-rows.ts');
    const db = await openDatabase();
    const { camera, reference } = rows.quickCamera('camera', 'reference');
    await db.put('references', reference);
    await db.put('cameras', camera);
    db.close();
  });
  await openSession(page);
  await page.evaluate(async () => {
    const { EncodedFile } = await import('/src/core/encoder/encoded-file.ts');
    const { wholeJob } = await import('/tests/storage/whole-rows.ts');
    const { properties } = wholeJob();
    const snapshotsOf = (day: number) =>
      Array.from({ length: 20 }, (_, hour) => {
        const at = Date.UTC(2026, 0, day, hour);
        const contentSha256 = day === 1 ? String(hour) : `${String(day)}-${String(hour)}`;
        const embedding = new Float32Array([hour > 8 ? 3 : hour / 8, (hour % 5) / 5, 0.5]);
        return new EncodedFile(`${contentSha256.padStart(2, '0')}.jpg`, {
          ...{ lastModified: at, contentSha256, stated: { at, source: 'file-name' } },
          read: async () => ({
            ...{ ok: true, contentSha256, embedding, properties, thumbnail: new ArrayBuffer(2) },
            glass: null as never,
          }),
        });
      });
    Object.assign(globalThis, { snapshotsOf });
    await session.scoring.score(snapshotsOf(1));
  });
}

/** Events and jobs in memory and in storage, and the stores that were read as a whole meanwhile. */
async function afterwards(page: Page, what: 'log' | 'undo' | 'reload') {
  return page.evaluate(async (what) => {
    const { logEvent, undoEvent } = await import('/src/core/session/history/log-event.ts');
    const { loadEvents } = await import('/src/core/storage/cameras.ts');
    const { loadJobs } = await import('/src/core/storage/jobs.ts');
    const read = new Set<string>();
    type GetAll = (this: IDBObjectStore | IDBIndex, ...query: unknown[]) => IDBRequest<unknown[]>;
    const own = [IDBObjectStore.prototype, IDBIndex.prototype].map((kind) => {
      const getAll = Reflect.get(kind, 'getAll') as GetAll;
      const counting: GetAll = function (...query) {
        read.add('objectStore' in this ? this.objectStore.name : this.name);
        return getAll.apply(this, query);
      };
      Object.assign(kind, { getAll: counting });
      return () => Object.assign(kind, { getAll });
    });
    if (what === 'log') await logEvent(session, { kind: 'cleaned', at: Date.UTC(2026, 0, 1, 12), note: '' });
    else if (what === 'undo') await undoEvent(session, session.cameras.events[0]!.id);
    else await session.cameras.choose('camera');
    for (const restore of own) restore();
    const distances = session.history.jobs.map((job) => job.jobStatus === 'Completed' && job.distance);
    return {
      problem: session.work.problem?.code ?? null,
      read: ['cameras', 'references', 'events', 'calibrations', 'jobs'].filter((store) => read.has(store)),
      distances,
      unjudged: distances.filter((distance) => distance === null).length,
      memory: { events: session.cameras.events, jobs: session.history.asStored },
      watched: session.history.watched?.events.length,
      storage: { events: await loadEvents(session.db, 'camera'), jobs: await loadJobs(session.db, 'camera') },
    };
  }, what);
}

test('logging an event judges the history again and reads no camera, and memory is as storage', async ({
  page,
}) => {
  await openScored(page);
  const before = await afterwards(page, 'reload');
  expect(before.read).toContain('cameras');
  expect(before.unjudged).toBe(3);
  const logged = await afterwards(page, 'log');
  expect(logged).toMatchObject({ problem: null, read: [], watched: 1, unjudged: 6 });
  expect(logged.memory.events).toMatchObject([{ kind: 'cleaned' }]);
  expect(logged.memory).toEqual(logged.storage);
  const reloaded = await afterwards(page, 'reload');
  expect(reloaded.memory).toEqual(logged.memory);
  const undone = await afterwards(page, 'undo');
  expect(undone).toMatchObject({ problem: null, read: [], watched: 0 });
  expect(undone.distances).toEqual(before.distances);
  expect(undone.memory).toEqual(undone.storage);
});

test('snapshots that no feature takes are scored, on the Monitor', async ({ page }) => {
  await openScored(page);
  const scored = await page.evaluate(async () => {
    session.place = 'jobs';
    const isWell = await session.take(snapshotsOf(2));
    return { isWell, place: session.place, jobs: session.history.asStored.length };
  });
  expect(scored).toEqual({ isWell: true, place: 'monitor', jobs: 40 });
});

test('snapshots of a camera that is not shown are scored behind, and pass in nobody’s sight', async ({
  page,
}) => {
  await openScored(page);
  const offered = await page.evaluate(async () => {
    const rows = await import('/tests/storage/whole-rows.ts');
    const reference = session.cameras.references[0]!;
    await session.db.put(
      'references',
      rows.wholeReference('others', { ...reference, id: 'others', cameraId: 'other' }),
    );
    await session.db.put('cameras', { ...session.cameras.chosen!, id: 'other', referenceId: 'others' });
    const score = async (cameraId: string, day: number) => {
      let count = 0;
      Object.assign(session.scoring.preview, { offer: () => (count += 1) });
      const { jobs } = await session.scoring.scoreFor(cameraId, snapshotsOf(day), [], () => true);
      return { jobs: jobs.length, isOffered: count > 0 };
    };
    await session.cameras.choose('camera');
    return { behind: await score('other', 1), shown: await score('camera', 2) };
  });
  expect(offered).toEqual({ behind: { jobs: 20, isOffered: false }, shown: { jobs: 20, isOffered: true } });
});

test('a tab that looks on may not write, follows what another writes, and goes on when that is closed', async ({
  page,
  context,
}) => {
  await openScored(page);
  const other = await context.newPage();
  await openSession(other);
  const events = () => other.evaluate(() => session.cameras.events.length);
  const refused = await afterwards(other, 'log');
  expect(refused).toMatchObject({ problem: 'not-the-writer', memory: { events: [] } });
  await afterwards(page, 'log');
  await expect.poll(events).toBe(1);
  await page.close();
  await expect.poll(() => other.evaluate(() => session.work.canChange)).toBe(true);
  const undone = await afterwards(other, 'undo');
  expect(undone).toMatchObject({ problem: null, memory: { events: [] } });
});

test('one thing changes at a time, snapshots may join a batch, and what nobody waits for gives way', async ({
  page,
}) => {
  await page.goto(BLANK);
  const told = await page.evaluate(async () => {
    const { Work } = await import('/src/core/session/work.svelte.ts');
    const state = { isScoring: false, isBehind: true };
    let end = (): void => undefined;
    const ended = new Promise<void>((done) => (end = done));
    const work = new Work({
      isFeatureAtWork: () => false,
      isScoring: () => state.isScoring,
      isBehind: () => state.isBehind,
      giveWay: async () => void (state.isBehind = false),
      whole: () => Promise.reject(new Error('unread')),
    });
    const says = () => [work.canChange, work.isBusy, work.isAtRest, work.isChanging];
    const codes: (string | null)[] = [];
    const attempt = async (doing: () => Promise<unknown>) => {
      const isDone = await work.attempt(doing);
      codes.push(isDone ? null : work.problem!.code);
    };
    await attempt(() => work.alone(async () => undefined));
    await work.become('writer', async () => undefined);
    const free = says();
    const first = attempt(() => work.alone(() => ended, true));
    await Promise.resolve();
    const alone = says();
    await attempt(() => work.alone(async () => undefined));
    end();
    await first;
    state.isScoring = true;
    const scoring = says();
    work.mustWrite(work.isChanging);
    await attempt(async () => work.mustWrite(work.isBusy));
    state.isScoring = false;
    await attempt(() => work.alone(async () => undefined));
    return { free, alone, scoring, codes };
  });
  expect(told).toEqual({
    free: [true, false, false, false],
    alone: [false, true, false, true],
    scoring: [false, true, false, false],
    codes: ['not-the-writer', 'busy', null, 'busy', 'unexpected'],
  });
});

test('what has left this device is counted over all features that send, else by storage', async ({
  page,
}) => {
  await page.goto(BLANK);
  const counts = await page.evaluate(async () => {
    const { Followers } = await import('/src/core/session/followers.svelte.ts');
    const of = (...counts: (import('../../src/core/session/follower').SentCounts | null)[]) => {
      const followers = new Followers(() => undefined);
      followers.sentBefore = { isConnected: true, hasSent: true, sent: 7 };
      followers.all = [{}, ...counts.map((sent) => ({ sentCounts: () => sent }))];
      return followers.sentCounts;
    };
    return [
      of(null),
      of({ isConnected: false, sent: 2, waiting: 1 }, null, { isConnected: true, sent: 3, waiting: 0 }),
    ];
  });
  expect(counts).toEqual([
    { isConnected: true, hasSent: true, sent: 7, waiting: 0 },
    { isConnected: true, sent: 5, waiting: 1 },
  ]);
});
