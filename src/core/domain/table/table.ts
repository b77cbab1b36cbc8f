export interface Table {
  readonly delimiter: string;
  /** with their line breaks; a break within quotes does not end a line (RFC 4180) */
  readonly lines: readonly string[];
  /** index of the line with the names of the columns */
  readonly header: number;
  readonly names: readonly string[];
}

export const DELIMITERS = [',', ';', '\t', '|'] as const;
/** Lines that show how many columns there are. */
const SAMPLE = 500;

/** Splits a text into lines. The header is the first line with as many cells as most lines, and at most one of them empty. */
export function tableOf(text: string, delimiter: string): Table {
  const lines = linesOf(text, delimiter);
  const sample = lines.slice(0, SAMPLE).map((line) => cellsOf(line, delimiter));
  const columns = mostFrequent(sample.filter((cells) => cells.length > 0).map((cells) => cells.length));
  const header = sample.findIndex(
    (cells) => cells.length === columns && cells.filter((cell) => cell !== '').length >= columns - 1,
  );
  return { delimiter, lines, header, names: sample[header] ?? [] };
}

/** The cells of a line, without quotes and the blanks around them; none for an empty line, a comment and `sep=;`. */
export function cellsOf(line: string, delimiter: string): readonly string[] {
  if (/^(#|sep=)/i.test(line)) return [];
  const cells: string[] = [];
  let end = -1;
  do {
    const begin = end + 1;
    end = cellEnd(line, begin, delimiter);
    const cell = line.slice(begin, end).trim();
    const isQuoted = cell.length > 1 && cell.startsWith('"') && cell.endsWith('"');
    cells.push(isQuoted ? cell.slice(1, -1).replaceAll('""', '"').trim() : cell);
  } while (line[end] === delimiter);
  return cells.some((cell) => cell !== '') ? cells : [];
}

/** A line without its line break, and the break. */
export function splitBreak(line: string): readonly [text: string, lineBreak: string] {
  const lineBreak = /(\r\n|\r|\n)?$/.exec(line)![0];
  return [line.slice(0, line.length - lineBreak.length), lineBreak];
}

function linesOf(text: string, delimiter: string): string[] {
  const lines: string[] = [];
  let [begin, at] = [0, 0];
  while (begin < text.length) {
    const end = cellEnd(text, at, delimiter);
    at = end + (text.startsWith('\r\n', end) ? 2 : 1);
    if (text[end] === delimiter) continue;
    lines.push(text.slice(begin, at));
    begin = at;
  }
  return lines;
}

/** Index of the delimiter, the line break or the end of the text behind a cell, which may be in quotes. */
function cellEnd(text: string, begin: number, delimiter: string): number {
  let at = begin;
  if (text[at] === '"') {
    do {
      at = text.indexOf('"', at + 1) + 1;
      if (at === 0) return text.length;
    } while (text[at] === '"');
  }
  while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') at += 1;
  return at;
}

/** The number that occurs most often; of two, the larger. */
function mostFrequent(numbers: readonly number[]): number {
  const times = new Map<number, number>();
  for (const number of numbers) times.set(number, (times.get(number) ?? 0) + 1);
  return [...times].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0;
}
