import { MOST_ENTRIES } from './archive';
import { CALIBRATION, type Calibration } from '../drift/judging';
import { DESTINATION, type Destination } from '../camera/records/delivery';
import { ERROR_CODES } from '../error-codes';
import type { ErrorCode } from '../errors';
import {
  CAMERA,
  CAMERA_EVENT,
  JOB,
  REFERENCE_FACTS,
  type Camera,
  type CameraEvent,
  type Job,
} from '../camera/job';
import { isModest } from '../modest';
import type { Program } from './provenance';
import {
  count,
  id,
  isObject,
  listOf,
  matching,
  Misfit,
  name,
  optional,
  orNull,
  row,
  sha256,
  single,
  text,
  version,
  type Kind,
  type RowOf,
} from '../row';
import { SPAN_BY_HAND, type SpanByHand } from '../usable/span';

/** The format that this page writes, and the newest that it reads. */
export const BUNDLE_FORMAT = 1;

/** The list of an export's contents: at its root, or in its single top folder. */
export const INDEX_NAME = 'porthole.json';

/** The folder of an export among an archive's paths, with its slash; empty for none, null if this is no export. */
export function bundleFolder(names: readonly string[]): string | null {
  if (names.includes(INDEX_NAME)) return '';
  const own = names.filter((name) => !name.startsWith('__MACOSX/'));
  const folders = new Set(own.map((name) => name.slice(0, name.indexOf('/') + 1)));
  const [folder = ''] = folders;
  return folders.size === 1 && own.includes(`${folder}${INDEX_NAME}`) ? folder : null;
}

/** A path below the export: it is looked up in the zip and nowhere else, and one that leads out of it is refused all the same. */
const path = single<string>(
  (value) => typeof value === 'string',
  (value) => value.length <= 1000 && isSafePath(value),
);

/** A file of an export, as the list of its contents vouches for it. */
const FILE = row({
  /** below the folder that holds `porthole.json`, with forward slashes */
  path,
  bytes: count(),
  sha256,
});
export type BundleFile = RowOf<typeof FILE>;

/** The pictures of a job inside an export; null for what it doesn't have. */
const JOB_FILES = row({ thumbnail: orNull(FILE), original: orNull(FILE) });
export type JobFiles = RowOf<typeof JOB_FILES>;

/** Four times the largest fleet that was tried. */
const MOST_CAMERAS = 20_000;
/** A job has about a thousand characters. */
const LONGEST_ROW = 65_536;

/** `porthole.json`. The pictures of jobs are listed with them in `jobs.json`, since there may be 100,000. */
const INDEX = row({
  format: single<number>((value) => value === BUNDLE_FORMAT),
  /** version of the page that wrote it */
  app: text(100),
  /** the same with all that is known of it; absent in older exports */
  program: optional(single<Program>(isObject)),
  /** ISO 8601 */
  exportedAt: matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/, 40),
  cameras: listOf(row({ id, name, folder: path, snapshots: count() }), MOST_CAMERAS),
  models: listOf(
    row({
      sha256,
      name,
      /** null for a model that ships with Porthole */
      folder: orNull(path),
    }),
    MOST_CAMERAS,
  ),
  files: listOf(FILE, MOST_ENTRIES),
  /** rows that could not be used, and stand in `broken-rows.json` alone; absent for none */
  leftOut: optional(count()),
});
export type BundleIndex = RowOf<typeof INDEX>;

const SIGHTS_PART = row({
  path,
  referenceId: id,
  /** of `jobs.json`, from 1: the first job that it is of, in the order in which parts of one reference are listed */
  row: count(),
  /** of the method that saw them */
  version,
});
export type SightsPart = RowOf<typeof SIGHTS_PART>;

const BUNDLE_CAMERA = row({
  camera: CAMERA,
  /** the target of its results; taken over only when a person agrees */
  destination: single<unknown>(() => true),
  /** oldest first; `reference-….json` and `reference-….npz` */
  references: listOf(path),
  embeddings: listOf(row({ path, modelSha256: sha256 })),
  /** its snapshots' sights through the fits of its references; absent in older exports */
  sights: optional(listOf(SIGHTS_PART)),
  /** scored snapshots whose embedding was lost before they were exported; absent for none */
  withoutEmbedding: optional(count()),
});
export type BundleCamera = RowOf<typeof BUNDLE_CAMERA> & { readonly destination: Destination | null };

/** `reference-….json`: all of a reference but its embeddings, which are in the `.npz` of that name. */
const BUNDLE_REFERENCE = row({
  /** its picture of a clean lens; absent if not made yet, and in older exports */
  glass: optional(row({ path, version })),
  reference: REFERENCE_FACTS,
  pictures: listOf(orNull(FILE)),
});
export type BundleReference = RowOf<typeof BUNDLE_REFERENCE>;

/** A row of an export that is left out, while the rest of its camera is taken. */
export interface UnusableRow {
  /** of the file that it stands in */
  readonly path: string;
  /** from 1 */
  readonly row: number;
  /** such as `capturedAt` */
  readonly field: string;
}

export interface Rows<T> {
  readonly rows: readonly T[];
  readonly unusable: readonly UnusableRow[];
}

export type BundleProblem =
  | { readonly kind: 'not-an-export' | 'not-a-zip' | 'lost' }
  | { readonly kind: 'newer'; readonly format: number }
  /** the detail is a path inside the export */
  | { readonly kind: 'damaged'; readonly detail: string };

/** A part of an export, or all of it, that can't be used. */
export class BundleError extends Error {
  override readonly name = 'BundleError';

  constructor(readonly problem: BundleProblem) {
    super('detail' in problem ? `${problem.kind}: ${problem.detail}` : problem.kind);
  }
}

/** True for a path that stays below its start on any system. */
export function isSafePath(value: string): boolean {
  if (value === '' || /[\\:\p{Cc}]/u.test(value)) return false;
  return value.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/** @throws BundleError `newer` when a later Porthole wrote it, `damaged` when it makes no sense */
export function parseIndex(json: string): BundleIndex {
  const found = parsed(INDEX_NAME, json);
  const format = typeof found === 'object' && found !== null && 'format' in found ? found.format : null;
  if (typeof format === 'number' && format > BUNDLE_FORMAT) throw new BundleError({ kind: 'newer', format });
  return checked(INDEX, found, INDEX_NAME);
}

/**
 * A camera's own settings. They are taken as a whole or, where a number is out of its range, not at all: nothing of a
 * camera means much without them. Where its results go is another matter: a camera can do without.
 *
 * @throws BundleError `damaged`, as do those below
 */
export function parseBundleCamera(
  json: string,
  where: string,
): BundleCamera & { readonly unusable: readonly UnusableRow[] } {
  const found = checked(BUNDLE_CAMERA, parsed(where, json), where);
  if (!isModest(found.camera)) throw damaged(where);
  const goes = found.destination === null ? null : read(DESTINATION, found.destination);
  const isUsable = goes === null || (goes.ok && goes.value.cameraId === found.camera.id);
  return {
    ...found,
    destination: goes?.ok && isUsable ? goes.value : null,
    unusable: isUsable ? [] : [{ path: where, row: 1, field: 'destination' }],
  };
}

/** A reference decides every verdict: one that can't be used as a whole is not used. */
export function parseBundleReference(json: string, where: string, cameraId: string): BundleReference {
  const found = checked(BUNDLE_REFERENCE, parsed(where, json), where);
  const { names, properties, capturedAt, wallClocks, cameraId: owner } = found.reference;
  const fits = [properties, capturedAt, wallClocks].every(
    (list) => list === undefined || list.length === names.length,
  );
  if (!isModest(found.reference, Infinity)) throw damaged(where);
  if (owner !== cameraId || !fits || found.pictures.length > names.length) throw damaged(where);
  return found;
}

/**
 * Jobs, events and settings stand for themselves: one with a number out of its range is left out and named, and the
 * others come. A list that is none, a row that is no object, or one of another camera, says that the whole file is not
 * what it should be.
 */
export function parseEvents(json: string, where: string, cameraId: string): Rows<CameraEvent> {
  return rowsOf(CAMERA_EVENT, json, where, cameraId);
}

export function parseCalibrations(json: string, where: string, cameraId: string): Rows<Calibration> {
  return rowsOf(CALIBRATION, json, where, cameraId);
}

export function parseSpansByHand(json: string, where: string, cameraId: string): Rows<SpanByHand> {
  return rowsOf(SPAN_BY_HAND, json, where, cameraId);
}

/** Reads a line of `jobs.json` without its comma. @returns the job, or the name of the field that can't be used */
export function parseBundleJob(
  json: string,
  where: string,
  cameraId: string,
): { readonly job: Job; readonly files: JobFiles; readonly hadReconstructionError: boolean } | string {
  if (json.length > LONGEST_ROW) return 'length';
  const { files, ...facts } = ownRow(parsed(where, json), where, cameraId);
  const [job, pictures] = [read(JOB, facts), read(JOB_FILES, files)];
  if (!job.ok) return job.field;
  if (!pictures.ok) return ['files', pictures.field].filter(Boolean).join('.');
  // A quote inside a text is escaped, so this is a field.
  const hadReconstructionError = /"reconstructionError":\s*-?\d/.test(json);
  return { job: withKnownCode(job.value), files: pictures.value, hadReconstructionError };
}

/**
 * `jobs.json` is a JSON list with one job on each line, so that it can be read a line at a time however long it is.
 *
 * @returns the job of a line, still as JSON; null for a line that holds none
 * @throws BundleError `damaged` when it is laid out otherwise
 */
export function jobLine(line: string, where: string): string | null {
  const trimmed = line.trim();
  if (trimmed === '' || trimmed === '[' || trimmed === ']') return null;
  if (!trimmed.startsWith('{')) throw damaged(where);
  return trimmed.endsWith(',') ? trimmed.slice(0, -1) : trimmed;
}

/** A folder's name: what any file system takes, and the camera's id, which no other camera has. */
export function cameraFolder({ id, name }: Pick<Camera, 'id' | 'name'>): string {
  return `cameras/${safeName(name) || 'camera'}-${safeName(id).slice(0, 8)}`;
}

/** Letters, digits, dot, dash; never more than 60, and never a name that begins with a dot. */
export function safeName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60);
}

/** A failure that this page has no sentence for becomes an unexpected one. */
function withKnownCode(job: Job): Job {
  const codes: readonly ErrorCode[] = ERROR_CODES;
  return job.jobStatus === 'Failed' && !codes.includes(job.code) ? { ...job, code: 'unexpected' } : job;
}

export const damaged = (detail: string) => new BundleError({ kind: 'damaged', detail });

function rowsOf<T>(kind: Kind<T>, json: string, where: string, cameraId: string): Rows<T> {
  const found = parsed(where, json);
  if (!Array.isArray(found)) throw damaged(where);
  const rows: T[] = [];
  const unusable: UnusableRow[] = [];
  for (const [i, item] of found.entries()) {
    const row = read(kind, ownRow(item, where, cameraId));
    if (row.ok) rows.push(row.value);
    else unusable.push({ path: where, row: i + 1, field: row.field });
  }
  return { rows, unusable };
}

function ownRow(found: unknown, where: string, cameraId: string): Readonly<Record<string, unknown>> {
  if (!isObject(found) || found['cameraId'] !== cameraId) throw damaged(where);
  return found;
}

function parsed(where: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw damaged(where);
  }
}

function checked<T>(kind: Kind<T>, found: unknown, where: string): T {
  try {
    return kind.taken(found);
  } catch (error) {
    if (error instanceof Misfit) throw damaged(where);
    throw error;
  }
}

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly field: string };

function read<T>(kind: Kind<T>, found: unknown): Read<T> {
  // Keys that are only kept may hold anything, and must still pass from thread to thread.
  if (!isModest(found)) return { ok: false, field: 'size' };
  try {
    return { ok: true, value: kind.taken(found) };
  } catch (error) {
    if (error instanceof Misfit) return { ok: false, field: error.path };
    throw error;
  }
}
