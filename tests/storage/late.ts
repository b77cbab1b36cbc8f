/** A camera whose snapshots come in several batches, in a page: what is announced of it, and undone. */
import { EncodedFile } from '../../src/core/encoder/encoded-file';
import { GlassLooker } from '../../src/core/encoder/glass/glass-looker';
import { EncoderPool } from '../../src/core/encoder/pool';
import { compareJobs } from '../../src/core/domain/camera/job';
import type { Present } from '../../src/core/session/history/change-inputs';
import { shiftTimes } from '../../src/features/settings/shift-times';
import type { Session } from '../../src/core/session/session.svelte';
import { Turns } from '../../src/core/domain/turns';
import { loadCameras, loadEvents, loadReferences } from '../../src/core/storage/cameras';
import { dismissChange, loadChanges } from '../../src/core/storage/changes';
import { openDatabase, type Database } from '../../src/core/storage/database';
import { deleteCamera } from '../../src/features/keep/storage/delete-camera';
import { loadJobs } from '../../src/core/storage/jobs';
import { judgeInOrder, undoChange, wouldChange } from '../../src/features/changes/in-order';
import { shown, UNTOLD } from './batches';
import { contentsOf } from './earlier-databases';
import { wholeCamera, wholeJob, wholeReference } from './whole-rows';

const BEGAN = Date.UTC(2026, 10, 27);
const HOUR = 3_600_000;
/** These show a dirty lens. */
const DIRTY = [6, 7, 8, 9];

export class Late {
  readonly #name = `late-${String(Math.random())}`;
  readonly #looker = new GlassLooker();
  #db: Database | null = null;

  static async open(): Promise<Late> {
    const late = new Late();
    late.#db = await openDatabase({ name: late.#name });
    const embeddings = Array.from({ length: 20 }, (_, i) => new Float32Array([i / 20, 1 - i / 20, 0.5]));
    const reference = wholeReference('reference', { names: [], embeddings, offGlass: [], isOwnModel: true });
    await late.db.put('references', reference);
    await late.db.put(
      'cameras',
      wholeCamera('camera', {
        referenceId: 'reference',
        detector: { name: 'mmd-streaming', windowSize: 4, sigma: 0.5 },
        persistence: { raiseAfter: 1, clearAfter: 1, clearBelow: 1 },
      }),
    );
    return late;
  }

  get db(): Database {
    return this.#db!;
  }

  /** Scores snapshots, each of its hour, as one batch. */
  async score(...hours: readonly number[]): Promise<void> {
    await this.#score(hours.map((hour) => fileOf(hour)));
  }

  /** Scores the snapshot of an hour from a copy whose name says nothing, by the date that the copy has. */
  async scoreCopy(hour: number, dated: number): Promise<void> {
    await this.#score([fileOf(hour, dated)]);
  }

  async #score(files: readonly File[]): Promise<void> {
    const parts = {
      ...{ db: this.db, looker: this.#looker, pool: new EncoderPool(), turns: new Turns() },
      ...{ now: () => BEGAN + 1000 * HOUR, followers: UNTOLD },
      models: { open: async () => undefined } as never,
    };
    const { jobs, ...watched } = await this.#present();
    const { batches } = await shown(parts, watched, jobs);
    await batches.score(files);
  }

  /** Each change of the camera that nobody has dismissed. */
  async told() {
    const changes = await loadChanges(this.db, 'camera');
    return changes.map(({ cause, snapshots, items }) => ({
      cause,
      late: snapshots.map(({ capturedAt }) => hourOf(capturedAt)),
      changed: items.map(({ capturedAt, from, to }) => [hourOf(capturedAt), from.verdict, to.verdict]),
    }));
  }

  async undo(): Promise<void> {
    const session = await this.#session();
    for (const change of await loadChanges(this.db, 'camera'))
      await undoChange(session, session.thumbnails, change);
  }

  async dismiss(): Promise<void> {
    for (const change of await loadChanges(this.db, 'camera')) await dismissChange(this.db, change);
  }

  /** Leaves what follows the late ones as it stood before these came, as earlier versions did. */
  async asEarlier(...late: readonly number[]): Promise<void> {
    const before = await this.db.getAll('jobs');
    await this.score(...late);
    for (const job of before) await this.db.put('jobs', job);
    await this.dismiss();
  }

  async wouldChange() {
    const session = await this.#session();
    const found = await wouldChange(session.sources, session.cameras.present!, new AbortController().signal);
    return found && { ...found, items: found.items.map(({ capturedAt }) => hourOf(capturedAt)) };
  }

  async judgeInOrder(): Promise<void> {
    const session = await this.#session();
    await judgeInOrder(session, session.cameras.chosen!);
  }

  async moveTo(timeZone: string): Promise<void> {
    const session = await this.#session();
    await shiftTimes(session.sources, session.cameras.chosen!, { timeZone });
  }

  async times() {
    const { jobs } = await this.#present();
    return jobs.map(({ imageName, capturedAt }) => ({ imageName, hour: hourOf(capturedAt) }));
  }

  /** Every row of every store, to the last bit. */
  async rows() {
    return (await contentsOf(this.#name)).rows;
  }

  /** Of each snapshot its distance and verdict. */
  async said() {
    const jobs = (await this.#present()).jobs;
    return jobs.map((job) => job.jobStatus === 'Completed' && [job.imageName, job.distance, job.driftStatus]);
  }

  async deleteCamera(): Promise<void> {
    await deleteCamera(this.db, 'camera');
  }

  async #session(): Promise<Session> {
    const present = await this.#present();
    const { db } = this;
    const thumbnails = { forget: () => undefined };
    const now = () => BEGAN + 1000 * HOUR;
    const sources = { db, looker: this.#looker, now };
    return { db, sources, cameras: { present, chosen: present.camera }, thumbnails } as never;
  }

  async #present(): Promise<Present> {
    const [camera] = await loadCameras(this.db);
    const references = await loadReferences(this.db, 'camera');
    const [events, jobs] = [await loadEvents(this.db, 'camera'), await loadJobs(this.db, 'camera')];
    return { camera: camera!, reference: references[0]!, references, events, jobs: jobs.sort(compareJobs) };
  }
}

function hourOf(capturedAt: number): number {
  return (capturedAt - BEGAN) / HOUR;
}

/** @param dated - hour of its date, which is all that tells when it was taken; else its name does */
function fileOf(hour: number, dated?: number): File {
  const at = BEGAN + (dated ?? hour) * HOUR;
  const [name, source] =
    dated === undefined ? ([String(hour), 'file-name'] as const) : (['copy', 'file-date'] as const);
  const contentSha256 = String(hour);
  const first = (hour % 7) / 7 + (DIRTY.includes(hour) ? 2 : 0);
  const embedding = new Float32Array([first, (hour % 5) / 5, 0.5]);
  const { properties } = wholeJob();
  return new EncodedFile(`${name.padStart(2, '0')}.jpg`, {
    ...{ lastModified: at, contentSha256, stated: { at, source } },
    read: async () => ({
      ...{ ok: true, contentSha256, embedding, properties, thumbnail: new ArrayBuffer(2) },
      glass: null as never,
    }),
  });
}
