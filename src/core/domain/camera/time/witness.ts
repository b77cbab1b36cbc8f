import type { CaptureTimeSource } from './capture-time';
import { compareJobs } from '../job';
import { isPlain } from './clock';
import { statedTime, timingOf, type StatedTiming, type TimeFacts, type TimingFacts } from './job-time';

/** A file's statement of its capture time. */
export type Witness = TimeFacts & Pick<TimingFacts, 'capturedAtSource'>;

/** Milliseconds. Zip files and FAT keep dates in steps of two seconds, so a copy's date may be cut down to one. */
const DATE_STEP = 2000;

const BEST_FIRST: readonly CaptureTimeSource[] = ['file-name', 'exif', 'file-date'];

/**
 * True if a copy of a content is the better witness of its time: first by a time that no other snapshot can make wrong,
 * then by its source, then by the earlier time. Of two equal ones neither does.
 *
 * @param now - milliseconds since 1970
 */
export function isBetterWitness(one: Witness, other: Witness, now: number): boolean {
  const isRight = (witness: Witness) => isPlain(statedTime(witness), now);
  if (isRight(one) !== isRight(other)) return isRight(one);
  const rank = ({ capturedAtSource }: Witness) => BEST_FIRST.indexOf(capturedAtSource);
  if (rank(one) !== rank(other)) return rank(one) < rank(other);
  const step = one.capturedAtSource === 'file-date' ? DATE_STEP : 1;
  return Math.floor(statedTime(one) / step) < Math.floor(statedTime(other) / step);
}

/**
 * Snapshots in the order of their times: copies of one content all go by its best witness.
 *
 * @param contentOf - SHA-256 of a file; empty if it is not known
 * @param now - milliseconds since 1970
 */
export function byBestWitness<T extends StatedTiming>(
  snapshots: readonly T[],
  contentOf: (snapshot: T) => string,
  now: number,
): T[] {
  const best = new Map<string, T>();
  for (const snapshot of snapshots) {
    const content = contentOf(snapshot);
    const other = best.get(content);
    if (content !== '' && (!other || isBetterWitness(snapshot, other, now))) best.set(content, snapshot);
  }
  return snapshots
    .map((snapshot) => {
      const { statedOffset: _statedOffset, wallClock: _wallClock, ...own } = snapshot;
      return { ...own, ...timingOf(best.get(contentOf(snapshot)) ?? snapshot) } as T;
    })
    .sort(compareJobs);
}
