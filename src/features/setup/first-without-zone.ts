import { captureTimeFromName, isZonedName } from '../../core/domain/camera/time/capture-time';
import { statedTimeOf } from '../../core/session/scoring/capture-order';

/** Files whose EXIF is read to find one without a zone: a camera writes them all alike. */
const MOST_READ = 100;

/**
 * The first time that a name states without a zone, or else EXIF, as if it were UTC, in milliseconds since 1970; null where
 * every one states its zone.
 */
export async function firstWithoutZone(files: readonly File[]): Promise<number | null> {
  const unnamed: File[] = [];
  let first = Infinity;
  for (const file of files) {
    const at = captureTimeFromName(file.name);
    if (at === null) unnamed.push(file);
    else if (!isZonedName(file.name)) first = Math.min(first, at);
  }
  if (first < Infinity) return first;
  for (const file of unnamed.slice(0, MOST_READ)) {
    const { at, source, offset } = await statedTimeOf(file);
    if (source === 'exif' && typeof offset !== 'number') return at;
  }
  return null;
}
