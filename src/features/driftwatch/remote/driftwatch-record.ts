import { captureTimeFromName } from '../../../core/domain/camera/capture-time';
import {
  verdictOf,
  whyNotChecked,
  type CompletedJob,
  type Job,
  type Reference,
} from '../../../core/domain/camera/job';
import { propertyFieldsOf } from '../../../core/domain/picture/property-table';
import { glassColumns } from '../../../core/domain/camera/results';
import { isoSeconds } from '../../../core/domain/camera/summary';

const DAY = 86_400_000;
/** DriftWatch answers 500 to integers beyond 64 bit, and that is how JSON.stringify writes numbers up to 1e21. */
const LARGEST = 2 ** 63;

type JobStatus = 'Running' | 'Completed' | 'Failed';

/** What is said of a job besides its own facts. */
export interface RecordContext {
  readonly tags: readonly string[];
  readonly model: string;
  /** of the reference that the job was judged with; null for a job that was not scored */
  readonly reference: Reference | null;
  /** a sentence for why a job has no verdict, in English: other programs read it */
  readonly reason: string | null;
  readonly appVersion: string;
}

/** The body of a drift record, as DriftWatch's `CreateDrift` has it. */
export interface CreateDrift {
  readonly job_status: JobStatus;
  readonly model: string;
  readonly drift_detected: boolean;
  readonly tags: readonly string[];
  readonly parameters: Readonly<Record<string, unknown>>;
}

/**
 * A job as the text of a drift record: one that is complete from the start, with flat and finite parameters under
 * the names of the records that the tutorial's module writes. `distance` and its limits are the learned ones;
 * `drift_detected` and `warning` are the verdict, which `conclusion` says in a word. The same job and context give the
 * same text.
 */
export function driftText(job: Job, context: RecordContext): string {
  return JSON.stringify(driftOf(job, context));
}

function driftOf(job: Job, context: RecordContext): CreateDrift {
  const isScored = job.jobStatus === 'Completed';
  const why = whyNotChecked(job);
  return {
    job_status: job.jobStatus,
    model: wellFormed(context.model),
    drift_detected: verdictOf(job) === 'drift',
    tags: context.tags.map(wellFormed),
    parameters: storable({
      ...(isScored && scores(job, context.reference)),
      image_name: job.imageName,
      captured_at: isoSeconds(job.capturedAt),
      captured_at_ms: job.capturedAt,
      stated_at: job.statedAt === undefined ? null : isoSeconds(job.statedAt),
      captured_at_source: job.capturedAtSource,
      result_id: job.id,
      content_sha256: job.contentSha256,
      ...(why && { reason_code: why.code, reason: context.reason }),
      app: 'porthole',
      app_version: context.appVersion,
    }),
  };
}

function scores(job: CompletedJob, reference: Reference | null): Record<string, unknown> {
  const { distance, thresholds, detector, properties } = job;
  const verdict = verdictOf(job);
  return {
    ...glassColumns(job),
    distance,
    drift_distance: thresholds.drift,
    warning_distance: thresholds.warning,
    warning: verdict === 'not-checked' ? null : verdict === 'warning' || verdict === 'drift',
    days_since_reference: reference && (job.capturedAt - takenAt(reference)) / DAY,
    reference_version: reference?.version,
    reference_size: reference?.embeddings.length,
    detector: detector.name,
    sigma: detector.sigma,
    window_size: detector.windowSize,
    window_fill: job.windowFill,
    raise_after: job.persistence?.raiseAfter,
    clear_after: job.persistence?.clearAfter,
    clear_below: job.persistence?.clearBelow,
    ...propertyFieldsOf(properties),
    width: properties.width,
    height: properties.height,
    model_sha256: job.modelSha256,
  };
}

/** A reference is frozen, and thousands of jobs ask for the same one. */
const taken = new WeakMap<Reference, number>();

/** When the newest snapshot of a reference was taken; the day it was frozen when neither it nor its names tell. */
function takenAt(reference: Reference): number {
  const known = taken.get(reference);
  if (known !== undefined) return known;
  const times = reference.names
    .map((name, i) => reference.capturedAt?.[i] ?? captureTimeFromName(name))
    .filter((time) => time !== null);
  const at = times.reduce((newest, time) => Math.max(newest, time), -Infinity);
  taken.set(reference, times.length > 0 ? at : reference.createdAt);
  return takenAt(reference);
}

/** Leaves out what the service can't keep or nobody could plot: null, NaN, infinities, integers beyond 64 bit. */
function storable(parameters: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.entries(parameters).filter(([, value]) =>
    typeof value === 'number'
      ? Number.isFinite(value) && (Math.abs(value) < LARGEST || Math.abs(value) >= 1e21)
      : value !== null && value !== undefined,
  );
  return Object.fromEntries(
    kept.map(([key, value]) => [key, typeof value === 'string' ? wellFormed(value) : value]),
  );
}

/** A file name may hold half of a surrogate pair, which MongoDB refuses. */
function wellFormed(text: string): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text));
}
