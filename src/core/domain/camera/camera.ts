import { JUDGING } from '../drift/judging';
import { TRANSFORM } from '../model/model';
import { CLOCK_SHIFT } from '../ranges';
import * as kind from '../row';
import type { RowOf } from '../row';
import { DEPLOYMENT, type Deployment } from './deployment';
import { CAMERA_TIME, timeIn, type CameraTime } from './time/zone';

/** How the window is filled before the first snapshot counts. */
const WARM_UP_SOURCE = kind.oneOf(['reference', 'snapshots', 'none']);
export type WarmUpSource = RowOf<typeof WARM_UP_SOURCE>;

/** A person's correction of times that files state. */
const CLOCK_CORRECTION = kind.row({
  /** the first and the last stated time that it applies to, in milliseconds since 1970 */
  from: kind.anyInstant,
  to: kind.anyInstant,
  /** milliseconds added to them; null: the true times are not known, and the snapshots are not used */
  by: kind.orNull(kind.number(CLOCK_SHIFT)),
  madeAt: kind.anyInstant,
});
export type ClockCorrection = RowOf<typeof CLOCK_CORRECTION>;

/** A time as it was entered, with the zone and offset that its camera had then. */
export const AT_AS_ENTERED = kind.optional(kind.row({ ...CAMERA_TIME.fields, at: kind.instant }));

/** A reference and the capture time from which it judges, until the next one; the first also judges all before it. */
const IN_FORCE = kind.row({
  /** milliseconds since 1970 */
  at: kind.anyInstant,
  referenceId: kind.id,
  /** absent if the camera still has that zone */
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
  /** the tutorial's configuration, unchanged, with keys that Porthole ignores */
  configToml: kind.orNull(kind.text(LONGEST_CONFIG)),
  isDemo: kind.flag,
  ...CAMERA_TIME.fields,
  /** oldest first; absent if its clock was never corrected */
  clockCorrections: kind.optional(kind.listOf(CLOCK_CORRECTION)),
  /**
   * file dates up to this moment count as capture times if there is no better source; absent: all file dates, as in
   * earlier versions
   */
  fileDatesUntil: kind.optional(kind.anyInstant),
  /** which reference judges from which capture time on; absent until a version that keeps it stores one */
  timeline: kind.optional(kind.listOf(IN_FORCE)),
  /** capture time before which deletion by age removed snapshots: no window crosses it */
  horizon: kind.optional(kind.anyInstant),
  /** absent if it still has that zone */
  horizonAsEntered: AT_AS_ENTERED,
  /**
   * true if its history is judged as one ordered batch; false if a person keeps the judgements of earlier versions;
   * absent until this is checked
   */
  judgedInOrder: kind.optional(kind.flag),
  /** capture time from which a cleaning begins a cycle with its own reference; absent if none does */
  cyclesFrom: kind.optional(kind.anyInstant),
  /** false if its reference stays after a cleaning, as in the tutorial */
  renewsReference: kind.optional(kind.flag),
  /** true if exports flag jobs between an onset and its alarm as suspect, beside the original flags */
  flagsSinceOnset: kind.yes,
  deployment: kind.optional(DEPLOYMENT),
  createdAt: kind.instant,
});
export type Camera = RowOf<typeof CAMERA>;

/** A camera with another deployment; an empty one is left out. */
export function withDeployment(camera: Camera, deployment: Deployment): Camera {
  const { deployment: _before, ...rest } = camera;
  return Object.keys(deployment).length === 0 ? rest : { ...rest, deployment };
}

/** A camera with another zone and offset. */
export function withTime(camera: Camera, time: CameraTime): Camera {
  const { timeZone: _zone, timeOffset: _offset, ...rest } = camera;
  return { ...rest, ...timeIn(time) };
}
