import { isNotClean } from '../glass/evidence';
import type { Camera } from './camera';
import { cycleAt, cyclesOf } from './cycle';
import { breaksWindow, type CameraEvent } from './event';
import type { CompletedJob } from './job';
import type { Reference } from './reference';
import { timelineOf } from './timeline';
import { breaksOf, firstOnset } from '../usable/onset';
import { cycleBegan } from './time/reference-times';
import { isSetAside, verdictOf } from './verdict';

const DAY = 86_400_000;
/** Fewer cycles say nothing of the next one. */
const LEAST_CYCLES = 2;

/** A cycle as it went. */
export interface CycleCourse {
  readonly beganAt: number;
  /** the newest that was made of its pictures; null without one */
  readonly reference: Reference | null;
  /** null while it goes on; `reference`: a person made the next one */
  readonly ended: { readonly at: number; readonly by: 'cleaned' | 'clean' | 'view' | 'reference' } | null;
  /** the onset of the first alarm, or the first warning that stayed if that is earlier; null without both */
  readonly dirtyAt: number | null;
}

/** How long a lens stays clear after it was cleaned, by its cycles that ended. */
export interface StaysClear {
  readonly cycles: number;
  /** in whole days */
  readonly from: number;
  readonly to: number;
}

/**
 * A camera's cycles, oldest first, each with the reference of its pictures that judged. One that a person made begins a
 * cycle of its own where none is known: at the set-up, and in the time before cycles.
 *
 * @param jobs - of its present model, in capture order
 */
export function courseOfCycles(
  camera: Camera,
  events: readonly CameraEvent[],
  references: readonly Reference[],
  jobs: readonly CompletedJob[],
): readonly CycleCourse[] {
  const known = cyclesOf(camera, events);
  const own = new Map<number, Reference | null>(known.map(({ beganAt }) => [beganAt, null]));
  const judging = new Set(
    timelineOf({ camera, references, events, jobs }).map(({ referenceId }) => referenceId),
  );
  for (const reference of references.filter(({ id }) => judging.has(id))) {
    const began = cycleBegan(reference);
    own.set(cycleAt(known, began)?.beganAt ?? began, reference);
  }
  const breaks = breaksOf(events);
  const begins = [...own.keys()].sort((a, b) => a - b);
  return begins.map((beganAt, i): CycleCourse => {
    const ended = endAfter(beganAt, events, begins[i + 1]);
    const end = ended?.at ?? Infinity;
    const within = jobs.filter(({ capturedAt }) => capturedAt >= beganAt && capturedAt < end);
    return { beganAt, reference: own.get(beganAt)!, ended, dirtyAt: firstDirt(within, breaks) };
  });
}

/** @returns null before enough cycles have shown dirt and ended */
export function staysClear(cycles: readonly CycleCourse[]): StaysClear | null {
  const spans = cycles.flatMap(({ beganAt, ended, dirtyAt }) =>
    ended && dirtyAt !== null ? [dirtyAt - beganAt] : [],
  );
  if (spans.length < LEAST_CYCLES) return null;
  const from = Math.floor(Math.min(...spans) / DAY);
  return { cycles: spans.length, from, to: Math.max(from + 1, Math.ceil(Math.max(...spans) / DAY)) };
}

/** When the lens will have to be cleaned, if the cycle that goes on is as those before. */
export interface NextCleaning extends StaysClear {
  readonly earliestAt: number;
  readonly latestAt: number;
}

/** @returns null where too few cycles tell, and where the present one has lasted longer than those or shows dirt */
export function nextCleaning(cycles: readonly CycleCourse[], now: number): NextCleaning | null {
  const [stays, present] = [staysClear(cycles), cycles.at(-1)];
  if (!stays || !present || present.ended || present.dirtyAt !== null) return null;
  const [earliestAt, latestAt] = [stays.from, stays.to].map((days) => present.beganAt + days * DAY);
  return latestAt! > now ? { ...stays, earliestAt: earliestAt!, latestAt: latestAt! } : null;
}

function endAfter(
  beganAt: number,
  events: readonly CameraEvent[],
  next: number | undefined,
): CycleCourse['ended'] {
  const ending = events.filter((event) => breaksWindow(event) && event.at > beganAt);
  const at = Math.min(...ending.map((event) => event.at));
  if (next !== undefined && next < at) return { at: next, by: 'reference' };
  if (at === Infinity) return null;
  const last = ending.filter((event) => event.at === at);
  if (last.some(({ isNewView, beginsCycle }) => isNewView || beginsCycle)) return { at, by: 'view' };
  return { at, by: last.some(({ kind }) => kind === 'clean') ? 'clean' : 'cleaned' };
}

/** A lens that was not clean at the beginning says nothing of how long one stays clear. */
function firstDirt(all: readonly CompletedJob[], breaks: readonly number[]): number | null {
  const jobs = all.filter((job) => !isSetAside(job) && !isNotClean(job.glass));
  const onset = firstOnset(jobs, breaks)?.at;
  const warned = firstWarning(jobs);
  const times = [onset, warned].filter((at) => typeof at === 'number');
  return times.length > 0 ? Math.min(...times) : null;
}

/** The first snapshot of those that warned for a whole window, with no whole window of normal ones between them. */
function firstWarning(jobs: readonly CompletedJob[]): number | null {
  let [first, warned, calm]: [number | null, number, number] = [null, 0, 0];
  for (const job of jobs) {
    const verdict = verdictOf(job);
    if (verdict === 'warning' || verdict === 'drift') {
      first ??= job.capturedAt;
      [warned, calm] = [warned + 1, 0];
      if (warned >= job.detector.windowSize) return first;
    } else if (verdict === 'normal') {
      calm += 1;
      if (calm >= job.detector.windowSize) [first, warned] = [null, 0];
    }
  }
  return null;
}
