import type { Judgement } from '../drift/judge';
import type { GlassFacts } from '../glass/glass-facts';
import { isoInstant } from '../instant';
import type { ImageProperties } from '../picture/property-table';
import { statedTime, type AsideJob, type ClockFault, type Timed } from './time/clock';
import type { Camera, CaptureTimeSource, CompletedJob, Job, Reference } from './job';

/** A snapshot as it is judged: its time is known, and whether that can be right. */
export interface TimedSnapshot extends Timed {
  readonly imageName: string;
  readonly capturedAtSource: CaptureTimeSource;
}

/** What every job says, whatever became of its snapshot. */
export type SnapshotFacts = Pick<
  Job,
  | 'id'
  | 'cameraId'
  | 'imageName'
  | 'contentSha256'
  | 'capturedAt'
  | 'capturedAtSource'
  | 'statedAt'
  | 'createdAt'
>;

export function snapshotFacts(
  cameraId: string,
  snapshot: TimedSnapshot,
  more: Pick<SnapshotFacts, 'id' | 'contentSha256' | 'createdAt'>,
): SnapshotFacts {
  const { imageName, capturedAt, capturedAtSource, statedAt } = snapshot;
  return {
    ...more,
    cameraId,
    imageName,
    capturedAt,
    capturedAtSource,
    ...(statedAt !== undefined && { statedAt }),
  };
}

/** What a snapshot is set aside for; that a file is no picture says more than that it is too old to be one. */
export function faultOf({ fault }: Timed, isPicture: boolean): ClockFault | null {
  return fault === undefined || (!isPicture && fault === 'clock-impossible') ? null : fault;
}

/**
 * The job of a snapshot whose time can't be right. The date of the file is kept with it: it may tell when the snapshot
 * was taken.
 *
 * @param fileDate - milliseconds since 1970
 */
export function setAside(facts: SnapshotFacts, code: ClockFault, fileDate: number): AsideJob {
  const detail = facts.capturedAtSource === 'file-date' ? '' : isoInstant(fileDate);
  return { ...facts, jobStatus: 'Failed', code, detail };
}

/**
 * The job of a snapshot that was judged, with the settings in force.
 *
 * @param glass - what growth, loss and the view said; null where nothing could be seen, undefined where nobody looked
 */
export function scoredJob(
  facts: SnapshotFacts,
  { camera, reference }: { readonly camera: Camera; readonly reference: Reference },
  judged: Judgement,
  properties: ImageProperties,
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

/**
 * Whether the same file would fare the same again. A lost worker, a card taken out or a damaged archive says nothing of
 * the picture, nor does an embedding that the model of an earlier reference could not give; a clock can be set right. One
 * whose content is not known can't be known again.
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
      return false;
    case 'embedding-not-finite':
    case 'embedding-length':
      return job.createdAt >= (reference?.createdAt ?? 0);
    default:
      return true;
  }
}

/** What stays the same of a snapshot whose content is not known. */
export function placeOf(job: Pick<Job, 'imageName' | 'capturedAt' | 'statedAt'>): string {
  return `${statedTime(job)} ${job.imageName}`;
}
