import { faultIn, GUARDED_STORES, type GuardedStore } from '../../domain/camera/stored-rows';
import { picturesOf } from '../cameras';
import { allOrNothing, orStorageError, type Database } from '../database';
import { withdraw } from '../deletion/withdraw';
import { detectionsOf } from '../detections';
import { forgetCamera } from '../upkeep';

/** A stored row that can't be used. */
export interface BrokenRow {
  readonly store: GuardedStore;
  readonly key: IDBValidKey;
  /** path of the first field that makes it so */
  readonly fault: string;
  readonly row: unknown;
  /** of a camera: how many snapshots it has; they can't be seen without it, and go with it */
  readonly snapshots: number;
}

/** Rows that are read at a time; references have all their embeddings in them. */
const AT_A_TIME: Readonly<Record<GuardedStore, number>> = {
  cameras: 100,
  references: 5,
  jobs: 2000,
  events: 2000,
  calibrations: 2000,
  spansByHand: 2000,
  deliveries: 1000,
  detectors: 100,
  detections: 500,
};

/** Every row that can't be used, in whatever store: all of them are looked at, a part at a time. */
export async function findBrokenRows(db: Database): Promise<readonly BrokenRow[]> {
  const broken: BrokenRow[] = [];
  for (const store of GUARDED_STORES) {
    let after: IDBKeyRange | null = null;
    for (;;) {
      const tx = db.transaction(store);
      const [keys, rows]: [IDBValidKey[], unknown[]] = await orStorageError(
        Promise.all([tx.store.getAllKeys(after, AT_A_TIME[store]), tx.store.getAll(after, AT_A_TIME[store])]),
      );
      for (const [i, row] of rows.entries()) {
        const [fault, key] = [faultIn(store, row), keys[i]!];
        if (fault === null) continue;
        const snapshots = store === 'cameras' ? await snapshotsOf(db, key) : 0;
        broken.push({ store, key, fault, row, snapshots });
      }
      if (rows.length < AT_A_TIME[store]) break;
      after = IDBKeyRange.lowerBound(keys.at(-1), true);
    }
  }
  return broken;
}

async function snapshotsOf(db: Database, cameraId: IDBValidKey): Promise<number> {
  return orStorageError(db.countFromIndex('jobs', 'cameraId', IDBKeyRange.only(cameraId)));
}

/**
 * Deletes broken rows with what belongs to them; of a camera everything. A record of a job that was sent stays where it
 * is.
 *
 * @throws AppError `storage-failed`; cameras that were deleted before stay so, of the other rows none was
 */
export async function deleteBrokenRows(db: Database, rows: readonly BrokenRow[]): Promise<void> {
  const stores = [...GUARDED_STORES, 'embeddings', 'thumbnails', 'detectorFiles'] as const;
  const tx = db.transaction(stores, 'readwrite');
  const remove = async ({ store, key }: BrokenRow) => {
    await tx.objectStore(store).delete(key as string);
    if (store === 'jobs') {
      await tx.objectStore('embeddings').delete(key as string);
      await tx.objectStore('thumbnails').delete(key as string);
      await tx.objectStore('detections').delete(detectionsOf(key as string));
      await withdraw(tx.objectStore('deliveries'), key as string, ({ state }) =>
        state === 'queued' ? 'dropped' : 'left',
      );
    }
    if (store === 'detectors') await tx.objectStore('detectorFiles').delete(key as string);
    if (store === 'references' && typeof key === 'string') {
      await tx.objectStore('thumbnails').delete(picturesOf(key));
    }
  };
  const others = rows.filter(({ store }) => store !== 'cameras');
  await allOrNothing(
    tx,
    others.map((row) => () => remove(row)),
  );
  for (const { store, key } of rows) {
    if (store === 'cameras') await forgetCamera(db, key as string);
  }
}
