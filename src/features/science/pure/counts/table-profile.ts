import { namesOf, type TableLayout } from './table-layout';
import { isHalfOfDay, readMoment, WAYS, type ParsedMoment } from './moments';
import { COMMA, isMissing, numberBy, POINT, SENTINELS, waysOf } from './numbers';
import { Records, type Text } from './records';

/** What all cells of a column say of it. */
export interface Column {
  readonly index: number;
  readonly name: string;
  /** cells that have something in them, and how many a missing value is written by each text */
  filled: number;
  readonly missing: Map<string, number>;
  /** ways of writing a moment that all dated cells have in common; 0 with dated cells means that they contradict */
  ways: number;
  /** cells that name a day, a time of day alone, both */
  dated: number;
  clocks: number;
  timed: number;
  /** dated cells that don't say how far from UTC they are */
  zoneless: number;
  /** from the least to the largest distance from UTC that times say, in minutes; null as long as none does */
  offsets: readonly [least: number, largest: number] | null;
  /** cells that say whether a time is of the morning or the afternoon, and nothing else */
  halves: number;
  shortYears: number;
  /** where the first filled cell stands that is no moment, and the first that contradicts those before; -1 for none */
  notMoment: number;
  contradicting: number;
  /** ways of writing a number that all numbers have in common, of `POINT` and `COMMA` */
  decimals: number;
  numbers: number;
  /** numbers that would be others with the other decimal mark */
  doubtful: number;
  /** where the first number stands that contradicts those before; -1 for none */
  contradictingNumber: number;
  /** how often each number stands that other data sets write for a missing one */
  readonly sentinels: Map<string, number>;
  isWhole: boolean;
  /** the largest number */
  largest: number;
  /** whether all numbers are times of day without a mark: 830 for 8:30 */
  isUnmarkedClock: boolean;
  /** whether each row's number is one more than that of the row before */
  isIndex: boolean;
  last: number;
}

/** What all records of a file say. */
export interface TableProfile {
  readonly columns: readonly Column[];
  readonly rows: number;
  /** rows with fewer cells than the names */
  readonly short: number;
  /** where the first row begins that has more; -1 for none */
  readonly long: number;
  /** where the first record begins whose quotes end too early or not at all; -1 for none */
  readonly broken: number;
  /** empty lines and lines with # behind the names */
  readonly asides: number;
  /** the first rows */
  readonly preview: readonly (readonly string[])[];
}

/** A column of which so many cells were read, half of them in vain, is something else. */
const ENOUGH = 400;
const PREVIEW = 8;

/** Reads every record once. */
export function profileTable(text: Text, layout: TableLayout): TableProfile {
  const columns = namesOf(text, layout).map(newColumn);
  const records = new Records(text, layout.delimiter, layout.first);
  let [rows, short, long, broken, asides] = [0, 0, -1, -1, 0];
  const preview: string[][] = [];
  while (records.read()) {
    if (records.isAside) {
      asides += 1;
      continue;
    }
    rows += 1;
    if (records.isBroken && broken < 0) broken = records.begin;
    if (records.count < layout.columns) short += 1;
    if (records.count > layout.columns && long < 0) long = records.begin;
    if (preview.length < PREVIEW) {
      preview.push(Array.from({ length: records.count }, (_, i) => records.text(i).slice(0, 80)));
    }
    const count = Math.min(records.count, layout.columns);
    for (let i = 0; i < count; i++) {
      const column = columns[i]!;
      const isTime = maybe(column, column.dated + column.clocks + column.halves);
      // A count may stand between remarks.
      const isNumber = maybe(column, 5 * column.numbers);
      if (!isTime && !isNumber) {
        column.filled += 1;
        continue;
      }
      const digits = isTime ? -1 : records.digits(i);
      if (digits >= 0) {
        column.filled += 1;
        column.numbers += 1;
        noteValue(column, digits);
        continue;
      }
      const cell = records.text(i);
      if (isMissing(cell)) {
        column.missing.set(cell, (column.missing.get(cell) ?? 0) + 1);
        column.isIndex = false;
        continue;
      }
      column.filled += 1;
      if (isTime) noteMoment(column, cell, records.begin);
      if (isNumber) noteNumber(column, cell, records.begin);
    }
  }
  return { columns, rows, short, long, broken, asides, preview };
}

function maybe({ filled }: Column, fitting: number): boolean {
  return filled < ENOUGH || 2 * fitting >= filled;
}

function newColumn(name: string, index: number): Column {
  return {
    ...{ index, name, filled: 0, missing: new Map<string, number>() },
    ...{
      ways: -1,
      dated: 0,
      clocks: 0,
      timed: 0,
      zoneless: 0,
      offsets: null,
      halves: 0,
      shortYears: 0,
      notMoment: -1,
      contradicting: -1,
    },
    ...{ decimals: POINT | COMMA, numbers: 0, doubtful: 0, contradictingNumber: -1 },
    ...{ sentinels: new Map<string, number>(), isWhole: true, isIndex: true, last: NaN },
    ...{ largest: -Infinity, isUnmarkedClock: true },
  };
}

function noteMoment(column: Column, cell: string, place: number): void {
  const reading = readMoment(cell);
  if (!reading.hasDate || reading.ways === 0) {
    if (reading.hasClock && !reading.hasDate) {
      column.clocks += 1;
      noteOffset(column, reading, place);
    } else if (isHalfOfDay(cell)) column.halves += 1;
    else if (column.notMoment < 0) column.notMoment = place;
    return;
  }
  column.dated += 1;
  if (reading.hasClock) column.timed += 1;
  if (reading.offset === null) column.zoneless += 1;
  noteOffset(column, reading, place);
  if (reading.isShortYear) column.shortYears += 1;
  const ways = column.ways & reading.ways;
  if (ways === 0 && column.contradicting < 0) column.contradicting = place;
  column.ways = ways;
}

/** A camera's clock is set by an hour at the most; ends of stretches, such as 10:00-11:00, look like zones further apart. */
const LARGEST_STEP = 60;

function noteOffset(column: Column, { offset }: ParsedMoment, place: number): void {
  if (offset === null) return;
  const [least, largest] = column.offsets ?? [offset, offset];
  column.offsets = [Math.min(least, offset), Math.max(largest, offset)];
  if (column.offsets[1] - column.offsets[0] <= LARGEST_STEP) return;
  column.ways = 0;
  if (column.contradicting < 0) column.contradicting = place;
}

function noteNumber(column: Column, cell: string, place: number): void {
  const ways = waysOf(cell);
  if (ways === 0) {
    column.isIndex = false;
    return;
  }
  column.numbers += 1;
  const value = numberBy(cell, ways & POINT ? 'point' : 'comma');
  if (ways === (POINT | COMMA) && value !== numberBy(cell, 'comma')) column.doubtful += 1;
  const decimals = column.decimals & ways;
  if (decimals === 0 && column.contradictingNumber < 0) column.contradictingNumber = place;
  column.decimals = decimals;
  if (SENTINELS.has(value)) column.sentinels.set(cell, (column.sentinels.get(cell) ?? 0) + 1);
  noteValue(column, value);
}

function noteValue(column: Column, value: number): void {
  if (!Number.isInteger(value) || (value < 0 && !SENTINELS.has(value))) column.isWhole = false;
  if (!(value >= 0 && value <= 2400 && value % 100 < 60)) column.isUnmarkedClock = false;
  column.largest = Math.max(column.largest, value);
  if (!Number.isNaN(column.last) && value !== column.last + 1) column.isIndex = false;
  column.last = value;
}

/** Whether a column is one of moments that name a day. */
export function isDated({ dated, filled }: Column): boolean {
  return dated > 0 && dated >= 0.8 * filled;
}

/** Whether its moments are numbers: days of a spreadsheet, or time since 1970. */
export function isNumericTime({ ways, numbers, filled }: Column): boolean {
  return ways > 0 && numbers === filled && (ways & (WAYS.dmy | WAYS.mdy | WAYS.named)) === 0;
}

export function isClock({ clocks, filled }: Column): boolean {
  return clocks > 0 && clocks >= 0.8 * filled;
}

/** Whether a column says AM and PM. */
export function isHalves({ halves, filled }: Column): boolean {
  return halves > 0 && halves >= 0.8 * filled;
}

export function isNumeric({ numbers, filled }: Column): boolean {
  return numbers > 0 && numbers >= 0.8 * filled;
}

/** Whether a column has a name, and nothing but missing values. */
export function isEmpty({ filled, name }: Column): boolean {
  return filled === 0 && name !== '';
}
