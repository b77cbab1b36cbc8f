import type { ClockCorrection } from '../../domain/camera/job';
import { clockFacts } from '../../domain/camera/time/clock';
import { inRightTime } from '../../domain/camera/time/clock-stand';
import { scenesMoved } from '../../domain/camera/time/shift';
import { changeInputs, type By, type Present } from './change-inputs';

/**
 * Gives the clock of a camera other corrections. Changes in the scene go with the pictures that they began with.
 *
 * @throws AppError `disk-full` or `storage-failed`; then nothing was changed
 */
export async function correctClock(
  by: By,
  present: Present,
  clockCorrections: readonly ClockCorrection[],
): Promise<void> {
  const camera = { ...present.camera, clockCorrections };
  const right = inRightTime(present.jobs, camera, clockFacts(camera, present.reference, by.now()));
  const events = scenesMoved(present.events, present.jobs, [...right.jobs, ...right.others.values()]);
  await changeInputs(by, present, { camera, events }, []);
}
