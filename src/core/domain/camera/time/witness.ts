import { compareJobs, type CaptureTimeSource } from '../job';
import { inRightTime, statedTime, type ClockFacts, type Stated, type Timed } from './clock';

/** A file's statement of its capture time. */
export type Witness = Timed & Pick<Stated, 'capturedAtSource'>;

/** Milliseconds. Zip files and FAT keep dates in steps of two seconds, so a copy's date may be cut down to one. */
const DATE_STEP = 2000;

const BEST_FIRST: readonly CaptureTimeSource[] = ['file-name', 'exif', 'file-date'];

/**
 * True if a copy of a content is the better witness of its time: first by a time that can be right, then by its
 * source, then by the earlier time. Of two equal ones neither does.
 */
export function isBetterWitness(one: Witness, other: Witness): boolean {
  if (Boolean(one.fault) !== Boolean(other.fault)) return !one.fault;
  const rank = ({ capturedAtSource }: Witness) => BEST_FIRST.indexOf(capturedAtSource);
  if (rank(one) !== rank(other)) return rank(one) < rank(other);
  const step = one.capturedAtSource === 'file-date' ? DATE_STEP : 1;
  return Math.floor(statedTime(one) / step) < Math.floor(statedTime(other) / step);
}

/**
 * Snapshots in the order in which they are judged: copies of one content all go by its best witness.
 *
 * @param run - files that came together, in the order of their stated times
 * @param contentOf - SHA-256 of a file; empty where it is not known
 */
export function byBestWitness<T extends Stated>(
  run: readonly T[],
  contentOf: (file: T) => string,
  facts: ClockFacts<T>,
): (T & Timed)[] {
  const times = inRightTime(run, facts);
  const timed = run.map((file, i) => {
    const { imageName, capturedAtSource } = file;
    return { file, content: contentOf(file), witness: { imageName, capturedAtSource, ...times[i]! } };
  });
  const best = new Map<string, (typeof timed)[number]['witness']>();
  for (const { content, witness } of timed) {
    const other = best.get(content);
    if (content !== '' && (!other || isBetterWitness(witness, other))) best.set(content, witness);
  }
  return timed
    .map(({ file, content, witness }) => ({ ...file, ...(best.get(content) ?? witness) }))
    .sort(compareJobs);
}
