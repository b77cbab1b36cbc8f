import type { Calibration } from '../domain/calibration';
import type { Camera } from '../domain/job';
import { orStorageError, type Database } from './database';

/** All calibrations of a camera, oldest first. */
export async function loadCalibrations(db: Database, cameraId: string): Promise<Calibration[]> {
  const calibrations = await orStorageError(db.getAllFromIndex('calibrations', 'cameraId', cameraId));
  return calibrations.sort((a, b) => a.version - b.version);
}

/** Adds a calibration and makes the camera judge by it, both or neither. */
export async function saveCalibration(
  db: Database,
  camera: Camera,
  calibration: Calibration,
): Promise<Camera> {
  const { detector, thresholds, persistence } = calibration;
  const updated: Camera = { ...camera, detector, thresholds, persistence, calibrationId: calibration.id };
  const tx = db.transaction(['cameras', 'calibrations'], 'readwrite');
  const writes = [
    tx.objectStore('calibrations').add(calibration),
    tx.objectStore('cameras').put(updated),
    tx.done,
  ];
  await orStorageError(Promise.all(writes));
  return updated;
}
