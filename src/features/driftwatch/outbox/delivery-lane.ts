import { laneKey, laneOf, type Delivery } from '../../../core/domain/camera/records/delivery';
import {
  auditFinding,
  findingOf,
  findingWithoutOwn,
  isOurs,
  ownOf,
} from '../../../core/domain/camera/records/finding';
import {
  afterFailure,
  afterFinding,
  FAILED,
  FOUND,
  needsConsent,
  textsOf,
  type FailureRules,
  type FoundRule,
} from '../../../core/domain/camera/records/next-state';
import { consequenceOf, failureFrom, isDue, mayHaveArrived } from '../../../core/domain/camera/records/retry';
import { AppError } from '../../../core/domain/errors';
import type { Database } from '../../../core/storage/database';
import {
  advanceDeliveries,
  deliveriesInLane,
  dueInLane,
  loadDestination,
  type Advance,
} from '../../../core/storage/deliveries';
import { FIND_AT_ONCE, type CreatedRecord, type PictureRecord } from '../remote/driftwatch';
import { gravest, LanePace, restOf, type Step } from './lane-pace';
import { LookAround } from './look-around';
import type { RecordService } from './record-service';
import { settledAt, type Timings } from './timings';

export type { Step } from './lane-pace';
export type { RecordService } from './record-service';

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
 * Brings the records of one experiment there, oldest capture first, some at once, each exactly once. A record is
 * marked before it is sent; one whose fate is not known is looked up before it is sent again; and when all are
 * through, an audit looks each up once more. The tables `FAILED` and `FOUND` say what becomes of a record. A step ends
 * with the last answer to what it sent: so nothing is looked up, corrected or taken back while records are on their
 * way. One page at a time may work on a lane.
 */
export class DeliveryLane {
  /** a person, or the network, may hurry it */
  readonly pace: LanePace;
  readonly #parts: Collaborators;
  readonly #experimentId: string;
  readonly #around: LookAround;
  #isRecovered = false;
  /** jobs whose records stand beside younger ones of other devices */
  readonly #twice = new Set<string>();

  constructor(parts: Collaborators) {
    this.#parts = parts;
    this.#experimentId = laneOf(parts.key).experimentId;
    this.pace = new LanePace(parts.timings);
    this.#around = new LookAround({
      ...parts,
      experimentId: this.#experimentId,
      overwrite: (from, other) => this.#overwrite(from, other),
      onYounger: (now) => {
        this.pace.slowDown();
        return this.#audit(now);
      },
    });
  }

  /** Does the next step. It never rejects: failures are in the step, and in the records. */
  async step(): Promise<Step> {
    const stop = this.pace.stopAt(Date.now());
    if (stop) return stop;
    try {
      if (!this.#isRecovered) await this.#recover();
      const now = Date.now();
      const didSomething =
        (await this.#lookUp(now)) ||
        (await this.#takeBack(now)) ||
        (await this.#sendNext(now)) ||
        (await this.#audit(now));
      const { db, key } = this.#parts;
      return didSomething ? { kind: 'progress' } : await restOf(db, key, now, this.#twice.size);
    } catch (error) {
      // A record that was marked as being sent, and could not be marked further, is looked up.
      this.#isRecovered = false;
      this.#around.forget();
      if (!(error instanceof AppError)) console.error(error);
      return this.pace.stop(error instanceof AppError ? error : new AppError('unexpected', String(error)));
    }
  }

  /** The last request of an earlier page may have arrived. */
  async #recover(): Promise<void> {
    const { db, key, timings } = this.#parts;
    const interrupted = await deliveriesInLane(db, key, 'sending');
    const rule = FAILED.sending['page ended'];
    await advanceDeliveries(
      db,
      interrupted.map((from) => ({ from, to: afterFailure(from, rule, settledAt(from, timings)) })),
    );
    this.#isRecovered = true;
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
      if (i > 0 && there.some((record) => !record.says(delivery.body))) {
        there = (await service.find(this.#experimentId, [delivery.jobId])).get(delivery.jobId) ?? [];
      }
      const own = ownOf(delivery, there);
      if (own.length > 0) await this.#keepOne(delivery, own, now);
      else {
        const rule = FOUND.unknown[findingWithoutOwn(delivery, there)];
        absent.push({ from: delivery, to: this.#found(delivery, rule, now, null) });
      }
    }
    await advanceDeliveries(db, absent);
    return true;
  }

  /** Keeps one record of a job, the oldest, with this device's text; a record that others have changed stays. */
  async #keepOne(delivery: Delivery, own: readonly CreatedRecord[], now: number): Promise<void> {
    const there = await this.#withoutDuplicates(delivery, own);
    const finding = findingOf(delivery, there);
    const lacksConsent =
      finding === 'an earlier text' && needsConsent(delivery) && !(await this.#mayCorrect(delivery));
    const rule: FoundRule = FOUND.unknown[lacksConsent ? 'an earlier text, no consent' : finding];
    if (rule.by === 'PUT') {
      await this.#replace(delivery, there, now);
      return;
    }
    const body = textsOf(delivery).find((text) => there.says(text)) ?? delivery.body;
    const from: Delivery = lacksConsent ? { ...delivery, body, isOutdated: true } : delivery;
    await advanceDeliveries(this.#parts.db, [{ from: delivery, to: this.#found(from, rule, now, there) }]);
    if (!lacksConsent) this.pace.passed();
  }

  /** Checked right before each replacement: the user may have withdrawn the consent. */
  async #mayCorrect({ cameraId }: Delivery): Promise<boolean> {
    const { db, key } = this.#parts;
    const destination = await loadDestination(db, cameraId);
    return destination?.corrects === true && laneKey(destination) === key;
  }

  async #replace(delivery: Delivery, { id }: CreatedRecord, now: number): Promise<void> {
    const { db, service, timings, onCorrected } = this.#parts;
    const isCorrection = needsConsent(delivery) && ({ isCorrecting: true, isCorrected: true } as const);
    const sent: Delivery = { ...delivery, ...isCorrection, earlier: textsOf(delivery), sentAt: Date.now() };
    const replacing: Delivery = { ...sent, notBefore: settledAt(sent, timings) };
    // Durably, because after a crash only this mark shows that the text may have arrived, and until when it may.
    const [marked] = await advanceDeliveries(db, [{ from: delivery, to: replacing }], 'strict');
    if (!marked) return;
    try {
      const record = await service.replace(this.#experimentId, id, delivery.body);
      const to = this.#found(replacing, FOUND.unknown['as sent'], now, record);
      await advanceDeliveries(db, [{ from: replacing, to }]);
      onCorrected?.();
      this.pace.passed();
    } catch (error) {
      await this.#failed('replacing', error, replacing, delivery);
    }
  }

  /** Removes this device's records of a job, all but the oldest; those that others changed stay. */
  async #withoutDuplicates(delivery: Delivery, own: readonly CreatedRecord[]): Promise<CreatedRecord> {
    const ours = own.filter((record) => isOurs(delivery, record));
    const kept = own.find((record) => !ours.includes(record)) ?? own[0]!;
    for (const record of ours) {
      if (record !== kept) await this.#parts.service.remove(this.#experimentId, record.id);
    }
    return kept;
  }

  async #takeBack(now: number): Promise<boolean> {
    const { db, service, key, timings } = this.#parts;
    const [delivery] = await dueInLane(db, key, 'withdrawing', now, 1);
    if (!delivery) return false;
    const notBefore = settledAt(delivery, timings);
    if (!isDue({ notBefore }, now)) {
      await advanceDeliveries(db, [{ from: delivery, to: { ...delivery, notBefore } }]);
      return true;
    }
    try {
      const found = await service.find(this.#experimentId, [delivery.jobId]);
      for (const record of ownOf(delivery, found.get(delivery.jobId) ?? [])) {
        await service.remove(this.#experimentId, record.id);
      }
      await advanceDeliveries(db, [{ from: delivery, to: null }]);
    } catch (error) {
      await this.#failed('withdrawing', error, delivery);
    }
    this.#twice.delete(delivery.jobId);
    this.pace.passed();
    return true;
  }

  async #sendNext(now: number): Promise<boolean> {
    const { db, posts } = this.#parts;
    const most = this.pace.mostAtOnce(posts.inFlight);
    posts.inFlight += most;
    try {
      const group = await this.#around.next(now, most);
      if (!group) return false;
      if (group.length === 0) return true;
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

  /** @throws what is about more than this record */
  async #send(sending: Delivery, now: number): Promise<void> {
    const { db, service, onSent } = this.#parts;
    let record: CreatedRecord;
    try {
      record = await service.send(this.#experimentId, sending.body);
    } catch (error) {
      await this.#failed('sending', error, sending, { ...sending, sentAt: null });
      return;
    }
    onSent?.(record, now, Date.now());
    const to = this.#found(sending, FOUND.unknown['as sent'], now, record);
    await advanceDeliveries(db, [{ from: sending, to }]);
    this.#around.taken(to);
    this.pace.taken(sending);
  }

  /** A person has agreed that another device's record says what is known here. @throws what is about more than it */
  async #overwrite(from: Delivery, other: PictureRecord): Promise<void> {
    const { db, service, onCorrected } = this.#parts;
    try {
      await service.replace(this.#experimentId, other.id, other.corrected(from.body));
      onCorrected?.();
    } catch (error) {
      await this.#failed('overwriting', error, from);
      return;
    }
    const to = this.#found(from, FOUND.queued['one to overwrite'], 0, null);
    await advanceDeliveries(db, [{ from, to }]);
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
    const pictures = await this.#around.ofPictures(group);
    const audited: Advance[] = [];
    for (const [i, delivery] of group.entries()) {
      const own = found.get(delivery.jobId) ?? [];
      const other = await this.#around.otherOf(pictures[i]!);
      const there = own.length > 0 ? await this.#withoutDuplicates(delivery, own) : null;
      const finding = auditFinding(delivery, there, other);
      const rule: FoundRule = FOUND.sent[finding];
      if (there && rule.by === 'DELETE') await service.remove(this.#experimentId, there.id);
      if (finding === 'a younger one, too') this.#twice.add(delivery.jobId);
      audited.push({ from: delivery, to: this.#found(delivery, rule, now, there) });
    }
    await advanceDeliveries(db, audited);
    for (const { from, to } of audited) if (to?.state !== 'sent') this.#twice.delete(from.jobId);
    this.pace.passed();
    return true;
  }

  /** A record by the rule for its finding. The audit looks for duplicates, and one could still be on its way. */
  #found(from: Delivery, rule: FoundRule, now: number, there: CreatedRecord | null): Delivery {
    const due = rule.due ?? (there ? 'when settled' : undefined);
    return afterFinding(from, rule, this.pace.dueAt(due, from, now), there?.id ?? null);
  }

  /**
   * Changes a record by the rule for its failed request.
   *
   * @param marked - as it was marked for the request
   * @param before - as it is if the request can't have been carried out
   * @throws the error again if the lane stops
   */
  async #failed(
    request: keyof typeof FAILED,
    error: unknown,
    marked: Delivery,
    before: Delivery = marked,
  ): Promise<void> {
    if (!(error instanceof AppError)) throw error;
    const rules: FailureRules = FAILED[request];
    const first = rules[error.code] ?? rules[consequenceOf(error.code)];
    const from = mayHaveArrived(error.code) ? marked : before;
    const [attempts, limit] = this.pace.count(first.counts, from, error);
    const rule = (limit && rules[limit]) ?? first;
    const counted = first.counts ? { ...from, attempts } : from;
    const notBefore = this.pace.dueAt(rule.due, counted, Date.now());
    const to = afterFailure(counted, rule, notBefore, failureFrom(error));
    if (to !== marked) await advanceDeliveries(this.#parts.db, [{ from: marked, to }]);
    if (rule.lane === 'stops') throw error;
  }
}

/** A record as it is marked before it is sent. It is not there, so it can't have been changed. */
function sendingNow(from: Delivery, now: number): Delivery {
  const { isCorrecting: _isCorrecting, isOverwriting: _isOverwriting, kept: _kept, ...rest } = from;
  return { ...rest, state: 'sending', sentAt: now };
}

const idsOf = (deliveries: readonly Delivery[]): string[] => deliveries.map(({ jobId }) => jobId);
