import { isoInstant, NOT_A_DATE } from '../../instant';
import { plainName } from '../../files/plain-name';
import { INSTANT, isWithin } from '../../ranges';
import { oneOf, type RowOf } from '../../row';

/** Source of a capture time; a file date is only a guess. */
export const CAPTURE_TIME_SOURCE = oneOf(['file-name', 'exif', 'file-date']);
export type CaptureTimeSource = RowOf<typeof CAPTURE_TIME_SOURCE>;

/** Roboflow renames `A.jpg` to `A_jpg.rf.<hash>.jpg` when it exports a labelled data set. */
const ROBOFLOW_SUFFIX = /_(jpe?g|png|bmp|webp|tiff?)\.rf\.[0-9a-z]+\.[0-9a-z]+$/i;

/**
 * A date and a time, each run together or divided by hyphens, beginning and ending at a word boundary
 * (an underscore is one). Groups: year, month, day, hour, minute, second, milliseconds, zone.
 */
const TIME_IN_NAME =
  /(?:^|[^0-9a-z])(\d{4})(-?)(\d\d)\2(\d\d)[-_T ](\d\d)([-:]?)(\d\d)\6(\d\d)(?:\.(\d{1,3})\d{0,6}(?=Z))?(Z|\+\d\d:?\d\d)?(?![0-9a-z])/gi;

const EXIF_TIME = /^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,3})\d*)?$/;
const OFFSET = /^([+-])(\d\d):(\d\d)$/;

/** Milliseconds since 1970, or null when the calendar or the clock has no such moment. */
function utc(parts: readonly (string | undefined)[]): number | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map(Number);
  if (year < 1970 || year > 2199 || hour > 23 || minute > 59 || second > 59) return null;
  const at = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  // Date.UTC rolls 30 February over into March, and day 0 back
  return at.getUTCMonth() === month - 1 ? at.getTime() : null;
}

/** `"5"` after the point is half a second: 500 ms. */
const milliseconds = (fraction: string | undefined) => Number((fraction ?? '').padEnd(3, '0'));

/** The name a snapshot had at the observatory: without folders and Roboflow's suffix, and what `plainName` removes. */
export function imageNameOf(fileName: string): string {
  const base = fileName.slice(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
  // Configurations list tens of thousands of names, and looking for the pattern in each takes a while.
  return plainName(/\.rf\./i.test(base) ? base.replace(ROBOFLOW_SUFFIX, '.$1') : base);
}

/** A moment as a file states it. */
interface ZonedTime {
  /** milliseconds since 1970: UTC where a zone is stated, else the wall clock as if it were UTC */
  readonly at: number;
  /** minutes that the stated zone is ahead of UTC; null if none is stated */
  readonly offset: number | null;
}

/** A file's statement of its capture time. */
export interface StatedTime {
  /** milliseconds since 1970: UTC where a zone is stated, else the wall clock as if it were UTC */
  readonly at: number;
  readonly source: CaptureTimeSource;
  /** minutes that the zone of EXIF is ahead of UTC; null if it states none, absent if that is not known */
  readonly offset?: number | null;
}

function offsetOf(zone: string): number | null {
  const [, sign, hours, minutes] = OFFSET.exec(zone) ?? [];
  if (sign === undefined) return null;
  const ahead = Number(hours) * 60 + Number(minutes);
  return sign === '-' ? 0 - ahead : ahead;
}

function zoned(at: number, offset: number | null): ZonedTime | null {
  const moment = at - (offset ?? 0) * 60_000;
  return isWithin(INSTANT, moment) ? { at: moment, offset } : null;
}

function timeInName(name: string): ZonedTime | null {
  for (const match of imageNameOf(name).matchAll(TIME_IN_NAME)) {
    const [, year, , month, day, hour, , minute, second, fraction, zone] = match;
    const at = utc([year, month, day, hour, minute, second]);
    if (at === null) continue;
    const colonised = zone?.replace(/^z$/i, '+00:00').replace(/^(...)(\d\d)$/, '$1:$2') ?? '';
    const time = zoned(at + milliseconds(fraction), offsetOf(colonised));
    if (time) return time;
  }
  return null;
}

/**
 * The capture time that a file name states, as UTC unless it says `+hh:mm`; `zone.ts` has the zone of its camera.
 *
 * Reads `20230730-083036-CAMERA.jpg`, also behind Roboflow's suffix, and the forms of other observatories:
 * `20230730_083036`, `2023-07-30T08-30-36`, `20230730T083036.000Z`. The first possible time counts;
 * impossible ones (month 13, 30 February, hour 25) are not times.
 *
 * @returns milliseconds since 1970, or null
 */
export function captureTimeFromName(name: string): number | null {
  return timeInName(name)?.at ?? null;
}

/** True if a file name states its time with a zone. */
export function isZonedName(name: string): boolean {
  return typeof timeInName(name)?.offset === 'number';
}

/** A counter of the files of one name: four digits or more that stand apart, or a number in parentheses. */
const COUNTER = /(?:(?:^|[-_. ])\d{4,}|[-_. ]?\(\d+\))+$/;
const OUTER_DIVIDERS = /^[-_. ]+|[-_. ]+$/g;

function withoutCounter(part: string): string {
  return part.replaceAll(OUTER_DIVIDERS, '').replace(COUNTER, '').replaceAll(OUTER_DIVIDERS, '');
}

/**
 * The camera that a file name states beside its time, in capitals: `IPC608_8B64_165` of
 * `20230730-083036-IPC608_8B64_165.jpg`, also where it stands before the time. A counter is no part of it (`-0001`,
 * ` (1)`); up to three digits at its end may be the camera's own and stay.
 *
 * @returns an empty text where the name states no time, or nothing else
 */
export function cameraNameIn(name: string): string {
  const base = imageNameOf(name).replace(/\.[0-9a-z]{1,5}$/i, '');
  for (const match of base.matchAll(TIME_IN_NAME)) {
    if (captureTimeFromName(match[0]) === null) continue;
    const parts = [base.slice(0, match.index), base.slice(match.index + match[0].length)];
    return parts.map(withoutCounter).join(' ').trim().toUpperCase();
  }
  return '';
}

/**
 * The moment that EXIF's `DateTimeOriginal` and `OffsetTimeOriginal` name.
 *
 * @param dateTimeOriginal - as stored, `2023:07:30 08:30:36`
 * @param offset - as stored, `+02:00`, or null
 * @returns null for an unset clock (`0000:00:00 …`) or an impossible date
 * @see CIPA DC-008 (Exif 2.32), tags 0x9003 and 0x9011
 */
export function exifTime(dateTimeOriginal: string, offset: string | null): ZonedTime | null {
  const match = EXIF_TIME.exec(exifText(dateTimeOriginal));
  const at = match && utc(match.slice(1, 7));
  return at === null ? null : zoned(at + milliseconds(match?.[7]), offsetOf(exifText(offset ?? '')));
}

/** Far more than a date with a fraction of a second. A file may hold 64 kB in its place. */
const LONGEST_EXIF = 64;

function exifText(value: string): string {
  return value.slice(0, LONGEST_EXIF).replace(/\0+$/, '').trim();
}

/**
 * When a snapshot was taken, from the best witness: its name, then EXIF, then the file date, which is only a guess.
 *
 * @param exif - null when the file has no EXIF time
 * @param fileDate - the file's last modification, milliseconds since 1970
 */
export function captureTime(name: string, exif: ZonedTime | null, fileDate: number): StatedTime {
  const named = captureTimeFromName(name);
  if (named !== null) return { at: named, source: 'file-name' };
  if (exif) return { ...exif, source: 'exif' };
  return { at: storable(fileDate), source: 'file-date' };
}

/** The nearest moment that may be stored: a file's date can be any number, and its row would be left out again. */
export function storable(at: number): number {
  return Math.min(Math.max(at, INSTANT.least), INSTANT.most);
}

/** The tutorial's own naming: `YYYYMMDD-HHMMSS-CAMERA.ext`. */
const TUTORIAL_NAME = /^\d{8}-\d{6}-[\w.-]+\.[0-9a-z]{1,5}$/i;

/** A capture time; `wallClock` where its file states it without a zone, as if it were UTC. */
interface WallTime {
  readonly capturedAt: number;
  readonly wallClock?: number;
}

/** The time in the name of a kept picture, milliseconds since 1970: another zone of its camera does not change it. */
export function nameTime({ capturedAt, wallClock }: WallTime): number {
  return wallClock ?? capturedAt;
}

/**
 * The name under which a snapshot's picture is kept, `YYYYMMDD-HHMMSS-CAMERA.ext`: its own name where that is one and
 * states the time that the snapshot is judged by, so that a record's `image_name` leads to the picture. Its time is UTC,
 * or as the file states it where the camera has another zone.
 */
export function originalName(
  snapshot: WallTime & { readonly imageName: string },
  cameraName: string,
): string {
  const { imageName } = snapshot;
  const at = nameTime(snapshot);
  if (TUTORIAL_NAME.test(imageName) && captureTimeFromName(imageName) === at) return imageName;
  const extension = /\.([0-9a-z]{1,5})$/i.exec(imageName)?.[1]?.toLowerCase() ?? 'jpg';
  const camera = cameraName
    .normalize('NFKD')
    .replace(/[^\w.]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  return `${timeStamp(at)}-${camera.slice(0, 60) || 'CAMERA'}.${extension}`;
}

/** `YYYYMMDD-HHMMSS` in UTC; `not-a-date` for a number that is no moment. */
export function timeStamp(at: number): string {
  const iso = isoInstant(at);
  if (iso === NOT_A_DATE) return NOT_A_DATE.replaceAll(' ', '-');
  return iso.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
}
