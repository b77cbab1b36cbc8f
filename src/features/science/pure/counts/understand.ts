import {
  profileTable,
  isClock,
  isDated,
  isEmpty,
  isHalves,
  isNumeric,
  isNumericTime,
  type Column,
  type TableProfile,
} from './table-profile';
import { layoutsOf, namedBy, type TableLayout } from './table-layout';
import { isHalfOfDay, readMoment, WAY_NAMES, WAYS, type ParsedMoment, type Way } from './moments';
import { COMMA, isMissing, POINT, type Decimal } from './numbers';
import { lineNumber, DELIMITERS, Records, type Text } from './records';
import { momentOf, zoneOf } from './zones';

/** What can be asked of a file with counts. */
export type QuestionId =
  'delimiter' | 'names' | 'time' | 'clock' | 'way' | 'zone' | 'counts' | 'decimal' | 'sentinel' | 'stands';

/**
 * What a person has answered. `names` is the index of a line that may have them. Columns are their index, several are
 * joined by commas, and those of hours and minutes by a plus; `zone` is as `zoneOf` takes it;
 * `stands` is `moment`, `next`, or `after`, `before` or `around` with minutes: `after:60`.
 */
export type Answers = Readonly<Partial<Record<QuestionId, string>>>;

/** One thing to be known of a file. */
export interface TableQuestion {
  readonly id: QuestionId;
  /** what can be answered; empty where it is entered */
  readonly choices: readonly string[];
  /** null as long as nobody knows */
  readonly chosen: string | null;
  /** who says so: the file's own content, its names, or the person; null as long as nobody does */
  readonly by: 'content' | 'name' | 'person' | null;
}

/** Why nothing can be done with a file, with the line where it shows, or null. */
export interface Problem {
  readonly code:
    'no-table' | 'quotes' | 'row-too-long' | 'no-time' | 'mixed-times' | 'mixed-numbers' | 'no-counts';
  readonly line: number | null;
}

/** A moment as one way of writing would have it. */
export interface Example {
  readonly way: Way;
  readonly text: string;
  readonly at: number;
}

/** What was understood of a file, as far as it can be told by now. */
export interface Understanding {
  readonly layout: TableLayout | null;
  readonly names: readonly string[];
  readonly rows: number;
  readonly asides: number;
  readonly shortRows: number;
  readonly preview: readonly (readonly string[])[];
  readonly questions: readonly TableQuestion[];
  readonly problem: Problem | null;
  /** what a doubtful moment would be by each way */
  readonly examples: readonly Example[];
  /** columns that by their names hold the time of day, of which no time can be read; their index */
  readonly unreadClocks: readonly number[];
  /** the column that says of which half of a day the times are; its index */
  readonly halves: number | null;
  readonly shortYears: number;
  /** numbers in the chosen columns that other data sets write for a missing one, as they are written */
  readonly sentinels: readonly string[];
  /** first and last moment, once they can be told */
  readonly from: number | null;
  readonly to: number | null;
  /** rows without a moment that can be read, and those in an hour that a clock shows twice or never */
  readonly untimed: number;
  /** whether nothing is open */
  readonly isReady: boolean;
}

/** What a file's cells mean, once all is known. */
export interface Meaning {
  readonly layout: TableLayout;
  readonly decimal: Decimal;
  readonly counts: readonly number[];
  /** the numbers that stand for a missing one */
  readonly sentinels: ReadonlySet<string>;
  /** how the chosen columns write a missing value */
  readonly missing: string;
  readonly stands: string;
  /** of each row: milliseconds since 1970, NaN where it can't be told */
  readonly times: Float64Array;
}

const TIME_NAME = /time|date|fecha|hora|data\b|dia|día|datum|zeit|when|stamp|utc|epoch|serial/i;
const HOUR_NAME = /^(hour|hora|hr|hh|h)$/i;
const MINUTE_NAME = /^(minutes?|minutos?|minuts?|min|mm|mi)$/i;
const SECOND_NAME = /^(seconds?|segundos?|segons?|sec|seg|ss)$/i;
const CLOCK_NAME = /time|hour|hora|clock|reloj|rellotge|hh:?mm|^hr?$|^hh$|when|utc/i;
/** How long something took is no time of day. */
const LASTS_NAME = /dura|effort|esfuerzo|esfor[cç]|soak|elaps|lapse|total|length|interval/i;
/** Not `UTC+2`, which is another zone. */
const IN_UTC = /(^|[^a-z])(utc|gmt|zulu)(?![a-z]|\s*[-+−±]?\s*\d|.*offset)/i;
const INDEX_NAME = /^(unnamed: ?\d+|index|idx|id|row|rownames|n|no|num|nr|x|#)?$/i;
const MINUTE = 60_000;
const SECOND = 1000;

/** A file with counts, and what is known of it: read once for each delimiter, asked as often as a person answers. */
export class CountsFile {
  readonly text: Text;
  /** by delimiter, and where the rows begin */
  readonly #evidence = new Map<string, TableProfile>();
  #times: { readonly key: string; readonly times: Float64Array } | null = null;

  constructor(text: Text) {
    this.text = text;
  }

  understand(answers: Answers): Understanding {
    return this.#read(answers).understanding;
  }

  /** What the cells mean. @throws Error as long as something is open */
  meaning(answers: Answers): Meaning {
    const { meaning } = this.#read(answers);
    if (!meaning) throw new Error('something is open');
    return meaning;
  }

  #read(answers: Answers): { readonly understanding: Understanding; readonly meaning: Meaning | null } {
    const questions: TableQuestion[] = [];
    const ask = (
      id: QuestionId,
      choices: readonly string[],
      known: string | null,
      by: 'content' | 'name' = 'content',
    ) => {
      const given = answers[id];
      const isGiven =
        given !== undefined &&
        (choices.length === 0 ||
          given.split(',').every((one) => choices.includes(one)) ||
          choices.includes(given));
      const chosen = isGiven ? given : known;
      questions.push({
        id,
        choices,
        chosen,
        by: isGiven && given !== known ? 'person' : chosen === null ? null : by,
      });
      return chosen;
    };
    const none = {
      ...{ layout: null, names: [], rows: 0, asides: 0, shortRows: 0, preview: [], examples: [] },
      ...{ unreadClocks: [], halves: null },
    };
    const nothing = { shortYears: 0, sentinels: [], from: null, to: null, untimed: 0, isReady: false };
    const told = (facts: Partial<Understanding>, meaning: Meaning | null = null) => ({
      understanding: { ...none, ...nothing, problem: null, ...facts, questions },
      meaning,
    });

    const chosenDelimiter = DELIMITERS.find((delimiter) => delimiter === answers.delimiter);
    const layouts = layoutsOf(this.text, chosenDelimiter);
    const possible = chosenDelimiter
      ? DELIMITERS
      : layouts.length > 1
        ? layouts.map((of) => of.delimiter)
        : DELIMITERS;
    ask('delimiter', possible, layouts.length === 1 ? layouts[0]!.delimiter : null);
    const [found] = layouts;
    if (!found) return told({ problem: { code: 'no-table', line: null } });
    if (layouts.length > 1) return told({});
    const { nameLines } = found;
    const line = nameLines.length > 1 ? ask('names', [...nameLines.keys()].map(String), null) : null;
    const isUnnamed = nameLines.length > 1 && line === null;
    const layout = line === null ? found : namedBy(found, nameLines[Number(line)]!);

    const evidence = this.#evidenceBy(layout);
    const { columns, rows, asides, short, preview } = evidence;
    const facts = { layout, names: columns.map(({ name }) => name), rows, asides, shortRows: short, preview };
    const failed = (code: Problem['code'], place = -1) =>
      told({ ...facts, problem: { code, line: place < 0 ? null : lineNumber(this.text.units, place) } });
    if (isUnnamed) return told(facts);
    if (evidence.broken >= 0) return failed('quotes', evidence.broken);
    if (evidence.long >= 0) return failed('row-too-long', evidence.long);

    // When.
    const dated = columns.filter(isDated);
    if (dated.length === 0) return failed('no-time');
    const strong = dated.filter((column) => !isNumericTime(column) || TIME_NAME.test(column.name));
    const sure = strong.length === 1 ? String(strong[0]!.index) : null;
    const time = columns[Number(ask('time', dated.map(indexOf), sure) ?? NaN)];
    if (!time) return told(facts);
    if (time.ways === 0) return failed('mixed-times', time.contradicting);
    const unread = time.timed > 0 ? [] : columns.filter((column) => column !== time && isUnreadClock(column));
    const clock = this.#askClock(ask, columns, time, unread);
    const clockFacts = { ...facts, unreadClocks: unread.map(({ index }) => index) };
    if (clock === undefined) return told(clockFacts);
    const contradicting = clock?.find(({ ways }) => ways === 0)?.contradicting;
    if (contradicting !== undefined) return failed('mixed-times', contradicting);
    const half = halfFor(columns, clock?.[0] ?? time);
    const moments: Moments = { time, clock: clock ?? [], half };
    const ways = WAY_NAMES.filter((way) => time.ways & WAYS[way]);
    const examples = this.#examplesOf(layout, time.index, ways);
    const way = ask('way', ways, ways.length === 1 ? ways[0]! : null) as Way | null;
    const doubt = {
      ...{ ...clockFacts, shortYears: time.shortYears, examples, sentinels: [] as string[] },
      halves: half?.index ?? null,
    };
    const isInUtc = [time, ...(clock ?? [])].some(({ name }) => IN_UTC.test(name));
    const isZoned = time.zoneless === 0;
    const zone = isZoned ? 'UTC' : ask('zone', [], isInUtc ? 'UTC' : null, 'name');

    // What.
    const isBeside = (column: Column) =>
      column !== time && !moments.clock.includes(column) && !isRowNumber(column, layout);
    const numeric = columns.filter((column) => isBeside(column) && column.numbers > 0);
    if (numeric.length === 0) return failed('no-counts');
    // One in which hardly anything was counted may be meant too.
    const others = columns.filter((column) => isBeside(column) && (column.numbers > 0 || isEmpty(column)));
    const [only] = others;
    const known = others.length === 1 && only!.isWhole && isNumeric(only!) ? String(only!.index) : null;
    const chosen = ask('counts', others.map(indexOf), known);
    const counts = others.filter(({ index }) => chosen?.split(',').includes(String(index)));
    const wrong = counts.find(({ decimals }) => decimals === 0);
    if (wrong) return failed('mixed-numbers', wrong.contradictingNumber);
    const decimal = askDecimal(ask, counts, columns);
    const sentinels = new Set(counts.flatMap((column) => [...column.sentinels.keys()]));
    doubt.sentinels = [...sentinels];
    const isMissingNumber = sentinels.size > 0 ? ask('sentinel', ['missing', 'number'], null) : 'number';
    const stands = ask('stands', [], null);

    // The moments themselves, which a person can check.
    let times: Float64Array | null = null;
    if (way && zone) times = this.#timesOf(layout, moments, way, zone);
    const span = times ? spanOf(times) : nothing;
    const isOpen = questions.some((question) => question.chosen === null) || counts.length === 0;
    const standing = stands !== null && isStanding(stands) ? stands : null;
    if (isOpen || !times || !decimal || !standing) return told({ ...doubt, ...span });
    const meaning: Meaning = {
      ...{ layout, decimal, stands: standing, times },
      counts: counts.map(({ index }) => index),
      sentinels: isMissingNumber === 'missing' ? sentinels : new Set(),
      missing: missingIn(counts, columns, isMissingNumber === 'missing' ? [...sentinels] : []),
    };
    return told({ ...doubt, ...span, isReady: true }, meaning);
  }

  #evidenceBy(layout: TableLayout): TableProfile {
    const key = `${layout.delimiter}${String(layout.first)}`;
    let evidence = this.#evidence.get(key);
    if (!evidence) {
      evidence = profileTable(this.text, layout);
      this.#evidence.set(key, evidence);
    }
    return evidence;
  }

  /** The columns with the time of day; null for none, undefined as long as it is open. */
  #askClock(
    ask: (id: QuestionId, choices: readonly string[], known: string | null) => string | null,
    columns: readonly Column[],
    time: Column,
    unread: readonly Column[],
  ): readonly Column[] | null | undefined {
    if (time.timed > 0) return null;
    const clocks = columns.filter((column) => column !== time && isClock(column));
    const hours = columns.filter((column) => column !== time && isHour(column));
    const minutes = columns.filter((column) => isPartOfTime(column, MINUTE_NAME));
    const seconds = columns.filter((column) => isPartOfTime(column, SECOND_NAME));
    const unmarked = columns.filter((column) => column !== time && isUnmarkedClock(column));
    if (clocks.length + hours.length + unmarked.length + unread.length === 0) return null;
    const together = hours.flatMap((hour) =>
      minutes.flatMap((minute) => [...seconds.map((second) => [hour, minute, second]), [hour, minute]]),
    );
    const choices = [
      ...clocks.map((clock) => [clock]),
      ...together,
      ...[...hours, ...unmarked].map((one) => [one]),
    ];
    const [clock] = clocks;
    const isSure = clock !== undefined && choices.length === 1 && isClockName(clock.name);
    const chosen = ask(
      'clock',
      [...choices.map((one) => one.map(indexOf).join('+')), 'none'],
      isSure ? indexOf(clock) : null,
    );
    if (chosen === null) return undefined;
    return chosen === 'none' ? null : chosen.split('+').map((index) => columns[Number(index)]!);
  }

  #examplesOf(layout: TableLayout, column: number, ways: readonly Way[]): Example[] {
    if (ways.length < 2) return [];
    const records = new Records(this.text, layout.delimiter, layout.first);
    while (records.read()) {
      if (records.isAside || records.count <= column) continue;
      const text = records.text(column);
      const reading = readMoment(text);
      const found = ways.map((way) => ({ way, text, at: reading.at(way) }));
      // One that tells the ways apart.
      if (reading.hasDate && new Set(found.map(({ at }) => at)).size === ways.length) return found;
    }
    return [];
  }

  #timesOf(layout: TableLayout, moments: Moments, way: Way, zone: string): Float64Array {
    const { time, clock, half } = moments;
    const parts = [time, ...clock, half].map((column) => column?.index);
    const key = [layout.delimiter, layout.first, ...parts, way, zone].join('|');
    if (this.#times?.key === key) return this.#times.times;
    const offsetAt = zoneOf(zone);
    const { rows } = this.#evidenceBy(layout);
    const times = new Float64Array(rows);
    const records = new Records(this.text, layout.delimiter, layout.first);
    let row = 0;
    while (records.read()) {
      if (records.isAside) continue;
      times[row] = timeIn(records, moments, way, offsetAt);
      row += 1;
    }
    this.#times = { key, times };
    return times;
  }
}

/** The columns that together say when a row was. */
interface Moments {
  readonly time: Column;
  /** with the time of day: one, or hours and what belongs to them; none where `time` has it, or rows are of whole days */
  readonly clock: readonly Column[];
  /** which says AM or PM of it */
  readonly half: Column | null;
}

function timeIn(
  records: Records,
  { time, clock, half }: Moments,
  way: Way,
  offsetAt: (at: number) => number,
): number {
  const textOf = ({ index }: Column) => (index < records.count ? records.text(index) : '');
  const ofDay = half ? textOf(half) : '';
  if (half && !isHalfOfDay(ofDay)) return NaN;
  const text = textOf(time);
  const reading = clock.length === 0 ? readWith(text, ofDay) : readMoment(text);
  if (!reading.hasDate) return NaN;
  let local = reading.at(way);
  let { offset } = reading;
  const [first, ...others] = clock;
  if (first) {
    const beside = readWith(clockText(first, textOf(first)), ofDay);
    if (!beside.hasClock || beside.hasDate) return NaN;
    local += beside.at(way);
    offset ??= beside.offset;
  }
  for (const [i, other] of others.entries()) {
    const part = textOf(other);
    if (!/^\d{1,2}(\.0+)?$/.test(part) || Number(part) > 59) return NaN;
    local += Number(part) * [MINUTE, SECOND][i]!;
  }
  return offset === null ? momentOf(local, offsetAt) : local - offset * 60_000;
}

/** A cell as a moment, with AM or PM of another cell; a clock of 24 hours needs none. */
function readWith(text: string, half: string): ParsedMoment {
  if (half === '') return readMoment(text);
  const together = readMoment(`${text} ${half}`);
  return together.ways !== 0 || together.hasClock ? together : readMoment(text);
}

/** A time of day with the mark that a column of numbers lacks. */
function clockText(column: Column, text: string): string {
  if (isUnmarkedClock(column)) return text.padStart(4, '0').replace(/^(\d{2})(\d{2})$/, '$1:$2');
  return isHour(column) ? text.replace(/^(\d{1,2})(\.0+)?$/, '$1 h') : text;
}

function askDecimal(
  ask: (id: QuestionId, choices: readonly string[], known: string | null) => string | null,
  counts: readonly Column[],
  columns: readonly Column[],
): Decimal | null {
  const common = (of: readonly Column[]) => of.reduce((ways, { decimals }) => ways & decimals, POINT | COMMA);
  const named = (ways: number): Decimal | null =>
    ways === POINT ? 'point' : ways === COMMA ? 'comma' : null;
  const own = named(common(counts));
  if (own) return ask('decimal', ['point', 'comma'], own) as Decimal | null;
  // Nothing in the file would be another number by the other mark.
  if (counts.every(({ doubtful }) => doubtful === 0)) return 'point';
  const beside = columns.filter((column) => isNumeric(column) && column.decimals !== 0);
  return ask('decimal', ['point', 'comma'], named(common(beside))) as Decimal | null;
}

function indexOf({ index }: Column): string {
  return String(index);
}

/** Hours as whole numbers. */
function isHour(column: Column): boolean {
  const { name, isWhole, largest } = column;
  return HOUR_NAME.test(name) && isNumeric(column) && isWhole && largest <= 24;
}

/** Times of day without a mark, as 830 or 1530. */
function isUnmarkedClock(column: Column): boolean {
  const { name, isUnmarkedClock, largest } = column;
  return isClockName(name) && isNumeric(column) && isUnmarkedClock && largest > 24;
}

/** Minutes or seconds beside a column of hours. */
function isPartOfTime(column: Column, pattern: RegExp): boolean {
  return pattern.test(column.name) && isNumeric(column) && column.isWhole && column.largest <= 59;
}

/** A column that by its name holds the time of day, in which none can be read. */
function isUnreadClock(column: Column): boolean {
  const isRead = isClock(column) || isDated(column) || isHour(column) || isUnmarkedClock(column);
  return isClockName(column.name) && !isRead && !isHalves(column) && column.filled > 0;
}

function isClockName(name: string): boolean {
  return CLOCK_NAME.test(name) && !LASTS_NAME.test(name);
}

/** The column that says AM or PM of these times: the only one, or of several the one right behind. */
function halfFor(columns: readonly Column[], of: Column): Column | null {
  const halves = columns.filter(isHalves);
  return (halves.length === 1 ? halves[0] : halves.find(({ index }) => index === of.index + 1)) ?? null;
}

/** A column that numbers the rows. */
function isRowNumber({ isIndex, name, index }: Column, { hasRowNames }: TableLayout): boolean {
  return index === 0 && (hasRowNames || (isIndex && INDEX_NAME.test(name)));
}

/** Whether `stands` can be used. */
function isStanding(stands: string): boolean {
  const [kind, minutes] = stands.split(':');
  if (kind === 'moment' || kind === 'next') return minutes === undefined;
  return ['after', 'before', 'around'].includes(kind!) && Number(minutes) > 0 && Number(minutes) <= 44_640;
}

function spanOf(times: Float64Array) {
  let [from, to, untimed] = [Infinity, -Infinity, 0];
  for (const at of times) {
    if (Number.isNaN(at)) untimed += 1;
    else {
      from = Math.min(from, at);
      to = Math.max(to, at);
    }
  }
  return { from: Number.isFinite(from) ? from : null, to: Number.isFinite(to) ? to : null, untimed };
}

/** How the chosen columns write a missing value most often, or else the file: as R does where it quotes names. */
function missingIn(
  counts: readonly Column[],
  columns: readonly Column[],
  sentinels: readonly string[],
): string {
  for (const of of [counts, columns]) {
    const times = new Map<string, number>();
    for (const { missing } of of) {
      for (const [text, often] of missing) times.set(text, (times.get(text) ?? 0) + often);
    }
    const [most] = [...times].sort(([, a], [, b]) => b - a);
    // A text that a program would not take for a missing value where it stands alone is left out.
    if (most && isMissing(most[0]) && !/^[-=+@]/.test(most[0])) return most[0];
    if (of === counts && sentinels[0] !== undefined) return sentinels[0];
  }
  return '';
}
