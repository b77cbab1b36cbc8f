import { untrack } from 'svelte';
import { followMinutes } from '../../core/browser/minutes.svelte';
import { cameraNameIn } from '../../core/domain/camera/capture-time';
import type { Camera, Job } from '../../core/domain/camera/job';
import { glimpseOf, loadRecent, type Glimpse, type Recent } from '../../core/session/glimpse';
import { partOf } from '../../core/session/part-of';
import type { Session } from '../../core/session/session.svelte';
import { shownAs } from '../../core/session/verdict-now';
import { loadReferences } from '../../core/storage/cameras';
import { loadSetting, saveSetting } from '../../core/storage/settings';
import { sortByCamera, type NamedCamera } from './pure/by-camera';
import { worstFirst, type Ordered } from './pure/order';

/** While snapshots are scored the wall is read again so often at most, in milliseconds. */
const READ_INTERVAL = 1_000;
/** So many of a camera's newest snapshots say how it calls itself. */
const NAMING = 50;

/** A camera as the wall shows it. */
export interface Tile extends Glimpse, Ordered {}

/** Snapshots of which no camera's name is known. */
export interface Unknown {
  /** what stands in their names; empty for nothing */
  readonly name: string;
  readonly files: readonly File[];
}

/** All cameras beside each other: how each stands, whose snapshots were given, and which are to be cleaned next. */
export class Wall {
  /** ids of the cameras that somebody sets out to clean, in the order of the way */
  trip = $state.raw<readonly string[]>([]);
  /** given, and to be assigned by the person */
  unknown = $state.raw<readonly Unknown[]>([]);
  /** whether every camera was read once */
  isRead = $state(false);

  readonly #session: Session;
  #recent = $state.raw<ReadonlyMap<string, Recent>>(new Map());
  /** the worst first */
  readonly tiles = $derived.by((): Tile[] => {
    followMinutes();
    const now = this.#session.now();
    const tiles = this.#session.cameras.flatMap(({ id }): Tile[] => {
      const recent = this.#recent.get(id);
      if (!recent) return [];
      const glimpse = glimpseOf(recent, now);
      return [{ ...glimpse, name: glimpse.camera.name, shown: shownAs(glimpse.now) }];
    });
    return worstFirst(tiles);
  });
  /** ids of cameras whose jobs have changed since they were read */
  readonly #stale = new Set<string>();
  #isReading = false;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Reads all cameras and the trip, if the wall can be seen. */
  shown(): void {
    for (const { id } of this.#session.cameras) this.#stale.add(id);
    this.#catchUp();
  }

  /** Reads these jobs' cameras again; all where nothing says which. */
  stored(jobs: readonly Job[]): void {
    if (jobs.length === 0) for (const { id } of this.#session.cameras) this.#stale.add(id);
    for (const { cameraId } of jobs) this.#stale.add(cameraId);
    this.#catchUp();
  }

  /** Reads what has changed, one camera after the other, while there is a wall. */
  #catchUp(): void {
    if (this.#isReading || !untrack(() => this.#session.hasWall)) return;
    this.#isReading = true;
    this.#read()
      .catch(this.#session.report)
      .finally(() => (this.#isReading = false));
  }

  async #read(): Promise<void> {
    const { db } = this.#session;
    this.trip = (await loadSetting(db, 'trip')) ?? [];
    while (this.#stale.size > 0) {
      const cameras = this.#session.cameras.filter(({ id }) => this.#stale.has(id));
      this.#stale.clear();
      const read = await Promise.all(cameras.map((camera) => loadRecent(db, camera)));
      const known = new Map(this.#recent);
      for (const recent of read) known.set(recent.camera.id, recent);
      this.#recent = known;
      this.isRead = true;
      if (this.#session.isAtWork) await new Promise((done) => setTimeout(done, READ_INTERVAL));
    }
  }

  /** Puts a camera on the list for the next trip, or takes it off. */
  async take(cameraId: string, isTaken: boolean): Promise<void> {
    const others = this.trip.filter((id) => id !== cameraId);
    await this.order(isTaken ? [...others, cameraId] : others);
  }

  /** Keeps the cameras of the trip in this order. */
  async order(trip: readonly string[]): Promise<void> {
    this.trip = trip;
    await this.#session.attempt(() => saveSetting(this.#session.db, 'trip', trip.length > 0 ? trip : null));
  }

  /** Shows one camera's Monitor. */
  async open(cameraId: string): Promise<void> {
    if (this.#session.camera?.id !== cameraId) await this.#session.choose(cameraId);
    if (this.#session.camera?.id === cameraId) this.#session.place = 'monitor';
  }

  /**
   * Takes the snapshots whose names say that they are another camera's than the chosen one; on the wall itself all of
   * them.
   *
   * @returns those that are left for the chosen camera
   */
  async sort(snapshots: readonly File[], isOnWall: boolean, isByHand: boolean): Promise<readonly File[]> {
    const chosenId = this.#session.camera?.id ?? null;
    const { arrivals, cameras } = this.#session;
    const named = await arrivals.until(Promise.all(cameras.map((camera) => this.#named(camera))));
    // A camera without a name of its own takes what it is given.
    const isUnnamed = named.find(({ id }) => id === chosenId)?.names.size === 0;
    if (!isOnWall && isUnnamed) return snapshots;
    const { byCamera, unknown } = sortByCamera(snapshots, named, chosenId);
    const isOfOthers = [...byCamera.keys()].some((id) => id !== chosenId);
    if (!isOnWall && !isOfOthers) return snapshots;
    if (isOnWall) this.unknown = [...unknown].map(([name, files]) => ({ name, files }));
    this.#session.place = 'wall';
    for (const [cameraId, files] of byCamera) await this.check(cameraId, files, isByHand);
    if (chosenId !== null) await this.#session.choose(chosenId);
    return isOnWall ? [] : [...unknown.values()].flat();
  }

  /** Scores snapshots for a camera, which is the chosen one from then on. */
  async check(cameraId: string, files: readonly File[], isByHand = true): Promise<void> {
    if (this.#session.camera?.id !== cameraId) await this.#session.choose(cameraId);
    if (this.#session.camera?.id !== cameraId) return;
    await this.#session.score(files, [], isByHand);
  }

  /** The person has said whose these are. */
  async assign({ name, files }: Unknown, cameraId: string): Promise<void> {
    this.forget(name);
    await this.#session.attempt(() => this.check(cameraId, files));
  }

  forget(name: string): void {
    this.unknown = this.unknown.filter((unknown) => unknown.name !== name);
  }

  /** How a camera calls itself, by its newest snapshots, or those of its reference. */
  async #named(camera: Camera): Promise<NamedCamera> {
    const { db } = this.#session;
    const { jobs } = this.#recent.get(camera.id) ?? (await loadRecent(db, camera));
    let files = jobs.slice(-NAMING).map(({ imageName }) => imageName);
    if (files.length === 0) {
      const references = await loadReferences(db, camera.id);
      files = references.find(({ id }) => id === camera.referenceId)?.names.slice(-NAMING) ?? [];
    }
    const names = new Set(files.map(cameraNameIn).filter((name) => name !== ''));
    return { id: camera.id, names };
  }
}

export const wallOf = partOf((session) => new Wall(session));
