import type { StoredDetector } from '../domain/detection/detection';
import { allOrNothing, orStorageError, type Database } from './database';
import { soundRows } from './rows/sound-rows';

/** Keeps a detector with its ONNX file, both or neither, under the file's SHA-256. */
export async function saveDetector(db: Database, detector: StoredDetector, file: ArrayBuffer): Promise<void> {
  const tx = db.transaction(['detectors', 'detectorFiles'], 'readwrite');
  await allOrNothing(tx, [
    () => tx.objectStore('detectors').put(detector, detector.sha256),
    () => tx.objectStore('detectorFiles').put(file, detector.sha256),
  ]);
}

/** The detectors that are kept on the device, oldest first, without their files. */
export async function loadDetectors(db: Database): Promise<StoredDetector[]> {
  const detectors = soundRows('detectors', await orStorageError(db.getAll('detectors')));
  return detectors.sort((a, b) => a.addedAt - b.addedAt);
}

/** The ONNX file of a detector, or null when it is not kept. */
export async function loadDetectorFile(db: Database, sha256: string): Promise<ArrayBuffer | null> {
  return (await orStorageError(db.get('detectorFiles', sha256))) ?? null;
}

/** Forgets a detector, its file, and all that it found on any camera's snapshots. */
export async function deleteDetector(db: Database, sha256: string): Promise<void> {
  const tx = db.transaction(['detectors', 'detectorFiles', 'detections'], 'readwrite');
  const dropFound = async () => {
    const keys = await tx.objectStore('detections').getAllKeys();
    const found = keys.filter(([, detector]) => detector === sha256);
    await Promise.all(found.map((key) => tx.objectStore('detections').delete(key)));
  };
  await allOrNothing(tx, [
    () => tx.objectStore('detectors').delete(sha256),
    () => tx.objectStore('detectorFiles').delete(sha256),
    dropFound,
  ]);
}
