import { PackedFile } from '../../core/encoder/packed-file';
import type { NamedFiles } from '../../core/domain/camera/by-name';
import { earliestDays } from '../../core/domain/camera/earliest-days';
import { ENOUGH_CLEAN } from '../../core/domain/camera/reference-size';
import { toWall, UTC } from '../../core/domain/camera/time/zone';
import { AppError } from '../../core/domain/errors';
import { partOf } from '../../core/session/part-of';
import { inCaptureOrder } from '../../core/session/scoring/capture-order';
import type { Session } from '../../core/session/session.svelte';
import { cameraMakerOf, type CameraMaker } from './camera-maker.svelte';
import { notPictures } from './given-clean.svelte';

/** Facts on a camera's files, before anything of them is encoded. */
interface FileFacts {
  /** pictures, as far as their first bytes say */
  readonly pictures: number;
  readonly unreadable: number;
  /** by the camera's clock, as if it were UTC; null if only file dates tell */
  readonly from: number | null;
}

/** The pictures of one of several cameras, and what becomes of them. */
export class CameraToCome implements NamedFiles<File> {
  readonly name: string;
  readonly files: readonly File[];
  /** the pictures that show a clean lens, `out` for a camera that is left out, or the id of one that has them already */
  use = $state<string>('oldest');
  state = $state<'waits' | 'learns' | 'checks' | 'done'>('waits');
  /** why it could not be set up */
  failure = $state.raw<AppError | null>(null);
  /** null before the files were looked at */
  facts = $state.raw<FileFacts | null>(null);

  constructor({ name, files }: NamedFiles<File>) {
    this.name = name;
    this.files = files;
    // Their camera is not known.
    if (name === '') this.use = 'out';
  }

  async look(): Promise<void> {
    const failed = await notPictures(this.files);
    const left = this.files.filter((file) => !failed.has(file));
    const ordered = await inCaptureOrder(left, { timeZone: UTC }, new AbortController().signal);
    const first = ordered.find(({ capturedAtSource }) => capturedAtSource !== 'file-date');
    this.facts = { pictures: left.length, unreadable: failed.size, from: first?.capturedAt ?? null };
  }
}

/** Cameras whose pictures came together: one list, set up one after the other. */
export class SeveralCameras {
  /** in order of their names, without a name last */
  cameras = $state.raw<readonly CameraToCome[]>([]);
  isRunning = $state(false);
  /** the zone of times that names and EXIF state without one */
  timeZone = $state(UTC);
  #isStopped = false;
  readonly #session: Session;
  readonly #maker: CameraMaker;

  constructor(session: Session, maker: CameraMaker) {
    this.#session = session;
    this.#maker = maker;
  }

  /** Adds the pictures of cameras; those of a name that waits already wait with them. */
  add(more: readonly NamedFiles<File>[]): void {
    const byName = new Map(this.cameras.map((camera) => [camera.name, camera]));
    for (const { name, files } of more) {
      const known = byName.get(name)?.files ?? [];
      const camera = new CameraToCome({ name, files: [...known, ...files] });
      byName.set(name, camera);
      camera.look().catch(this.#session.work.report);
    }
    const rank = ({ name }: CameraToCome) => Number(name === '');
    this.cameras = [...byName.values()].sort(
      (a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, undefined, { numeric: true }),
    );
  }

  /** Forgets the cameras that these pictures are of: they were set up, or a person says that they are one camera's. */
  forget(files: readonly File[]): void {
    const gone = new Set(files);
    this.cameras = this.cameras.filter((camera) => !camera.files.every((file) => gone.has(file)));
  }

  stop(): void {
    this.#isStopped = true;
    this.#maker.work.cancel();
    this.#session.scoring.batches.cancel();
  }

  #hasStopped(): boolean {
    return this.#isStopped;
  }

  /** Sets all of them up. One that can't be stays with the reason, and the others go on. */
  async setUpAll(): Promise<void> {
    const { work, cameras, scoring } = this.#session;
    this.#isStopped = false;
    this.isRunning = true;
    work.problem = null;
    for (const camera of this.cameras) {
      if (this.#hasStopped() || camera.use === 'out') continue;
      camera.failure = null;
      try {
        if (await this.#setUp(camera)) camera.state = 'done';
      } catch (error) {
        if (error instanceof AppError) camera.failure = error;
        else work.report(error);
      }
      if (camera.state !== 'done') camera.state = 'waits';
    }
    scoring.preview.end();
    this.isRunning = false;
    const isLeft = ({ state, use }: CameraToCome) => state !== 'done' && (use !== 'out' || this.#isStopped);
    this.cameras = this.cameras.filter(isLeft);
    if (this.cameras.length > 0) cameras.isSettingUpNew = true;
    else this.#session.place = cameras.all.length > 1 ? 'wall' : 'monitor';
  }

  /** @returns false if it was stopped */
  async #setUp(camera: CameraToCome): Promise<boolean> {
    const { cameras, scoring } = this.#session;
    const known = cameras.all.find(({ id }) => id === camera.use);
    const rest = known ? camera.files : await this.#learn(camera);
    if (rest === null) return false;
    if (known && cameras.chosen?.id !== known.id) await cameras.choose(known.id);
    camera.state = 'checks';
    if (rest.length > 0) await scoring.score(rest);
    return !this.#isStopped;
  }

  /** Stores a camera with its reference. @returns the pictures to be checked; null if it was stopped */
  async #learn(camera: CameraToCome): Promise<readonly File[] | null> {
    const { given } = this.#maker;
    camera.state = 'learns';
    this.#maker.clear();
    given.chosenZone = this.timeZone;
    await given.add(camera.files);
    const { lists, failed, clean } = given;
    const isOldest = camera.use === 'oldest';
    if (isOldest) {
      given.oldest = await this.#oldestOf(clean);
      // There are more if nights or another view are among the oldest.
      if (clean.length > given.oldest.size && !(await this.#isEnough())) given.oldest = null;
    }
    if (this.#isStopped) return null;
    const choices = { name: camera.name, modelSha256: this.#session.models.defaultSha256 };
    const built = await this.#maker.setUpCamera(choices, null);
    if (!built) return null;
    const learned = new Set(built.chosen?.clean.map(({ file }) => file));
    const rest = isOldest ? [...clean.filter((file) => !learned.has(file)), ...lists.other] : lists.other;
    return rest.filter((file) => !failed.has(file));
  }

  /** The earliest days, by the time in the files. */
  async #oldestOf(files: readonly File[]): Promise<ReadonlySet<File>> {
    const { timeZone } = this;
    const ordered = await inCaptureOrder(files, { timeZone }, new AbortController().signal);
    const walls = ordered.map(({ capturedAt, capturedAtSource }) =>
      capturedAtSource === 'file-date' ? null : toWall(capturedAt, { timeZone }),
    );
    return new Set(earliestDays(walls).map((i) => ordered[i]!.file));
  }

  /** True if enough of the pictures that were chosen are clean ones of one view. */
  async #isEnough(): Promise<boolean> {
    const { work, models } = this.#session;
    const { look } = this.#maker;
    await work.alone(() => look.take(models.defaultSha256, null));
    const [usual] = look.present(models.defaultSha256, null)?.sorted?.views ?? [];
    return (usual?.clean.length ?? 0) >= ENOUGH_CLEAN;
  }
}

export const severalOf = partOf((session) => new SeveralCameras(session, cameraMakerOf(session)));

/** False for a file that is taken out of an archive only when its turn comes: it can't be shown as it is. */
export function isPlain(file: File): boolean {
  return !(file instanceof PackedFile);
}
