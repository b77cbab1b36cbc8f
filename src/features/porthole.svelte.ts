import { v4 as uuid } from 'uuid';
import { holdsFor, type Calibration } from '../core/domain/drift/calibration';
import { blindnessOf } from '../core/domain/drift/blindness';
import { AppError } from '../core/domain/errors';
import { believedNow, type DeviceClock } from '../core/domain/camera/clock';
import type { Camera, CameraEvent, CompletedJob, Reference } from '../core/domain/camera/job';
import type { JobAxis } from '../core/domain/camera/job-axes';
import { judgingKey, type Judging } from '../core/domain/drift/judge';
import { refuseBlinding } from '../core/domain/drift/judging-problem';
import type { ModelManifest } from '../core/domain/model/model';
import { EncoderPool, type PoolStatus } from '../core/encoder/pool';
import {
  deleteEvent,
  loadCameras,
  loadEvents,
  loadReferences,
  saveCamera,
  saveEvents,
  saveReference,
} from '../core/storage/cameras';
import { loadCalibrations } from '../core/storage/calibrations';
import { openDatabase, type Database } from '../core/storage/database';
import { loadDeparted, type Departed } from '../core/storage/deliveries';
import { JOBS_AT_A_TIME, loadJobsNewestFirst } from '../core/storage/jobs';
import { requestPersistence } from '../core/storage/persistence';
import { loadSetting, saveSetting } from '../core/storage/settings';
import { ChangeChannel, claimWriterLock, type Role } from '../core/storage/writer-lock';
import type { Alerts } from './alerts/alerts.svelte';
import { Deck } from './monitor/deck.svelte';
import { fetchDemo } from './setup/demo';
import { download } from '../core/browser/download';
import { Arrivals } from './intake/arrivals.svelte';
import type { KeptHandle } from '../core/browser/file-handles';
import type { FolderWatch } from './intake/folder-watch.svelte';
import { Hindsight } from '../core/session/hindsight';
import { sortFiles } from '../core/session/intake';
import { judgingModels } from '../core/session/judging-models';
import { fetched, late } from '../core/browser/late';
import { t } from '../core/i18n/messages';
import { Models } from '../core/session/models.svelte';
import { Monitor, type Scored } from '../core/session/monitor.svelte';
import { extendedReference } from '../core/session/next-reference';
import type { ReconstructionLane } from '../core/session/reconstruction-lane.svelte';
import type { LeftOut } from '../core/domain/camera/left-out';
import { Thumbnails } from '../core/session/thumbnails';
import { SetUp, type Built, type SetUpChoices } from './setup/set-up.svelte';
import type { Sync } from './driftwatch/sync.svelte';
import type { Care } from './keep/care.svelte';
import type { Soundness } from './keep/soundness.svelte';

/** The places of the page. */
export type Place = 'monitor' | 'reference' | 'calibrate' | 'jobs' | 'driftwatch' | 'settings';

/** How long an onlooking tab waits after a change before it reads again, in milliseconds. */
const FOLLOW_DELAY = 400;

/** The whole page's state: the cameras, the one that is chosen, and the parts that work for it. */
export class Porthole {
  place = $state<Place>('monitor');
  role = $state.raw<Role | null>(null);
  cameras = $state.raw<readonly Camera[]>([]);
  camera = $state.raw<Camera | null>(null);
  /** all versions of the chosen camera's reference, oldest first */
  references = $state.raw<readonly Reference[]>([]);
  events = $state.raw<readonly CameraEvent[]>([]);
  /** all versions of the chosen camera's settings that were accepted, oldest first */
  calibrations = $state.raw<readonly Calibration[]>([]);
  /** what the newest reference was built without */
  leftOut = $state.raw<readonly LeftOut[]>([]);
  /** snapshots that came with the reference's and are not in it: they can be checked now */
  beside = $state.raw<readonly File[]>([]);
  /** what a person has said of this device's clock; null when it is taken for right */
  deviceClock = $state.raw<DeviceClock | null>(null);
  /** something a person should know or act on; shown until it is dismissed */
  problem = $state.raw<AppError | null>(null);
  /** files that were dropped and that are neither snapshots nor anything else we know */
  ignored = $state.raw<readonly File[]>([]);
  /** names of what was dropped and could not be opened */
  unreadable = $state.raw<readonly string[]>([]);
  isOutdated = $state(false);
  encoder = $state.raw<PoolStatus>(EncoderPool.idle);
  isFetchingDemo = $state(false);
  /** what the Jobs place plots along, as long as the page is open */
  plotAxes = $state.raw<{ readonly x: JobAxis; readonly y: JobAxis }>({ x: 'capturedAt', y: 'distance' });
  /** whether the set-up makes another camera, not the chosen one's next reference */
  isSettingUpNew = $state(false);
  /** what goes to DriftWatch; null until it is set up or looked at, since its code is loaded only then */
  sync = $state.raw<Sync | null>(null);
  /** what shows the verdict on the tab and tells its changes; null until there is a camera */
  alerts = $state.raw<Alerts | null>(null);
  /** what fills in reconstruction errors; null until a model is open, since without one it could do nothing */
  rebuilding = $state.raw<ReconstructionLane | null>(null);
  /** what looks into a folder for new snapshots; null until its code is loaded */
  watch = $state.raw<FolderWatch | null>(null);
  /** what of storage can't be used; null until its code is loaded */
  soundness = $state.raw<Soundness | null>(null);
  /** what keeps the data safe; null until it is looked at, or a camera keeps its pictures */
  care = $state.raw<Care | null>(null);
  readonly reference = $derived(
    this.references.find((reference) => reference.id === this.camera?.referenceId) ?? null,
  );

  /** why the chosen camera's settings can tell nothing with its reference; null when they can */
  readonly blindness = $derived.by(() => {
    const { camera, reference } = this;
    return camera && reference ? blindnessOf(reference.embeddings, camera) : null;
  });

  /** as storage had it when the camera was shown; what goes to DriftWatch knows it to the moment */
  #departed = $state.raw<Departed>({ isConnected: false, hasSent: false, sent: 0 });
  #isChanging = $state(false);
  /** whether something is at work that other work must not be mixed with */
  readonly isBusy = $derived.by(
    () =>
      this.#isChanging || this.arrivals.isReading || this.monitor.isWorking || this.setUp.progress.isRunning,
  );
  /** whether settings, cameras and references can be changed now */
  readonly canChange = $derived.by(() => this.role === 'writer' && !this.isBusy);

  /** what the chosen camera's settings rest on; null when nothing was measured for them */
  readonly calibration = $derived.by(() => {
    const { camera } = this;
    const found = this.calibrations.find(({ id }) => id === camera?.calibrationId);
    return camera && found && holdsFor(found, camera) ? found : null;
  });

  /** the models that have judged the chosen camera's snapshots, its present one last: mostly that one alone */
  readonly judgingModels = $derived.by(() =>
    this.camera ? judgingModels(this.monitor.jobs, this.camera, this.models) : [],
  );

  /** what has left this device, as a sentence without its stop */
  readonly left = $derived.by(() => {
    const sent = this.sync?.sent ?? this.#departed.sent;
    if (sent > 0 || this.#departed.hasSent) return t.app.left.some(sent, this.sync?.outbox.waiting ?? 0);
    const isConnected = this.sync?.account.isConnected ?? this.#departed.isConnected;
    return isConnected ? t.app.left['no-result'] : t.app.left.nothing;
  });

  readonly arrivals = new Arrivals();
  readonly deck = new Deck();
  readonly monitor: Monitor;
  readonly setUp: SetUp;
  readonly models: Models;
  readonly thumbnails: Thumbnails;
  readonly db: Database;
  readonly pool: EncoderPool;
  readonly #channel: ChangeChannel;
  #followTimer: ReturnType<typeof setTimeout> | undefined;
  /** counts what was shown, so that a slow look at one camera never hides a later one */
  #turn = 0;
  #isOpeningRebuilding = false;

  /** Loads what goes to DriftWatch. @throws AppError `fetch-failed` when the page's own host is out of reach */
  readonly openSync = late(() => this.#loadSync());

  /** Loads what the Calibrate place works with. @throws AppError `fetch-failed` as `openSync` */
  readonly openWorkbench = late(async () => {
    const { Workbench } = await fetched('workbench', import('./calibrate/workbench.svelte'));
    return new Workbench(this);
  });

  /** Loads what fits the chosen camera's model to it. @throws AppError `fetch-failed` as `openSync` */
  readonly openAdaptation = late(async () => {
    const [{ CameraAdaptation }, { CameraTraining }] = await fetched(
      'adaptation',
      Promise.all([import('./adapt/adaptation.svelte'), import('./adapt/training.svelte')]),
    );
    return { adaptation: new CameraAdaptation(this), training: new CameraTraining(this) };
  });

  /** Loads what tells a change of the verdict. @throws AppError `fetch-failed` as `openSync` */
  readonly openAlerts = late(async () => {
    const { Alerts } = await fetched('alerts', import('./alerts/alerts.svelte'));
    return (this.alerts = await Alerts.open(this));
  });

  /** Loads what meters, exports and deletes. @throws AppError `fetch-failed` as `openSync` */
  readonly openCare = late(async () => {
    const { Care } = await fetched('care', import('./keep/care.svelte'));
    return (this.care = await Care.open(this));
  });

  private constructor(db: Database, pool: EncoderPool) {
    this.db = db;
    this.pool = pool;
    this.#channel = new ChangeChannel(() => {
      this.#follow();
    });
    pool.subscribe((status) => {
      this.encoder = status;
      if (status.state === 'ready') this.#openRebuilding();
    });
    this.models = new Models(db, pool);
    this.thumbnails = new Thumbnails(db);
    this.setUp = new SetUp({ pool, models: this.models });
    this.monitor = new Monitor({
      db,
      pool,
      onWrite: () => {
        this.#channel.announce();
        this.sync?.outbox.wake();
      },
      models: this.models,
      now: () => this.now(),
      deliveryOf: (job, reference) => this.sync?.deliveryOf(job, reference) ?? null,
      onScored: (job, file) => this.care?.keep(job, file),
    });
  }

  /**
   * Opens the database, reads what this device knows, and asks to be the tab that writes.
   *
   * @throws AppError when the database can't be opened
   */
  static async open(): Promise<Porthole> {
    let tellOutdated = (): void => undefined;
    const db = await openDatabase({
      onOutdated: () => {
        tellOutdated();
      },
      onTerminated: () => {
        tellOutdated();
      },
    });
    const porthole = new Porthole(db, new EncoderPool());
    tellOutdated = () => (porthole.isOutdated = true);
    await new Promise<void>((resolve, reject) => {
      claimWriterLock((role) => {
        // An onlooker that becomes the writer must know what the other tab wrote before anything else is done.
        porthole.#isChanging = role === 'writer';
        porthole.role = role;
        porthole
          .#load()
          .finally(() => (porthole.#isChanging = false))
          .then(() =>
            porthole.attempt(() =>
              Promise.all([porthole.models.load(), porthole.#goOnSending(), porthole.#goOnKeeping()]),
            ),
          )
          .then(() => {
            resolve();
          }, reject);
      });
    });
    return porthole;
  }

  /** Chooses the camera that the page shows and scores for. */
  async choose(cameraId: string): Promise<void> {
    await this.attempt(async () => {
      this.isSettingUpNew = false;
      if (this.role !== 'writer') await this.#show(cameraId);
      else await this.#alone(() => this.#chooseNow(cameraId), true);
    });
  }

  /** Leads to an empty set-up; the chosen camera stays what it is. */
  startNewCamera(): void {
    this.setUp.clear();
    this.isSettingUpNew = true;
    this.place = 'reference';
  }

  /** Leads back from the set-up of another camera to the chosen one. */
  leaveNewCamera(): void {
    this.setUp.clear();
    this.isSettingUpNew = false;
  }

  /** Takes what was dropped on the page. */
  async takeDrop(transfer: DataTransfer): Promise<void> {
    const { files, unreadable, handles } = await this.arrivals.ofDrop(transfer);
    this.unreadable = unreadable;
    await this.take(files, handles);
  }

  /**
   * Takes files from a drop, a picker or the clipboard, wherever they may belong; archives are opened.
   *
   * @param handles - by which they can be read again in a later visit
   * @param isByHand - false for what came by itself, as with `score`
   * @returns whether all went well
   */
  async take(given: readonly File[], handles: readonly KeptHandle[] = [], isByHand = true): Promise<boolean> {
    return this.attempt(async () => {
      this.#mustWrite();
      const { files, bundles } = await this.arrivals.open(given);
      const [bundle, ...more] = bundles;
      for (const { name } of more) this.arrivals.refuse(name, 'is-bundle');
      const { snapshots, configs, models, embeddings, ignored } = sortFiles(files);
      this.ignored = ignored;
      const describesReference = configs.length > 0 || embeddings.length > 0;
      const goesToReference = this.place === 'reference' || !this.camera;
      if (describesReference || (goesToReference && snapshots.length > 0)) {
        this.#mustBeFree(this.setUp.progress.isRunning || this.setUp.reading !== null);
        await this.setUp.add([...snapshots, ...configs, ...embeddings]);
        this.place = 'reference';
      } else if (snapshots.length > 0 && this.place === 'calibrate') {
        await (await this.openWorkbench()).calibrator.add(snapshots, 'clean');
      } else if (snapshots.length > 0) {
        this.place = 'monitor';
        await this.score(snapshots, handles, isByHand);
      }
      for (const file of models) {
        this.place = 'settings';
        await this.addModel(file);
      }
      if (bundle) await this.#lookInto(bundle);
    });
  }

  /**
   * Scores snapshots for the chosen camera, after those already queued.
   *
   * @param isByHand - false for what came by itself: then the note of a batch that was interrupted stays
   * @throws AppError `not-the-writer`, `busy` while something else changes, or what stopped the batch
   */
  async score(files: readonly File[], handles: readonly KeptHandle[] = [], isByHand = true): Promise<Scored> {
    this.#mustWrite();
    this.#mustBeFree(this.#isChanging || this.setUp.progress.isRunning);
    try {
      return await this.monitor.score(files, handles, isByHand);
    } finally {
      // An experiment may have been chosen while snapshots were being scored.
      await this.sync?.catchUp().catch(this.report);
    }
  }

  /** Scores the snapshots among these files, those too that an earlier model has judged; other files are left alone. */
  async rejudge(given: readonly File[]): Promise<void> {
    await this.attempt(async () => {
      const { files } = await this.arrivals.open(given);
      const { snapshots } = sortFiles(files);
      const taken = new Set<File>(snapshots);
      this.ignored = files.filter((file) => !taken.has(file));
      if (snapshots.length > 0) await this.score(snapshots);
    });
  }

  /** Takes in a user's own ONNX autoencoder. @returns null when its trial was cancelled */
  async addModel(file: File): Promise<ModelManifest | null> {
    return this.#alone(() => this.models.add(file));
  }

  /** Tries a model again that took too long an earlier time. */
  async tryModel(sha256: string): Promise<void> {
    await this.attempt(() => this.#alone(() => this.models.tryAgain(sha256)));
  }

  /** Builds the reference from what was collected, for a new camera or as the next version of one. */
  async build(choices: SetUpChoices, existing: Camera | null): Promise<void> {
    await this.attempt(async () => {
      await this.setUpCamera(choices, existing);
    });
  }

  /**
   * Builds a reference from what was collected and stores it, with a new camera or as the next version of one.
   *
   * @returns null when it was cancelled
   * @throws AppError that says why it can't be built; then nothing is stored
   */
  async setUpCamera(
    choices: SetUpChoices,
    existing: Camera | null,
    more: { isDemo: boolean; events: readonly Omit<CameraEvent, 'cameraId'>[] } = {
      isDemo: false,
      events: [],
    },
  ): Promise<Built | null> {
    return this.#alone(async () => {
      const built = await this.setUp.build(
        choices,
        existing ? { camera: existing, references: this.references } : null,
      );
      if (!built) return null;
      const camera: Camera = existing ? built.camera : { ...built.camera, isDemo: more.isDemo };
      const beside = this.setUp.rest;
      await this.models.keep(camera.modelSha256);
      const { reference, thumbnails, calibration } = built;
      const events = more.events.map((event) => ({ ...event, cameraId: camera.id }));
      await saveReference(this.db, camera, reference, { thumbnails, calibration, events });
      void requestPersistence();
      this.setUp.clear();
      this.isSettingUpNew = false;
      await this.#chooseNow(camera.id);
      this.leftOut = built.leftOut;
      this.beside = beside;
      this.#channel.announce();
      return built;
    });
  }

  /** Sets up the demo camera from the files that ship with the page, on the same path as a user's own. */
  async tryDemo(): Promise<void> {
    await this.attempt(async () => {
      this.#mustWrite();
      this.#mustBeFree(this.isBusy);
      this.isFetchingDemo = true;
      const demo = await fetchDemo().finally(() => (this.isFetchingDemo = false));
      const existing = this.cameras.find((camera) => camera.isDemo);
      if (existing) await this.#alone(() => this.#chooseNow(existing.id), true);
      else {
        this.setUp.clear();
        await this.setUp.add([demo.config, ...demo.reference]);
        const choices = {
          name: demo.name,
          modelSha256: this.models.defaultSha256,
          warmUp: 'snapshots',
        } as const;
        const built = await this.setUpCamera(choices, null, { isDemo: true, events: demo.events });
        if (!built) return;
      }
      this.place = 'monitor';
      await this.score(demo.snapshots);
    });
  }

  /**
   * Changes settings of the chosen camera; jobs that were scored keep the settings they were scored with.
   *
   * @returns whether they were changed
   */
  async changeCamera(changes: Partial<Pick<Camera, 'name' | keyof Judging>>): Promise<boolean> {
    return this.changeChosen(async (camera) => {
      const changed = { ...camera, ...changes };
      const isCalibrated = judgingKey(changed) === judgingKey(camera);
      // Settings that blind the verdict are refused here; a camera that has them already may still be named anew.
      if (!isCalibrated) refuseBlinding(changed, this.reference?.embeddings ?? []);
      await saveCamera(this.db, { ...changed, calibrationId: isCalibrated ? camera.calibrationId : null });
    });
  }

  /** Notes what happened to the chosen camera. A cleaning empties the window for the snapshots after it. */
  async logEvent(event: Pick<CameraEvent, 'kind' | 'at' | 'note'>): Promise<boolean> {
    return this.changeChosen((camera) =>
      saveEvents(this.db, [{ ...event, id: uuid(), cameraId: camera.id }]),
    );
  }

  /** Takes an event back; what was scored since then stays as it is. */
  async undoEvent(id: string): Promise<boolean> {
    return this.changeChosen(() => deleteEvent(this.db, id));
  }

  /** Writes something about the chosen camera, alone, and shows it as it is then. */
  async changeChosen(write: (camera: Camera) => Promise<void>): Promise<boolean> {
    return this.attempt(() =>
      this.#alone(async () => {
        if (!this.camera) return;
        await write(this.camera);
        await this.#show(this.camera.id);
        this.#channel.announce();
      }),
    );
  }

  /**
   * Does work that needs the encoder for itself: no batch, set-up or change runs beside it.
   *
   * @throws AppError `not-the-writer`, `busy`, and what the work throws
   */
  async runAlone<T>(work: () => Promise<T>): Promise<T> {
    return this.#alone(work);
  }

  /** Freezes the present reference and these snapshots, which a person takes for clean, as the next version. */
  async extendReference(jobs: readonly CompletedJob[]): Promise<boolean> {
    return this.changeChosen(async (camera) => {
      const { reference } = this;
      if (!reference) return;
      const version = (this.references.at(-1)?.version ?? 0) + 1;
      const frozen = await extendedReference(this.db, camera, reference, version, jobs);
      await saveReference(this.db, camera, frozen.reference, frozen);
    });
  }

  /** Deletes the chosen camera with its references, jobs and pictures. */
  async deleteCamera(): Promise<void> {
    await this.attempt(() =>
      this.#alone(async () => {
        if (!this.camera) return;
        const { id } = this.camera;
        // What deletes its pictures is loaded before: without a network nothing is deleted.
        const care = await this.openCare();
        try {
          await care.deleteCamera(id);
          await saveSetting(this.db, 'currentCameraId', null);
        } finally {
          await this.#load();
          this.#channel.announce();
        }
      }, true),
    );
  }

  /** Keeps a user's own model under an edited manifest. @returns whether it was changed */
  async editModel(manifest: ModelManifest): Promise<boolean> {
    return this.attempt(() => this.#alone(() => this.models.edit(manifest)));
  }

  /** Saves a model's ONNX file, for another laptop. */
  async saveModelFile(sha256: string): Promise<void> {
    await this.attempt(async () => {
      const { manifest, bytes } = await this.models.source(sha256);
      download(bytes, manifest.file, 'application/octet-stream');
    });
  }

  async forgetModel(sha256: string): Promise<void> {
    await this.attempt(() => this.#alone(() => this.models.forget(sha256)));
  }

  /** Starts the encoder with the chosen camera's model, so that its self-test and speed can be seen. */
  async startEncoder(): Promise<void> {
    await this.attempt(async () => {
      await this.models.open(this.camera?.modelSha256 ?? this.models.defaultSha256);
    });
  }

  /** Looks through an export of Porthole and shows what it would add; nothing is added before a person says so. */
  async importBundle(file: File): Promise<void> {
    await this.attempt(() => this.#lookInto(file));
  }

  async #lookInto(bundle: File): Promise<void> {
    this.#mustWrite();
    this.place = 'settings';
    await (await this.openCare()).bundles.look(bundle);
  }

  /** Does work that writes more than the chosen camera, alone, and shows what storage holds then. */
  async changeAll<T>(write: () => Promise<T>): Promise<T> {
    return this.#alone(async () => {
      try {
        return await write();
      } finally {
        await this.models.load();
        await this.#load();
        this.#channel.announce();
      }
    });
  }

  /** The time in milliseconds since 1970: by the device's clock, unless a person said that it is behind. */
  now(): number {
    return believedNow(Date.now(), this.deviceClock);
  }

  /** Does work that takes snapshots of the chosen camera away, or puts them back, alone. @returns whether all went well */
  async changeSnapshots(write: (camera: Camera) => Promise<void>): Promise<boolean> {
    return this.attempt(() =>
      this.#alone(async () => {
        if (!this.camera) return;
        await write(this.camera);
        this.#channel.announce();
        this.sync?.outbox.wake();
      }),
    );
  }

  /** Shows a reference with what was computed of its snapshots afterwards. */
  takeReference(reference: Reference): void {
    this.references = this.references.map((known) => (known.id === reference.id ? reference : known));
  }

  /** Saves the chosen camera's results as a file. */
  async saveResults(format: 'csv' | 'json'): Promise<void> {
    await this.attempt(async () => {
      await this.monitor.whole;
      const { exportResults } = await fetched('exports', import('../core/session/exports'));
      if (this.camera) await exportResults(this.db, this.camera, this.monitor.everything, format);
    });
  }

  /** The name of a camera's model for other programs. */
  modelId(camera: Camera): string {
    return this.models.find(camera.modelSha256)?.manifest.id ?? camera.modelSha256.slice(0, 12);
  }

  /** Loads what fills in reconstruction errors, once; without a network it is tried again with the next model. */
  #openRebuilding(): void {
    if (this.#isOpeningRebuilding) return;
    this.#isOpeningRebuilding = true;
    import('../core/session/reconstruction-lane.svelte').then(
      ({ ReconstructionLane }) => {
        this.rebuilding = new ReconstructionLane(this, () => {
          this.#channel.announce();
        });
      },
      () => (this.#isOpeningRebuilding = false),
    );
  }

  async #loadSync(): Promise<Sync> {
    const { Sync } = await fetched('sync', import('./driftwatch/sync.svelte'));
    const sync = await Sync.open({
      db: this.db,
      isWriter: () => this.role === 'writer',
      onWrite: () => {
        this.#channel.announce();
      },
      onError: this.report,
    });
    this.sync = sync;
    await this.#followWithSync();
    return sync;
  }

  /** Sends what waits, where DriftWatch was set up; also when this tab has just become the one that writes. */
  async #goOnSending(): Promise<void> {
    if (!this.sync && (await loadSetting(this.db, 'connection')) !== null) await this.openSync();
  }

  async #goOnKeeping(): Promise<void> {
    if (this.care) await this.care.reload();
    else if ((await loadSetting(this.db, 'keepsOriginals')) !== null) await this.openCare();
  }

  async #followWithSync(): Promise<void> {
    const { camera, references, monitor } = this;
    await this.sync?.follow(
      camera && { camera, references, jobs: () => monitor.whole.then(() => monitor.jobs) },
    );
  }

  async #load(): Promise<void> {
    // Another tab may have connected, or disconnected, while this one only looked on.
    await this.sync?.reload();
    const current = await loadSetting(this.db, 'currentCameraId');
    await this.#show(current);
  }

  async #chooseNow(cameraId: string): Promise<void> {
    await this.#show(cameraId);
    await saveSetting(this.db, 'currentCameraId', cameraId);
  }

  /** Shows a camera as storage holds it now; the newest one when there is none of that id. */
  async #show(cameraId: string | null): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const cameras = await loadCameras(this.db);
    const camera = cameras.find(({ id }) => id === cameraId) ?? cameras.at(-1) ?? null;
    const parts = camera && loadJobsNewestFirst(this.db, camera.id);
    const [references, events, calibrations, newest] = camera
      ? await Promise.all([
          loadReferences(this.db, camera.id),
          loadEvents(this.db, camera.id),
          loadCalibrations(this.db, camera.id),
          parts?.next(),
        ])
      : [[], [], []];
    // What another tab is doing is not left behind.
    const open = this.role === 'writer' ? await loadSetting(this.db, 'openBatch') : null;
    const departed = await loadDeparted(this.db);
    const deviceClock = await loadSetting(this.db, 'deviceClock');
    if (turn !== this.#turn) return;
    this.#departed = departed;
    this.deviceClock = deviceClock;
    this.cameras = cameras;
    this.camera = camera;
    this.references = references;
    this.events = events;
    this.calibrations = calibrations;
    this.leftOut = [];
    this.beside = [];
    const { reference } = this;
    const watched = camera && reference ? { camera, reference, events } : null;
    const hindsight = new Hindsight(references);
    const jobs = newest?.done === false ? hindsight.see(newest.value) : [];
    const earlier = jobs.length < JOBS_AT_A_TIME || !parts ? null : hindsight.seeAll(parts);
    const whole = this.monitor.watch(watched, jobs, earlier, open);
    const following = this.#followWithSync();
    // Nobody waits for the history of many years, but what is wrong with it is said.
    if (this.monitor.isWhole) await following;
    else Promise.all([whole, following]).catch(this.report);
  }

  /** Reads again, a little later, what another tab wrote. */
  #follow(): void {
    if (this.role !== 'onlooker' || this.#followTimer !== undefined) return;
    this.#followTimer = setTimeout(() => {
      this.#followTimer = undefined;
      if (this.role === 'onlooker') this.#lookAgain().catch(this.report);
    }, FOLLOW_DELAY);
  }

  async #lookAgain(): Promise<void> {
    // Another tab writes more often than a long history can be read.
    await this.monitor.whole.catch(() => undefined);
    await this.sync?.reload();
    if (this.role !== 'onlooker') return;
    await this.#show(this.camera?.id ?? null);
  }

  #mustWrite(): void {
    if (this.role !== 'writer') throw new AppError('not-the-writer');
  }

  #mustBeFree(isBusy: boolean): void {
    if (isBusy) throw new AppError('busy');
  }

  /**
   * Does work that nothing else may run beside: it changes the camera, the reference or the open model.
   *
   * @param readsAnew - it shows a camera from storage, so a history that could not be read is no hindrance
   */
  async #alone<T>(work: () => Promise<T>, readsAnew = false): Promise<T> {
    this.#mustWrite();
    this.#mustBeFree(this.isBusy);
    this.#isChanging = true;
    try {
      await this.monitor.whole.catch((error: unknown) => {
        if (!readsAnew) throw error;
      });
      return await work();
    } finally {
      this.#isChanging = false;
    }
  }

  /** Does what a person asked for, and shows its failure in place of what was shown before. @returns whether all went well */
  async attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      this.problem = null;
      await work();
      return true;
    } catch (error) {
      this.report(error);
      return false;
    }
  }

  /** Shows a failure to the person; one that nobody expected goes on to the console too. */
  readonly report = (error: unknown): void => {
    this.problem =
      error instanceof AppError
        ? error
        : new AppError('unexpected', error instanceof Error ? error.message : '');
    if (!(error instanceof AppError)) console.error(error);
  };
}
