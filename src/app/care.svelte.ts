import { originalName } from '../domain/capture-time';
import type { CompletedJob, Job } from '../domain/job';
import { exportReason, type Aged, type ExportReason } from '../domain/retention';
import { orStorageError } from '../storage/database';
import { canKeepOriginals, deleteOriginals, findOriginal } from '../storage/originals';
import { requestPersistence, storageState, type StorageState } from '../storage/persistence';
import { loadSetting, saveSetting } from '../storage/settings';
import { deleteAged, findAged, measureUsage, type AgedItems, type Usage } from '../storage/upkeep';
import { Bundles, Lane } from './bundles.svelte';
import { asOf } from './history';
import type { Porthole } from './porthole.svelte';

/** A month is as long as the calendar's: the same day so many months ago, in UTC. */
function monthsAgo(months: number): number {
  const at = new Date();
  at.setUTCMonth(at.getUTCMonth() - months);
  return at.getTime();
}

/** "Later" is a week later. */
const LATER = 7 * 86_400_000;

/** What keeps a device's data safe and its disk from filling: meter, reminder, deletion, exports, kept pictures. */
export class Care {
  readonly bundles: Bundles;
  state = $state.raw<StorageState | null>(null);
  usage = $state.raw<Usage | null>(null);
  reason = $state.raw<ExportReason>(null);
  /** snapshots checked since the last export of everything */
  fresh = $state(0);
  exportedAt = $state<number | null>(null);
  /** what a deletion by age would take, until it is confirmed */
  aged = $state.raw<AgedItems | null>(null);
  /** how many the last deletion took */
  deleted = $state.raw<AgedItems | null>(null);
  isDeleting = $state(false);
  /** pictures that found no room since the page was opened */
  unkept = $state(0);
  /** pictures that wait to be written */
  waiting = $state(0);
  readonly canKeep = canKeepOriginals();

  readonly #porthole: Porthole;
  #keeps = $state.raw<readonly string[]>([]);
  /** whether the chosen camera's pictures are kept */
  readonly isKeeping = $derived.by(() => this.#keeps.includes(this.#porthole.camera?.id ?? ''));
  #keeper: Lane | null = null;
  #writing: Promise<void> = Promise.resolve();

  private constructor(porthole: Porthole) {
    this.#porthole = porthole;
    this.bundles = new Bundles(porthole, () => this.#noteExport());
  }

  static async open(porthole: Porthole): Promise<Care> {
    const care = new Care(porthole);
    care.#keeps = (await loadSetting(porthole.db, 'keepsOriginals')) ?? [];
    return care;
  }

  /** Looks whether somebody should be reminded to export. */
  async look(): Promise<void> {
    const { db, cameras } = this.#porthole;
    const last = await loadSetting(db, 'lastExport');
    const later = (await loadSetting(db, 'remindAfter')) ?? 0;
    const jobs = await this.#countJobs(cameras.filter(({ isDemo }) => !isDemo).map(({ id }) => id));
    this.state = await storageState();
    this.fresh = Math.max(0, jobs - (last?.jobs ?? 0));
    this.exportedAt = last?.at ?? null;
    const now = Date.now();
    const safety = { ...this.state, exportedAt: this.exportedAt, fresh: this.fresh, now };
    // A clock that was set back must not silence it for ever.
    this.reason = now < later && later - now <= LATER ? null : exportReason(safety);
  }

  /** Weighs what is kept. */
  async measure(): Promise<void> {
    await this.look();
    this.usage = await measureUsage(this.#porthole.db);
  }

  async remindLater(): Promise<void> {
    this.reason = null;
    if (this.#porthole.role === 'writer') {
      await saveSetting(this.#porthole.db, 'remindAfter', Date.now() + LATER);
    }
  }

  /** Asks the browser to keep the data until the person deletes them. */
  async askToKeep(): Promise<void> {
    await requestPersistence();
    await this.look();
  }

  /** Finds what is older than so many months; nothing is deleted yet. */
  async find(kind: Aged, months: number): Promise<void> {
    this.deleted = null;
    this.aged = await findAged(this.#porthole.db, kind, monthsAgo(months));
  }

  /** Deletes what was found. */
  async deleteFound(): Promise<void> {
    const { kind, count } = this.aged ?? { kind: null, count: 0 };
    if (!this.aged || !kind || count === 0) return;
    const found = this.aged;
    this.isDeleting = true;
    const isDone = await this.#porthole.attempt(() =>
      this.#porthole.changeAll(() => deleteAged(this.#porthole.db, found)),
    );
    this.isDeleting = false;
    this.aged = null;
    this.deleted = isDone ? found : null;
    if (isDone) this.#porthole.thumbnails.forget(found.jobIds);
    await this.measure();
  }

  /** Whether pictures that are scored for the chosen camera from now on are kept. */
  async setKeeping(isKeeping: boolean): Promise<void> {
    const { camera } = this.#porthole;
    if (!camera) return;
    const others = this.#keeps.filter((id) => id !== camera.id);
    const keeps = isKeeping ? [...others, camera.id] : others;
    await this.#porthole.attempt(() =>
      this.#porthole.runAlone(async () => {
        await saveSetting(this.#porthole.db, 'keepsOriginals', keeps.length > 0 ? keeps : null);
        this.#keeps = keeps;
        void requestPersistence();
      }),
    );
  }

  /** Keeps the picture of a snapshot that was scored, after those before it; the batch doesn't wait for it. */
  keep(job: CompletedJob, file: File): void {
    if (!this.#keeps.includes(job.cameraId) || !this.canKeep) return;
    const camera = this.#porthole.cameras.find(({ id }) => id === job.cameraId);
    if (!camera) return;
    this.#keeper ??= new Lane();
    const keeper = this.#keeper;
    const name = originalName(job, camera.name);
    this.waiting += 1;
    this.#writing = this.#writing.then(async () => {
      const { cameraId, imageName, capturedAt, contentSha256 } = job;
      const of = { cameraId, imageName, capturedAt, contentSha256 };
      const failure = await keeper.ask((api) => api.keepOriginal(of, name, file)).catch(() => 'lost');
      if (failure !== null) this.unkept += 1;
      this.waiting -= 1;
      if (this.waiting > 0) return;
      keeper.end();
      this.#keeper = null;
    });
  }

  /** The kept picture of a snapshot, or null. */
  async original(job: Job): Promise<File | null> {
    const camera = this.#porthole.cameras.find(({ id }) => id === job.cameraId);
    const found = camera && (await findOriginal(job, originalName(job, camera.name)));
    return found ? new File([found.file], found.name, { type: found.file.type }) : null;
  }

  /** Kept pictures of the snapshots that only an earlier model has judged. */
  async rejudgeable(): Promise<readonly File[]> {
    const { camera, monitor } = this.#porthole;
    if (!camera) return [];
    const present = new Set(asOf(camera.modelSha256, monitor.jobs).map(({ contentSha256 }) => contentSha256));
    const files: File[] = [];
    for (const job of monitor.jobs) {
      if (job.jobStatus !== 'Completed' || present.has(job.contentSha256)) continue;
      present.add(job.contentSha256);
      const found = await findOriginal(job, originalName(job, camera.name));
      // Under the snapshot's own name and time, so that it is known again.
      if (found) files.push(new File([found.file], job.imageName, { lastModified: job.capturedAt }));
    }
    return files;
  }

  /** Forgets the kept pictures of a camera that is gone. */
  async forgetOriginals(cameraId: string): Promise<void> {
    await this.#writing;
    await deleteOriginals(cameraId);
    if (!this.#keeps.includes(cameraId)) return;
    this.#keeps = this.#keeps.filter((id) => id !== cameraId);
    await saveSetting(this.#porthole.db, 'keepsOriginals', this.#keeps.length > 0 ? this.#keeps : null);
  }

  async #noteExport(): Promise<void> {
    const { db, cameras, role } = this.#porthole;
    this.reason = null;
    if (role !== 'writer') return;
    const jobs = await this.#countJobs(cameras.filter(({ isDemo }) => !isDemo).map(({ id }) => id));
    await saveSetting(db, 'lastExport', { at: Date.now(), jobs });
    await this.look();
  }

  async #countJobs(cameraIds: readonly string[]): Promise<number> {
    const { db } = this.#porthole;
    const counts = await orStorageError(
      Promise.all(cameraIds.map((id) => db.countFromIndex('jobs', 'cameraId', id))),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }
}
