import type { StoredDetector } from '../domain/detection/detection';
import { allOrNothing, orStorageError, type Database } from './database';
import { soundRows } from './sound-rows';

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

/** The detector that was used last on a camera's snapshots, else the one that was added last; null if there is none. */
export async function loadDetectorOf(db: Database, cameraId: string): Promise<StoredDetector | null> {
  const detectors = await loadDetectors(db);
  const keys = await orStorageError(db.getAllKeysFromIndex('detections', 'cameraId', cameraId));
  const used = detectors.filter(({ sha256 }) => keys.some(([, detector]) => detector === sha256));
  if (used.length < 2) return used[0] ?? detectors.at(-1) ?? null;
  // Earlier versions let a camera have several.
  const rows = await orStorageError(db.getAllFromIndex('detections', 'cameraId', cameraId));
  const [newest] = soundRows('detections', rows).sort((a, b) => b.madeAt - a.madeAt);
  return used.find(({ sha256 }) => sha256 === newest?.detectorSha256) ?? null;
}

export async function loadDetectorFile(db: Database, sha256: string): Promise<ArrayBuffer | null> {
  return (await orStorageError(db.get('detectorFiles', sha256))) ?? null;
}

/**
 * Takes a camera's detector from it: all that any detector but the next one found on its snapshots goes, and so does each
 * of these detectors that has found nothing on another camera.
 *
 * @param next - SHA-256 of the camera's next detector, or null
 */
export async function replaceDetector(
  db: Database,
  cameraId: string,
  former: string,
  next: string | null,
): Promise<void> {
  const tx = db.transaction(['detectors', 'detectorFiles', 'detections'], 'readwrite');
  const detections = tx.objectStore('detections');
  const replace = async () => {
    const [all, ofCamera] = await Promise.all([
      detections.getAllKeys(),
      detections.index('cameraId').getAllKeys(cameraId),
    ]);
    const jobs = new Set(ofCamera.map(([jobId]) => jobId));
    const dropped = ofCamera.filter(([, sha256]) => sha256 !== next);
    const elsewhere = new Set(all.filter(([jobId]) => !jobs.has(jobId)).map(([, sha256]) => sha256));
    const unused = [...new Set([former, ...dropped.map(([, sha256]) => sha256)])].filter(
      (sha256) => sha256 !== next && !elsewhere.has(sha256),
    );
    await Promise.all([
      ...dropped.map((key) => detections.delete(key)),
      ...unused.map((sha256) => tx.objectStore('detectors').delete(sha256)),
      ...unused.map((sha256) => tx.objectStore('detectorFiles').delete(sha256)),
    ]);
  };
  await allOrNothing(tx, [replace]);
}
