import { faultIn, GUARDED_STORES, type GuardedStore } from '../../../core/domain/camera/stored-rows';
import { orStorageError, type Database } from '../../../core/storage/database';

export interface BrokenRow {
  readonly store: GuardedStore;
  readonly key: IDBValidKey;
  /** path of the first field that makes it so */
  readonly fault: string;
  readonly row: unknown;
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

/** Every row of any store that can't be used, read a part at a time. @throws AppError `storage-failed` */
export async function* brokenRows(db: Database): AsyncGenerator<BrokenRow> {
  for (const store of GUARDED_STORES) {
    let after: IDBKeyRange | null = null;
    for (;;) {
      const tx = db.transaction(store);
      const [keys, rows]: [IDBValidKey[], unknown[]] = await orStorageError(
        Promise.all([tx.store.getAllKeys(after, AT_A_TIME[store]), tx.store.getAll(after, AT_A_TIME[store])]),
      );
      for (const [i, row] of rows.entries()) {
        const fault = faultIn(store, row);
        if (fault !== null) yield { store, key: keys[i]!, fault, row };
      }
      if (rows.length < AT_A_TIME[store]) break;
      after = IDBKeyRange.lowerBound(keys.at(-1), true);
    }
  }
}
