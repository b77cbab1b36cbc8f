import {
  broughtHome,
  DELIVERY_STATES,
  hasArrived,
  isMeantFor,
  judgedAgain,
  laneKey,
  laneOf,
  textsOf,
  VERIFIED,
  type Delivery,
  type DeliveryState,
  type Destination,
} from '../../core/domain/camera/records/delivery';
import { AppError } from '../../core/domain/errors';
import {
  isAwaiting,
  whyNotChecked,
  type Camera,
  type Job,
  type Reference,
} from '../../core/domain/camera/job';
import { isRemoteId } from '../../core/domain/remote-id';
import { loadCameras, loadReferences } from '../../core/storage/cameras';
import type { Database } from '../../core/storage/database';
import {
  addDeliveries,
  advanceDeliveries,
  allDeliveriesOf,
  changeDeliveries,
  deleteDestination,
  destinationsIn,
  jobsInLane,
  loadDestination,
  saveCorrects,
  saveDestination,
  strayDeliveries,
} from '../../core/storage/deliveries';
import { countSent } from '../../core/storage/deletion/departed';
import { loadJobs } from '../../core/storage/jobs';
import { clearJudgedAnew, judgedAnewMark } from '../../core/storage/judged-anew';
import { loadSetting, saveSetting } from '../../core/storage/settings';
import {
  choicesIn,
  constantsOf,
  driftText,
  saysSame,
  type CreateDrift,
  type RecordContext,
} from './remote/driftwatch-record';
import { describedWith } from './remote/experiment-description';
import type { Drift, Experiment } from './remote/driftwatch';
import { Account } from './account.svelte';
import { download, fileNameFrom } from '../../core/browser/download';
import { accessOf, Fleet, type Me } from './fleet/fleet.svelte';
import { explainInEnglish } from '../../core/i18n/in-english';
import { Outbox } from './outbox/outbox.svelte';

export type { Drift, Experiment } from './remote/driftwatch';

/** How much later than its timeout a request may still be carried out, in milliseconds. */
const SETTLE = 30_000;
const BACKOFF_BASE = 2000;
const BACKOFF_MOST = 5 * 60_000;
/** Records that are made in one transaction; more of them would hold up others. */
const MADE_AT_ONCE = 500;
const LONGEST_TAG = 20;
/** States of records that have not reached the service as far as is known, and still should. */
const WAITING: readonly DeliveryState[] = ['queued', 'unknown', 'sending', 'refused'];
const UNFINISHED: readonly DeliveryState[] = [...WAITING, 'withdrawing'];

export interface RecordChoices {
  readonly tags: readonly string[];
  readonly model: string;
}

/** The source of a camera's records, beside its jobs. */
interface Origin {
  readonly camera: Pick<Camera, 'name'>;
  readonly references: readonly Reference[];
}

interface Followed extends Origin {
  readonly camera: Camera;
  /** all of them that are stored by then, once they have been read */
  readonly jobs: () => Promise<readonly Job[]>;
}

interface Collaborators {
  readonly db: Database;
  readonly isWriter: () => boolean;
  /** called after each write, so that other tabs can follow */
  readonly onWrite: () => void;
  /** called with what failed while nobody was waiting for an answer */
  readonly onError: (error: unknown) => void;
}

/** The destination of each camera's results, the records on their way, and those that others have sent. */
export class Sync {
  destination = $state.raw<Destination | null>(null);
  /** experiments that the token's owner may send to; null until they were asked for */
  writable = $state.raw<readonly Experiment[] | null>(null);
  /** how many records of all cameras have been sent */
  sent = $state.raw(0);

  readonly account: Account;
  readonly outbox: Outbox;
  readonly fleet: Fleet;
  readonly #parts: Collaborators;
  #followed: Followed | null = null;
  /** counts the cameras that were turned to, so that a slow look at one never hides a later one */
  #turn = 0;
  /** true if records of stored jobs could not be made: then the next stored jobs are not all that lack one */
  #isBehind = false;
  /** true once it is on record that something has left this device */
  #hasNoted = false;
  /** the last text written into a description, and its place */
  #described: string | null = null;
  /** ends when records have been compared with jobs: older jobs must not overwrite what newer ones say */
  #comparing: Promise<void> = Promise.resolve();
  /** a comparison for jobs that were judged again which has not begun yet */
  #nextComparison: Promise<void> | null = null;

  private constructor(parts: Collaborators) {
    this.#parts = parts;
    this.outbox = new Outbox({
      db: parts.db,
      onWrite: () => this.#recount(),
      onMissing: async (lane) => {
        if (this.destination && laneKey(this.destination) !== lane) await this.catchUp();
      },
      onUnregistered: () => {
        this.account.noteUnregistered();
      },
      onDone: (lane) => this.#describe(lane),
      onError: parts.onError,
    });
    this.account = new Account({
      db: parts.db,
      onChange: () => {
        this.#work();
      },
      onOther: () => {
        this.writable = null;
        this.#described = null;
        this.fleet.forget();
      },
      onGood: () => {
        this.outbox.encourage();
        const lane = this.destination && laneKey(this.destination);
        if (lane !== null && this.outbox.arrived > 0) this.#describe(lane).catch(parts.onError);
      },
    });
    this.fleet = new Fleet({
      client: () => this.account.client(),
      onRead: (experiment) => this.#renamed(experiment),
    });
  }

  /** Reads how DriftWatch is reached from this device, and begins to send what waits. */
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

  /** Turns to the camera that the page shows, and queues what was stored while nobody could. */
  async follow(followed: Followed | null): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    // Jobs that are stored meanwhile are judged by what is followed now.
    if (followed?.camera.id === this.#followed?.camera.id) this.#followed = followed;
    const destination = followed && (await loadDestination(this.#parts.db, followed.camera.id));
    if (turn !== this.#turn) return;
    this.#followed = followed;
    this.destination = destination;
    await this.outbox.watch(followed?.camera.id ?? null);
    await this.catchUp();
  }

  async loadWritable(): Promise<void> {
    const client = this.account.client();
    const found: Experiment[] = [];
    for await (const { items } of client.experiments()) {
      found.push(...items.filter((experiment) => mayWrite(experiment, this.account.me)));
      if (client !== this.account.client()) return;
      for (const experiment of items) await this.#renamed(experiment);
    }
    this.writable = found.sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Creates an experiment, or uses a writable one of that name. @throws AppError `name-taken` for one that is not */
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
    await this.#remakeUnsent(destination);
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

  /** Opens the chosen camera's experiment among what others have sent. */
  async browse(): Promise<void> {
    const { destination } = this;
    if (!destination) return;
    const experiment = await this.account.client().experiment(destination.experimentId);
    void this.fleet.show(experiment);
    await this.#renamed(experiment);
  }

  /** The chosen camera's experiment may have got another name, here or by somebody else. */
  async #renamed({ id, name }: Experiment): Promise<void> {
    const { destination } = this;
    if (destination?.experimentId !== id || destination.experimentName === name) return;
    if (!this.#parts.isWriter()) return;
    const renamed: Destination = { ...destination, experimentName: name };
    await this.#turnTo(renamed, () => saveDestination(this.#parts.db, renamed));
  }

  /** Sends nothing more of the chosen camera: what waits is given up here, what was sent stays there. */
  async stop(): Promise<void> {
    const { camera } = this.#mustFollow();
    await this.#turnTo(null, () => deleteDestination(this.#parts.db, camera.id));
  }

  /**
   * Makes the records of jobs that this page has just stored, without a look at all the others. What fails is reported,
   * and made with the next ones.
   *
   * @param jobs - none when some were taken away or put back, or are believed from now on
   * @param areNew - false where their records were taken away
   */
  async stored(jobs: readonly Job[], areNew = true): Promise<void> {
    const { destination } = this;
    // New ones are stored since then, even where the clock was set back meanwhile; nobody can have sent them yet.
    const sinceOf = ({ since }: Destination) => (areNew ? 0 : since);
    try {
      if (this.#isBehind || jobs.length === 0) await this.catchUp();
      else if (destination) {
        const due = jobs.filter((job) => isDueFor({ ...destination, since: sinceOf(destination) }, job));
        await this.#make(due, destination, 'queued');
      }
      await this.#makeForOthers(
        jobs.filter(({ cameraId }) => cameraId !== this.#followed?.camera.id),
        sinceOf,
      );
      await this.#inTurn(() => this.#judgeOthersAnew());
    } catch (error) {
      this.#parts.onError(error);
    }
    this.outbox.wake();
  }

  /**
   * Makes records say what their jobs say by now, and the records of jobs that nothing could be concluded of before: of
   * the chosen camera, and of others that storage has a mark for. What fails is reported, and made the next time.
   */
  judgedAnew(): Promise<void> {
    this.#nextComparison ??= this.#inTurn(() => {
      this.#nextComparison = null;
      return this.#catchUp(true);
    })
      .catch(this.#parts.onError)
      .then(() => {
        this.outbox.wake();
      });
    return this.#nextComparison;
  }

  #inTurn(compare: () => Promise<void>): Promise<void> {
    const done = this.#comparing.then(compare);
    this.#comparing = done.catch(() => undefined);
    return done;
  }

  preview(job: Job, choices: RecordChoices): string {
    return this.#recordOf(job, choices);
  }

  /** Text of the experiment's description for all records of the chosen camera; empty before there are any. */
  constants(job: Job | undefined, choices: RecordChoices): string {
    const origin = this.#followed;
    if (job?.jobStatus !== 'Completed' || !origin) return '';
    return constantsOf(job, contextOf(job, choices, origin), __PORTHOLE_VERSION__);
  }

  /**
   * Writes into the description of the chosen camera's experiment what its records have in common, where that is not
   * there yet and the token's owner may. Nothing depends on it, so nobody is told of a failure.
   */
  async #describe(lane: string): Promise<void> {
    const { destination } = this;
    const origin = this.#followed;
    if (!destination || !origin || laneKey(destination) !== lane) return;
    const newest = (await origin.jobs()).findLast((job) => job.jobStatus === 'Completed');
    const constants = this.constants(newest, destination);
    const key = `${lane} ${origin.camera.name} ${constants}`;
    if (constants === '' || key === this.#described || destination !== this.destination) return;
    this.#described = key;
    const client = this.account.client();
    try {
      const { me } = this.account;
      const experiment = await client.experiment(destination.experimentId);
      await this.#renamed(experiment);
      const { level } = accessOf(experiment, me);
      if (level !== 'Manage') {
        if (me === null) this.#described = null;
        return;
      }
      await client.describe(destination.experimentId, (description) =>
        describedWith(description, origin.camera.name, constants),
      );
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.#described = null;
    }
  }

  /**
   * Makes what waits of the chosen camera what should wait: each job that should have a record gets one, and none
   * waits for an experiment that is no longer the camera's. Jobs may have been stored while nobody could see to it, or
   * right before the page was closed.
   */
  catchUp(): Promise<void> {
    return this.#inTurn(() => this.#catchUp(false));
  }

  /** @param isAnew - true if jobs are known to say something else than their records; else storage knows */
  async #catchUp(isAnew: boolean): Promise<void> {
    if (!this.#parts.isWriter()) return;
    await this.#catchUpShown(isAnew);
    await this.#judgeOthersAnew();
  }

  async #catchUpShown(isAnew: boolean): Promise<void> {
    const { destination } = this;
    const followed = this.#followed;
    if (!followed) return;
    if (!destination) {
      await this.#giveUpWaiting(followed.camera);
      this.#isBehind = false;
      return;
    }
    if (destination.baseUrl === this.account.connection.baseUrl) {
      await this.#bringHome(destination, UNFINISHED);
    }
    const mark = await judgedAnewMark(this.#parts.db, followed.camera.id);
    const jobs = await followed.jobs();
    if (destination !== this.destination) return;
    if (isAnew || mark !== null) await this.#judge(jobs, destination, this.#followed, mark);
    await this.#makeMissing(jobs, destination);
  }

  /** Cameras that are not shown, such as those of a station, whose jobs say something else by now. */
  async #judgeOthersAnew(): Promise<void> {
    const { db, isWriter } = this.#parts;
    if (!isWriter()) return;
    for (const [cameraId, mark] of Object.entries((await loadSetting(db, 'judgedAnew')) ?? {})) {
      if (cameraId === this.#followed?.camera.id) continue;
      const destination = await loadDestination(db, cameraId);
      if (!destination) continue;
      const jobs = await loadJobs(db, cameraId);
      const origin = await this.#originOf(cameraId);
      await this.#judge(jobs, destination, origin, mark);
      await this.#makeMissing(jobs, destination, origin);
    }
  }

  /** Makes the records of jobs that lack one. One that was uploaded earlier is adopted: each is looked up first. */
  async #makeMissing(jobs: readonly Job[], destination: Destination, origin?: Origin): Promise<void> {
    const known = await jobsInLane(this.#parts.db, laneKey(destination));
    if (!origin) this.#isBehind = false;
    const missing = jobs.filter((job) => isDueFor(destination, job) && !known.has(job.id));
    await this.#make(missing, destination, 'unknown', origin);
    if (missing.length > 0) this.#changed();
  }

  /** Sends records again with the camera's present tags and model; each is looked up first, so none is there twice. */
  async resend(deliveries: readonly Delivery[]): Promise<void> {
    const { jobs } = this.#mustFollow();
    const { destination } = this;
    if (!destination) return;
    const byId = new Map((await jobs()).map((job) => [job.id, job]));
    const again = deliveries.flatMap((from) => {
      const job = byId.get(from.jobId);
      if (!job) return [];
      const made = this.#delivery(job, destination, 'unknown');
      // This device may correct the records that it has sent; those that a person has left there stay.
      const kept = from.kept === undefined ? {} : { kept: from.kept };
      return [{ from, to: { ...made, ...kept, remoteId: from.remoteId, earlier: textsOf(from) } }];
    });
    await advanceDeliveries(this.#parts.db, again, 'strict');
    this.outbox.encourage();
    this.#changed();
  }

  /** Replaces a record there that others have changed by what this device says of its job. */
  async overwrite(from: Delivery): Promise<void> {
    const { kept: _kept, ...rest } = from;
    const to: Delivery = { ...rest, state: 'unknown', notBefore: 0, failure: null, isOverwriting: true };
    await advanceDeliveries(this.#parts.db, [{ from, to }], 'strict');
    this.outbox.encourage();
    this.#changed();
  }

  /** Leaves a record there as others have changed it, and says no more of it until somebody changes it again. */
  async accept(from: Delivery, there: Drift): Promise<void> {
    const { job_status, model, drift_detected, tags, parameters } = there;
    const kept = JSON.stringify({ job_status, model, drift_detected, tags, parameters });
    await advanceDeliveries(this.#parts.db, [{ from, to: { ...from, kept, failure: null } }], 'strict');
    this.#changed();
  }

  /** The record of a delivery as it is there now. @throws AppError `record-missing`, … */
  async recordThere({ lane, remoteId, jobId }: Delivery): Promise<Drift | null> {
    const { experimentId } = laneOf(lane);
    if (remoteId !== null) return this.account.client().drift(experimentId, remoteId);
    const [found] = await this.account.client().driftsOf(experimentId, [jobId]);
    return found ?? null;
  }

  /** Looks up each record of the chosen camera once more: whether it is there, once, as it was sent. */
  async auditAgain(): Promise<void> {
    const { camera } = this.#mustFollow();
    const all = await allDeliveriesOf(this.#parts.db, camera.id);
    const verified: ReadonlySet<DeliveryState> = new Set(VERIFIED);
    await advanceDeliveries(
      this.#parts.db,
      all
        // A record that this device never sent is somebody else's.
        .filter(({ state, remoteId, sentAt }) => verified.has(state) && (remoteId ?? sentAt) !== null)
        .map((from) => ({ from, to: { ...from, state: 'sent', notBefore: 0 } })),
    );
    this.outbox.encourage();
    this.#changed();
  }

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
    const waiting = (await allDeliveriesOf(this.#parts.db, camera.id))
      .filter(({ state }) => WAITING.includes(state))
      .sort((a, b) => a.capturedAt - b.capturedAt);
    const bodies = this.destination
      ? // Records on their way to an earlier experiment may wait for the present one, too.
        [...new Map(waiting.map(({ jobId, body }) => [jobId, body])).values()]
      : (await jobs()).map((job) => this.preview(job, choices));
    if (bodies.length === 0) return 0;
    const text = bodies.map((body) => `${body}\n`).join('');
    download(text, exportName(camera.name), 'application/jsonl');
    if (this.#parts.isWriter()) {
      const isLookedUp = { state: 'unknown', notBefore: 0 } as const;
      const uploadable = waiting.filter(({ state, isCorrecting }) => state === 'queued' || isCorrecting);
      await advanceDeliveries(
        this.#parts.db,
        uploadable.map((from) => ({
          from,
          to: { ...from, ...(from.state === 'queued' && isLookedUp), earlier: textsOf(from) },
        })),
      );
    }
    return bodies.length;
  }

  async #turnTo(destination: Destination | null, store: () => Promise<void>): Promise<void> {
    const { camera } = this.#mustFollow();
    await store();
    if (this.#followed?.camera.id === camera.id) this.destination = destination;
    if (destination) await this.#bringHome(destination, DELIVERY_STATES);
    await this.catchUp();
    this.#changed();
  }

  /** Moves what waits elsewhere to the camera's present experiment. */
  async #bringHome(destination: Destination, states: readonly DeliveryState[]): Promise<void> {
    const lane = laneKey(destination);
    const { cameraId } = destination;
    const strays = await strayDeliveries(this.#parts.db, cameraId, lane, states);
    const moved = strays.map((from) => {
      // It can't be asked there any more if it arrived.
      const isOutOfReach =
        laneOf(from.lane).baseUrl !== destination.baseUrl || this.outbox.isMissing(from.lane);
      return { from, to: broughtHome(from, destination, isOutOfReach) };
    });
    const changed = moved.filter(({ from, to }) => from !== to);
    await advanceDeliveries(this.#parts.db, changed, 'strict');
    if (changed.length > 0) this.#changed();
  }

  /** Nothing waits for a camera whose results go nowhere; sent records stay there. */
  async #giveUpWaiting(camera: Camera): Promise<void> {
    const waiting = await strayDeliveries(this.#parts.db, camera.id, null, UNFINISHED);
    await advanceDeliveries(
      this.#parts.db,
      waiting.map((from) => ({ from, to: null })),
    );
    if (waiting.length > 0) this.#changed();
  }

  /** Other tags or another model: what was not sent says so, and what was refused for them is tried again. */
  async #remakeUnsent(destination: Destination): Promise<void> {
    const { camera, jobs } = this.#mustFollow();
    const byId = new Map((await jobs()).map((job) => [job.id, job]));
    const place = { lane: laneKey(destination), cameraId: camera.id };
    await changeDeliveries(this.#parts.db, place, (from) => {
      const job = byId.get(from.jobId);
      if (!job || !WAITING.includes(from.state) || from.sentAt !== null) return from;
      const to = this.#delivery(job, destination, 'unknown');
      return to.body === from.body ? from : { ...to, earlier: textsOf(from) };
    });
  }

  /**
   * Jobs were judged again: what waits says what they say now, and waits as it did. What is there is corrected if the
   * user has agreed to it, else it is counted.
   *
   * @param mark - is taken away afterwards
   */
  async #judge(
    jobs: readonly Job[],
    destination: Destination,
    origin: Origin | null,
    mark: string | null,
  ): Promise<void> {
    const { db } = this.#parts;
    const byId = new Map(jobs.map((job) => [job.id, job]));
    const { cameraId, corrects = false } = destination;
    const changed = await changeDeliveries(db, { lane: laneKey(destination), cameraId }, (from) => {
      const job = byId.get(from.jobId);
      if (!job || from.state === 'withdrawing') return from;
      if (awaitsVerdict(job)) return isUntold(from) ? null : from;
      const body = this.#textNow(from, job, destination, origin);
      const to = judgedAgain(from, body, corrects, this.#settledAt(from));
      const { imageName, capturedAt } = job;
      return to === from || hasArrived(to) ? to : { ...to, imageName, capturedAt };
    });
    if (mark !== null) await clearJudgedAnew(db, cameraId, mark);
    if (changed > 0) this.#changed();
  }

  /** The text of a record by what its job says now. What was sent keeps its tags, model and name of the camera. */
  #textNow(from: Delivery, job: Job, destination: Destination, origin: Origin | null): string {
    if (from.state !== 'sending' && from.sentAt === null && from.remoteId === null) {
      return this.#recordOf(job, destination, origin);
    }
    const text = driftText(job, { ...contextOf(job, destination, origin), ...choicesIn(from.body) });
    const isSame = text === from.body || saysSame(text, JSON.parse(from.body) as CreateDrift);
    return isSame ? from.body : text;
  }

  /** When a request that was sent can no longer be carried out. */
  #settledAt({ sentAt }: Delivery): number {
    return (sentAt ?? 0) + this.account.connection.timeout * 1000 + SETTLE;
  }

  /** @param origin - of a camera that is not shown */
  async #make(
    jobs: readonly Job[],
    destination: Destination,
    state: 'queued' | 'unknown',
    origin?: Origin,
  ): Promise<void> {
    for (let i = 0; i < jobs.length; i += MADE_AT_ONCE) {
      // After a turn to another camera, that camera catches up.
      if (!origin && destination !== this.destination) return;
      const part = jobs
        .slice(i, i + MADE_AT_ONCE)
        .map((job) => this.#delivery(job, destination, state, origin));
      await addDeliveries(this.#parts.db, part).catch((error: unknown) => {
        this.#isBehind = true;
        throw error;
      });
    }
  }

  /** Records for cameras that are not shown, from a watched folder. Failed ones are made when they are shown. */
  async #makeForOthers(jobs: readonly Job[], sinceOf: (destination: Destination) => number): Promise<void> {
    const { db, isWriter } = this.#parts;
    if (!isWriter()) return;
    for (const cameraId of new Set(jobs.map((job) => job.cameraId))) {
      const destination = await loadDestination(db, cameraId);
      if (!destination) continue;
      const due = jobs.filter((job) => isDueFor({ ...destination, since: sinceOf(destination) }, job));
      await this.#make(due, destination, 'queued', await this.#originOf(cameraId));
    }
  }

  /** Of a camera that is not shown. */
  async #originOf(cameraId: string): Promise<Origin> {
    const { db } = this.#parts;
    const camera = (await loadCameras(db)).find(({ id }) => id === cameraId) ?? { name: '' };
    return { camera, references: await loadReferences(db, cameraId) };
  }

  #delivery(
    job: Job,
    destination: Destination,
    state: 'queued' | 'unknown',
    origin: Origin | null = this.#followed,
  ): Delivery {
    return {
      lane: laneKey(destination),
      jobId: job.id,
      cameraId: job.cameraId,
      imageName: job.imageName,
      capturedAt: job.capturedAt,
      body: this.#recordOf(job, destination, origin),
      state,
      attempts: 0,
      notBefore: 0,
      sentAt: null,
      remoteId: null,
      failure: null,
    };
  }

  #recordOf(job: Job, choices: RecordChoices, origin: Origin | null = this.#followed): string {
    return driftText(job, contextOf(job, choices, origin));
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
      mayWork ? { baseUrl: connection.baseUrl, service: this.account.client(), timings } : null,
    );
  }

  #changed(): void {
    this.outbox.wake();
    this.#recount().catch(this.#parts.onError);
  }

  async #recount(): Promise<void> {
    this.sent = await countSent(this.#parts.db);
    // Who only looks on has nothing to tell.
    if (!this.#parts.isWriter()) return;
    if (this.sent > 0 && !this.#hasNoted) {
      await saveSetting(this.#parts.db, 'hasSent', true);
      this.#hasNoted = true;
    }
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

/** True for a tag that DriftWatch would refuse: it takes up to 20 characters, as Python counts them. */
export function isLongTag(tag: string): boolean {
  return Array.from(tag).length > LONGEST_TAG;
}

/** True if a record of a stored job is to be made now. */
function isDueFor(destination: Destination, job: Job): boolean {
  return isMeantFor(destination, job) && !awaitsVerdict(job);
}

/** True if growth and loss are still to look at a job: a record sent before says "not checked" for ever. */
function awaitsVerdict(job: Job): boolean {
  return job.jobStatus === 'Completed' && isAwaiting(job);
}

/** True if nobody there can have a record, and no person has to see to it here. */
function isUntold({ state, sentAt, remoteId }: Delivery): boolean {
  return state !== 'refused' && sentAt === null && remoteId === null;
}

function mayWrite(experiment: Experiment, me: Me | null): boolean {
  const { level } = accessOf(experiment, me);
  return level === 'Edit' || level === 'Manage';
}

function contextOf(job: Job, { tags, model }: RecordChoices, origin: Origin | null): RecordContext {
  const why = whyNotChecked(job);
  return {
    camera: origin?.camera.name ?? '',
    tags,
    model,
    reference: (origin && referenceOf(job, origin.references)) ?? null,
    reason: why && explainInEnglish(why.code, why.detail),
  };
}

function referenceOf(job: Job, references: readonly Reference[]): Reference | undefined {
  if (job.jobStatus === 'Failed') return undefined;
  return references.find(({ id }) => id === job.referenceId);
}
