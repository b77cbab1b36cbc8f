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
import { loadDeparted, type Departed } from '../storage/deletion/departed';
import { JOBS_AT_A_TIME, loadJobsNewestFirst } from '../storage/jobs';
import { loadSetting, saveSetting } from '../storage/settings';
import { ChangeChannel, claimWriterLock, type Role } from '../storage/writer-lock';
import { BatchNote } from './batch-note';
import type { KeptHandle } from '../browser/file-handles';
import { fetched, late } from '../browser/late';
import { FilesAtHand } from './pictures/files-at-hand';
import type { Present } from './history/change-inputs';
import { tellingHistory } from './history/history';
import { sortFiles } from './intake';
import { LatePool } from './late-pool';
import { judgingModels } from './judging-models';
import { appWords } from '../i18n/app-words';
import { Models } from './models.svelte';
import { BY_HAND, type Arrival, type Scored } from './batch';
import { Monitor } from './monitor.svelte';
import { Arrivals } from './arrivals.svelte';
import type { Departure, FileOf, Follower, Given } from './follower';
import type { Changed } from './known-jobs';
import type { Sideline, Sidelined } from './sideline.svelte';
import { Passing } from './passing.svelte';
import { ThumbnailAddresses } from './pictures/thumbnail-addresses';
import { Turns } from './turns';
import type { Unread } from './watched-files';

/** Delay after a change before a tab that only watches reads again, in milliseconds. */
const FOLLOW_DELAY = 400;

/** The page's state: the cameras, the one that is chosen, its history, and the one tab that may write. */
export class Session {
  /** the name of the place that is shown; its feature has the rest (core/page/feature.ts) */
  place = $state('monitor');
  role = $state.raw<Role | null>(null);
  cameras = $state.raw<readonly Camera[]>([]);
  camera = $state.raw<Camera | null>(null);
  /** all versions of the chosen camera's reference, oldest first */
  references = $state.raw<readonly Reference[]>([]);
  events = $state.raw<readonly CameraEvent[]>([]);
  /** all versions of the chosen camera's settings that were accepted, oldest first */
  calibrations = $state.raw<readonly Calibration[]>([]);
  /** a person's correction of this device's clock; null when it is taken for right */
  deviceClock = $state.raw<DeviceClock | null>(null);
  /** something a person should know or act on; shown until it is dismissed */
  problem = $state.raw<AppError | null>(null);
  isOutdated = $state(false);
  encoder = $state.raw<PoolStatus>(IDLE);
  /** true if the set-up makes another camera, not the chosen one's next reference */
  isSettingUpNew = $state(false);
  readonly reference = $derived(
    this.references.find((reference) => reference.id === this.camera?.referenceId) ?? null,
  );

  /** true if there are cameras to compare */
  readonly hasWall = $derived.by(() => this.cameras.length > 1);
  /** the features' followers, in the order in which they are asked */
  #followers = $state.raw<readonly Follower[]>([]);
  /** from storage when the camera was shown; the sending feature has the current counts */
  #departed = $state.raw<Departed>({ isConnected: false, hasSent: false, sent: 0 });
  #isChanging = $state(false);
  /** scores for cameras that are not shown; null until a watched folder of one brings something */
  #sideline = $state.raw<Sideline | null>(null);
  readonly #openSideline: () => Sideline | Promise<Sideline>;
  /** true if work is going on that other work must not be mixed with */
  readonly isBusy = $derived.by(
    () =>
      this.#isChanging ||
      this.arrivals.isReading ||
      this.monitor.isWorking ||
      this.#followers.some((follower) => follower.isAtWork?.() ?? false),
  );
  /** true if a set-up goes on to the first verdict by itself */
  goesToFirst = $state(false);
  /** true if a camera's first verdict is on its way: unasked code loads after it */
  readonly isAwaitingFirst = $derived.by(
    () => (this.goesToFirst || this.isBusy) && this.monitor.jobs.length === 0,
  );
  /** true if any work is going on, also work that a person need not wait for */
  readonly isAtWork = $derived.by(() => this.isBusy || (this.#sideline?.isWorking ?? false));
  /** true if settings, cameras and references can be changed now */
  readonly canChange = $derived.by(() => this.role === 'writer' && !this.isBusy);
  /** true if missing values can be filled in now */
  readonly isAtRest = $derived.by(() => this.role === 'writer' && !this.isAtWork);

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

  /** the history that the verdict is about */
  readonly telling = $derived.by(() =>
    this.camera ? tellingHistory(this.monitor.jobs, this.camera, this.events) : [],
  );

  /** counts of records that have left this device */
  readonly departure = $derived.by(
    (): Departure =>
      this.#followers.flatMap((follower) => follower.departure?.() ?? [])[0] ?? {
        ...this.#departed,
        waiting: 0,
      },
  );
  /** the same as a sentence without its stop */
  readonly left = $derived.by(() => {
    const { isConnected, sent, waiting } = this.departure;
    if (sent > 0 || this.#departed.hasSent) return appWords.app.left.some({ count: sent, waiting });
    return isConnected ? appWords.app.left['no-result'] : appWords.app.left.nothing;
  });

  /** the name of a folder that new snapshots are taken from by themselves */
  readonly watchedFolder = $derived.by(
    () => this.#followers.flatMap((follower) => follower.watchedFolder?.() ?? [])[0] ?? null,
  );
  /** continues an interrupted batch by itself; null when its files have to be given again */
  readonly goOn = $derived.by(
    () => this.#followers.flatMap((follower) => follower.goOn?.() ?? [])[0] ?? null,
  );

  /** over once models and features are loaded, well or not; the page is drawn before */
  ready: Promise<boolean> = Promise.resolve(true);
  readonly arrivals = new Arrivals();
  readonly monitor: Monitor;
  readonly models: Models;
  readonly thumbnails: ThumbnailAddresses;
  readonly filesAtHand = new FilesAtHand();
  /** pictures that are being learned or scored for the chosen camera */
  readonly passing = new Passing();
  readonly db: Database;
  readonly pool: Pool;
  readonly looker = new GlassLooker();
  /** batches, and other writes that take turns with them */
  readonly turns = new Turns();
  readonly #channel: ChangeChannel;
  #followTimer: ReturnType<typeof setTimeout> | undefined;
  /** counts cameras shown, so that a slow look at one never hides a later one */
  #turn = 0;
  #glassLane: Promise<GlassLane | null> | null = null;

  private constructor(db: Database, pool: Pool) {
    this.db = db;
    this.pool = pool;
    this.#channel = new ChangeChannel(() => {
      this.#follow();
    });
    pool.subscribe((status) => {
      this.encoder = status;
    });
    this.models = new Models(db, pool);
    this.thumbnails = new ThumbnailAddresses(db);
    const parts = {
      db,
      pool,
      onWrite: (jobs: readonly Job[]) => {
        this.#stored(jobs);
      },
      looker: this.looker,
      models: this.models,
      turns: this.turns,
      pictureOf: this.pictureOf,
      now: () => this.now(),
      onCorrected: (job: Job, before: Job) => {
        for (const follower of this.#followers) follower.corrected?.(job, before);
      },
      onJudgedAgain: (changed: readonly Changed[], because: readonly Job[]) => {
        this.tellJudgedAnew(changed, because);
      },
      onScored: (job: CompletedJob, file: File) => {
        for (const follower of this.#followers) follower.scored?.(job, file);
      },
    };
    this.monitor = new Monitor({ ...parts, note: new BatchNote(db), passing: this.passing });
    this.#openSideline = late(async () => {
      const { Sideline } = await fetched(appWords.app.places.monitor, import('./sideline.svelte'));
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
    session.#followers = follow(session);
    tellOutdated = () => (session.isOutdated = true);
    await new Promise<void>((resolve, reject) => {
      claimWriterLock((role) => {
        // A tab that becomes the writer must read the other tab's writes before anything else is done.
        session.#isChanging = role === 'writer';
        session.role = role;
        const loading = session.#load().finally(() => (session.#isChanging = false));
        session.ready = loading.then(
          () =>
            session.attempt(() =>
              Promise.all([session.models.load(), ...session.#ask((follower) => follower.opened?.())]),
            ),
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
    await this.attempt(async () => {
      this.isSettingUpNew = false;
      if (this.role !== 'writer') await this.#show(cameraId);
      else await this.#alone(() => this.chooseStored(cameraId), true);
    });
  }

  /** Opens a set-up, empty or with snapshots that bear a name; the chosen camera stays. */
  startNewCamera(name: string | null = null, snapshots: readonly File[] = []): void {
    for (const follower of this.#followers) follower.beginning?.(name, snapshots);
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
    return this.attempt(async () => {
      this.mustWrite();
      await this.arrivals.until(this.ready);
      const { files, bundles } = await this.arrivals.open(given);
      for (const { name } of bundles.slice(1)) this.arrivals.refuse(name, 'is-bundle');
      const { ignored, ...sorted } = sortFiles(files);
      const found = [...Object.values(sorted), ignored, bundles, this.arrivals.left];
      if (found.every(({ length }) => length === 0)) throw new AppError('no-files');
      // A table is known to be of use only after it was offered.
      const isTableAlone = files.length === sorted.tables.length;
      this.arrivals.ignored = isTableAlone ? [] : ignored;
      let rest: Given = { ...sorted, bundles: bundles.slice(0, 1) };
      for (const follower of this.#followers) {
        rest = (await follower.take?.(rest, handles)) ?? rest;
      }
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
    this.mustWrite();
    this.mustBeFree(this.#isChanging || this.#followers.some((follower) => follower.isAtWork?.() ?? false));
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
    this.mustWrite();
    const arrival = { isByHand: false, isAnswered };
    if (this.isBusy) return { jobs: [], byFile: new Map(), seenBefore: 0, changed: [], hasGivenWay: true };
    if (cameraId !== this.camera?.id) return (await this.#openSideline()).score(cameraId, files, arrival);
    return { ...(await this.score(files, handles, arrival)), hasGivenWay: false };
  }

  /** Files that a snapshot may have been scored from, the likeliest first: given in this visit, kept, or in a folder. */
  async *filesOf(of: FileOf): AsyncGenerator<File, void> {
    yield* this.filesAtHand.named(of.imageName);
    for (const follower of this.#followers) {
      const file = await follower.fileOf?.(of);
      if (file) yield file;
    }
  }

  /** A snapshot's own file, found by its content; null if this device does not have it. */
  readonly pictureOf = async (job: CompletedJob): Promise<File | null> => {
    const { contentSha256Of } = await import('../encoder/content');
    for await (const file of this.filesOf(job)) {
      if ((await contentSha256Of(file)) === job.contentSha256) return file;
    }
    return null;
  };

  /** Files of a camera's watched folder that can't be read now; null if unknown. */
  unreadOf(cameraId: string): Unread | null {
    return this.#followers.flatMap((follower) => follower.unread?.(cameraId) ?? [])[0] ?? null;
  }

  /** Ends when no camera that is not shown is scored any more, and nothing writes: a person goes first. */
  async giveWay(): Promise<void> {
    await this.#sideline?.giveWay();
    await this.turns.take(() => Promise.resolve());
  }

  /** Scores the snapshots among these files, those too that an earlier model has judged; other files are left alone. */
  async rejudge(given: readonly File[]): Promise<void> {
    await this.attempt(async () => {
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
      await correctClock(this, present, clockCorrections);
    });
  }

  /** Changes the inputs that judge the chosen camera, and its history with them. */
  async #changeInputs(inputs: Inputs, from?: readonly number[]): Promise<void> {
    const { present } = this;
    if (!present) return;
    const { changeInputs } = await fetched(appWords.app.places.monitor, import('./history/change-inputs'));
    await changeInputs(this, present, inputs, from);
  }

  /** The chosen camera, its reference and its history; null before it has a reference. */
  get present(): Present | null {
    const { camera, reference, references, events, monitor } = this;
    return camera && reference && { camera, reference, references, events, jobs: monitor.asStored };
  }

  /** Writes something about the chosen camera, alone, and shows it as it is then. */
  async changeChosen(write: (camera: Camera) => Promise<void>): Promise<boolean> {
    return this.attempt(() =>
      this.#alone(async () => {
        if (!this.camera) return;
        await write(this.camera);
        await this.#show(this.camera.id);
        this.announce();
      }),
    );
  }

  /**
   * Does work that needs the encoder alone: no batch, set-up or change runs at the same time.
   *
   * @param readsAnew - it shows a camera from storage, so a history that could not be read is no hindrance
   * @throws AppError `not-the-writer`, `busy`, and what the work throws
   */
  async runAlone<T>(work: () => Promise<T>, readsAnew = false): Promise<T> {
    return this.#alone(work, readsAnew);
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
    return this.#alone(async () => {
      try {
        return await write();
      } finally {
        await this.models.load();
        await this.#load();
        this.announce();
      }
    }, readsAnew);
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
        this.#stored([]);
      }),
    );
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

  /** Announces this tab's writes to other tabs. */
  announce(): void {
    this.#channel.announce();
  }

  /**
   * Tells followers that stored jobs have changed.
   *
   * @param because - jobs that came late and made it so; none if something else did
   */
  tellJudgedAnew(changed: readonly Changed[] = [], because: readonly Job[] = []): void {
    this.announce();
    for (const follower of this.#followers) follower.judgedAnew?.(changed, because);
  }

  #stored(jobs: readonly Job[]): void {
    this.announce();
    for (const follower of this.#followers) follower.stored?.(jobs);
  }

  #ask(moment: (follower: Follower) => Promise<void> | undefined): Promise<void>[] {
    return this.#followers.map(async (follower) => moment(follower));
  }

  async #load(): Promise<void> {
    await Promise.all(this.#ask((follower) => follower.reading?.()));
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
    const open = this.role === 'writer' ? await loadSetting(this.db, 'openBatch') : null;
    const departed = await loadDeparted(this.db);
    const deviceClock = await loadSetting(this.db, 'deviceClock');
    const hindsight = camera && (await openHindsight(this.db, references));
    if (turn !== this.#turn) return;
    this.#departed = departed;
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
    const following = Promise.all(this.#ask((follower) => follower.shown?.()));
    // No person waits for the history of many years, but its errors are shown.
    if (this.monitor.isWhole) await following;
    else Promise.all([whole, following]).catch(this.report);
  }

  /** Reads another tab's writes, a little later. */
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
    await Promise.all(this.#ask((follower) => follower.reading?.()));
    if (this.role !== 'onlooker') return;
    await this.#show(this.camera?.id ?? null);
  }

  /** @throws AppError `not-the-writer` in a tab that only looks on */
  mustWrite(): void {
    if (this.role !== 'writer') throw new AppError('not-the-writer');
  }

  /** @throws AppError `busy` */
  mustBeFree(isBusy = this.isBusy): void {
    if (isBusy) throw new AppError('busy');
  }

  /**
   * Does work alone, because it changes the camera, the reference or the open model.
   *
   * @param readsAnew - it shows a camera from storage, so a history that could not be read is no hindrance
   */
  async #alone<T>(work: () => Promise<T>, readsAnew = false): Promise<T> {
    this.mustWrite();
    this.mustBeFree(this.isBusy);
    this.#isChanging = true;
    try {
      await this.giveWay();
      await this.monitor.whole.catch((error: unknown) => {
        if (!readsAnew) throw error;
      });
      return await work();
    } finally {
      this.#isChanging = false;
    }
  }

  /** Does a person's request, and shows its failure in place of an earlier one. @returns true if all went well */
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

  /** Shows a failure to the person; an unexpected one goes on to the console too. */
  readonly report = (error: unknown): void => {
    this.problem =
      error instanceof AppError
        ? error
        : new AppError('unexpected', error instanceof Error ? error.message : '');
    if (!(error instanceof AppError)) console.error(error);
  };
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
