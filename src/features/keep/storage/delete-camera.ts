import { picturesOf } from '../../../core/storage/cameras';
import { allOrNothing, rowsOf, type Database } from '../../../core/storage/database';
import { BY_JOB } from '../../../core/storage/job-rows';
import type { OpenBatch } from '../../../core/storage/schema';

/** Stores with an index by camera id. */
const INDEXED = ['references', 'events', 'calibrations', 'spansByHand', 'deliveries', 'detections'] as const;
/** Stores whose keys begin with the camera id. */
const BY_KEY = ['handles', 'seenFiles', 'changes', 'formerRows'] as const;
const BY_CAMERA = ['cameras', 'destinations'] as const;
/** Settings that are kept by camera id. */
const NOTES = ['given', 'unjudged', 'judgedAnew', 'silenceTold', 'failedSeen', 'watchesBegun'] as const;

/** Deletes a camera with everything that belongs to it, all or nothing. */
export async function deleteCamera(db: Database, cameraId: string): Promise<void> {
  const stores = [...BY_JOB, ...INDEXED, ...BY_CAMERA, ...BY_KEY, 'glassFits', 'settings'] as const;
  const tx = db.transaction(stores, 'readwrite');
  const drop = (store: (typeof stores)[number], key: IDBValidKey | IDBKeyRange) => {
    // A request that fails ends the transaction, which says so.
    tx.objectStore(store)
      .delete(key as string)
      .catch(() => undefined);
  };
  await allOrNothing(tx, [
    async () => {
      const jobIds = await tx.objectStore('jobs').index('cameraId').getAllKeys(cameraId);
      for (const id of jobIds) for (const store of BY_JOB) drop(store, id);
      for (const id of await tx.objectStore('references').index('cameraId').getAllKeys(cameraId)) {
        drop('thumbnails', picturesOf(id));
        drop('glassFits', id);
      }
      for (const store of INDEXED) {
        for (const key of await tx.objectStore(store).index('cameraId').getAllKeys(cameraId))
          drop(store, key);
      }
      for (const store of BY_CAMERA) drop(store, cameraId);
      for (const store of BY_KEY) drop(store, rowsOf(cameraId));
      const open = (await tx.objectStore('settings').get('openBatch')) as OpenBatch | undefined;
      if (open?.cameraId === cameraId) drop('settings', 'openBatch');
      for (const key of NOTES) {
        const all = await tx.objectStore('settings').get(key);
        const notes = new Map(all as ReadonlyMap<string, never> | undefined);
        if (notes.delete(cameraId)) await tx.objectStore('settings').put(notes, key);
      }
    },
  ]);
}
