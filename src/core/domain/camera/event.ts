import { ANSWERED_CHANGE, type AnsweredChange } from '../glass/scene-answer';
import * as kind from '../row';
import type { RowOf } from '../row';
import { AT_AS_ENTERED } from './camera';
import { isAnsweredFor, type Reference } from './reference';

/**
 * `clean`: a person has seen that the lens is clean from its time on. `scene`: a person has judged a change, from its
 * time on. `seen`: a person has acknowledged an alarm.
 */
const EVENT_KINDS = ['cleaned', 'clean', 'moved', 'note', 'scene', 'seen'] as const;

/** Something that happened to the camera, at a capture time. */
export const CAMERA_EVENT = kind.row({
  id: kind.id,
  cameraId: kind.id,
  kind: kind.oneOf(EVENT_KINDS),
  at: kind.instant,
  note: kind.note,
  /** from then on the camera has another view and another reference: no window crosses it */
  isNewView: kind.yes,
  /** only for kind `scene` */
  scene: kind.optional(ANSWERED_CHANGE),
  /** only for kind `scene`: the lens was clean before, so that a cycle begins with what has changed */
  beginsCycle: kind.yes,
  /** only for kind `seen`: who comes */
  who: kind.optional(kind.name),
  /** first instant of the day until which a `seen` alarm is not repeated; the last picture called `clean` */
  until: kind.optional(kind.instant),
  /** time of its picture in the zone of then; absent if the camera still has that zone */
  asEntered: AT_AS_ENTERED,
});
export type CameraEvent = RowOf<typeof CAMERA_EVENT>;

/** The answer to a change. */
export type SceneEvent = CameraEvent & { readonly scene: AnsweredChange };

/** True for an answer that a change is in the scene, while it applies to a reference. */
export function isInScene(
  event: CameraEvent,
  reference: Pick<Reference, 'id' | 'goesOnFrom'>,
): event is SceneEvent {
  const { scene } = event;
  return scene?.answer === 'in-scene' && scene.liftedAt === undefined && isAnsweredFor(scene, reference);
}

/** Kinds that a person logs by hand. */
export type LoggedKind = Exclude<CameraEvent['kind'], 'clean' | 'scene' | 'seen'>;

/** True for events that state something but change nothing in front of the camera. */
export function isRemark({ kind }: Pick<CameraEvent, 'kind'>): boolean {
  return kind === 'note' || kind === 'seen';
}

/** True if no window crosses an event: the lens is clean from then on, or the view is another one. */
export function breaksWindow({
  kind,
  isNewView,
  beginsCycle,
}: Pick<CameraEvent, 'kind' | 'isNewView' | 'beginsCycle'>): boolean {
  return kind === 'cleaned' || kind === 'clean' || isNewView === true || beginsCycle === true;
}

/** The last event at or before an instant that no window crosses, or null. */
export function lastBreak(events: readonly CameraEvent[], at: number): number | null {
  const times = events.filter((event) => breaksWindow(event) && event.at <= at).map((event) => event.at);
  return times.length > 0 ? Math.max(...times) : null;
}

/** The last cleaning at or before an instant, or null. */
export function lastCleaning(events: readonly CameraEvent[], at: number): number | null {
  const times = events.filter((event) => event.kind === 'cleaned' && event.at <= at).map((event) => event.at);
  return times.length > 0 ? Math.max(...times) : null;
}
