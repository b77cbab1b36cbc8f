import { parse, stringify, TomlDate, TomlError, type TomlTable, type TomlValue } from 'smol-toml';
import type { CalibrationEvidence, Judging } from '../drift/judging';
import type { CodedDetail } from '../detail';
import { AppError } from '../errors';
import { doiIn, isWholeDay, LAST_OF_DAY } from '../camera/deployed.js';
import {
  known,
  LONGEST_DIVER_NOTE,
  LONGEST_FACT,
  MOST_CREATORS,
  TEXT_FACTS,
  type Deployment,
} from '../camera/deployment';
import type { Camera } from '../camera/camera';
import { isTimeZone, type CameraTime } from '../camera/time/zone';
import { CLOCK_SHIFT, DEPTH, INSTANT, isWithin, LATITUDE, LONGITUDE, type Range } from '../ranges';
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
export interface ConfigSource extends Judging, CameraTime, Pick<Camera, 'fileDatesUntil'> {
  readonly name: string;
  readonly transform: Transform;
  readonly deployment?: Deployment;
  readonly calibration?: ConfigCalibration | null;
  readonly clean?: readonly string[];
  readonly dirty?: readonly string[];
}

type NumberOfEvidence = Exclude<keyof CalibrationEvidence, 'measured'>;

/** The evidence's numbers under their names in the file; those that may be null are left out then. */
const EVIDENCE = [
  ['snapshots', 'snapshots', kind.count()],
  ['days', 'days', kind.count()],
  ['windows', 'windows', kind.count()],
  ['effectiveWindows', 'effective_windows', kind.amount],
  ['highestDistance', 'highest_distance', kind.amount],
  ['heldOutEvents', 'held_out_events', kind.optional(kind.count())],
  ['heldOutDaysInAlarm', 'held_out_days_in_alarm', kind.optional(kind.count())],
  ['heldOutDays', 'held_out_days', kind.optional(kind.count())],
  ['independentDrift', 'independent_drift', kind.optional(kind.amount)],
  ['independentFalseAlarmEvents', 'independent_false_alarm_events', kind.optional(kind.count())],
  ['independentFalseAlarmDays', 'independent_false_alarm_days', kind.optional(kind.count())],
  ['dirtySnapshots', 'dirty_snapshots', kind.count()],
  ['dirtyDelay', 'dirty_delay', kind.optional(kind.count())],
] as const satisfies readonly (readonly [NumberOfEvidence, string, kind.Kind<number>])[];
const JUDGING = [
  ['window_size', ({ detector }) => detector.windowSize],
  ['sigma', ({ detector }) => detector.sigma],
  ['warning', ({ thresholds }) => thresholds.warning],
  ['drift', ({ thresholds }) => thresholds.drift],
  ['raise_after', ({ persistence }) => persistence.raiseAfter],
  ['clear_after', ({ persistence }) => persistence.clearAfter],
  ['clear_below', ({ persistence }) => persistence.clearBelow],
] as const satisfies readonly (readonly [string, (judging: Judging) => number])[];

/** The section of a calibration. */
const CALIBRATION = kind.row({
  model_sha256: kind.text(),
  reference_size: kind.count(),
  detector: kind.text(),
  measured: kind.flag,
  ...Object.fromEntries(JUDGING.map(([key]) => [key, kind.amount])),
  ...Object.fromEntries(EVIDENCE.map(([, key, numbers]) => [key, numbers])),
});

/** The newest form of the file that is understood; one that doesn't say is of the first. */
const CONFIG_FORMAT = 1;

const DEPLOYMENT_KEYS: readonly string[] = [
  ...['latitude', 'longitude', 'depth', 'note', ...TEXT_FACTS, 'begin', 'end', 'creators', 'doi'],
];
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  porthole: ['format'],
  transform: ['resize', 'mean', 'std'],
  camera_state: ['clean', 'dirty'],
  camera: ['name', 'time_zone', 'time_offset', 'file_dates'],
  deployment: DEPLOYMENT_KEYS,
  detector: ['name', 'window_size', 'sigma'],
  thresholds: ['warning', 'drift'],
  persistence: ['raise_after', 'clear_after', 'clear_below'],
  calibration: Object.keys(CALIBRATION.fields),
};

const MOST_CHARACTERS = 16 * 2 ** 20;
// Read in 0.2 s, whatever is in them; 10 MB of `a.a.a.` took smol-toml 8 s and 2.3 GB (measured).
const MOST_CHARACTERS_OF_STRUCTURE = 2 ** 17;
/** Three years of snapshots, one each half hour; finding them among the files takes the page 0.1 s. */
const MOST_NAMES = 50_000;
const BLANK: ReadonlySet<string> = new Set(' \t\r\n,');
const MOST_LEVELS = 64;
const LARGEST_SIDE = 8192;

const shown = (key: string) => (key.length > 80 ? `${key.slice(0, 80)}…` : key);
const isNumber = (value: TomlValue | undefined): value is number | bigint =>
  typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value));
const isWhole = (value: TomlValue | undefined, least: number, most: number): value is number | bigint =>
  isNumber(value) && Number.isInteger(Number(value)) && value >= least && value <= most;
const isTable = (value: TomlValue | undefined): value is TomlTable =>
  typeof value === 'object' && Object.getPrototypeOf(value) === null;

/** @param at - the key; left out where the detail says it */
function wrong(detail: CodedDetail, at?: string): never {
  throw new AppError('config-value', at === undefined ? detail : { ...detail, at: `${at}:` });
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

function section(table: TomlTable, name: string): TomlTable {
  const value = Object.hasOwn(table, name) ? table[name] : undefined;
  if (value === undefined) return Object.create(null) as TomlTable;
  return isTable(value) ? value : wrong({ code: 'toml-section', name }, name);
}

function sizeOf(value: TomlValue): Size {
  if (Array.isArray(value) && value.length === 2) {
    const [height, width] = value;
    if (isWhole(height, 1, LARGEST_SIDE) && isWhole(width, 1, LARGEST_SIDE)) {
      return { height: Number(height), width: Number(width) };
    }
  }
  return wrong({ code: 'toml-size-pair', most: LARGEST_SIDE }, 'transform.resize');
}

function channelsOf(key: string, value: TomlValue, mustBePositive: boolean): Transform['mean'] {
  if (Array.isArray(value) && value.length === 3 && value.every(isNumber)) {
    const [red = 0, green = 0, blue = 0] = value.map(Number);
    if (!mustBePositive || Math.min(red, green, blue) > 0) return [red, green, blue];
  }
  return wrong({ code: 'toml-channels', isPositive: mustBePositive }, key);
}

function namesOf(key: string, value: TomlValue): string[] {
  if (!Array.isArray(value)) return wrong({ code: 'toml-files' }, key);
  return value.map((name, index) =>
    typeof name === 'string' && name.trim() !== '' ? name : wrong({ code: 'toml-file' }, `${key}[${index}]`),
  );
}

function judgedBy(field: JudgingField): (key: string, value: TomlValue) => number {
  return (key, value) => {
    const number = isNumber(value) ? Number(value) : Number.NaN;
    const problem = judgingProblem({ [field]: number });
    if (problem) throw new AppError('config-value', expectation(problem, `${key}:`));
    return number;
  };
}

function nameOf(key: string, value: TomlValue): string {
  return typeof value === 'string' && value.trim() !== '' ? value : wrong({ code: 'toml-name' }, key);
}

function flagOf(key: string, value: TomlValue): boolean {
  return typeof value === 'boolean' ? value : wrong({ code: 'toml-flag' }, key);
}

function zoneOf(key: string, value: TomlValue): string {
  return typeof value === 'string' && isTimeZone(value) ? value : wrong({ code: 'toml-time-zone' }, key);
}

/** @returns seconds as milliseconds */
function timeOffsetOf(key: string, value: TomlValue): number {
  const milliseconds = isNumber(value) ? Math.round(Number(value) * 1000) : NaN;
  return isWithin(CLOCK_SHIFT, milliseconds) ? milliseconds : wrong({ code: 'toml-time-offset' }, key);
}

function within(range: Range): (key: string, value: TomlValue) => number {
  return (key, value) => {
    const number = isNumber(value) ? Number(value) : NaN;
    return isWithin(range, number) ? number : wrong({ code: 'toml-between', ...range }, key);
  };
}

function textOf(most: number): (key: string, value: TomlValue) => string {
  return (key, value) =>
    typeof value === 'string' && value.length <= most
      ? value
      : wrong({ code: 'manifest-letters', most }, key);
}

function creatorsOf(key: string, value: TomlValue): readonly string[] {
  if (!Array.isArray(value) || value.length > MOST_CREATORS)
    return wrong({ code: 'toml-creators', most: MOST_CREATORS }, key);
  return value.map((name, i) => textOf(LONGEST_FACT)(`${key}[${i}]`, name));
}

/** Milliseconds since 1970; a time without a zone is UTC. */
function momentOf(isEnd: boolean): (key: string, value: TomlValue) => number {
  return (key, value) => {
    if (!(value instanceof TomlDate) || value.isTime()) return wrong({ code: 'toml-day' }, key);
    const at = value.getTime() + (isEnd && value.isDate() ? LAST_OF_DAY : 0);
    return isWithin(INSTANT, at) ? at : wrong({ code: 'toml-day' }, key);
  };
}

function writtenMoment(at: number, isEnd: boolean): TomlDate {
  const date = new Date(at);
  return isWholeDay(at, isEnd) ? TomlDate.wrapAsLocalDate(date) : TomlDate.wrapAsOffsetDateTime(date);
}

function doiOf(key: string, value: TomlValue): string {
  const doi = typeof value === 'string' ? doiIn(value) : null;
  return doi !== null && doi.length <= LONGEST_FACT ? doi : wrong({ code: 'toml-doi' }, key);
}

/** The calibration of a file; null if the section or a number in it is missing or wrong, for then nobody can rest on it. */
function calibrationIn(table: TomlTable): ConfigCalibration | null {
  const values = Object.fromEntries(
    Object.entries(table).map(([key, value]) => [key, typeof value === 'bigint' ? Number(value) : value]),
  );
  if (!CALIBRATION.isUsable(values)) return null;
  const number = (key: (typeof JUDGING)[number][0]) => values[key] as number;
  const judging: Judging = {
    detector: {
      name: values['detector'] as string,
      windowSize: number('window_size'),
      sigma: number('sigma'),
    },
    thresholds: { warning: number('warning'), drift: number('drift') },
    persistence: {
      raiseAfter: number('raise_after'),
      clearAfter: number('clear_after'),
      clearBelow: number('clear_below'),
    },
  };
  if (judgingProblem({ ...judging.detector, ...judging.thresholds, ...judging.persistence })) return null;
  const evidence = Object.fromEntries(EVIDENCE.map(([field, key]) => [field, values[key] ?? null]));
  return {
    modelSha256: values['model_sha256'] as string,
    referenceSize: values['reference_size'] as number,
    judging,
    evidence: { ...evidence, measured: values['measured'] } as CalibrationEvidence,
  };
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
  const { format = CONFIG_FORMAT } = section(table, 'porthole');
  if (!isWhole(format, 1, Number.MAX_SAFE_INTEGER)) wrong({ code: 'whole-number' }, 'porthole.format');
  if (format > CONFIG_FORMAT) throw new AppError('config-newer', String(format));
  const notices: ConfigNotice[] = [];

  /** The key's value as `read` understands it, or undefined when the file leaves it out. */
  const optional = <T>(
    part: string,
    key: string,
    read: (key: string, value: TomlValue) => T,
  ): T | undefined => {
    const values = section(table, part);
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    return value === undefined ? undefined : read(`${part}.${key}`, value);
  };
  const withDefault = <T>(
    part: string,
    key: string,
    read: (key: string, value: TomlValue) => T,
    standIn: T,
  ): T => {
    const value = optional(part, key, read);
    if (value === undefined) notices.push({ kind: 'default', key: `${part}.${key}` });
    return value ?? standIn;
  };

  const transform: Transform = {
    resize: withDefault('transform', 'resize', (_, value) => sizeOf(value), defaults.resize),
    mean: withDefault('transform', 'mean', (key, value) => channelsOf(key, value, false), defaults.mean),
    std: withDefault('transform', 'std', (key, value) => channelsOf(key, value, true), defaults.std),
  };
  const clean = withDefault('camera_state', 'clean', namesOf, []);
  const dirty = withDefault('camera_state', 'dirty', namesOf, []);
  const cameraName = optional('camera', 'name', nameOf) ?? null;
  const timeZone = optional('camera', 'time_zone', zoneOf);
  const timeOffset = optional('camera', 'time_offset', timeOffsetOf);
  const countsFileDates = optional('camera', 'file_dates', flagOf) ?? false;

  const latitude = optional('deployment', 'latitude', within(LATITUDE));
  const longitude = optional('deployment', 'longitude', within(LONGITUDE));
  const fact = (key: (typeof TEXT_FACTS)[number]) => optional('deployment', key, textOf(LONGEST_FACT));
  const deployment = known({
    position: latitude !== undefined && longitude !== undefined ? { latitude, longitude } : undefined,
    depth: optional('deployment', 'depth', within(DEPTH)),
    note: optional('deployment', 'note', textOf(LONGEST_DIVER_NOTE)),
    ...{ platform: fact('platform'), sensor: fact('sensor'), site: fact('site'), licence: fact('licence') },
    begin: optional('deployment', 'begin', momentOf(false)),
    end: optional('deployment', 'end', momentOf(true)),
    creators: optional('deployment', 'creators', creatorsOf),
    doi: optional('deployment', 'doi', doiOf),
  });
  if (deployment.end !== undefined && (deployment.begin ?? 0) > deployment.end)
    wrong({ code: 'toml-end' }, 'deployment.end');

  const name = optional('detector', 'name', nameOf);
  const windowSize = optional('detector', 'window_size', judgedBy('windowSize'));
  const sigma = optional('detector', 'sigma', judgedBy('sigma'));
  const warning = optional('thresholds', 'warning', judgedBy('warning'));
  const drift = optional('thresholds', 'drift', judgedBy('drift'));
  if (warning !== undefined && drift !== undefined && judgingProblem({ warning, drift })) {
    wrong({ code: 'toml-limits', drift }, 'thresholds.warning');
  }

  const raiseAfter = optional('persistence', 'raise_after', judgedBy('raiseAfter'));
  const clearAfter = optional('persistence', 'clear_after', judgedBy('clearAfter'));
  const clearBelow = optional('persistence', 'clear_below', judgedBy('clearBelow'));
  const persistence = {
    ...(raiseAfter !== undefined && { raiseAfter }),
    ...(clearAfter !== undefined && { clearAfter }),
    ...(clearBelow !== undefined && { clearBelow }),
  };

  for (const key of Object.keys(table)) {
    const keys = Object.hasOwn(KNOWN, key) ? KNOWN[key] : undefined;
    if (keys === undefined) notices.push({ kind: 'unknown', key: shown(key) });
    else {
      const extra = Object.keys(section(table, key)).filter((inner) => !keys.includes(inner));
      notices.push(...extra.map((inner) => ({ kind: 'unknown', key: shown(`${key}.${inner}`) }) as const));
    }
  }

  return {
    transform,
    clean,
    dirty,
    cameraName,
    time: { ...(timeZone !== undefined && { timeZone }), ...(timeOffset !== undefined && { timeOffset }) },
    countsFileDates,
    deployment,
    detector: {
      ...(name !== undefined && { name }),
      ...(windowSize !== undefined && { windowSize }),
      ...(sigma !== undefined && { sigma }),
    },
    thresholds: { ...(warning !== undefined && { warning }), ...(drift !== undefined && { drift }) },
    persistence,
    calibration: calibrationIn(section(table, 'calibration')),
    notices,
  };
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

/** A count as a whole number, anything else as a fraction. */
function numberFor(value: number): TomlValue {
  return Number.isSafeInteger(value) ? BigInt(value) : value;
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
  const { transform, detector, thresholds, persistence, calibration } = camera;
  const whole = (value: number) => BigInt(Math.round(value));
  const set = (key: string, values: TomlTable) => {
    table[key] = Object.assign(section(table, key), values);
  };
  set('transform', {
    resize: [whole(transform.resize.height), whole(transform.resize.width)],
    mean: [...transform.mean],
    std: [...transform.std],
  });
  const { timeZone, timeOffset, fileDatesUntil } = camera;
  set('camera', { name: camera.name });
  const { time_zone: _zone, time_offset: _offset, file_dates: _dates, ...kept } = section(table, 'camera');
  table['camera'] = Object.assign(Object.create(null) as TomlTable, kept, {
    ...(timeZone !== undefined && { time_zone: timeZone }),
    ...(timeOffset !== undefined && { time_offset: timeOffset / 1000 }),
    ...(fileDatesUntil === INSTANT.most && { file_dates: true }),
  });
  const others = Object.entries(section(table, 'deployment')).filter(
    ([key]) => !DEPLOYMENT_KEYS.includes(key),
  );
  const { position, begin, end, ...said } = camera.deployment ?? {};
  const deployment = Object.assign(Object.create(null) as TomlTable, Object.fromEntries(others), {
    ...position,
    ...said,
    ...(begin !== undefined && { begin: writtenMoment(begin, false) }),
    ...(end !== undefined && { end: writtenMoment(end, true) }),
  });
  if (Object.keys(deployment).length > 0) table['deployment'] = deployment;
  else delete table['deployment'];
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
    const { evidence, judging } = calibration;
    const known = EVIDENCE.map(([field, key]) => [key, evidence[field]] as const);
    const numbers: (readonly [string, number | null])[] = [
      ['reference_size', calibration.referenceSize],
      ...JUDGING.map(([key, read]) => [key, read(judging)] as const),
      ...known,
    ];
    const values = numbers.flatMap(([key, value]) =>
      value === null ? [] : [[key, numberFor(value)] as const],
    );
    set('calibration', {
      model_sha256: calibration.modelSha256,
      detector: judging.detector.name,
      measured: evidence.measured,
      ...Object.fromEntries(values),
    });
  }

  const state = section(table, 'camera_state');
  const lists = {
    clean: camera.clean ?? ('clean' in state ? namesOf('camera_state.clean', state['clean'] ?? '') : []),
    dirty: camera.dirty ?? ('dirty' in state ? namesOf('camera_state.dirty', state['dirty'] ?? '') : []),
  };
  // written by writeSection below
  delete table['camera_state'];
  delete state['clean'];
  delete state['dirty'];

  const head = headOf(original ?? '');
  const body = stringify(table, { numbersAsFloat: true });
  return `${head}${body}\n${writeSection('camera_state', state, lists)}`;
}
