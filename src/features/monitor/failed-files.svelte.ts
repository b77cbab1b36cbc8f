import type { FailedJob, Job } from '../../core/domain/camera/job';
import { partOf } from '../../core/session/part-of';
import { loadSetting, saveSetting } from '../../core/storage/settings';
import type { Session } from '../../core/session/session.svelte';

type Parts = Pick<Session, 'db' | 'work' | 'cameras'>;

/** The files of the chosen camera that could not be checked, until a person has seen them. */
class FailedFiles {
  readonly #parts: Parts;
  /** when the newest one that was seen had been checked, by camera id */
  #seen = $state.raw<ReadonlyMap<string, number>>(new Map());

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Reads what has been seen. */
  async read(): Promise<void> {
    this.#seen = (await loadSetting(this.#parts.db, 'failedSeen')) ?? new Map();
  }

  /** The newest first. The demo's is part of its story, and no news. */
  unseen(jobs: readonly Job[]): readonly FailedJob[] {
    if (this.#parts.cameras.chosen?.isDemo) return [];
    const until = this.#seen.get(this.#parts.cameras.chosen?.id ?? '') ?? -Infinity;
    return jobs
      .filter((job): job is FailedJob => job.jobStatus === 'Failed' && job.createdAt > until)
      .toReversed();
  }

  /** They stay among the jobs; a file that fails later is shown again. */
  async dismiss(files: readonly FailedJob[]): Promise<void> {
    const { db, work, cameras } = this.#parts;
    const { chosen: camera } = cameras;
    if (!camera || files.length === 0) return;
    const newest = Math.max(...files.map(({ createdAt }) => createdAt));
    this.#seen = new Map(this.#seen).set(camera.id, newest);
    await work.attempt(() => saveSetting(db, 'failedSeen', this.#seen));
  }
}

export const failedFilesOf = partOf((session) => new FailedFiles(session));
