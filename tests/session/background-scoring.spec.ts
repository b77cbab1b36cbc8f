import { expect, test } from '@playwright/test';
import { BLANK } from '../addresses';

/** Runs in a page served by Vite: its IndexedDB and what looks at the glass are the real ones. */
test('a camera that is not shown is scored from its newest jobs as from its whole history, to the last bit @long', async ({
  page,
}) => {
  test.setTimeout(120_000);
  await page.goto(BLANK);
  const found = await page.evaluate(async () => {
    const { openDatabase } = await import('/src/core/storage/database.ts');
    const { loadJobs, loadEmbeddings } = await import('/src/core/storage/jobs.ts');
    const { saveJobs } = await import('/src/core/storage/new-jobs.ts');
    const { saveGlassFit, loadSights } = await import('/src/core/storage/glass-fits.ts');
    const { shown: show, UNTOLD } = await import('/tests/storage/batches.ts');
    const { BackgroundScoring } = await import('/src/core/session/scoring/background-scoring.svelte.ts');
    const { CurrentRules } = await import('/src/core/session/history/current-rules.ts');
    const { Turns } = await import('/src/core/domain/turns.ts');
    const { EncoderPool } = await import('/src/core/encoder/pool.ts');
    const { EncodedFile } = await import('/src/core/encoder/encoded-file.ts');
    const { GlassLooker } = await import('/src/core/encoder/glass/glass-looker.ts');
    const scenes = await import('/tests/domain/glass/glass-scenes.ts');
    const rows = await import('/tests/storage/whole-rows.ts');
    type Job = import('../../src/core/domain/camera/job').Job;
    type CompletedJob = import('../../src/core/domain/camera/job').CompletedJob;
    type Camera = import('../../src/core/domain/camera/camera').Camera;

    const STEP = 30 * 60_000;
    const BEGAN = Date.UTC(2025, 0, 1);
    const HISTORY = 450;
    const at = (i: number) => BEGAN + i * STEP;
    let seed = 7;
    const random = () => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    const embedding = (shift: number) => Float32Array.from({ length: 6 }, () => random() + shift);
    const reef = scenes.scene(3);
    const { properties } = rows.wholeJob();
    const file = (name: string, time: number, content: string, shift = 0.4) => {
      const [own, glass] = [embedding(shift), scenes.grown(scenes.seen(reef, time % 997), 5, 60)];
      return new EncodedFile(`${name}.jpg`, {
        lastModified: time,
        stated: { at: time, source: 'file-name' },
        contentSha256: content,
        read: async () => ({
          ...{ ok: true, contentSha256: content, embedding: own, properties, glass },
          thumbnail: new ArrayBuffer(2),
        }),
      });
    };

    const db = await openDatabase();
    const looker = new GlassLooker();
    const parts = {
      ...{ db, looker, pool: new EncoderPool(), turns: new Turns(), now: () => Date.UTC(2025, 5, 1) },
      models: { open: async () => undefined } as never,
      followers: UNTOLD,
    };
    let read = 0;
    type GetAll = (this: IDBIndex, query?: IDBKeyRange) => IDBRequest<unknown[]>;
    const getAll = Reflect.get(IDBIndex.prototype, 'getAll') as GetAll;
    const counting: GetAll = function (query) {
      const request = getAll.call(this, query);
      request.addEventListener('success', () => {
        if (this.objectStore.name === 'jobs') read += request.result.length;
      });
      return request;
    };
    Object.assign(IDBIndex.prototype, { getAll: counting });
    const clean = Array.from({ length: 20 }, () => embedding(0));
    const pictures = Array.from({ length: 20 }, (_, i) => scenes.seen(reef, 100 + i));
    const fit = (await looker.fit(
      pictures,
      pictures.map((_, i) => BEGAN - (20 - i) * STEP),
    ))!;

    /** As a page that shows the camera: all of its history is read. */
    const shown = async (camera: Camera, files: File[]) => {
      const references = await db.getAllFromIndex('references', 'cameraId', camera.id);
      const reference = references.find(({ id }) => id === camera.referenceId)!;
      const events = await db.getAllFromIndex('events', 'cameraId', camera.id);
      const rules = await CurrentRules.open(db, references);
      const jobs = rules.applyTo(await loadJobs(db, camera.id));
      const { batches } = await show(parts, { camera, reference, references, events }, jobs);
      return batches.score(files);
    };
    const setUp = async (id: string, more: Partial<Camera> = {}) => {
      const camera = rows.wholeCamera(id, { ...more, referenceId: `clean of ${id}` });
      const reference = { cameraId: id, names: [], embeddings: clean, warmUpEmbeddings: [] };
      await db.put('cameras', camera);
      await db.put('references', rows.wholeReference(`clean of ${id}`, reference));
      await saveGlassFit(db, `clean of ${id}`, fit);
      return camera;
    };

    // A history needs jobs that were really scored, again and again.
    const first = await shown(
      await setUp('first'),
      Array.from({ length: 40 }, (_, i) => file(`first ${String(i)}`, at(i), `first ${String(i)}`)),
    );
    const scored = first.jobs as CompletedJob[];
    const ids = scored.map(({ id }) => id);
    const [embeddings, sights] = [await loadEmbeddings(db, ids), await loadSights(db, ids)];
    const usual = scored.at(-1)!.distance!;

    interface Case {
      readonly camera?: Partial<Camera>;
      readonly job?: (i: number, job: CompletedJob) => object;
      readonly failed?: readonly Partial<Extract<Job, { jobStatus: 'Failed' }>>[];
      readonly cleanedAt?: readonly number[];
      readonly files: () => File[];
    }
    const compare = async (name: string, { camera = {}, job, failed = [], cleanedAt = [], files }: Case) => {
      const given = files();
      const of = async (side: string, score: (camera: Camera, files: File[]) => Promise<object>) => {
        const id = `${name} ${side}`;
        const settled = await setUp(id, camera);
        const history = Array.from({ length: HISTORY }, (_, i) => {
          const [like, key] = [scored[i % 40]!, `${id} ${String(i)}`];
          const own = { id: key, cameraId: id, referenceId: `clean of ${id}`, capturedAt: at(i) };
          const names = { imageName: `history ${String(i)}`, contentSha256: `history ${String(i)}` };
          const known = { ...like, ...own, ...names, createdAt: at(i) };
          const thumbnail = new ArrayBuffer(2);
          const stored = { ...known, ...job?.(i, known) };
          return { job: stored, embedding: embeddings.get(like.id)!, sight: sights.get(like.id)!, thumbnail };
        });
        await saveJobs(db, history);
        for (const [i, facts] of failed.entries()) {
          await saveJobs(db, [
            { job: rows.wholeFailed(`${id} failed ${String(i)}`, 1, { ...facts, cameraId: id }) },
          ]);
        }
        for (const i of cleanedAt) {
          await db.put('events', rows.wholeEvent(`${id} ${String(i)}`, { cameraId: id, at: at(i) + 1 }));
        }
        read = 0;
        const said = (await score(settled, given)) as { readonly jobs: readonly Job[]; seenBefore: number };
        const took = read;
        const tell = (each: Job) => {
          const told = { ...each, id: '', cameraId: '', createdAt: 0 };
          return 'referenceId' in told ? { ...told, referenceId: '' } : told;
        };
        const stored = (await loadJobs(db, id)).slice(-300).map(tell);
        return { took, told: said.jobs.map(tell), seenBefore: said.seenBefore, stored };
      };
      const whole = await of('shown', shown);
      const { took, ...aside } = await of('aside', ({ id }, files) =>
        new BackgroundScoring(parts).score(id, files, { isByHand: false, isAnswered: () => true }),
      );
      return { name, whole: { ...whole, took: undefined }, aside, took };
    };

    const next = (count: number) =>
      Array.from({ length: count }, (_, i) => file(`new ${String(i)}`, at(HISTORY + i), `new ${String(i)}`));
    const inBand = { warning: 1.2 * usual, drift: 1.3 * usual };
    const slow = { raiseAfter: 2, clearAfter: 3, clearBelow: 0.5 };
    const dark = (job: CompletedJob) => ({
      distance: null,
      driftStatus: 'warming-up',
      glass: { ...job.glass!, growth: null, loss: null, standing: 'warning' },
    });
    return [
      await compare('usual', { files: () => next(4) }),
      await compare('seen before', {
        files: () => [
          file('another name', at(HISTORY), 'history 3'),
          file('history 440', at(440), 'history 440'),
          ...next(2),
        ],
      }),
      await compare('late', { files: () => [file('late', at(430) + 1, 'late'), ...next(2)] }),
      await compare('very late', { files: () => [file('late', at(100) + 1, 'late'), ...next(1)] }),
      await compare('a better time of long ago', {
        job: (i) => (i === 100 ? { capturedAtSource: 'file-date' } : {}),
        files: () => [file('a name', at(445) + 1, 'history 100'), ...next(1)],
      }),
      await compare('cleaned', { cleanedAt: [5, 445], files: () => next(14) }),
      await compare('cleaned long ago', { cleanedAt: [5], files: () => next(2) }),
      await compare('an alarm that stands between its lines', {
        camera: { thresholds: inBand, persistence: slow },
        job: (i) => ({ distance: i > 140 && i < 150 ? 2 * usual : usual, thresholds: inBand }),
        files: () => next(2),
      }),
      await compare('limits of before', {
        job: (i) => (i < 400 ? { detector: { name: 'mmd-streaming', windowSize: 12, sigma: 0.7 } } : {}),
        files: () => next(3),
      }),
      await compare('not looked at', {
        job: (i) => (i === 443 ? { glass: undefined } : {}),
        files: () => next(3),
      }),
      await compare('dark', { job: (i, job) => (i > 410 ? dark(job) : {}), files: () => next(3) }),
      await compare('read again', {
        failed: [
          { code: 'worker-lost', imageName: 'new 0.jpg', capturedAt: at(HISTORY), contentSha256: '' },
          { code: 'clock-impossible', imageName: 'clock', capturedAt: 1, contentSha256: 'new 1' },
        ],
        files: () => next(3),
      }),
      await compare('a clock that was set right', {
        camera: { clockCorrections: [{ from: 0, to: 1000, by: 5, madeAt: 1 }] },
        files: () => next(1),
      }),
    ];
  });
  const took = Object.fromEntries(found.map(({ name, took }) => [name, took]));
  for (const { name, whole, aside } of found) {
    expect(aside, name).toMatchObject({ seenBefore: whole.seenBefore });
    expect(aside.told, name).toEqual(whole.told);
    expect(aside.stored, name).toEqual(whole.stored);
  }
  const of = (name: string) => found.find((each) => each.name === name)!;
  expect(of('seen before').aside.seenBefore).toBe(2);
  expect(of('usual').aside.told).toMatchObject(Array(4).fill({ jobStatus: 'Completed', windowFill: 12 }));
  expect(of('an alarm that stands between its lines').aside.told).toMatchObject(
    Array(2).fill({ driftStatus: 'drift' }),
  );
  // Only these cases need more than the newest two hundred jobs.
  const whole = [
    ...['very late', 'a better time of long ago'],
    ...['an alarm that stands between its lines', 'a clock that was set right'],
  ];
  for (const [name, count] of Object.entries(took)) {
    if (whole.includes(name)) expect(count, name).toBeGreaterThanOrEqual(450);
    else expect(count, name).toBeLessThan(250);
  }
});
