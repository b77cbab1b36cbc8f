import { FORMATS, ISO, momentReader } from './moments';
import { cellsOf, DELIMITERS, tableOf, type Table } from './table';

/** How the rows of a table are read: guessed, and changed by a person. */
export interface TableReading {
  /** the column with the time; two are a date and its time of day */
  readonly time: readonly number[];
  /** see `momentReader`; empty as long as more than one format fits and a person must choose */
  readonly format: string;
  /** see `zoneOf` */
  readonly zone: string;
  /** how long a row lasts from its time on; 0 for a moment, such as one picture */
  readonly minutes: number;
  /** columns that are masked */
  readonly counts: readonly number[];
}

/** Text of which the delimiter is guessed. */
const HEAD = 100_000;
/** Rows that each format is tried on, and those that a format must read one of to be tried on all of these. */
const [MOST_ROWS, FIRST_ROWS] = [2000, 20];
const NUMBER = /^[-+]?\d[\d.,\s]*(e[-+]?\d+)?$/i;

export type Guess = { readonly table: Table; readonly reading: TableReading } | 'no-table' | 'no-names';

/** Guesses the delimiter, the column of times and its format: those by which the most rows can be read. */
export function guess(text: string): Guess {
  const head = text.slice(0, HEAD);
  const [best] = DELIMITERS.map((delimiter) => ({
    delimiter,
    fitting: fittingRows(tableOf(head, delimiter)),
  }))
    .filter(({ fitting }) => fitting > 0)
    .sort((a, b) => b.fitting - a.fitting);
  if (!best) return 'no-table';
  const table = tableOf(text, best.delimiter);
  const { names } = table;
  const rows = rowsOf(table);
  const { time, formats } = guessTime(rows);
  const isRead = (format: string) => !Number.isNaN(momentReader(format, 'UTC')(timeCell(names, time)));
  if (formats.some(isRead)) return 'no-names';
  const format = formats.length > 1 ? '' : (formats[0] ?? ISO);
  const counts = names.flatMap((name, i) => {
    const filled = rows.filter((cells) => cells[i] !== '');
    const numbers = filled.filter((cells) => isNumber(cells[i]!));
    const isCount = name !== '' && numbers.length > 0 && 2 * numbers.length >= filled.length;
    return isCount && !time.includes(i) ? [i] : [];
  });
  return { table, reading: { time, format, zone: 'UTC', minutes: 0, counts } };
}

/** Rows with as many cells as names, and of them once more those with a time. */
function fittingRows(table: Table): number {
  if (table.names.length < 2) return 0;
  const rows = rowsOf(table);
  return rows.length + guessTime(rows).readable;
}

export function isNumber(cell: string): boolean {
  return NUMBER.test(cell);
}

export function timeCell(cells: readonly string[], time: readonly number[]): string {
  return time.map((column) => cells[column] ?? '').join(' ');
}

/** Rows with as many cells as there are names, from all of the table. */
function rowsOf({ lines, delimiter, header, names }: Table): (readonly string[])[] {
  const step = Math.ceil(lines.length / MOST_ROWS);
  return lines
    .filter((_, i) => i > header && i % step === 0)
    .map((line) => cellsOf(line, delimiter))
    .filter((cells) => cells.length === names.length);
}

function guessTime(rows: readonly (readonly string[])[]) {
  const readers = FORMATS.map((format) => ({ format, read: momentReader(format, 'UTC') }));
  let best = { time: [0], formats: [] as string[], readable: 0 };
  const columns = (rows[0] ?? []).flatMap((_, i) => [[i], [i, i + 1]]);
  for (const time of columns) {
    for (const { format, read } of readers) {
      const isRead = (cells: readonly string[]) => !Number.isNaN(read(timeCell(cells, time)));
      if (!rows.slice(0, FIRST_ROWS).some(isRead)) continue;
      const readable = rows.filter(isRead).length;
      const isMore = readable > best.readable;
      // A date and the time of day beside it are more than the date alone.
      const isWithClock = readable === best.readable && time.length === 2 && time[0] === best.time[0];
      if (isMore || (isWithClock && best.time.length === 1)) best = { time, formats: [format], readable };
      else if (readable === best.readable && time === best.time) best.formats.push(format);
    }
  }
  return best;
}
