/** The ways of writing a moment that a cell can be read by, as bits. */
export const WAYS = {
  /** year, month, day */
  ymd: 1,
  dmy: 2,
  mdy: 4,
  /** with the month as a word */
  named: 8,
  /** since 1970 in UTC */
  seconds: 16,
  milliseconds: 32,
  microseconds: 64,
  nanoseconds: 128,
  /** days as a spreadsheet counts them, since 1900 or since 1904 */
  serial1900: 256,
  serial1904: 512,
} as const;
export type Way = keyof typeof WAYS;
export const WAY_NAMES = Object.keys(WAYS) as Way[];

/** A cell as a moment, by one way of writing. */
export interface ParsedMoment {
  /** ways that it can be read by; 0 for what is no moment */
  readonly ways: number;
  /** whether it names a day, and a time of day */
  readonly hasDate: boolean;
  readonly hasClock: boolean;
  /** minutes by which it is ahead of UTC, as it says itself; null where it doesn't */
  readonly offset: number | null;
  /** whether its year has two digits */
  readonly isShortYear: boolean;
  /** milliseconds since 1970, as if its clock showed UTC, by this way; NaN where it can't be read so */
  readonly at: (way: Way) => number;
}

const DAY = 86_400_000;
const NONE: ParsedMoment = {
  ways: 0,
  hasDate: false,
  hasClock: false,
  offset: null,
  isShortYear: false,
  at: () => NaN,
};
/** No camera was under water before, and none is yet after: a number beside these is no moment. */
const FROM = Date.UTC(1950, 0, 1);
const TO = Date.UTC(2100, 0, 1);

const ZONES: Readonly<Record<string, number>> = {
  z: 0,
  utc: 0,
  gmt: 0,
  wet: 0,
  west: 60,
  cet: 60,
  cest: 120,
};
const TAIL =
  /^\s*(am|pm|a\.?\s?m\.?|p\.?\s?m\.?)?\s*(?:\(?(z|utc|gmt|west|wet|cest|cet)\)?)?\s*(?:([-+−])(\d{2}):?(\d{2})?)?$/i;
const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:\s?h(?:rs?)?\.?(?![a-z\d]))?/i;
/** `8h30`, `15 h` */
const H_CLOCK = /^(\d{1,2})\s?h(?:\s?(\d{2})(?:\s?m(?:in)?\.?)?)?(?![a-z\d])/i;
/** `3 PM` */
const HALF_CLOCK = /^(\d{1,2})(?=\s?[ap]\.?\s?m\.?$)/i;
const SHORT_CLOCK = /^(\d{2})(\d{2})(?:(\d{2})(?:[.,](\d{1,9}))?)?(?!\d)/;
const NUMBERS = /^(\d{1,4})([-/.])(\d{1,2})\2(\d{4}|\d{1,2})(?!\d)/;
const SHORT = /^(\d{4})(\d{2})(\d{2})(?=$|[T\s_]|\d{4}(?:\d{2})?$)/;
const DAY_NAME = /^[a-zà-ÿ]{2,9}\.?,?\s+(?=\d|[a-z])/i;
const NAMED =
  /^(\d{1,2})(?:st|nd|rd|th)?[-\s/.]*(?:de\s+|d['’])?([a-zà-ÿ]{3,10})\.?[-\s/.,]*(?:del?\s+)?(\d{4}|\d{2})(?!\d)/i;
const NAMED_FIRST = /^([a-zà-ÿ]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)/i;
/** First letters of the months in English, Spanish and Catalan. */
const MONTHS: readonly RegExp[] = [
  /^(jan|ene|gen)/,
  /^feb/,
  /^mar/,
  /^(apr|abr)/,
  /^(may|mai)/,
  /^(jun|juny)/,
  /^jul/,
  /^(aug|ago)/,
  /^(sep|set)/,
  /^oct/,
  /^nov/,
  /^(dec|dic|des)/,
];

/** What a cell says as a moment, by every way of writing that it can be read by. */
export function readMoment(text: string): ParsedMoment {
  if (text.length < 2 || text.length > 64) return NONE;
  if (/^[1-9]\d*(?:[.,]\d+)?$/.test(text)) {
    const reading = readNumber(text);
    if (reading.ways !== 0) return reading;
  }
  const date = readDate(text);
  let rest = date ? text.slice(date.length) : text;
  if (date) {
    if (rest === '') return readingOf(date, null, null);
    const isShort = SHORT.test(text) && /^\d/.test(rest);
    const between = /^(?:T|\s*,\s*|[\s_]+)/i.exec(rest);
    if (!between && !isShort) return zoneOnly(date, rest);
    rest = rest.slice(between?.[0].length ?? 0);
  }
  const clock =
    CLOCK.exec(rest) ?? H_CLOCK.exec(rest) ?? HALF_CLOCK.exec(rest) ?? (date ? SHORT_CLOCK.exec(rest) : null);
  if (!clock) return date ? zoneOnly(date, rest) : NONE;
  const tail = TAIL.exec(rest.slice(clock[0].length));
  if (!tail) return NONE;
  const time = clockOf(clock, tail[1]);
  const offset = offsetOf(tail);
  return time === null || Number.isNaN(offset) ? NONE : readingOf(date, time, offset);
}

interface DatePart {
  readonly length: number;
  readonly isShortYear: boolean;
  /** midnight by each way, NaN where there is no such day */
  readonly days: Readonly<Partial<Record<Way, number>>>;
}

function readDate(text: string): DatePart | null {
  const numbers = NUMBERS.exec(text);
  if (numbers) {
    const [all, a, , b, c] = numbers as unknown as [string, string, string, string, string];
    const [first, second, third] = [Number(a), Number(b), Number(c)];
    if (a.length === 4) return c.length === 4 ? null : dateOf(all, { ymd: dayOf(first, second, third) });
    if (a.length === 3) return null;
    const days = { dmy: dayOf(third, second, first, c), mdy: dayOf(third, first, second, c) };
    return c.length === 4
      ? dateOf(all, days)
      : dateOf(all, { ...days, ymd: dayOf(first, second, third, a) }, true);
  }
  const short = SHORT.exec(text);
  if (short) return dateOf(short[0], { ymd: dayOf(Number(short[1]), Number(short[2]), Number(short[3])) });
  const skipped = DAY_NAME.exec(text);
  for (const from of new Set([0, skipped?.[0].length ?? 0])) {
    const part = text.slice(from);
    const named = NAMED.exec(part);
    const [month, day, year] = named
      ? [named[2]!, named[1]!, named[3]!]
      : (NAMED_FIRST.exec(part)?.slice(1) ?? ['', '', '']);
    const index = MONTHS.findIndex((pattern) => pattern.test(month!.toLowerCase()));
    const length = named?.[0].length ?? NAMED_FIRST.exec(part)?.[0].length ?? 0;
    if (index < 0 || length === 0) continue;
    const at = dayOf(Number(year), index + 1, Number(day), year);
    return { length: from + length, isShortYear: year!.length === 2, days: { named: at } };
  }
  return null;
}

function dateOf(all: string, days: DatePart['days'], isShortYear = false): DatePart {
  return { length: all.length, days, isShortYear };
}

/** Midnight of a day, NaN where the calendar has none such. Years of two digits are of this century. */
function dayOf(year: number, month: number, day: number, written = '2000'): number {
  const full = written.length <= 2 ? 2000 + year : year;
  if (month < 1 || month > 12 || day < 1 || day > 31) return NaN;
  const at = Date.UTC(full, month - 1, day);
  return new Date(at).getUTCDate() === day && at >= FROM && at < TO ? at : NaN;
}

function zoneOnly(date: DatePart, rest: string): ParsedMoment {
  const tail = TAIL.exec(rest);
  const offset = tail && !tail[1] ? offsetOf(tail) : NaN;
  return Number.isNaN(offset) ? NONE : readingOf(date, null, offset);
}

/** Milliseconds since midnight, or null for no time of day. */
function clockOf(
  [, h, m = '0', s = '0', fraction = '']: RegExpExecArray,
  half: string | undefined,
): number | null {
  let hours = Number(h);
  const [minutes, seconds] = [Number(m), Number(s)];
  if (minutes > 59 || seconds > 60) return null;
  if (half) {
    if (hours < 1 || hours > 12) return null;
    hours = (hours % 12) + (/^p/i.test(half) ? 12 : 0);
  }
  // 24:00 is the end of a day.
  if (hours > 24 || (hours === 24 && (minutes > 0 || seconds > 0))) return null;
  const parts = fraction === '' ? 0 : Math.round(Number(`0.${fraction}`) * 1000);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + parts;
}

/** Minutes ahead of UTC, null where nothing says it, NaN for what no clock is: `10:00-10:20` is a stretch of time. */
function offsetOf([, , zone, sign, hours, minutes = '0']: RegExpExecArray): number | null {
  const named = zone === undefined ? null : ZONES[zone.toLowerCase()]!;
  if (sign === undefined) return named;
  const offset = (named ?? 0) + (sign === '+' ? 1 : -1) * (Number(hours) * 60 + Number(minutes));
  return offset % 15 === 0 && offset >= -12 * 60 && offset <= 14 * 60 ? offset : NaN;
}

/** Whether a cell says which half of a day another cell's time is of. */
export function isHalfOfDay(text: string): boolean {
  return text.length <= 5 && /^[ap]\.?\s?m\.?$/i.test(text);
}

function readingOf(date: DatePart | null, clock: number | null, offset: number | null): ParsedMoment {
  if (!date) {
    return { ...NONE, hasClock: true, offset, at: () => clock! };
  }
  let ways = 0;
  for (const way of WAY_NAMES) if (Number.isFinite(date.days[way] ?? NaN)) ways |= WAYS[way];
  return {
    ways,
    hasDate: true,
    hasClock: clock !== null,
    offset,
    isShortYear: date.isShortYear,
    at: (way) => (date.days[way] ?? NaN) + (clock ?? 0),
  };
}

/** Seconds since 1970 in the units that a number of so many digits can be; days as a spreadsheet counts them. */
function readNumber(text: string): ParsedMoment {
  const value = Number(text.replace(',', '.'));
  const digits = text.replace(/[.,].*/, '').length;
  const values: Partial<Record<Way, number>> = {};
  if (digits === 9 || digits === 10) values.seconds = value * 1000;
  else if (digits === 12 || digits === 13) values.milliseconds = value;
  else if (digits === 15 || digits === 16) values.microseconds = value / 1000;
  else if (digits === 18 || digits === 19) values.nanoseconds = value / 1e6;
  else if (digits === 5) {
    // Whole seconds: a spreadsheet's days have more digits than meaning.
    const at = Math.round((value - 25_569) * 86_400) * 1000;
    values.serial1900 = at;
    values.serial1904 = at + 1462 * DAY;
  }
  let ways = 0;
  for (const way of WAY_NAMES) {
    const at = values[way];
    if (at !== undefined && at >= FROM && at < TO) ways |= WAYS[way];
  }
  if (ways === 0) return NONE;
  const isSerial = digits === 5;
  return {
    ways,
    hasDate: true,
    hasClock: true,
    offset: isSerial ? null : 0,
    isShortYear: false,
    at: (way) => Math.round(values[way] ?? NaN),
  };
}
