import type { Job } from '../../domain/camera/job';
import type { ChangedJob } from '../scoring/known-jobs';
import type { Session } from '../session.svelte';

/** Does work that changes a camera's history. @returns the stored jobs that it has changed, as they were and as they are */
export async function changedWhile(
  history: Session['history'],
  work: () => Promise<void>,
): Promise<readonly ChangedJob<Job>[]> {
  await history.whole;
  const before = new Map(history.everything.map((job) => [job.id, job]));
  await work();
  await history.whole;
  return history.everything.flatMap((after) => {
    const job = before.get(after.id);
    return job && job !== after ? [{ before: job, after }] : [];
  });
}
