import { picturesOf } from '../cameras';
import { allOrNothing, rowsOf, type Database } from '../database';
import type { OpenBatch, Settings } from '../schema';

/** Deletes a camera with everything that belongs to it, all or nothing. */
export async function deleteCamera(db: Database, cameraId: string): Promise<void> {
  const stores = [
    'cameras',
    'references',
    'jobs',
    'embeddings',
    'thumbnails',
    'glassFits',
    'sights',
    'events',
    'calibrations',
    'spansByHand',
    'detections',
    'destinations',
    'deliveries',
    'trainings',
    'trainingWeights',
    'trainingPictures',
    'handles',
    'settings',
  ] as const;
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
      for (const id of jobIds) {
        drop('jobs', id);
        drop('embeddings', id);
        drop('thumbnails', id);
        drop('sights', id);
      }
      for (const name of ['references', 'events', 'calibrations', 'spansByHand'] as const) {
        for (const id of await tx.objectStore(name).index('cameraId').getAllKeys(cameraId)) {
          drop(name, id);
          if (name !== 'references') continue;
          drop('thumbnails', picturesOf(id));
          drop('glassFits', id);
        }
      }
      for (const name of ['deliveries', 'detections'] as const) {
        for (const key of await tx.objectStore(name).index('cameraId').getAllKeys(cameraId)) drop(name, key);
      }
      drop('destinations', cameraId);
      drop('trainings', cameraId);
      drop('trainingWeights', rowsOf(cameraId));
      drop('trainingPictures', rowsOf(cameraId));
      drop('handles', rowsOf(cameraId));
      drop('cameras', cameraId);
      const open = (await tx.objectStore('settings').get('openBatch')) as OpenBatch | undefined;
      if (open?.cameraId === cameraId) drop('settings', 'openBatch');
      const given = (await tx.objectStore('settings').get('given')) as Settings['given'] | undefined;
      if (given?.[cameraId]) {
        const others = Object.entries(given).filter(([id]) => id !== cameraId);
        await tx.objectStore('settings').put(Object.fromEntries(others), 'given');
      }
    },
  ]);
}
