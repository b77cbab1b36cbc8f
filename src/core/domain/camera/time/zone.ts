import { CLOCK_SHIFT } from '../../ranges';
import { isText, number, optional, row, single, type RowOf } from '../../row';
import { storable } from './capture-time';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/** The zone of cameras that have none of their own. */
export const UTC = 'UTC';

/** The zone and offset of times that the files of a camera state without a zone. */
export const CAMERA_TIME = row({
  /** IANA name of the zone of times that names and EXIF state without one; absent for UTC */
  timeZone: optional(single<string>(isText, (name) => name.length <= 100 && isTimeZone(name))),
  /** milliseconds that are added to these times before; absent for 0 */
  timeOffset: optional(number(CLOCK_SHIFT)),
});
export type CameraTime = RowOf<typeof CAMERA_TIME>;

/** Milliseconds by which a zone is ahead of UTC at a moment. */
export type AheadAt = (at: number) => number;

const zones = new Map<string, AheadAt>([[UTC, () => 0]]);

/** A zone by IANA name: `UTC`, `Europe/Madrid`, `Etc/GMT-2` (UTC + 2 h). @throws RangeError for an unknown name */
export function zoneOf(name: string): AheadAt {
  const zone = zones.get(name) ?? newZone(name);
  zones.set(name, zone);
  return zone;
}

function newZone(name: string): AheadAt {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  const known = new Map<number, number>();
  return (at) => {
    // Clocks are set at full quarters of an hour.
    const quarter = Math.floor(at / (15 * MINUTE)) * 15 * MINUTE;
    let ahead = known.get(quarter);
    if (ahead === undefined) {
      // `7/1/2026, GMT+02:00`, and `GMT` alone for UTC.
      const [, sign, hours = '0', minutes = '0'] =
        /GMT([+-])(\d\d):(\d\d)/.exec(format.format(quarter)) ?? [];
      ahead = (sign === '-' ? -MINUTE : MINUTE) * (Number(hours) * 60 + Number(minutes));
      known.set(quarter, ahead);
    }
    return ahead;
  };
}

/** True for an IANA name that this browser knows, such as `Europe/Madrid`. */
export function isTimeZone(name: string): boolean {
  try {
    // Some browsers take `+02:00` too, and others don't.
    return /^[a-z]/i.test(name) && Number.isFinite(zoneOf(name)(0));
  } catch {
    return false;
  }
}

/** The zone and offset of a camera, without all else. The usual ones are left out. */
export function timeIn({ timeZone = UTC, timeOffset = 0 }: CameraTime): CameraTime {
  return { ...(timeZone !== UTC && { timeZone }), ...(timeOffset !== 0 && { timeOffset }) };
}

export function isSameTime(one: CameraTime, other: CameraTime): boolean {
  return (
    (one.timeZone ?? UTC) === (other.timeZone ?? UTC) && (one.timeOffset ?? 0) === (other.timeOffset ?? 0)
  );
}

/** Names of `UTC-12` … `UTC+14` by zone, whose own names have the other sign. */
export const FIXED_ZONES: ReadonlyMap<string, string> = new Map(
  Array.from({ length: 27 }, (_, i) => i - 12)
    .filter((hours) => hours !== 0)
    .map((hours) => [
      `Etc/GMT${hours < 0 ? '+' : ''}${String(-hours)}`,
      `UTC${hours > 0 ? '+' : ''}${String(hours)}`,
    ]),
);

/**
 * Zones to choose from beside UTC, each once: this device's, the fixed ones, then the others.
 *
 * @param listed - that the browser knows; Firefox lists the fixed ones too
 */
export function zonesBesideUtc(here: string, listed: readonly string[]): readonly string[] {
  return [...new Set([here, ...FIXED_ZONES.keys(), ...listed])].filter((zone) => zone !== UTC);
}

/** The moments at which a zone's clock shows a time, in order: one, but for the hours in which clocks are set. */
export function momentsOf(local: number, aheadAt: AheadAt): readonly number[] {
  const moments = new Set([local - aheadAt(local - DAY), local - aheadAt(local + DAY)]);
  return [...moments].filter((at) => at + aheadAt(at) === local);
}

/**
 * The moment at which a camera's clock shows a time.
 *
 * A time that comes twice in autumn is the first of the two. A time that spring leaves out is later by as much as clocks
 * are put forward (Temporal's "compatible").
 *
 * @param wall - the time that it shows as if it were UTC, milliseconds since 1970
 */
export function toUtc(wall: number, { timeZone = UTC, timeOffset = 0 }: CameraTime): number {
  const right = wall + timeOffset;
  const aheadAt = zoneOf(timeZone);
  return storable(momentsOf(right, aheadAt)[0] ?? right - aheadAt(right - DAY));
}

/** The time that a camera's clock shows at a moment, as if it were UTC. */
export function toWall(at: number, { timeZone = UTC, timeOffset = 0 }: CameraTime): number {
  return storable(at + zoneOf(timeZone)(at) - timeOffset);
}
