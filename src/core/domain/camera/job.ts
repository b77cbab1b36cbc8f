import type { Blindness } from '../drift/detectors/detector';
import { conclude, type Conclusion } from '../glass/conclusion';
import {
  GLASS_THRESHOLDS,
  type GlassFacts,
  type LossFacts,
  type StandingVerdict,
  type StreamFacts,
} from '../glass/glass-facts';
import type { AnsweredChange } from '../glass/scene-change';
import { turnOf } from '../glass/turn';
import type { Embedding } from '../drift/embedding';
import type { Detail } from '../detail';
import type { ErrorCode } from '../errors';
import type { Judging } from '../drift/judging';
import type { Transform } from '../model/model';
import type { ImageProperties } from '../picture/property-table';
import { alarmRuns, type AlarmRun, type Persistence } from '../drift/persistence';
import { classify, type DriftStatus } from '../drift/thresholds';

/** Source of a capture time; a file date is only a guess. */
export type CaptureTimeSource = 'file-name' | 'exif' | 'file-date';

/** How the window is filled before the first snapshot counts. */
export type WarmUpSource = 'reference' | 'snapshots' | 'none';

/** Times that a camera stated, and by how much they are wrong: a person has said so. */
export interface ClockCorrection {
  /** the first and the last stated time that it is for, in milliseconds since 1970 */
  readonly from: number;
  readonly to: number;
  /** milliseconds added to them */
  readonly by: number;
  readonly madeAt: number;
}

/** From which capture time on a reference judges, until the next one does; the first one judges all before it, too. */
export interface InForce {
  /** milliseconds since 1970 */
  readonly at: number;
  readonly referenceId: string;
  /** absent where the camera still has the zone of then */
  readonly asEntered?: AsEntered<'at'>;
}

/** A named profile: everything that decides how a snapshot of this camera is judged. */
export interface Camera extends Judging {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the ONNX file: the identity of a model */
  readonly modelSha256: string;
  readonly transform: Transform;
  /** null until the first reference is frozen */
  readonly referenceId: string | null;
  /** the calibration that its settings rest on; null when they are published ones or a person's own */
  readonly calibrationId: string | null;
  readonly warmUp: WarmUpSource;
  /** the tutorial's configuration as it came, with the keys that Porthole has no use for */
  readonly configToml: string | null;
  readonly isDemo: boolean;
  /** IANA name of the zone of times that names and EXIF state without one; absent for UTC */
  readonly timeZone?: string;
  /** milliseconds that are added to these times before; absent for 0 */
  readonly timeOffset?: number;
  /** oldest first; absent where its clock was never corrected */
  readonly clockCorrections?: readonly ClockCorrection[];
  /** which reference judges from which capture time on; absent until one is stored by a page that keeps it */
  readonly timeline?: readonly InForce[];
  /** capture time before which deletion by age has taken snapshots: no window reaches back over it */
  readonly horizon?: number;
  /** absent where it still has the zone of then */
  readonly horizonAsEntered?: AsEntered<'at'>;
  /**
   * true if its history is as one ordered batch would have judged it; false if a person leaves it as earlier versions
   * judged it, absent until that was looked at
   */
  readonly judgedInOrder?: boolean;
  /** true if exports flag jobs between an onset and its alarm as suspect, beside the original flags */
  readonly flagsSinceOnset?: true;
  readonly createdAt: number;
}

/** A frozen, versioned set of clean embeddings. */
export interface Reference {
  readonly id: string;
  readonly cameraId: string;
  /** 1, 2, 3 … for one camera */
  readonly version: number;
  readonly modelSha256: string;
  readonly transform: Transform;
  /** file name of each embedding; empty strings when they were imported without names */
  readonly names: readonly string[];
  /** SHA-256 of each name's file, then of those kept out for the warm-up; empty if unknown; absent in old references */
  readonly contentSha256?: readonly string[];
  /** in capture order */
  readonly embeddings: readonly Embedding[];
  /** clean embeddings kept out of the reference, for the warm-up; in capture order */
  readonly warmUpEmbeddings: readonly Embedding[];
  /** one for each embedding, for the second opinion; absent when they were imported, or frozen before these were kept */
  readonly properties?: readonly ImageProperties[];
  /** when each was taken, in milliseconds since 1970, null where that is not known; absent in older references */
  readonly capturedAt?: readonly (number | null)[];
  /**
   * the time that each file states without a zone, as if it were UTC; null if it states a zone or no time. Absent where
   * names and capture times tell it
   */
  readonly wallClocks?: readonly (number | null)[];
  /** cells of growth's map that are not on the glass, as a person has said; absent: the captions that were found */
  readonly offGlass?: readonly number[];
  /** true if the model was made for this camera; absent in references older than this field */
  readonly isOwnModel?: boolean;
  readonly createdAt: number;
}

interface JobFacts {
  readonly id: string;
  readonly cameraId: string;
  readonly imageName: string;
  /** SHA-256 of the file, by which a snapshot is recognised */
  readonly contentSha256: string;
  /** milliseconds since 1970, UTC */
  readonly capturedAt: number;
  readonly capturedAtSource: CaptureTimeSource;
  /** minutes that the zone of an EXIF time is ahead of UTC, null where EXIF states none; absent where that is not known */
  readonly statedOffset?: number | null;
  /** the time that the file states, as if it were UTC; absent where it is the capture time, or a zone is stated */
  readonly wallClock?: number;
  /** the file's own time, when the camera's clock was wrong and the capture time is the corrected one */
  readonly statedAt?: number;
  readonly createdAt: number;
}

/** A person's judgement of a snapshot after looking at it. */
export const BY_EYE = ['clean', 'dirty', 'neither'] as const;
export type ByEye = (typeof BY_EYE)[number];

/** A snapshot that was scored: the facts as they stood then, with the settings in force. */
export interface CompletedJob extends JobFacts, Omit<Judging, 'persistence'> {
  readonly jobStatus: 'Completed';
  /** null while the window fills, and where nothing can be told */
  readonly distance: number | null;
  /** how many embeddings the window held, this one included */
  readonly windowFill: number;
  /** absent in jobs that were scored before verdicts could persist, as are the next two */
  readonly persistence?: Persistence;
  /** the verdict then: a fact, since with persistence it depends on the snapshots before */
  readonly driftStatus?: DriftStatus;
  /** why nothing could be told; null or absent where something could */
  readonly blindness?: Blindness | null;
  readonly calibrationId?: string | null;
  readonly referenceId: string;
  readonly modelSha256: string;
  readonly properties: ImageProperties;
  /** by growth, loss and view; null if nothing could be seen, as at another shape; absent if not looked at yet */
  readonly glass?: GlassFacts | null;
  /** absent until a person has called it something; no verdict depends on it */
  readonly byEye?: ByEye;
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
export interface FailedJob extends JobFacts {
  readonly jobStatus: 'Failed';
  readonly code: ErrorCode;
  readonly detail: Detail;
}

/** One analysed snapshot. */
export type Job = CompletedJob | FailedJob;

/** `scene`: a change that a person has judged, from its time on. */
export const EVENT_KINDS = ['cleaned', 'moved', 'note', 'scene'] as const;

/** Something that happened to the camera, at a capture time. */
export interface CameraEvent {
  readonly id: string;
  readonly cameraId: string;
  readonly kind: (typeof EVENT_KINDS)[number];
  readonly at: number;
  readonly note: string;
  /** from then on the camera has another view, and another reference: no window reaches back over it */
  readonly isNewView?: true;
  /** of kind `scene` alone */
  readonly scene?: AnsweredChange;
  /** the time of the picture that it was taken from, in the zone of then; absent where the camera still has that zone */
  readonly asEntered?: AsEntered<'at'>;
}

/** Kinds that a person logs by hand. */
export type LoggedKind = Exclude<CameraEvent['kind'], 'scene'>;

/** Times as they were entered, with the zone and offset that their camera had then. */
export type AsEntered<Field extends string> = Pick<Camera, 'timeZone' | 'timeOffset'> &
  Readonly<Record<Field, number>>;

/** The facts that all statements on a scored snapshot rest on. */
export type Judged = Pick<
  CompletedJob,
  'jobStatus' | 'glass' | 'awaitsGlass' | 'distance' | 'thresholds' | 'driftStatus' | 'blindness'
>;

/** The verdict of the learned distance alone. */
export function learnedVerdictOf(job: Judged): DriftStatus | 'not-checked' {
  if (job.blindness) return 'not-checked';
  return job.driftStatus ?? classify(job.distance, job.thresholds);
}

const conclusions = new WeakMap<Judged, Conclusion>();

/** The one conclusion about a scored job, whoever shows it; each asks again, so it is made once. */
export function conclusionOf(job: Judged): Conclusion {
  const known = conclusions.get(job);
  if (known) return known;
  const made = concludeOn(job);
  conclusions.set(job, made);
  return made;
}

function concludeOn(job: Judged): Conclusion {
  const { glass, distance, thresholds, driftStatus } = job;
  const reading = (facts: StreamFacts) => ({
    distance: facts.distance,
    status: facts.driftStatus,
    limit: GLASS_THRESHOLDS.drift,
  });
  const lossReading = (facts: LossFacts) => ({ ...reading(facts), part: facts.part });
  return conclude({
    // A model that can tell nothing says so, unless the others speak in its place.
    isReadable: Boolean(glass) || !job.blindness,
    isAwaiting: isAwaiting(job),
    isDark: glass?.isDark ?? false,
    view: glass?.view ?? IN_VIEW,
    standing: glass?.standing ?? 'normal',
    isInPlace: turnOf(glass) === null,
    growth: glass?.growth ? reading(glass.growth) : null,
    loss: glass?.loss ? lossReading(glass.loss) : null,
    rest: glass?.changed
      ? { growth: reading(glass.changed.rest.growth), loss: lossReading(glass.changed.rest.loss) }
      : null,
    learned: job.blindness
      ? null
      : {
          distance,
          status: driftStatus ?? classify(distance, thresholds),
          limit: thresholds.drift,
          isOwn: glass?.isOwnModel ?? true,
        },
    visible: glass?.visible ?? null,
  });
}

/** A job as it is known while growth and loss have not looked at it. @param awaited - ids of references that they can look through */
export function awaiting(job: Job, awaited: ReadonlySet<string>): Job {
  const isMissing = job.jobStatus === 'Completed' && job.glass === undefined;
  return isMissing && awaited.has(job.referenceId) ? { ...job, awaitsGlass: true } : job;
}

/** True if growth and loss have still to look at a job; its learned distance raises nothing until then. */
export function isAwaiting({ glass, awaitsGlass }: Pick<CompletedJob, 'glass' | 'awaitsGlass'>): boolean {
  return glass === undefined && awaitsGlass === true;
}

const IN_VIEW = { isAside: false, isAlarming: false, hasMoved: false } as const;

/** The verdict of a job, as it stood when it was scored; `not-checked` is never shown as healthy. */
export function verdictOf(job: Judged | FailedJob): DriftStatus | 'not-checked' {
  if (job.jobStatus === 'Failed') return 'not-checked';
  if (!job.glass) return isAwaiting(job) ? 'not-checked' : learnedVerdictOf(job);
  // Most of a history is: a tenth of the time for 100,000 jobs.
  if (isQuiet(job)) return 'normal';
  const { code, level } = conclusionOf(job);
  if (level !== 'unknown') return level;
  return code === 'warming-up' ? 'warming-up' : 'not-checked';
}

/** True if growth, loss and the learned distance were all heard or have no say, and none of them raised anything. */
export function isQuiet(job: Judged): boolean {
  const { glass, blindness, driftStatus } = job;
  if (glass?.growth?.driftStatus !== 'normal' || glass.loss?.driftStatus !== 'normal') return false;
  const learned = blindness ? 'normal' : (driftStatus ?? classify(job.distance, job.thresholds));
  return learned === 'normal' || learned === 'warming-up';
}

/**
 * Verdict for a snapshot that counts for nothing: the conclusion on the last one that did.
 *
 * @param before - the job before it, in capture order; null where there is none since the last break
 */
export function standingAfter(before: Judged | null): StandingVerdict {
  if (!before) return 'normal';
  if (isSetAside(before)) return before.glass?.standing ?? 'normal';
  const verdict = verdictOf(before);
  return verdict === 'warning' || verdict === 'drift' ? verdict : 'normal';
}

/** True if a scored snapshot counts for nothing: it shows another view, or the dark. */
export function isSetAside(job: Pick<CompletedJob, 'glass'>): boolean {
  return job.glass?.growth === null;
}

/** True if growth and loss saw a snapshot in its thumbnail alone: its own file, given again, says more. */
export function isSeenSmall(job: Job): boolean {
  return (
    job.jobStatus === 'Completed' && job.glass?.isAfterwards === true && job.glass.position !== undefined
  );
}

/** Why a job has no verdict, as a code with its detail; null when it has one, and while the window fills. */
export function whyNotChecked(job: Job): { readonly code: ErrorCode; readonly detail: Detail } | null {
  if (job.jobStatus === 'Failed') return { code: job.code, detail: job.detail };
  return job.blindness && !job.glass ? { code: 'detector-blind', detail: job.blindness } : null;
}

/** The alarms of a camera, by its verdicts: what shows another view, or can't be judged, neither ends nor begins one. */
export function alarmsOf(jobs: readonly (Judged | FailedJob)[]): AlarmRun[] {
  return alarmRuns(jobs.map(verdictOf));
}

/** The reference that a job was judged by; null where it is gone. */
export function judgingReference(
  { referenceId }: Pick<CompletedJob, 'referenceId'>,
  references: readonly Reference[],
): Reference | null {
  return references.find(({ id }) => id === referenceId) ?? null;
}

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

/** True if no window reaches back over an event: a cleaning, or a view that is another from then on. */
export function breaksWindow({ kind, isNewView }: Pick<CameraEvent, 'kind' | 'isNewView'>): boolean {
  return kind === 'cleaned' || isNewView === true;
}

/** The last event at or before an instant that no window reaches back over, or null. */
export function lastBreak(events: readonly CameraEvent[], at: number): number | null {
  const times = events.filter((event) => breaksWindow(event) && event.at <= at).map((event) => event.at);
  return times.length > 0 ? Math.max(...times) : null;
}

/** The last cleaning at or before an instant, or null. */
export function lastCleaning(events: readonly CameraEvent[], at: number): number | null {
  const times = events.filter((event) => event.kind === 'cleaned' && event.at <= at).map((event) => event.at);
  return times.length > 0 ? Math.max(...times) : null;
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
export type CaptureOrder = Pick<JobFacts, 'capturedAt' | 'imageName'> &
  Partial<Pick<JobFacts, 'contentSha256'>>;
