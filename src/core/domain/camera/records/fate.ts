import { hasArrived, isElsewhere, laneOf, type Delivery, type Lane } from './delivery';

/** End of a record whose job is deleted: it was never sent, it is taken back from there, or it stays there. */
export type RecordFate = 'dropped' | 'withdrawn' | 'left';

/**
 * Decides the end of a record whose job is deleted. One that may have arrived is looked up there before it is taken back,
 * since a record of a job that is gone must never be sent again.
 *
 * @param destination - the camera's present one; null for none, and then nothing is asked there any more
 * @param keepsArrived - true if a record that is known to be there shall stay
 */
export function fateOf(
  delivery: Pick<Delivery, 'state' | 'lane'>,
  destination: Lane | null,
  keepsArrived: boolean,
): RecordFate {
  if (delivery.state === 'queued' || isElsewhere(delivery)) return 'dropped';
  const isThere = hasArrived(delivery);
  if (destination === null || laneOf(delivery.lane).baseUrl !== destination.baseUrl)
    return isThere ? 'left' : 'dropped';
  return isThere && keepsArrived ? 'left' : 'withdrawn';
}

/** Counts of the records of snapshots, which a person is told before these are deleted. */
export interface RecordFates {
  /** not sent: they never will be */
  readonly unsent: number;
  /** known to be there, and can be taken back */
  readonly arrived: number;
  /** may be there: they are looked up, and taken back */
  readonly unsettled: number;
  /** there, and nobody asks there any more */
  readonly beyond: number;
}

export function fatesOf(
  deliveries: readonly Pick<Delivery, 'state' | 'lane'>[],
  destination: Lane | null,
): RecordFates {
  const fates = { unsent: 0, arrived: 0, unsettled: 0, beyond: 0 };
  for (const delivery of deliveries) {
    const fate = fateOf(delivery, destination, true);
    if (fate === 'dropped') fates.unsent += 1;
    else if (fate === 'withdrawn') fates.unsettled += 1;
    else if (fateOf(delivery, destination, false) === 'left') fates.beyond += 1;
    else fates.arrived += 1;
  }
  return fates;
}
