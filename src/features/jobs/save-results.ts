import { exportResults } from '../../core/session/exports';
import { madeByOf } from '../../core/session/making';
import type { Session } from '../../core/session/session.svelte';

export async function saveResults(session: Session, format: 'csv' | 'json'): Promise<void> {
  await session.attempt(async () => {
    const { db, camera, monitor } = session;
    await monitor.whole;
    if (camera) await exportResults(db, camera, monitor.everything, format, { made: madeByOf(session) });
  });
}
