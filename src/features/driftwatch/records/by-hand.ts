import { download, fileNameFrom } from '../../../core/browser/download';
import {
  hasArrived,
  isElsewhere,
  laneOf,
  WAITING,
  type Delivery,
} from '../../../core/domain/camera/records/delivery';
import { textsOf } from '../../../core/domain/camera/records/next-state';
import { advanceDeliveries, allDeliveriesOf, type Advance } from '../../../core/storage/deliveries';
import type { Drift } from '../remote/driftwatch';
import { newDelivery, recordOf, type RecordChoices } from './job-record';
import { mustFollow, type RecordParts } from './parts';

/** Changes to records of the chosen camera that a person starts in the outbox. */
export class ByHand {
  readonly #parts: RecordParts;

  constructor(parts: RecordParts) {
    this.#parts = parts;
  }

  /** Sends records again with the camera's present tags and model; each is looked up first, so none is there twice. */
  async resend(deliveries: readonly Delivery[]): Promise<void> {
    const followed = mustFollow(this.#parts);
    const destination = this.#parts.destination();
    if (!destination) return;
    const byId = new Map((await followed.jobs()).map((job) => [job.id, job]));
    const again = deliveries.flatMap((from) => {
      const job = byId.get(from.jobId);
      if (!job) return [];
      const made = newDelivery(job, destination, followed, 'unknown');
      // This device may correct the records that it has sent; those that a person has left there stay.
      const kept = from.kept === undefined ? {} : { kept: from.kept };
      return [{ from, to: { ...made, ...kept, remoteId: from.remoteId, earlier: textsOf(from) } }];
    });
    await this.#advance(again, 'strict');
  }

  async resendRefused(): Promise<void> {
    const all = await this.#all();
    await this.resend(all.filter(({ state }) => state === 'refused'));
  }

  /** Replaces records there that others have changed, or that another device has sent, with what is known here. */
  async overwrite(deliveries: readonly Delivery[]): Promise<void> {
    const overwriting = deliveries.map((from) => {
      const { kept: _kept, ...rest } = from;
      const state = isElsewhere(from) ? 'queued' : 'unknown';
      return { from, to: { ...rest, state, notBefore: 0, failure: null, isOverwriting: true } as const };
    });
    await this.#advance(overwriting, 'strict');
  }

  /** The same for all of other devices that give another verdict than is known here. */
  async overwriteElsewhere(): Promise<void> {
    const all = await this.#all();
    await this.overwrite(all.filter(({ state }) => state === 'disagrees'));
  }

  /** Leaves a record there as others have changed it, and does not report it until it is changed again. */
  async accept(from: Delivery, there: Drift): Promise<void> {
    const { job_status, model, drift_detected, tags, parameters } = there;
    const kept = JSON.stringify({ job_status, model, drift_detected, tags, parameters });
    const to: Delivery = { ...from, state: 'confirmed', kept, failure: null };
    await advanceDeliveries(this.#parts.db, [{ from, to }], 'strict');
    this.#parts.onChange();
  }

  /** The record of a delivery as it is there now. @throws AppError `record-missing`, … */
  async recordThere(delivery: Delivery): Promise<Drift | null> {
    const { lane, remoteId, jobId, body } = delivery;
    const { experimentId } = laneOf(lane);
    const client = this.#parts.account.client();
    if (isElsewhere(delivery)) {
      const first = (await client.ofPictures(experimentId, [body]))[0]?.[0];
      return first ? client.drift(experimentId, first.id) : null;
    }
    if (remoteId !== null) return client.drift(experimentId, remoteId);
    const [found] = await client.driftsOf(experimentId, [jobId]);
    return found ?? null;
  }

  /** Looks up each record once more: each must be there, once, as it was sent. Other devices' may be gone meanwhile. */
  async auditAgain(): Promise<void> {
    const all = await this.#all();
    // A record that this device never sent belongs to somebody else.
    const sent = all.filter(
      (from) => hasArrived(from) && from.state !== 'sent' && (from.remoteId ?? from.sentAt) !== null,
    );
    const elsewhere = all.filter(isElsewhere);
    await this.#advance([
      ...sent.map((from) => ({ from, to: { ...from, state: 'sent', notBefore: 0 } as const })),
      ...elsewhere.map((from) => ({ from, to: { ...from, state: 'queued' } as const })),
    ]);
  }

  /**
   * Saves waiting records as JSON Lines, oldest first, to be uploaded from anywhere; for a camera without a target, all
   * records. From then on each is looked up before it is sent from here.
   *
   * @returns how many there are
   */
  async exportWaiting(choices: RecordChoices): Promise<number> {
    const { db, isWriter } = this.#parts;
    const followed = mustFollow(this.#parts);
    const waiting = (await this.#all())
      .filter(({ state }) => WAITING.includes(state))
      .sort((a, b) => a.capturedAt - b.capturedAt);
    const bodies = this.#parts.destination()
      ? // Records on their way to an earlier experiment may wait for the present one, too.
        [...new Map(waiting.map(({ jobId, body }) => [jobId, body])).values()]
      : (await followed.jobs()).map((job) => recordOf(job, choices, followed));
    if (bodies.length === 0) return 0;
    const text = bodies.map((body) => `${body}\n`).join('');
    download(text, fileNameFrom(followed.camera.name, 'driftwatch.jsonl'), 'application/jsonl');
    if (isWriter()) {
      const isLookedUp = { state: 'unknown', notBefore: 0 } as const;
      const uploadable = waiting.filter(({ state, isCorrecting }) => state === 'queued' || isCorrecting);
      await advanceDeliveries(
        db,
        uploadable.map((from) => ({
          from,
          to: { ...from, ...(from.state === 'queued' && isLookedUp), earlier: textsOf(from) },
        })),
      );
    }
    return bodies.length;
  }

  #all(): Promise<Delivery[]> {
    return allDeliveriesOf(this.#parts.db, mustFollow(this.#parts).camera.id);
  }

  async #advance(again: readonly Advance[], durability?: 'strict'): Promise<void> {
    await advanceDeliveries(this.#parts.db, again, durability);
    this.#parts.outbox.encourage();
    this.#parts.onChange();
  }
}
