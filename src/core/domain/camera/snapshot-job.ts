import type { Judgement } from '../drift/judge';
import type { GlassFacts } from '../glass/glass-facts';
import type { ImageProperties } from '../picture/property-table';
import { timingOf, type TimingFacts } from './time/job-time';
import type { Camera } from './camera';
import type { CompletedJob, Job } from './job';
import type { Reference } from './reference';
import { isUntaught } from './verdict';

/** Fields that every job has, also a failed one. */
export type SnapshotFacts = TimingFacts & Pick<Job, 'id' | 'cameraId' | 'contentSha256' | 'createdAt'>;

export function snapshotFacts(
  cameraId: string,
  snapshot: TimingFacts,
  more: Pick<SnapshotFacts, 'id' | 'contentSha256' | 'createdAt'>,
): SnapshotFacts {
  return { ...more, cameraId, ...timingOf(snapshot) };
}

/** The facts of a job that do not depend on a judge. */
export function snapshotOf(job: SnapshotFacts): SnapshotFacts {
  const { id, contentSha256, createdAt } = job;
  return snapshotFacts(job.cameraId, job, { id, contentSha256, createdAt });
}

/**
 * The job of a snapshot that was judged, with the settings in force.
 *
 * @param glass - result of growth, loss and view; null if they can't look at it, undefined if they have not looked
 */
export function scoredJob(
  facts: SnapshotFacts,
  { camera, reference }: { readonly camera: Camera; readonly reference: Pick<Reference, 'id'> },
  judged: Judgement,
  properties: ImageProperties | null,
  glass: GlassFacts | null | undefined,
): CompletedJob {
  return {
    ...facts,
    jobStatus: 'Completed',
    ...judged,
    thresholds: camera.thresholds,
    detector: camera.detector,
    persistence: camera.persistence,
    calibrationId: camera.calibrationId,
    referenceId: reference.id,
    modelSha256: camera.modelSha256,
    properties,
    ...(glass !== undefined && { glass }),
  };
}

/** The job of a snapshot that is not judged, or not yet, for example because its time is wrong. It is in no window. */
export function unjudgedJob(
  facts: SnapshotFacts,
  by: { readonly camera: Camera; readonly reference: Pick<Reference, 'id'> },
  properties: ImageProperties | null,
): CompletedJob {
  const judged = { distance: null, windowFill: 0, driftStatus: 'warming-up' } as const;
  return scoredJob(facts, by, judged, properties, undefined);
}

/** A judged job is in its own window, was set aside, or has a reference with too few pictures. */
export function isUnjudged(job: Job): boolean {
  return job.jobStatus === 'Completed' && job.windowFill === 0 && job.glass === undefined && !isUntaught(job);
}

/**
 * True if the same file would have the same result again. A lost worker, a removed card or a damaged archive says
 * nothing about the picture, nor does an embedding that the model of an earlier reference could not give; a clock can
 * be set right. A file of unknown content can't be known again.
 *
 * @param reference - the one in force
 */
export function isFinal(job: Job, reference?: Pick<Reference, 'createdAt'>): boolean {
  if (job.jobStatus === 'Completed') return true;
  if (job.contentSha256 === '') return false;
  switch (job.code) {
    case 'worker-lost':
    case 'file-unreadable':
    case 'entry-damaged':
    case 'clock-ahead':
    case 'clock-impossible':
    case 'time-unknown':
      return false;
    case 'embedding-not-finite':
    case 'embedding-length':
      return job.createdAt >= (reference?.createdAt ?? 0);
    default:
      return true;
  }
}
