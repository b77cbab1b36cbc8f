import { holdsFor, type Calibration } from '../domain/drift/judging';
import type { Camera } from '../domain/camera/camera';
import type { CameraEvent } from '../domain/camera/event';
import type { CompletedJob } from '../domain/camera/job';
import { madeBefore, type Reference } from '../domain/camera/reference';
import { believedNow, type DeviceClock } from '../domain/camera/time/clock';
import { fetched } from '../browser/late';
import { appWords } from '../i18n/app-words';
import { loadCalibrations, loadCameras, loadEvents, loadReferences } from '../storage/cameras';
import type { Database } from '../storage/database';
import { loadSentRecords } from '../storage/deletion/sent-records';
import { JOBS_AT_A_TIME, loadJobsNewestFirst } from '../storage/jobs';
import { loadSetting, saveSetting } from '../storage/settings';
import type { Followers } from './followers.svelte';
import type { Present } from './history/change-inputs';
import { tellingHistory } from './history/history';
import { watchedAnew } from './history/watched-anew';
import type { WatchedCamera } from './history/window';
import { judgingModels } from './judging-models';
import type { Models } from './models.svelte';
import type { Batches } from './scoring/batches.svelte';
import type { History } from './scoring/history.svelte';
import type { Work } from './work.svelte';

/** Delay after a change before a tab that only watches reads again, in milliseconds. */
const FOLLOW_DELAY = 400;

interface Parts {
  readonly db: Database;
  readonly work: Work;
  readonly followers: Followers;
  readonly models: Models;
  /** of the chosen camera */
  readonly history: History;
  readonly batches: Batches;
}

/** The cameras, and the stored facts of the chosen one. */
export class Cameras {
  all = $state.raw<readonly Camera[]>([]);
  chosen = $state.raw<Camera | null>(null);
  /** all versions of the chosen camera's reference, oldest first */
  references = $state.raw<readonly Reference[]>([]);
  events = $state.raw<readonly CameraEvent[]>([]);
  /** all versions of the chosen camera's settings that were accepted, oldest first */
  calibrations = $state.raw<readonly Calibration[]>([]);
  /** a person's correction of this device's clock; null when it is taken for right */
  deviceClock = $state.raw<DeviceClock | null>(null);
  /** true if the set-up makes another camera, not the chosen one's next reference */
  isSettingUpNew = $state(false);
  readonly reference = $derived(
    this.references.find((reference) => reference.id === this.chosen?.referenceId) ?? null,
  );

  /** the calibration behind the chosen camera's settings; null when nothing was measured for them */
  readonly calibration = $derived.by(() => {
    const { chosen, reference, references } = this;
    const found = this.calibrations.find(({ id }) => id === chosen?.calibrationId);
    // Limits are the camera's: a new cycle keeps them.
    const referenceId = reference && madeBefore(reference, references).id;
    return chosen && found && holdsFor(found, { ...chosen, referenceId }) ? found : null;
  });

  /** the models that have judged the chosen camera's snapshots, its present one last: mostly that one alone */
  readonly judgingModels = $derived.by(() =>
    this.chosen ? judgingModels(this.#parts.history.jobs, this.chosen, this.#parts.models) : [],
  );

  /** the history that the verdict is about */
  readonly telling = $derived.by(() =>
    this.chosen ? tellingHistory(this.#parts.history.jobs, this.chosen, this.events) : [],
  );

  readonly #parts: Parts;
  #followTimer: ReturnType<typeof setTimeout> | undefined;
  /** counts cameras shown, so that a slow look at one never hides a later one */
  #turn = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The chosen camera, its reference and its history; null before it has a reference. */
  get present(): Present | null {
    const { chosen: camera, reference, references, events } = this;
    return (
      camera && reference && { camera, reference, references, events, jobs: this.#parts.history.asStored }
    );
  }

  /** The time in milliseconds since 1970: by the device's clock, unless a person said that it is behind. */
  now(): number {
    return believedNow(Date.now(), this.deviceClock);
  }

  /** The time from which the chosen camera's ages count: the demo's clock is its newest picture. */
  clock(): number {
    const newest = this.chosen?.isDemo ? this.#parts.history.jobs.at(-1) : undefined;
    return newest?.capturedAt ?? this.now();
  }

  /** The name of a camera's model for other programs. */
  modelId(camera: Camera): string {
    return this.#parts.models.find(camera.modelSha256)?.manifest.id ?? camera.modelSha256.slice(0, 12);
  }

  /** Reads them from storage, and shows the one that was chosen. */
  async load(): Promise<void> {
    await this.#parts.followers.reading();
    await this.#show(await loadSetting(this.#parts.db, 'currentCameraId'));
  }

  /** Chooses the camera that the page shows and scores for. */
  async choose(cameraId: string): Promise<void> {
    const { work } = this.#parts;
    await work.attempt(async () => {
      this.isSettingUpNew = false;
      if (work.role !== 'writer') await this.#show(cameraId);
      else await work.alone(() => this.chooseStored(cameraId), true);
    });
  }

  /** Shows a camera that was just stored, and keeps it as the chosen one. Within `alone`. */
  async chooseStored(cameraId: string): Promise<void> {
    await this.#show(cameraId);
    await saveSetting(this.#parts.db, 'currentCameraId', cameraId);
  }

  /** Writes something about the chosen camera, alone, and shows it as it is then. @returns whether all went well */
  async change(write: (camera: Camera) => Promise<void>): Promise<boolean> {
    const { work, followers } = this.#parts;
    return work.attempt(() =>
      work.alone(async () => {
        if (!this.chosen) return;
        await write(this.chosen);
        await this.#show(this.chosen.id);
        followers.announce();
      }),
    );
  }

  /** Does work that writes more than the chosen camera, alone, and shows the stored result. */
  async changeAll<T>(write: () => Promise<T>, readsAnew = false): Promise<T> {
    const { work, models, followers } = this.#parts;
    return work.alone(async () => {
      try {
        return await write();
      } finally {
        await models.load();
        await this.load();
        followers.announce();
      }
    }, readsAnew);
  }

  /** Has a camera as it is after something was noted of it that judges nothing. */
  take(camera: Camera): void {
    this.all = this.all.map((known) => (known.id === camera.id ? camera : known));
    if (this.chosen?.id === camera.id) this.chosen = camera;
  }

  /** Shows a reference with facts that were computed from its snapshots afterwards. */
  takeReference(reference: Reference): void {
    this.references = this.references.map((known) => (known.id === reference.id ? reference : known));
    this.#parts.history.takeReference(reference);
  }

  /** Has the chosen camera's references as its cycles made them. */
  takeRenewed(watched: WatchedCamera): void {
    this.take(watched.camera);
    if (this.chosen?.id === watched.camera.id) this.references = watched.references;
  }

  /** Reads the references that cycles of the chosen camera have made. */
  async renew(): Promise<void> {
    const { db, history } = this.#parts;
    if (!history.watched) return;
    const watched = await watchedAnew(db, history.watched);
    history.takeWatched(watched);
    this.takeRenewed(watched);
  }

  /** Has the chosen camera's events as they are stored by now, and the results that they make of its jobs, by id. */
  takeEvents(events: readonly CameraEvent[], judged: ReadonlyMap<string, CompletedJob>): void {
    this.events = events;
    this.#parts.history.takeEvents(events, judged);
  }

  /** Reads another tab's writes, a little later. */
  follow(): void {
    const { work } = this.#parts;
    if (work.role !== 'onlooker' || this.#followTimer !== undefined) return;
    this.#followTimer = setTimeout(() => {
      this.#followTimer = undefined;
      if (work.role === 'onlooker') this.#lookAgain().catch(work.report);
    }, FOLLOW_DELAY);
  }

  async #lookAgain(): Promise<void> {
    const { history, followers, work } = this.#parts;
    // Another tab writes more often than a long history can be read.
    await history.whole.catch(() => undefined);
    await followers.reading();
    if (work.role !== 'onlooker') return;
    await this.#show(this.chosen?.id ?? null);
  }

  /** Shows a camera as storage holds it now; the newest one when there is none of that id. */
  async #show(cameraId: string | null): Promise<void> {
    const { db, work, followers, history, batches } = this.#parts;
    this.#turn += 1;
    const turn = this.#turn;
    const cameras = await loadCameras(db);
    const camera = cameras.find(({ id }) => id === cameraId) ?? cameras.at(-1) ?? null;
    const parts = camera && loadJobsNewestFirst(db, camera.id);
    const [references, events, calibrations, newest] = camera
      ? await Promise.all([
          loadReferences(db, camera.id),
          loadEvents(db, camera.id),
          loadCalibrations(db, camera.id),
          parts?.next(),
        ])
      : [[], [], []];
    // Another tab's batch is not interrupted.
    const open = work.role === 'writer' ? await loadSetting(db, 'openBatch') : null;
    const sentBefore = await loadSentRecords(db);
    const deviceClock = await loadSetting(db, 'deviceClock');
    const rules = camera && (await openRules(db, references));
    if (turn !== this.#turn) return;
    followers.sentBefore = sentBefore;
    this.deviceClock = deviceClock;
    this.all = cameras;
    this.chosen = camera;
    this.references = references;
    this.events = events;
    this.calibrations = calibrations;
    const { reference } = this;
    const watched = camera && reference ? { camera, reference, references, events } : null;
    const jobs = rules && newest?.done === false ? rules.applyTo(newest.value) : [];
    const earlier = jobs.length < JOBS_AT_A_TIME || !parts ? null : (rules?.applyToAll(parts) ?? null);
    const whole = history.watch(watched, jobs, earlier);
    batches.turn(open);
    const following = followers.shown();
    // No person waits for the history of many years, but its errors are shown.
    if (history.isWhole) await following;
    else Promise.all([whole, following]).catch(work.report);
  }
}

/** @throws AppError `fetch-failed` or `storage-failed` */
async function openRules(db: Database, references: readonly Reference[]) {
  const { CurrentRules } = await fetched(appWords.app.places.monitor, import('./history/current-rules'));
  return CurrentRules.open(db, references);
}
