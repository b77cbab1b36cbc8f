import type { Calibration } from '../domain/drift/calibration';
import type { Camera } from '../domain/camera/job';
import { allOrNothing, orStorageError, type Database } from './database';
import { soundRows } from './sound-rows';

/** All calibrations of a camera, oldest first. */
export async function loadCalibrations(db: Database, cameraId: string): Promise<Calibration[]> {
  const calibrations = await orStorageError(db.getAllFromIndex('calibrations', 'cameraId', cameraId));
  return soundRows('calibrations', calibrations).sort((a, b) => a.version - b.version);
}

/** Adds a calibration and makes the camera judge by it, both or neither. */
export async function saveCalibration(db: Database, camera: Camera, calibration: Calibration): Promise<void> {
  const updated = judgedBy(camera, calibration);
  const tx = db.transaction(['cameras', 'calibrations'], 'readwrite');
  await allOrNothing(tx, [
    () => tx.objectStore('calibrations').add(calibration),
    () => tx.objectStore('cameras').put(updated),
  ]);
}

/** The camera with the settings that a calibration measured. */
export function judgedBy(camera: Camera, calibration: Calibration): Camera {
  const { detector, thresholds, persistence } = calibration;
  return { ...camera, detector, thresholds, persistence, calibrationId: calibration.id };
}
