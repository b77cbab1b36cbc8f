import * as v from 'valibot';
import { BLINDNESSES } from './blindness';
import type { Calibration } from './calibration';
import type { Delivery, Destination } from './delivery';
import { ERROR_CODES } from './error-codes';
import type { Camera, CameraEvent, Job, Reference } from './job';
import { ALARM_WINDOWS, CLEAR_BELOW, WINDOW_SIZE } from './ranges';

/** What this page writes, and the newest that it can read. */
export const BUNDLE_FORMAT = 1;

/** Where the contents of an export are listed: at its root, or in its single top folder. */
export const INDEX_NAME = 'porthole.json';

/**
 * The folder that an export lies in, with its slash; empty for none, null where this is no export.
 *
 * @param names - paths of all files of an archive
 */
export function bundleFolder(names: readonly string[]): string | null {
  if (names.includes(INDEX_NAME)) return '';
  const own = names.filter((name) => !name.startsWith('__MACOSX/'));
  const folders = new Set(own.map((name) => name.slice(0, name.indexOf('/') + 1)));
  const [folder = ''] = folders;
  return folders.size === 1 && own.includes(`${folder}${INDEX_NAME}`) ? folder : null;
}

/** A file of an export, as the list of its contents vouches for it. */
export interface BundleFile {
  /** below the folder that holds `porthole.json`, with forward slashes */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The pictures of a job inside an export; null for what it doesn't have. */
export interface JobFiles {
  readonly thumbnail: BundleFile | null;
  readonly original: BundleFile | null;
}

/** `porthole.json`. The pictures of jobs are listed with them in `jobs.json`, since there may be 100,000. */
export interface BundleIndex {
  readonly format: number;
  /** version of the page that wrote it */
  readonly app: string;
  /** ISO 8601 */
  readonly exportedAt: string;
  readonly cameras: readonly {
    readonly id: string;
    readonly name: string;
    readonly folder: string;
    readonly snapshots: number;
  }[];
  readonly models: readonly {
    readonly sha256: string;
    readonly name: string;
    /** null for a model that ships with Porthole */
    readonly folder: string | null;
  }[];
  readonly files: readonly BundleFile[];
}

/** `camera.json` */
export interface BundleCamera {
  readonly camera: Camera;
  readonly destination: Destination | null;
  /** oldest first; `reference-….json` and `reference-….npz` */
  readonly references: readonly string[];
  readonly embeddings: readonly { readonly path: string; readonly modelSha256: string }[];
}

/** `reference-….json`: all of a reference but its embeddings, which are in the `.npz` of that name. */
export interface BundleReference {
  readonly reference: Omit<Reference, 'embeddings' | 'warmUpEmbeddings'>;
  readonly pictures: readonly (BundleFile | null)[];
}

/** Why something of an export can't be used. */
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

// Loose: keys that this page doesn't know are kept, so that what a newer one wrote in this format survives.
const text = v.string();
const finite = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
// Ids become names of folders on the device, by way of encodeURIComponent, which no lone surrogate passes.
// eslint-disable-next-line no-control-regex
const id = v.pipe(v.string(), v.maxLength(200), v.regex(/^(?!\.+$)[^/\\\u0000-\u001f\p{Surrogate}]+$/u));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
/** What is looked up in the zip and nowhere else; a path that leads out of it is refused all the same. */
const path = v.pipe(
  v.string(),
  v.maxLength(1000),
  v.check((value) => isSafePath(value), 'expected a path below the export'),
);
const file = v.object({ path, bytes: count, sha256 });
const maybeFile = v.nullable(file);

const index = v.object({
  format: v.literal(BUNDLE_FORMAT),
  app: text,
  exportedAt: v.pipe(v.string(), v.isoTimestamp()),
  cameras: v.array(v.object({ id, name: text, folder: path, snapshots: count })),
  models: v.array(v.object({ sha256, name: text, folder: v.nullable(path) })),
  files: v.array(file),
});

// Earlier pages took any limit and any sigma above 0. What can't be judged by is read too: the page then says so of
// every snapshot, and a copy that holds a year of them is not lost for one number.
const detector = v.looseObject({
  name: v.pipe(text, v.minLength(1)),
  windowSize: v.pipe(count, v.minValue(WINDOW_SIZE.least)),
  sigma: v.pipe(finite, v.gtValue(0)),
});
const thresholds = v.object({ warning: finite, drift: finite });
const windows = v.pipe(count, v.minValue(ALARM_WINDOWS.least), v.maxValue(ALARM_WINDOWS.most));
const persistence = v.looseObject({
  raiseAfter: windows,
  clearAfter: windows,
  clearBelow: v.pipe(finite, v.gtValue(0), v.maxValue(CLEAR_BELOW.most)),
});
const judging = { detector, thresholds, persistence };
const three = v.strictTuple([finite, finite, finite]);
const transform = v.looseObject({
  resize: v.object({ height: v.pipe(count, v.minValue(1)), width: v.pipe(count, v.minValue(1)) }),
  mean: three,
  std: three,
});
const properties = v.looseObject({
  width: count,
  height: count,
  brightness: finite,
  contrast: finite,
  sharpness: finite,
  blueMinusRed: finite,
  greenCast: finite,
  haze: v.exactOptional(finite),
  reconstructionError: v.exactOptional(v.nullable(finite)),
});

const camera = v.looseObject({
  id,
  name: text,
  modelSha256: sha256,
  transform,
  ...judging,
  referenceId: v.nullable(id),
  calibrationId: v.nullable(id),
  warmUp: v.picklist(['reference', 'snapshots', 'none']),
  configToml: v.nullable(text),
  isDemo: v.boolean(),
  createdAt: finite,
});

const destination = v.looseObject({
  cameraId: id,
  target: v.literal('driftwatch'),
  baseUrl: text,
  experimentId: text,
  experimentName: text,
  tags: v.array(text),
  model: text,
  since: finite,
});

const bundleCamera = v.object({
  camera,
  destination: v.nullable(destination),
  references: v.array(path),
  embeddings: v.array(v.object({ path, modelSha256: sha256 })),
});

const bundleReference = v.object({
  reference: v.looseObject({
    id,
    cameraId: id,
    version: v.pipe(count, v.minValue(1)),
    modelSha256: sha256,
    transform,
    names: v.array(text),
    properties: v.exactOptional(v.array(properties)),
    capturedAt: v.exactOptional(v.array(v.nullable(finite))),
    createdAt: finite,
  }),
  pictures: v.array(maybeFile),
});

const event = v.looseObject({
  id,
  cameraId: id,
  kind: v.picklist(['cleaned', 'moved', 'note']),
  at: finite,
  note: text,
});

const maybe = v.nullable(finite);
const calibration = v.looseObject({
  id,
  cameraId: id,
  version: v.pipe(count, v.minValue(1)),
  referenceId: id,
  modelSha256: sha256,
  createdAt: finite,
  ...judging,
  evidence: v.nullable(
    v.object({
      snapshots: finite,
      days: finite,
      windows: finite,
      effectiveWindows: finite,
      highestDistance: finite,
      measured: v.boolean(),
      heldOutEvents: maybe,
      heldOutDaysInAlarm: maybe,
      heldOutDays: maybe,
      independentDrift: maybe,
      independentFalseAlarmEvents: maybe,
      independentFalseAlarmDays: maybe,
      dirtySnapshots: finite,
      dirtyDelay: maybe,
    }),
  ),
  isImported: v.exactOptional(v.boolean()),
});

const jobFacts = {
  id,
  cameraId: id,
  imageName: text,
  contentSha256: v.pipe(text, v.maxLength(200)),
  capturedAt: finite,
  capturedAtSource: v.picklist(['file-name', 'exif', 'file-date']),
  createdAt: finite,
  files: v.object({ thumbnail: maybeFile, original: maybeFile }),
};
const job = v.variant('jobStatus', [
  v.looseObject({
    ...jobFacts,
    jobStatus: v.literal('Completed'),
    distance: v.nullable(finite),
    windowFill: count,
    thresholds,
    detector,
    persistence: v.exactOptional(persistence),
    driftStatus: v.exactOptional(v.picklist(['warming-up', 'normal', 'warning', 'drift'])),
    blindness: v.exactOptional(v.nullable(v.picklist(BLINDNESSES))),
    calibrationId: v.exactOptional(v.nullable(id)),
    referenceId: id,
    modelSha256: sha256,
    properties,
  }),
  v.looseObject({
    ...jobFacts,
    jobStatus: v.literal('Failed'),
    // One that this page has no sentence for becomes the last of them.
    code: v.fallback(v.picklist(ERROR_CODES), 'unexpected'),
    detail: text,
  }),
]);

const delivery = v.looseObject({
  lane: v.pipe(text, v.regex(/#/)),
  jobId: id,
  cameraId: id,
  imageName: text,
  capturedAt: finite,
  body: text,
  state: v.picklist(['sent', 'confirmed']),
  attempts: count,
  notBefore: finite,
  sentAt: maybe,
  remoteId: v.nullable(text),
  failure: v.null(),
});

/** Whether a path stays below where it begins, on any system. */
export function isSafePath(value: string): boolean {
  // eslint-disable-next-line no-control-regex
  if (value === '' || /[\\:\u0000-\u001f]/.test(value)) return false;
  return value.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/**
 * The list of an export's contents.
 *
 * @throws BundleError `newer` when a later Porthole wrote it, `damaged` when it makes no sense
 */
export function parseIndex(json: string): BundleIndex {
  const found = parsed(INDEX_NAME, json);
  const format = typeof found === 'object' && found !== null && 'format' in found ? found.format : null;
  if (typeof format === 'number' && format > BUNDLE_FORMAT) throw new BundleError({ kind: 'newer', format });
  return checked(index, found, INDEX_NAME);
}

/** @throws BundleError `damaged`, as do those below */
export function parseBundleCamera(json: string, where: string): BundleCamera {
  const found = checked(bundleCamera, parsed(where, json), where);
  if (found.destination && found.destination.cameraId !== found.camera.id) throw damaged(where);
  return found;
}

export function parseBundleReference(json: string, where: string, cameraId: string): BundleReference {
  const found = checked(bundleReference, parsed(where, json), where);
  const { names, properties, capturedAt, cameraId: owner } = found.reference;
  const fits = [properties, capturedAt].every((list) => list === undefined || list.length === names.length);
  if (owner !== cameraId || !fits || found.pictures.length > names.length) throw damaged(where);
  return found;
}

export function parseEvents(json: string, where: string, cameraId: string): readonly CameraEvent[] {
  return ofCamera(checked(v.array(event), parsed(where, json), where), where, cameraId);
}

export function parseCalibrations(json: string, where: string, cameraId: string): readonly Calibration[] {
  return ofCamera(checked(v.array(calibration), parsed(where, json), where), where, cameraId);
}

export function parseDeliveries(json: string, where: string, cameraId: string): readonly Delivery[] {
  return ofCamera(checked(v.array(delivery), parsed(where, json), where), where, cameraId);
}

/** One line of `jobs.json` without its comma. */
export function parseBundleJob(
  json: string,
  where: string,
  cameraId: string,
): { readonly job: Job; readonly files: JobFiles } {
  const { files, ...facts } = checked(job, parsed(where, json), where);
  if (facts.cameraId !== cameraId) throw damaged(where);
  return { job: facts, files };
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

export const damaged = (detail: string) => new BundleError({ kind: 'damaged', detail });

function ofCamera<T extends { readonly cameraId: string }>(found: T[], where: string, cameraId: string): T[] {
  if (found.some((item) => item.cameraId !== cameraId)) throw damaged(where);
  return found;
}

function parsed(where: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw damaged(where);
  }
}

function checked<S extends v.GenericSchema>(schema: S, found: unknown, where: string): v.InferOutput<S> {
  const result = v.safeParse(schema, found, { abortEarly: true });
  if (!result.success) throw damaged(where);
  return result.output;
}
