import type { Job } from '../../core/domain/camera/job';
import { DELIVERY_STATES, laneKey, type Destination } from '../../core/domain/camera/records/delivery';
import { AppError } from '../../core/domain/errors';
import { isRemoteId } from '../../core/domain/remote-id';
import type { Database } from '../../core/storage/database';
import { countSent } from '../../core/storage/deletion/sent-records';
import {
  deleteDestination,
  destinationsIn,
  loadDestination,
  saveCorrects,
  saveDestination,
} from '../../core/storage/deliveries';
import { saveSetting } from '../../core/storage/settings';
import { Account } from './account.svelte';
import { Experiments } from './experiments.svelte';
import { Outbox } from './outbox/outbox.svelte';
import { timingsOf } from './outbox/timings';
import { ByHand } from './records/by-hand';
import { recordOf, type RecordChoices } from './records/job-record';
import { mustFollow, type ShownCamera, type RecordParts } from './records/parts';
import { RecordKeeper } from './records/record-keeper';
import type { Experiment } from './remote/driftwatch';

interface Collaborators {
  readonly db: Database;
  readonly isWriter: () => boolean;
  /** called after each write, so that other tabs can follow */
  readonly onWrite: () => void;
  /** called with failures of work without a caller */
  readonly onError: (error: unknown) => void;
}

/** The destination of the shown camera's results, and all that works for it. */
export class Sync {
  destination = $state.raw<Destination | null>(null);
  /** number of sent records of all cameras */
  sent = $state.raw(0);

  readonly account: Account;
  readonly experiments: Experiments;
  readonly outbox: Outbox;
  readonly records: RecordKeeper;
  readonly byHand: ByHand;
  readonly #parts: Collaborators;
  #followed: ShownCamera | null = null;
  /** counts the cameras that were turned to, so that a slow look at one never hides a later one */
  #turn = 0;
  /** true once it is on record that something has left this device */
  #hasNoted = false;

  private constructor(parts: Collaborators) {
    this.#parts = parts;
    const { onError } = parts;
    this.outbox = new Outbox({
      db: parts.db,
      onWrite: () => this.#recount(),
      onMissing: async (lane) => {
        if (this.destination && laneKey(this.destination) !== lane) await this.records.catchUp();
      },
      onUnregistered: () => {
        this.account.noteUnregistered();
      },
      onError,
    });
    this.account = new Account({
      db: parts.db,
      onChange: () => {
        this.#work();
      },
      onOther: () => {
        this.experiments.forget();
      },
      onGood: () => {
        this.outbox.encourage();
      },
    });
    const { account, outbox } = this;
    const recordParts: RecordParts = {
      ...{ db: parts.db, isWriter: parts.isWriter, account, outbox, onError },
      followed: () => this.#followed,
      destination: () => this.destination,
      onChange: () => {
        this.#changed();
      },
    };
    this.records = new RecordKeeper(recordParts);
    this.byHand = new ByHand(recordParts);
    this.experiments = new Experiments({ account, onRead: (experiment) => this.#renamed(experiment) });
  }

  /** Reads this device's connection to DriftWatch, and starts to send waiting records. */
  static async open(parts: Collaborators): Promise<Sync> {
    const sync = new Sync(parts);
    await sync.reload();
    return sync;
  }

  /** Reads the connection again: another tab has changed it, or this one may send from now on. */
  async reload(): Promise<void> {
    await this.account.load();
    await this.#recount();
  }

  /** Turns to the camera that the page shows, and queues jobs that were stored without an outbox. */
  async follow(followed: ShownCamera | null): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    // Jobs stored meanwhile use the facts followed now.
    if (followed?.camera.id === this.#followed?.camera.id) this.#followed = followed;
    const destination = followed && (await loadDestination(this.#parts.db, followed.camera.id));
    if (turn !== this.#turn) return;
    this.#followed = followed;
    this.destination = destination;
    await this.#watch();
    await this.records.catchUp();
  }

  /**
   * Sends the chosen camera's results to this experiment from now on. Records that wait for another one go here
   * instead.
   *
   * @param choices.since - jobs stored since then are sent, milliseconds since 1970; 0 for all
   * @throws AppError `remote-id` when it is none of DriftWatch's, as one that an earlier version took from a file
   */
  async choose(
    experiment: Pick<Experiment, 'id' | 'name'>,
    choices: RecordChoices & { readonly since: number },
  ): Promise<void> {
    const { camera } = this.#mustFollow();
    if (!isRemoteId(experiment.id)) throw new AppError('remote-id');
    const lane = { baseUrl: this.account.connection.baseUrl, experimentId: experiment.id };
    const same = await destinationsIn(this.#parts.db, laneKey(lane));
    const destination: Destination = {
      cameraId: camera.id,
      target: 'driftwatch',
      ...lane,
      ...(same.some(({ corrects }) => corrects) && { corrects: true }),
      experimentName: experiment.name,
      tags: choices.tags,
      model: choices.model,
      since: choices.since,
    };
    await this.#turnTo(destination, () => saveDestination(this.#parts.db, destination));
    await this.records.remakeUnsent(destination);
    this.outbox.encourage();
  }

  /** Corrects the records of the chosen camera's experiment from now on when their jobs are judged again, or no longer. */
  async correct(isWanted: boolean): Promise<void> {
    const { destination } = this;
    if (!destination || (destination.corrects ?? false) === isWanted) return;
    const { corrects: _before, ...others } = destination;
    await this.#turnTo(isWanted ? { ...others, corrects: true } : others, () =>
      saveCorrects(this.#parts.db, laneKey(destination), isWanted),
    );
    this.outbox.encourage();
  }

  /** Stops sending for the chosen camera: waiting records are given up here, sent ones stay there. */
  async stop(): Promise<void> {
    const { camera } = this.#mustFollow();
    await this.#turnTo(null, () => deleteDestination(this.#parts.db, camera.id));
  }

  /** The text of a job's record before there is any. */
  preview(job: Job, choices: RecordChoices): string {
    return recordOf(job, choices, this.#followed ?? { camera: { name: '' }, references: [] });
  }

  /** The chosen camera's experiment may have been renamed, here or elsewhere. */
  async #renamed({ id, name }: Experiment): Promise<void> {
    const { destination } = this;
    if (destination?.experimentId !== id || destination.experimentName === name) return;
    if (!this.#parts.isWriter()) return;
    const renamed: Destination = { ...destination, experimentName: name };
    await this.#turnTo(renamed, () => saveDestination(this.#parts.db, renamed));
  }

  async #turnTo(destination: Destination | null, store: () => Promise<void>): Promise<void> {
    const { camera } = this.#mustFollow();
    await store();
    if (this.#followed?.camera.id === camera.id) {
      this.destination = destination;
      await this.#watch();
    }
    if (destination) await this.records.bringHome(destination, DELIVERY_STATES);
    await this.records.catchUp();
    this.#changed();
  }

  #watch(): Promise<void> {
    const { destination } = this;
    return this.outbox.watch(this.#followed?.camera.id ?? null, destination && laneKey(destination));
  }

  #mustFollow(): ShownCamera {
    return mustFollow({ followed: () => this.#followed });
  }

  /** Lets the outbox work with the client and the patience of the present connection, or rest. */
  #work(): void {
    const { isConnected, connection } = this.account;
    const mayWork = isConnected && !connection.isPaused && this.#parts.isWriter();
    const { baseUrl } = connection;
    const timings = timingsOf(connection);
    this.outbox.work(mayWork ? { baseUrl, service: this.account.client(), timings } : null);
  }

  #changed(): void {
    this.outbox.wake();
    this.#recount().catch(this.#parts.onError);
  }

  async #recount(): Promise<void> {
    this.sent = await countSent(this.#parts.db);
    // A tab that only watches has nothing to announce.
    if (!this.#parts.isWriter()) return;
    if (this.sent > 0 && !this.#hasNoted) {
      await saveSetting(this.#parts.db, 'hasSent', true);
      this.#hasNoted = true;
    }
    this.#parts.onWrite();
  }
}
