import type { Job } from '../../../core/domain/camera/job';
import {
  hasArrived,
  laneKey,
  laneOf,
  UNFINISHED,
  WAITING,
  type Delivery,
  type DeliveryState,
  type Destination,
} from '../../../core/domain/camera/records/delivery';
import { broughtHome, judgedAgain, textsOf } from '../../../core/domain/camera/records/next-state';
import { loadCameras, loadReferences } from '../../../core/storage/cameras';
import {
  addDeliveries,
  advanceDeliveries,
  changeDeliveries,
  jobsInLane,
  loadDestination,
  strayDeliveries,
} from '../../../core/storage/deliveries';
import { loadJobs } from '../../../core/storage/jobs';
import { clearJudgedAnew, judgedAnewMark } from '../../../core/storage/judged-anew';
import { loadSetting } from '../../../core/storage/settings';
import { settledAt, timingsOf } from '../outbox/timings';
import { awaitsVerdict, isDueFor, newDelivery, recordNow } from './job-record';
import { mustFollow, type Origin, type RecordParts } from './parts';

/** Records that are made in one transaction; more of them would hold up others. */
const MADE_AT_ONCE = 500;

/** A camera whose results go somewhere. */
interface Sender extends Origin {
  readonly destination: Destination;
  readonly isShown: boolean;
}

/** Keeps each job's record equal to the job, and queued for the camera's present experiment. */
export class RecordKeeper {
  readonly #parts: RecordParts;
  /** true if records of stored jobs could not be made: then the next stored jobs are not all that lack one */
  #isBehind = false;
  /** ends when records have been compared with jobs: results of older jobs must not overwrite newer ones */
  #comparing: Promise<void> = Promise.resolve();
  /** a comparison for jobs that were judged again which has not begun yet */
  #nextComparison: Promise<void> | null = null;

  constructor(parts: RecordParts) {
    this.#parts = parts;
  }

  /**
   * Makes the records of jobs that this page has just stored, without reading all others. A failure is reported, and
   * the records are made with the next ones of the shown camera, or when another one is shown.
   *
   * @param jobs - none when some were taken away or put back, or are believed from now on
   * @param areNew - false where their records were taken away
   */
  async stored(jobs: readonly Job[], areNew = true): Promise<void> {
    try {
      if (this.#isBehind || jobs.length === 0) await this.catchUp();
      for (const cameraId of new Set(jobs.map((job) => job.cameraId))) {
        const sender = await this.#senderOf(cameraId);
        if (!sender) continue;
        // New jobs are stored after that time, even if the clock was set back meanwhile, and none can have been sent
        // yet.
        const since = areNew ? 0 : sender.destination.since;
        const due = jobs.filter((job) => isDueFor({ ...sender.destination, since }, job));
        await this.#make(due, sender, 'queued');
      }
      await this.#inTurn(() => this.#judgeOthersAnew());
    } catch (error) {
      this.#parts.onError(error);
    }
    this.#parts.outbox.wake();
  }

  /**
   * Updates records to their jobs' present results, and makes those of jobs that had no conclusion before: of the
   * chosen camera, and of others with a mark in storage. A failure is reported, and the next call makes them.
   */
  judgedAnew(): Promise<void> {
    this.#nextComparison ??= this.#inTurn(() => {
      this.#nextComparison = null;
      return this.#catchUp(true);
    })
      .catch(this.#parts.onError)
      .then(() => {
        this.#parts.outbox.wake();
      });
    return this.#nextComparison;
  }

  /**
   * Repairs the chosen camera's queue: each job that should have a record gets one, and none waits for an earlier
   * experiment. Jobs may have been stored while no outbox was open, or right before the page was closed.
   */
  catchUp(): Promise<void> {
    return this.#inTurn(() => this.#catchUp(false));
  }

  /** Moves records that wait elsewhere to the camera's present experiment. */
  async bringHome(destination: Destination, states: readonly DeliveryState[]): Promise<void> {
    const { db, outbox } = this.#parts;
    const lane = laneKey(destination);
    const strays = await strayDeliveries(db, destination.cameraId, lane, states);
    const moved = strays.map((from) => {
      // It can't be looked up there any more if it arrived.
      const isOutOfReach = laneOf(from.lane).baseUrl !== destination.baseUrl || outbox.isMissing(from.lane);
      return { from, to: broughtHome(from, destination, isOutOfReach) };
    });
    const changed = moved.filter(({ from, to }) => from !== to);
    await advanceDeliveries(db, changed, 'strict');
    if (changed.length > 0) this.#parts.onChange();
  }

  /** Tags or model have changed: unsent records get them, and records refused for them are tried again. */
  async remakeUnsent(destination: Destination): Promise<void> {
    const followed = mustFollow(this.#parts);
    const byId = new Map((await followed.jobs()).map((job) => [job.id, job]));
    const place = { lane: laneKey(destination), cameraId: destination.cameraId };
    await changeDeliveries(this.#parts.db, place, (from) => {
      const job = byId.get(from.jobId);
      if (!job || !WAITING.includes(from.state) || from.sentAt !== null) return from;
      const to = newDelivery(job, destination, followed, 'unknown');
      return to.body === from.body ? from : { ...to, earlier: textsOf(from) };
    });
  }

  #inTurn(compare: () => Promise<void>): Promise<void> {
    const done = this.#comparing.then(compare);
    this.#comparing = done.catch(() => undefined);
    return done;
  }

  /** @param isAnew - true if jobs are known to differ from their records; else storage knows */
  async #catchUp(isAnew: boolean): Promise<void> {
    if (!this.#parts.isWriter()) return;
    await this.#catchUpShown(isAnew);
    await this.#judgeOthersAnew();
  }

  async #catchUpShown(isAnew: boolean): Promise<void> {
    const { db, account } = this.#parts;
    const destination = this.#parts.destination();
    const followed = this.#parts.followed();
    if (!followed) return;
    if (!destination) {
      await this.#giveUpWaiting(followed.camera.id);
      this.#isBehind = false;
      return;
    }
    if (destination.baseUrl === account.connection.baseUrl) await this.bringHome(destination, UNFINISHED);
    const mark = await judgedAnewMark(db, followed.camera.id);
    const jobs = await followed.jobs();
    const sender = this.#shown();
    if (sender?.destination !== destination) return;
    if (isAnew || mark !== null) await this.#judge(jobs, sender, mark);
    await this.#makeMissing(jobs, sender);
  }

  /** Cameras that are not shown, such as those of a station, whose jobs say something else by now. */
  async #judgeOthersAnew(): Promise<void> {
    const { db } = this.#parts;
    for (const [cameraId, mark] of (await loadSetting(db, 'judgedAnew')) ?? []) {
      const sender = await this.#senderOf(cameraId);
      if (!sender || sender.isShown) continue;
      const jobs = await loadJobs(db, cameraId);
      await this.#judge(jobs, sender, mark);
      await this.#makeMissing(jobs, sender);
    }
  }

  /**
   * Jobs were judged again: waiting records get their present results, and wait as before. Records already there are
   * corrected if the user has agreed to it, else counted.
   *
   * @param mark - is taken away afterwards
   */
  async #judge(jobs: readonly Job[], sender: Sender, mark: string | null): Promise<void> {
    const { db, account } = this.#parts;
    const timings = timingsOf(account.connection);
    const { destination } = sender;
    const { cameraId, corrects = false } = destination;
    const byId = new Map(jobs.map((job) => [job.id, job]));
    const changed = await changeDeliveries(db, { lane: laneKey(destination), cameraId }, (from) => {
      const job = byId.get(from.jobId);
      if (!job || from.state === 'withdrawing') return from;
      if (awaitsVerdict(job)) return isUntold(from) ? null : from;
      const body = recordNow(from, job, destination, sender);
      const to = judgedAgain(from, body, corrects, settledAt(from, timings));
      const { imageName, capturedAt } = job;
      return to === from || hasArrived(to) ? to : { ...to, imageName, capturedAt };
    });
    if (mark !== null) await clearJudgedAnew(db, cameraId, mark);
    if (changed > 0) this.#parts.onChange();
  }

  /** Makes the records of jobs that lack one. One that was uploaded earlier is adopted: each is looked up first. */
  async #makeMissing(jobs: readonly Job[], sender: Sender): Promise<void> {
    const { destination, isShown } = sender;
    const known = await jobsInLane(this.#parts.db, laneKey(destination));
    if (isShown) this.#isBehind = false;
    const missing = jobs.filter((job) => isDueFor(destination, job) && !known.has(job.id));
    await this.#make(missing, sender, 'unknown');
    if (missing.length > 0) this.#parts.onChange();
  }

  async #make(jobs: readonly Job[], sender: Sender, state: 'queued' | 'unknown'): Promise<void> {
    const { destination, isShown } = sender;
    for (let i = 0; i < jobs.length; i += MADE_AT_ONCE) {
      // After a turn to another camera, that camera catches up.
      if (isShown && destination !== this.#parts.destination()) return;
      const part = jobs.slice(i, i + MADE_AT_ONCE);
      const made = part.map((job) => newDelivery(job, destination, sender, state));
      await addDeliveries(this.#parts.db, made).catch((error: unknown) => {
        this.#isBehind = true;
        throw error;
      });
    }
  }

  /** Nothing waits for a camera whose results go nowhere; sent records stay there. */
  async #giveUpWaiting(cameraId: string): Promise<void> {
    const { db, onChange } = this.#parts;
    const waiting = await strayDeliveries(db, cameraId, null, UNFINISHED);
    await advanceDeliveries(
      db,
      waiting.map((from) => ({ from, to: null })),
    );
    if (waiting.length > 0) onChange();
  }

  /** null if the camera's results go nowhere, or another tab writes. */
  async #senderOf(cameraId: string): Promise<Sender | null> {
    const { db, isWriter, followed } = this.#parts;
    if (!isWriter()) return null;
    if (followed()?.camera.id === cameraId) return this.#shown();
    const destination = await loadDestination(db, cameraId);
    if (!destination) return null;
    const camera = (await loadCameras(db)).find(({ id }) => id === cameraId) ?? { name: '' };
    return { camera, references: await loadReferences(db, cameraId), destination, isShown: false };
  }

  #shown(): Sender | null {
    const followed = this.#parts.followed();
    const destination = this.#parts.destination();
    return followed && destination && { ...followed, destination, isShown: true };
  }
}

/** True if there can be no record there, and no person has to decide here. */
function isUntold({ state, sentAt, remoteId }: Delivery): boolean {
  return state !== 'refused' && sentAt === null && remoteId === null;
}
