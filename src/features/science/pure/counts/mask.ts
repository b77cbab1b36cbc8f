import type { QartodFlag } from '../../../../core/domain/camera/qartod';
import {
  spanAt,
  USABILITIES,
  type Span,
  type SpanReason,
  type Usability,
} from '../../../../core/domain/usable/span';
import { headerPlaces } from './table-layout';
import { isMissing, numberBy } from './numbers';
import { Records, withinQuotes, type Text, type Units } from './records';
import type { Meaning } from './understand';

/** What is said of a row: of its time, or why there is none to speak of. */
type RowReason = SpanReason | 'not-known' | 'no-time';

/** What a person sets aside. */
export interface Choice {
  readonly setAside: ReadonlySet<Usability>;
  /** share of a row's time that must not be set aside for the row to be used, 0 … 1 */
  readonly needed: number;
}

/** What was set aside, and what it was counted by. */
export interface Totals {
  readonly rows: number;
  readonly rowsAside: number;
  /** sums of the chosen columns */
  readonly counts: number;
  readonly countsAside: number;
  /** milliseconds that rows stand for, each counted once; 0 where they stand for moments */
  readonly time: number;
  readonly timeAside: number;
  /** of what was set aside, by why */
  readonly by: Readonly<
    Partial<Record<Usability, { readonly rows: number; readonly time: number; readonly counts: number }>>
  >;
  /** rows beside all that is known of the camera, and rows whose time can't be told */
  readonly notKnown: number;
  readonly untimed: number;
  /** rows before a gap, which stand for the usual step in place of the gap */
  readonly cut: number;
  /** cells of the chosen columns that hold no number */
  readonly notNumbers: number;
  /** how long a row stands that lasts until the next one, usually; null otherwise */
  readonly step: number | null;
}

/** Counts in one stretch of time. */
export interface Bin {
  readonly begin: number;
  readonly end: number;
  readonly before: number;
  readonly after: number;
}

/** What is made of a file. */
export interface Masked {
  readonly totals: Totals;
  readonly bins: readonly Bin[];
  /** the file as it was, with its columns added, in pieces */
  readonly pieces: readonly Units[];
  /** names of the columns that were added */
  readonly added: readonly string[];
  /** what stands where a count is set aside */
  readonly missing: string;
}

/**
 * QARTOD's primary flags of a count, by what could be seen: as `flagOf` has them for a snapshot, where the dark and another
 * view are not evaluated. Murky water is no fault of the lens, and so none of a snapshot's flag; a count in it is suspect.
 */
const FLAGS: Readonly<Record<Usability, QartodFlag>> = {
  usable: 1,
  suspect: 3,
  fouled: 4,
  murky: 3,
  moved: 2,
  dark: 2,
  silent: 9,
  unknown: 2,
};
const MINUTE = 60_000;
/** A row before a gap of more than so many usual steps stands for one of them. */
const GAP = 3;
const MOST_BINS = 120;
const STEPS = [60, 180, 360, 720, 1440, 7 * 1440, 28 * 1440].map((minutes) => minutes * MINUTE);
/** Where a spreadsheet could begin a formula. */
const FORMULA = /^[\s"']*[=+\-@]/;

/** What is said of each row, as places in the tables of usabilities and reasons. */
interface Verdicts {
  readonly usability: Uint8Array;
  readonly reasons: readonly RowReason[];
  readonly reason: Uint8Array;
  readonly isAside: Uint8Array;
  /** share of the row's time that was not set aside, in percent */
  readonly percent: Uint8Array;
  readonly begins: Float64Array;
  readonly ends: Float64Array;
  readonly cut: number;
  readonly step: number | null;
}

/** Whether any row lies in what is known of the camera. */
export function doOverlap(times: Float64Array, spans: readonly Span[]): boolean {
  return times.some((at) => spanAt(spans, at) !== null);
}

/** The file with what is said of each row behind its own cells, and the counts of rows that are set aside left out. */
export function mask(text: Text, meaning: Meaning, spans: readonly Span[], choice: Choice): Masked {
  const verdicts = verdictsOf(meaning, spans, choice);
  const writer = new Writer(text.units);
  const added = writeNames(text, meaning, writer);
  const { layout, counts, decimal, sentinels } = meaning;
  const records = new Records(text, layout.delimiter, layout.first);
  const [from, to] = spanOfRows(verdicts);
  const step =
    STEPS.find((step) => (to - from) / step <= MOST_BINS) ??
    Math.ceil((to - from) / MOST_BINS / STEPS[4]!) * STEPS[4]!;
  const first = Math.floor(from / step) * step;
  const bins = Number.isFinite(first)
    ? Array.from({ length: Math.floor((to - first) / step) + 1 }, (_, i) => ({
        begin: first + i * step,
        end: first + (i + 1) * step,
        before: 0,
        after: 0,
      }))
    : [];
  const by = new Map<Usability, { rows: number; time: number; counts: number }>();
  let [row, rowsAside, sum, sumAside, notNumbers] = [0, 0, 0, 0, 0];
  while (records.read()) {
    if (records.isAside) continue;
    const isAside = verdicts.isAside[row] === 1;
    const usability = USABILITIES[verdicts.usability[row]!]!;
    const cells = [String(flagOf(verdicts, row)), usability, verdicts.reasons[verdicts.reason[row]!]!];
    if (meaning.stands !== 'moment') cells.push(String(verdicts.percent[row]!));
    writer.copyTo(records.end);
    for (let i = records.count; i < layout.columns; i++) writer.add(layout.delimiter);
    writer.add(layout.delimiter + cells.join(layout.delimiter));
    let ofRow = 0;
    for (const column of counts) {
      writer.add(layout.delimiter);
      const digits = column < records.count ? records.digits(column) : -1;
      const cell = digits >= 0 || column >= records.count ? '' : records.text(column);
      const isGone = digits < 0 && (isMissing(cell) || sentinels.has(cell));
      const value = digits >= 0 ? digits : isGone ? NaN : numberBy(cell, decimal);
      if (!isGone && Number.isNaN(value)) notNumbers += 1;
      if (!Number.isNaN(value)) ofRow += value;
      // A cell that is no number may be a formula; its own column keeps it.
      if (isAside || column >= records.count || (Number.isNaN(value) && FORMULA.test(cell)))
        writer.add(meaning.missing);
      else writer.copy(records.places[2 * column]!, records.places[2 * column + 1]!);
    }
    sum += ofRow;
    if (isAside) {
      rowsAside += 1;
      sumAside += ofRow;
      const part = by.get(usability) ?? { rows: 0, time: 0, counts: 0 };
      part.rows += 1;
      part.counts += ofRow;
      by.set(usability, part);
    }
    const bin = bins[Math.floor((verdicts.begins[row]! - first) / step)];
    if (bin) {
      bin.before += ofRow;
      if (!isAside) bin.after += ofRow;
    }
    row += 1;
  }
  writer.copyTo(text.units.length);
  const isTimed = meaning.stands !== 'moment';
  for (const [usability, part] of by) {
    const place = USABILITIES.indexOf(usability);
    if (isTimed)
      part.time = unionOf(verdicts, (i) => verdicts.isAside[i] === 1 && verdicts.usability[i] === place);
  }
  const untimed = meaning.times.reduce((count, at) => count + (Number.isNaN(at) ? 1 : 0), 0);
  const notKnownPlace = verdicts.reasons.indexOf('not-known');
  const totals: Totals = {
    ...{ rows: row, rowsAside, counts: sum, countsAside: sumAside, untimed, notNumbers },
    ...{ cut: verdicts.cut, step: verdicts.step, by: Object.fromEntries(by) },
    time: isTimed ? unionOf(verdicts, () => true) : 0,
    timeAside: isTimed ? unionOf(verdicts, (i) => verdicts.isAside[i] === 1) : 0,
    notKnown: verdicts.reason.reduce((count, place) => count + (place === notKnownPlace ? 1 : 0), 0),
  };
  return { totals, bins, pieces: writer.end(), added, missing: meaning.missing };
}

function flagOf({ usability, reason, reasons }: Verdicts, row: number): QartodFlag {
  return reasons[reason[row]!] === 'no-time' ? 9 : FLAGS[USABILITIES[usability[row]!]!];
}

function verdictsOf(
  { times, stands }: Meaning,
  spans: readonly Span[],
  { setAside, needed }: Choice,
): Verdicts {
  const rows = times.length;
  const { begins, ends, cut, step } = intervalsOf(times, stands);
  const reasons: RowReason[] = ['not-known', 'no-time'];
  const places = new Map<RowReason, number>(reasons.map((reason, place) => [reason, place]));
  const placeOf = (reason: RowReason) => {
    const known = places.get(reason);
    if (known !== undefined) return known;
    reasons.push(reason);
    places.set(reason, reasons.length - 1);
    return reasons.length - 1;
  };
  const verdicts = {
    usability: new Uint8Array(rows),
    reason: new Uint8Array(rows),
    isAside: new Uint8Array(rows),
    percent: new Uint8Array(rows),
  };
  const isUnknownAside = setAside.has('unknown');
  for (let row = 0; row < rows; row++) {
    const told = Number.isNaN(times[row]!)
      ? {
          usability: 'unknown' as const,
          reason: 'no-time' as const,
          isAside: isUnknownAside,
          kept: isUnknownAside ? 0 : 1,
        }
      : ofTime(begins[row]!, ends[row]!, spans, setAside, needed);
    verdicts.usability[row] = USABILITIES.indexOf(told.usability);
    verdicts.reason[row] = placeOf(told.reason);
    verdicts.isAside[row] = told.isAside ? 1 : 0;
    verdicts.percent[row] = Math.round(100 * told.kept);
  }
  return { ...verdicts, reasons, begins, ends, cut, step };
}

/** What is said of a stretch of time, or of a moment where it has no length. */
function ofTime(
  begin: number,
  end: number,
  spans: readonly Span[],
  setAside: ReadonlySet<Usability>,
  needed: number,
) {
  if (end <= begin) {
    const { usability, reason } = spanAt(spans, begin) ?? {
      usability: 'unknown' as const,
      reason: 'not-known' as const,
    };
    const isAside = setAside.has(usability);
    return { usability, reason, isAside, kept: isAside ? 0 : 1 };
  }
  const parts = new Map<Usability, { time: number; longest: number; reason: RowReason }>();
  const note = (usability: Usability, reason: RowReason, time: number) => {
    const part = parts.get(usability) ?? { time: 0, longest: 0, reason };
    part.time += time;
    if (time > part.longest) {
      part.longest = time;
      part.reason = reason;
    }
    parts.set(usability, part);
  };
  let known = 0;
  for (let i = firstAfter(spans, begin); i < spans.length && spans[i]!.begin < end; i++) {
    const span = spans[i]!;
    const time = Math.min(end, span.end) - Math.max(begin, span.begin);
    if (time <= 0) continue;
    known += time;
    note(span.usability, span.reason, time);
  }
  const length = end - begin;
  if (length - known > 0) note('unknown', 'not-known', length - known);
  let aside = 0;
  for (const [usability, { time }] of parts) if (setAside.has(usability)) aside += time;
  const kept = 1 - aside / length;
  const isAside = aside > 0 && kept < needed;
  // The word is that of the longest part among those that the row was, or was not, set aside for.
  let best: { usability: Usability; reason: RowReason; time: number } | null = null;
  for (const [usability, { time, reason }] of parts) {
    if (setAside.has(usability) === isAside && time > (best?.time ?? 0)) best = { usability, reason, time };
  }
  // Kept, though all of it is of what is set aside: only where nothing is needed of it.
  best ??= [...parts].map(([usability, { time, reason }]) => ({ usability, reason, time }))[0]!;
  return { usability: best.usability, reason: best.reason, isAside, kept };
}

/** The first span that ends after a moment. */
function firstAfter(spans: readonly Span[], at: number): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.end <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The time that each row stands for. */
function intervalsOf(times: Float64Array, stands: string) {
  const [kind, written] = stands.split(':');
  const length = Number(written ?? 0) * MINUTE;
  const ahead = kind === 'before' ? length : kind === 'around' ? length / 2 : 0;
  const begins = times.map((at) => at - ahead);
  if (kind !== 'next') return { begins, ends: begins.map((at) => at + length), cut: 0, step: null };
  const distinct = [...new Set(times)].filter((at) => !Number.isNaN(at)).sort((a, b) => a - b);
  const steps = distinct.slice(1).map((at, i) => at - distinct[i]!);
  const sorted = [...steps].sort((a, b) => a - b);
  const step = sorted[sorted.length >> 1] ?? 0;
  const ends = new Map<number, number>();
  const cutAt = new Set<number>();
  distinct.forEach((at, i) => {
    const toNext = steps[i];
    const isCut = toNext !== undefined && toNext > GAP * step;
    if (isCut) cutAt.add(at);
    ends.set(at, at + (toNext === undefined || isCut ? step : toNext));
  });
  return {
    begins,
    ends: times.map((at) => ends.get(at) ?? NaN),
    cut: times.reduce((count, at) => count + (cutAt.has(at) ? 1 : 0), 0),
    step,
  };
}

/** How long the time of these rows is, what several of them share counted once. */
function unionOf({ begins, ends }: Verdicts, isOf: (row: number) => boolean): number {
  const rows: number[] = [];
  for (let row = 0; row < begins.length; row++) if (ends[row]! > begins[row]! && isOf(row)) rows.push(row);
  rows.sort((a, b) => begins[a]! - begins[b]!);
  let [total, end] = [0, -Infinity];
  for (const row of rows) {
    total += Math.max(0, ends[row]! - Math.max(end, begins[row]!));
    end = Math.max(end, ends[row]!);
  }
  return total;
}

function spanOfRows({ begins }: Verdicts): readonly [number, number] {
  let [from, to] = [Infinity, -Infinity];
  for (const at of begins) {
    if (at < from) from = at;
    if (at > to) to = at;
  }
  return [from, to];
}

/** Adds the names of the new columns behind the file's own, quoted where they are. @returns the names, as far as ASCII */
function writeNames(text: Text, { layout, counts, stands }: Meaning, writer: Writer): readonly string[] {
  const places = headerPlaces(text, layout);
  const fixed = [
    'qartod_flag',
    'porthole_usability',
    'reason',
    ...(stands === 'moment' ? [] : ['usable_percent']),
  ];
  if (!places) return [...fixed, ...counts.map((column) => `column_${String(column + 1)}_masked`)];
  const { units } = text;
  const textOf = (begin: number, end: number) => text.decode(units.subarray(begin, end));
  const taken = new Set(places.map(([begin, end]) => textOf(...withinQuotes(units, begin, end))));
  const unused = (name: string) => {
    let free = name;
    for (let n = 2; taken.has(free); n++) free = `${name}_${String(n)}`;
    taken.add(free);
    return free;
  };
  const isQuoted = places.every(([begin]) => units[begin] === 34);
  const quoted = (name: string) => (isQuoted ? `"${name}"` : name);
  const names: string[] = [];
  writer.copyTo(places.at(-1)![1]);
  for (const name of fixed) {
    const free = unused(name);
    names.push(free);
    writer.add(layout.delimiter + quoted(free));
  }
  for (const column of counts) {
    const place = places[column - (layout.hasRowNames ? 1 : 0)];
    const [begin, end] = place ? withinQuotes(units, ...place) : [0, 0];
    const own = textOf(begin, end);
    const free = unused(`${own}_masked`);
    names.push(free);
    writer.add(layout.delimiter);
    // A name of ours must not begin a formula, whatever theirs does.
    if (own === '' || FORMULA.test(own) || free !== `${own}_masked`) {
      const plain = unused(`column_${String(column + 1)}_masked`);
      names[names.length - 1] = plain;
      writer.add(quoted(plain));
      continue;
    }
    const hasQuotes = units[place![0]] === 34;
    if (hasQuotes) writer.add('"');
    writer.copy(begin, end);
    writer.add(hasQuotes ? '_masked"' : '_masked');
  }
  return names;
}

/** Units per piece. */
const PIECE = 1 << 22;

/** The file's own units in order, and what is added between them. */
class Writer {
  readonly #source: Units;
  readonly #pieces: Units[] = [];
  #piece: Units;
  #used = 0;
  #copied = 0;

  constructor(source: Units) {
    this.#source = source;
    this.#piece = this.#newPiece(PIECE);
  }

  /** Goes on with the file's own up to a place. */
  copyTo(end: number): void {
    this.copy(this.#copied, end);
    this.#copied = end;
  }

  /** Repeats something of the file. */
  copy(begin: number, end: number): void {
    this.#makeRoom(end - begin);
    this.#piece.set(this.#source.subarray(begin, end), this.#used);
    this.#used += end - begin;
  }

  /** @param text - of ASCII */
  add(text: string): void {
    this.#makeRoom(text.length);
    for (let i = 0; i < text.length; i++) this.#piece[this.#used + i] = text.charCodeAt(i);
    this.#used += text.length;
  }

  end(): readonly Units[] {
    this.#pieces.push(this.#piece.subarray(0, this.#used));
    return this.#pieces;
  }

  #newPiece(length: number): Units {
    return this.#source instanceof Uint8Array ? new Uint8Array(length) : new Uint16Array(length);
  }

  #makeRoom(length: number): void {
    if (this.#used + length <= this.#piece.length) return;
    this.#pieces.push(this.#piece.subarray(0, this.#used));
    this.#piece = this.#newPiece(Math.max(PIECE, length));
    this.#used = 0;
  }
}
