import { nameTime, originalName, timeStamp } from '../../core/domain/camera/time/capture-time';
import type { CompletedJob, Job } from '../../core/domain/camera/job';
import { exportReason, type AgedKind, type ExportReason } from './pure/retention';
import { unpacked } from '../../core/encoder/packed-file';
import { loadCameras } from '../../core/storage/cameras';
import { countJobsBeside } from './storage/row-counts';
import {
  canKeepOriginals,
  deleteOriginals,
  findOriginal,
  originalNames,
  type OriginalOf,
} from '../../core/storage/originals';
import { requestPersistence, storageState, type StorageState } from '../../core/storage/storage-state';
import { loadSetting, saveSetting } from '../../core/storage/settings';
import {
  deleteAged,
  findAged,
  findStrays,
  forgetCamera,
  forgetStrays,
  measureUsage,
  stillAged,
  type AgedItems,
  type Usage,
} from './storage/upkeep';
import { BundleWorker } from './bundle/bundle-worker';
import { Bundles } from './bundles.svelte';
import { Deletion } from './deletion.svelte';
import { asOf } from '../../core/session/history/history';
import type { Session } from '../../core/session/session.svelte';

/** A month is as long as the calendar's: the same day so many months ago, in UTC. */
function monthsAgo(months: number): number {
  const at = new Date();
  at.setUTCMonth(at.getUTCMonth() - months);
  return at.getTime();
}

/** "Later" is a week later. */
const LATER = 7 * 86_400_000;
/** Time limit for writing one picture, in milliseconds. */
const LONGEST_WRITE = 60_000;

/** Makes the browser ask before the page is closed. */
function askToStay(event: Event): void {
  event.preventDefault();
}

/** Keeps a device's data safe and its disk from filling: meter, reminder, deletion, exports, kept pictures. */
export class Care {
  readonly bundles: Bundles;
  readonly deletion: Deletion;
  state = $state.raw<StorageState | null>(null);
  usage = $state.raw<Usage | null>(null);
  reason = $state.raw<ExportReason>(null);
  /** number of snapshots checked since the last export of everything */
  fresh = $state(0);
  exportedAt = $state<number | null>(null);
  /** found for a deletion by age, until it is confirmed */
  aged = $state.raw<AgedItems | null>(null);
  deleted = $state.raw<AgedItems | null>(null);
  isDeleting = $state(false);
  /** number of pictures that could not be kept since the page was opened */
  unkept = $state(0);
  /** pictures that wait to be written */
  waiting = $state(0);
  readonly canKeep = canKeepOriginals();

  readonly #session: Session;
  #keeps = $state.raw<readonly string[]>([]);
  readonly isKeeping = $derived.by(() => this.#keeps.includes(this.#session.cameras.chosen?.id ?? ''));
  #keeper: BundleWorker | null = null;
  #writing: Promise<void> = Promise.resolve();

  private constructor(session: Session) {
    this.#session = session;
    this.bundles = new Bundles(session, {
      beginExport: () => this.#beginExport(),
      settle: (work) => this.#settle(work),
    });
    this.deletion = new Deletion(session, {
      kept: () => this.#writing,
      settle: (work) => this.#settle(work),
    });
  }

  static async open(session: Session): Promise<Care> {
    const care = new Care(session);
    await care.reload();
    return care;
  }

  async reload(): Promise<void> {
    this.#keeps = (await loadSetting(this.#session.db, 'keepsOriginals')) ?? [];
  }

  async look(): Promise<void> {
    const { db } = this.#session;
    const last = await loadSetting(db, 'lastExport');
    const later = (await loadSetting(db, 'remindAfter')) ?? 0;
    const jobs = await this.#countJobs();
    this.state = await storageState();
    this.fresh = Math.max(0, jobs - (last?.jobs ?? 0));
    this.exportedAt = last?.at ?? null;
    const now = Date.now();
    const safety = { ...this.state, exportedAt: this.exportedAt, fresh: this.fresh, now };
    // A clock that was set back must not silence it for ever.
    this.reason = now < later && later - now <= LATER ? null : exportReason(safety);
  }

  /** Weighs the stored data, and forgets rows that belong to no camera any more. */
  async measure(): Promise<void> {
    await this.look();
    await this.#sweep();
    this.usage = await measureUsage(this.#session.db);
  }

  async remindLater(): Promise<void> {
    this.reason = null;
    if (this.#session.work.role === 'writer') {
      await saveSetting(this.#session.db, 'remindAfter', Date.now() + LATER);
    }
  }

  /** Asks the browser to keep the data until the person deletes them. */
  async askToKeep(): Promise<void> {
    await requestPersistence();
    await this.look();
  }

  /** Finds items older than a number of months; nothing is deleted yet. */
  async find(kind: AgedKind, months: number): Promise<void> {
    this.deleted = null;
    this.aged = await findAged(this.#session.db, kind, monthsAgo(months));
  }

  /** Deletes the found items, as far as they may still go. */
  async deleteFound(): Promise<void> {
    const { kind, count } = this.aged ?? { kind: null, count: 0 };
    if (!this.aged || !kind || count === 0) return;
    const found = this.aged;
    this.isDeleting = true;
    const { db } = this.#session;
    let going = found;
    const isDone = await this.#session.work.attempt(() =>
      this.#session.cameras.changeAll(() =>
        this.#settle(async () => {
          going = await stillAged(db, found);
          await deleteAged(db, going);
        }),
      ),
    );
    this.isDeleting = false;
    this.aged = null;
    this.deleted = isDone ? going : null;
    if (isDone) this.#session.thumbnails.forget(going.jobIds);
    await this.measure();
  }

  async setKeeping(isKeeping: boolean): Promise<void> {
    const { chosen: camera } = this.#session.cameras;
    if (!camera) return;
    const others = this.#keeps.filter((id) => id !== camera.id);
    const keeps = isKeeping ? [...others, camera.id] : others;
    await this.#session.work.attempt(() =>
      this.#session.work.alone(async () => {
        await saveSetting(this.#session.db, 'keepsOriginals', keeps.length > 0 ? keeps : null);
        this.#keeps = keeps;
        void requestPersistence();
      }),
    );
  }

  /** Keeps the picture of a snapshot that was scored, after those before it; the batch doesn't wait for it. */
  keep(job: CompletedJob, file: File): void {
    if (this.#keeps.includes(job.cameraId) && this.canKeep) this.#keepNext(job, file);
  }

  /** Keeps a kept picture under the time that its snapshot goes by from now on. */
  async keepAnew(job: Job, before: Job): Promise<void> {
    if (timeStamp(nameTime(job)) === timeStamp(nameTime(before))) return;
    await this.#writing;
    const kept = await this.original(before);
    if (kept) this.#keepNext(job, kept, () => deleteOriginals(job.cameraId, [kept.name]));
  }

  #keepNext(job: Job, file: File, afterwards?: () => Promise<void>): void {
    const camera = this.#session.cameras.all.find(({ id }) => id === job.cameraId);
    if (!camera) return;
    const name = originalName(job, camera.name);
    this.waiting += 1;
    addEventListener('beforeunload', askToStay);
    this.#writing = this.#writing.then(async () => {
      const isKept = await this.#keepNow(job, name, file);
      if (!isKept) this.unkept += 1;
      else await afterwards?.().catch(this.#session.work.report);
      this.waiting -= 1;
      if (this.waiting > 0) return;
      removeEventListener('beforeunload', askToStay);
      this.#endKeeper();
      // The meter may be older than these pictures.
      if (this.usage !== null) this.measure().catch(this.#session.work.report);
    });
  }

  async original(job: OriginalOf): Promise<File | null> {
    const camera = this.#session.cameras.all.find(({ id }) => id === job.cameraId);
    const found = camera && (await findOriginal(job, originalName(job, camera.name)));
    return found ? new File([found.file], found.name, { type: found.file.type }) : null;
  }

  /** Number of snapshots that only an earlier model has judged and that have a kept picture, by names alone. */
  async countRejudgeable(): Promise<number> {
    const { chosen: camera } = this.#session.cameras;
    const names = camera ? await originalNames(camera.id) : [];
    const stamps = new Set(names.map((name) => name.slice(0, timeStamp(0).length)));
    return this.#judgedBefore().filter((job) => stamps.has(timeStamp(nameTime(job)))).length;
  }

  /** Kept pictures of those snapshots, each found by its content. */
  async rejudgeable(): Promise<readonly File[]> {
    const files: File[] = [];
    for (const job of this.#judgedBefore()) {
      const found = await this.original(job);
      // Under the snapshot's own name and time, so that the page finds its job.
      if (found) files.push(new File([found], job.imageName, { lastModified: job.capturedAt }));
    }
    return files;
  }

  /** Deletes a camera with everything that belongs to it, its kept pictures too. */
  async deleteCamera(cameraId: string): Promise<void> {
    const { db } = this.#session;
    await this.#writing;
    await this.#settle(() => forgetCamera(db, cameraId));
    if (!this.#keeps.includes(cameraId)) return;
    this.#keeps = this.#keeps.filter((id) => id !== cameraId);
    await saveSetting(db, 'keepsOriginals', this.#keeps.length > 0 ? this.#keeps : null);
  }

  async #keepNow(of: OriginalOf, name: string, file: File): Promise<boolean> {
    try {
      // An archive's contents would stay behind.
      const picture = await unpacked(file);
      this.#keeper ??= new BundleWorker();
      return (await this.#keeper.ask((api) => api.keepOriginal(of, name, picture), LONGEST_WRITE)) === null;
    } catch {
      // A worker that is lost writes no more: the next picture gets another one.
      this.#endKeeper();
      return false;
    }
  }

  #endKeeper(): void {
    this.#keeper?.end();
    this.#keeper = null;
  }

  /** One job for each snapshot of the chosen camera that only an earlier model has judged. */
  #judgedBefore(): readonly CompletedJob[] {
    const { chosen: camera } = this.#session.cameras;
    const { history } = this.#session;
    if (!camera) return [];
    const present = new Set(asOf(camera.modelSha256, history.jobs).map(({ contentSha256 }) => contentSha256));
    const found: CompletedJob[] = [];
    for (const job of history.jobs) {
      if (job.jobStatus !== 'Completed' || present.has(job.contentSha256)) continue;
      present.add(job.contentSha256);
      found.push(job);
    }
    return found;
  }

  /** Forgets rows of an import that was cut short because the page was closed. */
  async #sweep(): Promise<void> {
    const { db } = this.#session;
    const { canChange } = this.#session.work;
    if (!canChange || (await findStrays(db)).length === 0 || !this.#session.work.canChange) return;
    await this.#session.work.alone(() => forgetStrays(db));
  }

  async #beginExport(): Promise<() => Promise<void>> {
    // Snapshots checked while the zip is written may be missing in it.
    const [at, jobs] = [Date.now(), await this.#countJobs()];
    return async () => {
      this.reason = null;
      if (this.#session.work.role !== 'writer') return;
      await saveSetting(this.#session.db, 'lastExport', { at, jobs });
      await this.look();
    };
  }

  /** Does work that takes or imports snapshots. What was imported is in an export, also where none was made here yet. */
  async #settle<T>(work: () => Promise<T>): Promise<T> {
    const { db } = this.#session;
    const before = await this.#countJobs();
    try {
      return await work();
    } finally {
      const change = (await this.#countJobs()) - before;
      const last = await loadSetting(db, 'lastExport');
      const jobs = Math.max(0, (last?.jobs ?? 0) + change);
      if (change !== 0) await saveSetting(db, 'lastExport', { at: last?.at ?? null, jobs });
      await this.look();
    }
  }

  /** Snapshots of all cameras but the demo. */
  async #countJobs(): Promise<number> {
    const { db } = this.#session;
    const demos = (await loadCameras(db)).filter(({ isDemo }) => isDemo);
    return countJobsBeside(
      db,
      demos.map(({ id }) => id),
    );
  }
}
