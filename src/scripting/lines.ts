import { compareJobs, type Job } from '../core/domain/camera/job';
import { conclusionOf, isSetAside, verdictOf, whyNotChecked } from '../core/domain/camera/verdict';
import { isAside, type ClockFault } from '../core/domain/camera/time/clock';
import { glassColumns } from '../core/domain/camera/results';
import { isoSeconds, type Summary } from '../core/domain/camera/summary';
import type { explainInEnglish } from '../core/i18n/in-english';
import english from '../words/verdict.en.js';
import type { ChangedJob } from '../core/session/scoring/known-jobs';
import conclusionWords from '../words/conclusion.en.js';
import programsWords from '../words/programs.en.js';

type Explain = typeof explainInEnglish;

/** One scored snapshot, as a terminal shows it. */
export interface ScoredLine extends ReturnType<typeof glassColumns> {
  readonly captured_at: string;
  readonly image_name: string;
  readonly distance: number | null;
  readonly verdict: ReturnType<typeof verdictOf>;
  readonly reason: string | null;
  /** why its time does not count; absent where it does */
  readonly set_aside?: ClockFault;
  readonly corrected?: true;
}

/** A job that is told, and whether an earlier line of it no longer holds. */
export interface ToldJob extends Pick<ScoredLine, 'corrected'> {
  readonly job: Job;
}

/** The details of failures are not needed for the first paint. */
export async function openExplain(): Promise<Explain> {
  return (await import('../core/i18n/in-english')).explainInEnglish;
}

export function scoredLine(job: Job, explain: Explain): ScoredLine {
  return {
    captured_at: isoSeconds(job.capturedAt),
    image_name: job.imageName,
    distance: job.jobStatus === 'Completed' ? job.distance : null,
    verdict: verdictOf(job),
    reason: whyWithoutVerdict(job, explain),
    ...(isAside(job) && { set_aside: job.code }),
    ...glassColumns(job),
  };
}

/** Jobs, and after them those whose lines say something else than before, as they are now; each in capture order. */
export async function toldOf(
  jobs: readonly Job[],
  changed: readonly ChangedJob<Job>[] = [],
): Promise<readonly ToldJob[]> {
  const explain = await openExplain();
  const said = (job: Job) => JSON.stringify(scoredLine(job, explain));
  const corrected = changed.filter(({ before, after }) => said(before) !== said(after));
  const inOrder = corrected.map(({ after }) => after).sort(compareJobs);
  return [...jobs.map((job) => ({ job })), ...inOrder.map((job) => ({ job, corrected: true }) as const)];
}

/** Why a job has no verdict, or null when it has one. */
function whyWithoutVerdict(job: Job, explain: Explain): string | null {
  const why = whyNotChecked(job);
  if (why) return explain(why.code, why.detail);
  if (job.jobStatus === 'Completed') {
    const { code } = conclusionOf(job);
    if (isSetAside(job) || code === 'masked') return conclusionWords.words[code];
  }
  return job.jobStatus === 'Completed' && job.distance === null
    ? english.warmingUp({ fill: job.windowFill, windowSize: job.detector.windowSize })
    : null;
}

/**
 * The verdict of the newest snapshot that has one: neither a file that could not be read nor a window that fills says
 * anything of the lens.
 *
 * @param jobs - in capture order
 * @returns null if none has
 */
export function lastVerdictOf(jobs: readonly Job[]): 'normal' | 'warning' | 'drift' | null {
  for (const job of jobs.toReversed()) {
    const verdict = verdictOf(job);
    if (verdict !== 'not-checked' && verdict !== 'warming-up') return verdict;
  }
  return null;
}

export function summarySentence({ verdicts, jobs, highest, firstDriftAt, driftEpisodes }: Summary): string {
  const said = (['normal', 'warning', 'drift', 'warming-up', 'not-checked'] as const)
    .filter((verdict) => verdicts[verdict] > 0)
    .map((verdict) => `${String(verdicts[verdict])} ${verdict.replace('-', ' ')}`);
  return programsWords.summary({
    count: jobs,
    verdicts: said.join(', ') || programsWords.none,
    highest: highest
      ? programsWords.highest({
          who: highest.speaker,
          highest: highest.distance,
          limit: highest.thresholds.drift,
        })
      : '',
    episodes: firstDriftAt === null ? 0 : driftEpisodes,
    first: firstDriftAt ?? 0,
  });
}
