import {
  captureTime,
  captureTimeFromName,
  exifTime,
  imageNameOf,
  type StatedTime,
} from '../../domain/camera/time/capture-time';
import type { CameraTime } from '../../domain/camera/time/zone';
import { placedIn, type StatedTiming } from '../../domain/camera/time/job-time';
import { compareJobs } from '../../domain/camera/job';
import { isEncoded } from '../../encoder/is-encoded';
import { unpacked } from '../../encoder/packed-file';
import { Breather } from '../../browser/breather';
import { inParallel } from '../../browser/in-parallel';

/** A file that may be a picture of the camera, with the time it was taken. */
export interface Snapshot extends StatedTiming {
  readonly file: File;
}

/** Number of files that are read for their EXIF at the same time. */
const AT_ONCE = 8;

/**
 * The snapshots with their capture times, oldest first: by name, else EXIF, else the file's date as a guess.
 *
 * @param camera - has the zone of times without one
 * @returns none when the signal is aborted
 */
export async function inCaptureOrder(
  files: readonly File[],
  camera: CameraTime,
  signal: AbortSignal,
): Promise<Snapshot[]> {
  const breather = new Breather();
  const snapshots = await inParallel(
    AT_ONCE,
    files,
    async (file): Promise<Snapshot> => {
      await breather.pause();
      return { file, ...placedIn(camera, imageNameOf(file.name), await statedTimeOf(file)) };
    },
    signal,
  );
  return signal.aborted ? [] : snapshots.sort(compareJobs);
}

/** Capture time that a snapshot's file states: in its name, else its EXIF, else its date. */
export async function statedTimeOf(file: File): Promise<StatedTime> {
  if (isEncoded(file)) return file.stated;
  // A file's date makes the page wait until the browser has asked the disk: a quarter of a millisecond (Chromium 156).
  if (captureTimeFromName(file.name) !== null) return captureTime(file.name, null, 0);
  return captureTime(file.name, await exifOf(file), file.lastModified);
}

/** Bytes. EXIF stands before the picture, in 64 kB; 10 MB of empty boxes kept exifr, and the page, busy for a second. */
const HEAD = 2 ** 18;

/**
 * Tags of EXIF by number, which spares exifr its dictionaries.
 *
 * @see CIPA DC-008, 4.6
 */
const DATE_TIME_ORIGINAL = 0x9003;
const OFFSET_TIME_ORIGINAL = 0x9011;
const READ = {
  exif: [DATE_TIME_ORIGINAL, OFFSET_TIME_ORIGINAL],
  ifd0: false,
  gps: false,
  ihdr: false,
  translateKeys: false,
  translateValues: false,
  reviveValues: false,
};

/** The time in the picture's own EXIF, or null when it has none that can be read. */
async function exifOf(file: File): Promise<ReturnType<typeof exifTime>> {
  const { parse } = await import('./exifr');
  try {
    const head = await (await unpacked(file)).slice(0, HEAD).arrayBuffer();
    if (leadsNowhere(new DataView(head))) return null;
    // exifr returns a tag in any type that the file declares.
    const tags = await parse(head, READ);
    const { [DATE_TIME_ORIGINAL]: time, [OFFSET_TIME_ORIGINAL]: offset } = tags ?? {};
    return typeof time === 'string' ? exifTime(time, typeof offset === 'string' ? offset : null) : null;
  } catch {
    // Not a picture, or one without EXIF: the decoder finds out which.
    return null;
  }
}

/**
 * True if a HEIF or AVIF head has no `meta` box, or a box without a length before it: exifr would search for ever.
 *
 * @see ISO/IEC 14496-12, 4.2
 */
function leadsNowhere(head: DataView): boolean {
  // Every other kind of picture begins with another byte, and the first box is short.
  if (head.byteLength < 8 || head.getUint16(0) !== 0) return false;
  for (let at = 0; at + 8 <= head.byteLength;) {
    if (head.getUint32(at + 4) === META) return false;
    const length = head.getUint32(at);
    if (length < 8) return true;
    at += length;
  }
  return true;
}

/** The kind `meta` as a number. */
const META = 0x6d657461;
