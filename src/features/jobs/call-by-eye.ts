import type { ByEye, CompletedJob } from '../../core/domain/camera/job';
import { saveByEye } from '../../core/storage/new-jobs';
import type { Session } from '../../core/session/session.svelte';

type Parts = Pick<Session, 'db' | 'work' | 'history' | 'followers'>;

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
