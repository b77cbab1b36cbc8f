import type { Camera, ClockCorrection } from '../camera';
import type { FailedJob, Job } from '../job';
import type { Reference } from '../reference';
import { INSTANT, isWithin } from '../../ranges';
import { timeIn, type CameraTime } from './zone';
import { statedTime, uncorrected, type TimeFacts, type TimingFacts } from './job-time';

const DAY = 86_400_000;
/** A time so far from all others may be odd, in milliseconds. */
export const YEAR = 365 * DAY;

/**
 * So much later than now a capture time may be: local time that is taken as UTC is up to 14 hours ahead (UTC+14 in
 * Kiribati), and clocks differ by some minutes besides.
 */
const AHEAD_MARGIN = DAY;

/**
 * The first digital camera was sold in 1990 (Dycam Model 1), so an earlier time is that of a clock that was never set.
 */
const EARLIEST = Date.UTC(1990, 0, 1);

/**
 * Cameras whose clock begins anew in 2000 go on from there: those days count as such when all that is known of the
 * camera is at least a year off. The other usual beginnings, 1970 and 1980, are before any camera. The year 2000 begins 14
 * hours earlier in Kiribati.
 */
const RESET = { from: Date.UTC(1999, 11, 31, 10), to: Date.UTC(2000, 1, 1) };

/** Between the clocks of two things that are set by hand, in milliseconds; more is worth a word. */
const WORTH_SAYING = 10 * 60_000;

/** Snapshots of one season: a longer pause divides two runs of them. */
const PAUSE = 31 * DAY;

/** So many snapshots in a row are no accident of a single file's name. */
const MANY = 3;

/** Why a capture time can't be right; each is the code of a failed job. */
export type ClockFault = 'clock-ahead' | 'clock-impossible' | 'time-unknown';

/** The facts of a snapshot's time. */
export type SnapshotTimeFacts = TimingFacts & Pick<Job, 'contentSha256'>;

/** The time that a snapshot is judged by. */
export interface SnapshotTime extends TimeFacts {
  /** only if the capture time can't be right */
  readonly fault?: ClockFault;
  /** it lies ahead of this device's clock: either clock may be wrong */
  readonly isDoubted?: true;
}

/** The time that this device's clock showed when a person said that it is behind, and the true time. */
export interface DeviceClock {
  readonly shown: number;
  readonly is: number;
}

/** A failed job whose capture time can't be right, or is not known: it is no part of any history. */
export type AsideJob = FailedJob & { readonly code: ClockFault };

/** True if no camera can have stated this time by now. */
export function isAhead(at: number, now: number): boolean {
  return at > now + AHEAD_MARGIN;
}

/**
 * The time, by a device's clock and what a person has said of it. As soon as the clock shows more than what it was
 * then, somebody has set it right.
 */
export function believedNow(shown: number, device: DeviceClock | null): number {
  if (!device || shown >= device.is) return shown;
  return device.is + Math.max(0, shown - device.shown);
}

/** By how much the newest snapshot lies ahead of now, in milliseconds; null if that is not worth a word. */
export function slightlyAhead(newestAt: number, now: number): number | null {
  const ahead = newestAt - now;
  return ahead > WORTH_SAYING && ahead <= AHEAD_MARGIN ? ahead : null;
}

export function isAside(job: Job): job is AsideJob {
  if (job.jobStatus !== 'Failed') return false;
  return job.code === 'clock-ahead' || job.code === 'clock-impossible' || job.code === 'time-unknown';
}

/** True if a picture's only time is its file date, and no person has confirmed it. */
function isUndated(
  picture: SnapshotTimeFacts,
  { fileDatesUntil = Infinity, corrections }: ClockFacts,
): boolean {
  if (picture.capturedAtSource !== 'file-date') return false;
  const stated = statedTime(picture);
  // A correction of some pictures stays when others are corrected later.
  return stated > fileDatesUntil || correctionOf(stated, corrections) !== undefined;
}

/** A key of a snapshot whose content is not known. */
export function placeOf(snapshot: TimeFacts & Pick<Job, 'imageName'>): string {
  return `${statedTime(snapshot)} ${snapshot.imageName}`;
}

/** The newest correction that applies to a stated time; both are read as UTC if files state no zone. */
export function correctionOf(
  stated: number,
  corrections: readonly ClockCorrection[],
): ClockCorrection | undefined {
  return [...corrections].reverse().find(({ from, to }) => stated >= from && stated <= to);
}

/** True if a person has left a job out until its time is known. */
export function isLeftOut(job: Job, corrections: readonly ClockCorrection[]): boolean {
  const correction = correctionOf(statedTime(job), corrections);
  return correction?.by === null && job.createdAt <= correction.madeAt;
}

/** The corrections that hold for none of a run's pictures. */
export function correctionsBeside(
  { jobs }: Pick<ClockRun, 'jobs'>,
  corrections: readonly ClockCorrection[],
): readonly ClockCorrection[] {
  const times = jobs.map(statedTime);
  return corrections.filter(({ from, to }) => !times.some((at) => at >= from && at <= to));
}

/** The corrections with one of a run's pictures. Those of others stay, also of times that lie between its own. */
export function withCorrection(
  run: Pick<ClockRun, 'jobs' | 'from' | 'to'>,
  corrections: readonly ClockCorrection[],
  { by, madeAt }: Pick<ClockCorrection, 'by' | 'madeAt'>,
): readonly ClockCorrection[] {
  const beside = correctionsBeside(run, corrections);
  let parts: readonly Pick<ClockRun, 'from' | 'to'>[] = [run];
  for (const other of beside) {
    parts = parts.flatMap(({ from, to }) =>
      other.to < from || other.from > to
        ? [{ from, to }]
        : [
            { from, to: other.from - 1 },
            { from: other.to + 1, to },
          ].filter((part) => part.from <= part.to),
    );
  }
  return [...beside, ...parts.map(({ from, to }) => ({ from, to, by, madeAt }))];
}

/** Facts that decide which of a camera's times are right, besides its snapshots. */
export interface ClockFacts extends CameraTime, Pick<Camera, 'fileDatesUntil'> {
  readonly now: number;
  readonly corrections: readonly ClockCorrection[];
  /** capture times of the reference's pictures */
  readonly clean: readonly number[];
}

/** @param now - milliseconds since 1970 */
export function clockFacts(camera: Camera, reference: Reference | null, now: number): ClockFacts {
  const clean = reference?.capturedAt?.filter((at) => at !== null) ?? [];
  const { clockCorrections: corrections = [], fileDatesUntil } = camera;
  return {
    now,
    corrections,
    clean,
    ...timeIn(camera),
    ...(fileDatesUntil !== undefined && { fileDatesUntil }),
  };
}

/** True for a time that no other snapshot can make wrong: later than every clock that began anew in 2000, and not ahead. */
export function isPlain(at: number, now: number): boolean {
  return at >= RESET.to + YEAR && !isAhead(at, now);
}

/**
 * The right times of a camera's pictures, as far as they are not plainly those that their files state. It depends on the
 * set of pictures and on the facts alone, in no way on how or when they came:
 *
 * - A stated time can't be right if it is ahead of now, before any digital camera, of a clock that began anew in 2000
 *   while all else is a year off, or a year off its neighbours by number. An old one may be: archives are added late.
 * - A file date alone is not used after `fileDatesUntil`: a copy has the time of the copying.
 * - A correction moves the times of its period that can't be right. Once moved, a time that was ahead when the
 *   correction was made stays moved as now passes it; others that state the same days by then are those of a clock that
 *   is right again.
 * - A few that lie ahead of everything else are the camera's mistake, or a name's. Many, or some that go on where the
 *   others end, may as well be right and the device's clock wrong: they count and are doubted, unless the newest of the
 *   others shows that the two clocks agree.
 *
 * All of these tell a time as it is in the camera's zone, with its offset: that is what can be compared with now and with
 * times of known zones. Only the period of a correction is of the times that files state.
 *
 * @param pictures - quickest in the order of their times
 * @returns none for those whose stated time is right
 */
export function rightTimes<T extends SnapshotTimeFacts>(
  pictures: readonly T[],
  facts: ClockFacts,
): ReadonlyMap<T, SnapshotTime> {
  const { now, corrections } = facts;
  if (arePlain(pictures, facts)) return new Map();
  const faults = clockFaults(pictures, facts);
  const times = new Map<T, SnapshotTime>();
  for (const [picture, fault] of faults) times.set(picture, { ...uncorrected(picture, facts), fault });
  for (const picture of pictures) {
    const stated = statedTime(picture);
    const wasMoved = picture.statedAt !== undefined;
    if (!wasMoved && !faults.has(picture)) continue;
    const correction = correctionOf(stated, corrections);
    const by = correction?.by ?? null;
    const capturedAt = stated + (by ?? 0);
    const isWrong =
      faults.has(picture) || (correction && isAhead(zonedTime(picture, facts), correction.madeAt));
    if (by !== null && isWrong && isWithin(INSTANT, capturedAt)) {
      const fault = isAhead(capturedAt, now) && ({ fault: 'clock-ahead' } as const);
      times.set(picture, { capturedAt, statedAt: stated, ...fault });
    } else if (!faults.has(picture)) times.set(picture, uncorrected(picture, facts));
  }
  const ahead = [...times].filter(
    ([, { fault, statedAt }]) => fault === 'clock-ahead' && statedAt === undefined,
  );
  if (ahead.length === 0) return times;
  let newest = -Infinity;
  for (const picture of pictures) {
    const { capturedAt, fault }: SnapshotTime = times.get(picture) ?? picture;
    if (!fault) newest = Math.max(newest, capturedAt);
  }
  for (const at of facts.clean) if (!isAhead(at, now)) newest = Math.max(newest, at);
  if (!mayBeRight(ahead, newest, now)) return times;
  for (const [picture] of ahead) times.set(picture, { ...uncorrected(picture, facts), isDoubted: true });
  return times;
}

/**
 * Snapshots whose clock was wrong by as much, as far as that can be told: no long pause is between them. Of those without
 * a time of their own nothing can be told, so they are one.
 */
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
  const undated: Job[] = [];
  for (const job of [...jobs].sort((a, b) => statedTime(a) - statedTime(b))) {
    const at = statedTime(job);
    const fault = isAside(job) ? job.code : 'clock-ahead';
    const run = runs.at(-1);
    if (fault === 'time-unknown') undated.push(job);
    else if (run?.fault === fault && at - run.to < PAUSE) {
      run.jobs.push(job);
      run.to = at;
    } else runs.push({ fault, from: at, to: at, jobs: [job] });
  }
  const [first, last] = [undated[0], undated.at(-1)];
  if (first && last) {
    runs.push({ fault: 'time-unknown', from: statedTime(first), to: statedTime(last), jobs: undated });
  }
  return runs.reverse();
}

/** True for most histories: each time is plain, and none a year from the one before it. Asked of all for each batch. */
function arePlain(pictures: readonly SnapshotTimeFacts[], facts: ClockFacts): boolean {
  const { now } = facts;
  let before = pictures[0]?.capturedAt ?? 0;
  for (let i = 0; i < pictures.length; i++) {
    const picture = pictures[i]!;
    const { capturedAt, statedAt } = picture;
    if (isUndated(picture, facts)) return false;
    if (statedAt !== undefined || !isPlain(capturedAt, now) || Math.abs(capturedAt - before) >= YEAR) {
      return false;
    }
    before = capturedAt;
  }
  return true;
}

/** @param newest - capture time of the newest snapshot that is not ahead; -Infinity without any */
function mayBeRight(
  ahead: readonly (readonly [SnapshotTimeFacts, SnapshotTime])[],
  newest: number,
  now: number,
): boolean {
  const first = ahead.reduce((least, [, { capturedAt }]) => Math.min(least, capturedAt), Infinity);
  const gap = first - newest;
  // The newest is of today by both clocks, and those ahead don't go on from it.
  if (now - newest < AHEAD_MARGIN && gap >= 2 * AHEAD_MARGIN) return false;
  const count = new Set(ahead.map(([{ contentSha256 }]) => contentSha256)).size;
  return count >= MANY || gap < PAUSE || newest === -Infinity;
}

/** Why stated times can't be right, as far as they can't. */
function clockFaults<T extends SnapshotTimeFacts>(
  pictures: readonly T[],
  facts: ClockFacts,
): ReadonlyMap<T, ClockFault> {
  const { now, clean } = facts;
  const atOf = (picture: T) => zonedTime(picture, facts);
  const faults = new Map<T, ClockFault>();
  const possible: T[] = [];
  let hasReset = false;
  for (const picture of pictures) {
    if (isUndated(picture, facts)) {
      faults.set(picture, 'time-unknown');
      continue;
    }
    const at = atOf(picture);
    if (isAhead(at, now)) faults.set(picture, 'clock-ahead');
    else if (at < EARLIEST) faults.set(picture, 'clock-impossible');
    else possible.push(picture);
    hasReset ||= isReset(at);
  }
  if (possible.length + clean.length === 0) {
    // Files without any date all state the same one. If nothing else is known of their camera, their order is enough.
    for (const [picture, fault] of faults) {
      if (fault === 'clock-impossible' && picture.capturedAtSource === 'file-date') faults.delete(picture);
    }
  }
  if (hasReset) {
    const steady = [...possible.map(atOf), ...clean].filter((at) => !isReset(at));
    const before = steady.reduce(
      (latest, at) => (at < RESET.from ? Math.max(latest, at) : latest),
      -Infinity,
    );
    const after = steady.reduce((first, at) => (at >= RESET.to ? Math.min(first, at) : first), Infinity);
    for (const picture of possible) {
      const at = atOf(picture);
      const isBegun = isReset(at) && steady.length > 0 && at - before >= YEAR && after - at >= YEAR;
      if (isBegun) faults.set(picture, 'clock-impossible');
    }
  }
  for (const picture of oddAmongNeighbours(possible, atOf)) faults.set(picture, 'clock-impossible');
  return faults;
}

/** The time that a picture's file states, as a moment. Few were corrected, so the others' zones are not asked again. */
function zonedTime(picture: SnapshotTimeFacts, camera: CameraTime): number {
  return picture.statedAt === undefined ? picture.capturedAt : uncorrected(picture, camera).capturedAt;
}

function isReset(at: number): boolean {
  return at >= RESET.from && at < RESET.to;
}

/**
 * Pictures a year or more off both the two before and the two after them that a camera counted up, where those four are
 * of one season. Names that begin with the time are in its order, so none of them is odd.
 */
function oddAmongNeighbours<T extends SnapshotTimeFacts>(
  pictures: readonly T[],
  atOf: (picture: T) => number,
): readonly T[] {
  const lone = loneTimes(pictures.map(atOf));
  // Mostly there is none, and thousands of names need not be put in order.
  if (lone.size === 0 || pictures.length < 5) return [];
  const isLone = (picture: T) => lone.has(atOf(picture));
  const stemOf = ({ imageName }: T) => imageName.replace(/\d+/g, '#');
  const byStem = new Map(pictures.filter(isLone).map((picture) => [stemOf(picture), new Map<string, T>()]));
  // Several models may have judged one picture.
  for (const picture of pictures) byStem.get(stemOf(picture))?.set(placeOf(picture), picture);
  const { compare } = new Intl.Collator('en', { numeric: true });
  const odd = new Set<string>();
  for (const byPlace of byStem.values()) {
    const inRow = [...byPlace.values()].sort(
      (a, b) => compare(a.imageName, b.imageName) || atOf(a) - atOf(b),
    );
    for (const [i, picture] of inRow.entries()) {
      if (!isLone(picture)) continue;
      const at = atOf(picture);
      const beside = [i - 2, i - 1, i + 1, i + 2].map((place) => inRow[place] && atOf(inRow[place]));
      const times = beside.map((time) => time ?? NaN);
      const isOneSeason = Math.max(...times) - Math.min(...times) < PAUSE;
      if (isOneSeason && times.every((time) => Math.abs(time - at) >= YEAR)) odd.add(placeOf(picture));
    }
  }
  return pictures.filter((picture) => odd.has(placeOf(picture)));
}

/** Times a year or more from all others. */
function loneTimes(times: readonly number[]): ReadonlySet<number> {
  const lone = new Set<number>();
  const isInOrder = times.every((at, i) => i === 0 || at >= times[i - 1]!);
  const inOrder = isInOrder ? times : Float64Array.from(times).sort();
  for (let i = 0; i < inOrder.length; i++) {
    const at = inOrder[i]!;
    const [before, after] = [inOrder[i - 1] ?? -Infinity, inOrder[i + 1] ?? Infinity];
    if (at - before >= YEAR && after - at >= YEAR) lone.add(at);
  }
  return lone;
}
