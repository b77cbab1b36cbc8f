import { csvFormatRow } from 'd3-dsv';

type Cell = string | number | null;

/**
 * Columns of a table, in order: the only list of them. Names are a promise to other programs; null is an empty cell.
 * `Of` is what all rows of a table have in common.
 */
type Columns<Item, Of> = Readonly<Record<string, (item: Item, of: Of) => Cell>>;

export type TableRow<C> = {
  readonly [Name in keyof C]: C[Name] extends (...from: never[]) => infer Value ? Value : never;
};

/** A row as an object, as JSON and programs take it. */
export function tableRow<Item, Of, C extends Columns<Item, Of>>(columns: C, item: Item, of: Of): TableRow<C> {
  const cells = Object.entries(columns).map(([name, cell]) => [name, cell(item, of)]);
  return Object.fromEntries(cells) as TableRow<C>;
}

/**
 * Rows as CSV (RFC 4180: CRLF after each line) with the names of the columns, numbers in full precision, in the order
 * given. A text that a spreadsheet would run as a formula gets an apostrophe, see {@link withoutFormula}; numbers never do.
 */
export function tableCsv<Item, Of>(columns: Columns<Item, Of>, items: readonly Item[], of: Of): string {
  const cells = Object.values(columns);
  const rows = items.map((item) => cells.map((cell) => csvCell(cell(item, of))));
  return csvLines([Object.keys(columns), ...rows]);
}

function csvCell(value: Cell): string {
  return typeof value === 'number' ? String(value) : withoutFormula(value ?? '');
}

/** Rows as CSV (RFC 4180: CRLF after each line). */
export function csvLines(rows: readonly string[][]): string {
  return rows.map((row) => `${csvFormatRow(row)}\r\n`).join('');
}

/**
 * Places where a formula could begin: first in the cell, or first behind a character that a spreadsheet may split it
 * at, after any blanks, quotes and unseen characters that it drops. The wide and small forms count in East Asian
 * editions of Excel.
 */
const FORMULA = /(?=[=+\-@＝＋－＠﹦﹢﹣﹫])(?<=(?:^|[;\t\r\n])[\p{Z}\p{C}"]*)/gu;
const CONTROL_FIRST = /^[\t\r\n]/;

/**
 * A text as a cell of a CSV file: where a spreadsheet would begin a formula stands an apostrophe. Quotes don't help:
 * one that splits at semicolons, as in much of Europe, doesn't see them in the middle of a line.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function withoutFormula(text: string): string {
  const safe = text.replace(FORMULA, "'");
  return CONTROL_FIRST.test(safe) ? `'${safe}` : safe;
}
