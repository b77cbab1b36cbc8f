import type { Calibration } from '../domain/drift/judging';
import type { Camera } from '../domain/camera/job';
import { orStorageError, type Database } from './database';
import { soundRows } from './rows/sound-rows';

export async function loadCalibrations(db: Database, cameraId: string): Promise<Calibration[]> {
  const calibrations = await orStorageError(db.getAllFromIndex('calibrations', 'cameraId', cameraId));
  return soundRows('calibrations', calibrations).sort((a, b) => a.version - b.version);
}

/** The camera with the settings that a calibration measured. */
export function judgedBy(camera: Camera, calibration: Calibration): Camera {
  const { detector, thresholds, persistence } = calibration;
  return { ...camera, detector, thresholds, persistence, calibrationId: calibration.id };
}
