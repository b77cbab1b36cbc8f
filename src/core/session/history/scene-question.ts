import type { Camera } from '../../domain/camera/camera';
import { canCallClean } from '../../domain/camera/called-clean';
import { breaksWindow, lastBreak, lastCleaning, type CameraEvent } from '../../domain/camera/event';
import type { CompletedJob } from '../../domain/camera/job';
import type { Reference } from '../../domain/camera/reference';
import { isSetAside, standingAfter } from '../../domain/camera/verdict';
import type { Conclusion } from '../../domain/glass/conclusion';
import { positionOf, type VisitFacts } from '../../domain/glass/glass-facts';
import type { QuestionAnswer, SceneChange } from '../../domain/glass/scene-answer';
import { isSamePlace } from '../../domain/glass/scene-change';

/** Something came at once and stayed: a person is asked what happened. */
export interface Question {
  /** capture time of the first snapshot that shows it */
  readonly since: number;
  readonly kind: VisitFacts['kind'] | 'elsewhere';
  /** null where no place changed */
  readonly change: SceneChange | null;
  /** true if nothing else is raised: until there is an answer, there is no alarm */
  readonly isAlone: boolean;
  /** the snapshot with which it is asked */
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
  { code, level }: Conclusion,
  events: readonly CameraEvent[],
  { jobs, camera, reference }: Asking,
): Question | null {
  const found = foundIn(latest, events, jobs);
  if (!found) return null;
  const { since, kind } = found;
  const past = jobs.filter(({ capturedAt }) => capturedAt < since);
  const shows = (job: CompletedJob) => job.capturedAt >= since && isSetAside(job) === (kind === 'elsewhere');
  const brokenAt = lastBreak(events, since - 1) ?? -Infinity;
  const last = past.findLast(({ capturedAt }) => capturedAt >= brokenAt);
  const wasClear = standingAfter(last ?? null) === 'normal';
  const canLearn = canCallClean(camera, reference);
  return {
    ...found,
    isAlone: level !== 'drift' && (code === 'changed' || kind === 'elsewhere'),
    latest,
    before: past.findLast((job) => !isSetAside(job)) ?? null,
    after: jobs.find(shows) ?? latest,
    newView: !canLearn ? 'by-hand' : wasClear ? 'learned' : 'after-cleaning',
  };
}

function foundIn(
  latest: CompletedJob,
  events: readonly CameraEvent[],
  jobs: readonly CompletedJob[],
): Found | null {
  const { visit, changed: change = null } = latest.glass ?? {};
  if (visit?.isAsked)
    return { since: visit.since, kind: visit.kind, change: visit.kind === 'cleared' ? null : change };
  const row = isSetAside(latest) ? rowUpTo(latest, jobs) : [];
  if (row.some(({ glass }) => glass?.view.hasMoved)) {
    const since = row.find(({ glass }) => glass?.view.isAside)!.capturedAt;
    const isAnswered = events.some((event) => event.at >= since && (event.scene || breaksWindow(event)));
    return isAnswered ? null : { since, kind: 'elsewhere', change: null };
  }
  if (!change || visit || isUntellable(change, latest, events)) return null;
  return { since: change.since, kind: 'changed', change };
}

/** The newest snapshots in a row that are set aside: a night in between is no return. */
function rowUpTo(latest: CompletedJob, jobs: readonly CompletedJob[]): readonly CompletedJob[] {
  const past = jobs.filter(({ capturedAt }) => capturedAt <= latest.capturedAt);
  return past.slice(past.findLastIndex((job) => !isSetAside(job)) + 1);
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
