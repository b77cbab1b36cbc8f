/** A device with a database, a mytoken in memory, the client and an outbox, all of them real: in a page or in Node. */
import type { CompletedJob, FailedJob, Job } from '../../src/core/domain/camera/job';
import { laneKey, type Delivery, type DeliveryState } from '../../src/core/domain/camera/records/delivery';
import { openDatabase, type Database } from '../../src/core/storage/database';
import { addDeliveries, saveCorrects, saveDestination } from '../../src/core/storage/deliveries';
import { saveJobs } from '../../src/core/storage/new-jobs';
import type { Step } from '../../src/features/driftwatch/outbox/delivery-lane';
import { Outbox } from '../../src/features/driftwatch/outbox/outbox.svelte';
import type { Timings } from '../../src/features/driftwatch/outbox/timings';
import { Access } from '../../src/features/driftwatch/remote/access';
import { DriftWatch } from '../../src/features/driftwatch/remote/driftwatch';
import { driftText } from '../../src/features/driftwatch/remote/driftwatch-record';
import { storeNoMore } from './death';

export interface LabOptions {
  readonly baseUrl: string;
  readonly mytokenServer: string;
  readonly mytoken: string;
  readonly experimentId: string;
  readonly timings: Timings;
}

/** The part of it that can be asked from outside of its page, too. */
export interface Lab {
  work(): Promise<void>;
  /** Stops after the present request. */
  rest(): Promise<void>;
  encourage(): Promise<void>;
  /** Stores jobs and makes their deliveries, in this order of indices; every tenth is a failed one. */
  queue(indices: readonly number[]): Promise<void>;
  /** Takes jobs back, as when their files could be read after all, and puts others in their place. */
  replace(indices: readonly number[]): Promise<void>;
  /** As if the record of this job was sent and may have arrived, with what more is known of it. */
  doubt(index: number, more?: Partial<Delivery>): Promise<void>;
  /** As if this job came from a file: whether its record is there, nobody here knows. */
  adopt(index: number): Promise<void>;
  /** As if the time were over in which what was sent could still arrive: the audit comes at once. */
  settle(): Promise<void>;
  /** The user agrees to corrections. */
  agree(): Promise<void>;
  deliveries(): Promise<Delivery[]>;
  counts(): Promise<Partial<Record<DeliveryState, number>>>;
  step(): Promise<Step | undefined>;
  /** A fingerprint of everything in the store of jobs. */
  jobsHash(): Promise<string>;
  /** How many records were on their way whenever one was sent, with it. */
  onTheirWay(): Promise<number[]>;
}

export interface LabHere extends Lab {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly lane: string;
  /** Ends as a page that crashes. */
  die(): void;
  queue(indices: readonly number[], change?: (body: string, index: number) => string): Promise<void>;
}

export async function makeLab(options: LabOptions): Promise<LabHere> {
  const { baseUrl, mytokenServer, mytoken, experimentId, timings } = options;
  const db = await openDatabase();
  const store = { load: async () => mytoken, replace: async () => undefined };
  const access = new Access({ server: mytokenServer, timeout: timings.timeout, store });
  const target = new DriftWatch({ baseUrl, access, timeout: timings.timeout });
  let isDead = false;
  const outbox = new Outbox({
    db,
    onWrite: () => Promise.resolve(),
    onMissing: () => Promise.resolve(),
    onUnregistered: () => undefined,
    onError: (error) => {
      if (!isDead) throw error;
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

  const onTheirWay: number[] = [];
  let inFlight = 0;
  const send = target.send.bind(target);
  target.send = async (...record) => {
    onTheirWay.push((inFlight += 1));
    try {
      return await send(...record);
    } finally {
      inFlight -= 1;
    }
  };

  return {
    db,
    outbox,
    lane,
    work: async () => outbox.work({ baseUrl, service: target, timings }),
    rest: async () => outbox.work(null),
    die: () => {
      isDead = true;
      storeNoMore(db);
      outbox.work(null);
    },
    encourage: async () => outbox.encourage(),
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
    agree: () => saveCorrects(db, lane, true),
    deliveries: () => db.getAll('deliveries'),
    counts: async () => {
      const counts: Partial<Record<DeliveryState, number>> = {};
      for (const { state } of await db.getAll('deliveries')) counts[state] = (counts[state] ?? 0) + 1;
      return counts;
    },
    step: async () => outbox.steps.get(lane),
    jobsHash: async () => {
      const text = JSON.stringify([await db.getAllKeys('jobs'), await db.getAll('jobs')]);
      const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
      return String(new Uint8Array(digest));
    },
    onTheirWay: async () => onTheirWay,
  };
}

const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

function jobOf(index: number): Job {
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
}

const entryOf = (job: Job) =>
  job.jobStatus === 'Failed'
    ? { job }
    : { job, embedding: new Float32Array([1, 2, 3]), thumbnail: new ArrayBuffer(4) };

function bodyOf(job: Job): string {
  const reason = job.jobStatus === 'Failed' ? 'It is damaged.' : null;
  return driftText(job, {
    tags: ['obsea', 'reef'],
    model: 'ResNet-50',
    reference: null,
    reason,
    camera: 'Reef',
  });
}
