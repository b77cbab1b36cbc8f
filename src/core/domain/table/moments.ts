import { utcFormat, utcParse } from 'd3-time-format';
import { momentsOf, zoneOf, type AheadAt } from '../camera/time/zone';

/** The format that is no pattern of d3-time-format: a date, with a time of day and its distance from UTC where they are there. */
export const ISO = 'ISO 8601';

const DATES = ['%d/%m/%Y', '%m/%d/%Y', '%d.%m.%Y', '%d-%m-%Y', '%d-%b-%Y', '%Y/%m/%d'];
const SHORT_DATES = ['%d/%m/%y', '%m/%d/%y', '%d.%m.%y'];
const CLOCKS = [' %H:%M', ' %H:%M:%S', ' %I:%M %p', ' %I:%M:%S %p', ''];

/** The formats that are tried, and suggested; `%s` and `%Q` are seconds and milliseconds since 1970. */
export const FORMATS: readonly string[] = [
  ISO,
  ...[...DATES, ...SHORT_DATES].flatMap((date) => CLOCKS.map((clock) => date + clock)),
  ...['%s', '%Q'],
];

/** Milliseconds since 1970 that a cell says; NaN for what can't be read, or is a local time that its clock shows twice or never. */
export type ReadMoment = (cell: string) => number;

/** No digital camera was under water before, and none is yet after: anything else is not a moment. */
const [FROM, TO] = [Date.UTC(1990, 0, 1), Date.UTC(2100, 0, 1)];
const ISO_CELL =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?))?(?:\s?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?$/i;
const ZONE_AT_END = /\s*(Z|[+-]\d{2}(?::?\d{2})?)$/i;

/**
 * @param format - `ISO`, or a pattern of d3-time-format
 * @param zone - of the clock, see `zoneOf`, where a cell doesn't say its distance from UTC
 * @see https://d3js.org/d3-time-format
 */
export function momentReader(format: string, zone: string): ReadMoment {
  const aheadAt = zoneOf(zone);
  const read = localReader(format);
  return (cell) => {
    const { local, offset } = read(cell);
    return offset === null ? momentOf(local, aheadAt) : local - offset * 60_000;
  };
}

/** The time that a cell itself states; see `momentReader`. @returns NaN for what is no moment */
export function localReader(format: string): (cell: string) => Local {
  const read = format === ISO ? readIso : patternReader(format);
  return (cell) => {
    const said = read(cell);
    const at = said.local - (said.offset ?? 0) * 60_000;
    return at >= FROM && at < TO ? said : NONE;
  };
}

/**
 * The moment at which a zone's clock shows this time; NaN where it never does, or twice, as in the hours in which clocks
 * are set forward and back: nobody can tell which of the two was meant.
 *
 * @param local - milliseconds since 1970 as if the clock showed UTC
 */
export function momentOf(local: number, aheadAt: AheadAt): number {
  const [moment = NaN, ...others] = momentsOf(local, aheadAt);
  return others.length === 0 ? moment : NaN;
}

interface Local {
  /** milliseconds since 1970 as if the clock showed UTC */
  readonly local: number;
  /** minutes ahead of UTC; null where the cell doesn't say it */
  readonly offset: number | null;
}

const NONE: Local = { local: NaN, offset: 0 };

function readIso(cell: string): Local {
  const [, date, clock = '00:00', zone] = ISO_CELL.exec(cell) ?? [];
  if (date === undefined) return NONE;
  // Up to milliseconds: browsers differ on more digits.
  const local = Date.parse(`${date}T${clock.replace(',', '.').slice(0, 12)}Z`);
  const isReal = new Date(local).getUTCDate() === Number(date.slice(8));
  return isReal ? { local, offset: offsetOf(zone) } : NONE;
}

function patternReader(pattern: string): (cell: string) => Local {
  const plain = pattern.replace(/\s*%Z$/, '');
  const isZoned = plain !== pattern;
  const isSince1970 = /%[sQ]/.test(pattern);
  const [parse, format] = [utcParse(plain), utcFormat(plain)];
  return (cell) => {
    const zone = isZoned ? ZONE_AT_END.exec(cell) : null;
    if (isZoned && !zone) return NONE;
    const text = zone ? cell.slice(0, zone.index) : cell;
    const date = parse(text);
    // d3 takes 31/02 for 3 March: what it writes back must be what was read.
    if (!date || digest(format(date)) !== digest(text)) return NONE;
    return { local: date.getTime(), offset: isSince1970 ? 0 : zone ? offsetOf(zone[1]) : null };
  };
}

/** A moment as it is written, without what d3 reads in more than one form: leading zeros, blanks, letters, microseconds. */
function digest(text: string): string {
  return text
    .toLowerCase()
    .replace(/(^|\D)[0\s]+(?=\d)/g, '$1')
    .replace(/([.,]\d{3})\d+$/, '$1');
}

function offsetOf(zone: string | undefined): number | null {
  if (zone === undefined) return null;
  const [, sign, hours, minutes = '0'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone) ?? [];
  return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
