import type { Page } from '@playwright/test';
import { BLANK } from '../addresses';
import type { Camera, FailedJob } from '../../src/core/domain/camera/job';
import type { StandIn } from '../stand-in/server';

/** The specs' objects inside the page, as `site`: a camera, a database and all that sends, each of them real. */
export interface Site {
  readonly sync: import('../../src/features/driftwatch/sync.svelte').Sync;
  readonly db: import('../../src/core/storage/database').Database;
  readonly jobOf: (index: number) => FailedJob;
  /** Stores jobs of the camera, as one write. */
  save(indices: readonly number[]): Promise<readonly FailedJob[]>;
  /** Stores jobs of the camera one by one, and tells of each as the page does. */
  score(indices: readonly number[]): Promise<void>;
}

/** Opens the page of a device that is connected with the stand-in: what an earlier one has stored is there. */
export async function openSite(
  page: Page,
  standIn: StandIn,
  mytoken: string,
  isWriter = true,
): Promise<void> {
  await page.goto(BLANK);
  await page.evaluate(
    async ([baseUrl, mytokenServer, mytoken, isWriter]) => {
      const { openDatabase } = await import('/src/core/storage/database.ts');
      const { loadJobs } = await import('/src/core/storage/jobs.ts');
      const { saveJobs } = await import('/src/core/storage/new-jobs.ts');
      const { Sync } = await import('/src/features/driftwatch/sync.svelte.ts');
      const db = await openDatabase();
      const onError = (error: unknown) => {
        throw error;
      };
      const sync = await Sync.open({ db, isWriter: () => isWriter, onWrite: () => undefined, onError });
      const camera = { id: 'camera', name: 'Reef' } as Camera;
      await sync.account.connect({ baseUrl, mytokenServer, timeout: 2 });
      await sync.account.giveToken(mytoken);
      await sync.account.test();
      await sync.follow({ camera, references: [], jobs: () => loadJobs(db, camera.id) });
      const jobOf = (index: number): FailedJob => ({
        id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
        cameraId: camera.id,
        imageName: `${index}.jpg`,
        contentSha256: String(index),
        capturedAt: Date.UTC(2024, 0, 1, index),
        capturedAtSource: 'file-name',
        createdAt: Date.now(),
        jobStatus: 'Failed',
        code: 'image-damaged',
        detail: '',
      });
      const save = async (indices: readonly number[]) => {
        const jobs = indices.map(jobOf);
        await saveJobs(
          db,
          jobs.map((job) => ({ job })),
        );
        return jobs;
      };
      const score = async (indices: readonly number[]) => {
        for (const index of indices) await sync.records.stored(await save([index]));
      };
      Object.assign(globalThis, { site: { sync, db, jobOf, save, score } satisfies Site });
    },
    [standIn.driftwatch.url, standIn.mytoken.url, mytoken, isWriter] as const,
  );
}

declare const site: Site;

/** Sends the camera's results to an experiment of the stand-in from now on, with all that there is. */
export async function sendAll(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { experiments } = site.sync;
    await experiments.loadWritable();
    // Another device may have made it.
    const there = experiments.writable?.find(({ name }) => name === 'Reef');
    const experiment = there ?? (await experiments.create({ name: 'Reef', description: '', public: false }));
    await site.sync.choose(experiment, { tags: ['reef'], model: 'ResNet-50', since: 0 });
  });
}

/** As if what was sent or may have arrived had settled: it is looked up at once. */
export const settle = (page: Page) =>
  page.evaluate(async () => {
    const { db, sync } = site;
    const { advanceDeliveries } = await import('/src/core/storage/deliveries.ts');
    const waiting = (await db.getAll('deliveries')).filter(
      ({ state, notBefore }) => (state === 'unknown' || state === 'sent') && notBefore > 0,
    );
    await advanceDeliveries(
      db,
      waiting.map((from) => ({ from, to: { ...from, notBefore: 0 } })),
    );
    sync.outbox.encourage();
  });

/** Ends a page so that it can finish nothing. */
export async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  session.send('Page.crash').catch(() => undefined);
  await crashed;
  await page.close();
}
