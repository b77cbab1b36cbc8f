import type { Detail } from '../detail';
import type { Embedding } from '../drift/embedding';
import { tableCsv, tableRow, type TableRow } from '../files/csv';
import type { Onset } from '../usable/onset';
import type { Camera } from './camera';
import type { CompletedJob, Job } from './job';
import { conclusionOf, verdictOf } from './verdict';
import { flagOf, flagSinceOnset, oceansitesOf } from './qartod';
import { isoSeconds, summarise } from './summary';

interface ResultsOf {
  readonly camera: Pick<Camera, 'name'>;
  /** of the camera, if its flags are set back to them; else null */
  readonly onsets: readonly Onset[] | null;
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
  camera: (_: Job, { camera }: ResultsOf) => camera.name,
  /** squared MMD of the learned embeddings; null while the window fills, and for snapshots that are set aside */
  distance: (job: Job) => scored(job)?.distance ?? null,
  threshold_warning: (job: Job) => scored(job)?.thresholds.warning ?? null,
  threshold_drift: (job: Job) => scored(job)?.thresholds.drift ?? null,
  verdict: verdictOf,
  window_size: (job: Job) => scored(job)?.detector.windowSize ?? null,
  sigma: (job: Job) => scored(job)?.detector.sigma ?? null,
  model_sha256: (job: Job) => scored(job)?.modelSha256 ?? null,
  qartod_flag: flagOf,
  ...GLASS_COLUMNS,
  /** the flag after an onset was found; null if flags are not set back to it */
  qartod_flag_since_onset: (job: Job, { onsets }: ResultsOf) => onsets && flagSinceOnset(job, onsets),
  /** `qartod_flag` in the flags of OceanSITES, in which 2 means something else */
  oceansites_qc: (job: Job) => oceansitesOf(flagOf(job)),
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

/** One row of the results. @param onsets - of the camera, if its flags are set back to them; else null */
export function toResult(
  job: Job,
  camera: Pick<Camera, 'name'>,
  onsets: readonly Onset[] | null = null,
): TableRow<typeof COLUMNS> {
  return tableRow(COLUMNS, job, { camera, onsets });
}

/** The jobs as CSV, in the order given. */
export function resultsCsv(
  jobs: readonly Job[],
  camera: Pick<Camera, 'name'>,
  onsets: readonly Onset[] | null = null,
): string {
  return tableCsv(COLUMNS, jobs, { camera, onsets });
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
  camera: Pick<Camera, 'name'>,
  inEnglish: (detail: Detail) => string,
  summed: readonly Job[] = jobs,
  onsets: readonly Onset[] | null = null,
  made: object | null = null,
): string {
  const rows = jobs.map((job) => {
    const embedding = embeddings.get(job.id);
    return {
      ...toResult(job, camera, onsets),
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
