import { isDetail, plainDetail, type Detail } from '../detail';
import * as v from 'valibot';
import { MOST_ENTRIES } from './archive';
import { BLINDNESSES } from '../drift/detectors/detector';
import type { Calibration } from '../drift/calibration';
import type { Destination } from '../camera/records/delivery';
import { ERROR_CODES } from '../error-codes';
import { BY_EYE, EVENT_KINDS, type Camera, type CameraEvent, type Job, type Reference } from '../camera/job';
import { COVER_PLACES, LOSS_PARTS, type GlassFacts } from '../glass/glass-facts';
import { GLASS_WIDTH } from '../glass/picture';
import { SCENE_ANSWERS } from '../glass/scene-change';
import { isModest } from '../modest';
import { plainName } from './plain-name';
import type { Program } from './provenance';
import {
  ALARM_WINDOWS,
  CLEAR_BELOW,
  CLOCK_SHIFT,
  COUNT,
  DISTANCE,
  INSTANT,
  isWithin,
  KEPT_LIMIT,
  PICTURE_FACT,
  PICTURE_SIDE,
  type Range,
  WINDOW_SIZE,
} from '../ranges';
import { USABILITIES, type SpanByHand } from '../usable/span';
import { isTimeZone } from '../camera/time/zone';
import { isRemoteId } from '../remote-id';
import { IMAGE_PROPERTIES, presentProperties, type ImageProperties } from '../picture/property-table';

/** Cells of growth in the tallest picture: 16 × 32. */
const MOST_CELLS = 512;

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
  /** the same with all that is known of it; absent in exports of before */
  readonly program?: Program;
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
  /** rows that could not be used, and stand in `broken-rows.json` alone; absent for none */
  readonly leftOut?: number;
}

export interface BundleCamera {
  readonly camera: Camera;
  /** the target of its results; taken over only when a person agrees */
  readonly destination: Destination | null;
  /** oldest first; `reference-….json` and `reference-….npz` */
  readonly references: readonly string[];
  readonly embeddings: readonly { readonly path: string; readonly modelSha256: string }[];
  /** its snapshots' sights through the fits of its references; absent in older exports */
  readonly sights?: readonly SightsPart[];
  /** scored snapshots whose embedding was lost before they were exported; absent for none */
  readonly withoutEmbedding?: number;
}

export interface SightsPart {
  readonly path: string;
  readonly referenceId: string;
  /** of `jobs.json`, from 1: the first job that it is of, in the order in which parts of one reference are listed */
  readonly row: number;
  /** of the method that saw them */
  readonly version: number;
}

/** `reference-….json`: all of a reference but its embeddings, which are in the `.npz` of that name. */
export interface BundleReference {
  /** its picture of a clean lens; absent if not made yet, and in older exports */
  readonly glass?: { readonly path: string; readonly version: number };
  readonly reference: Omit<Reference, 'embeddings' | 'warmUpEmbeddings'>;
  readonly pictures: readonly (BundleFile | null)[];
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

/** Four times the largest fleet that was tried. */
const MOST_CAMERAS = 20_000;
/** The longest configuration that is read, in characters. */
const LONGEST_CONFIG = 16 * 2 ** 20;
/** A job has about a thousand characters. */
const LONGEST_ROW = 65_536;

// Loose: keys that this page doesn't know are kept, so that what a newer one wrote in this format survives.
const within = (range: Range) =>
  v.pipe(
    v.number(),
    v.check((value) => isWithin(range, value), 'out of range'),
  );
const text = (longest: number) => v.pipe(v.string(), v.maxLength(longest));
/** Text of an export for people is shown without tricks; what was written here has none. */
const name = v.pipe(text(1000), v.transform(plainName));
/** A person's own words. */
const note = text(20_000);
const instant = within(INSTANT);
const shift = within(CLOCK_SHIFT);
const wide: Range = { least: -1e6, most: 1e6 };
const finite = within(wide);
const amount = within(COUNT);
const limit = within(KEPT_LIMIT);
const fact = within(PICTURE_FACT);
const distance = within(DISTANCE);
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const size = v.pipe(count, v.maxValue(PICTURE_SIDE.most));
/** as in the configuration file */
const windows = v.pipe(count, v.maxValue(1_000_000));
const version = v.pipe(count, v.minValue(1), v.maxValue(1_000_000));
/** Memory is asked for by it. */
const side = v.pipe(count, v.minValue(1), v.maxValue(8192));
// Ids become names of folders on the device, by way of encodeURIComponent, which no lone surrogate passes.
const id = v.pipe(v.string(), v.maxLength(200), v.regex(/^(?!\.+$)[^/\\\p{Cc}\p{Surrogate}]+$/u));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
/** Looked up in the zip and nowhere else; a path that leads out of it is refused all the same. */
const path = v.pipe(
  v.string(),
  v.maxLength(1000),
  v.check((value) => isSafePath(value), 'expected a path below the export'),
);
const file = v.object({ path, bytes: count, sha256 });
const maybeFile = v.nullable(file);

const index = v.object({
  format: v.literal(BUNDLE_FORMAT),
  app: text(100),
  exportedAt: v.pipe(v.string(), v.maxLength(40), v.isoTimestamp()),
  cameras: v.pipe(v.array(v.object({ id, name, folder: path, snapshots: count })), v.maxLength(MOST_CAMERAS)),
  models: v.pipe(v.array(v.object({ sha256, name, folder: v.nullable(path) })), v.maxLength(MOST_CAMERAS)),
  files: v.pipe(v.array(file), v.maxLength(MOST_ENTRIES)),
  leftOut: v.exactOptional(count),
});

// Earlier pages took any limit and any sigma above 0. What can't be judged by is read too: the page then says so of
// every snapshot, and a copy that holds a year of them is not lost for one number.
const detector = v.looseObject({
  name: v.pipe(text(100), v.minLength(1)),
  windowSize: v.pipe(windows, v.minValue(WINDOW_SIZE.least)),
  sigma: v.pipe(finite, v.gtValue(0)),
});
const thresholds = v.object({ warning: limit, drift: limit });
const inARow = v.pipe(count, v.minValue(ALARM_WINDOWS.least), v.maxValue(ALARM_WINDOWS.most));
const persistence = v.looseObject({
  raiseAfter: inARow,
  clearAfter: inARow,
  clearBelow: v.pipe(finite, v.gtValue(0), v.maxValue(CLEAR_BELOW.most)),
});
const judging = { detector, thresholds, persistence };
const three = v.strictTuple([finite, finite, finite]);
const transform = v.looseObject({
  resize: v.object({ height: side, width: side }),
  mean: three,
  std: three,
});
const NUMBER = {
  never: fact,
  absent: v.exactOptional(fact),
};

export function propertiesSchema(table = IMAGE_PROPERTIES): v.GenericSchema<unknown, ImageProperties> {
  const numbers = Object.fromEntries(table.map(({ key, lacking }) => [key, NUMBER[lacking]]));
  const schema = v.looseObject({ width: size, height: size, ...numbers }) as unknown as v.GenericSchema<
    unknown,
    ImageProperties
  >;
  return v.pipe(schema, v.transform(presentProperties));
}
const properties = propertiesSchema();

const zone = {
  timeZone: v.exactOptional(v.pipe(text(100), v.check(isTimeZone, 'expected a time zone'))),
  timeOffset: v.exactOptional(shift),
};
const enteredAt = v.exactOptional(v.object({ ...zone, at: instant }));
const clockCorrection = v.object({ from: instant, to: instant, by: shift, madeAt: instant });
const camera = v.looseObject({
  id,
  name,
  modelSha256: sha256,
  transform,
  ...judging,
  referenceId: v.nullable(id),
  calibrationId: v.nullable(id),
  warmUp: v.picklist(['reference', 'snapshots', 'none']),
  configToml: v.nullable(text(LONGEST_CONFIG)),
  isDemo: v.boolean(),
  ...zone,
  clockCorrections: v.exactOptional(v.array(clockCorrection)),
  horizon: v.exactOptional(instant),
  horizonAsEntered: enteredAt,
  judgedInOrder: v.exactOptional(v.boolean()),
  timeline: v.exactOptional(v.array(v.object({ at: instant, referenceId: id, asEntered: enteredAt }))),
  flagsSinceOnset: v.exactOptional(v.literal(true)),
  createdAt: instant,
});

/** An address as DriftWatch's are kept here; the reader holds it against the form that the page gives them. */
const address = v.pipe(text(500), v.regex(/^(?:https?:\/\/[^\s#?@\\]+|\/[^\s#?/\\][^\s#?\\]*)$/));
const destination = v.object({
  cameraId: id,
  target: v.literal('driftwatch'),
  baseUrl: address,
  experimentId: v.custom<string>(isRemoteId, 'an id that is none of DriftWatch'),
  experimentName: name,
  // As DriftWatch bounds them: 20 characters, as Python counts them.
  tags: v.pipe(
    v.array(
      v.pipe(
        v.string(),
        v.check((tag) => tag !== '' && Array.from(tag).length <= 20),
      ),
    ),
    v.maxLength(50),
  ),
  model: v.pipe(text(200), v.minLength(1)),
  since: instant,
});

const bundleCamera = v.object({
  camera,
  destination: v.unknown(),
  references: v.array(path),
  embeddings: v.array(v.object({ path, modelSha256: sha256 })),
  sights: v.exactOptional(v.array(v.object({ path, referenceId: id, row: count, version }))),
  withoutEmbedding: v.exactOptional(count),
});

const cells = v.pipe(v.array(count), v.maxLength(MOST_CELLS));
const bundleReference = v.object({
  glass: v.exactOptional(v.object({ path, version })),
  reference: v.looseObject({
    id,
    cameraId: id,
    version,
    modelSha256: sha256,
    transform,
    names: v.array(name),
    contentSha256: v.exactOptional(v.array(text(200))),
    properties: v.exactOptional(v.array(properties)),
    capturedAt: v.exactOptional(v.array(v.nullable(instant))),
    wallClocks: v.exactOptional(v.array(v.nullable(instant))),
    offGlass: v.exactOptional(cells),
    isOwnModel: v.exactOptional(v.boolean()),
    createdAt: instant,
  }),
  pictures: v.array(maybeFile),
});

const places = { growth: cells, loss: cells };
const pixels = v.pipe(v.number(), v.integer(), v.minValue(-GLASS_WIDTH), v.maxValue(GLASS_WIDTH));
const move = v.object({ down: pixels, right: pixels });
const event = v.looseObject({
  id,
  cameraId: id,
  kind: v.picklist(EVENT_KINDS),
  at: instant,
  note,
  isNewView: v.exactOptional(v.literal(true)),
  scene: v.exactOptional(
    v.object({
      ...places,
      referenceId: id,
      answer: v.picklist(SCENE_ANSWERS),
      position: move,
      liftedAt: v.exactOptional(instant),
    }),
  ),
  asEntered: enteredAt,
});

const spanByHand = v.looseObject({
  id,
  cameraId: id,
  usability: v.picklist(USABILITIES),
  begin: instant,
  end: instant,
  note,
  asEntered: v.exactOptional(v.object({ ...zone, begin: instant, end: instant })),
  madeAt: instant,
});

const maybe = v.nullable(amount);
const calibration = v.looseObject({
  id,
  cameraId: id,
  version,
  referenceId: id,
  modelSha256: sha256,
  createdAt: instant,
  ...judging,
  evidence: v.nullable(
    v.object({
      snapshots: amount,
      days: amount,
      windows: amount,
      effectiveWindows: amount,
      highestDistance: distance,
      measured: v.boolean(),
      heldOutEvents: maybe,
      heldOutDaysInAlarm: maybe,
      heldOutDays: maybe,
      independentDrift: v.nullable(limit),
      independentFalseAlarmEvents: maybe,
      independentFalseAlarmDays: maybe,
      dirtySnapshots: amount,
      dirtyDelay: maybe,
    }),
  ),
  isImported: v.exactOptional(v.boolean()),
});

const jobFacts = {
  id,
  cameraId: id,
  imageName: name,
  contentSha256: text(200),
  capturedAt: instant,
  capturedAtSource: v.picklist(['file-name', 'exif', 'file-date']),
  statedAt: v.exactOptional(instant),
  statedOffset: v.exactOptional(v.nullable(finite)),
  wallClock: v.exactOptional(instant),
  createdAt: instant,
  files: v.object({ thumbnail: maybeFile, original: maybeFile }),
};
const standing = v.picklist(['normal', 'warning', 'drift']);
const stream = {
  distance: v.nullable(distance),
  driftStatus: v.picklist(['warming-up', 'normal', 'warning', 'drift']),
};
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const growth = v.object(stream);
const loss = v.object({ ...stream, part: v.picklist(LOSS_PARTS) });
const glass: v.GenericSchema<unknown, GlassFacts> = v.object({
  growth: v.nullable(growth),
  loss: v.nullable(loss),
  changed: v.exactOptional(v.object({ ...places, since: instant, rest: v.object({ growth, loss }) })),
  cover: share,
  thickest: v.nullable(v.picklist([...COVER_PLACES, 'allOver'])),
  view: v.object({
    isAside: v.boolean(),
    asideInARow: count,
    isAlarming: v.boolean(),
    hasMoved: v.boolean(),
  }),
  isDark: v.boolean(),
  standing: v.exactOptional(standing),
  visible: v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
  move,
  position: v.exactOptional(move),
  isOwnModel: v.boolean(),
  isAfterwards: v.exactOptional(v.literal(true)),
});
const job = v.variant('jobStatus', [
  v.looseObject({
    ...jobFacts,
    jobStatus: v.literal('Completed'),
    distance: v.nullable(distance),
    windowFill: windows,
    thresholds,
    detector,
    persistence: v.exactOptional(persistence),
    driftStatus: v.exactOptional(v.picklist(['warming-up', 'normal', 'warning', 'drift'])),
    blindness: v.exactOptional(v.nullable(v.picklist(BLINDNESSES))),
    calibrationId: v.exactOptional(v.nullable(id)),
    referenceId: id,
    modelSha256: sha256,
    properties,
    glass: v.exactOptional(v.nullable(glass)),
    byEye: v.exactOptional(v.picklist(BY_EYE)),
  }),
  v.looseObject({
    ...jobFacts,
    jobStatus: v.literal('Failed'),
    // One that this page has no sentence for becomes the last of them.
    code: v.fallback(v.picklist(ERROR_CODES), 'unexpected'),
    detail: v.pipe(v.custom<Detail>(isDetail), v.transform(plainDetail)),
  }),
]);

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
  return checked(index, found, INDEX_NAME);
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
  const found = checked(bundleCamera, parsed(where, json), where);
  if (!isModest(found.camera)) throw damaged(where);
  const goes = found.destination === null ? null : read(destination, found.destination);
  const isUsable = goes === null || (goes.ok && goes.value.cameraId === found.camera.id);
  return {
    ...found,
    destination: goes?.ok && isUsable ? goes.value : null,
    unusable: isUsable ? [] : [{ path: where, row: 1, field: 'destination' }],
  };
}

/** A reference decides every verdict: one that can't be used as a whole is not used. */
export function parseBundleReference(json: string, where: string, cameraId: string): BundleReference {
  const found = checked(bundleReference, parsed(where, json), where);
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
  return rowsOf(event, json, where, cameraId);
}

export function parseCalibrations(json: string, where: string, cameraId: string): Rows<Calibration> {
  return rowsOf(calibration, json, where, cameraId);
}

export function parseSpansByHand(json: string, where: string, cameraId: string): Rows<SpanByHand> {
  return rowsOf(spanByHand, json, where, cameraId);
}

/** Reads a line of `jobs.json` without its comma. @returns the job, or the name of the field that can't be used */
export function parseBundleJob(
  json: string,
  where: string,
  cameraId: string,
): { readonly job: Job; readonly files: JobFiles; readonly hadReconstructionError: boolean } | string {
  if (json.length > LONGEST_ROW) return 'length';
  const row = read(job, ownRow(parsed(where, json), where, cameraId));
  if (!row.ok) return row.field;
  const { files, ...facts } = row.value;
  // A quote inside a text is escaped, so this is a field.
  return { job: facts, files, hadReconstructionError: /"reconstructionError":\s*-?\d/.test(json) };
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

function rowsOf<S extends v.GenericSchema>(
  schema: S,
  json: string,
  where: string,
  cameraId: string,
): Rows<v.InferOutput<S>> {
  const found = parsed(where, json);
  if (!Array.isArray(found)) throw damaged(where);
  const rows: v.InferOutput<S>[] = [];
  const unusable: UnusableRow[] = [];
  for (const [i, item] of found.entries()) {
    const row = read(schema, ownRow(item, where, cameraId));
    if (row.ok) rows.push(row.value);
    else unusable.push({ path: where, row: i + 1, field: row.field });
  }
  return { rows, unusable };
}

function ownRow(found: unknown, where: string, cameraId: string): object {
  if (typeof found !== 'object' || found === null || !('cameraId' in found) || found.cameraId !== cameraId) {
    throw damaged(where);
  }
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

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly field: string };

function read<S extends v.GenericSchema>(schema: S, found: unknown): Read<v.InferOutput<S>> {
  // Keys that are only kept may hold anything, and must still pass from thread to thread.
  if (!isModest(found)) return { ok: false, field: 'size' };
  const result = v.safeParse(schema, found, { abortEarly: true });
  if (result.success) return { ok: true, value: result.output };
  return { ok: false, field: v.getDotPath(result.issues[0]) ?? 'jobStatus' };
}
