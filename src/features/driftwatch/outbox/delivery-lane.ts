import {
  laneKey,
  laneOf,
  type Delivery,
  type DeliveryState,
  type StoredFailure,
} from '../../../core/domain/camera/records/delivery';
import {
  editedState,
  needsConsent,
  textsOf,
  verifiedState,
} from '../../../core/domain/camera/records/next-state';
import {
  backoff,
  consequenceOf,
  failureFrom,
  holdWait,
  isDue,
  LONGEST_WAIT,
  mayHaveArrived,
} from '../../../core/domain/camera/records/retry';
import { AppError } from '../../../core/domain/errors';
import type { Database } from '../../../core/storage/database';
import {
  advanceDeliveries,
  deliveriesInLane,
  dueInLane,
  isInLane,
  loadDestination,
  nextDueAt,
  type Advance,
} from '../../../core/storage/deliveries';
import { FIND_AT_ONCE, type CreatedRecord, type DriftWatch, type PictureRecord } from '../remote/driftwatch';
import { settledAt, type Timings } from './timings';

/** The lane's state after each step; `until` is milliseconds since 1970. */
export type Step =
  | { readonly kind: 'progress'; readonly isCorrecting?: boolean }
  | { readonly kind: 'done' }
  /** the service was in trouble */
  | { readonly kind: 'wait'; readonly until: number; readonly failure: StoredFailure }
  /**
   * nothing is in the way: a record waits for its next try, or all wait for the audit; `twice` of them stand beside a
   * younger one of another device, which takes its own back
   */
  | {
      readonly kind: 'rest';
      readonly until: number;
      readonly isForAudit: boolean;
      readonly twice: number;
    }
  /** nothing passes; `until` is null when only a person can help */
  | { readonly kind: 'held'; readonly until: number | null; readonly failure: StoredFailure };

type Halt = Extract<Step, { kind: 'wait' | 'held' }>;

/**
 * All that the outbox asks of a service: it need not be DriftWatch. One that can't tell records of the same picture gets
 * each device's.
 */
export type RecordService = Pick<DriftWatch, 'find' | 'send' | 'replace' | 'remove'> &
  Partial<Pick<DriftWatch, 'ofPictures'>>;

/** Records on their way, which the lanes of one service count together. */
export interface Posts {
  inFlight: number;
}

interface Collaborators {
  readonly db: Database;
  readonly service: RecordService;
  readonly key: string;
  readonly timings: Timings;
  /** those of all lanes: a browser opens six connections to a host, and what queues for one uses up its timeout */
  readonly posts: Posts;
  /** called with each record that the service took, and when it was sent and answered */
  readonly onSent?: (arrived: CreatedRecord, sentAt: number, answeredAt: number) => void;
  /** called with each record that was corrected */
  readonly onCorrected?: () => void;
}

/**
 * Records that are sent at once, after as many were taken in a row: a few go one after the other, and a service in
 * trouble is asked by one at a time.
 */
const MOST_AT_ONCE = 6;
/** As many are sent between two looks at what other devices send; one at a time, each is looked up before. */
const LOOKED_AHEAD = 10 * MOST_AT_ONCE;
/** A record that the service fails on, while it works otherwise, is set aside after as many attempts. */
const MOST_ATTEMPTS = 5;
const CHANGED: StoredFailure = { code: 'record-changed', detail: '' };
/** After as many refusals in a row for one reason, the reason is not in the records. */
const MOST_REFUSED = 3;

/**
 * Brings the records of one experiment there, oldest capture first, some at once, each exactly once. A record is
 * marked before it is sent; one whose fate is not known is looked up before it is sent again; and when all are
 * through, an audit looks each up once more. A step ends with the last answer to what it sent: so nothing is looked up,
 * corrected or taken back while records are on their way. One page at a time may work on a lane.
 */
export class DeliveryLane {
  readonly #parts: Collaborators;
  readonly #experimentId: string;
  #isRecovered = false;
  #failures = 0;
  #holds = 0;
  #refusals = { why: '', count: 0 };
  #taken = 0;
  #takenInRow = 0;
  /** number of those when the service last failed on a record, by the record's job */
  readonly #takenBefore = new Map<string, number>();
  /** jobs whose pictures nobody else had sent a record of at the last look, and that are sent before the next */
  #onlyHere: ReadonlySet<string> = new Set();
  /** records that were taken since then: the next look is at them, too */
  #last: Delivery[] = [];
  /** true if the last look found no other device's record: then no more is looked up than is about to be sent */
  #isAlone = false;
  /** jobs whose records stand beside younger ones of other devices */
  readonly #twice = new Set<string>();
  /** why the lane waits since its last failure; new records do not change it */
  #stop: Halt | null = null;

  constructor(parts: Collaborators) {
    this.#parts = parts;
    this.#experimentId = laneOf(parts.key).experimentId;
  }

  /**
   * The network is back, or a person opened the outbox: a lane that waits for a service out of reach may try at once.
   */
  hurry(): void {
    if (this.#stop?.kind !== 'wait' || this.#stop.failure.code === 'server-busy') return;
    this.#failures = 0;
    this.#stop = null;
  }

  /** A person has asked for another try: earlier failures don't count now. */
  encourage(): void {
    this.#failures = 0;
    this.#holds = 0;
    this.#refusals = { why: '', count: 0 };
    this.#stop = null;
  }

  /** Does the next step. It never rejects: failures are in the step, and in the records. */
  async step(): Promise<Step> {
    if (this.#stop && (this.#stop.until === null || !isDue({ notBefore: this.#stop.until }, Date.now()))) {
      return this.#stop;
    }
    this.#stop = null;
    try {
      if (!this.#isRecovered) await this.#recover();
      const now = Date.now();
      const didSomething =
        (await this.#lookUp(now)) ||
        (await this.#takeBack(now)) ||
        (await this.#sendNext(now)) ||
        (await this.#audit(now));
      return didSomething ? { kind: 'progress' } : await this.#rest(now);
    } catch (error) {
      // A record that was marked as being sent, and could not be marked further, is looked up.
      this.#isRecovered = false;
      this.#takenInRow = 0;
      this.#onlyHere = new Set();
      this.#last = [];
      this.#isAlone = false;
      if (!(error instanceof AppError)) console.error(error);
      this.#stop = this.#stopFor(
        error instanceof AppError ? error : new AppError('unexpected', String(error)),
      );
      return this.#stop;
    }
  }

  /** The last request of an earlier page may have arrived. */
  async #recover(): Promise<void> {
    const { db, key } = this.#parts;
    const interrupted = await deliveriesInLane(db, key, 'sending');
    await advanceDeliveries(
      db,
      interrupted.map((from) => ({ from, to: this.#doubtful(from, 'settle') })),
    );
    this.#isRecovered = true;
  }

  /** The service works, for records too: earlier failures say nothing now. */
  #hasPassed(): void {
    this.#failures = 0;
    this.#holds = 0;
  }

  /** Looks up records that may have arrived. */
  async #lookUp(now: number): Promise<boolean> {
    const { db, service, key } = this.#parts;
    const group = await dueInLane(db, key, 'unknown', now, FIND_AT_ONCE);
    if (group.length === 0) return false;
    const found = await service.find(this.#experimentId, idsOf(group));
    const absent: Advance[] = [];
    for (const [i, delivery] of group.entries()) {
      let there = found.get(delivery.jobId) ?? [];
      // Others may have changed it while those before it were replaced.
      if (i > 0 && there.some((arrived) => !arrived.says(delivery.body))) {
        there = (await service.find(this.#experimentId, [delivery.jobId])).get(delivery.jobId) ?? [];
      }
      const own = ownOf(delivery, there);
      if (own.length > 0) await this.#keepOne(delivery, own);
      else if (there.length > 0) absent.push({ from: delivery, to: strange(delivery, there) });
      else if (delivery.isCorrecting && delivery.remoteId !== null)
        absent.push({ from: delivery, to: missing(delivery) });
      else absent.push({ from: delivery, to: this.#lost(delivery, now) });
    }
    await advanceDeliveries(db, absent);
    return true;
  }

  /** Keeps one record of a job, the oldest, with this device's text; a record that others have changed stays. */
  async #keepOne(delivery: Delivery, own: readonly CreatedRecord[]): Promise<void> {
    const { db } = this.#parts;
    const { oldest, isChanged, failure } = await this.#withoutDuplicates(delivery, own);
    if (isChanged) {
      const to: Delivery = { ...this.#arrived(delivery, oldest, editedState(failure)), failure };
      await advanceDeliveries(db, [{ from: delivery, to }]);
      this.#hasPassed();
      return;
    }
    if (oldest.says(delivery.body)) {
      await advanceDeliveries(db, [{ from: delivery, to: this.#arrived(delivery, oldest, 'sent') }]);
      this.#hasPassed();
    } else if (needsConsent(delivery) && !(await this.#mayCorrect(delivery))) {
      const body = textsOf(delivery).find((text) => oldest.says(text)) ?? delivery.body;
      const to: Delivery = { ...this.#arrived({ ...delivery, body }, oldest, 'sent'), isOutdated: true };
      await advanceDeliveries(db, [{ from: delivery, to }]);
    } else await this.#replace(delivery, oldest);
  }

  /** Checked right before each replacement: the user may have withdrawn the consent. */
  async #mayCorrect({ cameraId }: Delivery): Promise<boolean> {
    const { db, key } = this.#parts;
    const destination = await loadDestination(db, cameraId);
    return destination?.corrects === true && laneKey(destination) === key;
  }

  async #replace(delivery: Delivery, { id }: CreatedRecord): Promise<void> {
    const { db, service, timings } = this.#parts;
    const isCorrection = needsConsent(delivery) && ({ isCorrecting: true, isCorrected: true } as const);
    const sent: Delivery = { ...delivery, ...isCorrection, earlier: textsOf(delivery), sentAt: Date.now() };
    const replacing: Delivery = { ...sent, notBefore: settledAt(sent, timings) };
    // Durably, because after a crash only this mark shows that the text may have arrived, and until when it may.
    const [marked] = await advanceDeliveries(db, [{ from: delivery, to: replacing }], 'strict');
    if (!marked) return;
    try {
      const arrived = await service.replace(this.#experimentId, id, delivery.body);
      await advanceDeliveries(db, [{ from: replacing, to: this.#arrived(replacing, arrived, 'sent') }]);
      this.#parts.onCorrected?.();
      this.#hasPassed();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const failure = failureFrom(error);
      const consequence = consequenceOf(error.code);
      if (consequence === 'refuse') {
        await advanceDeliveries(db, [{ from: replacing, to: { ...delivery, state: 'refused', failure } }]);
        return;
      }
      if (error.code === 'server-failed') {
        const failed: Delivery = { ...replacing, failure, attempts: this.#attemptsAfterFailing(delivery) };
        const later = this.#setAside(failed) ?? { ...failed, notBefore: Date.now() + this.#pause(failed) };
        await advanceDeliveries(db, [{ from: replacing, to: later }]);
      } else if (consequence === 'look') {
        await advanceDeliveries(db, [{ from: replacing, to: { ...replacing, notBefore: 0 } }]);
      } else if (consequence !== 'settle' && !mayHaveArrived(error.code)) {
        await advanceDeliveries(db, [{ from: replacing, to: delivery }]);
      }
      throw error;
    }
  }

  /** Removes this device's records of a job, all but the oldest; those that others changed stay. */
  async #withoutDuplicates(
    delivery: Delivery,
    own: readonly CreatedRecord[],
  ): Promise<{
    readonly oldest: CreatedRecord;
    readonly isChanged: boolean;
    readonly failure: StoredFailure | null;
  }> {
    const { service } = this.#parts;
    const changed = own.filter((arrived) => !isOurs(delivery, arrived));
    const [oldest, ...more] =
      changed.length > 0 ? [changed[0]!, ...own.filter((one) => !changed.includes(one))] : own;
    for (const duplicate of more) await service.remove(this.#experimentId, duplicate.id);
    const isChanged = changed.length > 0;
    return { oldest: oldest!, isChanged, failure: isChanged && !isKept(delivery, oldest!) ? CHANGED : null };
  }

  /**
   * While the service fails on all records, the reason is not in this one: a failure counts only if others passed
   * since.
   */
  #attemptsAfterFailing({ jobId, attempts }: Delivery): number {
    const takenBefore = this.#takenBefore.get(jobId);
    this.#takenBefore.set(jobId, this.#taken);
    return attempts + Number(takenBefore !== undefined && takenBefore < this.#taken);
  }

  /** A record that the service fails on again and again, set aside for a person; null while it may still pass. */
  #setAside(delivery: Delivery): Delivery | null {
    if (delivery.attempts < MOST_ATTEMPTS) return null;
    const failure: StoredFailure = { code: 'record-poison', detail: delivery.failure?.detail ?? '' };
    return { ...delivery, state: 'refused', sentAt: null, failure };
  }

  /** Others go first meanwhile, so that one bad record holds up none of them. */
  #pause({ attempts }: Delivery): number {
    const { backoffBase, backoffMost } = this.#parts.timings;
    return backoff(attempts + 1, Math.random(), backoffBase, backoffMost);
  }

  /** A record that is not there: it is sent again, unless the service fails on this one while it works otherwise. */
  #lost(delivery: Delivery, now: number): Delivery {
    const hasFailed = delivery.failure?.code === 'server-failed';
    const notBefore = hasFailed ? now + this.#pause(delivery) : 0;
    return (
      this.#setAside(delivery) ?? { ...delivery, state: 'queued', notBefore, sentAt: null, remoteId: null }
    );
  }

  async #takeBack(now: number): Promise<boolean> {
    const { db, service, key } = this.#parts;
    const [delivery] = await dueInLane(db, key, 'withdrawing', now, 1);
    if (!delivery) return false;
    const notBefore = settledAt(delivery, this.#parts.timings);
    if (!isDue({ notBefore }, now)) {
      await advanceDeliveries(db, [{ from: delivery, to: { ...delivery, notBefore } }]);
      return true;
    }
    try {
      const found = await service.find(this.#experimentId, [delivery.jobId]);
      for (const arrived of ownOf(delivery, found.get(delivery.jobId) ?? [])) {
        await service.remove(this.#experimentId, arrived.id);
      }
    } catch (error) {
      // With its experiment the record is gone, too.
      if (!(error instanceof AppError && error.code === 'experiment-missing')) throw error;
    }
    await advanceDeliveries(db, [{ from: delivery, to: null }]);
    this.#twice.delete(delivery.jobId);
    this.#hasPassed();
    return true;
  }

  async #sendNext(now: number): Promise<boolean> {
    const { db, key, posts } = this.#parts;
    const wanted = this.#takenInRow < MOST_AT_ONCE ? 1 : MOST_AT_ONCE;
    // Each lane may send one, however many others send.
    const most = Math.max(1, Math.min(wanted, MOST_AT_ONCE - posts.inFlight));
    posts.inFlight += most;
    try {
      let group = await dueInLane(db, key, 'queued', now, most);
      if (group.length === 0 && (this.#isAlone || this.#last.length === 0)) {
        this.#last = [];
        return false;
      }
      if (group.length === 0 || group.some(({ jobId }) => !this.#onlyHere.has(jobId))) {
        await this.#lookAround(now, most === 1 ? 1 : LOOKED_AHEAD);
        // In the same step: a record that fails before each sending would hold these up for ever.
        const rest = await dueInLane(db, key, 'queued', now, most);
        group = rest.filter(({ jobId }) => this.#onlyHere.has(jobId));
        if (group.length === 0) return true;
      }
      const marks = group.map((from) => ({ from, to: sendingNow(from, now) }));
      // Durably, because after a crash only these marks show that the records may have arrived.
      const marked = new Set(await advanceDeliveries(db, marks, 'strict'));
      const sending = marks.filter((mark) => marked.has(mark));
      const ends = await Promise.allSettled(sending.map(({ to }) => this.#send(to, now)));
      const errors = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
      if (errors.length > 0) throw gravest(errors);
      return true;
    } finally {
      posts.inFlight -= most;
    }
  }

  /**
   * Looks up the pictures of records right before these are sent: one that another device has sent a record of is left
   * to it. If two devices send at the same time, the younger record is taken back, and its device sends one at a time.
   *
   * @param ahead - how many are sent before the next look
   */
  async #lookAround(now: number, ahead: number): Promise<void> {
    const { db, key } = this.#parts;
    const last = this.#last.splice(0);
    const queued = await dueInLane(db, key, 'queued', now, this.#isAlone ? ahead : FIND_AT_ONCE);
    const there = await this.#ofPictures([...last, ...queued]);
    const beside: Advance[] = [];
    let isYounger = false;
    for (const [i, from] of last.entries()) {
      const [other] = await this.#othersOf(there[i]!);
      // The audit finds out which one stays.
      if (other) beside.push({ from, to: { ...from, notBefore: 0 } });
      isYounger ||= other !== undefined && other === there[i]![0];
    }
    const only: string[] = [];
    const left: Advance[] = [];
    for (const [i, from] of queued.entries()) {
      const [other] = await this.#othersOf(there[last.length + i]!);
      if (!other) only.push(from.jobId);
      else if (from.isOverwriting && !other.agrees(from.body)) await this.#correct(from, other);
      else left.push({ from, to: elsewhere(from, other) });
    }
    this.#isAlone = only.length === queued.length && beside.length === 0;
    this.#onlyHere = new Set(isYounger ? [] : only.slice(0, ahead));
    await advanceDeliveries(db, [...beside, ...left]);
    if (!isYounger) return;
    this.#takenInRow = 0;
    await this.#audit(now);
  }

  /** A person has agreed that another device's record says what is known here. @throws what is about more than it */
  async #correct(from: Delivery, other: PictureRecord): Promise<void> {
    const { db, service, onCorrected } = this.#parts;
    let failure: StoredFailure | null = null;
    try {
      await service.replace(this.#experimentId, other.id, other.corrected(from.body));
      onCorrected?.();
    } catch (error) {
      if (!(error instanceof AppError) || !isOfRecord(error)) throw error;
      failure = failureFrom(error);
      const attempts = from.attempts + 1;
      if (consequenceOf(error.code) !== 'refuse' && attempts < MOST_ATTEMPTS) {
        await advanceDeliveries(db, [{ from, to: { ...from, attempts } }]);
        throw error;
      }
    }
    await advanceDeliveries(db, [{ from, to: { ...elsewhere(from, failure && other), failure } }]);
  }

  async #ofPictures(group: readonly Delivery[]): Promise<readonly (readonly PictureRecord[])[]> {
    const bodies = group.map(({ body }) => body);
    return (await this.#parts.service.ofPictures?.(this.#experimentId, bodies)) ?? bodies.map(() => []);
  }

  /** Those that no job of this device has made, of whichever camera. */
  async #othersOf(records: readonly PictureRecord[]): Promise<readonly PictureRecord[]> {
    const { db, key } = this.#parts;
    const isOwn = async ({ jobId }: PictureRecord) => typeof jobId === 'string' && isInLane(db, key, jobId);
    const own = await Promise.all(records.map(isOwn));
    return records.filter((_, i) => !own[i]);
  }

  /** @throws what is about more than this record */
  async #send(sending: Delivery, now: number): Promise<void> {
    const { db, service, onSent } = this.#parts;
    let arrived: CreatedRecord;
    try {
      arrived = await service.send(this.#experimentId, sending.body);
    } catch (error) {
      await this.#notSent(sending, error);
      return;
    }
    onSent?.(arrived, now, Date.now());
    const to = this.#arrived(sending, arrived, 'sent');
    await advanceDeliveries(db, [{ from: sending, to }]);
    this.#last.push(to);
    this.#taken += 1;
    this.#takenInRow += 1;
    this.#takenBefore.delete(sending.jobId);
    this.#refusals.count = 0;
    this.#hasPassed();
  }

  /** @throws the error again when it is about more than this record */
  async #notSent(sending: Delivery, error: unknown): Promise<void> {
    const { db } = this.#parts;
    if (!(error instanceof AppError)) throw error;
    const failure = failureFrom(error);
    const consequence = consequenceOf(error.code);
    switch (consequence) {
      case 'look':
      case 'settle': {
        const attempts =
          error.code === 'server-failed' ? this.#attemptsAfterFailing(sending) : sending.attempts;
        await advanceDeliveries(db, [
          { from: sending, to: { ...this.#doubtful(sending, consequence), attempts, failure } },
        ]);
        throw error;
      }
      case 'wait':
      case 'hold': {
        const to: Delivery = mayHaveArrived(error.code)
          ? this.#doubtful(sending, 'settle')
          : { ...sending, state: 'queued', sentAt: null };
        await advanceDeliveries(db, [{ from: sending, to }]);
        throw error;
      }
      case 'refuse': {
        const count = this.#refusals.why === error.message ? this.#refusals.count + 1 : 1;
        this.#refusals = { why: error.message, count };
        // Those beside the last of them go on waiting with the rest.
        const to: Delivery =
          count > MOST_REFUSED
            ? { ...sending, state: 'queued', sentAt: null }
            : { ...sending, state: 'refused', sentAt: null, failure };
        await advanceDeliveries(db, [{ from: sending, to }]);
        if (count >= MOST_REFUSED) throw error;
      }
    }
  }

  /**
   * When nothing can be sent now: checks that each record is there, once, as it was sent. An earlier request may have
   * been carried out after the last one: then the record is corrected again. If another device has sent one of the same
   * picture in the same moment, the older one stays: each device takes back its own alone, and until then it is looked up
   * again.
   */
  async #audit(now: number): Promise<boolean> {
    const { db, service, key } = this.#parts;
    const group = await dueInLane(db, key, 'sent', now, FIND_AT_ONCE);
    if (group.length === 0) return false;
    const found = await service.find(this.#experimentId, idsOf(group));
    const pictures = await this.#ofPictures(group);
    const audited: Advance[] = [];
    for (const [i, delivery] of group.entries()) {
      const there = found.get(delivery.jobId) ?? [];
      const [other] = await this.#othersOf(pictures[i]!);
      if (there.length > 0) {
        const { oldest, isChanged, failure } = await this.#withoutDuplicates(delivery, there);
        const { isOutdated: _isOutdated, ...current } = delivery;
        if (isChanged) {
          audited.push({
            from: delivery,
            to: { ...this.#arrived(current, oldest, editedState(failure)), failure },
          });
        } else if (other && other === pictures[i]![0]) {
          await service.remove(this.#experimentId, oldest.id);
          audited.push({ from: delivery, to: elsewhere(delivery, other) });
        } else if (other && oldest.says(delivery.body)) {
          this.#twice.add(delivery.jobId);
          audited.push({ from: delivery, to: { ...delivery, notBefore: this.#afterAsLong(delivery, now) } });
        } else if (oldest.says(delivery.body)) {
          audited.push({ from: delivery, to: this.#arrived(delivery, oldest, verifiedState(delivery)) });
        } else {
          const again = { ...current, state: 'unknown', notBefore: 0, isCorrecting: true } as const;
          audited.push({ from: delivery, to: again });
        }
      } else audited.push({ from: delivery, to: missing(delivery) });
    }
    await advanceDeliveries(db, audited);
    for (const { from, to } of audited) if (to?.state !== 'sent') this.#twice.delete(from.jobId);
    this.#hasPassed();
    return true;
  }

  /** Nothing can be done now: computes how long to wait. */
  async #rest(now: number): Promise<Step> {
    const { db, key } = this.#parts;
    const record = await nextDueAt(db, key, ['unknown', 'withdrawing', 'queued']);
    const audit = await nextDueAt(db, key, ['sent']);
    if (record === null && audit === null) return { kind: 'done' };
    const until = Math.max(now, Math.min(record ?? Infinity, audit ?? Infinity));
    return { kind: 'rest', until, isForAudit: record === null, twice: this.#twice.size };
  }

  /** When a record that stands twice is looked up again: after as long as it has stood there. */
  #afterAsLong({ sentAt }: Delivery, now: number): number {
    return now + Math.max(this.#parts.timings.backoffBase, Math.min(now - (sentAt ?? 0), LONGEST_WAIT));
  }

  #stopFor(error: AppError): Halt {
    const { backoffBase, backoffMost } = this.#parts.timings;
    const failure = failureFrom(error);
    const now = Date.now();
    const consequence = consequenceOf(error.code);
    if (consequence === 'hold' || consequence === 'refuse') {
      this.#holds += 1;
      const wait = holdWait(error.code, this.#holds);
      return { kind: 'held', failure, until: wait === null ? null : now + wait };
    }
    this.#failures += 1;
    const wanted = error.code === 'server-busy' ? Number(error.detail) * 1000 : 0;
    const wait = Math.max(wanted, backoff(this.#failures, Math.random(), backoffBase, backoffMost));
    return { kind: 'wait', failure, until: now + Math.min(wait, LONGEST_WAIT) };
  }

  #doubtful(delivery: Delivery, consequence: 'look' | 'settle'): Delivery {
    const notBefore = consequence === 'settle' ? settledAt(delivery, this.#parts.timings) : 0;
    return { ...delivery, state: 'unknown', notBefore };
  }

  #arrived(delivery: Delivery, arrived: CreatedRecord, state: DeliveryState): Delivery {
    // The audit looks for duplicates, and one could still be on its way.
    const notBefore = settledAt(delivery, this.#parts.timings);
    const { earlier, isCorrecting: _isCorrecting, isOverwriting: _isOverwriting, ...rest } = delivery;
    const mayStillArrive = state === 'sent' && earlier !== undefined && { earlier: [earlier].flat() };
    return { ...rest, ...mayStillArrive, state, remoteId: arrived.id, notBefore, failure: null };
  }
}

/** A record as it is marked before it is sent. It is not there, so it can't have been changed. */
function sendingNow(from: Delivery, now: number): Delivery {
  const { isCorrecting: _isCorrecting, isOverwriting: _isOverwriting, kept: _kept, ...rest } = from;
  return { ...rest, state: 'sending', sentAt: now };
}

/** True if a failure may be this record's fault. */
function isOfRecord({ code }: AppError): boolean {
  return consequenceOf(code) === 'refuse' || code === 'server-failed' || code === 'answer-unreadable';
}

/** Of failures at once the one that stops the lane longest: all wait once. */
function gravest(errors: readonly unknown[]): unknown {
  const weight = (error: unknown) => {
    if (!(error instanceof AppError)) return Infinity;
    const consequence = consequenceOf(error.code);
    if (consequence === 'hold' || consequence === 'refuse') return Infinity;
    return error.code === 'server-busy' ? 1 + Number(error.detail) : 0;
  };
  return errors.reduce((worst, error) => (weight(error) > weight(worst) ? error : worst));
}

/**
 * The records of a job that this device may change: all, once it has sent one. Before that only those with the text
 * that it would send, such as one uploaded from an export: a job id from a file may be that of another user's record.
 */
function ownOf(delivery: Delivery, there: readonly CreatedRecord[]): readonly CreatedRecord[] {
  const hasSent = delivery.remoteId !== null || delivery.sentAt !== null;
  return hasSent ? there : there.filter((arrived) => saysOurs(delivery, arrived));
}

/** True if a record there has this device's text, or a person wants it to. */
function isOurs(delivery: Delivery, arrived: CreatedRecord): boolean {
  return delivery.isOverwriting === true || saysOurs(delivery, arrived);
}

function saysOurs(delivery: Delivery, arrived: CreatedRecord): boolean {
  return textsOf(delivery).some((text) => arrived.says(text));
}

/** True if a record there was changed by others and a person has left it so. */
function isKept({ kept }: Delivery, arrived: CreatedRecord): boolean {
  return kept !== undefined && arrived.says(kept);
}

/** There is a record of that id which this device never sent: it stays, and none is sent beside it. */
function strange(delivery: Delivery, there: readonly CreatedRecord[]): Delivery {
  const isKnown = there.some((arrived) => isKept(delivery, arrived));
  const failure: StoredFailure | null = isKnown ? null : { code: 'record-differs', detail: '' };
  return { ...delivery, state: editedState(failure), failure };
}

/**
 * Another device has sent a record of the picture: it stays as it is, and none is sent beside it.
 *
 * @param other - that record; null if it says what is known here
 */
function elsewhere(delivery: Delivery, other: PictureRecord | null): Delivery {
  const { earlier: _earlier, isCorrecting: _isCorrecting, isCorrected: _isCorrected, ...rest } = delivery;
  const { isOutdated: _isOutdated, kept: _kept, isOverwriting: _isOverwriting, ...bare } = rest;
  const state = other === null || other.agrees(delivery.body) ? 'elsewhere' : 'disagrees';
  return { ...bare, state, attempts: 0, notBefore: 0, sentAt: null, remoteId: null, failure: null };
}

/** The service had the record, and somebody deleted it there: a person decides. */
function missing(delivery: Delivery): Delivery {
  const failure: StoredFailure = { code: 'record-missing', detail: '' };
  return { ...delivery, state: 'refused', sentAt: null, remoteId: null, failure };
}

const idsOf = (deliveries: readonly Delivery[]): string[] => deliveries.map(({ jobId }) => jobId);
