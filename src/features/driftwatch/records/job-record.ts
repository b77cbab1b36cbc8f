import type { Job } from '../../../core/domain/camera/job';
import { judgingReference } from '../../../core/domain/camera/reference';
import { isAwaiting, whyNotChecked } from '../../../core/domain/camera/verdict';
import { laneKey, type Delivery, type Destination } from '../../../core/domain/camera/records/delivery';
import { isMeantFor } from '../../../core/domain/camera/records/next-state';
import { explainInEnglish } from '../../../core/i18n/in-english';
import {
  choicesIn,
  driftText,
  saysSame,
  type CreateDrift,
  type RecordContext,
} from '../remote/driftwatch-record';
import type { Origin } from './parts';

export interface RecordChoices {
  readonly tags: readonly string[];
  readonly model: string;
}

function recordContext(job: Job, { tags, model }: RecordChoices, origin: Origin): RecordContext {
  const why = whyNotChecked(job);
  return {
    camera: origin.camera.name,
    tags,
    model,
    reference: job.jobStatus === 'Completed' ? judgingReference(job, origin.references) : null,
    reason: why && explainInEnglish(why.code, why.detail),
  };
}

/** The text of a job's record. */
export function recordOf(job: Job, choices: RecordChoices, origin: Origin): string {
  return driftText(job, recordContext(job, choices, origin));
}

/** The text of a record for its job's present result. A sent record keeps its tags, model and name of the camera. */
export function recordNow(from: Delivery, job: Job, destination: Destination, origin: Origin): string {
  if (from.state !== 'sending' && from.sentAt === null && from.remoteId === null) {
    return recordOf(job, destination, origin);
  }
  const text = driftText(job, { ...recordContext(job, destination, origin), ...choicesIn(from.body) });
  const isSame = text === from.body || saysSame(text, JSON.parse(from.body) as CreateDrift);
  return isSame ? from.body : text;
}

/** A job's record before it goes anywhere. */
export function newDelivery(
  job: Job,
  destination: Destination,
  origin: Origin,
  state: 'queued' | 'unknown',
): Delivery {
  return {
    lane: laneKey(destination),
    jobId: job.id,
    cameraId: job.cameraId,
    imageName: job.imageName,
    capturedAt: job.capturedAt,
    body: recordOf(job, destination, origin),
    state,
    attempts: 0,
    notBefore: 0,
    sentAt: null,
    remoteId: null,
    failure: null,
  };
}

/** True if a record of a stored job is to be made now. */
export function isDueFor(destination: Destination, job: Job): boolean {
  return isMeantFor(destination, job) && !awaitsVerdict(job);
}

/** True if growth and loss have still to look at a job: a record sent before would stay "not checked" for ever. */
export function awaitsVerdict(job: Job): boolean {
  return job.jobStatus === 'Completed' && isAwaiting(job);
}
