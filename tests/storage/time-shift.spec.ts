import { expect, test } from '@playwright/test';
import { BLANK } from '../addresses';

const NIGHTS = ['2026-03-28T22:00Z', '2026-10-24T22:00Z'].map((night) => Date.parse(night));

/** Runs in a page served by Vite: its IndexedDB is the real one. */
test('a camera moved to another zone and back is as it was in every row, also over nights in which clocks are set', async ({
  page,
}) => {
  await page.goto(BLANK);
  const found = await page.evaluate(async (nights) => {
    const { openDatabase } = await import('/src/core/storage/database.ts');
    const { loadJobs } = await import('/src/core/storage/jobs.ts');
    const { saveJobs } = await import('/src/core/storage/new-jobs.ts');
    const { changeInputs } = await import('/src/core/session/history/change-inputs.ts');
    const { shiftTimes } = await import('/src/features/settings/shift-times.ts');
    const { GlassLooker } = await import('/src/core/encoder/glass/glass-looker.ts');
    const rows = await import('/tests/storage/whole-rows.ts');
    type NewJob = import('../../src/core/storage/new-jobs').NewJob;

    let seed = 11;
    const random = () => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    const [HALF_HOUR, DAY] = [1_800_000, 86_400_000];
    const embedding = (shift: number) => Float32Array.from({ length: 6 }, () => random() + shift);
    const judging = {
      detector: { name: 'mmd-streaming', windowSize: 6, sigma: 0.5 },
      thresholds: { warning: 0.02, drift: 0.06 },
      persistence: { raiseAfter: 2, clearAfter: 2, clearBelow: 0.9 },
    } as const;
    const [begin, end] = nights as [number, number];
    const ahead = Date.UTC(2036, 0, 1) - Date.UTC(2026, 0, 1);
    // Names without a zone and with one, EXIF of which the zone is not known, a file's date, a corrected clock.
    const kinds = [
      {},
      {},
      { capturedAtSource: 'exif' },
      {},
      { capturedAtSource: 'exif', statedOffset: 120 },
      {},
      { capturedAtSource: 'file-date' },
      { capturedAtSource: 'exif', statedOffset: null },
    ] as const;
    const jobs = nights.flatMap((night, n) =>
      Array.from({ length: 30 }, (_, i): NewJob => {
        const [at, id] = [night + i * HALF_HOUR, `job-${String(n * 100 + i)}`];
        if (i === 5) return { job: rows.wholeFailed(id, at) };
        const kind = kinds[i % (kinds.length + 1)] ?? { statedAt: at + ahead };
        // Those of before the horizon have no window.
        const isOld = at < begin + 5 * HALF_HOUR && { distance: null, windowFill: 1 };
        const said = { ...isOld, driftStatus: 'warming-up' } as const;
        const more = { ...judging, calibrationId: null, ...said, ...kind };
        return {
          job: rows.wholeJob(id, at, more),
          embedding: embedding(i > 12 ? 0.4 : 0),
          thumbnail: new ArrayBuffer(2),
        };
      }),
    );
    const reference = rows.wholeReference('reference', {
      names: Array.from({ length: 20 }, (_, i) =>
        i < 10 ? `clean-${String(i)}.jpg` : '20260328-230000Z.jpg',
      ),
      capturedAt: Array.from({ length: 20 }, (_, i) => nights[0]! + i * HALF_HOUR),
      embeddings: Array.from({ length: 20 }, () => embedding(0)),
      isOwnModel: true,
    });
    const camera = rows.wholeCamera('camera', {
      ...judging,
      referenceId: 'reference',
      clockCorrections: [{ from: begin + ahead, to: end + DAY + ahead, by: -ahead, madeAt: begin }],
      timeline: [
        { at: 0, referenceId: 'reference' },
        { at: end + 8 * HALF_HOUR, referenceId: 'reference' },
      ],
      horizon: begin + 5 * HALF_HOUR + 1,
      judgedInOrder: true,
    });
    const db = await openDatabase();
    await saveJobs(db, jobs);
    const events = [
      rows.wholeEvent('cleaned', { at: nights[0]! + 7.5 * HALF_HOUR }),
      rows.wholeEvent('view', { kind: 'moved', at: nights[1]! + 8 * HALF_HOUR, isNewView: true }),
    ];
    const put = async (store: 'references' | 'spansByHand' | 'deliveries', row: object) => {
      await db.put(store, row as never);
    };
    await put('references', reference);
    await put(
      'spansByHand',
      rows.wholeSpanByHand('span', { begin: nights[0]! + 100, end: nights[1]! + 9e6 }),
    );
    for (const { job } of jobs.slice(0, 12)) {
      await put('deliveries', rows.wholeDelivery(job.id, { capturedAt: job.capturedAt, state: 'sent' }));
    }
    const looker = new GlassLooker();
    const by = { db, looker, now: () => Date.UTC(2026, 11, 1) };
    const watched = { camera, reference, references: [reference], events: [] };
    await changeInputs(by, { ...watched, jobs: await loadJobs(db, 'camera') }, { camera, events });

    const everything = async () => {
      const stores = [...db.objectStoreNames].map(async (name) => [
        name,
        await db.getAllKeys(name),
        (await db.getAll(name)).map((row) => JSON.stringify(row)),
      ]);
      return JSON.stringify(await Promise.all(stores));
    };
    const order = async () => (await loadJobs(db, 'camera')).map(({ capturedAt }) => capturedAt);
    const before = await everything();
    const told = async () => (await db.getAll('jobs')).map((job) => (job as { distance?: number }).distance);
    const distances = await told();
    const rounds = [];
    for (const to of [{ timeZone: 'Europe/Madrid' }, { timeZone: 'America/New_York', timeOffset: 90_000 }]) {
      await shiftTimes(by, (await db.get('cameras', 'camera'))!, to);
      const times = await order();
      const moved = await told();
      rounds.push({
        isOrdered: times.every((at, i) => i === 0 || at >= times[i - 1]!),
        changed: moved.filter((distance, i) => distance !== distances[i]).length,
        named: (await db.get('jobs', 'job-0'))?.capturedAt,
        corrected: (await db.get('jobs', 'job-8'))?.capturedAt,
        record: (await db.get('deliveries', ['/driftwatch#experiment', 'job-0']))?.capturedAt,
        view: (await db.get('events', 'view'))?.at,
        viewed: (await db.get('jobs', 'job-108'))?.capturedAt,
        timeline: (await db.get('cameras', 'camera'))?.timeline?.map(({ at }) => at),
        horizon: (await db.get('cameras', 'camera'))?.horizon,
        cleaned: (await db.get('events', 'cleaned'))?.at,
        reference: (await db.get('references', 'reference'))?.capturedAt?.slice(9, 11),
        span: (await db.get('spansByHand', 'span'))?.begin,
      });
    }
    await shiftTimes(by, (await db.get('cameras', 'camera'))!, { timeZone: 'Europe/Madrid' });
    await shiftTimes(by, (await db.get('cameras', 'camera'))!, {});
    return { before, after: await everything(), rounds };
  }, NIGHTS);
  const [march] = NIGHTS as [number, number];
  const HOUR = 3_600_000;
  const [madrid, newYork] = found.rounds;
  expect(madrid).toMatchObject({
    ...{ isOrdered: true, named: march - HOUR, record: march - HOUR, corrected: march + 4 * HOUR },
    ...{ cleaned: march + 3.75 * HOUR, span: march - HOUR + 100 },
    // 02:30 is left out that night; a name with a zone stays.
    reference: [march + 3.5 * HOUR, march + 5 * HOUR],
  });
  expect(madrid?.timeline).toEqual([0, madrid?.view]);
  expect(madrid?.horizon).toBe(march + 1.5 * HOUR + 1);
  expect(newYork?.timeline).toEqual([0, newYork?.view]);
  // The cleaning stands still while snapshots pass it: windows that it emptied are other ones.
  expect(madrid?.changed).toBeGreaterThan(0);
  expect(madrid?.view).toBe(madrid?.viewed);
  expect(newYork).toMatchObject({ isOrdered: true, named: march + 4 * HOUR + 90_000 });
  expect(newYork?.view).toBe(newYork?.viewed);
  expect(found.after).toBe(found.before);
});

test('an answer about a change goes with its picture when the clock is corrected, and back', async ({
  page,
}) => {
  await page.goto(BLANK);
  const [wrong, right] = [Date.UTC(2027, 5, 1), Date.UTC(2026, 5, 1)];
  const told = await page.evaluate(
    async ([wrong, right]) => {
      const { openDatabase } = await import('/src/core/storage/database.ts');
      const { loadEvents } = await import('/src/core/storage/cameras.ts');
      const { loadJobs } = await import('/src/core/storage/jobs.ts');
      const { changeClock } = await import('/src/core/session/history/change-inputs.ts');
      const { GlassLooker } = await import('/src/core/encoder/glass/glass-looker.ts');
      const rows = await import('/tests/storage/whole-rows.ts');
      const HOUR = 3_600_000;
      const db = await openDatabase();
      const reference = rows.wholeReference();
      const camera = rows.wholeCamera('camera', { referenceId: reference.id });
      const times = [right - 2 * HOUR, right - HOUR, wrong, wrong + HOUR, wrong + 2 * HOUR];
      for (const [i, at] of times.entries()) await db.put('jobs', rows.wholeJob(`job-${String(i)}`, at));
      const scene = { ...rows.wholeScene().scene!, liftedAt: wrong + 2 * HOUR };
      await db.put('events', rows.wholeScene('scene', { at: wrong, scene }));
      const by = { db, looker: new GlassLooker(), now: () => right + 48 * HOUR };
      const correction = { from: wrong, to: wrong + 2 * HOUR, by: right - wrong, madeAt: right + 48 * HOUR };
      const told = [];
      for (const corrections of [[correction], []]) {
        const [events, jobs] = [await loadEvents(db, 'camera'), await loadJobs(db, 'camera')];
        await changeClock(
          by,
          { camera, reference, references: [reference], events, jobs },
          { clockCorrections: corrections },
        );
        const [moved] = await loadEvents(db, 'camera');
        told.push([(await db.get('jobs', 'job-2'))?.capturedAt, moved?.at, moved?.scene?.liftedAt]);
      }
      return told;
    },
    [wrong, right] as const,
  );
  const lifted = 2 * 3_600_000;
  expect(told).toEqual([
    [right, right, right + lifted],
    [wrong, wrong, wrong + lifted],
  ]);
});
