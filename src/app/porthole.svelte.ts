import { createDetector } from '../domain/detectors';
import { AppError } from '../domain/errors';
import type { Camera, CameraEvent, Reference } from '../domain/job';
import type { ModelManifest } from '../domain/model';
import { EncoderPool, type PoolStatus } from '../encoder/pool';
import {
  deleteCamera,
  loadCameras,
  loadEvents,
  loadReferences,
  saveCamera,
  saveEvents,
  saveReference,
} from '../storage/cameras';
import { openDatabase, type Database } from '../storage/database';
import { requestPersistence, storageState, type StorageState } from '../storage/persistence';
import { loadSetting, saveSetting } from '../storage/settings';
import { ChangeChannel, claimWriterLock, type Role } from '../storage/writer-lock';
import { fetchDemo } from './demo';
import { exportResults } from './exports';
import { sortFiles } from './intake';
import { Models } from './models.svelte';
import { Monitor } from './monitor.svelte';
import type { LeftOut } from './reference-builder';
import { Thumbnails } from './thumbnails';
import { SetUp, type Built, type SetUpChoices } from './set-up.svelte';

/** The places of the page. */
export type Place = 'monitor' | 'reference' | 'jobs' | 'settings';

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
  /** what the newest reference was built without */
  leftOut = $state.raw<readonly LeftOut[]>([]);
  /** snapshots that came with the reference's and are not in it: they can be checked now */
  beside = $state.raw<readonly File[]>([]);
  /** something a person should know or act on; shown until it is dismissed */
  problem = $state.raw<AppError | null>(null);
  /** files that were dropped and that are neither snapshots nor anything else we know */
  ignored = $state.raw<readonly File[]>([]);
  isOutdated = $state(false);
  encoder = $state.raw<PoolStatus>(EncoderPool.idle);
  isFetchingDemo = $state(false);
  /** whether the set-up makes another camera, not the chosen one's next reference */
  isSettingUpNew = $state(false);
  readonly reference = $derived(
    this.references.find((reference) => reference.id === this.camera?.referenceId) ?? null,
  );

  readonly monitor: Monitor;
  readonly setUp: SetUp;
  readonly models: Models;
  readonly thumbnails: Thumbnails;
  readonly db: Database;
  readonly #channel: ChangeChannel;
  #followTimer: ReturnType<typeof setTimeout> | undefined;

  private constructor(db: Database, pool: EncoderPool) {
    this.db = db;
    this.#channel = new ChangeChannel(() => {
      this.#follow();
    });
    pool.subscribe((status) => (this.encoder = status));
    this.models = new Models(db, pool);
    this.thumbnails = new Thumbnails(db);
    this.setUp = new SetUp({ pool, models: this.models });
    this.monitor = new Monitor({
      db,
      pool,
      onWrite: () => {
        this.#channel.announce();
      },
      models: this.models,
      assertWriter: () => {
        this.#mustWrite();
      },
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
    await new Promise<void>((resolve) => {
      claimWriterLock((role) => {
        porthole.role = role;
        void porthole
          .#load()
          .then(() => porthole.#reporting(() => porthole.models.load()))
          .then(resolve);
      });
    });
    return porthole;
  }

  /** Chooses the camera that the page shows and scores for. */
  async choose(cameraId: string): Promise<void> {
    if (this.role === 'writer') await saveSetting(this.db, 'currentCameraId', cameraId);
    await this.#show(cameraId);
  }

  /** Leads to an empty set-up; the chosen camera stays what it is. */
  startNewCamera(): void {
    this.setUp.clear();
    this.isSettingUpNew = true;
    this.place = 'reference';
  }

  /** Takes files from a drop, a picker or the clipboard, wherever they may belong. */
  async take(files: readonly File[]): Promise<void> {
    await this.#reporting(async () => {
      this.#mustWrite();
      const { snapshots, configs, models, embeddings, ignored } = sortFiles(files);
      this.ignored = ignored;
      for (const file of models) {
        await this.models.add(file);
        this.place = 'settings';
      }
      const isForReference = configs.length > 0 || embeddings.length > 0 || this.place === 'reference';
      if (isForReference || (!this.camera && snapshots.length > 0)) {
        await this.setUp.add([...snapshots, ...configs, ...embeddings]);
        this.place = 'reference';
      } else if (snapshots.length > 0) {
        this.place = 'monitor';
        await this.monitor.score(snapshots);
      }
    });
  }

  /** Builds the reference from what was collected, for a new camera or as the next version of one. */
  async build(choices: SetUpChoices, existing: Camera | null): Promise<void> {
    await this.#reporting(async () => {
      this.#mustWrite();
      const built = await this.setUp.build(
        choices,
        existing ? { camera: existing, references: this.references } : null,
      );
      if (built) await this.adopt(built);
    });
  }

  /** Stores a camera with its new reference and shows it. */
  async adopt(built: Built, events: readonly CameraEvent[] = []): Promise<void> {
    this.#mustWrite();
    await this.models.keep(built.camera.modelSha256);
    await saveReference(this.db, built.camera, built.reference);
    if (events.length > 0) await saveEvents(this.db, events);
    void requestPersistence();
    await this.choose(built.camera.id);
    this.leftOut = built.leftOut;
    this.beside = this.setUp.rest;
    this.setUp.clear();
    this.isSettingUpNew = false;
    this.#channel.announce();
  }

  /** Sets up the demo camera from the files that ship with the page, on the same path as a user's own. */
  async tryDemo(): Promise<void> {
    await this.#reporting(async () => {
      this.#mustWrite();
      const existing = this.cameras.find((camera) => camera.isDemo);
      if (existing) {
        await this.choose(existing.id);
        return;
      }
      this.isFetchingDemo = true;
      const demo = await fetchDemo().finally(() => (this.isFetchingDemo = false));
      this.setUp.clear();
      await this.setUp.add([demo.config, ...demo.reference]);
      const built = await this.setUp.build(
        { name: demo.name, modelSha256: this.models.defaultSha256, warmUp: 'snapshots' },
        null,
      );
      if (!built) return;
      const camera: Camera = { ...built.camera, isDemo: true };
      const events = demo.events.map((event) => ({ ...event, cameraId: camera.id }));
      await this.adopt({ ...built, camera }, events);
      this.place = 'monitor';
      await this.monitor.score(demo.snapshots);
    });
  }

  /** Changes settings of the chosen camera; jobs that were scored keep the settings they were scored with. */
  async changeCamera(
    changes: Partial<Pick<Camera, 'name' | 'thresholds' | 'detector' | 'warmUp'>>,
  ): Promise<void> {
    await this.#reporting(async () => {
      this.#mustWrite();
      if (!this.camera) return;
      // Settings that no detector can work with are refused here, not with the next snapshot.
      if (changes.detector) createDetector(changes.detector);
      await saveCamera(this.db, { ...this.camera, ...changes });
      await this.#load();
      this.#channel.announce();
    });
  }

  /** Deletes the chosen camera with its references, jobs and pictures. */
  async deleteCamera(): Promise<void> {
    await this.#reporting(async () => {
      this.#mustWrite();
      if (!this.camera) return;
      await deleteCamera(this.db, this.camera.id);
      await saveSetting(this.db, 'currentCameraId', null);
      await this.#load();
      this.#channel.announce();
    });
  }

  /** Keeps a user's own model under an edited manifest. */
  async editModel(manifest: ModelManifest): Promise<void> {
    await this.#reporting(async () => {
      this.#mustWrite();
      await this.models.edit(manifest);
    });
  }

  async forgetModel(sha256: string): Promise<void> {
    await this.#reporting(async () => {
      this.#mustWrite();
      await this.models.forget(sha256);
    });
  }

  /** Starts the encoder with the chosen camera's model, so that its self-test and speed can be seen. */
  async startEncoder(): Promise<void> {
    await this.#reporting(async () => {
      await this.models.use(this.camera?.modelSha256 ?? this.models.defaultSha256, () => undefined);
    });
  }

  /** Saves the chosen camera's results as a file. */
  async saveResults(format: 'csv' | 'json'): Promise<void> {
    await this.#reporting(async () => {
      if (this.camera) await exportResults(this.db, this.camera, this.monitor.jobs, format);
    });
  }

  storageState(): Promise<StorageState> {
    return storageState();
  }

  async #load(): Promise<void> {
    await this.#reporting(async () => {
      this.cameras = await loadCameras(this.db);
      const current = await loadSetting(this.db, 'currentCameraId');
      await this.#show(current ?? this.cameras.at(-1)?.id ?? null);
    });
  }

  async #show(cameraId: string | null): Promise<void> {
    this.cameras = await loadCameras(this.db);
    const camera = this.cameras.find(({ id }) => id === cameraId) ?? null;
    this.references = camera ? await loadReferences(this.db, camera.id) : [];
    this.events = camera ? await loadEvents(this.db, camera.id) : [];
    this.camera = camera;
    this.leftOut = [];
    this.beside = [];
    const reference = this.reference;
    await this.monitor.watch(camera && reference ? { camera, reference } : null);
  }

  #follow(): void {
    if (this.role !== 'onlooker' || this.#followTimer !== undefined) return;
    this.#followTimer = setTimeout(() => {
      this.#followTimer = undefined;
      void this.#load();
    }, FOLLOW_DELAY);
  }

  #mustWrite(): void {
    if (this.role !== 'writer') throw new AppError('not-the-writer');
  }

  /** Shows an expected failure to the person; anything else is a bug and goes on to the console. */
  async #reporting(work: () => Promise<void>): Promise<void> {
    try {
      this.problem = null;
      await work();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.problem = error;
    }
  }
}
