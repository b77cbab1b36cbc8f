import type { Camera } from '../../domain/camera/camera';
import { canCallClean } from '../../domain/camera/called-clean';
import { breaksWindow, lastBreak, lastCleaning, type CameraEvent } from '../../domain/camera/event';
import type { CompletedJob } from '../../domain/camera/job';
import type { Reference } from '../../domain/camera/reference';
import { conclusionOf, isUnmeasured, standingAfter, type verdictOf } from '../../domain/camera/verdict';
import { positionOf } from '../../domain/glass/glass-facts';
import type { QuestionAnswer, SceneChange } from '../../domain/glass/scene-answer';
import { isSamePlace } from '../../domain/glass/scene-change';
import { isOfView, viewAnswerOf, type QuestionKind } from '../../domain/glass/stand';

/** Something came at once and stayed, or the view is not a known one: a person is asked what happened. */
export interface Question {
  /** capture time of the first snapshot that shows it */
  readonly since: number;
  readonly kind: QuestionKind;
  /** null where no place changed */
  readonly change: SceneChange | null;
  /** true if nothing else is raised: the lens has no alarm beside it */
  readonly isAlone: boolean;
  /** the snapshot that measured the lens last */
  readonly latest: CompletedJob;
  /** the last counted snapshot before it, and the first that shows it */
  readonly before: CompletedJob | null;
  readonly after: CompletedJob;
  /** how a new clean view begins if camera or scene has changed: the lens has to be clear, and the camera to learn */
  readonly newView: 'learned' | 'after-cleaning' | 'by-hand';
}

/** The camera that a question is about. */
export interface Asking {
  /** the history that its newest snapshot is of, in capture order */
  readonly jobs: readonly CompletedJob[];
  readonly camera: Camera;
  readonly reference: Pick<Reference, 'embeddings' | 'properties'> | null;
}

type Found = Pick<Question, 'since' | 'kind' | 'change'>;

/** The one question of a camera; null while none stands. */
export function questionOf(
  latest: CompletedJob,
  verdict: ReturnType<typeof verdictOf>,
  events: readonly CameraEvent[],
  { jobs, camera, reference }: Asking,
): Question | null {
  const found = foundIn(latest, events, jobs);
  if (!found) return null;
  const { since } = found;
  const isView = isOfView(found);
  const past = jobs.filter(({ capturedAt }) => capturedAt < since);
  const shows = (job: CompletedJob) => job.capturedAt >= since && isUnmeasured(job) === isView;
  const brokenAt = lastBreak(events, since - 1) ?? -Infinity;
  const last = past.findLast(({ capturedAt }) => capturedAt >= brokenAt);
  const wasClear = standingAfter(last ?? null) === 'normal';
  const canLearn = canCallClean(camera, reference);
  return {
    ...found,
    isAlone: isView
      ? verdict !== 'warning' && verdict !== 'drift'
      : verdict !== 'drift' && conclusionOf(latest).code === 'changed',
    latest,
    before: past.findLast((job) => !isUnmeasured(job)) ?? null,
    after: jobs.find(shows) ?? latest,
    newView: !canLearn ? 'by-hand' : wasClear ? 'learned' : 'after-cleaning',
  };
}

function foundIn(
  latest: CompletedJob,
  events: readonly CameraEvent[],
  jobs: readonly CompletedJob[],
): Found | null {
  const ofView = viewAlarmIn(jobs, events);
  if (ofView) return ofView;
  const { visit, changed: change = null } = latest.glass ?? {};
  if (visit?.isAsked)
    return { since: visit.since, kind: visit.kind, change: visit.kind === 'cleared' ? null : change };
  if (!change || visit || isUntellable(change, latest, events)) return null;
  return { since: change.since, kind: 'changed', change };
}

/** The view's alarm in the newest snapshots in a row that don't measure the lens: a night in between is no return. */
function viewAlarmIn(jobs: readonly CompletedJob[], events: readonly CameraEvent[]): Found | null {
  const row = jobs.slice(jobs.findLastIndex((job) => !isUnmeasured(job)) + 1);
  const lit = row.filter(({ glass }) => !glass?.isDark);
  if (!lit.some(({ glass }) => glass?.view.isAlarming)) return null;
  const { capturedAt, glass } = lit[0]!;
  const since = glass?.unseenSince ?? capturedAt;
  const isAnswered = events.some((event) => event.at >= since && (event.scene || breaksWindow(event)));
  if (isAnswered) return null;
  const isUnseen = viewAnswerOf(lit.at(-1)!.glass)!.state === 'unseen';
  return { since, kind: isUnseen ? 'unseen' : 'elsewhere', change: null };
}

/** True if a person has said that nothing happened in this place, until the next cleaning. */
function isUntellable(change: SceneChange, latest: CompletedJob, events: readonly CameraEvent[]): boolean {
  const cleanedAt = lastCleaning(events, latest.capturedAt) ?? -Infinity;
  return events.some(
    ({ at, scene }) =>
      scene?.answer === 'unknown' &&
      scene.referenceId === latest.referenceId &&
      at >= cleanedAt &&
      isSamePlace(scene, change),
  );
}

/** The event of an answer. */
export function answerEvent(
  { since: at, change, latest, newView }: Question,
  answer: QuestionAnswer,
): Omit<CameraEvent, 'id' | 'cameraId'> {
  if (answer === 'cleaned') return { kind: 'cleaned', at, note: '' };
  const { referenceId, glass } = latest;
  const { growth, loss } = change ?? { growth: [], loss: [] };
  const scene = { growth, loss, referenceId, answer, position: positionOf(glass!) };
  const begins = answer === 'in-scene' && newView === 'learned';
  return { kind: 'scene', at, note: '', scene, ...(begins && { beginsCycle: true }) };
}
