import { nameTime, originalName, timeStamp } from '../../core/domain/camera/time/capture-time';
import { fateOf, fatesOf, type RecordFates } from '../../core/domain/camera/records/fate';
import { inZone } from '../../core/domain/camera/time/job-time';
import type { Camera } from '../../core/domain/camera/camera';
import { compareJobs, type Job } from '../../core/domain/camera/job';
import { UNCHANGED, type JudgedAgain } from '../../core/storage/judged-again';
import {
  deleteJobs,
  deliveriesOfJobs,
  restoreJobs,
  type DeletedJob,
} from '../../core/storage/deletion/deletion';
import { loadDestination } from '../../core/storage/deliveries';
import { deleteOriginals, findOriginal, originalNames } from '../../core/storage/originals';
import { forgetSeenFiles } from '../../core/storage/seen-files';
import { BundleWorker } from './bundle/bundle-worker';
import type { Session } from '../../core/session/session.svelte';

/** The most that is held in memory so that a deletion can be undone, in bytes of kept pictures. */
const MOST_HELD = 200e6;

/** Snapshots that a person may delete, and the data that go with them. */
export interface DeletionQuestion {
  readonly jobs: readonly Job[];
  /** number of them with a kept picture, by names alone */
  readonly originals: number;
  readonly records: RecordFates;
  /** name of the watched folder, from which a file that is still there would be checked again */
  readonly folder: string | null;
}

interface HeldOriginal {
  readonly job: Job;
  readonly name: string;
  readonly picture: Blob;
}

export interface Done {
  readonly count: number;
  /** records that are being taken back */
  readonly withdrawn: number;
  /** everything needed to put it back; null if that was too much to hold */
  readonly held: {
    readonly cameraId: string;
    readonly jobs: readonly DeletedJob[];
    readonly originals: readonly HeldOriginal[];
  } | null;
}

interface Collaborators {
  /** Ends when no picture waits to be kept any more. */
  readonly kept: () => Promise<void>;
  /** Does work whose snapshots count as exported. */
  readonly settle: (work: () => Promise<void>) => Promise<void>;
}

type Parts = Pick<Session, 'sources' | 'work' | 'cameras' | 'history' | 'followers' | 'thumbnails'>;

/** Deletes single snapshots with their data, and can restore the last ones while the page offers it. */
export class Deletion {
  done = $state.raw<Done | null>(null);
  /** number of snapshots that the last undo restored; null when there was none */
  undone = $state.raw<number | null>(null);
  readonly isTold = $derived.by(() => this.done !== null || this.undone !== null);
  readonly #parts: Parts;
  readonly #others: Collaborators;

  constructor(parts: Parts, others: Collaborators) {
    this.#parts = parts;
    this.#others = others;
  }

  /** Finds the belongings of these snapshots; nothing is deleted yet. */
  async ask(jobs: readonly Job[]): Promise<DeletionQuestion> {
    const { sources, followers } = this.#parts;
    const { db } = sources;
    const cameraId = jobs[0]?.cameraId ?? '';
    const records = await deliveriesOfJobs(
      db,
      jobs.map(({ id }) => id),
    );
    const stamps = new Set((await originalNames(cameraId)).map((name) => name.slice(0, timeStamp(0).length)));
    return {
      jobs,
      originals: jobs.filter((job) => stamps.has(timeStamp(nameTime(job)))).length,
      records: fatesOf(records, await loadDestination(db, cameraId)),
      folder: followers.watchedFolder,
    };
  }

  /**
   * Deletes them with their embeddings, thumbnails, records and kept pictures.
   *
   * @param keepsArrived - whether records that are known to have reached DriftWatch stay there
   * @returns whether all went well
   */
  async delete(jobs: readonly Job[], keepsArrived: boolean): Promise<boolean> {
    const { sources, history, thumbnails } = this.#parts;
    const { db } = sources;
    this.dismiss();
    return this.#change(async (camera) => {
      await this.#others.kept();
      // A file that is still in a watched folder is found again.
      await forgetSeenFiles(db, camera.id);
      const destination = await loadDestination(db, camera.id);
      const ids = jobs.filter(({ cameraId }) => cameraId === camera.id).map(({ id }) => id);
      const fate = (record: Parameters<typeof fateOf>[0]) => fateOf(record, destination, keepsArrived);
      await this.#others.settle(async () => {
        const gone = new Set(ids);
        const again = await this.#judgedAgain(gone, []);
        const deleted = await deleteJobs(db, ids, fate, again);
        if (again.renewed) await this.#parts.cameras.renew();
        history.replace(gone, [], again.judged);
        thumbnails.forget(ids);
        const withdrawn = deleted
          .flatMap(({ deliveries }) => deliveries)
          .filter((d) => fate(d) === 'withdrawn');
        const done = { count: deleted.length, withdrawn: withdrawn.length };
        // A deletion with no place in the notice is done, and a picture that can't be deleted must not hide that.
        this.done = { ...done, held: null };
        const originals = await this.#takeOriginals(camera, deleted);
        const held = originals && { cameraId: camera.id, jobs: deleted, originals };
        this.done = { ...done, held };
      });
    });
  }

  /** Restores the last deletion, except for snapshots that were checked again since then. */
  async undo(): Promise<void> {
    const held = this.done?.held;
    if (!held) return;
    const { sources, history } = this.#parts;
    await this.#change(async (camera) => {
      if (camera.id !== held.cameraId) return;
      const present = new Set(history.everything.map(sameKey));
      const back = held.jobs
        .map((each) => ({ ...each, job: inZone(each.job, camera) }))
        .filter(({ job }) => !present.has(sameKey(job)));
      await this.#others.settle(async () => {
        const again = await this.#judgedAgain(new Set(), back);
        await restoreJobs(sources.db, back, again);
        if (again.renewed) await this.#parts.cameras.renew();
        history.replace(
          new Set(),
          back.map(({ job }) => again.judged.get(job.id) ?? job),
          again.judged,
        );
        this.done = null;
        this.undone = back.length;
        await this.#putBack(held.originals);
      });
    });
  }

  dismiss(): void {
    this.done = null;
    this.undone = null;
  }

  /** Takes snapshots of the chosen camera away, or puts them back. @returns whether all went well */
  async #change(write: (camera: Camera) => Promise<void>): Promise<boolean> {
    const { work, cameras, followers } = this.#parts;
    return work.attempt(() =>
      work.alone(async () => {
        if (!cameras.chosen) return;
        await write(cameras.chosen);
        followers.stored([]);
      }),
    );
  }

  /** The history without some jobs, or with some that are put back. */
  async #judgedAgain(gone: ReadonlySet<string>, back: readonly DeletedJob[]): Promise<JudgedAgain> {
    const { present } = this.#parts.cameras;
    if (!present) return UNCHANGED;
    const { judgedBy } = await import('../../core/session/history/change-inputs');
    const moved = [...present.jobs.filter(({ id }) => gone.has(id)), ...back.map(({ job }) => job)];
    const jobs = [...present.jobs.filter(({ id }) => !gone.has(id)), ...back.map(({ job }) => job)];
    return judgedBy(
      this.#parts.sources,
      { ...present, jobs: jobs.sort(compareJobs) },
      {},
      {
        from: moved.map(({ capturedAt }) => capturedAt),
        contents: new Map(
          back.flatMap(({ job, embedding, thumbnail = null }) =>
            embedding ? [[job.id, { embedding, thumbnail, glass: thumbnail }] as const] : [],
          ),
        ),
      },
    );
  }

  /** Deletes the kept pictures that only deleted jobs are of. @returns them; null when they are too much to hold */
  async #takeOriginals(camera: Camera, deleted: readonly DeletedJob[]): Promise<HeldOriginal[] | null> {
    const left = new Set(this.#parts.history.everything.map(({ contentSha256 }) => contentSha256));
    const held: HeldOriginal[] = [];
    let [bytes, isTooMuch] = [0, false];
    const taken = new Set<string>();
    for (const { job } of deleted) {
      if (job.contentSha256 === '' || left.has(job.contentSha256)) continue;
      const found = await findOriginal(job, originalName(job, camera.name));
      if (!found || taken.has(found.name)) continue;
      bytes += found.file.size;
      isTooMuch ||= bytes > MOST_HELD;
      // The file itself is about to go: its bytes are held.
      if (!isTooMuch)
        held.push({ job, name: found.name, picture: new Blob([await found.file.arrayBuffer()]) });
      taken.add(found.name);
      await deleteOriginals(camera.id, [found.name]);
    }
    return isTooMuch ? null : held;
  }

  async #putBack(originals: readonly HeldOriginal[]): Promise<void> {
    if (originals.length === 0) return;
    const keeper = new BundleWorker();
    try {
      for (const { job, name, picture } of originals) {
        await keeper.ask((api) => api.keepOriginal(job, name, picture));
      }
    } finally {
      keeper.end();
    }
  }
}

/** Equal for jobs that say the same of one snapshot: of a scored one by its content and model, else by its place. */
function sameKey(job: Job): string {
  return job.jobStatus === 'Completed'
    ? `${job.contentSha256} ${job.modelSha256}`
    : `${String(job.capturedAt)} ${job.imageName}`;
}
