import {
  profileTable,
  isClock,
  isDated,
  isEmpty,
  isNumeric,
  isNumericTime,
  type Column,
  type TableProfile,
} from './table-profile';
import { layoutsOf, type TableLayout } from './table-layout';
import { readMoment, WAY_NAMES, WAYS, type Way } from './moments';
import { COMMA, isMissing, POINT, type Decimal } from './numbers';
import { lineNumber, DELIMITERS, Records, type Delimiter, type Text } from './records';
import { momentOf, zoneOf } from './zones';

/** What can be asked of a file with counts. */
export type QuestionId =
  'delimiter' | 'time' | 'clock' | 'way' | 'zone' | 'counts' | 'decimal' | 'sentinel' | 'stands';

/**
 * What a person has answered. Columns are their index, several are joined by commas; `zone` is as `zoneOf` takes it;
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
/** Not `UTC+2`, which is another zone. */
const IN_UTC = /(^|[^a-z])(utc|gmt|zulu)(?![a-z]|\s*[-+−±]?\s*\d|.*offset)/i;
const INDEX_NAME = /^(unnamed: ?\d+|index|idx|id|row|rownames|n|no|num|nr|x|#)?$/i;
const HOUR = 3_600_000;

/** A file with counts, and what is known of it: read once for each delimiter, asked as often as a person answers. */
export class CountsFile {
  readonly text: Text;
  readonly #evidence = new Map<Delimiter, TableProfile>();
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
    const none = { layout: null, names: [], rows: 0, asides: 0, shortRows: 0, preview: [], examples: [] };
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
    const [layout] = layouts;
    if (!layout) return told({ problem: { code: 'no-table', line: null } });
    if (layouts.length > 1) return told({});

    const evidence = this.#evidenceBy(layout);
    const { columns, rows, asides, short, preview } = evidence;
    const facts = { layout, names: columns.map(({ name }) => name), rows, asides, shortRows: short, preview };
    const failed = (code: Problem['code'], place = -1) =>
      told({ ...facts, problem: { code, line: place < 0 ? null : lineNumber(this.text.units, place) } });
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
    const clock = this.#askClock(ask, columns, time);
    if (clock === undefined) return told(facts);
    const ways = WAY_NAMES.filter((way) => time.ways & WAYS[way]);
    const examples = this.#examplesOf(layout, time.index, ways);
    const way = ask('way', ways, ways.length === 1 ? ways[0]! : null) as Way | null;
    const doubt = { ...facts, shortYears: time.shortYears, examples, sentinels: [] as string[] };
    const isInUtc = IN_UTC.test(time.name) || (clock !== null && IN_UTC.test(clock.name));
    const isZoned = time.zoneless === 0;
    const zone = isZoned ? 'UTC' : ask('zone', [], isInUtc ? 'UTC' : null, 'name');

    // What.
    const isBeside = (column: Column) => column !== time && column !== clock && !isRowNumber(column, layout);
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
    if (way && zone) times = this.#timesOf(layout, time.index, clock?.index ?? null, way, zone);
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
    let evidence = this.#evidence.get(layout.delimiter);
    if (!evidence) {
      evidence = profileTable(this.text, layout);
      this.#evidence.set(layout.delimiter, evidence);
    }
    return evidence;
  }

  /** The column with the time of day; null for none, undefined as long as it is open. */
  #askClock(
    ask: (id: QuestionId, choices: readonly string[], known: string | null) => string | null,
    columns: readonly Column[],
    time: Column,
  ): Column | null | undefined {
    if (time.timed > 0) return null;
    const clocks = columns.filter((column) => column !== time && isClock(column));
    const hours = columns.filter(
      (column) => column !== time && HOUR_NAME.test(column.name) && isNumeric(column) && column.isWhole,
    );
    if (clocks.length + hours.length === 0) return null;
    const sure = clocks.length === 1 && hours.length === 0 ? String(clocks[0]!.index) : null;
    const chosen = ask('clock', [...[...clocks, ...hours].map(indexOf), 'none'], sure);
    return chosen === null ? undefined : chosen === 'none' ? null : columns[Number(chosen)];
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

  #timesOf(layout: TableLayout, time: number, clock: number | null, way: Way, zone: string): Float64Array {
    const key = [layout.delimiter, time, clock, way, zone].join('|');
    if (this.#times?.key === key) return this.#times.times;
    const offsetAt = zoneOf(zone);
    const { rows } = this.#evidenceBy(layout);
    const times = new Float64Array(rows);
    const records = new Records(this.text, layout.delimiter, layout.first);
    let row = 0;
    while (records.read()) {
      if (records.isAside) continue;
      times[row] = timeIn(records, time, clock, way, offsetAt);
      row += 1;
    }
    this.#times = { key, times };
    return times;
  }
}

function timeIn(
  records: Records,
  time: number,
  clock: number | null,
  way: Way,
  offsetAt: (at: number) => number,
): number {
  const reading = time < records.count ? readMoment(records.text(time)) : null;
  if (!reading?.hasDate) return NaN;
  let local = reading.at(way);
  let { offset } = reading;
  if (clock !== null) {
    const text = clock < records.count ? records.text(clock) : '';
    const beside = readMoment(text);
    if (beside.hasClock && !beside.hasDate) {
      local += beside.at(way);
      offset ??= beside.offset;
    } else if (/^\d{1,2}(\.0+)?$/.test(text) && Number(text) <= 24) local += Number(text) * HOUR;
    else return NaN;
  }
  return offset === null ? momentOf(local, offsetAt) : local - offset * 60_000;
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
