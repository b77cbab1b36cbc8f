import type { Delivery } from '../../../core/domain/camera/records/delivery';
import { pictureFinding } from '../../../core/domain/camera/records/finding';
import { afterFinding, FOUND, type FoundRule } from '../../../core/domain/camera/records/next-state';
import type { Database } from '../../../core/storage/database';
import { advanceDeliveries, dueInLane, isInLane, type Advance } from '../../../core/storage/deliveries';
import { FIND_AT_ONCE, type PictureRecord } from '../remote/driftwatch';
import type { RecordService } from './record-service';
import { MOST_AT_ONCE } from './lane-pace';

/** As many are sent between two looks at what other devices send; one at a time, each is looked up before. */
const LOOKED_AHEAD = 10 * MOST_AT_ONCE;

interface Collaborators {
  readonly db: Database;
  readonly service: RecordService;
  readonly key: string;
  readonly experimentId: string;
  /** puts the text of this device in place of another device's record */
  readonly overwrite: (from: Delivery, other: PictureRecord) => Promise<void>;
  /** called when one of the last records that were sent is younger than another device's */
  readonly onYounger: (now: number) => Promise<unknown>;
}

/**
 * Looks up the pictures of records right before these are sent: one that another device has sent a record of is left
 * to it. If two devices send at the same time, the younger record is taken back, and its device sends one at a time.
 */
export class LookAround {
  readonly #parts: Collaborators;
  /** jobs whose pictures nobody else had sent a record of at the last look, and that are sent before the next */
  #onlyHere: ReadonlySet<string> = new Set();
  /** records that were taken since then: the next look is at them, too */
  #last: Delivery[] = [];
  /** true if the last look found no other device's record: then no more is looked up than is about to be sent */
  #isAlone = false;

  constructor(parts: Collaborators) {
    this.#parts = parts;
  }

  /** After a failure all are looked up again. */
  forget(): void {
    this.#onlyHere = new Set();
    this.#last = [];
    this.#isAlone = false;
  }

  taken(delivery: Delivery): void {
    this.#last.push(delivery);
  }

  /** The next records to send, after a look at their pictures if that is due; null when none is left. */
  async next(now: number, most: number): Promise<readonly Delivery[] | null> {
    const { db, key } = this.#parts;
    const group = await dueInLane(db, key, 'queued', now, most);
    if (group.length === 0 && (this.#isAlone || this.#last.length === 0)) {
      this.#last = [];
      return null;
    }
    const isOnlyHere = ({ jobId }: Delivery) => this.#onlyHere.has(jobId);
    if (group.length > 0 && group.every(isOnlyHere)) return group;
    await this.#look(now, most === 1 ? 1 : LOOKED_AHEAD);
    // In the same step: a record that fails before each sending would hold these up for ever.
    return (await dueInLane(db, key, 'queued', now, most)).filter(isOnlyHere);
  }

  /** @param ahead - how many are sent before the next look */
  async #look(now: number, ahead: number): Promise<void> {
    const { db, key, overwrite, onYounger } = this.#parts;
    const last = this.#last.splice(0);
    const queued = await dueInLane(db, key, 'queued', now, this.#isAlone ? ahead : FIND_AT_ONCE);
    const there = await this.ofPictures([...last, ...queued]);
    const twice: Advance[] = [];
    let isYounger = false;
    for (const [i, from] of last.entries()) {
      const other = await this.otherOf(there[i]!);
      // The audit finds out which one stays.
      if (other) twice.push({ from, to: { ...from, notBefore: 0 } });
      isYounger ||= other?.isOlder === true;
    }
    const only: string[] = [];
    const left: Advance[] = [];
    for (const [i, from] of queued.entries()) {
      const other = await this.otherOf(there[last.length + i]!);
      const rule: FoundRule = FOUND.queued[pictureFinding(from, other?.record)];
      if (!other || rule.by === 'POST') only.push(from.jobId);
      else if (rule.by === 'PUT') await overwrite(from, other.record);
      else left.push({ from, to: afterFinding(from, rule, 0, null) });
    }
    this.#isAlone = only.length === queued.length && twice.length === 0;
    this.#onlyHere = new Set(isYounger ? [] : only.slice(0, ahead));
    await advanceDeliveries(db, [...twice, ...left]);
    if (isYounger) await onYounger(now);
  }

  /** The records of the same pictures, whoever has sent them, the oldest first. */
  async ofPictures(group: readonly Delivery[]): Promise<readonly (readonly PictureRecord[])[]> {
    const { service, experimentId } = this.#parts;
    const bodies = group.map(({ body }) => body);
    return (await service.ofPictures?.(experimentId, bodies)) ?? bodies.map(() => []);
  }

  /** The oldest record of a picture that no job of this device has made, and whether it is the oldest of all. */
  async otherOf(
    records: readonly PictureRecord[],
  ): Promise<{ record: PictureRecord; isOlder: boolean } | null> {
    const { db, key } = this.#parts;
    const isOwn = async ({ jobId }: PictureRecord) => typeof jobId === 'string' && isInLane(db, key, jobId);
    const own = await Promise.all(records.map(isOwn));
    const first = own.indexOf(false);
    return first < 0 ? null : { record: records[first]!, isOlder: first === 0 };
  }
}
