import type { CompletedJob, Job } from '../job';
import { atOtherTimes } from '../../glass/glass-facts';
import { isZonedName, type StatedTime } from './capture-time';
import { toUtc, type CameraTime } from './zone';

/** The capture time that a file states, in the zone of its camera if it states none. */
export function placedIn(
  camera: CameraTime,
  imageName: string,
  { at, source, offset }: StatedTime,
): StatedTiming {
  const stated = {
    ...{ imageName, capturedAt: at, capturedAtSource: source },
    ...(source === 'exif' && offset !== undefined && { statedOffset: offset }),
  };
  return { ...stated, ...uncorrected(stated, camera) };
}

/** A capture time, and the time that the file states if it differs. */
export type TimeFacts = Pick<Job, 'capturedAt' | 'wallClock' | 'statedAt'>;

/** The facts that the capture time of a snapshot rests on. */
export type TimingFacts = TimeFacts & Pick<Job, 'imageName' | 'capturedAtSource' | 'statedOffset'>;

/** The same as its file and its camera's zone tell it. */
export type StatedTiming = Omit<TimingFacts, 'statedAt'>;

export function timeFacts({ capturedAt, wallClock, statedAt }: TimeFacts): TimeFacts {
  return {
    capturedAt,
    ...(wallClock !== undefined && { wallClock }),
    ...(statedAt !== undefined && { statedAt }),
  };
}

export function timingOf(snapshot: TimingFacts): TimingFacts {
  const { imageName, capturedAtSource, statedOffset } = snapshot;
  return {
    ...{ imageName, capturedAtSource },
    ...(statedOffset !== undefined && { statedOffset }),
    ...timeFacts(snapshot),
  };
}

/** The time that a file states, whatever was made of it: as if it were UTC where it states no zone. */
export function statedTime({ capturedAt, wallClock, statedAt }: TimeFacts): number {
  return statedAt ?? wallClock ?? capturedAt;
}

/** The time that a snapshot's file states, in the zone of its camera, whatever correction of the clock has moved it. */
export function uncorrected(snapshot: TimingFacts, camera: CameraTime): Omit<TimeFacts, 'statedAt'> {
  const stated = statedTime(snapshot);
  const capturedAt = isZoned(snapshot) ? stated : toUtc(stated, camera);
  return { capturedAt, ...(capturedAt !== stated && { wallClock: stated }) };
}

/** The time that a job's file states without a zone, as if it were UTC; null if that does not decide its capture time. */
export function wallClockOf(job: TimingFacts): number | null {
  // Corrected times were entered in UTC.
  return isZoned(job) || job.statedAt !== undefined ? null : statedTime(job);
}

/** True if the zone of an EXIF time is not known: its job is older than that field. */
export function isZoneUnknown({ capturedAtSource, statedOffset, statedAt }: Job): boolean {
  return capturedAtSource === 'exif' && statedOffset === undefined && statedAt === undefined;
}

/** A job with these times in place of its own. */
export function atTime<T extends Job>(job: T, time: TimeFacts): T {
  const { statedAt: _statedAt, wallClock: _wallClock, ...rest } = job;
  return { ...rest, ...timeFacts(time), ...glassBy(job, time.capturedAt - job.capturedAt) } as T;
}

/** Times that a job tells of began with other jobs, which move with it. */
function glassBy(job: Job, by: number): Pick<CompletedJob, 'glass'> | null {
  const glass = job.jobStatus === 'Completed' ? job.glass : null;
  return glass ? { glass: atOtherTimes(glass, (at) => at + by) } : null;
}

/** A job as its camera has it by another zone or offset. */
export function inZone<T extends Job>(job: T, camera: CameraTime): T {
  if (wallClockOf(job) === null) return job;
  const time = uncorrected(job, camera);
  return time.capturedAt === job.capturedAt ? job : atTime(job, time);
}

function isZoned({ imageName, capturedAtSource, statedOffset }: TimingFacts): boolean {
  if (capturedAtSource === 'file-name') return isZonedName(imageName);
  return capturedAtSource === 'file-date' || typeof statedOffset === 'number';
}
