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
  /** minutes that the zone of an EXIF time is ahead of UTC, null where EXIF states none; absent where that is not known */
  statedOffset: kind.optional(kind.orNull(kind.number({ least: -1e6, most: 1e6 }))),
  /** the time that the file states, as if it were UTC; absent where it is the capture time, or a zone is stated */
  wallClock: kind.optional(kind.instant),
  /** the file's own time, when the camera's clock was wrong and the capture time is the corrected one */
  statedAt: kind.optional(kind.instant),
  createdAt: kind.instant,
};

/** A person's judgement of a snapshot after looking at it. */
export const BY_EYE = ['clean', 'dirty', 'neither'] as const;
export type ByEye = (typeof BY_EYE)[number];

/** A snapshot that was scored: the facts as they stood then, with the settings in force. */
const COMPLETED_JOB = kind.row({
  ...JOB_FACTS,
  jobStatus: kind.oneOf(['Completed']),
  /** null while the window fills, and where nothing can be told */
  distance: kind.orNull(kind.number(DISTANCE)),
  /** how many embeddings the window held, this one included */
  windowFill: kind.count(1_000_000),
  thresholds: THRESHOLDS,
  detector: DETECTOR_SETTINGS,
  /** absent in jobs that were scored before verdicts could persist, as are the next two */
  persistence: kind.optional(PERSISTENCE),
  /** the verdict then: a fact, since with persistence it depends on the snapshots before */
  driftStatus: kind.optional(DRIFT_STATUS),
  /** why nothing could be told; null or absent where something could */
  blindness: kind.optional(kind.orNull(kind.loosely(isText, kind.oneOf(BLINDNESSES)))),
  /** clean pictures that its reference lacked: it was not judged; absent where that had enough */
  cleanMissing: kind.optional(kind.count(ENOUGH_CLEAN)),
  calibrationId: kind.optional(kind.orNull(kind.id)),
  referenceId: kind.id,
  modelSha256: kind.sha256,
  /** null where there is no picture, but a row of numbers */
  properties: kind.orNull(propertiesRow()),
  /** by growth, loss and view; null if nothing could be seen, as at another shape; absent if not looked at yet */
  glass: kind.optional(kind.orNull(GLASS_FACTS)),
  /** absent until a person has called it something; no verdict depends on it */
  byEye: kind.optional(kind.oneOf(BY_EYE)),
});
export interface CompletedJob extends RowOf<typeof COMPLETED_JOB> {
  /**
   * growth and loss can look at it and have not yet, on a camera that its model was not made for: until then nothing is
   * concluded. Known while a page is open, and not stored
   */
  readonly awaitsGlass?: true;
}

/** A scored job with what a person called it; null takes that back. */
export function withByEye(job: CompletedJob, byEye: ByEye | null): CompletedJob {
  const { byEye: _before, ...rest } = job;
  return byEye === null ? rest : { ...rest, byEye };
}

/** A job that takes the place of another: what a person called that one stays. */
export function calledAs(job: Job, before: Job | undefined): Job {
  if (job.jobStatus !== 'Completed' || before?.jobStatus !== 'Completed') return job;
  // The same row to the byte where nothing changes.
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

/** The facts, beside the snapshots, that a distance depends on. */
export type HistoryFacts = Pick<Camera, 'modelSha256' | 'referenceId' | 'detector'>;

/** Distances of two different keys can't be compared. */
export function historyKey({ modelSha256, referenceId, detector }: HistoryFacts): string {
  return [modelSha256, referenceId, detector.name, detector.windowSize, detector.sigma].join(' ');
}

/** True if the distances of two jobs can be compared: the same as two equal keys, at less cost. */
export function isOfSameHistory(a: HistoryFacts, b: HistoryFacts): boolean {
  return (
    a.modelSha256 === b.modelSha256 &&
    a.referenceId === b.referenceId &&
    a.detector.name === b.detector.name &&
    a.detector.windowSize === b.detector.windowSize &&
    a.detector.sigma === b.detector.sigma
  );
}

/** Capture order; snapshots of one instant go by name, then by content, so that it never depends on how they came. */
export function compareJobs(a: CaptureOrder, b: CaptureOrder): number {
  if (a.capturedAt !== b.capturedAt) return a.capturedAt - b.capturedAt;
  return textOrder(a.imageName, b.imageName) || textOrder(a.contentSha256 ?? '', b.contentSha256 ?? '');
}

function textOrder(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** The content is left out before it is known. */
export type CaptureOrder = Pick<FailedJob, 'capturedAt' | 'imageName'> &
  Partial<Pick<FailedJob, 'contentSha256'>>;
