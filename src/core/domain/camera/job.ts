import { BLINDNESSES } from '../drift/detectors/detector';
import { conclude, type Conclusion } from '../glass/conclusion';
import { evidenceOf } from '../glass/evidence';
import { GLASS_FACTS, type StandingVerdict } from '../glass/glass-facts';
import { ANSWERED_CHANGE, CELLS, type AnsweredChange } from '../glass/scene-answer';
import type { Embedding } from '../drift/embedding';
import { DETAIL, type Detail } from '../detail';
import type { ErrorCode } from '../errors';
import { JUDGING } from '../drift/judging';
import { DETECTOR_SETTINGS, TRANSFORM } from '../model/model';
import { propertiesRow } from '../picture/property-table';
import { alarmRuns, PERSISTENCE, type AlarmRun } from '../drift/persistence';
import { classify, DRIFT_STATUS, THRESHOLDS, type DriftStatus } from '../drift/thresholds';
import { CLOCK_SHIFT, DISTANCE } from '../ranges';
import * as kind from '../row';
import { isText, type RowOf } from '../row';
import { DEPLOYMENT, type Deployment } from './deployment';
import { ENOUGH_CLEAN } from './reference-size';
import { CAMERA_TIME } from './time/zone';

/** Source of a capture time; a file date is only a guess. */
const CAPTURE_TIME_SOURCE = kind.oneOf(['file-name', 'exif', 'file-date']);
export type CaptureTimeSource = RowOf<typeof CAPTURE_TIME_SOURCE>;

/** How the window is filled before the first snapshot counts. */
const WARM_UP_SOURCE = kind.oneOf(['reference', 'snapshots', 'none']);
export type WarmUpSource = RowOf<typeof WARM_UP_SOURCE>;

/** Times that files stated, and by how much they are wrong: a person has said so. */
const CLOCK_CORRECTION = kind.row({
  /** the first and the last stated time that it is for, in milliseconds since 1970 */
  from: kind.anyInstant,
  to: kind.anyInstant,
  /** milliseconds added to them; null: when they were taken is not known, and they count for nothing */
  by: kind.orNull(kind.number(CLOCK_SHIFT)),
  madeAt: kind.anyInstant,
});
export type ClockCorrection = RowOf<typeof CLOCK_CORRECTION>;

/** A time as it was entered, with the zone and offset that its camera had then. */
const AT_AS_ENTERED = kind.optional(kind.row({ ...CAMERA_TIME.fields, at: kind.instant }));

/** From which capture time on a reference judges, until the next one does; the first one judges all before it, too. */
const IN_FORCE = kind.row({
  /** milliseconds since 1970 */
  at: kind.anyInstant,
  referenceId: kind.id,
  /** absent where the camera still has the zone of then */
  asEntered: AT_AS_ENTERED,
});
export type InForce = RowOf<typeof IN_FORCE>;

/** The longest configuration that is read, in characters. */
const LONGEST_CONFIG = 16 * 2 ** 20;

/** A named profile: everything that decides how a snapshot of this camera is judged. */
export const CAMERA = kind.row({
  id: kind.id,
  name: kind.name,
  /** SHA-256 of the ONNX file: the identity of a model */
  modelSha256: kind.sha256,
  transform: TRANSFORM,
  ...JUDGING.fields,
  /** null until the first reference is frozen */
  referenceId: kind.orNull(kind.id),
  /** the calibration that its settings rest on; null when they are published ones or a person's own */
  calibrationId: kind.orNull(kind.id),
  warmUp: WARM_UP_SOURCE,
  /** the tutorial's configuration as it came, with the keys that Porthole has no use for */
  configToml: kind.orNull(kind.text(LONGEST_CONFIG)),
  isDemo: kind.flag,
  ...CAMERA_TIME.fields,
  /** oldest first; absent where its clock was never corrected */
  clockCorrections: kind.optional(kind.listOf(CLOCK_CORRECTION)),
  /**
   * the dates of files up to this moment count as capture times where nothing else tells them; absent for all, as in
   * earlier versions
   */
  fileDatesUntil: kind.optional(kind.anyInstant),
  /** which reference judges from which capture time on; absent until one is stored by a page that keeps it */
  timeline: kind.optional(kind.listOf(IN_FORCE)),
  /** capture time before which deletion by age has taken snapshots: no window reaches back over it */
  horizon: kind.optional(kind.anyInstant),
  /** absent where it still has the zone of then */
  horizonAsEntered: AT_AS_ENTERED,
  /**
   * true if its history is as one ordered batch would have judged it; false if a person leaves it as earlier versions
   * judged it, absent until that was looked at
   */
  judgedInOrder: kind.optional(kind.flag),
  /** true if exports flag jobs between an onset and its alarm as suspect, beside the original flags */
  flagsSinceOnset: kind.yes,
  deployment: kind.optional(DEPLOYMENT),
  createdAt: kind.instant,
});
export type Camera = RowOf<typeof CAMERA>;

/** A camera with another deployment; one that says nothing is left out. */
export function withDeployment(camera: Camera, deployment: Deployment): Camera {
  const { deployment: _before, ...rest } = camera;
  return Object.keys(deployment).length === 0 ? rest : { ...rest, deployment };
}

const PROPERTIES = propertiesRow();

/** All of a reference but its embeddings, which are arrays. */
export const REFERENCE_FACTS = kind.row({
  id: kind.id,
  cameraId: kind.id,
  /** 1, 2, 3 … for one camera */
  version: kind.version,
  modelSha256: kind.sha256,
  transform: TRANSFORM,
  /** file name of each embedding; empty strings when they were imported without names */
  names: kind.listOf(kind.name),
  /** SHA-256 of each name's file, then of those kept out for the warm-up; empty if unknown; absent in old references */
  contentSha256: kind.optional(kind.listOf(kind.text(200))),
  /** one for each embedding, for the second opinion; absent when they were imported, or frozen before these were kept */
  properties: kind.optional(kind.listOf(PROPERTIES)),
  /** when each was taken, in milliseconds since 1970, null where that is not known; absent in older references */
  capturedAt: kind.optional(kind.listOf(kind.orNull(kind.anyInstant))),
  /**
   * the time that each file states without a zone, as if it were UTC; null if it states a zone or no time. Absent where
   * names and capture times tell it
   */
  wallClocks: kind.optional(kind.listOf(kind.orNull(kind.anyInstant))),
  /**
   * when the other pictures that were given as clean were taken, as far as that is known, and what their files state as
   * if it were UTC; absent in references older than this field
   */
  besideTimes: kind.optional(
    kind.listOf(kind.row({ at: kind.anyInstant, wallClock: kind.optional(kind.anyInstant) })),
  ),
  /** cells of growth's map that are not on the glass, as a person has said; absent: the captions that were found */
  offGlass: kind.optional(CELLS),
  /** ids of earlier ones of the same view, whose answered changes stay answered; absent where there are none */
  goesOnFrom: kind.optional(kind.listOf(kind.id)),
  /** true if the model was made for this camera; absent in references older than this field */
  isOwnModel: kind.optional(kind.flag),
  createdAt: kind.instant,
});

const EMBEDDING = kind.single<Embedding>((value) => value instanceof Float32Array && value.length > 0);

/** A frozen, versioned set of clean embeddings. */
export const REFERENCE = kind.row({
  ...REFERENCE_FACTS.fields,
  /** in capture order */
  embeddings: kind.listOf(EMBEDDING),
  /** clean embeddings kept out of the reference, for the warm-up; in capture order */
  warmUpEmbeddings: kind.listOf(EMBEDDING),
});
export type Reference = RowOf<typeof REFERENCE>;

/** Fields that the next version of a reference keeps if it looks at the same view. */
export function sameView({ id, offGlass, goesOnFrom = [] }: Reference) {
  return { ...(offGlass && { offGlass }), goesOnFrom: [...goesOnFrom, id] };
}

/** True if an answer holds for a reference: it was given by it, or by one that it goes on from. */
export function isAnsweredFor(
  { referenceId }: AnsweredChange,
  { id, goesOnFrom }: Pick<Reference, 'id' | 'goesOnFrom'>,
): boolean {
  return referenceId === id || (goesOnFrom?.includes(referenceId) ?? false);
}

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
  properties: kind.orNull(PROPERTIES),
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

/** `scene`: a change that a person has judged, from its time on. `seen`: an alarm that a person knows of. */
const EVENT_KINDS = ['cleaned', 'moved', 'note', 'scene', 'seen'] as const;

/** Something that happened to the camera, at a capture time. */
export const CAMERA_EVENT = kind.row({
  id: kind.id,
  cameraId: kind.id,
  kind: kind.oneOf(EVENT_KINDS),
  at: kind.instant,
  note: kind.note,
  /** from then on the camera has another view, and another reference: no window reaches back over it */
  isNewView: kind.yes,
  /** of kind `scene` alone */
  scene: kind.optional(ANSWERED_CHANGE),
  /** of kind `seen` alone: who comes, and the day until which the alarm is not told again, by its first instant */
  who: kind.optional(kind.name),
  until: kind.optional(kind.instant),
  /** the time of the picture that it was taken from, in the zone of then; absent where the camera still has that zone */
  asEntered: AT_AS_ENTERED,
});
export type CameraEvent = RowOf<typeof CAMERA_EVENT>;

/** The answer to a change. */
export type SceneEvent = CameraEvent & { readonly scene: AnsweredChange };

/** True for an answer that a change is in the scene, as long as it holds for a reference. */
export function isInScene(
  event: CameraEvent,
  reference: Pick<Reference, 'id' | 'goesOnFrom'>,
): event is SceneEvent {
  const { scene } = event;
  return scene?.answer === 'in-scene' && scene.liftedAt === undefined && isAnsweredFor(scene, reference);
}

/** Kinds that a person logs by hand. */
export type LoggedKind = Exclude<CameraEvent['kind'], 'scene' | 'seen'>;

/** True for what a person said and that changes nothing in front of the camera. */
export function isRemark({ kind }: Pick<CameraEvent, 'kind'>): boolean {
  return kind === 'note' || kind === 'seen';
}

/** The facts that all statements on a scored snapshot rest on. */
export type Judged = Pick<
  CompletedJob,
  | 'jobStatus'
  | 'glass'
  | 'awaitsGlass'
  | 'distance'
  | 'thresholds'
  | 'driftStatus'
  | 'blindness'
  | 'cleanMissing'
>;

/** The verdict of the learned distance alone. */
export function learnedVerdictOf(job: Judged): DriftStatus | 'not-checked' {
  if (job.blindness || isUntaught(job)) return 'not-checked';
  return job.driftStatus ?? classify(job.distance, job.thresholds);
}

/** True if a job was not judged because its reference lacks clean pictures. */
export function isUntaught({ cleanMissing = 0 }: Pick<CompletedJob, 'cleanMissing'>): boolean {
  return cleanMissing > 0;
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
  return conclude({
    ...evidenceOf(glass),
    // A model that can tell nothing says so, unless the others speak in its place.
    isReadable: Boolean(glass) || !job.blindness,
    cleanMissing: job.cleanMissing ?? 0,
    isAwaiting: isAwaiting(job),
    learned: job.blindness
      ? null
      : {
          distance,
          status: driftStatus ?? classify(distance, thresholds),
          limit: thresholds.drift,
          isOwn: glass?.isOwnModel ?? true,
        },
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
  const { cleanMissing: missing = 0 } = job;
  if (missing > 0) return { code: 'few-clean', detail: { code: 'clean-missing', missing } };
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
export type CaptureOrder = Pick<FailedJob, 'capturedAt' | 'imageName'> &
  Partial<Pick<FailedJob, 'contentSha256'>>;
