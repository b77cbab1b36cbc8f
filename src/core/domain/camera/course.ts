import type { CameraEvent } from './event';
import { isOfSameHistory, type CompletedJob, type Job } from './job';
import { isSetAside, verdictOf } from './verdict';
import { spokenOf, timesOf, type SpokenDistance } from './spoken';
import { windowLength } from './window';

/** A camera's distances against their limits, for a timeline. */
export interface Course {
  /** one job for each snapshot, in capture order */
  readonly jobs: readonly CompletedJob[];
  /** capture time of each, in milliseconds since 1970 */
  readonly at: Float64Array;
  /** of each, in times of the drift limit; NaN if there is no distance */
  readonly times: Float64Array;
  /** `heightOf` each */
  readonly heights: Float64Array;
  /** severity of each, as an index in `GRADES`; NOT_GRADED for snapshots that are set aside */
  readonly grades: Uint8Array;
  /** indices of jobs with a distance */
  readonly scored: readonly number[];
}

/** A stretch of a course: from the job at `first` to the one before `end`. */
export interface CourseSlice {
  readonly first: number;
  readonly end: number;
}

/** Number of jobs that take less than a frame. */
const PIECE = 256;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A pause of this many usual steps breaks the line if it is also longer than a day and a half. */
const LONG_STEPS = 8;
const LEAST_PAUSE = 1.5 * DAY;
/** Number of windows for the usual span of a window. */
const MOST_SPANS = 200;
/** A window has collapsed if it spans less than this share of the usual span. */
const COLLAPSED = 0.25;

/** @param jobs - one for each snapshot, in capture order; see `oneLine` */
export function courseOf(jobs: readonly CompletedJob[]): Course {
  const at = new Float64Array(jobs.length);
  const times = new Float64Array(jobs.length);
  const heights = new Float64Array(jobs.length);
  const grades = new Uint8Array(jobs.length);
  const scored: number[] = [];
  for (const [i, job] of jobs.entries()) {
    const mark = marks.get(job) ?? markOf(job);
    at[i] = job.capturedAt;
    times[i] = mark.times;
    heights[i] = mark.height;
    grades[i] = mark.grade;
    if (!Number.isNaN(mark.times)) scored.push(i);
  }
  return { jobs, at, times, heights, grades, scored };
}

/**
 * Prepares each job for `courseOf`, in pieces, so that other work can run between them.
 *
 * @param pause - awaited after each piece
 * @param isWanted - is asked after each pause
 */
export async function prepareCourse(
  jobs: readonly CompletedJob[],
  pause: () => Promise<void>,
  isWanted: () => boolean,
): Promise<void> {
  for (const [i, job] of jobs.entries()) {
    if (marks.has(job)) continue;
    markOf(job);
    if (i % PIECE !== 0) continue;
    await pause();
    if (!isWanted()) return;
  }
}

interface Mark {
  readonly times: number;
  readonly height: number;
  readonly grade: number;
}

/** Cache of each job's values in any course: scoring remakes the course of a long history often. */
const marks = new WeakMap<CompletedJob, Mark>();

function markOf(job: CompletedJob): Mark {
  const spoken = spokenOf(job);
  const times = spoken ? timesOf(spoken) : Number.NaN;
  const height = spoken ? heightOf(spoken) : Number.NaN;
  const grade = isSetAside(job) ? NOT_GRADED : GRADES.indexOf(gradeOf(job, times, height));
  const mark = { times, height, grade };
  marks.set(job, mark);
  return mark;
}

/** Heights of both limits on a timeline, in shares of it. */
export const LIMIT_HEIGHTS = { warning: 0.5, drift: 0.7 } as const;

/**
 * Height of a distance between its own limits, in shares of a timeline: for any detector and limits,
 * it lies in the part of its verdict. The part above the drift limit has room for any distance.
 */
export function heightOf({ distance, thresholds }: Pick<SpokenDistance, 'distance' | 'thresholds'>): number {
  const { warning, drift } = thresholds;
  const [low, high] = [LIMIT_HEIGHTS.warning, LIMIT_HEIGHTS.drift];
  if (distance <= 0) return 0;
  if (distance <= warning) return (low * distance) / warning;
  if (distance <= drift) return low + ((high - low) * (distance - warning)) / (drift - warning);
  return 1 - (1 - high) * Math.sqrt(drift / distance);
}

/**
 * One line through all versions of model, reference and settings: if several judged a snapshot, the job of the
 * history that began last.
 *
 * @param jobs - of one camera, in capture order: each scored one is of a history
 * @param histories - in the order in which they were begun
 */
export function oneLine(
  jobs: readonly Job[],
  histories: readonly { readonly jobs: readonly CompletedJob[] }[],
): readonly CompletedJob[] {
  const [oldest, ...others] = histories.filter((history) => history.jobs.length > 0);
  if (!oldest || others.length === 0) return oldest?.jobs ?? [];
  const later = new Set<string>();
  const superseded = new Set<Job>();
  for (const history of [oldest, ...others].reverse()) {
    for (const job of history.jobs) if (later.has(job.contentSha256)) superseded.add(job);
    // No one asks for the contents of the oldest, which is mostly the longest.
    if (history !== oldest) for (const { contentSha256 } of history.jobs) later.add(contentSha256);
  }
  return jobs.filter((job): job is CompletedJob => job.jobStatus === 'Completed' && !superseded.has(job));
}

/** The jobs of a course that were captured from one instant to another, both included. */
export function courseBetween({ at }: Course, from: number, to: number): CourseSlice {
  return { first: firstFrom(at, from), end: firstFrom(at, to, true) };
}

/** Index of the first instant not before another; with `isAfter`, of the first after it. */
function firstFrom(at: Float64Array, instant: number, isAfter = false): number {
  let [low, high] = [0, at.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const here = at[middle]!;
    if (here < instant || (isAfter && here === instant)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the job with a distance that is nearest to an instant; null if no job has one. */
export function nearest({ at, times }: Course, instant: number, { first, end }: CourseSlice): number | null {
  let found: number | null = null;
  let right = Math.min(Math.max(firstFrom(at, instant), first), end);
  let left = right - 1;
  while (found === null && (left >= first || right < end)) {
    const isLeft = right >= end || (left >= first && instant - at[left]! <= at[right]! - instant);
    const i = isLeft ? left : right;
    if (!Number.isNaN(times[i]!)) found = i;
    if (isLeft) left -= 1;
    else right += 1;
  }
  return found;
}

/**
 * Few enough indices to draw: the first, lowest, highest and last job with a distance of each part, so that no
 * peak is lost.
 *
 * @param most - how many there are at most, about
 */
export function thinnedPlaces(
  { heights }: Course,
  { first, end }: CourseSlice,
  most: number,
): readonly number[] {
  const step = Math.max(1, Math.ceil((4 * (end - first)) / most));
  const places: number[] = [];
  for (let start = first; start < end; start += step) {
    let [head, tail, lowest, highest] = [-1, -1, -1, -1];
    for (let i = start; i < Math.min(start + step, end); i += 1) {
      const here = heights[i]!;
      if (Number.isNaN(here)) continue;
      if (head < 0) head = i;
      tail = i;
      if (lowest < 0 || here < heights[lowest]!) lowest = i;
      if (highest < 0 || here > heights[highest]!) highest = i;
    }
    for (const place of [head, Math.min(lowest, highest), Math.max(lowest, highest), tail]) {
      if (place >= 0 && place > (places.at(-1) ?? -1)) places.push(place);
    }
  }
  return places;
}

/** A pause longer than this breaks a line, in milliseconds. @param steps - between snapshots, in milliseconds */
export function longestStep(usual: number | null): number {
  return Math.max(LONG_STEPS * (usual ?? 0), LEAST_PAUSE);
}

/**
 * True if no line joins two jobs of a course: the camera paused, a window filled, or another model or detector follows.
 *
 * @param longest - see `longestStep`
 */
export function isBroken({ jobs, at, grades }: Course, from: number, to: number, longest: number): boolean {
  for (let i = from + 1; i <= to; i += 1) {
    if (at[i]! - at[i - 1]! > longest || (grades[i] === UNJUDGED && i < to)) return true;
  }
  const { referenceId } = jobs[to]!;
  return !isOfSameHistory({ ...jobs[from]!, referenceId }, jobs[to]!);
}

/** Worst severity in an hour; `unjudged` if no snapshot in it has a distance. */
export type Grade = 'unjudged' | 'low' | 'normal' | 'warning' | 'drift' | 'far';

/** From the best to the worst. */
export const GRADES: readonly Grade[] = ['unjudged', 'low', 'normal', 'warning', 'drift', 'far'];
const UNJUDGED = GRADES.indexOf('unjudged');
const NOT_GRADED = 255;

/** An hour of the day, in one day or several consecutive days. */
interface HourCell {
  /** the first of its days, at midnight UTC, in milliseconds since 1970 */
  readonly from: number;
  /** 0 to 23, UTC */
  readonly hour: number;
  readonly grade: Grade;
}

/** Grid of days and hours. */
export interface Calendar {
  /** days per column */
  readonly days: number;
  /** hours with a snapshot, day by day */
  readonly cells: readonly HourCell[];
}

/**
 * Each hour of each day by its worst snapshot.
 *
 * @param view - the span whose days are shown, in milliseconds since 1970
 * @param most - largest number of columns: if there are more days, several share one
 */
export function courseCalendar(
  course: Course,
  view: { readonly from: number; readonly to: number },
  most: number,
): Calendar {
  const { at, grades } = course;
  // A day that is partly in view is shown whole.
  const { first, end } = courseBetween(
    course,
    Math.floor(view.from / DAY) * DAY,
    Math.ceil(view.to / DAY) * DAY - 1,
  );
  if (end <= first) return { days: 1, cells: [] };
  const begin = Math.floor(at[first]! / DAY);
  const days = Math.max(1, Math.ceil((Math.floor(at[end - 1]! / DAY) - begin + 1) / most));
  const worst = new Map<number, number>();
  for (let i = first; i < end; i += 1) {
    const grade = grades[i]!;
    if (grade === NOT_GRADED) continue;
    const column = Math.floor((Math.floor(at[i]! / DAY) - begin) / days);
    const place = column * 24 + Math.floor((at[i]! % DAY) / HOUR);
    if (grade > (worst.get(place) ?? -1)) worst.set(place, grade);
  }
  const cells = [...worst]
    .sort(([a], [b]) => a - b)
    .map(([place, grade]) => ({
      from: (begin + Math.floor(place / 24) * days) * DAY,
      hour: place % 24,
      grade: GRADES[grade]!,
    }));
  return { days, cells };
}

function gradeOf(job: CompletedJob, times: number, height: number): Grade {
  const verdict = verdictOf(job);
  if (verdict === 'drift') return times > 2 ? 'far' : 'drift';
  if (verdict === 'warning') return 'warning';
  if (Number.isNaN(times)) return 'unjudged';
  return height > LIMIT_HEIGHTS.warning / 2 ? 'normal' : 'low';
}

/** The time that a window spans, and if it is far less than usual. */
export interface WindowSpan {
  readonly snapshots: number;
  /** milliseconds from its oldest snapshot to its newest */
  readonly span: number;
  /** the median of this camera, in milliseconds */
  readonly usual: number;
  readonly hasCollapsed: boolean;
}

/**
 * The time that a job's window spans. A window counts snapshots, so a camera that takes them more often compares
 * fewer hours with the reference.
 *
 * @param place - of the job in the course
 * @param events - of the camera
 * @returns null if the window is not full, or holds snapshots of the reference, which were taken at other times
 */
export function windowSpanOf(
  course: Course,
  place: number,
  events: readonly CameraEvent[],
): WindowSpan | null {
  const span = windowLength(course.jobs, place, events);
  if (span === null) return null;
  const step = Math.max(1, Math.floor(course.jobs.length / MOST_SPANS));
  const spans: number[] = [];
  for (let i = place % step; i < course.jobs.length; i += step) {
    const other = windowLength(course.jobs, i, events);
    if (other !== null) spans.push(other);
  }
  const usual = spans.sort((a, b) => a - b)[spans.length >> 1]!;
  return {
    snapshots: course.jobs[place]!.windowFill,
    span,
    usual,
    hasCollapsed: span < COLLAPSED * usual,
  };
}
