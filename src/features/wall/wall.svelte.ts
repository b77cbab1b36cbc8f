import { untrack } from 'svelte';
import type { KeptHandle } from '../../core/browser/file-handles';
import { followMinutes } from '../../core/browser/minutes.svelte';
import type { CycleCourse } from '../../core/domain/camera/cycle-course';
import type { Camera } from '../../core/domain/camera/camera';
import type { Job } from '../../core/domain/camera/job';
import { areOfSeveral, type NamedFiles } from '../../core/domain/camera/by-name';
import { overviewOf, loadRecent, type Recent } from '../../core/session/camera-overview';
import { loadCyclesLived } from '../../core/session/history/cycles-lived';
import { coverNow, type Cover } from '../../core/session/glass/cover';
import { partOf } from '../../core/session/part-of';
import { givenOf } from '../../core/session/reference/given-folder.svelte';
import type { Session } from '../../core/session/session.svelte';
import { loadReferences } from '../../core/storage/cameras';
import { loadNewestJobs } from '../../core/storage/jobs';
import { loadSetting, saveSetting } from '../../core/storage/settings';
import {
  namesAmong,
  sortByCamera,
  withMore,
  without,
  type NamedCamera,
  type WaitingFiles,
} from './pure/by-camera';
import { worstFirst } from './pure/worst-first';
import { tileOf, type Tile } from './tile';

/** While snapshots are scored the wall is read again so often at most, in milliseconds. */
const READ_INTERVAL = 1_000;
/** So many of a camera's newest snapshots say how it calls itself. */
const NAMING = 50;

/** Snapshots of which no camera's name is known, or whose check was not finished. */
export type UnknownFiles = WaitingFiles<File>;

/** All cameras beside each other: how each stands, whose snapshots were given, and which are to be cleaned next. */
export class Wall {
  /** ids of the cameras that somebody sets out to clean, in the order of the way */
  trip = $state.raw<readonly string[]>([]);
  /** given, and not checked until the person says so */
  unknown = $state.raw<readonly UnknownFiles[]>([]);
  /** true if every camera was read once */
  isRead = $state(false);

  readonly #session: Session;
  #recent = $state.raw<ReadonlyMap<string, Recent>>(new Map());
  /** the worst first */
  readonly tiles = $derived.by((): Tile[] => {
    followMinutes();
    const now = this.#session.cameras.now();
    const tiles = this.#session.cameras.all.flatMap(({ id }): Tile[] => {
      const recent = this.#recent.get(id);
      return recent ? [tileOf(overviewOf(recent, now), now, this.#cycles.get(id) ?? [])] : [];
    });
    return worstFirst(tiles);
  });
  /** by camera id, until storage is read again: pictures that come now are of none that ended */
  #cycles = $state.raw<ReadonlyMap<string, readonly CycleCourse[]>>(new Map());
  /** ids of cameras whose jobs have changed since they were read */
  readonly #stale = new Set<string>();
  /** covered glass, by camera id */
  readonly #covers = new Map<string, Promise<Cover | null>>();
  #isReading = false;
  /** the files that cameras are being set up from */
  #begun: readonly File[] = [];

  constructor(session: Session) {
    this.#session = session;
    for (const { id } of session.cameras.all) this.#stale.add(id);
  }

  /**
   * Cameras are about to be set up, from what may wait here. One's files are asked about until the camera is there; those
   * of several wait in their list.
   */
  beginning(cameras: readonly NamedFiles<File>[]): void {
    const files = cameras.flatMap((camera) => camera.files);
    this.#begun = cameras.length === 1 ? files : [];
    if (cameras.length > 1) this.unknown = without(this.unknown, files);
  }

  /** Storage was read again, so that every camera may have changed. */
  shown(): void {
    if (this.#begun.length > 0 && givenOf(this.#session).isFromAny(this.#begun)) {
      this.unknown = without(this.unknown, this.#begun);
      this.#begun = [];
    }
    this.#cycles = new Map();
    for (const { id } of this.#session.cameras.all) this.#stale.add(id);
    this.look();
  }

  /** These jobs' cameras have changed; all where nothing says which. */
  stored(jobs: readonly Job[]): void {
    if (jobs.length === 0) for (const { id } of this.#session.cameras.all) this.#stale.add(id);
    for (const { cameraId } of jobs) this.#stale.add(cameraId);
    this.look();
  }

  /** Reads what has changed, as long as somebody looks at the wall. */
  look(): void {
    untrack(() => {
      if (!this.#isReading && this.#isSeen()) this.#read().catch(this.#session.work.report);
    });
  }

  #isSeen(): boolean {
    return this.#session.place === 'wall' && this.#session.cameras.all.length > 1;
  }

  async #read(): Promise<void> {
    const { db } = this.#session;
    this.#isReading = true;
    try {
      this.trip = (await loadSetting(db, 'trip')) ?? [];
      while (this.#stale.size > 0 && this.#isSeen()) {
        const cameras = this.#session.cameras.all.filter(({ id }) => this.#stale.has(id));
        this.#stale.clear();
        const read = await Promise.all(cameras.map((camera) => loadRecent(db, camera)));
        const known = new Map(this.#recent);
        for (const recent of read) {
          known.set(recent.camera.id, recent);
          this.#covers.delete(recent.camera.id);
        }
        this.#recent = known;
        this.isRead = true;
        for (const recent of read) await this.#readCycles(recent);
        if (!this.#session.work.isAtRest) await new Promise((done) => setTimeout(done, READ_INTERVAL));
      }
    } finally {
      this.#isReading = false;
    }
  }

  /** After the tiles are shown: it takes all of a camera's history. */
  async #readCycles({ camera, events }: Recent): Promise<void> {
    if (this.#cycles.has(camera.id)) return;
    const { db, cameras } = this.#session;
    const lived = await loadCyclesLived(db, camera, events, cameras.now());
    this.#cycles = new Map(this.#cycles).set(camera.id, lived);
  }

  /** The covered glass that a camera's alarm is about; null without an alarm. */
  cover(tile: Tile): Promise<Cover | null> {
    const known = this.#covers.get(tile.camera.id);
    if (known) return known;
    const cover = coverNow(this.#session.sources, tile).catch((error: unknown) => {
      this.#session.work.report(error);
      return null;
    });
    this.#covers.set(tile.camera.id, cover);
    return cover;
  }

  /** Puts a camera on the list for the next trip, or takes it off. */
  async plan(cameraId: string, isTaken: boolean): Promise<void> {
    const others = this.trip.filter((id) => id !== cameraId);
    await this.order(isTaken ? [...others, cameraId] : others);
  }

  /** Keeps the cameras of the trip in this order. */
  async order(trip: readonly string[]): Promise<void> {
    this.trip = trip;
    await this.#session.work.attempt(() =>
      saveSetting(this.#session.db, 'trip', trip.length > 0 ? trip : null),
    );
  }

  /** Shows one camera's Monitor. */
  async open(cameraId: string): Promise<void> {
    if (this.#session.cameras.chosen?.id !== cameraId) await this.#session.cameras.choose(cameraId);
    if (this.#session.cameras.chosen?.id === cameraId) this.#session.place = 'monitor';
  }

  /**
   * Checks the snapshots whose names say that they are another camera's than the chosen one, and with them the others
   * of the drop; on the wall itself all of them. Those without a name are the chosen camera's, except on the wall.
   *
   * @returns those that are left for the chosen camera
   * @throws AppError what stopped a batch; what was not checked is among `unknown`
   */
  async sort(
    snapshots: readonly File[],
    isOnWall: boolean,
    handles: readonly KeptHandle[],
  ): Promise<readonly File[]> {
    const chosenId = this.#session.cameras.chosen?.id ?? null;
    const { arrivals } = this.#session;
    const { all: cameras } = this.#session.cameras;
    const named = await arrivals.until(Promise.all(cameras.map((camera) => this.#named(camera))));
    const own = named.find(({ id }) => id === chosenId);
    // A camera without a name of its own takes what it is given.
    if (!isOnWall && own?.names.size === 0 && own.stems.size === 0) return snapshots;
    const { byCamera, unknown } = sortByCamera(snapshots, named, chosenId);
    const groups = [...unknown].map(([name, files]) => ({ name, files }));
    if (byCamera.size === 0 && areOfSeveral(groups)) {
      this.#session.startNewCamera(groups);
      return [];
    }
    const isOfOthers = [...byCamera.keys()].some((id) => id !== chosenId);
    if (!isOnWall && !isOfOthers) return snapshots;

    const [toCheck, toAsk] = [new Map(byCamera), new Map(unknown)];
    const nameless = unknown.get('');
    if (nameless && !isOnWall && chosenId !== null) {
      toCheck.set(chosenId, [...(byCamera.get(chosenId) ?? []), ...nameless]);
      toAsk.delete('');
    }
    this.#session.place = 'wall';
    this.#wait([...toAsk].map(([name, files]) => ({ name, cameraId: null, files })));
    // Who goes on with a batch gives all of the drop again, and the camera chosen by then would get what has no name.
    await this.#checkEach([...toCheck], unknown.size === 0 ? handles : []);
    return [];
  }

  /** Checks snapshots of several cameras; those that it does not come to wait for the person. */
  async #checkEach(
    groups: readonly (readonly [string, readonly File[]])[],
    handles: readonly KeptHandle[],
  ): Promise<void> {
    const chosenId = this.#session.cameras.chosen?.id;
    const left = [...groups];
    try {
      while (left[0] && (await this.#check(...left[0], handles))) left.shift();
    } finally {
      const { all: cameras } = this.#session.cameras;
      const nameOf = (cameraId: string) => cameras.find(({ id }) => id === cameraId)?.name ?? '';
      this.#wait(left.map(([cameraId, files]) => ({ name: nameOf(cameraId), cameraId, files })));
      await this.#backTo(chosenId);
    }
  }

  /**
   * Scores snapshots for a camera, which is the chosen one from then on.
   *
   * @returns whether all were checked: false when another camera can't be chosen now, or the batch was cancelled
   */
  async #check(
    cameraId: string,
    files: readonly File[],
    handles: readonly KeptHandle[] = [],
  ): Promise<boolean> {
    if (this.#session.cameras.chosen?.id !== cameraId) await this.#session.cameras.choose(cameraId);
    if (this.#session.cameras.chosen?.id !== cameraId) return false;
    const { jobs } = await this.#session.scoring.score(files, handles);
    return jobs.length >= files.length;
  }

  /** Chooses a camera again; a problem that came up meanwhile stays in sight. */
  async #backTo(cameraId: string | undefined): Promise<void> {
    if (cameraId === undefined || this.#session.cameras.chosen?.id === cameraId) return;
    const { problem } = this.#session.work;
    await this.#session.cameras.choose(cameraId);
    this.#session.work.problem ??= problem;
  }

  /** The person has said whose these are. They are asked about until they were checked. */
  async assign(unknown: UnknownFiles, cameraId: string): Promise<void> {
    await this.#session.work.attempt(async () => {
      const chosenId = this.#session.cameras.chosen?.id;
      try {
        const isChecked = await this.#check(cameraId, unknown.files);
        if (isChecked) this.forget(unknown);
      } finally {
        await this.#backTo(chosenId);
      }
    });
  }

  forget({ files }: UnknownFiles): void {
    this.unknown = without(this.unknown, files);
  }

  #wait(more: readonly UnknownFiles[]): void {
    this.unknown = withMore(this.unknown, more);
  }

  /** How a camera calls itself, by its newest completed jobs; where they are few, by those and its reference. */
  async #named({ id, referenceId }: Camera): Promise<NamedCamera> {
    const { db } = this.#session;
    const jobs = await loadNewestJobs(db, id, NAMING);
    let files = jobs.flatMap((job) => (job.jobStatus === 'Completed' ? [job.imageName] : []));
    if (files.length < NAMING) {
      const reference = (await loadReferences(db, id)).find((version) => version.id === referenceId);
      const clean = reference?.names.filter((name) => name !== '') ?? [];
      files = [...clean, ...files].slice(-NAMING);
    }
    return { id, ...namesAmong(files) };
  }
}

export const wallOf = partOf((session) => new Wall(session));
