import type { ByEye, CompletedJob } from '../../core/domain/camera/job';
import type { Session } from '../../core/session/session.svelte';
import { saveByEye } from '../../core/storage/new-jobs';

/** Stores and shows a person's judgement of a snapshot; null takes it back. The page reports a failure. */
export async function callByEye(session: Session, { id }: CompletedJob, byEye: ByEye | null): Promise<void> {
  await session.work.attempt(async () => {
    session.work.mustWrite();
    const called = new Map([[id, byEye]]);
    await saveByEye(session.db, called);
    session.history.takeByEye(called);
    session.followers.announce();
  });
}
