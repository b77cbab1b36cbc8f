import { expect, test } from '@playwright/test';
import { BLANK } from '../addresses';

/** Runs in a page served by Vite: its IndexedDB is the real one. */
test('a history judged anew says of each snapshot what scoring in order would have said, to the last bit', async ({
  page,
}) => {
  await page.goto(BLANK);
  const found = await page.evaluate(async () => {
    const { openDatabase } = await import('/src/core/storage/database.ts');
    const { saveJobs } = await import('/src/core/storage/jobs.ts');
    const { judgeAnew } = await import('/src/core/session/history/judge-anew.ts');
    const { restoreJudge } = await import('/src/core/session/history/window.ts');
    const { GlassLooker } = await import('/src/core/encoder/glass/glass-looker.ts');
    const { isSetAside, lastBreak } = await import('/src/core/domain/camera/job.ts');
    const rows = await import('/tests/storage/whole-rows.ts');
    type CompletedJob = import('../../src/core/domain/camera/job').CompletedJob;

    let seed = 7;
    const random = () => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    const embedding = (shift: number) => Float32Array.from({ length: 6 }, () => random() + shift);
    const reference = (id: string, count: number) =>
      rows.wholeReference(id, {
        names: [],
        embeddings: Array.from({ length: count }, () => embedding(0)),
        warmUpEmbeddings: Array.from({ length: 12 }, () => embedding(0)),
      });
    const [second, third] = [reference('second', 34), reference('third', 20)];
    const aside = { growth: null, loss: null, standing: 'normal' } as unknown as NonNullable<
      CompletedJob['glass']
    >;
    const persistence = { raiseAfter: 2, clearAfter: 2, clearBelow: 0.9 };
    // Twenty of an earlier reference, then of the second, with a cleaning, another view and what comes late among them.
    const jobs = Array.from({ length: 80 }, (_, i) =>
      rows.wholeJob(`job-${String(i)}`, 1000 + i, {
        referenceId: i < 20 || i === 50 ? 'first' : 'second',
        distance: i % 3 === 0 ? 0.2 : 0.01,
        driftStatus: i % 3 === 0 ? 'drift' : 'normal',
        persistence,
        ...(i === 28 || i === 29 ? { glass: aside, distance: null } : {}),
      }),
    );
    const db = await openDatabase();
    const lost = new Set(['job-60']);
    const embeddings = new Map(jobs.map(({ id }, i) => [id, embedding(i > 40 ? 0.4 : 0)]));
    await saveJobs(
      db,
      jobs.map((job) => ({ job, embedding: embeddings.get(job.id)!, thumbnail: new ArrayBuffer(2) })),
    );
    const tx = db.transaction('embeddings', 'readwrite');
    for (const id of lost) await tx.store.delete(id);
    await tx.done;
    const events = [rows.wholeEvent('cleaned', { at: 1035 })];

    const compare = async (reference: typeof second, change: object, warmUp: 'none' | 'snapshots') => {
      const judging = {
        detector: { name: 'mmd-streaming', windowSize: 12, sigma: 0.5 },
        thresholds: { warning: 0.02, drift: 0.06 },
        persistence,
        ...change,
      } as const;
      const camera = rows.wholeCamera('camera', { ...judging, referenceId: reference.id, warmUp });
      const watched = { camera, reference, events };
      const looker = new GlassLooker();
      const judged = await judgeAnew({ db, looker }, watched, second, jobs);
      // Each by a judge that was restored right before it, as a page does that was closed after each snapshot.
      const all = [...jobs];
      const expected: Record<string, unknown>[] = [];
      for (const [i, job] of jobs.entries()) {
        if (job.referenceId === 'first' || lost.has(job.id)) continue;
        const since = lastBreak(events, job.capturedAt);
        const judge = await restoreJudge(db, watched, all.slice(0, i), since, null);
        const said = isSetAside(job)
          ? { distance: null, windowFill: judge.windowFill, driftStatus: 'warming-up' as const }
          : judge.update(embeddings.get(job.id)!);
        all[i] = {
          ...job,
          ...said,
          ...judging,
          calibrationId: null,
          referenceId: reference.id,
        };
        expected.push({ id: job.id, ...said });
      }
      const told = [...judged].map(([id, { distance, windowFill, driftStatus }]) => ({
        id,
        distance,
        windowFill,
        driftStatus,
      }));
      return { told, expected: expected.map(({ blindness: _, ...facts }) => facts) };
    };
    return [
      await compare(second, {}, 'snapshots'),
      await compare(second, {}, 'none'),
      await compare(third, {}, 'snapshots'),
      await compare(second, { detector: { name: 'mmd-streaming', windowSize: 8, sigma: 0.4 } }, 'none'),
    ];
  });
  for (const { told, expected } of found) {
    expect(told).toHaveLength(58);
    expect(new Set(told.map(({ driftStatus }) => driftStatus)).size).toBeGreaterThan(2);
    expect(told).toEqual(expected);
  }
});
