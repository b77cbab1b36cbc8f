import { isMissing, waysOf } from './numbers';
import { readMoment } from './moments';
import { DELIMITERS, Records, type Delimiter, type Text } from './records';

/** How the table of a file is laid out. */
export interface TableLayout {
  readonly delimiter: Delimiter;
  /** where the line with the names of the columns begins; null where there is none */
  readonly header: number | null;
  /** where the rows begin */
  readonly first: number;
  /** cells in a row */
  readonly columns: number;
  /** whether the names are one fewer than the cells, as R writes row names */
  readonly hasRowNames: boolean;
  /** lines before the names, which are no part of the table */
  readonly preamble: number;
  /** lines that may have the names, where the file doesn't say which: a title and the names, or the names and their units */
  readonly nameLines: readonly NameLine[];
}

/** A line that may have the names of the columns. */
export interface NameLine {
  readonly cells: readonly string[];
  /** the layout, if it has them */
  readonly header: number;
  readonly first: number;
  readonly preamble: number;
}

/** How many records tell how a table is laid out. */
const SAMPLE = 400;
/** How many lines may stand before the names of the columns. */
const MOST_PREAMBLE = 80;

interface Sampled {
  readonly begin: number;
  readonly next: number;
  readonly cells: readonly string[];
  readonly isAside: boolean;
}

/**
 * The ways in which a file can be read as a table with a column of moments. More than one means that the file itself
 * doesn't say.
 *
 * @param only - the delimiter that a person has chosen
 */
export function layoutsOf(text: Text, only?: Delimiter): readonly TableLayout[] {
  const stated = only ?? statedDelimiter(text);
  const found = (stated ? [stated] : DELIMITERS).flatMap((delimiter) => layoutBy(text, delimiter));
  // A mark that leaves some rows with fewer cells is none where another leaves none so.
  const even = found.filter(({ isEven }) => isEven);
  return (even.length > 0 ? even : found).map(({ layout }) => layout);
}

/** A first line `sep=;`, by which a spreadsheet is told. */
function statedDelimiter({ units, begin }: Text): Delimiter | null {
  const head = String.fromCharCode(...units.subarray(begin, begin + 7));
  const stated = /^"?sep=([,;\t|])/i.exec(head)?.[1];
  return DELIMITERS.find((delimiter) => delimiter === stated) ?? null;
}

function layoutBy(text: Text, delimiter: Delimiter): { layout: TableLayout; isEven: boolean }[] {
  const all = sampleOf(text, delimiter);
  const sample = all.filter(({ isAside }) => !isAside);
  const columns = usual(sample.map(({ cells }) => cells.length));
  if (columns < 2) return [];
  const top = sample.findIndex(({ cells }) => cells.length === columns);
  if (top > MOST_PREAMBLE) return [];
  const hasNames = !isData(sample[top]!.cells);
  // R leaves the name of the row names out.
  const above = hasNames ? undefined : sample[top - 1];
  const hasRowNames = above !== undefined && above.cells.length === columns - 1 && !isData(above.cells);
  const marked = hasNames || hasRowNames ? null : markedNames(text, all, sample[top]!, delimiter, columns);
  const candidates = hasNames ? nameCandidates(sample, top) : [];
  const named = candidates[0] ?? top;
  const firstRow = hasNames ? sample[named + 1] : sample[top];
  if (!firstRow) return [];
  const header = hasNames ? sample[named]!.begin : hasRowNames ? above.begin : marked;
  const before = (place: number) => all.filter(({ begin }) => begin < place).length;
  const rows = sample.filter(({ begin }) => begin >= firstRow.begin);
  const even = rows.filter(({ cells }) => cells.length === columns).length / rows.length;
  const hasMoments = Array.from({ length: columns }, (_, i) => i).some((i) => hasMomentsIn(rows, i));
  if (even < 0.8 || !hasMoments) return [];
  const preamble = before(header ?? firstRow.begin);
  const nameLines = candidates.flatMap((at): NameLine[] => {
    const [{ cells, begin }, next] = [sample[at]!, sample[at + 1]];
    return next ? [{ cells, header: begin, first: next.begin, preamble: before(begin) }] : [];
  });
  const layout = { delimiter, header, first: firstRow.begin, columns, hasRowNames, preamble, nameLines };
  return [{ layout, isEven: even === 1 }];
}

/**
 * Which of the lines above the first row may have the names: those with the most cells that have something in them, since a
 * spreadsheet writes a title with empty cells behind it.
 */
function nameCandidates(sample: readonly Sampled[], top: number): number[] {
  const columns = sample[top]!.cells.length;
  const isAbove = ({ cells }: Sampled) => cells.length === columns && !isData(cells);
  const below = sample.findIndex((line, i) => i >= top && !isAbove(line));
  const lines = Array.from({ length: (below < 0 ? sample.length : below) - top }, (_, i) => top + i);
  const filled = (at: number) => sample[at]!.cells.filter((cell) => cell !== '').length;
  const most = Math.max(...lines.map(filled));
  return lines.filter((at) => filled(at) === most);
}

/** The layout where this line has the names. */
export function namedBy(layout: TableLayout, { header, first, preamble }: NameLine): TableLayout {
  return { ...layout, header, first, preamble };
}

function sampleOf(text: Text, delimiter: Delimiter): Sampled[] {
  const records = new Records(text, delimiter, text.begin);
  const sample: Sampled[] = [];
  while (sample.length < SAMPLE && records.read()) {
    const { begin, next, isAside, count } = records;
    sample.push({ begin, next, isAside, cells: Array.from({ length: count }, (_, i) => records.text(i)) });
  }
  return sample;
}

/** Names behind a #, right before the rows. @returns where they begin, or null */
function markedNames(
  text: Text,
  all: readonly Sampled[],
  firstRow: Sampled,
  delimiter: Delimiter,
  columns: number,
): number | null {
  const line = all[all.indexOf(firstRow) - 1];
  if (!line?.isAside || text.units[line.begin] !== 35) return null;
  const records = new Records(text, delimiter, line.begin + 1);
  records.read();
  return records.next === line.next && records.count === columns ? line.begin : null;
}

/** The number that comes most often; of two, the larger. */
function usual(counts: readonly number[]): number {
  const times = new Map<number, number>();
  for (const count of counts) times.set(count, (times.get(count) ?? 0) + 1);
  let best = 0;
  for (const [count, often] of times) {
    const most = times.get(best) ?? 0;
    if (often > most || (often === most && count > best)) best = count;
  }
  return best;
}

/** Whether cells are those of a row, and no names: one has a day, or all have numbers. */
function isData(cells: readonly string[]): boolean {
  const told = cells.filter((cell) => !isMissing(cell));
  const isDay = (cell: string) => /\D/.test(cell) && readMoment(cell).hasDate;
  return told.some(isDay) || (told.length > 0 && told.every((cell) => waysOf(cell) !== 0));
}

function hasMomentsIn(rows: readonly Sampled[], column: number): boolean {
  const told = rows.map(({ cells }) => cells[column] ?? '').filter((cell) => !isMissing(cell));
  return told.length > 0 && told.filter((cell) => readMoment(cell).hasDate).length >= 0.5 * told.length;
}

/** The names of the columns, one for each cell of a row; an empty one where there is none. */
export function namesOf(text: Text, layout: TableLayout): readonly string[] {
  const places = headerPlaces(text, layout);
  if (!places) return Array.from({ length: layout.columns }, () => '');
  const names = places.map(([begin, end]) => {
    const records = new Records({ ...text, units: text.units.subarray(0, end) }, layout.delimiter, begin);
    records.read();
    return records.count > 0 ? records.text(0) : '';
  });
  return layout.hasRowNames ? ['', ...names] : names;
}

/** Where each name begins and ends, quotes among it. */
export function headerPlaces(text: Text, layout: TableLayout): readonly (readonly [number, number])[] | null {
  if (layout.header === null) return null;
  const isMarked = text.units[layout.header] === 35;
  const records = new Records(text, layout.delimiter, layout.header + (isMarked ? 1 : 0));
  records.read();
  return Array.from(
    { length: records.count },
    (_, i) => [records.places[2 * i]!, records.places[2 * i + 1]!] as const,
  );
}
