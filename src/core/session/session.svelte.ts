import { fetched } from '../browser/late';
import type { NamedFiles } from '../domain/camera/by-name';
import { AppError } from '../domain/errors';
import { isOfNumbers } from '../domain/model/numbers';
import { appWords } from '../i18n/app-words';
import { GlassLooker } from '../encoder/glass/glass-looker';
import type { Pool } from '../encoder/pool';
import { IDLE, type PoolStatus } from '../encoder/pool-status';
import { openDatabase, type Database } from '../storage/database';
import { claimWriterLock } from '../storage/writer-lock';
import type { KeptHandle } from '../browser/file-handles';
import { Arrivals } from './arrivals.svelte';
import { Cameras } from './cameras.svelte';
import type { Follower } from './follower';
import { Followers } from './followers.svelte';
import type { GlassBacklog } from './glass/glass-backlog.svelte';
import type { Sources } from './history/contents';
import { sortFiles } from './intake';
import { LatePool } from './late-pool';
import { Models } from './models.svelte';
import { FilesAtHand } from './pictures/files-at-hand';
import { ThumbnailAddresses } from './pictures/thumbnail-addresses';
import type { WatchedCamera } from './history/window';
import { Batches } from './scoring/batches.svelte';
import { BatchNote } from './scoring/batch-note';
import { History } from './scoring/history.svelte';
import { LivePreview } from './scoring/live-preview.svelte';
import { Scoring } from './scoring/scoring.svelte';
import { Turns } from '../domain/turns';
import { Work } from './work.svelte';

/** The page's state: its parts, put together over one database. */
export class Session {
  /** the name of the place that is shown; its feature has the rest (core/page/feature.ts) */
  place = $state('monitor');
  isOutdated = $state(false);
  encoder = $state.raw<PoolStatus>(IDLE);
  /** true if a set-up continues to the first verdict without a click */
  goesToFirst = $state(false);
  /** true if a camera's first verdict is on its way: unasked code loads after it */
  readonly isAwaitingFirst = $derived.by(
    () => (this.goesToFirst || this.work.isBusy) && this.history.jobs.length === 0,
  );
  /** over once models and features are loaded, well or not; the page is drawn before */
  ready: Promise<boolean> = Promise.resolve(true);

  readonly work: Work;
  readonly cameras: Cameras;
  /** of the chosen camera */
  readonly history: History;
  readonly scoring: Scoring;
  readonly followers: Followers;
  readonly models: Models;
  readonly arrivals = new Arrivals();
  readonly thumbnails: ThumbnailAddresses;
  readonly filesAtHand: FilesAtHand;
  readonly db: Database;
  readonly pool: Pool;
  readonly looker = new GlassLooker();
  /** all that a history is judged from */
  readonly sources: Sources;
  /** batches, and other writes that take turns with them */
  readonly turns = new Turns();
  #glassBacklog: Promise<GlassBacklog | null> | null = null;

  private constructor(db: Database, pool: Pool) {
    this.db = db;
    this.pool = pool;
    pool.subscribe((status) => {
      this.encoder = status;
    });
    const now = () => this.cameras.now();
    this.models = new Models(db, pool);
    this.thumbnails = new ThumbnailAddresses(db);
    this.followers = new Followers(() => {
      this.cameras.follow();
    });
    this.filesAtHand = new FilesAtHand(this.followers);
    this.history = new History(now);
    this.work = new Work({
      isFeatureAtWork: () => this.followers.isAtWork,
      isScoring: () => this.arrivals.isReading || this.scoring.batches.isWorking,
      isBehind: () => this.scoring.isBehind,
      giveWay: () => this.scoring.giveWay(),
      whole: () => this.history.whole,
    });
    const { work, history, followers, models, filesAtHand, looker, turns } = this;
    this.sources = { db, looker, now };
    const parts = { ...this.sources, pool, models, turns, followers };
    const preview = new LivePreview();
    const renewed = (watched: WatchedCamera) => {
      this.cameras.takeRenewed(watched);
    };
    const batches = new Batches(history, { ...parts, note: new BatchNote(db), preview, renewed });
    this.cameras = new Cameras({ db, work, followers, models, history, batches });
    const { cameras } = this;
    this.scoring = new Scoring({ ...parts, work, cameras, filesAtHand, batches, preview });
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
    const { work, cameras, followers, models } = session;
    followers.all = follow(session);
    tellOutdated = () => (session.isOutdated = true);
    await new Promise<void>((resolve, reject) => {
      claimWriterLock((role) => {
        const loading = work.become(role, () => cameras.load());
        session.ready = loading.then(
          () => work.attempt(() => Promise.all([models.load(), followers.opened()])),
          () => false,
        );
        void session.ready.then(() => {
          session.#openGlassBacklog();
        });
        loading.then(resolve, reject);
      });
    });
    return session;
  }

  /** Opens a set-up, empty or with the snapshots of one camera or several; the chosen camera stays. */
  startNewCamera(given: readonly NamedFiles<File>[] = []): void {
    this.followers.beginning(given);
    this.cameras.isSettingUpNew = true;
    this.place = 'reference';
  }

  /** Takes a drop on the page. */
  async takeDrop(transfer: DataTransfer): Promise<void> {
    const { place } = this;
    const { files, failed, handles } = await this.arrivals.ofDrop(transfer);
    this.arrivals.failed = failed;
    if (files.length > 0 || failed.length === 0) await this.take(files, handles, place);
  }

  /**
   * Takes files from a drop, a picker or the clipboard, wherever they may belong; archives are opened.
   *
   * @param handles - by which they can be read again in a later visit
   * @param place - the name of the place that was shown when they were given
   * @returns whether all went well
   */
  async take(
    given: readonly File[],
    handles: readonly KeptHandle[] = [],
    place = this.place,
  ): Promise<boolean> {
    return this.work.attempt(async () => {
      this.work.mustWrite();
      await this.arrivals.until(this.ready);
      const opened = await this.arrivals.open(given);
      const { bundles } = opened;
      const files = place === 'science' ? opened.files : await this.snapshotsIn(opened.files);
      for (const { name } of bundles.slice(1)) this.arrivals.refuse(name, 'is-bundle');
      const { skipped, ...sorted } = sortFiles(files);
      const found = [...Object.values(sorted), skipped, bundles, this.arrivals.unused];
      if (found.every(({ length }) => length === 0)) throw new AppError('no-files');
      // A table or a description is known to be of use only after it was offered.
      const offered = [...sorted.tables, ...sorted.descriptions];
      const isOfferedAlone = files.length === offered.length;
      this.arrivals.skipped = isOfferedAlone ? [] : skipped;
      const rest = await this.followers.take({ ...sorted, bundles: bundles.slice(0, 1), place }, handles);
      const left = new Set([...rest.tables, ...rest.descriptions]);
      const taken = new Set(offered.filter((file) => !left.has(file)));
      if (isOfferedAlone || taken.size > 0) {
        this.arrivals.skipped = skipped.filter((file) => !taken.has(file));
      }
      if (rest.snapshots.length === 0) return;
      this.place = 'monitor';
      await this.scoring.score(rest.snapshots, handles);
    });
  }

  /** Scores the snapshots among these files, those too that an earlier model has judged; other files are left alone. */
  async rejudge(given: readonly File[]): Promise<void> {
    await this.work.attempt(async () => {
      const files = await this.snapshotsIn((await this.arrivals.open(given)).files);
      const { snapshots } = sortFiles(files);
      const taken = new Set<File>(snapshots);
      this.arrivals.skipped = files.filter((file) => !taken.has(file));
      if (snapshots.length > 0) await this.scoring.score(snapshots);
    });
  }

  /** The files, with the rows of numbers in their place for a sensor, to which they are snapshots. @throws AppError as `rowsIn` */
  async snapshotsIn(files: readonly File[]): Promise<readonly File[]> {
    if (this.cameras.isSettingUpNew || !isOfNumbers(this.cameras.chosen)) return files;
    const opening = fetched(appWords.app.places.monitor, import('../encoder/row-files'));
    return this.arrivals.until(opening.then(({ allWithRows }) => allWithRows(files)));
  }

  /** Loads the glass backlog, for stored snapshots without a look at the glass; without a network, not in this visit. */
  #openGlassBacklog(): void {
    if (this.#glassBacklog) return;
    this.#glassBacklog = import('./glass/glass-backlog.svelte').then(
      ({ GlassBacklog }) => new GlassBacklog(this),
      () => null,
    );
  }
}
