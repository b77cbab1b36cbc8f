import type { CompletedJob, Job } from '../domain/camera/job';

/** Settings that mostly stay the same from job to job. */
const SETTINGS = ['thresholds', 'detector', 'persistence'] as const;

/**
 * Lets jobs that were just read share equal settings, ids and words: each came with copies of its own, half of the
 * memory that a job takes.
 *
 * @param jobs - owned by this call; changed in place
 */
export function shareFacts(jobs: readonly Job[]): void {
  const texts = new Map<string, string>();
  let last: CompletedJob | null = null;
  for (const job of jobs) {
    shareTexts(job, texts);
    if (job.jobStatus === 'Failed') continue;
    const { glass } = job;
    if (last) {
      for (const name of SETTINGS) shareWith(last, job, name);
      if (glass && last.glass) shareWith(last.glass, glass, 'view');
    }
    if (glass) {
      shareTexts(glass, texts);
      if (glass.growth) shareTexts(glass.growth, texts);
      if (glass.loss) shareTexts(glass.loss, texts);
    }
    last = job;
  }
}

/** Texts of its own fields; those that are there once stay as they are. */
function shareTexts(row: object, texts: Map<string, string>): void {
  const fields = row as Record<string, unknown>;
  for (const name in fields) {
    const value = fields[name];
    if (typeof value !== 'string' || OWN.has(name)) continue;
    const known = texts.get(value);
    if (known === undefined) texts.set(value, value);
    else fields[name] = known;
  }
}

const OWN: ReadonlySet<string> = new Set(['id', 'imageName', 'contentSha256']);

function shareWith<T extends object>(before: T, row: T, name: keyof T): void {
  if (isAlike(before[name], row[name])) row[name] = before[name];
}

/** True if two plain objects hold the same numbers, texts and flags. */
function isAlike(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false;
  const [ours, theirs] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const names = Object.keys(ours);
  return (
    names.length === Object.keys(theirs).length &&
    names.every((name) => Object.hasOwn(theirs, name) && Object.is(ours[name], theirs[name]))
  );
}
