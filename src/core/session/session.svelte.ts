import { v4 as uuid } from 'uuid';
import { holdsFor, judgingKey, type Calibration, type Judging } from '../domain/drift/judging';
import { AppError } from '../domain/errors';
import { believedNow, type DeviceClock } from '../domain/camera/time/clock';
import type {
  Camera,
  CameraEvent,
  ClockCorrection,
  CompletedJob,
  Job,
  Reference,
} from '../domain/camera/job';
import type { GlassLane } from './glass/glass-lane.svelte';
import { GlassLooker } from '../encoder/glass/glass-looker';
import type { Pool } from '../encoder/pool';
import { IDLE, type PoolStatus } from '../encoder/pool-status';
import { loadCalibrations, loadCameras, loadEvents, loadReferences, saveCamera } from '../storage/cameras';
import type { Inputs } from '../storage/inputs';
import { openDatabase, type Database } from '../storage/database';
import { loadDeparted } from '../storage/deletion/departed';
import { JOBS_AT_A_TIME, loadJobsNewestFirst } from '../storage/jobs';
import { loadSetting, saveSetting } from '../storage/settings';
import { claimWriterLock } from '../storage/writer-lock';
import { BatchNote } from './scoring/batch-note';
import type { KeptHandle } from '../browser/file-handles';
import { fetched, late } from '../browser/late';
import { FilesAtHand } from './pictures/files-at-hand';
import type { By, Present } from './history/change-inputs';
import { sortFiles } from './intake';
import { LatePool } from './late-pool';
import { judgingModels } from './judging-models';
import { appWords } from '../i18n/app-words';
import { Models } from './models.svelte';
import { BY_HAND, type Arrival, type Scored } from './scoring/batch';
import { Monitor } from './scoring/batches.svelte';
import { Arrivals } from './arrivals.svelte';
import type { Follower } from './follower';
import { Followers } from './followers.svelte';
import { Work } from './work.svelte';
import type { Changed } from './scoring/known-jobs';
import type { Sideline, Sidelined } from './scoring/background-scoring.svelte';
import { Passing } from './scoring/live-preview.svelte';
import { ThumbnailAddresses } from './pictures/thumbnail-addresses';
import { Turns } from './scoring/turns';

/** Delay after a change before a tab that only watches reads again, in milliseconds. */
const FOLLOW_DELAY = 400;

/** The page's state: the cameras, the one that is chosen, its history, and the one tab that may write. */
export class Session {
  /** the name of the place that is shown; its feature has the rest (core/page/feature.ts) */
  place = $state('monitor');
  cameras = $state.raw<readonly Camera[]>([]);
  camera = $state.raw<Camera | null>(null);
  /** all versions of the chosen camera's reference, oldest first */
  references = $state.raw<readonly Reference[]>([]);
  events = $state.raw<readonly CameraEvent[]>([]);
  /** all versions of the chosen camera's settings that were accepted, oldest first */
  calibrations = $state.raw<readonly Calibration[]>([]);
  /** a person's correction of this device's clock; null when it is taken for right */
  deviceClock = $state.raw<DeviceClock | null>(null);
  isOutdated = $state(false);
  encoder = $state.raw<PoolStatus>(IDLE);
  /** true if the set-up makes another camera, not the chosen one's next reference */
  isSettingUpNew = $state(false);
  readonly reference = $derived(
    this.references.find((reference) => reference.id === this.camera?.referenceId) ?? null,
  );

  /** true if there are cameras to compare */
  readonly hasWall = $derived.by(() => this.cameras.length > 1);
  /** scores for cameras that are not shown; null until a watched folder of one brings something */
  #sideline = $state.raw<Sideline | null>(null);
  readonly #openSideline: () => Sideline | Promise<Sideline>;
  /** true if a set-up goes on to the first verdict by itself */
  goesToFirst = $state(false);
  /** true if a camera's first verdict is on its way: unasked code loads after it */
  readonly isAwaitingFirst = $derived.by(
    () => (this.goesToFirst || this.work.isBusy) && this.monitor.jobs.length === 0,
  );
  /** the calibration behind the chosen camera's settings; null when nothing was measured for them */
  readonly calibration = $derived.by(() => {
    const { camera } = this;
    const found = this.calibrations.find(({ id }) => id === camera?.calibrationId);
    return camera && found && holdsFor(found, camera) ? found : null;
  });

  /** the models that have judged the chosen camera's snapshots, its present one last: mostly that one alone */
  readonly judgingModels = $derived.by(() =>
    this.camera ? judgingModels(this.monitor.jobs, this.camera, this.models) : [],
  );

  /** over once models and features are loaded, well or not; the page is drawn before */
  ready: Promise<boolean> = Promise.resolve(true);
  readonly arrivals = new Arrivals();
  readonly monitor: Monitor;
  readonly models: Models;
  readonly thumbnails: ThumbnailAddresses;
  readonly followers: Followers;
  readonly work: Work;
  readonly filesAtHand: FilesAtHand;
  /** pictures that are being learned or scored for the chosen camera */
  readonly passing = new Passing();
  readonly db: Database;
  readonly pool: Pool;
  readonly looker = new GlassLooker();
  /** sources of the contents that a history is judged by */
  readonly sources: By;
  /** batches, and other writes that take turns with them */
  readonly turns = new Turns();
  #followTimer: ReturnType<typeof setTimeout> | undefined;
  /** counts cameras shown, so that a slow look at one never hides a later one */
  #turn = 0;
  #glassLane: Promise<GlassLane | null> | null = null;

  private constructor(db: Database, pool: Pool) {
    this.db = db;
    this.pool = pool;
    this.followers = new Followers(() => {
      this.#follow();
    });
    this.filesAtHand = new FilesAtHand(this.followers);
    this.work = new Work({
      isFeatureAtWork: () => this.followers.isAtWork,
      isScoring: () => this.arrivals.isReading || this.monitor.isWorking,
      isBehind: () => this.#sideline?.isWorking ?? false,
      giveWay: () => this.giveWay(),
      whole: () => this.monitor.whole,
    });
    pool.subscribe((status) => {
      this.encoder = status;
    });
    this.models = new Models(db, pool);
    this.thumbnails = new ThumbnailAddresses(db);
    this.sources = {
      db,
      looker: this.looker,
      pictureOf: this.filesAtHand.pictureOf,
      now: () => this.now(),
    };
    const parts = {
      ...this.sources,
      pool,
      onWrite: (jobs: readonly Job[]) => {
        this.followers.stored(jobs);
      },
      models: this.models,
      turns: this.turns,
      onCorrected: (job: Job, before: Job) => {
        this.followers.corrected(job, before);
      },
      onJudgedAgain: (changed: readonly Changed[], because: readonly Job[]) => {
        this.followers.judgedAnew(changed, because);
      },
      onScored: (job: CompletedJob, file: File) => {
        this.followers.scored(job, file);
      },
    };
    this.monitor = new Monitor({ ...parts, note: new BatchNote(db), passing: this.passing });
    this.#openSideline = late(async () => {
      const { Sideline } = await fetched(appWords.app.places.monitor, import('./scoring/background-scoring.svelte'));
      this.#sideline = new Sideline(parts);
      return this.#sideline;
    });
  }

  /**
   * Opens the database, reads this device's data, and asks to be the tab that writes.
   *
   * @param follow - makes what features do at each moment of the session
   * @throws AppError when the database can't be opened
   */
  static async open(follow: (session: Session) => readonly Follower[]): Promise<Session> {
    let tellOutdated = (): void => undefined;
    const db = await openDatabase({
      onOutdated: () => {
        tellOutdated();
      },
      onTerminated: () => {
        tellOutdated();
      },
    });
    const session = new Session(db, new LatePool());
    session.followers.all = follow(session);
    tellOutdated = () => (session.isOutdated = true);
    await new Promise<void>((resolve, reject) => {
      claimWriterLock((role) => {
        const loading = session.work.become(role, () => session.#load());
        session.ready = loading.then(
          () => session.work.attempt(() => Promise.all([session.models.load(), session.followers.opened()])),
          () => false,
        );
        void session.ready.then(() => {
          session.#openGlassLane();
        });
        loading.then(resolve, reject);
      });
    });
    return session;
  }

  /** Chooses the camera that the page shows and scores for. */
  async choose(cameraId: string): Promise<void> {
    await this.work.attempt(async () => {
      this.isSettingUpNew = false;
      if (this.work.role !== 'writer') await this.#show(cameraId);
      else await this.work.alone(() => this.chooseStored(cameraId), true);
    });
  }

  /** Opens a set-up, empty or with snapshots that bear a name; the chosen camera stays. */
  startNewCamera(name: string | null = null, snapshots: readonly File[] = []): void {
    this.followers.beginning(name, snapshots);
    this.isSettingUpNew = true;
    this.place = 'reference';
  }

  /** Takes a drop on the page. */
  async takeDrop(transfer: DataTransfer): Promise<void> {
    const { files, unreadable, handles } = await this.arrivals.ofDrop(transfer);
    this.arrivals.unreadable = unreadable;
    if (files.length > 0 || unreadable.length === 0) await this.take(files, handles);
  }

  /**
   * Takes files from a drop, a picker or the clipboard, wherever they may belong; archives are opened.
   *
   * @param handles - by which they can be read again in a later visit
   * @returns whether all went well
   */
  async take(given: readonly File[], handles: readonly KeptHandle[] = []): Promise<boolean> {
    return this.work.attempt(async () => {
      this.work.mustWrite();
      await this.arrivals.until(this.ready);
      const { files, bundles } = await this.arrivals.open(given);
      for (const { name } of bundles.slice(1)) this.arrivals.refuse(name, 'is-bundle');
      const { ignored, ...sorted } = sortFiles(files);
      const found = [...Object.values(sorted), ignored, bundles, this.arrivals.left];
      if (found.every(({ length }) => length === 0)) throw new AppError('no-files');
      // A table is known to be of use only after it was offered.
      const isTableAlone = files.length === sorted.tables.length;
      this.arrivals.ignored = isTableAlone ? [] : ignored;
      const rest = await this.followers.take({ ...sorted, bundles: bundles.slice(0, 1) }, handles);
      const taken = new Set(sorted.tables.filter((file) => !rest.tables.includes(file)));
      if (isTableAlone || taken.size > 0) {
        this.arrivals.ignored = ignored.filter((file) => !taken.has(file));
      }
    });
  }

  /**
   * Scores snapshots for the chosen camera, after those already queued.
   *
   * @param arrival - files that came by themselves are not held in memory
   * @throws AppError `not-the-writer`, `busy` while something else changes, or what stopped the batch
   */
  async score(
    files: readonly File[],
    handles: readonly KeptHandle[] = [],
    arrival: Arrival = BY_HAND,
  ): Promise<Scored> {
    this.work.mustWrite(this.work.isChanging);
    // A watched folder sends files for weeks and holds them anyway.
    if (arrival.isByHand) this.filesAtHand.note(files);
    // The batch waits for its end.
    void this.giveWay();
    return this.monitor.score(files, handles, arrival);
  }

  /**
   * Scores snapshots that came by themselves, for a camera that need not be the chosen one; nothing else is shown by it.
   *
   * @param handles - by which they can be read again in a later visit
   * @param isAnswered - files that get a failed job if they can't be read; others come again
   * @throws AppError `not-the-writer`, `not-fitted` without such a camera, or what stopped the batch
   */
  async scoreFor(
    cameraId: string,
    files: readonly File[],
    handles: readonly KeptHandle[],
    isAnswered: Arrival['isAnswered'],
  ): Promise<Sidelined> {
    this.work.mustWrite();
    const arrival = { isByHand: false, isAnswered };
    if (this.work.isBusy)
      return { jobs: [], byFile: new Map(), seenBefore: 0, changed: [], hasGivenWay: true };
    if (cameraId !== this.camera?.id) return (await this.#openSideline()).score(cameraId, files, arrival);
    return { ...(await this.score(files, handles, arrival)), hasGivenWay: false };
  }

  /** Ends when no camera that is not shown is scored any more, and nothing writes: a person goes first. */
  async giveWay(): Promise<void> {
    await this.#sideline?.giveWay();
    await this.turns.take(() => Promise.resolve());
  }

  /** Scores the snapshots among these files, those too that an earlier model has judged; other files are left alone. */
  async rejudge(given: readonly File[]): Promise<void> {
    await this.work.attempt(async () => {
      const { files } = await this.arrivals.open(given);
      const { snapshots } = sortFiles(files);
      const taken = new Set<File>(snapshots);
      this.arrivals.ignored = files.filter((file) => !taken.has(file));
      if (snapshots.length > 0) await this.score(snapshots);
    });
  }

  /**
   * Changes settings of the chosen camera. If they judge differently, its stored history is judged again at once.
   *
   * @returns whether they were changed
   */
  async changeCamera(changes: Partial<Pick<Camera, 'name' | keyof Judging>>): Promise<boolean> {
    return this.changeChosen(async (camera) => {
      const changed = { ...camera, ...changes };
      const isCalibrated = judgingKey(changed) === judgingKey(camera);
      // Settings that blind the verdict are refused here; a camera that has them already may still be renamed.
      if (!isCalibrated) {
        const { refuseBlinding } = await fetched(
          appWords.app.places.settings,
          import('../domain/drift/judging-problem'),
        );
        refuseBlinding(changed, this.reference?.embeddings ?? []);
      }
      const next = { ...changed, calibrationId: isCalibrated ? camera.calibrationId : null };
      await (isCalibrated ? saveCamera(this.db, next) : this.#changeInputs({ camera: next }));
    });
  }

  /** Notes what happened to the chosen camera. A cleaning empties the window for the snapshots after it. */
  async logEvent(event: Pick<CameraEvent, 'kind' | 'at' | 'note' | 'scene'>): Promise<boolean> {
    return this.changeChosen((camera) =>
      this.#changeInputs({ events: [{ ...event, id: uuid(), cameraId: camera.id }] }, [event.at]),
    );
  }

  /** Takes an event back. */
  async undoEvent(id: string): Promise<boolean> {
    const from = this.events.filter((event) => event.id === id).map(({ at }) => at);
    return this.changeChosen(() => this.#changeInputs({ gone: [id] }, from));
  }

  /** Has an event say something else, and judges the history again from a capture time on. */
  async reviseEvent(event: CameraEvent, from: readonly number[]): Promise<boolean> {
    return this.changeChosen(() => this.#changeInputs({ events: [event] }, from));
  }

  /** Says by how much the chosen camera's clock was wrong, and when. */
  async correctClock(clockCorrections: readonly ClockCorrection[]): Promise<boolean> {
    return this.changeChosen(async () => {
      const { present } = this;
      if (!present) return;
      const { correctClock } = await fetched(appWords.app.places.monitor, import('./history/correct-clock'));
      await correctClock(this.sources, present, clockCorrections);
    });
  }

  /** Changes the inputs that judge the chosen camera, and its history with them. */
  async #changeInputs(inputs: Inputs, from?: readonly number[]): Promise<void> {
    const { present } = this;
    if (!present) return;
    const { changeInputs } = await fetched(appWords.app.places.monitor, import('./history/change-inputs'));
    await changeInputs(this.sources, present, inputs, from);
  }

  /** The chosen camera, its reference and its history; null before it has a reference. */
  get present(): Present | null {
    const { camera, reference, references, events, monitor } = this;
    return camera && reference && { camera, reference, references, events, jobs: monitor.asStored };
  }

  /** Writes something about the chosen camera, alone, and shows it as it is then. */
  async changeChosen(write: (camera: Camera) => Promise<void>): Promise<boolean> {
    return this.work.attempt(() =>
      this.work.alone(async () => {
        if (!this.camera) return;
        await write(this.camera);
        await this.#show(this.camera.id);
        this.followers.announce();
      }),
    );
  }

  /** Freezes the present reference and these snapshots, which a person takes for clean, as the next version. */
  async extendReference(jobs: readonly CompletedJob[]): Promise<boolean> {
    return this.changeChosen(async (camera) => {
      const { reference } = this;
      if (!reference) return;
      const version = (this.references.at(-1)?.version ?? 0) + 1;
      const { extendedReference, storeReference } = await openReferences();
      const frozen = await extendedReference(this.db, camera, reference, version, jobs);
      await storeReference(this, camera, frozen);
    });
  }

  /**
   * Freezes these snapshots alone, which a person takes for clean, as the reference of the view that they show.
   *
   * @param isNewView - false if only something in the view has changed: the new reference judges the next snapshots
   */
  async referenceOfView(jobs: readonly CompletedJob[], isNewView = true): Promise<boolean> {
    return this.changeChosen(async (camera) => {
      const version = (this.references.at(-1)?.version ?? 0) + 1;
      const events = isNewView ? newView(camera, version, jobs) : [];
      const { referenceOf, storeReference } = await openReferences();
      await storeReference(this, camera, await referenceOf(this.db, camera, version, jobs), { events });
    });
  }

  /** Goes on with an earlier version of the reference, whose view these snapshots show again. */
  async useReference({ id, version }: Reference, jobs: readonly CompletedJob[]): Promise<boolean> {
    return this.changeChosen(async (camera) => {
      const events = newView(camera, version, jobs);
      const { present } = this;
      const [at] = events.map((event) => event.at);
      if (!present || at === undefined) return;
      const { inForceFrom } = await openReferences();
      const timeline = inForceFrom(present, id, at);
      await this.#changeInputs(
        { camera: { ...camera, referenceId: id, calibrationId: null, timeline }, events },
        [at],
      );
    });
  }

  /** Leaves cells out of growth that are not on the glass, and judges the history of the reference without them. */
  async leaveOut(offGlass: readonly number[]): Promise<boolean> {
    return this.changeChosen(async () => {
      if (this.reference) await this.#changeInputs({ reference: { ...this.reference, offGlass } });
    });
  }

  /** Does work that writes more than the chosen camera, alone, and shows the stored result. */
  async changeAll<T>(write: () => Promise<T>, readsAnew = false): Promise<T> {
    return this.work.alone(async () => {
      try {
        return await write();
      } finally {
        await this.models.load();
        await this.#load();
        this.followers.announce();
      }
    }, readsAnew);
  }

  /** The time in milliseconds since 1970: by the device's clock, unless a person said that it is behind. */
  now(): number {
    return believedNow(Date.now(), this.deviceClock);
  }

  /** Has a camera as it is after something was noted of it that judges nothing. */
  takeCamera(camera: Camera): void {
    this.cameras = this.cameras.map((known) => (known.id === camera.id ? camera : known));
    if (this.camera?.id === camera.id) this.camera = camera;
  }

  /** Shows a reference with facts that were computed from its snapshots afterwards. */
  takeReference(reference: Reference): void {
    this.references = this.references.map((known) => (known.id === reference.id ? reference : known));
    this.monitor.takeReference(reference);
  }

  /** The name of a camera's model for other programs. */
  modelId(camera: Camera): string {
    return this.models.find(camera.modelSha256)?.manifest.id ?? camera.modelSha256.slice(0, 12);
  }

  /** Loads the glass lane, for stored snapshots without a look at the glass; without a network, not in this visit. */
  #openGlassLane(): void {
    if (this.#glassLane) return;
    this.#glassLane = import('./glass/glass-lane.svelte').then(
      ({ GlassLane }) => new GlassLane(this),
      () => null,
    );
  }

  async #load(): Promise<void> {
    await this.followers.reading();
    const current = await loadSetting(this.db, 'currentCameraId');
    await this.#show(current);
  }

  /** Shows a camera that was just stored, and keeps it as the chosen one. Within `runAlone`. */
  async chooseStored(cameraId: string): Promise<void> {
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
    // Another tab's batch is not left behind.
    const open = this.work.role === 'writer' ? await loadSetting(this.db, 'openBatch') : null;
    const departed = await loadDeparted(this.db);
    const deviceClock = await loadSetting(this.db, 'deviceClock');
    const hindsight = camera && (await openHindsight(this.db, references));
    if (turn !== this.#turn) return;
    this.followers.departed = departed;
    this.deviceClock = deviceClock;
    this.cameras = cameras;
    this.camera = camera;
    this.references = references;
    this.events = events;
    this.calibrations = calibrations;
    const { reference } = this;
    const watched = camera && reference ? { camera, reference, references, events } : null;
    const jobs = hindsight && newest?.done === false ? hindsight.see(newest.value) : [];
    const earlier = jobs.length < JOBS_AT_A_TIME || !parts ? null : (hindsight?.seeAll(parts) ?? null);
    const whole = this.monitor.watch(watched, jobs, earlier, open);
    const following = this.followers.shown();
    // No person waits for the history of many years, but its errors are shown.
    if (this.monitor.isWhole) await following;
    else Promise.all([whole, following]).catch(this.work.report);
  }

  /** Reads another tab's writes, a little later. */
  #follow(): void {
    if (this.work.role !== 'onlooker' || this.#followTimer !== undefined) return;
    this.#followTimer = setTimeout(() => {
      this.#followTimer = undefined;
      if (this.work.role === 'onlooker') this.#lookAgain().catch(this.work.report);
    }, FOLLOW_DELAY);
  }

  async #lookAgain(): Promise<void> {
    // Another tab writes more often than a long history can be read.
    await this.monitor.whole.catch(() => undefined);
    await this.followers.reading();
    if (this.work.role !== 'onlooker') return;
    await this.#show(this.camera?.id ?? null);
  }
}

/** @throws AppError `fetch-failed` or `storage-failed` */
async function openHindsight(db: Database, references: readonly Reference[]) {
  const { Hindsight } = await fetched(appWords.app.places.monitor, import('./history/hindsight'));
  return Hindsight.open(db, references);
}

/** Loads the code that makes a next reference and stores it. @throws AppError `fetch-failed` */
async function openReferences() {
  const parts = Promise.all([import('./reference/next-reference'), import('./reference/store-reference')]);
  const [next, store] = await fetched(appWords.app.places.reference, parts);
  return { ...next, ...store };
}

/** The log entry of a camera that goes on with another view: no window reaches back over it. */
function newView({ id }: Camera, version: number, [first]: readonly CompletedJob[]): CameraEvent[] {
  if (!first) return [];
  const note = appWords.app.newView({ version });
  return [{ id: uuid(), cameraId: id, kind: 'moved', at: first.capturedAt, note, isNewView: true }];
}
