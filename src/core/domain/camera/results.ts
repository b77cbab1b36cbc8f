import type { Detail } from '../detail';
import type { Embedding } from '../drift/embedding';
import { tableCsv, tableRow, type TableRow } from '../files/csv';
import type { Onset } from '../usable/onset';
import type { Camera } from './camera';
import type { CompletedJob, Job } from './job';
import { judgingReference, type Reference } from './reference';
import { cycleBegan } from './time/reference-times';
import { conclusionOf, verdictOf } from './verdict';
import { flagOf, flagSinceOnset, oceansitesOf, testColumns, testFlagsOf } from './qartod';
import { isoSeconds, summarise } from './summary';

/** The camera of results. */
export interface ResultsOf extends Pick<Camera, 'name'> {
  /** its onsets, if its flags are set back to them; else null */
  readonly onsets?: readonly Onset[] | null;
  /** those that have judged it; without them no cycle is named */
  readonly references?: readonly Reference[];
}

function scored(job: Job): CompletedJob | null {
  return job.jobStatus === 'Completed' ? job : null;
}

const seen = (job: Job) => scored(job)?.glass ?? null;

/** Conclusion, growth, loss and view of a job. */
const GLASS_COLUMNS = {
  /** conclusion about the lens, in one word: `growth`, `film`, `clear` … */
  conclusion: (job: Job) => (job.jobStatus === 'Failed' ? 'not-checked' : conclusionOf(job).code),
  /** squared MMD of growth and of loss; null while the window fills, and without them */
  growth: (job: Job) => seen(job)?.growth?.distance ?? null,
  loss: (job: Job) => seen(job)?.loss?.distance ?? null,
  /** share of the glass that is grown over, 0..1 */
  cover: (job: Job) => (seen(job)?.growth ? seen(job)!.cover : null),
  /** the view compared with the reference's; null if it was not compared */
  view: (job: Job) => viewOf(job),
};

const COLUMNS = {
  image_name: (job: Job) => job.imageName,
  /** ISO 8601 in UTC, whole seconds: `2023-07-30T08:30:36Z` */
  captured_at: (job: Job) => isoSeconds(job.capturedAt),
  camera: (_: Job, { name }: ResultsOf) => name,
  /** squared MMD of the learned embeddings; null while the window fills, and for what counts for nothing */
  distance: (job: Job) => scored(job)?.distance ?? null,
  threshold_warning: (job: Job) => scored(job)?.thresholds.warning ?? null,
  threshold_drift: (job: Job) => scored(job)?.thresholds.drift ?? null,
  verdict: verdictOf,
  window_size: (job: Job) => scored(job)?.detector.windowSize ?? null,
  sigma: (job: Job) => scored(job)?.detector.sigma ?? null,
  model_sha256: (job: Job) => scored(job)?.modelSha256 ?? null,
  /** the worst of its tests, which come last */
  qartod_flag: flagOf,
  ...GLASS_COLUMNS,
  /** the flag as it is known since an onset was found; null if flags are not set back to it */
  qartod_flag_since_onset: (job: Job, { onsets = null }: ResultsOf) => onsets && flagSinceOnset(job, onsets),
  /** `qartod_flag` in the flags of OceanSITES, in which 2 means something else */
  oceansites_qc: (job: Job) => oceansitesOf(flagOf(job)),
  /** when the cycle began whose reference has judged it */
  cycle: (job: Job, { references = [] }: ResultsOf) => {
    const completed = scored(job);
    const reference = completed && judgingReference(completed, references);
    return reference && isoSeconds(cycleBegan(reference));
  },
  ...testColumns(testFlagsOf),
};

export function glassColumns(job: Job): TableRow<typeof GLASS_COLUMNS> {
  return tableRow(GLASS_COLUMNS, job, null);
}

function viewOf(job: Job): 'same' | 'other' | 'moved' | null {
  const view = seen(job)?.view;
  if (!view) return null;
  if (view.hasMoved) return 'moved';
  return view.isAside ? 'other' : 'same';
}

/** One row of the results. */
export function toResult(job: Job, of: ResultsOf): TableRow<typeof COLUMNS> {
  return tableRow(COLUMNS, job, of);
}

/** The jobs as CSV, in the order given. */
export function resultsCsv(jobs: readonly Job[], of: ResultsOf): string {
  return tableCsv(COLUMNS, jobs, of);
}

/**
 * The jobs as JSON: `{ "jobs": [{ …row, "embedding": […] }], "summary": { … }, "made_by": { … } }`.
 *
 * @param inEnglish - says a detail
 * @param embeddings - by job id; a job without one gets null
 * @param summed - the jobs in the summary: distances of two models have no common extremes
 * @param made - the result of `madeBy`; null leaves it out
 * @returns text; a failed job carries `error` with code and detail, one whose clock was
 * corrected `stated_at`
 */
export function resultsJson(
  jobs: readonly Job[],
  embeddings: ReadonlyMap<string, Embedding>,
  of: ResultsOf,
  inEnglish: (detail: Detail) => string,
  summed: readonly Job[] = jobs,
  made: object | null = null,
): string {
  const rows = jobs.map((job) => {
    const embedding = embeddings.get(job.id);
    return {
      ...toResult(job, of),
      embedding: embedding ? Array.from(embedding) : null,
      ...(job.statedAt !== undefined && { stated_at: isoSeconds(job.statedAt) }),
      ...(job.jobStatus === 'Completed' && job.byEye !== undefined && { by_eye: job.byEye }),
      ...(job.jobStatus === 'Failed' && { error: { code: job.code, detail: inEnglish(job.detail) } }),
    };
  });
  const { firstCapturedAt, lastCapturedAt, maxDistance, highest, driftEpisodes, firstDriftAt, ...counts } =
    summarise(summed);
  const iso = (at: number | null) => (at === null ? null : isoSeconds(at));
  const summary = {
    ...counts,
    first_captured_at: iso(firstCapturedAt),
    last_captured_at: iso(lastCapturedAt),
    max_distance: maxDistance,
    highest: highest && { of: highest.speaker, distance: highest.distance, limit: highest.thresholds.drift },
    drift_episodes: driftEpisodes,
    first_drift_at: iso(firstDriftAt),
  };
  return JSON.stringify({ jobs: rows, summary, ...(made && { made_by: made }) });
}
