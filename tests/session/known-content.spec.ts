/** One job for each content, by the best witness of its time: a Monitor with the real IndexedDB, in a page served by Vite. */
import { expect, type Page } from '@playwright/test';
import { isUnjudged } from '../../src/core/domain/camera/snapshot-job';
import { setAside } from '../../src/core/domain/camera/time/clock-stand';
import { test } from '../shared-page';
import type { CaptureTimeSource } from '../../src/core/domain/camera/time/capture-time';
import type { CompletedJob, Job } from '../../src/core/domain/camera/job';

interface Said {
  readonly name: string;
  readonly content: string;
  /** hours */
  readonly at: number;
  readonly source?: CaptureTimeSource;
  /** the file's own date, in hours, if it differs */
  readonly date?: number;
  readonly isUnread?: boolean;
  /** it was read while it was being copied */
  readonly isHalf?: boolean;
}

interface Lab {
  readonly db: import('../../src/core/storage/database').Database;
  /** as a page that was just opened and is given these files at once; `isAside`: for a camera that is not shown */
  score(files: readonly Said[], isAside?: boolean): Promise<readonly Job[]>;
  corrections: [job: Job, before: Job][];
  /** jobs that the page showed after the last scoring */
  shown: Job[];
}

declare const lab: Lab;

test.beforeEach(async ({ page }) => {
  await page.evaluate(async () => {
    const { openDatabase } = await import('/src/core/storage/database.ts');
    const { loadJobs } = await import('/src/core/storage/jobs.ts');
    const { saveGlassFit } = await import('/src/core/storage/glass-fits.ts');
    const { BY_HAND } = await import('/src/core/session/scoring/batch.ts');
    const { shown: show, UNTOLD } = await import('/tests/storage/batches.ts');
    const { BackgroundScoring } = await import('/src/core/session/scoring/background-scoring.svelte.ts');
    const { Turns } = await import('/src/core/domain/turns.ts');
    const { EncoderPool } = await import('/src/core/encoder/pool.ts');
    const { EncodedFile } = await import('/src/core/encoder/encoded-file.ts');
    const { unreadSha256 } = await import('/src/core/encoder/content.ts');
    const { GlassLooker } = await import('/src/core/encoder/glass/glass-looker.ts');
    const scenes = await import('/tests/domain/glass/glass-scenes.ts');
    const rows = await import('/tests/storage/whole-rows.ts');
    const db = await openDatabase();
    const looker = new GlassLooker();
    const BEGAN = Date.UTC(2025, 0, 1);
    const at = (hours: number) => BEGAN + hours * 3_600_000;
    const corrections: Lab['corrections'] = [];
    const shown: Job[] = [];
    const parts = {
      ...{ db, looker, pool: new EncoderPool(), turns: new Turns(), now: () => Date.UTC(2025, 5, 1) },
      models: { open: async () => undefined } as never,
      followers: {
        ...UNTOLD,
        corrected: (job: Job, before: Job) => void corrections.push([job, before]),
      },
    };
    const reef = scenes.scene(3);
    const pictures = Array.from({ length: 20 }, (_, i) => scenes.seen(reef, 100 + i));
    const fit = await looker.fit(
      pictures,
      pictures.map((_, i) => at(-20 + i)),
    );
    const camera = rows.wholeCamera('camera', {
      referenceId: 'reference',
      detector: { name: 'mmd-streaming', windowSize: 3, sigma: 0.5 },
    });
    const embeddings = Array.from({ length: 20 }, (_, i) => new Float32Array([i / 20, 1 - i / 20, 0.5]));
    const reference = rows.wholeReference('reference', { names: [], embeddings });
    await db.put('cameras', camera);
    await db.put('references', reference);
    await saveGlassFit(db, 'reference', fit!);
    /** The same result each time for a content. */
    const made = async ({ content }: Said) => {
      const seed = Array.from(content, (letter) => letter.charCodeAt(0)).reduce((sum, code) => sum + code, 0);
      const embedding = new Float32Array([(seed % 7) / 7, (seed % 5) / 5, 2]);
      const glass = scenes.grown(scenes.seen(reef, seed), 5, 60);
      const { properties } = rows.wholeJob();
      return { embedding, properties, glass, thumbnail: new ArrayBuffer(2) };
    };
    const fileOf = async (said: Said) => {
      const { name, content, source = 'file-name', isUnread = false, isHalf = false } = said;
      const facts = { lastModified: at(said.date ?? said.at), stated: { at: at(said.at), source } };
      const plain = new File([], name, facts);
      const contentSha256 = isUnread ? await unreadSha256(plain) : content;
      return new EncodedFile(name, {
        ...{ ...facts, contentSha256 },
        read: async () =>
          isUnread || isHalf
            ? { ok: false, contentSha256, code: isHalf ? 'image-damaged' : 'file-unreadable', detail: '' }
            : { ok: true, contentSha256, ...(await made(said)) },
      });
    };
    const lab: Lab = {
      db,
      corrections,
      shown,
      async score(said, isAside = false) {
        const files = await Promise.all(said.map(fileOf));
        if (isAside) return (await new BackgroundScoring(parts).score('camera', files, BY_HAND)).jobs;
        const watched = { camera, reference, references: [reference], events: [] };
        const { history, batches } = await show(parts, watched, await loadJobs(db, 'camera'));
        const { jobs } = await batches.score(files);
        shown.splice(0, Infinity, ...history.everything);
        return jobs;
      },
    };
    Object.assign(globalThis, { lab });
  });
});

const stored = (page: Page) =>
  page.evaluate(async () => {
    const { loadJobs } = await import('/src/core/storage/jobs.ts');
    return loadJobs(lab.db, 'camera');
  });

async function score(page: Page, files: readonly Said[], isAside = false): Promise<readonly Job[]> {
  const jobs = await page.evaluate(([files, isAside]) => lab.score(files, isAside), [
    files,
    isAside,
  ] as const);
  const byId = (all: readonly Job[]) => [...all].sort((a, b) => (a.id < b.id ? -1 : 1));
  const now = await stored(page);
  const shownAs = (job: Job) => (isUnjudged(job) ? setAside(job, 'clock-impossible') : job);
  expect(jobs).toEqual(jobs.map((job) => shownAs(now.find(({ id }) => id === job.id)!)));
  if (!isAside) expect(byId(await page.evaluate(() => lab.shown))).toEqual(byId(now.map(shownAs)));
  return jobs;
}

const told = (jobs: readonly Job[]) =>
  jobs.map((job) => [
    job.jobStatus === 'Failed' ? 'Failed' : isUnjudged(job) ? 'aside' : job.contentSha256,
    job.imageName,
    (job.capturedAt - Date.UTC(2025, 0, 1)) / 3_600_000,
    job.capturedAtSource,
  ]);

/** The order of jobs with one time and name is undefined. */
const contents = (jobs: readonly Job[]) =>
  told(jobs)
    .map(([content]) => content)
    .sort();

const course = (count: number): Said[] =>
  Array.from({ length: count }, (_, i) => ({ name: `course ${i}.jpg`, content: `course ${i}`, at: i }));

test('equal names in two folders are one job for each content, whatever their dates', async ({ page }) => {
  const name = '120000.jpg';
  const given: Said[] = [
    { name, content: 'a', at: 5, source: 'file-date' },
    { name, content: 'b', at: 5, source: 'file-date' },
    { name, content: 'a', at: 7, source: 'file-date' },
    { name, content: 'c', at: -100, source: 'file-date' },
  ];
  const jobs = await score(page, given);
  expect(contents(jobs)).toEqual(['a', 'a', 'b', 'c']);
  // A ring buffer: the same name again, of other content, and back-dated.
  await score(page, [...given, { name, content: 'd', at: 5, source: 'file-date' }]);
  expect(contents(await stored(page))).toEqual(['a', 'b', 'c', 'd']);
});

test('a file that could not be read keeps no other file of its name and time from being judged, nor itself later', async ({
  page,
}) => {
  const first = { name: '120000.jpg', content: 'a', at: 5 };
  const second = { ...first, content: 'b' };
  await score(page, [{ ...first, isUnread: true }, second]);
  expect(contents(await stored(page))).toEqual(['Failed', 'b']);
  const failed = (await stored(page)).find(({ jobStatus }) => jobStatus === 'Failed')!;
  // Copied back with another date it is taken for the same file.
  await score(page, [second, { ...first, content: 'c', date: 6 }]);
  expect(contents(await stored(page))).toEqual(['b', 'c']);
  await score(page, [first]);
  expect(contents(await stored(page))).toEqual(['a', 'b', 'c']);
  expect((await stored(page)).map(({ id }) => id)).not.toContain(failed.id);
});

test('half a copy leaves no failed job beside the whole one, and a damaged file that is still there keeps its own', async ({
  page,
}) => {
  const whole = { name: '120000.jpg', content: 'whole', at: 5, date: 6 };
  const half = (content: string) => ({ ...whole, content, date: 5, isHalf: true });
  for (const isAside of [false, true]) {
    await score(page, [half('a third'), ...course(3)], isAside);
    await score(page, [half('two thirds')], isAside);
    expect(contents(await stored(page))).toEqual(['Failed', 'course 0', 'course 1', 'course 2']);
    await score(page, [half('two thirds')], isAside);
    await score(page, [whole], isAside);
    expect(contents(await stored(page))).toEqual(['course 0', 'course 1', 'course 2', 'whole']);
    // Two files of one name and time in two folders.
    await score(page, [half('damaged')], isAside);
    await score(page, [half('damaged'), { ...whole, content: 'other' }], isAside);
    const all = ['Failed', 'course 0', 'course 1', 'course 2', 'other', 'whole'];
    expect(contents(await stored(page))).toEqual(all);
    await score(page, [half('damaged'), whole, { ...whole, content: 'other' }], isAside);
    expect(contents(await stored(page))).toEqual(all);
    await page.evaluate(async () => {
      for (const store of ['jobs', 'embeddings', 'thumbnails', 'sights'] as const) await lab.db.clear(store);
    });
  }
});

test('copies that come together are judged once, at the time of the best of them', async ({ page }) => {
  const copies: Said[] = [
    { name: 'card.jpg', content: 'copied', at: 1.5, source: 'file-date' },
    { name: 'exif.jpg', content: 'copied', at: 3.5, source: 'exif' },
    { name: 'named.jpg', content: 'copied', at: 5.5 },
    { name: 'named later.jpg', content: 'copied', at: 6.5 },
  ];
  await score(page, [...copies, ...course(8)]);
  const together = await stored(page);
  await page.evaluate(async () => {
    for (const store of ['jobs', 'embeddings', 'thumbnails', 'sights'] as const) await lab.db.clear(store);
  });
  await score(page, [copies[2]!, ...course(8)]);
  const alike = (jobs: readonly Job[]) => jobs.map((job) => ({ ...job, id: '', createdAt: 0 }));
  expect(alike(together)).toEqual(alike(await stored(page)));
  expect(told(together)[6]).toEqual(['copied', 'named.jpg', 5.5, 'file-name']);
});

for (const isAside of [false, true]) {
  const where = isAside ? 'of a camera that is not shown' : 'of the camera that is shown';
  test(`a copy with a better witness corrects the job ${where}, which keeps what is known of it`, async ({
    page,
  }) => {
    const guess: Said = { name: '000001.jpg', content: 'copied', at: 9.5, source: 'file-date' };
    const named: Said = { name: 'named.jpg', content: 'copied', at: 4.5 };
    await score(page, [...course(12), guess]);
    const before = (await stored(page)).find(
      ({ contentSha256 }) => contentSha256 === 'copied',
    ) as CompletedJob;
    await page.evaluate(async (id) => {
      const { saveByEye } = await import('/src/core/storage/new-jobs.ts');
      await saveByEye(lab.db, new Map([[id, 'clean']]));
    }, before.id);
    const [answer] = await score(page, [named], isAside);
    const after = await stored(page);
    const [corrected] = after.filter(({ contentSha256 }) => contentSha256 === 'copied');
    expect(after).toHaveLength(13);
    expect(told(after)[5]).toEqual(['copied', 'named.jpg', 4.5, 'file-name']);
    expect(corrected).toMatchObject({ id: before.id, createdAt: before.createdAt, byEye: 'clean' });
    expect(answer).toEqual(corrected);
    expect(await page.evaluate(() => lab.corrections.map(([job, was]) => [job.id, was.imageName]))).toEqual([
      [before.id, '000001.jpg'],
    ]);
    // All is as if its time had been known from the beginning.
    const alike = (jobs: readonly Job[]) => jobs.map(({ id: _, createdAt: _at, ...job }) => job);
    await page.evaluate(async () => {
      for (const store of ['jobs', 'embeddings', 'thumbnails', 'sights'] as const) await lab.db.clear(store);
    });
    await score(page, [...course(12), named]);
    const [late] = (await stored(page)).filter(({ contentSha256 }) => contentSha256 === 'copied');
    await page.evaluate(async (id) => {
      const { saveByEye } = await import('/src/core/storage/new-jobs.ts');
      await saveByEye(lab.db, new Map([[id, 'clean']]));
    }, late!.id);
    expect(alike(after)).toEqual(alike(await stored(page)));

    // A worse witness, and an equal one, change nothing.
    const settled = await stored(page);
    await score(page, [guess, { ...named, name: 'again.jpg' }, { ...named, at: 6 }], isAside);
    expect(await stored(page)).toEqual(settled);
  });
}

test('a time that can’t be right gives way to any that can, and to no other', async ({ page }) => {
  const wrong: Said = { name: 'reset.jpg', content: 'a', at: -24 * 365 * 40 };
  await score(page, [...course(3), wrong]);
  expect(told(await stored(page))[0]).toEqual(['aside', 'reset.jpg', -24 * 365 * 40, 'file-name']);
  await score(page, [{ ...wrong, name: 'other.jpg', at: wrong.at + 1 }]);
  expect(told(await stored(page))[0]![1]).toBe('reset.jpg');
  // Another content of its name and time, as after each start of a camera without a clock.
  await score(page, [{ ...wrong, content: 'b' }]);
  expect(told(await stored(page)).map(([status]) => status)).toEqual([
    ...['aside', 'aside', 'course 0', 'course 1', 'course 2'],
  ]);
  await score(page, [{ name: 'copy.jpg', content: 'a', at: 1.5, source: 'file-date' }]);
  const after = told(await stored(page));
  expect(after.map(([status]) => status)).toEqual(['aside', 'course 0', 'course 1', 'a', 'course 2']);
  expect(after[3]).toEqual(['a', 'copy.jpg', 1.5, 'file-date']);
});

test('a correction that storage refuses leaves the job as it was', async ({ page }) => {
  await score(page, [...course(3), { name: '1.jpg', content: 'copied', at: 9, source: 'file-date' }]);
  const before = await stored(page);
  const problem = await page.evaluate(async () => {
    type Put = (this: IDBObjectStore, ...given: unknown[]) => IDBRequest;
    const put = Reflect.get(IDBObjectStore.prototype, 'put') as Put;
    const refusing: Put = function (...given) {
      if (this.name === 'sights') throw new DOMException('full', 'QuotaExceededError');
      return put.apply(this, given);
    };
    Object.assign(IDBObjectStore.prototype, { put: refusing });
    const failed = await lab.score([{ name: 'named.jpg', content: 'copied', at: 1.5 }]).then(
      () => 'none',
      (error: unknown) => (error as { code: string }).code,
    );
    Object.assign(IDBObjectStore.prototype, { put });
    return failed;
  });
  expect(problem).toBe('disk-full');
  expect(await stored(page)).toEqual(before);
  await score(page, [{ name: 'named.jpg', content: 'copied', at: 1.5 }]);
  expect((await stored(page)).map(({ imageName }) => imageName)[2]).toBe('named.jpg');
});
