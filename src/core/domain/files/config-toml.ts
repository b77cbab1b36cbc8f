import { parse, stringify, TomlDate, TomlError, type TomlTable, type TomlValue } from 'smol-toml';
import type { CalibrationEvidence, Judging } from '../drift/judging';
import type { CodedDetail } from '../detail';
import { AppError } from '../errors';
import { doiIn, isWholeDay, LAST_OF_DAY } from '../camera/deployed.js';
import { DEPLOYMENT, LONGEST_FACT, type Deployment } from '../camera/deployment';
import type { Camera } from '../camera/camera';
import { isTimeZone, type CameraTime } from '../camera/time/zone';
import { CLOCK_SHIFT, INSTANT, isWithin, LATITUDE, LONGITUDE } from '../ranges';
import { expectation, judgingProblem, type JudgingField } from '../drift/judging-problem';
import type { DetectorSettings, Size, Transform } from '../model/model';
import type { Persistence } from '../drift/persistence';
import * as kind from '../row';
import type { Thresholds } from '../drift/thresholds';

/** The tutorial's own `[transform]`, for files that leave it out. */
export const TUTORIAL_TRANSFORM: Transform = {
  resize: { height: 216, width: 384 },
  mean: [0, 0, 0],
  std: [1, 1, 1],
};

/** A default was taken, or a key is kept but not used: worth telling, and no obstacle. */
interface ConfigNotice {
  readonly kind: 'default' | 'unknown';
  /** such as `transform.mean` */
  readonly key: string;
}

/** The contents of a configuration file; parts of optional sections that it leaves out are left out here too. */
export interface Config {
  readonly transform: Transform;
  /** names as listed, in the file's order, repetitions included */
  readonly clean: readonly string[];
  readonly dirty: readonly string[];
  readonly cameraName: string | null;
  readonly time: CameraTime;
  /** true if the dates of files count as capture times where nothing else tells them */
  readonly countsFileDates: boolean;
  /** false if its first reference judges for ever, whatever is cleaned */
  readonly renewsReference: boolean;
  readonly deployment: Deployment;
  readonly detector: Partial<DetectorSettings>;
  readonly thresholds: Partial<Thresholds>;
  readonly persistence: Partial<Persistence>;
  /** the calibration that the limits come from, if they were calibrated for this camera */
  readonly calibration: ConfigCalibration | null;
  readonly notices: readonly ConfigNotice[];
}

/** A calibration as it travels: it holds for one model, and for the file's own list of clean snapshots. */
interface ConfigCalibration {
  readonly modelSha256: string;
  /** how many snapshots its reference holds: those of the file's own clean list, no more and no fewer */
  readonly referenceSize: number;
  /** the settings that were measured; the file's other sections may have been edited since */
  readonly judging: Judging;
  readonly evidence: CalibrationEvidence;
}

/** A camera to be written, with lists of names where they are known. */
export interface ConfigSource
  extends Judging, CameraTime, Pick<Camera, 'fileDatesUntil' | 'renewsReference'> {
  readonly name: string;
  readonly transform: Transform;
  readonly deployment?: Deployment;
  readonly calibration?: ConfigCalibration | null;
  readonly clean?: readonly string[];
  readonly dirty?: readonly string[];
}

/** The newest form of the file that is understood; one that doesn't say is of the first. */
const CONFIG_FORMAT = 1;

const MOST_CHARACTERS = 16 * 2 ** 20;
// Read in 0.2 s, whatever is in them; 10 MB of `a.a.a.` took smol-toml 8 s and 2.3 GB (measured).
const MOST_CHARACTERS_OF_STRUCTURE = 2 ** 17;
/** Three years of snapshots, one each half hour; finding them among the files takes the page 0.1 s. */
const MOST_NAMES = 50_000;
const BLANK: ReadonlySet<string> = new Set(' \t\r\n,');
const MOST_LEVELS = 64;
const LARGEST_SIDE = 8192;

const shown = (key: string) => (key.length > 80 ? `${key.slice(0, 80)}…` : key);
const isTable = (value: unknown): value is TomlTable =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === null;

function wrong(detail: CodedDetail): never {
  throw new AppError('config-value', detail);
}

/**
 * Refuses what would take the parser long. Quoted texts, comments and blanks cost it little for each letter, escapes and
 * all else much. Read one by one: a pattern that looks for the end of each quote took 11 s for 100 kB of `\\"`, and
 * overflows its stack on a long one (Node 20, 2026-11).
 *
 * @throws AppError `config-value`
 */
function refuseCostly(text: string): void {
  let [structure, names] = [0, 0];
  for (let at = 0; at < text.length;) {
    const character = text[at]!;
    if (character === '"' || character === "'") {
      const { end, escapes } = quotedFrom(text, at, character);
      names += 1;
      structure += escapes;
      at = end;
    } else if (character === '#') at = endOfLine(text, at);
    else {
      if (!BLANK.has(character)) structure += 1;
      at += 1;
    }
    if (structure > MOST_CHARACTERS_OF_STRUCTURE) {
      wrong({ code: 'toml-structure', size: MOST_CHARACTERS_OF_STRUCTURE / 1024 });
    }
    if (names > MOST_NAMES) wrong({ code: 'toml-names', most: MOST_NAMES });
  }
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** Index behind a quoted text: after its quotes, at the line's end if they are missing, or at the file's end. */
function quotedFrom(
  text: string,
  from: number,
  mark: string,
): { readonly end: number; readonly escapes: number } {
  const isLong = text.startsWith(mark.repeat(3), from);
  const quote = isLong ? mark.repeat(3) : mark;
  let escapes = 0;
  for (let at = from + quote.length; at < text.length; at++) {
    if (mark === '"' && text[at] === '\\') {
      escapes += 1;
      at += 1;
    } else if (!isLong && text[at] === '\n') return { end: at, escapes };
    else if (text.startsWith(quote, at)) {
      let end = at + quote.length;
      // Up to two quotes may stand before the three that close.
      while (isLong && end < at + 5 && text[end] === mark) end += 1;
      return { end, escapes };
    }
  }
  return { end: text.length, escapes };
}

/** The table as smol-toml gives it: null prototypes throughout, whole numbers as bigint so that 1 and 1.0 stay apart. */
function readTable(text: string): TomlTable {
  if (text.length > MOST_CHARACTERS) wrong({ code: 'toml-size', size: MOST_CHARACTERS / 2 ** 20 });
  refuseCostly(text);
  let table: TomlTable;
  try {
    table = parse(text, { integersAsBigInt: true, maxDepth: MOST_LEVELS });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [message = ''] = error.message.replace('Invalid TOML document: ', '').split('\n');
    const { line, column } = error;
    throw new AppError('config-syntax', { code: 'toml-syntax', line, column, message }, { cause: error });
  }
  // Dotted keys nest without the parser's limit, and writing walks the table recursively.
  let level: TomlValue[] = [table];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > 2 * MOST_LEVELS) wrong({ code: 'toml-depth', most: 2 * MOST_LEVELS });
    level = level.flatMap((value) =>
      Array.isArray(value)
        ? value.filter((item) => typeof item === 'object')
        : isTable(value)
          ? Object.values(value)
          : [],
    );
  }
  return table;
}

type Camel<Key> = Key extends `${infer First}_${infer Rest}` ? `${First}${Capitalize<Camel<Rest>>}` : Key;
const camel = (key: string) => key.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** A section by the keys of the file, each field under its name in the page; a missing one is empty. */
function section<F extends Readonly<Record<string, kind.Kind<unknown>>>>(fields: F) {
  type Taken = kind.RowOf<kind.Row<F>>;
  const row = kind.row(fields);
  const known = (table: TomlTable) =>
    Object.fromEntries(Object.keys(fields).map((key) => [key, numbered(table[key])]));
  return {
    ...row,
    isUsable: (value: unknown) => isTable(value) && row.isUsable(known(value)),
    taken: (value: unknown) => {
      if (value !== undefined && !isTable(value)) throw new kind.Misfit('');
      const taken = Object.entries(row.taken(known(value ?? {})));
      return Object.fromEntries(
        taken.flatMap(([key, field]) => (field === undefined ? [] : [[camel(key), field]])),
      ) as { readonly [K in keyof Taken as Camel<K>]: Taken[K] };
    },
  };
}

/** Numbers without the difference between 1 and 1.0. */
function numbered(value: TomlValue | undefined): unknown {
  if (Array.isArray(value)) return value.map(numbered);
  return typeof value === 'bigint' ? Number(value) : value;
}

/** A value that may be left out. @param read - the value as it is kept, null if it can't be used */
function field<T>(expected: CodedDetail, read: (value: unknown) => T | null): kind.Optional<T> {
  return {
    isOptional: true,
    isUsable: (value) => read(value) !== null,
    faultIn: () => '',
    taken: (value) => {
      const taken = read(value);
      if (taken === null) throw new kind.Misfit('', expected);
      return taken;
    },
  };
}

const isAllNumbers = (value: unknown, count: number): value is number[] =>
  Array.isArray(value) && value.length === count && value.every(Number.isFinite);
const isSide = (value: number) => Number.isInteger(value) && value >= 1 && value <= LARGEST_SIDE;
const said = () => field({ code: 'toml-flag' }, (value) => (typeof value === 'boolean' ? value : null));
const written = (value: unknown) => (kind.isText(value) && value.trim() !== '' ? value : null);
const named = () => field({ code: 'toml-name' }, written);
const names = () =>
  kind.optional(kind.listOf(field({ code: 'toml-file' }, written), Infinity, { code: 'toml-files' }));
const channels = (isPositive: boolean) =>
  field<Transform['mean']>({ code: 'toml-channels', isPositive }, (value) => {
    if (!isAllNumbers(value, 3)) return null;
    const [red, green, blue] = value as [number, number, number];
    return isPositive && Math.min(red, green, blue) <= 0 ? null : [red, green, blue];
  });
const judged = (name: JudgingField) =>
  // NaN is in no range.
  field(expectation(judgingProblem({ [name]: NaN })!), (value) =>
    typeof value === 'number' && !judgingProblem({ [name]: value }) ? value : null,
  );
/** Milliseconds since 1970; a time without a zone is UTC. */
const day = (isEnd: boolean) =>
  field({ code: 'toml-day' }, (value) => {
    if (!(value instanceof TomlDate) || value.isTime()) return null;
    const at = value.getTime() + (isEnd && value.isDate() ? LAST_OF_DAY : 0);
    return isWithin(INSTANT, at) ? at : null;
  });

const count = kind.count();
const finite = kind.single<number>(Number.isFinite);
/** Null if it is left out. */
const orNone = <T>(measured: kind.Kind<T>): kind.Kind<T | null> => ({
  ...measured,
  isUsable: (value) => value === undefined || measured.isUsable(value),
  taken: (value) => (value === undefined ? null : measured.taken(value)),
});

/** Without it or with a wrong number in it there is no calibration, for then nobody can rest on it. */
const CALIBRATION = section({
  model_sha256: kind.text(),
  reference_size: count,
  detector: kind.text(),
  window_size: finite,
  sigma: finite,
  warning: finite,
  drift: finite,
  raise_after: finite,
  clear_after: finite,
  clear_below: finite,
  measured: kind.flag,
  snapshots: count,
  days: count,
  windows: count,
  effective_windows: finite,
  highest_distance: finite,
  held_out_events: orNone(count),
  held_out_days_in_alarm: orNone(count),
  held_out_days: orNone(count),
  independent_drift: orNone(finite),
  independent_false_alarm_events: orNone(count),
  independent_false_alarm_days: orNone(count),
  dirty_snapshots: count,
  dirty_delay: orNone(count),
});

const { position: _position, ...FACTS } = DEPLOYMENT.fields;
/** The sections in which keys are understood, in the order in which they are looked at. */
const FILE = kind.row({
  porthole: section({
    format: field({ code: 'whole-number' }, (value) => {
      if (!Number.isSafeInteger(value) || (value as number) < 1) return null;
      if ((value as number) > CONFIG_FORMAT) throw new AppError('config-newer', String(value));
      return value;
    }),
  }),
  transform: section({
    resize: field<Size>({ code: 'toml-size-pair', most: LARGEST_SIDE }, (value) => {
      if (!isAllNumbers(value, 2) || !value.every(isSide)) return null;
      const [height, width] = value as [number, number];
      return { height, width };
    }),
    mean: channels(false),
    std: channels(true),
  }),
  camera_state: section({ clean: names(), dirty: names() }),
  camera: section({
    name: named(),
    time_zone: field({ code: 'toml-time-zone' }, (value) =>
      kind.isText(value) && isTimeZone(value) ? value : null,
    ),
    /** seconds in the file */
    time_offset: field({ code: 'toml-time-offset' }, (value) => {
      const milliseconds = typeof value === 'number' ? Math.round(value * 1000) : NaN;
      return isWithin(CLOCK_SHIFT, milliseconds) ? milliseconds : null;
    }),
    file_dates: said(),
    renew_reference: said(),
  }),
  deployment: section({
    latitude: kind.optional(kind.number(LATITUDE)),
    longitude: kind.optional(kind.number(LONGITUDE)),
    ...FACTS,
    begin: day(false),
    end: day(true),
    doi: field({ code: 'toml-doi' }, (value) => {
      const doi = kind.isText(value) ? doiIn(value) : null;
      return doi !== null && doi.length <= LONGEST_FACT ? doi : null;
    }),
  }),
  detector: section({ name: named(), window_size: judged('windowSize'), sigma: judged('sigma') }),
  thresholds: section({ warning: judged('warning'), drift: judged('drift') }),
  persistence: section({
    raise_after: judged('raiseAfter'),
    clear_after: judged('clearAfter'),
    clear_below: judged('clearBelow'),
  }),
  calibration: {
    ...CALIBRATION,
    taken: (value: unknown) =>
      value === undefined || (isTable(value) && !CALIBRATION.isUsable(value))
        ? null
        : calibrationOf(CALIBRATION.taken(value)),
  },
});

const isPart = (part: string): part is keyof typeof FILE.fields => Object.hasOwn(FILE.fields, part);

function calibrationOf(taken: ReturnType<typeof CALIBRATION.taken>): ConfigCalibration | null {
  const { modelSha256, referenceSize, detector: name, windowSize, sigma, warning, drift, ...others } = taken;
  const { raiseAfter, clearAfter, clearBelow, ...evidence } = others;
  const judging = {
    detector: { name, windowSize, sigma },
    thresholds: { warning, drift },
    persistence: { raiseAfter, clearAfter, clearBelow },
  };
  if (judgingProblem({ ...judging.detector, ...judging.thresholds, ...judging.persistence })) return null;
  return { modelSha256, referenceSize, judging, evidence };
}

/** @throws AppError `config-value` with the key and what was expected; a section's own misfit expects nothing else */
function readBy<T>(file: kind.Kind<T>, table: TomlTable): T {
  try {
    return file.taken(table);
  } catch (error) {
    if (!(error instanceof kind.Misfit)) throw error;
    const { path, expected = { code: 'toml-section', name: path } } = error;
    throw new AppError('config-value', { ...expected, at: `${path.replace(/\.(\d+)$/, '[$1]')}:` });
  }
}

function writtenMoment(at: number | undefined, isEnd: boolean): TomlDate | undefined {
  if (at === undefined) return undefined;
  const date = new Date(at);
  return isWholeDay(at, isEnd) ? TomlDate.wrapAsLocalDate(date) : TomlDate.wrapAsOffsetDateTime(date);
}

/**
 * Reads the tutorial's configuration file, and Porthole's own sections where they are present.
 *
 * @param defaults - the transform that stands in for missing keys, the tutorial's unless a model says otherwise
 * A newer Porthole that only adds keys writes what an older one tells and keeps; one that gives a key another meaning
 * raises `format` of `[porthole]`, and the older one refuses.
 *
 * @throws AppError `config-newer`; `config-syntax` with line and column, both from 1; `config-value` with key and
 *   expectation
 */
export function parseConfig(text: string, defaults: Transform = TUTORIAL_TRANSFORM): Config {
  const table = readTable(text);
  const file = readBy(FILE, table);
  const { latitude, longitude, ...facts } = file.deployment;
  const position = latitude !== undefined && longitude !== undefined ? { latitude, longitude } : undefined;
  if (facts.end !== undefined && (facts.begin ?? 0) > facts.end) {
    wrong({ code: 'toml-end', at: 'deployment.end:' });
  }
  const { warning, drift } = file.thresholds;
  if (warning !== undefined && drift !== undefined && judgingProblem({ warning, drift })) {
    wrong({ code: 'toml-limits', drift, at: 'thresholds.warning:' });
  }
  const {
    name: cameraName = null,
    fileDates: countsFileDates = false,
    renewReference: renewsReference = true,
    ...time
  } = file.camera;
  return {
    transform: { ...defaults, ...file.transform },
    ...{ clean: [], dirty: [], ...file.camera_state },
    cameraName,
    time,
    countsFileDates,
    renewsReference,
    deployment: { ...(position && { position }), ...facts },
    detector: file.detector,
    thresholds: file.thresholds,
    persistence: file.persistence,
    calibration: file.calibration,
    notices: noticesOf(table),
  };
}

/** @param table - of which all can be used */
function noticesOf(table: TomlTable): ConfigNotice[] {
  const missing = (['transform', 'camera_state'] as const).flatMap((part) => {
    const given = Object.keys(table[part] ?? {});
    return Object.keys(FILE.fields[part].fields).flatMap((key) =>
      given.includes(key) ? [] : [`${part}.${key}`],
    );
  });
  const unknown = Object.entries(table).flatMap(([part, values]) =>
    isPart(part) ? Object.keys(others(part, values)).map((key) => `${part}.${key}`) : [part],
  );
  return [
    ...missing.map((key) => ({ kind: 'default', key }) as const),
    ...unknown.map((key) => ({ kind: 'unknown', key: shown(key) }) as const),
  ];
}

/** Keys of a section that are not understood, with their values; none of what is no section. */
function others(part: keyof typeof FILE.fields, values: unknown): TomlTable {
  const { fields } = FILE.fields[part];
  const given = isTable(values) ? Object.entries(values) : [];
  return Object.fromEntries(given.filter(([key]) => !Object.hasOwn(fields, key)));
}

/** The comment lines at the head of a file: the one place where people explain it. */
function headOf(text: string): string {
  return /^(?:[ \t]*#[^\n]*\n)*/.exec(text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'))?.[0] ?? '';
}

/** A section with its long lists one name to a line, as the tutorial writes them. */
function writeSection(
  key: string,
  values: TomlTable,
  lists: Readonly<Record<string, readonly string[]>>,
): string {
  const quoted = (name: string) => stringify({ _: name }).slice('_ = '.length).trimEnd();
  const header = `[${key}]\n`;
  const own = Object.entries(lists).map(
    ([list, names]) => `${list} = [\n${names.map((name) => `    ${quoted(name)},\n`).join('')}]\n`,
  );
  const rest = stringify({ [key]: values }, { numbersAsFloat: true });
  return header + own.join('') + (rest.startsWith(header) ? rest.slice(header.length) : rest);
}

/** A count as a whole number, anything else as it is. */
function numberFor(value: unknown): unknown {
  return Number.isSafeInteger(value) ? BigInt(value as number) : value;
}

/**
 * A camera as a configuration file that the tutorial reads too.
 *
 * Keys of the original that Porthole has no use for are kept; its comments are not, except those at its head.
 *
 * @param original - the file the camera was set up from, or null
 * @throws AppError `config-syntax` or `config-value` when the original can't be read
 */
export function writeConfig(camera: ConfigSource, original: string | null): string {
  const table = readTable(original ?? '');
  // Earlier pages took in other sections than this one.
  const { camera_state: listed } = readBy(kind.row({ camera_state: FILE.fields.camera_state }), table);
  const { transform, detector, thresholds, persistence, calibration } = camera;
  const whole = (value: number) => BigInt(Math.round(value));
  const set = (part: keyof typeof FILE.fields, values: object) => {
    const all: Record<string, unknown> = { ...others(part, table[part]), ...values };
    const given = Object.entries(all).filter(([, value]) => value !== undefined);
    table[part] = Object.fromEntries(given) as TomlTable;
    return given.length > 0;
  };
  set('transform', {
    resize: [whole(transform.resize.height), whole(transform.resize.width)],
    mean: transform.mean,
    std: transform.std,
  });
  const { timeZone, timeOffset, fileDatesUntil, renewsReference } = camera;
  set('camera', {
    name: camera.name,
    time_zone: timeZone,
    time_offset: timeOffset && timeOffset / 1000,
    file_dates: fileDatesUntil === INSTANT.most || undefined,
    renew_reference: renewsReference === false ? false : undefined,
  });
  const { position, begin, end, ...said } = camera.deployment ?? {};
  const hasDeployment = set('deployment', {
    ...position,
    ...said,
    begin: writtenMoment(begin, false),
    end: writtenMoment(end, true),
  });
  if (!hasDeployment) delete table['deployment'];
  set('detector', { name: detector.name, window_size: whole(detector.windowSize), sigma: detector.sigma });
  set('thresholds', { warning: thresholds.warning, drift: thresholds.drift });
  set('persistence', {
    raise_after: whole(persistence.raiseAfter),
    clear_after: whole(persistence.clearAfter),
    clear_below: persistence.clearBelow,
  });
  // A calibration that came with the original is not this camera's any more.
  delete table['calibration'];
  if (calibration) {
    const { judging, evidence, ...facts } = calibration;
    const { name, ...numbers } = judging.detector;
    const judged = { detector: name, ...numbers, ...judging.thresholds, ...judging.persistence };
    const known = new Map<string, unknown>(Object.entries({ ...facts, ...judged, ...evidence }));
    const values = Object.keys(CALIBRATION.fields).map(
      (key) => [key, numberFor(known.get(camel(key)))] as const,
    );
    set('calibration', Object.fromEntries(values));
  }

  const state = others('camera_state', table['camera_state']);
  const lists = { clean: camera.clean ?? listed.clean ?? [], dirty: camera.dirty ?? listed.dirty ?? [] };
  // written by writeSection below
  delete table['camera_state'];

  const head = headOf(original ?? '');
  const body = stringify(table, { numbersAsFloat: true });
  return `${head}${body}\n${writeSection('camera_state', state, lists)}`;
}
