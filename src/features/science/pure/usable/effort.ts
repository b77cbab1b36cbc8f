/** A stretch of time: `end` does not belong to it. */
export interface TimeInterval {
  readonly begin: number;
  readonly end: number;
}

/** So many steps around a snapshot say how often the camera looks. */
const STEPS_AROUND = 14;
/** Further than this, in milliseconds, no snapshot stands for what it did not see: a night, a day. */
const FARTHEST = 3 * 3_600_000;

/**
 * How far to either side each snapshot stands for the time around it: the usual step there, the median of the fourteen
 * around it, but three hours at most.
 *
 * @param times - capture times in milliseconds since 1970, ascending
 */
export function reachesOf(times: readonly number[]): Float64Array {
  const steps = Float64Array.from(times.slice(1), (at, i) => at - times[i]!);
  const reaches = new Float64Array(times.length);
  // Between neighbours one step leaves those around and one comes, so they are kept sorted.
  const around: number[] = [];
  let [begin, end] = [0, 0];
  for (let i = 0; i < times.length; i += 1) {
    const first = Math.min(Math.max(0, i - STEPS_AROUND / 2), Math.max(0, steps.length - STEPS_AROUND));
    for (; end < Math.min(steps.length, first + STEPS_AROUND); end += 1) {
      const step = steps[end]!;
      if (step > 0) around.splice(placeOf(around, step), 0, step);
    }
    for (; begin < first; begin += 1) if (steps[begin]! > 0) around.splice(placeOf(around, steps[begin]!), 1);
    reaches[i] = Math.min(FARTHEST, around[(around.length - 1) >> 1] ?? FARTHEST);
  }
  return reaches;
}

/** Position of a value in a short sorted list. */
function placeOf(sorted: readonly number[], value: number): number {
  let place = 0;
  while (place < sorted.length && sorted[place]! < value) place += 1;
  return place;
}

/**
 * The time that snapshots stand for: each goes half of the way to those beside it, and no further than its reach.
 *
 * @param times - capture times, ascending
 * @param reaches - of each, by `reachesOf`
 * @returns one for each, in order, that do not overlap
 */
export function effortsOf(times: readonly number[], reaches: Float64Array): TimeInterval[] {
  return times.map((at, i) => {
    const before = i === 0 ? -Infinity : (times[i - 1]! + at) / 2;
    const after = i === times.length - 1 ? Infinity : (at + times[i + 1]!) / 2;
    return { begin: Math.max(before, at - reaches[i]!), end: Math.min(after, at + reaches[i]!) };
  });
}
