import { MOST_ENTRIES } from './archive';
import { ERROR_CODES } from '../error-codes';
import type { ErrorCode } from '../errors';
import { CAMERA, type Camera } from '../camera/camera';
import { JOB, type Job } from '../camera/job';
import { REFERENCE_FACTS } from '../camera/reference';
import { isModest } from '../modest';
import type { Program } from './provenance';
import * as kind from '../row';
import { isObject, Misfit, type Kind, type RowOf } from '../row';

/** The format that this page writes, and the newest that it reads; format-1.ts maps exports of format 1 to it. */
export const BUNDLE_FORMAT = 2;

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
export const path = kind.single<string>(
  (value) => typeof value === 'string',
  (value) => value.length <= 1000 && isSafePath(value),
);

/** A file of an export, as the list of its contents vouches for it. */
const FILE = kind.row({
  /** below the folder that holds `porthole.json`, with forward slashes */
  path,
  bytes: kind.count(),
  sha256: kind.sha256,
});
export type BundleFile = RowOf<typeof FILE>;

/** The pictures of a job inside an export; null for what it doesn't have. */
const JOB_FILES = kind.row({ thumbnail: kind.orNull(FILE), original: kind.orNull(FILE) });
export type JobFiles = RowOf<typeof JOB_FILES>;

/** Four times the largest fleet that was tried. */
const MOST_CAMERAS = 20_000;
/** A job has about a thousand characters. */
const LONGEST_ROW = 65_536;

/** `porthole.json`. The pictures of jobs are listed in `pictures.jsonl`, since there may be 100,000. */
const INDEX = kind.row({
  format: kind.single<1 | typeof BUNDLE_FORMAT>((value) => value === 1 || value === BUNDLE_FORMAT),
  /** version of the page that wrote it */
  app: kind.text(100),
  /** the same with all that is known of it; absent in older exports */
  program: kind.optional(kind.single<Program>(isObject)),
  /** ISO 8601 */
  exportedAt: kind.matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/, 40),
  /** the id of the station whose backup it is; absent in other exports, and in backups of 1.0.0 */
  station: kind.optional(kind.id),
  cameras: kind.listOf(
    kind.row({ id: kind.id, name: kind.name, folder: path, snapshots: kind.count() }),
    MOST_CAMERAS,
  ),
  models: kind.listOf(
    kind.row({
      sha256: kind.sha256,
      name: kind.name,
      /** null for a model that ships with Porthole */
      folder: kind.orNull(path),
    }),
    MOST_CAMERAS,
  ),
  files: kind.listOf(FILE, MOST_ENTRIES),
  /** rows that could not be used, and stand in `broken-rows.json` alone; absent for none */
  leftOut: kind.optional(kind.count()),
});
export type BundleIndex = RowOf<typeof INDEX>;

const SIGHTS_PART = kind.row({
  path,
  referenceId: kind.id,
  /** of the camera's jobs, from 1: the first that it is of, in the order in which parts of one reference are listed */
  row: kind.count(),
  /** of the method that saw them */
  version: kind.version,
});
export type SightsPart = RowOf<typeof SIGHTS_PART>;

/** Files of a camera that hold values of many jobs. */
export const JOB_PARTS = kind.row({
  embeddings: kind.listOf(kind.row({ path, modelSha256: kind.sha256 })),
  /** its snapshots' sights through the fits of its references; absent in older exports */
  sights: kind.optional(kind.listOf(SIGHTS_PART)),
  /** scored snapshots whose embedding was lost before they were exported; absent for none */
  withoutEmbedding: kind.optional(kind.count()),
});

export const REFERENCE_FILES = kind.row({
  /** its picture of a clean lens; absent if not made yet, and in older exports */
  glass: kind.optional(kind.row({ path, version: kind.version })),
  pictures: kind.listOf(kind.orNull(FILE)),
});

/** `blobs.json`: the files that lie beside a camera's rows. */
const BLOBS = kind.row({
  ...JOB_PARTS.fields,
  /** of each row of `references.jsonl`, in its order; `arrays` holds its embeddings */
  references: kind.listOf(kind.row({ ...REFERENCE_FILES.fields, arrays: path })),
});
export type Blobs = RowOf<typeof BLOBS>;

/** A reference without its embeddings, and its files. */
export interface ListedReference {
  readonly reference: RowOf<typeof REFERENCE_FACTS>;
  readonly files: Blobs['references'][number];
}

/** All of a camera but its jobs and its lists. */
export interface CameraFacts extends RowOf<typeof JOB_PARTS> {
  readonly camera: Camera;
  /** the target of its results, not checked yet; null for none */
  readonly destination: unknown;
  /** oldest first */
  readonly references: readonly ListedReference[];
}

/** Stores whose rows stand for themselves. */
export type ListedStore = 'events' | 'calibrations' | 'spansByHand';

/** Stores whose rows stand in a file of their own in a camera's folder, line by line, as they are stored. */
export type RowStore = 'cameras' | 'destinations' | 'references' | 'jobs' | 'deliveries' | ListedStore;

export function rowsPath(folder: string, store: RowStore | 'pictures'): string {
  return `${folder}/${store}.jsonl`;
}

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
 * A camera by its own files, through a reader of texts. Its settings and each reference, which decides every verdict, are
 * taken as a whole or, where a number is out of its range, not at all: nothing of a camera means much without them.
 *
 * @throws BundleError `damaged`, as do those below
 */
export async function cameraFactsIn(
  folder: string,
  cameraId: string,
  textOf: (path: string) => Promise<string>,
): Promise<CameraFacts> {
  const valuesOf = async (store: RowStore) => {
    const where = rowsPath(folder, store);
    return { where, values: valuesIn(await textOf(where), where) };
  };
  const cameras = await valuesOf('cameras');
  const camera = cameraIn(cameras.values[0], cameras.where, cameraId);
  const destinations = await valuesOf('destinations');
  const references = await valuesOf('references');
  const where = `${folder}/blobs.json`;
  const { references: files, ...parts } = checked(BLOBS, parsed(where, await textOf(where)), where);
  if (files.length !== references.values.length) throw damaged(where);
  return {
    ...parts,
    camera,
    destination: destinations.values[0] ?? null,
    references: files.map((of, i) => referenceIn(references.values[i], of, references.where, cameraId)),
  };
}

export function cameraIn(found: unknown, where: string, cameraId: string): Camera {
  const camera = checked(CAMERA, found, where);
  if (!isModest(camera) || camera.id !== cameraId) throw damaged(where);
  return camera;
}

export function referenceIn(
  found: unknown,
  files: ListedReference['files'],
  where: string,
  cameraId: string,
): ListedReference {
  const reference = checked(REFERENCE_FACTS, found, where);
  const { names, properties, capturedAt, wallClocks, cameraId: owner } = reference;
  const fits = [properties, capturedAt, wallClocks].every(
    (list) => list === undefined || list.length === names.length,
  );
  if (!isModest(reference, Infinity) || owner !== cameraId) throw damaged(where);
  if (!fits || files.pictures.length > names.length) throw damaged(where);
  return { reference, files };
}

/**
 * Events and settings stand for themselves, as jobs do: one with a number out of its range is left out and named, and the
 * others come. A row that is no object, or one of another camera, says that the whole file is not what it should be.
 */
export function rowsIn<T>(
  noun: Kind<T>,
  values: readonly unknown[],
  where: string,
  cameraId: string,
): Rows<T> {
  const rows: T[] = [];
  const unusable: UnusableRow[] = [];
  for (const [i, value] of values.entries()) {
    const row = read(noun, ownRow(value, where, cameraId));
    if (row.ok) rows.push(row.value);
    else unusable.push({ path: where, row: i + 1, field: row.field });
  }
  return { rows, unusable };
}

/** JSON Lines: one value on each line. */
export function valuesIn(text: string, where: string): readonly unknown[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => parsed(where, line));
}

/**
 * Reads a line of the jobs.
 *
 * @param pictures - its line of `pictures.jsonl`; undefined where the job's own line lists them
 * @returns the job, or the name of the field that can't be used
 */
export function parseBundleJob(
  json: string,
  where: string,
  cameraId: string,
  pictures?: string,
): { readonly job: Job; readonly files: JobFiles; readonly hadReconstructionError: boolean } | string {
  if (json.length > LONGEST_ROW) return 'length';
  const { files: own, ...facts } = ownRow(parsed(where, json), where, cameraId);
  const job = read(JOB, facts);
  if (!job.ok) return job.field;
  const files = read(JOB_FILES, pictures === undefined ? own : parsed(where, pictures));
  if (!files.ok) return ['files', files.field].filter(Boolean).join('.');
  // A quote inside a text is escaped, so this is a field.
  const hadReconstructionError = /"reconstructionError":\s*-?\d/.test(json);
  return { job: withKnownCode(job.value), files: files.value, hadReconstructionError };
}

/** Layout of a camera's folder. */
export interface BundleLayout {
  readonly cameraFactsIn: typeof cameraFactsIn;
  readonly rowsPath: (folder: string, store: 'cameras' | 'destinations' | 'jobs' | ListedStore) => string;
  /** Rows of a store that is read as a whole. */
  readonly valuesIn: (text: string, where: string) => readonly unknown[];
  /** A job as JSON by a line of the jobs' file; null for a line without one. */
  readonly jobLine: (line: string, where: string) => string | null;
  /** Path of the pictures of each job; null if a job's own line lists them. */
  readonly picturesPath: ((folder: string) => string) | null;
}

export const LAYOUT: BundleLayout = {
  cameraFactsIn,
  rowsPath,
  valuesIn,
  jobLine: (line) => line,
  picturesPath: (folder) => rowsPath(folder, 'pictures'),
};

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

function ownRow(found: unknown, where: string, cameraId: string): Readonly<Record<string, unknown>> {
  if (!isObject(found) || found['cameraId'] !== cameraId) throw damaged(where);
  return found;
}

export function parsed(where: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw damaged(where);
  }
}

export function checked<T>(noun: Kind<T>, found: unknown, where: string): T {
  try {
    return noun.taken(found);
  } catch (error) {
    if (error instanceof Misfit) throw damaged(where);
    throw error;
  }
}

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly field: string };

export function read<T>(noun: Kind<T>, found: unknown): Read<T> {
  // Keys that are only kept may hold anything, and must still pass from thread to thread.
  if (!isModest(found)) return { ok: false, field: 'size' };
  try {
    return { ok: true, value: noun.taken(found) };
  } catch (error) {
    if (error instanceof Misfit) return { ok: false, field: error.path };
    throw error;
  }
}
