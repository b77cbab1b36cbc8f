/** A device whose camera sends to a service, with a database and all that sends, each of them real: in a page or in Node. */
import type { Camera } from '../../src/core/domain/camera/camera';
import type { FailedJob } from '../../src/core/domain/camera/job';
import { openDatabase, type Database } from '../../src/core/storage/database';
import { advanceDeliveries } from '../../src/core/storage/deliveries';
import { loadJobs } from '../../src/core/storage/jobs';
import { saveJobs } from '../../src/core/storage/new-jobs';
import { Sync } from '../../src/features/driftwatch/sync.svelte';
import { storeNoMore } from './death';

export interface SiteOptions {
  readonly baseUrl: string;
  readonly mytokenServer: string;
  readonly mytoken: string;
  readonly isWriter: boolean;
}

export interface Site {
  readonly sync: Sync;
  readonly db: Database;
  readonly jobOf: (index: number) => FailedJob;
  /** Stores jobs of the camera, as one write. */
  save(indices: readonly number[]): Promise<readonly FailedJob[]>;
  /** Stores jobs of the camera one by one, and tells of each as the page does. */
  score(indices: readonly number[]): Promise<void>;
  /** Sends the camera's results to the experiment "Reef" from now on, with all that there is. */
  sendAll(): Promise<void>;
  /** As if what was sent or may have arrived had settled: it is looked up at once. */
  settle(): Promise<void>;
  /** Ends as a page that crashes. */
  die(): void;
}

export async function makeSite({ baseUrl, mytokenServer, mytoken, isWriter }: SiteOptions): Promise<Site> {
  const db = await openDatabase();
  let isDead = false;
  const onError = (error: unknown) => {
    if (!isDead) throw error;
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
  return {
    ...{ sync, db, jobOf, save },
    score: async (indices) => {
      for (const index of indices) await sync.records.stored(await save([index]));
    },
    sendAll: async () => {
      const { experiments } = sync;
      await experiments.loadWritable();
      // Another device may have made it.
      const there = experiments.writable?.find(({ name }) => name === 'Reef');
      const experiment =
        there ?? (await experiments.create({ name: 'Reef', description: '', public: false }));
      await sync.choose(experiment, { tags: ['reef'], model: 'ResNet-50', since: 0 });
    },
    settle: async () => {
      const waiting = (await db.getAll('deliveries')).filter(
        ({ state, notBefore }) => (state === 'unknown' || state === 'sent') && notBefore > 0,
      );
      await advanceDeliveries(
        db,
        waiting.map((from) => ({ from, to: { ...from, notBefore: 0 } })),
      );
      sync.outbox.encourage();
    },
    die: () => {
      isDead = true;
      storeNoMore(db);
      sync.outbox.work(null);
    },
  };
}
