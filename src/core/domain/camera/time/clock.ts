import type { CaptureTimeSource, ClockCorrection, CompletedJob, FailedJob, Job } from '../job';
import { INSTANT, isWithin } from '../../ranges';

const DAY = 86_400_000;
const YEAR = 365 * DAY;

/**
 * So much later than now a capture time may be: local time that is taken as UTC is up to 14 hours ahead (UTC+14 in
 * Kiribati), and clocks differ by some minutes besides.
 */
const AHEAD_MARGIN = DAY;

/** Nobody could buy a digital camera before 1990 (Dycam Model 1), so such a time is that of a clock that was never set. */
const EARLIEST = Date.UTC(1990, 0, 1);

/**
 * Cameras whose clock begins anew in 2000 go on from there: those days count as such when all that is known of the
 * camera is at least a year off. The other usual beginnings, 1970 and 1980, are before any camera.
 */
const RESET = { from: Date.UTC(2000, 0, 1), to: Date.UTC(2000, 1, 1) };

/** Between the clocks of two things that are set by hand, in milliseconds; more is worth a word. */
const WORTH_SAYING = 10 * 60_000;

/** Snapshots of one season: a longer pause divides two runs of them. */
const PAUSE = 31 * DAY;

/** So many snapshots in a row are no accident of a single file's name. */
const MANY = 3;

/** Why a capture time can't be right; each is the code of a failed job. */
export type ClockFault = 'clock-ahead' | 'clock-impossible';

/** A snapshot as its file tells of it. */
export interface Stated {
  readonly imageName: string;
  readonly capturedAt: number;
  readonly capturedAtSource: CaptureTimeSource;
}

/** The time that a snapshot is judged by. */
export interface Timed {
  readonly capturedAt: number;
  /** what the file states; only where its capture time was corrected */
  readonly statedAt?: number;
  /** only where the capture time can't be right */
  readonly fault?: ClockFault;
}

/** What this device's clock showed when a person said that it is behind, and what time it was. */
export interface DeviceClock {
  readonly shown: number;
  readonly is: number;
}

/** A failed job whose capture time can't be right: it is no part of any history. */
export type AsideJob = FailedJob & { readonly code: ClockFault };

/** Whether no camera can have stated this time by now. */
export function isAhead(at: number, now: number): boolean {
  return at > now + AHEAD_MARGIN;
}

/** The first moment from which a capture time is not ahead. */
export function believedFrom(at: number): number {
  return at - AHEAD_MARGIN;
}

/**
 * The time, by a device's clock and what a person has said of it. As soon as the clock shows more than what it was
 * then, somebody has set it right.
 */
export function believedNow(shown: number, device: DeviceClock | null): number {
  if (!device || shown >= device.is) return shown;
  return device.is + Math.max(0, shown - device.shown);
}

/** By how much the newest snapshot lies ahead of now, in milliseconds; null where that is not worth a word. */
export function slightlyAhead(newestAt: number, now: number): number | null {
  const ahead = newestAt - now;
  return ahead > WORTH_SAYING && ahead <= AHEAD_MARGIN ? ahead : null;
}

export function isAside(job: Job): job is AsideJob {
  return job.jobStatus === 'Failed' && (job.code === 'clock-ahead' || job.code === 'clock-impossible');
}

/** What a file states, whatever was made of it. */
export function statedTime({ capturedAt, statedAt }: Pick<Job, 'capturedAt' | 'statedAt'>): number {
  return statedAt ?? capturedAt;
}

/**
 * Which capture times can't be right. An old one may be: archives are added late, cameras are silent for years.
 *
 * @param run - files that came together
 * @param known - capture times of the same camera that are taken for right, in any order
 * @returns one for each file of the run
 */
export function clockFaults(
  run: readonly Stated[],
  now: number,
  known: readonly number[],
): (ClockFault | null)[] {
  const faults = run.map(({ capturedAt }): ClockFault | null => {
    if (isAhead(capturedAt, now)) return 'clock-ahead';
    return capturedAt < EARLIEST ? 'clock-impossible' : null;
  });
  const possible = run.filter((_, i) => faults[i] === null);
  const others = [...possible.map(({ capturedAt }) => capturedAt), ...known];
  const steady = others.filter((at) => !isReset(at));
  const isBegun = (at: number) =>
    isReset(at) && steady.length > 0 && steady.every((other) => Math.abs(other - at) >= YEAR);
  const odd = oddAmongNeighbours(possible);
  return run.map((file, i) => {
    const { capturedAt, capturedAtSource } = file;
    // Files without any date all state the same one. Where nothing else is known of their camera, their order is enough.
    if (faults[i] === 'clock-impossible' && capturedAtSource === 'file-date' && others.length === 0)
      return null;
    return isBegun(capturedAt) || odd.has(file) ? 'clock-impossible' : (faults[i] ?? null);
  });
}

/** Whether a capture time can be right whatever else is known of the camera, as far as no file of its run is against it. */
export function isPlain(at: number, now: number): boolean {
  return at >= EARLIEST && !isReset(at) && !isAhead(at, now);
}

/** The newest correction that a stated time falls under. */
export function correctionOf(
  stated: number,
  corrections: readonly ClockCorrection[],
): ClockCorrection | undefined {
  return [...corrections].reverse().find(({ from, to }) => stated >= from && stated <= to);
}

/** Facts that correct the times of files that came together. */
export interface ClockFacts<T extends Stated> {
  readonly now: number;
  readonly known: readonly number[];
  readonly corrections: readonly ClockCorrection[];
  /** whether the same content was set aside */
  readonly wasAside: (file: T) => boolean;
}

/**
 * The times that snapshots are judged by. Only what can't be right is corrected, or was set aside before: a clock that
 * is right again may state the same days.
 *
 * @returns one for each file of the run
 */
export function inRightTime<T extends Stated>(run: readonly T[], facts: ClockFacts<T>): Timed[] {
  const { now, known, corrections, wasAside } = facts;
  const faults = clockFaults(run, now, known);
  return run.map((file, i) => {
    const [stated, fault] = [file.capturedAt, faults[i] ?? null];
    const correction = fault !== null || wasAside(file) ? correctionOf(stated, corrections) : undefined;
    const capturedAt = stated + (correction?.by ?? 0);
    if (!correction || !isWithin(INSTANT, capturedAt)) {
      return { capturedAt: stated, ...(fault !== null && { fault }) };
    }
    return { capturedAt, statedAt: stated, ...(isAhead(capturedAt, now) && { fault: 'clock-ahead' }) };
  });
}

/** The jobs of a camera by what their clocks are worth. */
export interface ClockStand {
  /** in capture order: what the page goes by */
  readonly believed: readonly Job[];
  /** in capture order; those that were scored before their time was known to be wrong are shown as failed, too */
  readonly aside: readonly AsideJob[];
  /** those of the believed that lie ahead of this device's clock: it, or the camera's, is wrong, and nobody knows which */
  readonly doubted: readonly CompletedJob[];
}

/**
 * Tells stored jobs apart by their clock.
 *
 * A few that lie ahead of everything else are the camera's mistake, or a name's: they are set aside. Many, or some that
 * go on where the others end, may as well be right and the device's clock wrong: they stay in sight and are doubted,
 * unless a snapshot that came later shows that the two clocks agree.
 *
 * @param jobs - in capture order
 */
export function clockStand(
  jobs: readonly Job[],
  now: number,
  corrections: readonly ClockCorrection[],
): ClockStand {
  const isWrong = (job: Job) =>
    job.statedAt === undefined && correctionOf(job.capturedAt, corrections) !== undefined;
  const right = jobs.filter((job) => !isAside(job) && !isLate(job, now));
  const ahead = jobs.filter(
    (job): job is CompletedJob =>
      job.jobStatus === 'Completed' && isAhead(job.capturedAt, now) && !isWrong(job),
  );
  const isDoubted = ahead.length > 0 && mayBeRight(ahead, right);
  const doubted = isDoubted ? ahead : [];
  const seen = new Set<Job>(doubted);
  const believed: Job[] = [];
  const aside: AsideJob[] = [];
  for (const job of jobs) {
    if (isAside(job)) aside.push(job);
    else if (!isLate(job, now) || seen.has(job)) believed.push(job);
    else aside.push(setAside(job));
  }
  if (aside.length === 0) return { believed, aside, doubted };
  // An export may bring a snapshot that was judged since.
  const judged = new Set(
    believed.filter(({ jobStatus }) => jobStatus === 'Completed').map(({ contentSha256 }) => contentSha256),
  );
  return { believed, aside: aside.filter(({ contentSha256 }) => !judged.has(contentSha256)), doubted };
}

/** Snapshots whose clock was wrong by as much, as far as that can be told: no long pause is between them. */
export interface ClockRun {
  readonly fault: ClockFault;
  /** stated times, in milliseconds since 1970 */
  readonly from: number;
  readonly to: number;
  /** in the order of their stated times */
  readonly jobs: readonly Job[];
}

/** The runs of what was set aside or is doubted, the newest stated times first. */
export function clockRuns(jobs: readonly Job[]): ClockRun[] {
  const runs: { fault: ClockFault; from: number; to: number; jobs: Job[] }[] = [];
  for (const job of [...jobs].sort((a, b) => statedTime(a) - statedTime(b))) {
    const at = statedTime(job);
    const fault = isAside(job) ? job.code : 'clock-ahead';
    const run = runs.at(-1);
    if (run?.fault === fault && at - run.to < PAUSE) {
      run.jobs.push(job);
      run.to = at;
    } else runs.push({ fault, from: at, to: at, jobs: [job] });
  }
  return runs.reverse();
}

/** Whether a job that is not known to be wrong lies ahead of now. */
function isLate(job: Job, now: number): boolean {
  return !isAside(job) && isAhead(job.capturedAt, now);
}

function mayBeRight(ahead: readonly CompletedJob[], right: readonly Job[]): boolean {
  const scoredAt = ahead.reduce((latest, { createdAt }) => Math.max(latest, createdAt), -Infinity);
  const areInStep = right.some(
    ({ jobStatus, createdAt, capturedAt }) =>
      jobStatus === 'Completed' && createdAt > scoredAt && Math.abs(createdAt - capturedAt) < AHEAD_MARGIN,
  );
  if (areInStep) return false;
  const newest = [...right].reverse().find(({ jobStatus }) => jobStatus === 'Completed');
  const first = ahead[0];
  return (
    ahead.length >= MANY || !newest || (first !== undefined && first.capturedAt - newest.capturedAt < PAUSE)
  );
}

/** As a failed job, whatever it was scored as; what is stored of it stays. */
function setAside(job: Job): AsideJob {
  const { id, cameraId, imageName, contentSha256, capturedAt, capturedAtSource, createdAt } = job;
  return {
    ...{ id, cameraId, imageName, contentSha256, capturedAt, capturedAtSource, createdAt },
    ...(job.statedAt === undefined ? {} : { statedAt: job.statedAt }),
    jobStatus: 'Failed',
    code: 'clock-ahead',
    detail: '',
  };
}

function isReset(at: number): boolean {
  return at >= RESET.from && at < RESET.to;
}

/**
 * Files a year or more off both the two before and the two after them that a camera counted up, where those four are
 * of one season. Names that begin with the time are in its order, so none of them is odd.
 */
function oddAmongNeighbours(run: readonly Stated[]): ReadonlySet<Stated> {
  const times = run.map(({ capturedAt }) => capturedAt).sort((a, b) => a - b);
  const isLone = (at: number, i: number) =>
    at - (times[i - 1] ?? -Infinity) >= YEAR && (times[i + 1] ?? Infinity) - at >= YEAR;
  const lone = new Set(times.filter(isLone));
  const odd = new Set<Stated>();
  // Mostly there is none, and thousands of names need not be put in order.
  if (lone.size === 0 || run.length < 5) return odd;
  const byStem = new Map<string, Stated[]>();
  for (const file of run) {
    const stem = file.imageName.replace(/\d+/g, '#');
    const files = byStem.get(stem);
    if (files) files.push(file);
    else byStem.set(stem, [file]);
  }
  const { compare } = new Intl.Collator('en', { numeric: true });
  for (const files of byStem.values()) {
    files.sort((a, b) => compare(a.imageName, b.imageName));
    for (const [i, file] of files.entries()) {
      if (!lone.has(file.capturedAt)) continue;
      const beside = [i - 2, i - 1, i + 1, i + 2].map((place) => files[place]?.capturedAt ?? NaN);
      const isOneSeason = Math.max(...beside) - Math.min(...beside) < PAUSE;
      if (isOneSeason && beside.every((at) => Math.abs(at - file.capturedAt) >= YEAR)) odd.add(file);
    }
  }
  return odd;
}
