import { courseOfCycles, type CycleCourse } from '../../core/domain/camera/cycle-course';
import { seenNow, type SeenEvent } from '../../core/domain/camera/seen';
import { scaledDistance } from '../../core/domain/camera/spoken';
import type { AsideJob } from '../../core/domain/camera/time/clock';
import { isDated } from '../../core/domain/camera/time/freshness';
import { cycleState } from '../../core/domain/camera/cycle';
import { learnedOf } from '../../core/domain/camera/time/reference-times';
import { blindnessOf } from '../../core/domain/drift/blindness';
import { cleaningReports, type CleaningReport } from '../../core/domain/drift/cleaning';
import { dayOf } from '../../core/domain/drift/calibration';
import type { Calibration } from '../../core/domain/drift/judging';
import { isoDay } from '../../core/domain/instant';
import type { UnshownHours } from '../../core/domain/camera/time/shown-hours';
import type { Camera } from '../../core/domain/camera/camera';
import { lastCleaning, type CameraEvent } from '../../core/domain/camera/event';
import type { CompletedJob, FailedJob, Job } from '../../core/domain/camera/job';
import { viewsOf, type Reference } from '../../core/domain/camera/reference';
import { alarmsOf, verdictOf } from '../../core/domain/camera/verdict';
import { flagOf, QARTOD_FLAGS, type QartodFlag } from '../../core/domain/camera/qartod';
import type { DriftStatus } from '../../core/domain/drift/thresholds';
import { asOf, histories, tellingHistory, scoredBy } from '../../core/session/history/history';
import type { JudgingModel } from '../../core/session/judging-models';
import { silenceOf } from '../../core/session/silence';
import { unshownOf } from '../../core/session/history/unshown';
import {
  runOf,
  tellingOf,
  verdictNow,
  type VerdictNow,
  type VerdictRun,
} from '../../core/session/history/verdict-now';

const DAY = 86_400_000;

/** Every snapshot, the 30 days up to the newest one, or those since the last cleaning. */
export const REPORT_PERIODS = ['all', 'month', 'cleaning'] as const;
export type ReportPeriod = (typeof REPORT_PERIODS)[number];

/** Enough for a person to look through; what is left out is counted. */
const MOST = {
  histories: 6,
  /** rows of all daily summaries together */
  rows: 3000,
  worst: 3,
  driftEvents: 16,
  cleanings: 200,
  failed: 100,
  coverageRows: 62,
} as const;

export interface ReportSource {
  readonly camera: Camera;
  /** all whose time may be right, in capture order */
  readonly jobs: readonly Job[];
  /** those whose time can't be */
  readonly aside: readonly AsideJob[];
  /** in capture order */
  readonly events: readonly CameraEvent[];
  readonly references: readonly Reference[];
  readonly calibrations: readonly Calibration[];
  readonly calibration: Calibration | null;
  readonly models: readonly JudgingModel[];
  /** milliseconds since 1970, as all times here */
  readonly now: number;
}

type Verdict = DriftStatus | 'not-checked';

/** The verdict as it stands now, whatever the span. */
export interface ReportedVerdict extends VerdictNow {
  readonly run: VerdictRun;
  /** since when it is so: see `VerdictRun`, or a cleaning; null where that says nothing */
  readonly since: number | null;
  /** the part of an alarm that rests on hours of the day missing from the reference */
  readonly unshown: UnshownHours | null;
  /** the newest word of a person on an alarm; null without one */
  readonly seen: SeenEvent | null;
}

interface PeriodRow {
  /** `2023-07-24`, `2023-07` or `2023` */
  readonly period: string;
  readonly snapshots: number;
  readonly worstDistance: number | null;
  readonly worstVerdict: Verdict;
  readonly flags: Readonly<Record<QartodFlag, number>>;
}

export interface ReportedHistory {
  readonly key: string;
  readonly isPresent: boolean;
  /** scored jobs of the span, in capture order */
  readonly jobs: readonly CompletedJob[];
  readonly unit: Unit;
  readonly rows: readonly PeriodRow[];
  readonly rowsLeftOut: number;
  /** the highest distances first, one of each day */
  readonly worst: readonly CompletedJob[];
  /** the first job of each alarm, the newest first */
  readonly driftStarts: readonly CompletedJob[];
  readonly driftEvents: number;
}

type Unit = 'day' | 'month' | 'year';

export interface CoverageFacts {
  readonly unit: Unit;
  /** a day or a month, and its snapshots by UTC hour, 24 of them */
  readonly rows: readonly { readonly period: string; readonly byHour: readonly number[] }[];
  readonly rowsLeftOut: number;
  readonly days: number;
  readonly snapshots: number;
}

/** All facts of a report, but for pictures and its own origin. */
export interface ReportFacts {
  readonly source: ReportSource;
  readonly span: { readonly kind: ReportPeriod; readonly from: number | null; readonly to: number | null };
  readonly verdict: ReportedVerdict;
  /** the history that the camera goes on with, whatever the span */
  readonly current: readonly CompletedJob[];
  readonly cycles: readonly CycleCourse[];
  /** the camera's present one first */
  readonly histories: readonly ReportedHistory[];
  readonly historiesLeftOut: number;
  readonly reference: Reference | null;
  /** null when the times of the reference's snapshots are not known */
  readonly coverage: CoverageFacts | null;
  /** newest first */
  readonly cleanings: readonly CleaningReport[];
  readonly cleaningsLeftOut: number;
  /** moves and notes, newest first */
  readonly notes: readonly CameraEvent[];
  readonly notesLeftOut: number;
  /** newest first */
  readonly failed: readonly FailedJob[];
  readonly failedLeftOut: number;
  /** the evidence that the span's verdicts rest on */
  readonly judgedBy: { readonly glass: boolean; readonly learned: boolean };
  readonly counts: { readonly jobs: number; readonly scored: number; readonly failed: number };
}

/** Gathers the facts of a camera's report. */
export function reportFacts(source: ReportSource, kind: ReportPeriod): ReportFacts {
  const { camera, jobs, aside, events, references } = source;
  const reference = references.find(({ id }) => id === camera.referenceId) ?? null;
  const from = spanStart(source, kind);
  const isInside = (at: number) => at >= from;
  const inside = jobs.filter(({ capturedAt }) => isInside(capturedAt));
  const scored = inside.filter((job) => job.jobStatus === 'Completed');
  const failed = inside.filter((job) => job.jobStatus === 'Failed');
  const unchecked = [...failed, ...aside];
  const current = tellingHistory(jobs, camera, events);
  // A chart goes on over the cycles of one view.
  const views = viewsOf(references);
  const inView = <Of extends { readonly referenceId: string | null }>(of: Of): Of => ({
    ...of,
    referenceId: views.get(of.referenceId ?? '') ?? of.referenceId,
  });
  const all = histories(
    inside.map((job) => (job.jobStatus === 'Completed' ? inView(job) : job)),
    inView(camera),
  ).toReversed();
  const shown = all.slice(0, MOST.histories);
  const mostRows = Math.floor(MOST.rows / shown.length);
  const cleaned = events.filter((event) => event.kind === 'cleaned' && isInside(event.at));
  // Jobs before a cleaning are looked at too, so the one before the first is needed.
  const first = cleaned.at(-MOST.cleanings);
  const before = first && events.findLast((event) => event.kind === 'cleaned' && event.at < first.at);
  const reports = cleaningReports(
    [...(before ? [before] : []), ...cleaned.slice(-MOST.cleanings)],
    asOf(camera.modelSha256, before ? jobs.filter(({ capturedAt }) => capturedAt >= before.at) : jobs),
  );
  const notes = events.filter((event) => event.kind !== 'cleaned' && isInside(event.at)).toReversed();
  return {
    source,
    span: {
      kind,
      from: Number.isFinite(from) ? from : (inside[0]?.capturedAt ?? null),
      to: jobs.findLast(isDated)?.capturedAt ?? null,
    },
    verdict: reportedVerdict(current, source, reference),
    current,
    cycles: courseOfCycles(camera, events, references, scoredBy(camera.modelSha256, jobs)),
    histories: shown.map(({ key, jobs }, i) => historyFacts(key, jobs, i === 0, failed, mostRows)),
    historiesLeftOut: all.length - shown.length,
    reference,
    coverage: coverageFacts(reference),
    cleanings: reports.filter(({ event }) => event !== before).toReversed(),
    cleaningsLeftOut: Math.max(0, cleaned.length - MOST.cleanings),
    notes: notes.slice(0, MOST.cleanings),
    notesLeftOut: Math.max(0, notes.length - MOST.cleanings),
    failed: unchecked.slice(-MOST.failed).toReversed(),
    failedLeftOut: Math.max(0, unchecked.length - MOST.failed),
    judgedBy: {
      glass: scored.some(({ glass }) => glass),
      learned: scored.length === 0 || scored.some(({ glass }) => glass?.isOwnModel ?? true),
    },
    counts: {
      jobs: inside.length + aside.length,
      scored: scored.length,
      failed: unchecked.length,
    },
  };
}

/** Jobs whose pictures a report shows, those that matter most first. */
export function picturedJobs({ histories }: ReportFacts): readonly CompletedJob[] {
  return [...new Set(histories.flatMap(({ worst, driftStarts }) => [...worst, ...driftStarts]))];
}

function spanStart({ jobs, events, now }: ReportSource, kind: ReportPeriod): number {
  const newest = jobs.findLast(isDated)?.capturedAt ?? now;
  switch (kind) {
    case 'all':
      return -Infinity;
    case 'month':
      return newest - 30 * DAY;
    case 'cleaning':
      return lastCleaning(events, now) ?? -Infinity;
  }
}

function reportedVerdict(
  all: readonly CompletedJob[],
  { camera, jobs, events, now }: ReportSource,
  reference: Reference | null,
): ReportedVerdict {
  const current = tellingOf(all, events, now);
  const sight = reference && blindnessOf(reference.embeddings, camera);
  const learned = learnedOf(reference);
  const silence = silenceOf({ jobs, learned }, camera, now);
  const cycle = cycleState(camera, events, reference ? [reference] : [], current);
  const asking = { jobs: all, camera, reference };
  const found = verdictNow(current.at(-1), events, now, sight, silence, learned.missing, cycle, asking);
  const run = runOf(current, found.verdict, events);
  const saysNothing =
    found.cleanMissing > 0 || found.blindness !== null || found.isDoubted || found.silence !== null;
  const since = saysNothing ? null : found.isOutdated ? found.cleanedAt : run.since;
  const unshown = unshownOf(found, current, events, reference);
  return { ...found, run, since, unshown, seen: seenNow(events, current, now) };
}

const SEVERITY: Readonly<Record<Verdict, number>> = {
  'not-checked': 0,
  'warming-up': 1,
  normal: 2,
  warning: 3,
  drift: 4,
};

function historyFacts(
  key: string,
  jobs: readonly CompletedJob[],
  isPresent: boolean,
  failed: readonly FailedJob[],
  mostRows: number,
): ReportedHistory {
  // Files that could not be read belong to no model: they are counted once, with the present one.
  const { unit, rows } = summaryOf(isPresent ? [...jobs, ...failed] : jobs, mostRows);
  const starts = alarmsOf(jobs).map(({ first }) => jobs[first]!);
  const judged = jobs.filter((job) => scaledDistance(job) !== null);
  const sorted = judged.sort((a, b) => scaledDistance(b)! - scaledDistance(a)!);
  // Pictures of one day hardly differ.
  const byDay = new Map(sorted.toReversed().map((job) => [isoDay(job.capturedAt), job]));
  const worst = sorted.filter((job) => byDay.get(isoDay(job.capturedAt)) === job).slice(0, MOST.worst);
  return {
    key,
    isPresent,
    jobs,
    unit,
    rows: rows.slice(-mostRows),
    rowsLeftOut: Math.max(0, rows.length - mostRows),
    worst,
    driftStarts: starts.slice(-MOST.driftEvents).toReversed(),
    driftEvents: starts.length,
  };
}

const LENGTH_OF_PERIOD: Readonly<Record<Unit, number>> = { day: 10, month: 7, year: 4 };

/** The period of an instant, from its end so that years of five digits and more stay whole. */
function periodOf(at: number, unit: Unit): string {
  const day = isoDay(at);
  return day.slice(0, day.length - (LENGTH_OF_PERIOD.day - LENGTH_OF_PERIOD[unit]));
}

/** Rows are days, or months or years if there would be more rows than a person reads. */
function summaryOf(jobs: readonly Job[], most: number): { unit: Unit; rows: readonly PeriodRow[] } {
  let rows: readonly PeriodRow[] = [];
  for (const unit of ['day', 'month', 'year'] as const) {
    rows = rowsBy(jobs, unit);
    if (rows.length <= most) return { unit, rows };
  }
  return { unit: 'year', rows };
}

function rowsBy(jobs: readonly Job[], unit: Unit): readonly PeriodRow[] {
  const groups = new Map<string, Job[]>();
  for (const job of jobs) {
    const period = periodOf(job.capturedAt, unit);
    const group = groups.get(period);
    if (group) group.push(job);
    else groups.set(period, [job]);
  }
  return [...groups]
    .map(([period, group]) => rowOf(period, group))
    .sort((a, b) => (a.period < b.period ? -1 : 1));
}

function rowOf(period: string, jobs: readonly Job[]): PeriodRow {
  const flags = Object.fromEntries(QARTOD_FLAGS.map((flag) => [flag, 0])) as Record<QartodFlag, number>;
  let worstDistance: number | null = null;
  let worstVerdict: Verdict = 'not-checked';
  for (const job of jobs) {
    flags[flagOf(job)] += 1;
    const verdict = verdictOf(job);
    if (SEVERITY[verdict] > SEVERITY[worstVerdict]) worstVerdict = verdict;
    const distance = job.jobStatus === 'Completed' ? scaledDistance(job) : null;
    if (distance !== null) worstDistance = Math.max(worstDistance ?? distance, distance);
  }
  return { period, snapshots: jobs.length, worstDistance, worstVerdict, flags };
}

function coverageFacts(reference: Reference | null): CoverageFacts | null {
  const times = reference?.capturedAt?.filter((at) => at !== null) ?? [];
  if (times.length === 0) return null;
  const days = new Set(times.map(dayOf)).size;
  const unit = days <= MOST.coverageRows ? 'day' : 'month';
  const byPeriod = new Map<string, number[]>();
  for (const at of times) {
    const period = periodOf(at, unit);
    const byHour = byPeriod.get(period) ?? new Array<number>(24).fill(0);
    byHour[new Date(at).getUTCHours()]! += 1;
    byPeriod.set(period, byHour);
  }
  const rows = [...byPeriod]
    .map(([period, byHour]) => ({ period, byHour }))
    .sort((a, b) => (a.period < b.period ? -1 : 1));
  return {
    unit,
    rows: rows.slice(-MOST.coverageRows),
    rowsLeftOut: Math.max(0, rows.length - MOST.coverageRows),
    days,
    snapshots: times.length,
  };
}
