import { isAside } from '../camera/time/clock';
import type { Camera } from '../camera/camera';
import type { CameraEvent } from '../camera/event';
import { compareJobs, type Job } from '../camera/job';
import { conclusionOf } from '../camera/verdict';
import { spokenOf, timesOf } from '../camera/spoken';
import { isUnseen, type Conclusion, type ConclusionCode } from '../glass/conclusion';
import { isTurned } from '../glass/turn';
import { breaksOf, onsetsOf, type Onset } from './onset';
import type { SpanReason, Usability } from './span';

export interface Mark {
  readonly at: number;
  readonly usability: Usability;
  readonly reason: SpanReason;
  readonly referenceId: string | null;
  readonly cover: number | null;
  readonly timesOfLimit: number | null;
}

export interface Track {
  /** in capture order */
  readonly marks: readonly Mark[];
  readonly onsets: readonly Onset[];
  /** times of cleanings and new views, ascending: earlier snapshots do not count after them */
  readonly breaks: readonly number[];
}

const USABILITY: Readonly<Record<ConclusionCode, Usability | 'by-level'>> = {
  clear: 'usable',
  'light-or-water': 'usable',
  murky: 'murky',
  growth: 'by-level',
  film: 'by-level',
  silt: 'by-level',
  blurred: 'by-level',
  covered: 'by-level',
  changed: 'by-level',
  'not-clean': 'by-level',
  fouled: 'by-level',
  'covered-or-elsewhere': 'by-level',
  elsewhere: 'moved',
  moved: 'moved',
  'too-dark': 'dark',
  masked: 'unknown',
  'not-checked': 'unknown',
  'few-clean': 'unknown',
  awaiting: 'unknown',
  'warming-up': 'unknown',
};

/** A snapshot's use by its own conclusion alone. */
function usabilityOf({ code, level, isMurky }: Conclusion): Usability {
  // Something covers the camera or it looks elsewhere, and nothing was on the lens before.
  if (code === 'covered-or-elsewhere' && level === 'warning') return 'moved';
  if (code === 'elsewhere' && level === 'drift') return 'fouled';
  const usability = USABILITY[code];
  if (usability === 'by-level') return level === 'drift' ? 'fouled' : 'suspect';
  return usability === 'usable' && isMurky ? 'murky' : usability;
}

/**
 * One job for each snapshot: the present model's where there is one, else of the one that judged it last.
 *
 * @param jobs - of one camera, in capture order, of all models
 * @param modelSha256 - the camera's present model
 */
export function oncePresent(jobs: readonly Job[], modelSha256: string): readonly Job[] {
  const chosen = new Map<string, Job>();
  const rank = (job: Job) => (job.jobStatus === 'Failed' ? 0 : job.modelSha256 === modelSha256 ? 2 : 1);
  for (const job of jobs) {
    // The content of a file that could not be read is not known.
    const key = job.contentSha256 || job.id;
    const other = chosen.get(key);
    if (!other || rank(job) > rank(other) || (rank(job) === rank(other) && job.createdAt > other.createdAt)) {
      chosen.set(key, job);
    }
  }
  return chosen.size === jobs.length
    ? jobs
    : jobs.filter((job) => chosen.get(job.contentSha256 || job.id) === job);
}

/**
 * Each snapshot's use, as it is known by now: a window that is full for the first time speaks for the
 * snapshots that filled it, and what came between an onset and its alarm is suspect.
 *
 * @param jobs - one for each snapshot, in capture order
 */
export function trackOf(jobs: readonly Job[], events: readonly CameraEvent[]): Track {
  const breaks = breaksOf(events);
  const onsets = onsetsOf(jobs, breaks);
  const marks = jobs.map(markOf);
  speakForWarmUp(jobs, marks, breaks);
  markTurned(jobs, marks);
  markOnsets(marks, onsets);
  return { marks, onsets, breaks };
}

/** Onsets that set a camera's flags back; null unless a person asked for it. Jobs may be in any order. */
export function onsetsForFlags(
  { flagsSinceOnset, modelSha256 }: Pick<Camera, 'flagsSinceOnset' | 'modelSha256'>,
  jobs: readonly Job[],
  events: readonly CameraEvent[],
): readonly Onset[] | null {
  if (!flagsSinceOnset) return null;
  const inOrder = jobs.filter((job) => !isAside(job)).sort(compareJobs);
  return trackOf(oncePresent(inOrder, modelSha256), events).onsets;
}

const marks = new WeakMap<Job, Mark>();

/** While snapshots are scored, those of a long history are looked at again and again. */
function markOf(job: Job): Mark {
  const known = marks.get(job);
  if (known) return known;
  const mark = makeMark(job);
  marks.set(job, mark);
  return mark;
}

function makeMark(job: Job): Mark {
  const none = { referenceId: null, cover: null, timesOfLimit: null };
  if (job.jobStatus === 'Failed') {
    return { at: job.capturedAt, usability: 'unknown', reason: 'not-checked', ...none };
  }
  const conclusion = conclusionOf(job);
  const spoken = spokenOf(job);
  return {
    at: job.capturedAt,
    usability: usabilityOf(conclusion),
    reason: isUnseen(conclusion) ? 'unseen' : conclusion.code,
    referenceId: job.referenceId,
    cover: job.glass?.growth ? job.glass.cover : null,
    timesOfLimit: spoken && timesOf(spoken),
  };
}

/** A window that is full for the first time holds the pictures that filled it, so it speaks for them. */
function speakForWarmUp(jobs: readonly Job[], marks: Mark[], breaks: readonly number[]): void {
  let first: { readonly mark: Mark; readonly since: number } | null = null;
  let next = breaks.length - 1;
  for (let i = marks.length - 1; i >= 0; i -= 1) {
    const [job, mark] = [jobs[i]!, marks[i]!];
    while (next >= 0 && breaks[next]! > mark.at) {
      if (first && breaks[next]! <= first.since) first = null;
      next -= 1;
    }
    if (job.jobStatus === 'Failed') continue;
    if (mark.reason !== 'warming-up') {
      if (isJudged(mark)) first = { mark, since: mark.at };
      continue;
    }
    if (first?.mark.referenceId !== mark.referenceId) continue;
    const { usability, reason } = first.mark;
    const isClean = usability === 'usable' || usability === 'murky';
    if (!isClean) marks[i] = { ...mark, usability, reason };
    else if (conclusionOf(job).isMurky) marks[i] = { ...mark, usability: 'murky', reason: 'murky' };
    else marks[i] = { ...mark, usability: 'usable', reason: 'clear' };
  }
}

function isJudged({ usability }: Mark): boolean {
  return usability === 'usable' || usability === 'murky' || usability === 'suspect' || usability === 'fouled';
}

/** Marks snapshots of a clean lens on a turned camera. The position is a median, so those right before are asked too. */
function markTurned(jobs: readonly Job[], marks: Mark[]): void {
  let wasTurned = false;
  for (let i = marks.length - 1; i >= 0; i -= 1) {
    const [job, mark] = [jobs[i]!, marks[i]!];
    if (job.jobStatus === 'Failed' || !job.glass?.growth) continue;
    const { position: _position, ...own } = job.glass;
    wasTurned = isTurned(job.glass) || (wasTurned && isTurned(own));
    if (wasTurned && mark.usability === 'usable')
      marks[i] = { ...mark, usability: 'moved', reason: 'turned' };
  }
}

/** Marks snapshots between an onset and its alarm that still seemed clean. */
function markOnsets(marks: Mark[], onsets: readonly Onset[]): void {
  for (const { at, alarmAt } of onsets) {
    for (let i = firstFrom(marks, at); i < marks.length && marks[i]!.at < alarmAt; i += 1) {
      const mark = marks[i]!;
      if (mark.usability === 'usable') marks[i] = { ...mark, usability: 'suspect', reason: 'onset' };
    }
  }
}

function firstFrom(marks: readonly Mark[], at: number): number {
  let [low, high] = [0, marks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (marks[middle]!.at < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
