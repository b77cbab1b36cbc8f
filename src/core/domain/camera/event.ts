import { ANSWERED_CHANGE, type AnsweredChange } from '../glass/scene-answer';
import * as kind from '../row';
import type { RowOf } from '../row';
import { AT_AS_ENTERED } from './camera';
import { isAnsweredFor, type Reference } from './reference';

/**
 * `clean`: the lens is clean from its time on, as a person has seen. `scene`: a change that a person has judged, from its
 * time on. `seen`: an alarm that a person knows of.
 */
const EVENT_KINDS = ['cleaned', 'clean', 'moved', 'note', 'scene', 'seen'] as const;

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
  /** of kind `seen` alone: who comes */
  who: kind.optional(kind.name),
  /** the day until which an alarm that is `seen` is not told again, by its first instant; the last picture called `clean` */
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
export type LoggedKind = Exclude<CameraEvent['kind'], 'clean' | 'scene' | 'seen'>;

/** True for what a person said and that changes nothing in front of the camera. */
export function isRemark({ kind }: Pick<CameraEvent, 'kind'>): boolean {
  return kind === 'note' || kind === 'seen';
}

/** True if no window reaches back over an event: the lens is clean from then on, or the view another one. */
export function breaksWindow({ kind, isNewView }: Pick<CameraEvent, 'kind' | 'isNewView'>): boolean {
  return kind === 'cleaned' || kind === 'clean' || isNewView === true;
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
