import type { FailedJob, Job } from '../../core/domain/camera/job';
import { partOf } from '../../core/session/part-of';
import type { Session } from '../../core/session/session.svelte';
import { loadSetting, saveSetting } from '../../core/storage/settings';

/** The files of the chosen camera that could not be checked, until a person has seen them. */
class FailedFiles {
  readonly #session: Session;
  /** when the newest one that was seen had been checked, by camera id */
  #seen = $state.raw<Readonly<Record<string, number>>>({});

  constructor(session: Session) {
    this.#session = session;
  }

  /** Reads what has been seen. */
  async read(): Promise<void> {
    this.#seen = (await loadSetting(this.#session.db, 'failedSeen')) ?? {};
  }

  /** The newest first. */
  unseen(jobs: readonly Job[]): readonly FailedJob[] {
    const until = this.#seen[this.#session.cameras.chosen?.id ?? ''] ?? -Infinity;
    return jobs
      .filter((job): job is FailedJob => job.jobStatus === 'Failed' && job.createdAt > until)
      .toReversed();
  }

  /** They stay among the jobs; a file that fails later is shown again. */
  async dismiss(files: readonly FailedJob[]): Promise<void> {
    const { chosen: camera } = this.#session.cameras;
    const { db } = this.#session;
    if (!camera || files.length === 0) return;
    const newest = Math.max(...files.map(({ createdAt }) => createdAt));
    this.#seen = { ...this.#seen, [camera.id]: newest };
    await this.#session.work.attempt(() => saveSetting(db, 'failedSeen', this.#seen));
  }
}

export const failedFilesOf = partOf((session) => new FailedFiles(session));
