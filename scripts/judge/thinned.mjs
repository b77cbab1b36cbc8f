/**
 * Tests onset detection on more than the few cycles that there are: each is thinned, and also judged by the references
 * of the others, as when a camera keeps its reference over a cleaning.
 */
import { glassMethods } from './methods.mjs';
import { usableTime } from './usable.mjs';

/** How often each course is thinned, and what is left of its snapshots. */
const TIMES = 3;
const LEFT = 0.6;
/** An onset so many days from the labelled one is found. */
const NEAR = 5;

/**
 * @param {(name: string) => Promise<Record<string, any>>} load - of `withDomain`
 * @param {import('./cameras.mjs').Course[]} courses - with an onset
 * @returns rows of a table
 */
export async function thinnedOnsets(load, courses) {
  const tried = courses.flatMap(({ camera, reference }, of) =>
    courses.flatMap((course, i) => {
      const stream = of === i ? course.stream : course.whole;
      const streams = [stream, ...Array.from({ length: TIMES }, (_, seed) => thinned(stream, seed + 1))];
      return streams.map((stream) => ({ ...course, camera, reference, stream, isOwn: of === i }));
    }),
  );
  const [{ notes }] = await glassMethods(load, tried);
  const { onsets } = await usableTime(
    load,
    tried,
    notes.map(({ jobs }) => jobs),
  );
  const row = (references, isCounted) => {
    const rows = onsets.filter((_, i) => isCounted(tried[i]));
    return {
      references,
      courses: rows.length,
      [`within ${NEAR} days`]: rows.filter((row) => Math.abs(row['off by days']) <= NEAR).length,
      'interval covers it': rows.filter((row) => row['covers it'] === 'yes').length,
    };
  };
  return [row('their own', ({ isOwn }) => isOwn), row('of the other cycles', ({ isOwn }) => !isOwn)];
}

/** Some of the snapshots, the same in every run. */
function thinned(stream, seed) {
  let state = seed * 7919 + 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return stream.filter(() => next() < LEFT);
}
