/** Batches without a page: nobody is told of what they store. */
import type { Job } from '../../src/core/domain/camera/job';
import type { WatchedCamera } from '../../src/core/session/history/window';
import type { BatchParts, ScoringParts } from '../../src/core/session/scoring/batch';
import { Batches } from '../../src/core/session/scoring/batches.svelte';
import { History } from '../../src/core/session/scoring/history.svelte';

export const UNTOLD: ScoringParts['followers'] = {
  stored: () => undefined,
  scored: () => undefined,
  corrected: () => undefined,
  judgedAnew: () => undefined,
};

/** Shows a camera with its stored jobs, in capture order, and what scores more for it. */
export async function shown(
  parts: ScoringParts,
  watched: WatchedCamera,
  jobs: readonly Job[],
  more: Partial<BatchParts> = {},
): Promise<{ readonly history: History; readonly batches: Batches }> {
  const history = new History(parts.now);
  await history.watch(watched, jobs, null);
  return { history, batches: new Batches(history, { ...parts, note: null, ...more }) };
}
