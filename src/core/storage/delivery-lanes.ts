import type { DeliveryState } from '../domain/camera/records/delivery';
import { orStorageError, type Database } from './database';

/** The lanes that hold any record, in any state. */
export async function loadLanes(db: Database): Promise<string[]> {
  const index = db.transaction('deliveries').store.index('inLane');
  const lanes: string[] = [];
  // From each lane to the next, however many records it holds.
  let cursor = await orStorageError(index.openKeyCursor());
  while (cursor) {
    const [lane] = cursor.key;
    lanes.push(lane);
    cursor = await orStorageError(cursor.continue([lane, '\uffff' as DeliveryState, 0]));
  }
  return lanes;
}

/** All records of a lane, or of a camera, in one state, in an index that goes by capture time after these. */
export function stateRange(first: string, state: DeliveryState): IDBKeyRange {
  return IDBKeyRange.bound([first, state, -Infinity], [first, state, Infinity]);
}
