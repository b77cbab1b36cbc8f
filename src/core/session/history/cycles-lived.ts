import type { Camera } from '../../domain/camera/camera';
import { courseOfCycles, type CycleCourse } from '../../domain/camera/cycle-course';
import { breaksWindow, type CameraEvent } from '../../domain/camera/event';
import { clockFacts } from '../../domain/camera/time/clock';
import { clockStand } from '../../domain/camera/time/clock-stand';
import { loadReferences } from '../../storage/cameras';
import type { Database } from '../../storage/database';
import { loadJobs } from '../../storage/jobs';
import type { Session } from '../session.svelte';
import { scoredBy } from './history';

/** The chosen camera's cycles, oldest first. */
export function cyclesLived({
  cameras,
  history,
}: Pick<Session, 'cameras' | 'history'>): readonly CycleCourse[] {
  const { chosen: camera, events, references } = cameras;
  return camera ? courseOfCycles(camera, events, references, scoredBy(camera.modelSha256, history.jobs)) : [];
}

/** The same of a camera that is not chosen; none before one has ended, which would take all of its history. */
export async function loadCyclesLived(
  db: Database,
  camera: Camera,
  events: readonly CameraEvent[],
  now: number,
): Promise<readonly CycleCourse[]> {
  if (!events.some(breaksWindow)) return [];
  const [references, jobs] = await Promise.all([loadReferences(db, camera.id), loadJobs(db, camera.id)]);
  const { believed } = clockStand(jobs, clockFacts(camera, null, now));
  return courseOfCycles(camera, events, references, scoredBy(camera.modelSha256, believed));
}
