import { blindnessOf } from '../../domain/drift/blindness';
import type { Job } from '../../domain/camera/job';
import type { Reference } from '../../domain/camera/reference';
import { awaiting, learnedVerdictOf } from '../../domain/camera/verdict';
import { withoutSight } from '../../domain/drift/judge';
import type { Database } from '../../storage/database';
import { fittedAmong } from '../../storage/glass-fits';

/**
 * Applies this version's rules to stored jobs. Earlier versions did not know when a detector can't tell, and have stored
 * "normal" for snapshots that were not judged.
 */
export class CurrentRules {
  readonly #references: ReadonlyMap<string, Reference>;
  readonly #awaited: ReadonlySet<string>;

  /** Opens it for a camera's jobs, by all versions of its reference. @throws AppError `storage-failed` */
  static async open(db: Database, references: readonly Reference[]): Promise<CurrentRules> {
    const foreign = references.filter(({ isOwnModel }) => isOwnModel === false).map(({ id }) => id);
    return new CurrentRules(references, await fittedAmong(db, foreign));
  }

  /** @param awaited - ids of references through whose fit growth and loss look, and whose model was not made for the camera */
  constructor(references: readonly Reference[], awaited: ReadonlySet<string>) {
    this.#awaited = awaited;
    this.#references = new Map(references.map((reference) => [reference.id, reference]));
  }

  applyTo(jobs: readonly Job[]): readonly Job[] {
    return jobs.map((stored) => {
      const job = awaiting(stored, this.#awaited);
      if (job.jobStatus === 'Failed' || job.blindness) return job;
      const reference = this.#references.get(job.referenceId);
      const blindness = reference ? blindnessOf(reference.embeddings, job) : null;
      const verdict = learnedVerdictOf(job);
      return blindness && verdict !== 'not-checked'
        ? withoutSight({ ...job, driftStatus: verdict }, blindness)
        : job;
    });
  }

  async *applyToAll(parts: AsyncIterable<readonly Job[]>): AsyncIterable<readonly Job[]> {
    for await (const part of parts) yield this.applyTo(part);
  }
}
