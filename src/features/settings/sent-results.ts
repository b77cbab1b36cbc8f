import type { Database } from '../../core/storage/database';
import { countDeliveries } from '../../core/storage/deliveries';

/** How many results of a camera have left the device. */
export async function sentOf(db: Database, cameraId: string): Promise<number> {
  const { sent, confirmed } = await countDeliveries(db, cameraId);
  return sent + confirmed;
}
