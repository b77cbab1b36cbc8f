import { laneKey, type Delivery, type Destination } from '../domain/delivery';
import { AppError } from '../domain/errors';
import type { Camera, Job, Reference } from '../domain/job';
import type { Database } from '../storage/database';
import {
  advanceDeliveries,
  allDeliveriesOf,
  countSent,
  deleteDestination,
  jobsInLane,
  loadDestination,
  saveDeliveries,
  saveDestination,
  type Advance,
} from '../storage/deliveries';
import { RECORD_WRITERS } from '../sync';
import type { Experiment } from '../sync/driftwatch';
import { Account } from './account.svelte';
import { download, fileNameFrom } from './download';
import { accessOf, Fleet, type Me } from './fleet.svelte';
import { explain } from './messages';
import { Outbox } from './outbox.svelte';

export type { Experiment } from '../sync/driftwatch';

/** How much later than its timeout a request may still be carried out, in milliseconds. */
const SETTLE = 30_000;
const BACKOFF_BASE = 2000;
const BACKOFF_MOST = 5 * 60_000;
/** Records that are queued in one transaction; more of them would hold up others. */
const QUEUED_AT_ONCE = 500;
const LONGEST_TAG = 20;

/** What is said of a camera in its records. */
export interface RecordChoices {
  readonly tags: readonly string[];
  readonly model: string;
}

/** The camera that the page shows, with what its records are made from. */
interface Followed {
  readonly camera: Camera;
  readonly references: readonly Reference[];
  readonly jobs: () => readonly Job[];
}

interface Parts {
  readonly db: Database;
  /** whether this tab may write and send */
  readonly isWriter: () => boolean;
  /** called after each write, so that other tabs can follow */
  readonly onWrite: () => void;
}

/** What leaves the device: where each camera's results go, the records on their way, and what others have sent. */
export class Sync {
  /** where the chosen camera's results go */
  destination = $state.raw<Destination | null>(null);
  /** experiments that the token's owner may send to; null until they were asked for */
  writable = $state.raw<readonly Experiment[] | null>(null);
  /** how many records of all cameras have been sent */
  sent = $state.raw(0);

  readonly account: Account;
  readonly outbox: Outbox;
  readonly fleet: Fleet;
  readonly #parts: Parts;
  #followed: Followed | null = null;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.outbox = new Outbox({
      db: parts.db,
      onWrite: () => void this.#recount(),
    });
    this.account = new Account({
      db: parts.db,
      onChange: () => {
        this.#work();
      },
      onOther: () => {
        this.writable = null;
        this.fleet.forget();
      },
    });
    this.fleet = new Fleet({ client: () => this.account.client() });
  }

  /** Reads how DriftWatch is reached from this device, and begins to send what waits. */
  static async open(parts: Parts): Promise<Sync> {
    const sync = new Sync(parts);
    await sync.reload();
    return sync;
  }

  /** Reads the connection again: another tab has changed it, or this one may send from now on. */
  async reload(): Promise<void> {
    await this.account.load();
    await this.#recount();
  }

  /** Turns to the camera that the page shows, and queues what was stored while nobody could. */
  async follow(followed: Followed | null): Promise<void> {
    this.#followed = followed;
    const destination = followed && (await loadDestination(this.#parts.db, followed.camera.id));
    if (followed !== this.#followed) return;
    this.destination = destination;
    await this.outbox.watch(followed?.camera.id ?? null);
    this.sent = await countSent(this.#parts.db);
    await this.catchUp();
  }

  /** Finds the experiments that can be sent to. */
  async loadWritable(): Promise<void> {
    const found: Experiment[] = [];
    for await (const { items } of this.account.client().experiments()) {
      found.push(...items.filter((experiment) => mayWrite(experiment, this.account.me)));
    }
    this.writable = found.sort((a, b) => a.name.localeCompare(b.name));
  }

  /**
   * Creates an experiment. One of that name that exists is used if it may be written to.
   *
   * @throws AppError `name-taken` when it may not
   */
  async createExperiment(
    wanted: Readonly<{ name: string; description: string; public: boolean }>,
  ): Promise<{ readonly experiment: Experiment; readonly existed: boolean }> {
    const client = this.account.client();
    try {
      return { experiment: await client.createExperiment(wanted), existed: false };
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'name-taken')) throw error;
      const named = await client.experimentsNamed(wanted.name);
      const permitted = named.find((experiment) => mayWrite(experiment, this.account.me));
      if (!permitted) throw error;
      return { experiment: permitted, existed: true };
    }
  }

  /** The one experiment that has taken the name of the camera's, which is gone; null when there isn't exactly one. */
  async findRenewed(): Promise<Experiment | null> {
    const { destination } = this;
    if (!destination) return null;
    const named = await this.account.client().experimentsNamed(destination.experimentName);
    const others = named.filter(({ id }) => id !== destination.experimentId);
    return others.length === 1 ? others[0]! : null;
  }

  /**
   * Sends the chosen camera's results to this experiment from now on. What waits for another one goes here instead.
   *
   * @param choices.includesEarlier - whether what was checked before is sent too
   */
  async choose(
    experiment: Pick<Experiment, 'id' | 'name'>,
    choices: RecordChoices & { readonly includesEarlier: boolean },
  ): Promise<void> {
    const { camera } = this.#mustFollow();
    const before = this.destination;
    const destination: Destination = {
      cameraId: camera.id,
      target: 'driftwatch',
      baseUrl: this.account.connection.baseUrl,
      experimentId: experiment.id,
      experimentName: experiment.name,
      tags: choices.tags,
      model: choices.model,
      since: choices.includesEarlier ? 0 : (before?.since ?? Date.now()),
    };
    if (before && laneKey(before) !== laneKey(destination)) await this.#moveWaiting(before, destination);
    await saveDestination(this.#parts.db, destination);
    this.destination = destination;
    await this.catchUp();
    this.#changed();
  }

  /** Opens the chosen camera's experiment among what others have sent. */
  async browse(): Promise<void> {
    const { destination } = this;
    if (destination) void this.fleet.show(await this.account.client().experiment(destination.experimentId));
  }

  /** Sends nothing more of the chosen camera: what waits is given up here, what was sent stays there. */
  async stop(): Promise<void> {
    const { camera } = this.#mustFollow();
    await deleteDestination(this.#parts.db, camera.id);
    const waiting = await this.#waiting(camera);
    await advanceDeliveries(
      this.#parts.db,
      waiting.map((from) => ({ from, to: null })),
    );
    this.destination = null;
    this.#changed();
  }

  /** The record of a job that is about to be stored; null when its camera's results go nowhere. */
  deliveryOf(job: Job, reference: Reference): Delivery | null {
    const { destination } = this;
    return destination?.cameraId === job.cameraId
      ? this.#delivery(job, reference, destination, 'queued')
      : null;
  }

  /** The exact text of a job's record, as it would be sent now. */
  preview(job: Job, choices: RecordChoices): string {
    return this.#recordOf(job, this.#referenceOf(job), choices);
  }

  /** Queues the jobs of the chosen camera that were stored without a record and should have one. */
  async catchUp(): Promise<void> {
    const { destination } = this;
    const followed = this.#followed;
    if (!destination || !followed || !this.#parts.isWriter()) return;
    const known = await jobsInLane(this.#parts.db, laneKey(destination));
    const missing = followed
      .jobs()
      .filter((job) => job.createdAt >= destination.since && !known.has(job.id))
      // An earlier upload, or one from an exported file, is adopted: each is looked up before it is sent.
      .map((job) => this.#delivery(job, this.#referenceOf(job), destination, 'unknown'));
    for (let i = 0; i < missing.length; i += QUEUED_AT_ONCE) {
      await saveDeliveries(this.#parts.db, missing.slice(i, i + QUEUED_AT_ONCE));
    }
    if (missing.length > 0) this.#changed();
  }

  /**
   * Sends records again, made anew with the camera's present tags and model; each is looked up first, so that none
   * is there twice.
   */
  async resend(deliveries: readonly Delivery[]): Promise<void> {
    const { jobs } = this.#mustFollow();
    const { destination } = this;
    if (!destination) return;
    const wanted = new Set(deliveries.map(({ jobId }) => jobId));
    const again = jobs()
      .filter(({ id }) => wanted.has(id))
      .map((job) => this.#delivery(job, this.#referenceOf(job), destination, 'unknown'));
    await saveDeliveries(this.#parts.db, again);
    this.outbox.encourage();
    this.#changed();
  }

  /** Sends every record again that was refused. */
  async resendRefused(): Promise<void> {
    const { camera } = this.#mustFollow();
    const all = await allDeliveriesOf(this.#parts.db, camera.id);
    await this.resend(all.filter(({ state }) => state === 'refused'));
  }

  /**
   * Saves what waits as JSON Lines, oldest first, to be uploaded from anywhere; of a camera whose results go nowhere,
   * everything. From then on each is looked up before it is sent from here.
   *
   * @returns how many there are
   */
  async exportWaiting(choices: RecordChoices): Promise<number> {
    const { camera, jobs } = this.#mustFollow();
    const waiting = await this.#waiting(camera);
    waiting.sort((a, b) => a.capturedAt - b.capturedAt);
    const bodies = this.destination
      ? waiting.map(({ body }) => body)
      : jobs().map((job) => this.preview(job, choices));
    const text = bodies.map((body) => `${body}\n`).join('');
    download(text, exportName(camera.name), 'application/jsonl');
    if (this.#parts.isWriter()) {
      const queued = waiting.filter(({ state }) => state === 'queued');
      await advanceDeliveries(
        this.#parts.db,
        queued.map((from) => ({ from, to: { ...from, state: 'unknown', notBefore: 0 } })),
      );
    }
    return bodies.length;
  }

  /** What waits for an experiment that is no longer the camera's goes to the new one. */
  async #moveWaiting(before: Destination, destination: Destination): Promise<void> {
    const all = await allDeliveriesOf(this.#parts.db, destination.cameraId);
    const isSameExperiment = before.experimentId === destination.experimentId;
    const isGone = this.outbox.isMissing(laneKey(before));
    const moved = all
      .filter((delivery) => delivery.lane === laneKey(before))
      .flatMap((from): Advance[] => {
        const moved: Delivery = { ...from, lane: laneKey(destination) };
        const again: Delivery = { ...moved, state: 'unknown', notBefore: 0 };
        switch (from.state) {
          case 'queued':
          case 'refused':
            return [{ from, to: again }];
          case 'sending':
          case 'unknown':
            // Whether it arrived there is found out there, as long as there is a there.
            return isSameExperiment || isGone ? [{ from, to: again }] : [];
          default:
            return isSameExperiment ? [{ from, to: moved }] : [];
        }
      });
    await advanceDeliveries(this.#parts.db, moved, 'strict');
  }

  /** What has not reached the service as far as is known, and still should. */
  async #waiting(camera: Camera): Promise<Delivery[]> {
    const all = await allDeliveriesOf(this.#parts.db, camera.id);
    return all.filter(({ state }) => ['queued', 'unknown', 'sending', 'refused'].includes(state));
  }

  #delivery(
    job: Job,
    reference: Reference | null,
    destination: Destination,
    state: 'queued' | 'unknown',
  ): Delivery {
    return {
      lane: laneKey(destination),
      jobId: job.id,
      cameraId: job.cameraId,
      imageName: job.imageName,
      capturedAt: job.capturedAt,
      body: this.#recordOf(job, reference, destination),
      state,
      attempts: 0,
      notBefore: 0,
      sentAt: null,
      remoteId: null,
      failure: null,
    };
  }

  #recordOf(job: Job, reference: Reference | null, { tags, model }: RecordChoices): string {
    return RECORD_WRITERS.driftwatch(job, {
      tags,
      model,
      reference,
      reason: job.jobStatus === 'Failed' ? explain(job.code, job.detail) : null,
      appVersion: __PORTHOLE_VERSION__,
    });
  }

  #referenceOf(job: Job): Reference | null {
    if (job.jobStatus === 'Failed') return null;
    return this.#followed?.references.find(({ id }) => id === job.referenceId) ?? null;
  }

  #mustFollow(): Followed {
    if (!this.#followed) throw new AppError('not-fitted');
    return this.#followed;
  }

  /** Lets the outbox work with the client and the patience of the present connection, or rest. */
  #work(): void {
    const { isConnected, connection } = this.account;
    const mayWork = isConnected && !connection.isPaused && this.#parts.isWriter();
    const timings = {
      timeout: connection.timeout * 1000,
      settle: SETTLE,
      backoffBase: BACKOFF_BASE,
      backoffMost: BACKOFF_MOST,
    };
    this.outbox.work(
      mayWork ? { baseUrl: connection.baseUrl, target: this.account.client(), timings } : null,
    );
  }

  #changed(): void {
    this.outbox.wake();
    void this.#recount();
  }

  async #recount(): Promise<void> {
    this.sent = await countSent(this.#parts.db);
    if (this.sent > 0 && this.#parts.isWriter()) await this.account.noteSent();
    this.#parts.onWrite();
  }
}

/** The file that a camera's records are exported to. */
export const exportName = (camera: string): string => fileNameFrom(camera, 'driftwatch.jsonl');

/** Tags as a person writes them: divided by commas, each once. */
export function tagsFrom(text: string): string[] {
  const tags = text.split(',').map((tag) => tag.trim());
  return [...new Set(tags.filter((tag) => tag !== ''))];
}

/** Whether DriftWatch would refuse a tag: it takes up to 20 characters, as Python counts them. */
export function isLongTag(tag: string): boolean {
  return Array.from(tag).length > LONGEST_TAG;
}

function mayWrite(experiment: Experiment, me: Me | null): boolean {
  const { level } = accessOf(experiment, me);
  return level === 'Edit' || level === 'Manage';
}
