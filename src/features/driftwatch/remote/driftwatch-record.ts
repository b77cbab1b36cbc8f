import { isAlike } from '../../../core/domain/alike';
import { cycleBegan, takenTimes } from '../../../core/domain/camera/time/reference-times';
import type { CompletedJob, Job } from '../../../core/domain/camera/job';
import type { Reference } from '../../../core/domain/camera/reference';
import { verdictOf, whyNotChecked } from '../../../core/domain/camera/verdict';
import { propertyFieldsOf } from '../../../core/domain/picture/property-table';
import { glassColumns } from '../../../core/domain/camera/results';
import { isoSeconds } from '../../../core/domain/camera/summary';

const DAY = 86_400_000;
/** DriftWatch answers 500 to integers beyond 64 bit, and that is how JSON.stringify writes numbers up to 1e21. */
const LARGEST = 2 ** 63;

/**
 * Size of the popup of DriftWatch's GUI at 1280 × 800: it neither scrolls nor wraps the indented JSON of a record's
 * parameters. `columns` is the line of a `result_id`, the longest that can't be shortened.
 */
const POPUP = { parameters: 18, columns: 54 } as const;
/** Enough to distinguish files and models. */
const HASH_LENGTH = 12;
const HASHES: ReadonlySet<string> = new Set(['model_sha256', 'content_sha256']);

/** Tags added to the camera's: DriftWatch's GUI finds jobs to plot by them, and jobs that are no alarm. */
const STATE_TAGS = ['checked', 'warming-up', 'not-checked', 'failed'] as const;

/** Parameters that name a record's job, picture and camera. */
const NAMES: ReadonlySet<string> = new Set(['result_id', 'image_name', 'captured_at', 'camera']);

type JobStatus = 'Running' | 'Completed' | 'Failed';

type StateTag = (typeof STATE_TAGS)[number];

/** Facts for a record that are not in its job. */
export interface RecordContext {
  /** the camera's name: several may send to one experiment */
  readonly camera: string;
  readonly tags: readonly string[];
  readonly model: string;
  /** of the reference that the job was judged with; null for a job that was not scored */
  readonly reference: Reference | null;
  /** a sentence for why a job has no verdict, in English: other programs read it */
  readonly reason: string | null;
}

/** The body of a drift record, as DriftWatch's `CreateDrift` defines it. */
export interface CreateDrift {
  readonly job_status: JobStatus;
  readonly model: string;
  readonly drift_detected: boolean;
  readonly tags: readonly string[];
  readonly parameters: Readonly<Record<string, unknown>>;
}

/**
 * A job as the text of a drift record: complete from the start, with flat and finite parameters named as the tutorial's
 * module names them, and no more of them than the GUI's popup shows. `distance` and its limits are the learned ones;
 * `drift_detected` and `warning` are the verdict, and `conclusion` is its word. The same job and context
 * give the same text.
 */
export function driftText(job: Job, context: RecordContext): string {
  return JSON.stringify(driftOf(job, context));
}

function driftOf(job: Job, context: RecordContext): CreateDrift {
  return {
    job_status: job.jobStatus,
    model: wellFormed(context.model),
    drift_detected: verdictOf(job) === 'drift',
    tags: [...new Set([...context.tags.map(wellFormed), stateOf(job)])],
    parameters: Object.fromEntries(storable(parametersOf(job, context)).slice(0, POPUP.parameters)),
  };
}

function stateOf(job: Job): StateTag {
  if (job.jobStatus === 'Failed') return 'failed';
  const verdict = verdictOf(job);
  return verdict === 'warming-up' || verdict === 'not-checked' ? verdict : 'checked';
}

/** All parameters, the most important first: those that no longer fit are left out. */
function parametersOf(job: Job, context: RecordContext): Record<string, unknown> {
  const why = whyNotChecked(job);
  const isGuessed = job.capturedAtSource === 'file-date';
  return {
    result_id: job.id,
    image_name: job.imageName,
    captured_at: isoSeconds(job.capturedAt),
    camera: context.camera === '' ? null : context.camera,
    // By it another device finds that the picture has a record already.
    content_sha256: job.contentSha256 === '' ? null : job.contentSha256,
    ...(why && { reason_code: why.code, reason: context.reason }),
    ...(job.statedAt !== undefined && { stated_at: isoSeconds(job.statedAt) }),
    ...(isGuessed && { captured_at_source: job.capturedAtSource }),
    ...(job.jobStatus === 'Completed' && scores(job, context.reference)),
  };
}

function scores(job: CompletedJob, reference: Reference | null): Record<string, unknown> {
  const { distance, thresholds, detector, properties } = job;
  const verdict = verdictOf(job);
  const { conclusion, growth, loss, cover, view } = glassColumns(job);
  return {
    conclusion,
    warning: verdict === 'not-checked' ? null : verdict === 'warning' || verdict === 'drift',
    growth,
    loss,
    cover,
    distance,
    drift_distance: thresholds.drift,
    warning_distance: thresholds.warning,
    // From its newest picture on, or from the day on which it was frozen if nobody knows when they were taken.
    days_since_reference:
      reference && (job.capturedAt - (takenTimes(reference).at(-1) ?? reference.createdAt)) / DAY,
    view: view === 'same' ? null : view,
    window_fill: job.windowFill < detector.windowSize ? job.windowFill : null,
    cycle: reference && isoSeconds(cycleBegan(reference)),
    model_sha256: job.modelSha256,
    ...(properties && propertyFieldsOf(properties)),
  };
}

/** Parts of a record that describe its camera, not its job: a correction keeps them. */
export function choicesIn(body: string): Pick<RecordContext, 'camera' | 'tags' | 'model'> {
  const { tags, model, parameters } = JSON.parse(body) as CreateDrift;
  const { camera } = parameters;
  return {
    camera: typeof camera === 'string' ? camera : '',
    tags: tags.filter((tag) => !isStateTag(tag)),
    model,
  };
}

const isStateTag = (tag: string) => (STATE_TAGS as readonly string[]).includes(tag);

/** True if a record there equals this text; DriftWatch sorts keys. One of before cycles names no other thing than this. */
export function saysSame(body: string, there: CreateDrift): boolean {
  const here = JSON.parse(body) as CreateDrift;
  const isOfBefore = ({ parameters }: CreateDrift) => 'reference_version' in parameters;
  const isAcross = isOfBefore(here) !== isOfBefore(there);
  const plain = ({ job_status, model, drift_detected, tags, parameters }: CreateDrift) => {
    const { reference_version: _version, cycle: _cycle, ...others } = parameters;
    return { job_status, model, drift_detected, tags, parameters: isAcross ? others : parameters };
  };
  return isAlike(plain(here), plain(there));
}

/** True if a record there gives the verdict of this text; earlier versions named no conclusion. */
export function saysSameVerdict(body: string, there: CreateDrift): boolean {
  const here = JSON.parse(body) as CreateDrift;
  const { conclusion, warning } = there.parameters;
  return (
    here.job_status === there.job_status &&
    here.drift_detected === there.drift_detected &&
    here.parameters['warning'] === warning &&
    (conclusion === undefined || here.parameters['conclusion'] === conclusion)
  );
}

/** The text that says in another device's record of the same picture what this one says: it keeps what others find it by. */
export function correctedText(body: string, there: CreateDrift): string {
  const here = JSON.parse(body) as CreateDrift;
  const { tags, model } = choicesIn(JSON.stringify(there));
  const names = Object.entries(there.parameters).filter(([key]) => NAMES.has(key));
  const corrected: CreateDrift = {
    ...here,
    model,
    tags: [...tags, ...here.tags.filter(isStateTag)],
    parameters: { ...here.parameters, ...Object.fromEntries(names) },
  };
  return JSON.stringify(corrected);
}

/**
 * True if two records are of the same picture: by its content and either its time or its camera, since a camera that
 * fails may give one picture for ever; by its name, time and camera where one does not say the content.
 */
export function isSamePicture(a: CreateDrift['parameters'], b: CreateDrift['parameters']): boolean {
  const isSame = (key: string) => typeof a[key] === 'string' && a[key] === b[key];
  const [one, other] = [contentOf(a), contentOf(b)];
  if (one !== null && other !== null) return one === other && (isSame('captured_at') || isSame('camera'));
  return isSame('image_name') && isSame('captured_at') && isSame('camera');
}

function contentOf({ content_sha256: content }: CreateDrift['parameters']): string | null {
  return typeof content === 'string' && content.length >= HASH_LENGTH ? content.slice(0, HASH_LENGTH) : null;
}

/**
 * Leaves out values that the service can't keep or no chart can plot: null, NaN, infinities, integers beyond 64 bit.
 */
function storable(parameters: Record<string, unknown>): [key: string, value: unknown][] {
  const kept = Object.entries(parameters).filter(([, value]) =>
    typeof value === 'number'
      ? Number.isFinite(value) && (Math.abs(value) < LARGEST || Math.abs(value) >= 1e21)
      : value !== null && value !== undefined,
  );
  return fittedFields(kept);
}

/** Texts that are no wider than the popup: a hash keeps its beginning, a name both ends, an id all of it. */
function fittedFields(fields: readonly (readonly [string, unknown])[]): [key: string, value: unknown][] {
  return fields.map(([key, value]) => {
    if (typeof value !== 'string') return [key, value];
    if (HASHES.has(key)) return [key, value.slice(0, HASH_LENGTH)];
    return [key, key === 'result_id' ? wellFormed(value) : fitted(key, wellFormed(value))];
  });
}

function fitted(key: string, text: string): string {
  // Two blanks, two pairs of quotes, a colon with its blank, and a comma.
  const room = POPUP.columns - key.length - 9;
  const letters = Array.from(text);
  if (widthOf(letters) <= room) return text;
  const ahead: string[] = [];
  const behind: string[] = [];
  for (let i = 0; i < letters.length; i += 1) {
    // A sentence is read from its beginning; in a name the end matters as much, such as the time.
    const isAhead = key === 'reason' || i % 2 === 0;
    const letter = isAhead ? letters[ahead.length]! : letters[letters.length - 1 - behind.length]!;
    if (widthOf([...ahead, '…', ...behind, letter]) > room) break;
    if (isAhead) ahead.push(letter);
    else behind.unshift(letter);
  }
  return `${ahead.join('')}…${behind.join('')}`;
}

/** Columns that letters take in a JSON text, more than one for escaped or wide ones. */
function widthOf(letters: readonly string[]): number {
  return letters.reduce((sum, letter) => sum + JSON.stringify(letter).length - 2, 0);
}

/** A file name may hold half of a surrogate pair, which MongoDB refuses. */
function wellFormed(text: string): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text));
}
