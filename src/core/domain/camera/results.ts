import type { Detail } from '../detail';
import { csvFormatRow } from 'd3-dsv';
import type { Embedding } from '../drift/embedding';
import type { ConclusionCode } from '../glass/conclusion';
import { type Camera, conclusionOf, type Job, verdictOf } from './job';
import type { Onset } from '../usable/onset';
import { flagOf, flagSinceOnset, type QartodFlag } from './qartod';
import { isoSeconds, summarise, type Verdict } from './summary';

/** One exported row: the CSV's columns in order, promised to other programs; null (an empty cell) means unknown. */
export interface ResultRow {
  readonly image_name: string;
  /** ISO 8601 in UTC, whole seconds: `2023-07-30T08:30:36Z` */
  readonly captured_at: string;
  readonly camera: string;
  /** squared MMD of the learned embeddings; null while the window fills, and for what counts for nothing */
  readonly distance: number | null;
  readonly threshold_warning: number | null;
  readonly threshold_drift: number | null;
  readonly verdict: Verdict;
  readonly window_size: number | null;
  readonly sigma: number | null;
  readonly model_sha256: string | null;
  readonly qartod_flag: QartodFlag;
  /** conclusion about the lens, in one word: `growth`, `film`, `clear` … */
  readonly conclusion: ConclusionCode;
  /** squared MMD of growth and of loss; null while the window fills, and where there are none */
  readonly growth: number | null;
  readonly loss: number | null;
  /** share of the glass that is grown over, 0..1 */
  readonly cover: number | null;
  /** the view compared with the reference's; null if it was not compared */
  readonly view: 'same' | 'other' | 'moved' | null;
  /** the flag as it is known since an onset was found; null if flags are not set back to it */
  readonly qartod_flag_since_onset: QartodFlag | null;
}

/** Columns for growth, loss and the view gate of a job. */
export function glassColumns(job: Job): Pick<ResultRow, 'conclusion' | 'growth' | 'loss' | 'cover' | 'view'> {
  if (job.jobStatus === 'Failed') {
    return { conclusion: 'not-checked', growth: null, loss: null, cover: null, view: null };
  }
  const { glass } = job;
  return {
    conclusion: conclusionOf(job).code,
    growth: glass?.growth?.distance ?? null,
    loss: glass?.loss?.distance ?? null,
    cover: glass?.growth ? glass.cover : null,
    view: glass ? (glass.view.hasMoved ? 'moved' : glass.view.isAside ? 'other' : 'same') : null,
  };
}

const COLUMNS = [
  'image_name',
  'captured_at',
  'camera',
  'distance',
  'threshold_warning',
  'threshold_drift',
  'verdict',
  'window_size',
  'sigma',
  'model_sha256',
  'qartod_flag',
  'conclusion',
  'growth',
  'loss',
  'cover',
  'view',
  'qartod_flag_since_onset',
] as const satisfies readonly (keyof ResultRow)[];

/**
 * Places where a formula could begin: first in the cell, or first behind a character that a spreadsheet may split it
 * at, after any blanks, quotes and unseen characters that it drops. The wide and small forms count in East Asian
 * editions of Excel.
 */
const FORMULA = /(?=[=+\-@＝＋－＠﹦﹢﹣﹫])(?<=(?:^|[;\t\r\n])[\p{Z}\p{C}"]*)/gu;
const CONTROL_FIRST = /^[\t\r\n]/;

/** @param onsets - of the camera, if its flags are set back to them; else null */
export function toResult(
  job: Job,
  camera: Pick<Camera, 'name'>,
  onsets: readonly Onset[] | null = null,
): ResultRow {
  const scored = job.jobStatus === 'Completed' ? job : null;
  return {
    image_name: job.imageName,
    captured_at: isoSeconds(job.capturedAt),
    camera: camera.name,
    distance: scored?.distance ?? null,
    threshold_warning: scored?.thresholds.warning ?? null,
    threshold_drift: scored?.thresholds.drift ?? null,
    verdict: verdictOf(job),
    window_size: scored?.detector.windowSize ?? null,
    sigma: scored?.detector.sigma ?? null,
    model_sha256: scored?.modelSha256 ?? null,
    qartod_flag: flagOf(job),
    ...glassColumns(job),
    qartod_flag_since_onset: onsets && flagSinceOnset(job, onsets),
  };
}

/**
 * The jobs as CSV (RFC 4180: CRLF after each line), numbers in full precision, in the order given.
 *
 * A name that a spreadsheet would run as a formula gets an apostrophe, see {@link withoutFormula}; numbers never do.
 */
export function resultsCsv(
  jobs: readonly Job[],
  camera: Pick<Camera, 'name'>,
  onsets: readonly Onset[] | null = null,
): string {
  const rows = jobs.map((job) => {
    const result = toResult(job, camera, onsets);
    return COLUMNS.map((column) => {
      const value = result[column] ?? '';
      return typeof value === 'number' ? String(value) : withoutFormula(value);
    });
  });
  return csvLines([[...COLUMNS], ...rows]);
}

/**
 * A text as a cell of a CSV file: where a spreadsheet would begin a formula stands an apostrophe. Quotes don't help:
 * one that splits at semicolons, as in much of Europe, doesn't see them in the middle of a line.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function withoutFormula(text: string): string {
  const safe = text.replace(FORMULA, "'");
  return CONTROL_FIRST.test(safe) ? `'${safe}` : safe;
}

/** Rows as CSV (RFC 4180: CRLF after each line). */
export function csvLines(rows: readonly string[][]): string {
  return rows.map((row) => `${csvFormatRow(row)}\r\n`).join('');
}

/**
 * The jobs as JSON: `{ "jobs": [{ …row, "embedding": […] }], "summary": { … }, "made_by": { … } }`.
 *
 * @param inEnglish - says a detail
 * @param embeddings - by job id; a job without one gets null
 * @param summed - those that the summary is about: distances of two models have no common extremes
 * @param made - what they are made by, as `madeBy` says it; null leaves it out
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
