import { lastCleaning, type CameraEvent } from '../../domain/camera/event';
import type { CompletedJob } from '../../domain/camera/job';
import { positionOf } from '../../domain/glass/glass-facts';
import type { SceneAnswer, SceneChange } from '../../domain/glass/scene-answer';
import { isSamePlace } from '../../domain/glass/scene-change';
import type { VerdictNow } from './verdict-now';

/**
 * The change that a person is asked about: the newest snapshot was judged without it, which it is after no answer but that
 * nobody can tell. That one stands until the next cleaning.
 */
export function askedChange(
  { latest, conclusion }: Pick<VerdictNow, 'latest' | 'conclusion'>,
  events: readonly CameraEvent[],
): SceneChange | null {
  const changed = latest?.glass?.changed;
  if (!changed || !conclusion) return null;
  const cleanedAt = lastCleaning(events, latest.capturedAt) ?? -Infinity;
  const isAnswered = events.some(
    ({ at, scene }) =>
      scene?.answer === 'unknown' &&
      scene.referenceId === latest.referenceId &&
      at >= cleanedAt &&
      isSamePlace(scene, changed),
  );
  return isAnswered ? null : changed;
}

/** The event of an answer to that. @param latest - the snapshot that it was asked with */
export function answerEvent(
  { growth, loss, since }: SceneChange,
  { glass, referenceId }: CompletedJob,
  answer: SceneAnswer,
): Omit<CameraEvent, 'id' | 'cameraId'> {
  const scene = { growth, loss, referenceId, answer, position: positionOf(glass!) };
  return { kind: 'scene', at: since, note: '', scene };
}
