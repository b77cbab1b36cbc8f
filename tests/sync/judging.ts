/** A camera's history that is judged, and judged anew: in a page or in Node. */
import type { CompletedJob } from '../../src/core/domain/camera/job';
import { saveInputs } from '../../src/core/storage/inputs';
import { wholeCamera, wholeJob } from '../storage/whole-rows';
import type { Site } from './site';

/** Stores scored jobs of a camera, and tells of them as the page does. */
export async function score(site: Site, indices: readonly number[], cameraId = 'camera'): Promise<void> {
  const jobs = indices.map((index) =>
    wholeJob(`${cameraId}-${index}`, Date.UTC(2024, 0, 1, index), { cameraId, distance: 0.3 }),
  );
  for (const job of jobs) await site.db.add('jobs', job);
  await site.sync.records.stored(jobs);
}

/** Judges a camera's history by another limit, in the transaction that writes it, and tells of it as the page does. */
export async function judge(site: Site, drift: number, cameraId = 'camera'): Promise<void> {
  const thresholds = { warning: 0.05, drift };
  const judged = new Map<string, CompletedJob>();
  for (const job of await site.db.getAllFromIndex('jobs', 'cameraId', cameraId)) {
    const said = { distance: 0.3, windowFill: 12, driftStatus: 'warning', thresholds } as const;
    judged.set(job.id, { ...(job as CompletedJob), ...said });
  }
  const camera = wholeCamera(cameraId, { thresholds });
  await saveInputs(site.db, { camera }, { judged, sights: new Map() });
  await site.sync.records.judgedAnew();
}
