import type { ByEye, CompletedJob } from '../../core/domain/camera/job';
import type { Database } from '../../core/storage/database';
import type { Work } from '../../core/session/work.svelte';
import type { History } from '../../core/session/scoring/history.svelte';
import type { Followers } from '../../core/session/followers.svelte';
import { saveByEye } from '../../core/storage/new-jobs';

interface Parts {
  readonly db: Database;
  readonly work: Work;
  readonly history: History;
  readonly followers: Followers;
}

/** Stores and shows a person's judgement of a snapshot; null takes it back. The page reports a failure. */
export async function callByEye(
  { db, work, history, followers }: Parts,
  { id }: CompletedJob,
  byEye: ByEye | null,
): Promise<void> {
  await work.attempt(async () => {
    work.mustWrite();
    const called = new Map([[id, byEye]]);
    await saveByEye(db, called);
    history.takeByEye(called);
    followers.announce();
  });
}
