import type { Delivery } from '../../domain/camera/records/delivery';
import type { RecordFate } from '../../domain/camera/records/fate';
import type { Job } from '../../domain/camera/job';
import type { Store } from '../judged-anew';

/**
 * Sees to the records of a job that is being deleted, in the transaction that deletes it.
 *
 * @param fateOf - what becomes of each; by itself what may have arrived is taken back
 */
export async function withdraw(
  store: Store<'deliveries'>,
  jobId: Job['id'],
  fateOf: (delivery: Delivery) => RecordFate = ({ state }) => (state === 'queued' ? 'dropped' : 'withdrawn'),
): Promise<void> {
  for (const delivery of await store.index('jobId').getAll(jobId)) {
    switch (fateOf(delivery)) {
      case 'dropped':
        await store.delete([delivery.lane, delivery.jobId]);
        break;
      case 'withdrawn':
        await store.put({ ...delivery, state: 'withdrawing', failure: null });
        break;
      case 'left':
    }
  }
}
