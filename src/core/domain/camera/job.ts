import { DETAIL } from '../detail';
import { BLINDNESSES } from '../drift/detectors/detector';
import { PERSISTENCE } from '../drift/persistence';
import { DRIFT_STATUS, THRESHOLDS } from '../drift/thresholds';
import type { ErrorCode } from '../errors';
import { GLASS_FACTS } from '../glass/glass-facts';
import { DETECTOR_SETTINGS } from '../model/model';
import { DISTANCE } from '../ranges';
import * as kind from '../row';
import { isText, type RowOf } from '../row';
import type { Camera } from './camera';
import { propertiesRow } from '../picture/property-table';
import { ENOUGH_CLEAN } from './reference-size';
import { CAPTURE_TIME_SOURCE } from './time/capture-time';

const JOB_FACTS = {
  id: kind.id,
  cameraId: kind.id,
  imageName: kind.name,
  /** SHA-256 of the file, by which a snapshot is recognised */
  contentSha256: kind.text(200),
  /** milliseconds since 1970, UTC */
  capturedAt: kind.instant,
  capturedAtSource: CAPTURE_TIME_SOURCE,
  /** minutes that the EXIF time's zone is ahead of UTC, null if EXIF states none; absent if this is not known */
  statedOffset: kind.optional(kind.orNull(kind.number({ least: -1e6, most: 1e6 }))),
  /** the time that the file states, read as UTC; absent if it equals the capture time, or if a zone is stated */
  wallClock: kind.optional(kind.instant),
  /** the file's own time, when the camera's clock was wrong and the capture time is the corrected one */
  statedAt: kind.optional(kind.instant),
  createdAt: kind.instant,
};

/** A person's judgement of a snapshot after looking at it. */
export const BY_EYE = ['clean', 'dirty', 'neither'] as const;
export type ByEye = (typeof BY_EYE)[number];

/** A scored snapshot: the facts of that moment, with the settings in force. */
const COMPLETED_JOB = kind.row({
  ...JOB_FACTS,
  jobStatus: kind.oneOf(['Completed']),
  /** null while the window fills, and if the model can't judge (`blindness`) */
  distance: kind.orNull(kind.number(DISTANCE)),
  /** how many embeddings the window held, this one included */
  windowFill: kind.count(1_000_000),
  thresholds: THRESHOLDS,
  detector: DETECTOR_SETTINGS,
  /** absent, like the next two, in jobs scored before persistence was added */
  persistence: kind.optional(PERSISTENCE),
  /** the verdict then: stored, because with persistence it depends on the snapshots before */
  driftStatus: kind.optional(DRIFT_STATUS),
  /** why the model can't judge; null or absent if it can */
  blindness: kind.optional(kind.orNull(kind.loosely(isText, kind.oneOf(BLINDNESSES)))),
  /** clean pictures missing in its reference, so it was not judged; absent if there were enough */
  cleanMissing: kind.optional(kind.count(ENOUGH_CLEAN)),
  calibrationId: kind.optional(kind.orNull(kind.id)),
  referenceId: kind.id,
  modelSha256: kind.sha256,
  /** null for a row of numbers without a picture */
  properties: kind.orNull(propertiesRow()),
  /** by growth, loss and view; null if they can't look at it, such as another shape; absent until they have looked */
  glass: kind.optional(kind.orNull(GLASS_FACTS)),
  /** absent until a person has labelled it; no verdict depends on it */
  byEye: kind.optional(kind.oneOf(BY_EYE)),
});
export interface CompletedJob extends RowOf<typeof COMPLETED_JOB> {
  /**
   * true until growth and loss have looked at it, on a camera that its model was not made for: until then there is no
   * conclusion. Kept in memory, not stored
   */
  readonly awaitsGlass?: true;
}

/** A scored job with a person's label; null removes the label. */
export function withByEye(job: CompletedJob, byEye: ByEye | null): CompletedJob {
  const { byEye: _before, ...rest } = job;
  return byEye === null ? rest : { ...rest, byEye };
}

/** A job that replaces another and keeps its label. */
export function calledAs(job: Job, before: Job | undefined): Job {
  if (job.jobStatus !== 'Completed' || before?.jobStatus !== 'Completed') return job;
  // Byte for byte the same row if nothing changes.
  return job.byEye === before.byEye ? job : withByEye(job, before.byEye ?? null);
}

/** A file that could not be read as a picture: never shown as healthy. */
const FAILED_JOB = kind.row({
  ...JOB_FACTS,
  jobStatus: kind.oneOf(['Failed']),
  code: kind.single<ErrorCode>(isText),
  detail: DETAIL,
});
export type FailedJob = RowOf<typeof FAILED_JOB>;

/** One analysed snapshot. */
export const JOB = kind.either('jobStatus', { Completed: COMPLETED_JOB, Failed: FAILED_JOB });
export type Job = CompletedJob | FailedJob;

/** All facts that a distance depends on, besides the snapshots. */
export type HistoryFacts = Pick<Camera, 'modelSha256' | 'referenceId' | 'detector'>;

/** Distances with different keys can't be compared. */
export function historyKey({ modelSha256, referenceId, detector }: HistoryFacts): string {
  return [modelSha256, referenceId, detector.name, detector.windowSize, detector.sigma].join(' ');
}

/** True if the distances of two jobs can be compared: as with equal keys, but faster. */
export function isOfSameHistory(a: HistoryFacts, b: HistoryFacts): boolean {
  return (
    a.modelSha256 === b.modelSha256 &&
    a.referenceId === b.referenceId &&
    a.detector.name === b.detector.name &&
    a.detector.windowSize === b.detector.windowSize &&
    a.detector.sigma === b.detector.sigma
  );
}

/** Capture order; ties go by name, then by content, so that the order of arrival has no effect. */
export function compareJobs(a: CaptureOrder, b: CaptureOrder): number {
  if (a.capturedAt !== b.capturedAt) return a.capturedAt - b.capturedAt;
  return textOrder(a.imageName, b.imageName) || textOrder(a.contentSha256 ?? '', b.contentSha256 ?? '');
}

function textOrder(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** The content is omitted until it is known. */
export type CaptureOrder = Pick<FailedJob, 'capturedAt' | 'imageName'> &
  Partial<Pick<FailedJob, 'contentSha256'>>;
