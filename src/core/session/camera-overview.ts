import { clockFacts, isLeftOut } from '../domain/camera/time/clock';
import { clockStand } from '../domain/camera/time/clock-stand';
import { isDated, LEAST_HABIT } from '../domain/camera/time/freshness';
import { cycleState } from '../domain/camera/cycle';
import type { Reference } from '../domain/camera/reference';
import { learnedOf } from '../domain/camera/time/reference-times';
import type { Camera } from '../domain/camera/camera';
import type { CameraEvent } from '../domain/camera/event';
import type { CompletedJob, Job } from '../domain/camera/job';
import { outlookOf, type Outlook } from '../domain/camera/outlook';
import { seenNow, type SeenEvent } from '../domain/camera/seen';
import { spokenOf, timesOf } from '../domain/camera/spoken';
import { blindnessOf } from '../domain/drift/blindness';
import type { Blindness } from '../domain/drift/detectors/detector';
import { loadEvents, loadInForce, loadReferences } from '../storage/cameras';
import type { Database } from '../storage/database';
import { loadNewestJobs, loadSampledJobs } from '../storage/jobs';
import { CurrentRules } from './history/current-rules';
import { tellingHistory } from './history/history';
import { newestOf, silenceOf } from './silence';
import { runOf, tellingOf, verdictNow, type VerdictNow, type VerdictRun } from './history/verdict-now';

/** So much of a camera's course is looked at, in milliseconds. */
const OVERVIEW_SPAN = 30 * 86_400_000;
/** So many of the newest jobs are read; of a camera whose habits don't show in them, so many. */
const NEWEST = 200;
const MOST_OF_FAST = 3000;
/** One job is read in each of such stretches before them, in milliseconds. */
const STRETCH = 12 * 3_600_000;

/** Stored facts of a camera's last days. */
export interface Recent {
  readonly camera: Camera;
  /** the newest, in capture order */
  readonly jobs: readonly Job[];
  /** a few of those before them, in capture order */
  readonly earlier: readonly Job[];
  readonly events: readonly CameraEvent[];
  /** the one in force; undefined where there is none */
  readonly reference: Reference | undefined;
  /** why its settings can't detect anything; null when they can, and when growth and loss speak */
  readonly sight: Blindness | null;
}

/** The state of a camera, without its whole history. */
export interface CameraOverview {
  readonly camera: Camera;
  readonly now: VerdictNow;
  readonly run: VerdictRun;
  /** its verdict's distance in times of the drift limit; null without a verdict */
  readonly times: number | null;
  /** capture time of its newest snapshot of all, judged or learned, in milliseconds since 1970; null without any */
  readonly newestAt: number | null;
  /** the jobs that the verdict is about, in capture order */
  readonly course: readonly CompletedJob[];
  readonly events: readonly CameraEvent[];
  readonly outlook: Outlook | null;
  /** the newest word of a person on its alarm; null without one */
  readonly seen: SeenEvent | null;
  /** numbers of files in no verdict: set aside for their clock, and failed since the newest snapshot was checked */
  readonly waiting: { readonly aside: number; readonly failed: number };
}

/** The newest jobs of a camera: enough to know its usual interval. @throws AppError `storage-failed` */
export async function loadHabit(db: Database, cameraId: string): Promise<Job[]> {
  const jobs = await loadNewestJobs(db, cameraId, NEWEST);
  const span = (jobs.findLast(isDated)?.capturedAt ?? 0) - (jobs[0]?.capturedAt ?? 0);
  const isEnough = jobs.length < NEWEST || span > 1.5 * LEAST_HABIT;
  return isEnough ? jobs : loadNewestJobs(db, cameraId, MOST_OF_FAST);
}

/** @throws AppError `storage-failed` */
export async function loadRecent(db: Database, camera: Camera): Promise<Recent> {
  const [jobs, events, reference] = await Promise.all([
    loadHabit(db, camera.id),
    loadEvents(db, camera.id),
    loadInForce(db, camera),
  ]);
  const first = jobs[0]?.capturedAt ?? 0;
  const last = jobs.findLast(isDated)?.capturedAt ?? first;
  const sampled = { from: last - OVERVIEW_SPAN, to: first, stretch: STRETCH };
  const earlier = jobs.length < NEWEST ? [] : await loadSampledJobs(db, camera.id, sampled);
  const newest = jobs.findLast((job) => job.jobStatus === 'Completed');
  const recent = { camera, jobs, earlier, events, reference, sight: null };
  if (newest?.jobStatus === 'Completed' && newest.glass) return recent;
  const references = await loadReferences(db, camera.id);
  const rules = await CurrentRules.open(db, references);
  const sight = reference ? blindnessOf(reference.embeddings, camera) : null;
  return { ...recent, jobs: rules.applyTo(jobs), sight };
}

/** @param now - milliseconds since 1970 */
export function overviewOf(recent: Recent, now: number): CameraOverview {
  const { camera, earlier, events, reference, sight } = recent;
  const learned = learnedOf(reference);
  const { believed: jobs, aside } = clockStand(recent.jobs, clockFacts(camera, null, now));
  const present = tellingHistory([...earlier, ...jobs], camera, events);
  const course = tellingOf(present, events, now);
  const latest = course.at(-1);
  const news = { jobs, learned };
  const silence = silenceOf(news, camera, now);
  const cycle = cycleState(camera, events, reference ? [reference] : [], course);
  const asking = { jobs: present, camera, reference: reference ?? null };
  const verdict = verdictNow(latest, events, now, sight, silence, learned.missing, cycle, asking);
  const failed = jobs.filter(
    ({ jobStatus, createdAt }) => jobStatus === 'Failed' && createdAt > (latest?.createdAt ?? -Infinity),
  );
  const spoken = latest && !verdict.isOutdated ? spokenOf(latest) : null;
  return {
    camera,
    now: verdict,
    run: runOf(course, verdict.verdict, events),
    times: spoken && timesOf(spoken),
    newestAt: newestOf(news, now),
    course,
    events,
    outlook: outlookOf(course, events, now),
    seen: seenNow(events, course, now),
    waiting: {
      aside: aside.filter((job) => !isLeftOut(job, camera.clockCorrections ?? [])).length,
      failed: failed.length,
    },
  };
}
