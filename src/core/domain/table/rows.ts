import { captureTime, captureTimeFromName, imageNameOf, type StatedTime } from '../camera/time/capture-time';
import type { Embedding } from '../drift/embedding';
import { AppError } from '../errors';
import { isoInstant } from '../instant';
import { localReader } from './moments';
import { guess, timeCell } from './reading';
import { cellsOf } from './table';

/** A row of numbers, which is to a sensor what a snapshot's embedding is to a camera. */
export interface NumberRow {
  readonly name: string;
  readonly stated: StatedTime;
  readonly values: Embedding;
}

interface FileFacts {
  readonly name: string;
  /** milliseconds since 1970 */
  readonly lastModified: number;
}

const VALUE = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const MISSING = /^(nan|n\/?a|null|none|-*)$/i;

/**
 * The rows of a table with a column of times; every other column of numbers is a value, in the order of the columns. A
 * missing number is NaN.
 *
 * @throws AppError `no-rows` where a time can't be read, but for a line of units below the names
 */
export function rowsOfTable(text: string, { name: fileName }: FileFacts): NumberRow[] {
  const guessed = guess(text);
  if (typeof guessed === 'string' || guessed.reading.format === '') throw new AppError('no-rows', fileName);
  const { table, reading } = guessed;
  const { lines, delimiter, header, names } = table;
  const read = localReader(reading.format);
  const timed = lines.slice(header + 1).flatMap((line, i) => {
    const cells = cellsOf(line, delimiter);
    const stated = cells.length > 0 ? statedIn(read(timeCell(cells, reading.time))) : null;
    if (!stated && cells.length > 0 && i > 0)
      throw new AppError('no-rows', `${fileName}:${String(header + i + 2)}`);
    return stated ? [{ cells, ...stated }] : [];
  });
  const numberOf = (cell = '') => {
    const plain = delimiter === ',' ? cell : cell.replace(',', '.');
    return VALUE.test(plain) ? Number(plain) : NaN;
  };
  const columns = [...names.keys()].filter(
    (column) =>
      !reading.time.includes(column) &&
      timed.every(({ cells }) => MISSING.test(cells[column] ?? '') || !Number.isNaN(numberOf(cells[column]))),
  );
  if (timed.length === 0 || columns.length === 0) throw new AppError('no-rows', fileName);
  return timed.map(({ cells, ...row }) => ({
    ...row,
    values: Float32Array.from(columns, (column) => numberOf(cells[column])),
  }));
}

/** The time of a row, and its name, which states it as the table does: in UTC, or by the sensor's own clock. */
function statedIn({ local, offset }: ReturnType<ReturnType<typeof localReader>>) {
  const at = local - (offset ?? 0) * 60_000;
  if (Number.isNaN(at)) return null;
  const name = isoInstant(at).replace('.000', '');
  return {
    name: offset === null ? name.replace('Z', '') : name,
    stated: { at, source: 'file-name' } satisfies StatedTime,
  };
}

/**
 * The rows of an array. A name that states a time is the row's; the others get the time of their file, a millisecond after
 * each other.
 */
export function rowsOfArray(
  {
    embeddings,
    names,
  }: { readonly embeddings: readonly Embedding[]; readonly names: readonly string[] | null },
  file: FileFacts,
): NumberRow[] {
  const ofFile = captureTime(file.name, null, file.lastModified);
  return embeddings.map((values, i) => {
    const name = names?.[i] ?? '';
    const at = captureTimeFromName(name);
    if (at !== null) return { name, stated: { at, source: 'file-name' }, values };
    const given = name === '' ? `${imageNameOf(file.name)} ${String(i + 1)}` : name;
    return { name: given, stated: { ...ofFile, at: ofFile.at + i }, values };
  });
}

/** The rows of a JSON array of numbers, which is one row, or of such arrays. @throws AppError `no-rows` for anything else */
export function rowsOfJson(text: string, file: FileFacts): NumberRow[] {
  const numbers: unknown = jsonIn(text);
  const rows: unknown[] = Array.isArray(numbers) && Array.isArray(numbers[0]) ? numbers : [numbers];
  const isRow = (row: unknown) => Array.isArray(row) && row.length > 0 && row.every(Number.isFinite);
  if (!rows.every(isRow)) throw new AppError('no-rows', file.name);
  const embeddings = rows.map((row) => Float32Array.from(row as number[]));
  return rowsOfArray({ embeddings, names: null }, file);
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The content that a row is known by: its time, as a double, and its values, both little-endian. */
export function rowContent({ stated, values }: NumberRow): Uint8Array<ArrayBuffer> {
  const bytes = new DataView(new ArrayBuffer(8 + 4 * values.length));
  bytes.setFloat64(0, stated.at, true);
  for (const [i, value] of values.entries()) bytes.setFloat32(8 + 4 * i, value, true);
  return new Uint8Array(bytes.buffer);
}
