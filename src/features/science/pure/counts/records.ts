/** The code units of a text file: bytes of an encoding in which ASCII stands for itself, or UTF-16. */
export type Units = Uint8Array | Uint16Array;

/** What can stand between two cells. */
export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

const QUOTE = 34;
const LF = 10;
const CR = 13;
const HASH = 35;
const SPACE = 32;
const TAB = 9;
const ZERO = 48;

/** The text of code units that are not all ASCII. */
export type Decode = (units: Units) => string;

/** A file as it was read. */
export interface Text {
  readonly units: Units;
  readonly decode: Decode;
  /** where the text begins, behind a byte order mark */
  readonly begin: number;
}

/**
 * Reads a delimited text record after record (RFC 4180: a cell in quotes may hold delimiters, line breaks and doubled
 * quotes), and says where each cell stands: what is added later can so leave everything else byte for byte. No library
 * gives places; tests hold its cells to those of d3-dsv.
 */
export class Records {
  readonly #units: Units;
  readonly #decode: Decode;
  readonly #delimiter: number;
  /** where each cell of the record begins and ends, its quotes among it; two numbers a cell */
  readonly places: number[] = [];
  /** how many cells the record has */
  count = 0;
  /** where the record begins and ends, its line break left out, and where the next one begins */
  begin = 0;
  end = 0;
  next: number;
  /** an empty line, or one that begins with #: no row of the table */
  isAside = false;
  /** whether a cell's quotes end before the cell, or not at all */
  isBroken = false;

  /** @param begin - of the first record */
  constructor({ units, decode }: Text, delimiter: Delimiter, begin: number) {
    this.#units = units;
    this.#decode = decode;
    this.#delimiter = delimiter.charCodeAt(0);
    this.next = begin;
  }

  /** Reads the next record. @returns false at the end of the text */
  read(): boolean {
    const units = this.#units;
    const length = units.length;
    let at = this.next;
    if (at >= length) return false;
    this.begin = at;
    this.count = 0;
    this.isBroken = false;
    this.isAside = units[at] === HASH;
    if (this.isAside) {
      while (at < length && units[at] !== LF && units[at] !== CR) at += 1;
      this.#endAt(at);
      return true;
    }
    for (;;) {
      const begin = at;
      if (units[at] === QUOTE) at = this.#afterQuotes(at);
      while (at < length && units[at] !== this.#delimiter && units[at] !== LF && units[at] !== CR) {
        // Blanks behind the quotes are some programs' alignment.
        if (units[begin] === QUOTE && units[at] !== SPACE) this.isBroken = true;
        at += 1;
      }
      this.places[2 * this.count] = begin;
      this.places[2 * this.count + 1] = at;
      this.count += 1;
      if (at < length && units[at] === this.#delimiter) {
        at += 1;
        continue;
      }
      this.#endAt(at);
      this.isAside = this.count === 1 && this.#isBlank(this.begin, this.end);
      return true;
    }
  }

  /** The text of a cell of the record, without its quotes and the blanks around it. */
  text(cell: number): string {
    return textBetween(this.#units, this.places[2 * cell]!, this.places[2 * cell + 1]!, this.#decode);
  }

  /** The number of a cell that has nothing but a few digits, as most counts; -1 for any other. */
  digits(cell: number): number {
    const [begin, end] = [this.places[2 * cell]!, this.places[2 * cell + 1]!];
    if (begin === end || end - begin > 15) return -1;
    let value = 0;
    for (let at = begin; at < end; at++) {
      const digit = this.#units[at]! - ZERO;
      if (digit < 0 || digit > 9) return -1;
      value = 10 * value + digit;
    }
    return value;
  }

  #afterQuotes(begin: number): number {
    const units = this.#units;
    const length = units.length;
    let at = begin + 1;
    for (;;) {
      while (at < length && units[at] !== QUOTE) at += 1;
      if (at >= length) {
        this.isBroken = true;
        return at;
      }
      at += 1;
      if (units[at] !== QUOTE) return at;
      at += 1;
    }
  }

  #endAt(at: number): void {
    const units = this.#units;
    this.end = at;
    this.next = at < units.length ? at + (units[at] === CR && units[at + 1] === LF ? 2 : 1) : at;
  }

  #isBlank(begin: number, end: number): boolean {
    for (let at = begin; at < end; at++) if (this.#units[at] !== SPACE) return false;
    return true;
  }
}

/** Where the text of a cell stands within the cell: its quotes and the blanks around it left out. */
export function withinQuotes(units: Units, begin: number, end: number): readonly [number, number] {
  let [from, to] = [begin, end];
  const isBlank = (unit: number) => unit === SPACE || unit === TAB;
  while (to > from && isBlank(units[to - 1]!)) to -= 1;
  if (units[from] === QUOTE && to - from >= 2 && units[to - 1] === QUOTE) {
    from += 1;
    to -= 1;
  }
  while (from < to && isBlank(units[from]!)) from += 1;
  while (to > from && isBlank(units[to - 1]!)) to -= 1;
  return [from, to];
}

/** The text of a cell, without its quotes and the blanks around it. */
function textBetween(units: Units, begin: number, end: number, decode: Decode): string {
  const [from, to] = withinQuotes(units, begin, end);
  let text = '';
  for (let at = from; at < to; at++) {
    if (units[at]! > 127) {
      text = decode(units.subarray(from, to));
      break;
    }
    text += String.fromCharCode(units[at]!);
  }
  return units[begin] === QUOTE && text.includes('"') ? text.replaceAll('""', '"') : text;
}

/** Which line of the text a place is in, from 1. */
export function lineNumber(units: Units, place: number): number {
  let line = 1;
  for (let at = 0; at < place; at++) {
    if (units[at] === LF || (units[at] === CR && units[at + 1] !== LF)) line += 1;
  }
  return line;
}
