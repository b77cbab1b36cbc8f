import { test as base, type Page } from '@playwright/test';
import { BLANK } from '../addresses';
import type { Delivery, DeliveryState } from '../../src/core/domain/camera/records/delivery';
import type { CompletedJob, FailedJob, Job } from '../../src/core/domain/camera/job';
import type { Step } from '../../src/features/driftwatch/outbox/delivery-lane';
import type { Timings } from '../../src/features/driftwatch/outbox/timings';
import { startStandIn, type StandIn, type StandInOptions } from '../stand-in/server';

/** How a page is set up: with a database, a mytoken in memory, the client and an outbox, all of them real. */
export interface LabOptions {
  readonly baseUrl: string;
  readonly mytokenServer: string;
  readonly mytoken: string;
  readonly experimentId: string;
  readonly timings: Timings;
}

/** Functions of the specs inside the page, as `lab`. */
export interface Lab {
  readonly db: import('../../src/core/storage/database').Database;
  readonly outbox: import('../../src/features/driftwatch/outbox/outbox.svelte').Outbox;
  readonly target: import('../../src/features/driftwatch/remote/driftwatch').DriftWatch;
  readonly lane: string;
  work(): void;
  /** Stores jobs and makes their deliveries, in this order of indices; every tenth is a failed one. */
  queue(indices: readonly number[], change?: (body: string, index: number) => string): Promise<void>;
  /** Takes jobs back, as when their files could be read after all, and puts others in their place. */
  replace(indices: readonly number[]): Promise<void>;
  /** As if the record of this job was sent and may have arrived, with what more is known of it. */
  doubt(index: number, more?: Partial<Delivery>): Promise<void>;
  /** As if this job came from a file: whether its record is there, nobody here knows. */
  adopt(index: number): Promise<void>;
  /** As if the time were over in which what was sent could still arrive: the audit comes at once. */
  settle(): Promise<void>;
  deliveries(): Promise<Delivery[]>;
  counts(): Promise<Partial<Record<DeliveryState, number>>>;
  step(): Step | undefined;
  /** A fingerprint of everything in the store of jobs. */
  jobsHash(): Promise<string>;
}

/** A stand-in with an experiment that the token's owner may write to. */
export interface Site {
  readonly standIn: StandIn;
  readonly options: LabOptions;
  /** As somebody else with the same permissions would do it. @returns its status */
  call(method: string, path: string, body?: unknown): Promise<number>;
  /** How often a page has asked for this, not counting the browser's own preflights. */
  asked(method: string, path: RegExp): number;
}

export interface SiteOptions {
  readonly standIn?: StandInOptions;
  readonly isRegistered?: boolean;
  readonly emailVerified?: boolean;
  readonly level?: 'Read' | 'Edit';
  readonly timings?: Partial<Timings>;
}

/** Patient with the machine, quick with everything else. */
const TIMINGS: Timings = { timeout: 1500, settle: 100, backoffBase: 20, backoffMost: 200 };

/**
 * `site` is the usual one; `open` makes others. `shared` is one page for all tests of a worker: for those that leave it
 * as it was, see `openLab`.
 */
export const test = base.extend<
  { open: (options?: SiteOptions) => Promise<Site>; site: Site },
  { shared: Page }
>({
  shared: [
    async ({ browser }, use) => {
      const page = await browser.newPage();
      await use(page);
      await page.close();
    },
    { scope: 'worker' },
  ],
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixtures it needs from this pattern.
  open: async ({}, use) => {
    const started: StandIn[] = [];
    await use(async ({ isRegistered = true, emailVerified = true, level = 'Edit', ...given } = {}) => {
      const standIn = await startStandIn({ cors: true, rateLimit: null, ...given.standIn });
      started.push(standIn);
      const owner = standIn.newMytoken({ isRegistered, emailVerified });
      const other = standIn.newMytoken({ isRegistered: true });
      const userOf = ({ subject }: { subject: string }) =>
        standIn.users().find((user) => user.subject === subject)?.id ?? 'nobody';
      const experiment = standIn.seedExperiment({
        name: 'camera',
        permissions: [
          { entity: userOf(owner), level },
          { entity: userOf(other), level: 'Manage' },
        ],
      });
      return {
        standIn,
        options: {
          baseUrl: standIn.driftwatch.url,
          mytokenServer: standIn.mytoken.url,
          mytoken: owner.mytoken,
          experimentId: experiment.id,
          timings: { ...TIMINGS, ...given.timings },
        },
        call: async (method, path, body) => {
          const answer = await fetch(`${standIn.driftwatch.url}/experiment/${experiment.id}${path}`, {
            method,
            headers: { authorization: `Bearer ${other.accessToken()}`, 'content-type': 'application/json' },
            ...(body !== undefined && { body: JSON.stringify(body) }),
          });
          return answer.status;
        },
        asked: (method, path) =>
          standIn.requests.filter((request) => request.method === method && path.test(request.path)).length,
      };
    });
    await Promise.all(started.map((standIn) => standIn.close()));
  },
  site: async ({ open }, use) => {
    await use(await open());
  },
});

/** Opens a page of the site's device: what an earlier one has stored is there. One that is open already begins anew. */
export async function openLab(page: Page, options: LabOptions): Promise<void> {
  if (page.url() !== BLANK) await page.goto(BLANK);
  await page.evaluate(async ({ baseUrl, mytokenServer, mytoken, experimentId, timings }) => {
    const { lab: earlier } = globalThis as { lab?: Lab };
    if (earlier) {
      earlier.outbox.work(null);
      earlier.db.close();
      await new Promise((resolve) => (indexedDB.deleteDatabase(earlier.db.name).onsuccess = resolve));
    }
    const { openDatabase } = await import('/src/core/storage/database.ts');
    const { saveJobs } = await import('/src/core/storage/new-jobs.ts');
    const { addDeliveries, saveDestination } = await import('/src/core/storage/deliveries.ts');
    const { Outbox } = await import('/src/features/driftwatch/outbox/outbox.svelte.ts');
    const { DriftWatch } = await import('/src/features/driftwatch/remote/driftwatch.ts');
    const { Access } = await import('/src/features/driftwatch/remote/access.ts');
    const { driftText } = await import('/src/features/driftwatch/remote/driftwatch-record.ts');
    const { laneKey } = await import('/src/core/domain/camera/records/delivery.ts');

    const db = await openDatabase();
    const store = { load: async () => mytoken, replace: async () => undefined };
    const access = new Access({ server: mytokenServer, timeout: timings.timeout, store });
    const target = new DriftWatch({ baseUrl, access, timeout: timings.timeout });
    const outbox = new Outbox({
      db,
      onWrite: () => Promise.resolve(),
      onMissing: () => Promise.resolve(),
      onUnregistered: () => undefined,
      onError: (error) => {
        throw error;
      },
    });
    const lane = laneKey({ baseUrl, experimentId });
    await saveDestination(db, {
      cameraId: 'camera',
      target: 'driftwatch',
      baseUrl,
      experimentId,
      experimentName: 'camera',
      tags: [],
      model: '',
      since: 0,
    });

    const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
    const jobOf = (index: number): Job => {
      const facts = {
        id: idOf(index),
        cameraId: 'camera',
        imageName: `${String(index).padStart(6, '0')} "ñ" 🐟.jpg`,
        contentSha256: String(index).padStart(12, '0').padEnd(64, '0'),
        capturedAt: Date.UTC(2023, 5, 1) + index * 1_800_000,
        capturedAtSource: 'file-name' as const,
        createdAt: 1,
      };
      if (index % 10 === 9) {
        const failed: FailedJob = { ...facts, jobStatus: 'Failed', code: 'image-damaged', detail: '' };
        return failed;
      }
      const completed: CompletedJob = {
        ...facts,
        jobStatus: 'Completed',
        distance: index < 12 ? null : Math.sin(index) / 7 + 1e-9,
        windowFill: Math.min(12, index + 1),
        thresholds: { warning: 0.05, drift: 0.1 },
        detector: { name: 'mmd', windowSize: 12, sigma: 0.3 },
        referenceId: 'reference',
        modelSha256: 'a'.repeat(64),
        properties: {
          width: 1920,
          height: 1080,
          brightness: Math.cos(index) ** 2,
          contrast: 1 / (index + 3),
          sharpness: 1e-7 * index,
          blueMinusRed: -0.25,
          greenCast: 0,
        },
      };
      return completed;
    };
    const entryOf = (job: Job) =>
      job.jobStatus === 'Failed'
        ? { job }
        : { job, embedding: new Float32Array([1, 2, 3]), thumbnail: new ArrayBuffer(4) };
    const bodyOf = (job: Job) => {
      const reason = job.jobStatus === 'Failed' ? 'It is damaged.' : null;
      return driftText(job, {
        tags: ['obsea', 'reef'],
        model: 'ResNet-50',
        reference: null,
        reason,
        camera: 'Reef',
      });
    };

    const lab: Lab = {
      db,
      outbox,
      target,
      lane,
      work: () => outbox.work({ baseUrl, service: target, timings }),
      queue: async (indices, change = (body) => body) => {
        const deliveries = indices.map((index): Delivery => {
          const job = jobOf(index);
          const { id: jobId, cameraId, imageName, capturedAt } = job;
          return {
            lane,
            jobId,
            cameraId,
            imageName,
            capturedAt,
            body: change(bodyOf(job), index),
            state: 'queued',
            attempts: 0,
            notBefore: 0,
            sentAt: null,
            remoteId: null,
            failure: null,
          };
        });
        await saveJobs(
          db,
          indices.map((index) => entryOf(jobOf(index))),
        );
        await addDeliveries(db, deliveries);
        outbox.wake();
      },
      replace: async (indices) => {
        const entries = indices.map((index) => ({
          ...entryOf(jobOf(index + 100_000)),
          replaces: idOf(index),
        }));
        await saveJobs(db, entries);
        outbox.wake();
      },
      doubt: async (index, more = {}) => {
        const delivery = await db.get('deliveries', [lane, idOf(index)]);
        if (delivery)
          await db.put('deliveries', { ...delivery, state: 'unknown', sentAt: Date.now(), ...more });
      },
      adopt: async (index) => {
        const delivery = await db.get('deliveries', [lane, idOf(index)]);
        if (delivery) await db.put('deliveries', { ...delivery, state: 'unknown' });
      },
      settle: async () => {
        const tx = db.transaction('deliveries', 'readwrite');
        for (const delivery of await tx.store.getAll()) {
          if (delivery.state === 'sent' && delivery.notBefore > Date.now()) {
            await tx.store.put({ ...delivery, notBefore: 0 });
          }
        }
        await tx.done;
        outbox.wake();
      },
      deliveries: () => db.getAll('deliveries'),
      counts: async () => {
        const counts: Partial<Record<DeliveryState, number>> = {};
        for (const { state } of await db.getAll('deliveries')) counts[state] = (counts[state] ?? 0) + 1;
        return counts;
      },
      step: () => outbox.steps.get(lane),
      jobsHash: async () => {
        const text = JSON.stringify([await db.getAllKeys('jobs'), await db.getAll('jobs')]);
        const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
        return String(new Uint8Array(digest));
      },
    };
    Object.assign(globalThis, { lab });
  }, options);
}
