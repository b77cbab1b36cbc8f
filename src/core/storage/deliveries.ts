import {
  DELIVERY_STATES,
  laneKey,
  UNFINISHED,
  type Delivery,
  type DeliveryState,
  type Destination,
} from '../domain/camera/records/delivery';
import { isDue } from '../domain/camera/records/retry';
import { allOrNothing, orStorageError, type Database } from './database';
import { loadLanes, stateRange } from './delivery-lanes';
import { MARKING_STORES, markJudgedAnew } from './judged-anew';
import { isSound, soundRows } from './sound-rows';

/** Records that are changed in one transaction; more of them would hold up others. */
const CHANGED_AT_ONCE = 500;

export type DeliveryCounts = Readonly<Record<DeliveryState, number>>;

/** null if this camera's results are sent nowhere. */
export async function loadDestination(db: Database, cameraId: string): Promise<Destination | null> {
  return (await orStorageError(db.get('destinations', cameraId))) ?? null;
}

export async function saveDestination(db: Database, destination: Destination): Promise<void> {
  await orStorageError(db.put('destinations', destination));
}

/** The destinations of all cameras whose results go to this experiment. */
export async function destinationsIn(db: Database, lane: string): Promise<Destination[]> {
  const all = await orStorageError(db.getAll('destinations'));
  return all.filter((destination) => laneKey(destination) === lane);
}

/**
 * Keeps the user's yes to corrections of an experiment's records, or its withdrawal, and marks the cameras that send
 * there: their records are compared with their jobs again.
 */
export async function saveCorrects(db: Database, lane: string, corrects: boolean): Promise<void> {
  const tx = db.transaction(MARKING_STORES, 'readwrite');
  const [settings, destinations] = [tx.objectStore('settings'), tx.objectStore('destinations')];
  await allOrNothing(tx, [
    async () => {
      for (const destination of await destinations.getAll()) {
        if (laneKey(destination) !== lane) continue;
        const { corrects: _before, ...others } = destination;
        await destinations.put(corrects ? { ...others, corrects } : others);
        await markJudgedAnew(settings, destinations, destination.cameraId);
      }
    },
  ]);
}

/** Stops queueing for this camera; queued records stay. */
export async function deleteDestination(db: Database, cameraId: string): Promise<void> {
  await orStorageError(db.delete('destinations', cameraId));
}

/**
 * Adds deliveries; of a job that has one in that lane already, that one stays as it is. A job that was deleted meanwhile
 * gets none, nor does one whose camera's results go elsewhere or nowhere by now.
 */
export async function addDeliveries(db: Database, deliveries: readonly Delivery[]): Promise<void> {
  const stores = ['deliveries', 'jobs', 'destinations'] as const;
  const tx = db.transaction(stores, 'readwrite', { durability: 'relaxed' });
  const store = tx.objectStore('deliveries');
  const add = async (delivery: Delivery) => {
    const { lane, jobId, cameraId } = delivery;
    const [destination, job, present] = await Promise.all([
      tx.objectStore('destinations').get(cameraId),
      tx.objectStore('jobs').getKey(jobId),
      store.getKey([lane, jobId]),
    ]);
    const isWanted = destination !== undefined && laneKey(destination) === lane && job !== undefined;
    if (isWanted && present === undefined) await store.add(delivery);
  };
  await allOrNothing(
    tx,
    deliveries.map((delivery) => () => add(delivery)),
  );
}

/**
 * A record as it was read, and as it is written back, perhaps in another lane: null when nothing is left to do about
 * it.
 */
export interface Advance {
  readonly from: Delivery;
  readonly to: Delivery | null;
}

/**
 * Writes records back, all or none. A record that was changed or deleted since it was read stays: a job may be
 * withdrawn while its record is on its way.
 *
 * @returns those that were written
 */
export async function advanceDeliveries(
  db: Database,
  advances: readonly Advance[],
  durability: 'strict' | 'relaxed' = 'relaxed',
): Promise<readonly Advance[]> {
  const tx = db.transaction('deliveries', 'readwrite', { durability });
  const written: Advance[] = [];
  const advance = async (next: Advance) => {
    const { from, to } = next;
    const present = await tx.store.get([from.lane, from.jobId]);
    if (present?.state !== from.state || present.body !== from.body) return;
    if (present.sentAt !== from.sentAt) return;
    written.push(next);
    if (to?.lane !== from.lane) await tx.store.delete([from.lane, from.jobId]);
    if (to) await tx.store.put(to);
  };
  await allOrNothing(
    tx,
    advances.map((next) => () => advance(next)),
  );
  return written;
}

/**
 * Changes a camera's records of a lane, each read and written in one transaction; others write between two of them.
 *
 * @param change - returns the record itself to leave it as it is, null to delete it
 * @returns how many were changed
 */
export async function changeDeliveries(
  db: Database,
  { lane, cameraId }: Pick<Delivery, 'lane' | 'cameraId'>,
  change: (from: Delivery) => Delivery | null,
): Promise<number> {
  let changed = 0;
  let after = '';
  for (;;) {
    const tx = db.transaction('deliveries', 'readwrite', { durability: 'strict' });
    let last: Delivery | undefined;
    const changeNext = async () => {
      const rows = await tx.store.getAll(
        IDBKeyRange.bound([lane, after], [lane, '\uffff'], true),
        CHANGED_AT_ONCE,
      );
      last = rows.at(-1);
      for (const from of soundRows('deliveries', rows)) {
        const to = from.cameraId === cameraId ? change(from) : from;
        if (to === from) continue;
        changed += 1;
        await (to ? tx.store.put(to) : tx.store.delete([lane, from.jobId]));
      }
    };
    await allOrNothing(tx, [changeNext]);
    if (!last) return changed;
    after = last.jobId;
  }
}

async function sound(found: Promise<Delivery[]>): Promise<Delivery[]> {
  return soundRows('deliveries', await orStorageError(found));
}

/** Records of a lane in one state, oldest capture first. */
export async function deliveriesInLane(
  db: Database,
  lane: string,
  state: DeliveryState,
): Promise<Delivery[]> {
  return sound(db.getAllFromIndex('deliveries', 'inLane', stateRange(lane, state)));
}

/** Records of a lane in one state that may be touched now, oldest capture first. */
export async function dueInLane(
  db: Database,
  lane: string,
  state: DeliveryState,
  now: number,
  most: number,
): Promise<Delivery[]> {
  const index = db.transaction('deliveries').store.index('inLane');
  const due: Delivery[] = [];
  let cursor = await orStorageError(index.openCursor(stateRange(lane, state)));
  while (cursor && due.length < most) {
    if (isSound('deliveries', cursor.value) && isDue(cursor.value, now)) due.push(cursor.value);
    cursor = await orStorageError(cursor.continue());
  }
  return due;
}

/** When the first record of a lane in one of these states may be touched; null when there is none. */
export async function nextDueAt(
  db: Database,
  lane: string,
  states: readonly DeliveryState[],
): Promise<number | null> {
  const index = db.transaction('deliveries').store.index('waiting');
  const first = async (state: DeliveryState) => {
    let cursor = await index.openCursor(stateRange(lane, state));
    // One that can't be used is never sent: to wait for it would be to wait for nothing, again and again.
    while (cursor && !isSound('deliveries', cursor.value)) cursor = await cursor.continue();
    return cursor?.key[2] ?? null;
  };
  const times = (await orStorageError(Promise.all(states.map(first)))).filter((time) => time !== null);
  return times.length === 0 ? null : Math.min(...times);
}

/** Number of a lane's records that are to be sent, are on their way, or are looked up before. */
export async function countToSend(db: Database, lane: string): Promise<number> {
  const index = db.transaction('deliveries').store.index('inLane');
  const counts = await orStorageError(
    Promise.all(
      (['queued', 'sending', 'unknown'] as const).map((state) => index.count(stateRange(lane, state))),
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** @param lane - of those that are there only this one's count, null for all; what waits counts wherever it does */
export async function countDeliveries(
  db: Database,
  cameraId: string,
  lane: string | null = null,
): Promise<DeliveryCounts> {
  const isOnly = lane === null || (await loadLanes(db)).every((each) => each === lane);
  const index = db.transaction('deliveries').store.index('ofCamera');
  const count = async (state: DeliveryState) => {
    const range = stateRange(cameraId, state);
    if (isOnly || UNFINISHED.includes(state)) return index.count(range);
    return (await index.getAllKeys(range)).filter(([each]) => each === lane).length;
  };
  const counts = await orStorageError(Promise.all(DELIVERY_STATES.map(count)));
  return Object.fromEntries(DELIVERY_STATES.map((state, i) => [state, counts[i]!])) as DeliveryCounts;
}

/** Records of a camera in these states, newest capture first. */
export async function deliveriesOf(
  db: Database,
  cameraId: string,
  states: readonly DeliveryState[],
  most: number,
): Promise<Delivery[]> {
  const index = db.transaction('deliveries').store.index('ofCamera');
  const newest = async (state: DeliveryState) => {
    const found: Delivery[] = [];
    let cursor = await index.openCursor(stateRange(cameraId, state), 'prev');
    while (cursor && found.length < most) {
      if (isSound('deliveries', cursor.value)) found.push(cursor.value);
      cursor = await cursor.continue();
    }
    return found;
  };
  const found = await orStorageError(Promise.all(states.map(newest)));
  return found
    .flat()
    .sort((a, b) => b.capturedAt - a.capturedAt)
    .slice(0, most);
}

/** All records of a camera that can be used. */
export async function allDeliveriesOf(db: Database, cameraId: string): Promise<Delivery[]> {
  return sound(db.getAllFromIndex('deliveries', 'cameraId', cameraId));
}

/** Records of a camera in these states in any other lane than this one; in all lanes for null. */
export async function strayDeliveries(
  db: Database,
  cameraId: string,
  lane: string | null,
  states: readonly DeliveryState[],
): Promise<Delivery[]> {
  const store = db.transaction('deliveries').store;
  const index = store.index('ofCamera');
  // Keys first: nearly all records are in the right lane, and need not be read.
  const keys = await orStorageError(
    Promise.all(states.map((state) => index.getAllKeys(stateRange(cameraId, state)))),
  );
  const strays = keys.flat().filter(([keyLane]) => keyLane !== lane);
  const found = await orStorageError(Promise.all(strays.map((key) => db.get('deliveries', key))));
  return soundRows(
    'deliveries',
    found.filter((delivery) => delivery !== undefined),
  );
}

/** True if a job of this device has a record in this lane, of whichever camera. */
export async function isInLane(db: Database, lane: string, jobId: string): Promise<boolean> {
  return (await orStorageError(db.getKey('deliveries', [lane, jobId]))) !== undefined;
}

/** The ids of a camera's jobs that have a record in this lane. */
export async function jobsInLane(db: Database, lane: string): Promise<ReadonlySet<string>> {
  const keys = await orStorageError(
    db.getAllKeys('deliveries', IDBKeyRange.bound([lane, ''], [lane, '\uffff'])),
  );
  return new Set(keys.map(([, jobId]) => jobId));
}
