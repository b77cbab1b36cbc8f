import { ARRIVED } from '../../domain/camera/records/delivery';
import { orStorageError, type Database } from '../database';
import { stateRange, loadLanes } from '../delivery-lanes';
import { loadSetting } from '../settings';

export async function countSent(db: Database): Promise<number> {
  const lanes = await loadLanes(db);
  const index = db.transaction('deliveries').store.index('inLane');
  const ranges = lanes.flatMap((lane) => ARRIVED.map((state) => stateRange(lane, state)));
  const counts = await orStorageError(Promise.all(ranges.map((range) => index.count(range))));
  return counts.reduce((sum, count) => sum + count, 0);
}

export interface SentRecords {
  /** true if an address was given that results can be sent to */
  readonly isConnected: boolean;
  /** true if any result was ever sent, even if deleted since */
  readonly hasSent: boolean;
  readonly sent: number;
}

export async function loadSentRecords(db: Database): Promise<SentRecords> {
  const connection = await loadSetting(db, 'connection');
  return {
    isConnected: connection !== null && connection.baseUrl !== '',
    hasSent: (await loadSetting(db, 'hasSent')) ?? false,
    sent: await countSent(db),
  };
}
