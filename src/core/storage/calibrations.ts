import type { Calibration } from '../domain/drift/calibration';
import type { Camera } from '../domain/camera/job';
import { allOrNothing, orStorageError, type Database } from './database';
import { judgedWrites, type JudgedAnew } from './jobs';
import { markJudgedAnew, MARKING_STORES } from './judged-anew';
import { soundRows } from './rows/sound-rows';

export async function loadCalibrations(db: Database, cameraId: string): Promise<Calibration[]> {
  const calibrations = await orStorageError(db.getAllFromIndex('calibrations', 'cameraId', cameraId));
  return soundRows('calibrations', calibrations).sort((a, b) => a.version - b.version);
}

/** Stores a camera's new judging, its calibration and the history judged by it (by job id): all or nothing. */
export async function saveJudging(
  db: Database,
  camera: Camera,
  judged: ReadonlyMap<string, JudgedAnew>,
  calibration: Calibration | null = null,
): Promise<void> {
  const tx = db.transaction(['cameras', 'calibrations', 'jobs', ...MARKING_STORES], 'readwrite');
  await allOrNothing(tx, [
    ...(calibration ? [() => tx.objectStore('calibrations').add(calibration)] : []),
    () => tx.objectStore('cameras').put(camera),
    ...judgedWrites(tx.objectStore('jobs'), judged),
    ...(judged.size > 0
      ? [() => markJudgedAnew(tx.objectStore('settings'), tx.objectStore('destinations'), camera.id)]
      : []),
  ]);
}

/** The camera with the settings that a calibration measured. */
export function judgedBy(camera: Camera, calibration: Calibration): Camera {
  const { detector, thresholds, persistence } = calibration;
  return { ...camera, detector, thresholds, persistence, calibrationId: calibration.id };
}
