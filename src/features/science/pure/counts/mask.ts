import { dsvFormat } from 'd3-dsv';
import { oceansitesOf } from '../../../../core/domain/camera/qartod';
import { withoutFormula } from '../../../../core/domain/files/csv';
import {
  firstEndingAfter,
  type Span,
  type SpanReason,
  type Usability,
} from '../../../../core/domain/usable/span';
import { momentReader } from '../../../../core/domain/table/moments';
import { isNumber, timeCell, type TableReading } from '../../../../core/domain/table/reading';
import { cellsOf, splitBreak, type Table } from '../../../../core/domain/table/table';
import { flagOfUse } from '../usable/use-flag';

/** The reason for a row's flag: what is known of its time, or why nothing is. */
type RowReason = SpanReason | 'not-known' | 'no-time';

export interface MaskOutcome {
  readonly rows: number;
  readonly masked: number;
  /** masked rows by use */
  readonly by: Readonly<Partial<Record<Usability, number>>>;
  /** rows in a time that is known of the camera */
  readonly known: number;
  /** lines whose time can't be read or that have too many cells: how many, and the numbers of the first */
  readonly unreadable: number;
  readonly unreadableLines: readonly number[];
  /** first and last moment, in milliseconds since 1970; null where none can be read */
  readonly from: number | null;
  readonly to: number | null;
  /** the first rows, with their moment as it was read */
  readonly preview: readonly { readonly cells: readonly string[]; readonly at: number }[];
  readonly added: readonly string[];
  /** the text as it was, with the columns added, in pieces */
  readonly pieces: readonly string[];
}

const MINUTE = 60_000;
/** A row that lasts is masked where less than this share of its time is left. */
const NEEDED = 0.5;
const PREVIEW = 6;
const MOST_LISTED = 20;
/** Characters per piece. */
const PIECE = 1 << 20;

/** The table with what is known of each row's time behind its own cells, and its counts once more without the masked ones. */
export function mask(
  { lines, delimiter, header, names }: Table,
  { time, format, zone, minutes, counts }: TableReading,
  spans: readonly Span[],
): MaskOutcome {
  const read = momentReader(format, zone);
  const dsv = dsvFormat(delimiter);
  // A moment is its millisecond.
  const length = Math.max(1, minutes * MINUTE);
  const added = addedNames(names, counts, minutes > 0);
  const by: Partial<Record<Usability, number>> = {};
  const preview: { cells: readonly string[]; at: number }[] = [];
  const unreadableLines: number[] = [];
  const pieces: string[] = [];
  let [rows, masked, known, unreadable] = [0, 0, 0, 0];
  let [from, to] = [Infinity, -Infinity];
  let [piece, lineNumber] = ['', 1];

  /** Values of the columns that are added behind a row. */
  const valuesOf = (cells: readonly string[], at: number): readonly string[] => {
    const { usability, reason, isMasked, kept } = verdictOf(at, length, spans);
    rows += 1;
    if (reason !== 'not-known' && reason !== 'no-time') known += 1;
    if (isMasked) {
      masked += 1;
      by[usability] = (by[usability] ?? 0) + 1;
    }
    const flag = reason === 'no-time' ? 9 : flagOfUse(usability, reason);
    const left = counts.map((column) => {
      const cell = cells[column] ?? '';
      if (isMasked) return '';
      return isNumber(cell) ? cell : withoutFormula(cell);
    });
    return [
      String(flag),
      usability,
      reason,
      ...(minutes > 0 ? [percent(kept)] : []),
      ...left,
      String(oceansitesOf(flag)),
    ];
  };

  for (const [i, line] of lines.entries()) {
    const [text, lineBreak] = splitBreak(line);
    const cells = i < header ? [] : cellsOf(line, delimiter);
    const isRow = i > header && cells.length > 0;
    // Behind a line with too many cells nothing would stand in its column.
    const isTooLong = cells.length > names.length;
    const at = isRow && !isTooLong ? read(timeCell(cells, time)) : NaN;
    if (!Number.isNaN(at)) [from, to] = [Math.min(from, at), Math.max(to, at)];
    else if (isRow) {
      unreadable += 1;
      if (unreadableLines.length < MOST_LISTED) unreadableLines.push(lineNumber);
    }
    if (isRow && preview.length < PREVIEW) preview.push({ cells, at });
    if (cells.length === 0 || isTooLong) piece += line;
    else {
      const missing = delimiter.repeat(names.length - cells.length);
      const values = isRow ? valuesOf(cells, at) : added;
      piece += text + missing + delimiter + dsv.formatRow([...values]) + lineBreak;
    }
    lineNumber += line.split(/\r\n|\r|\n/).length - 1;
    if (piece.length > PIECE) {
      pieces.push(piece);
      piece = '';
    }
  }
  const isTimed = from <= to;
  return {
    ...{ rows, masked, known, by, unreadable, unreadableLines, preview, added },
    ...{ from: isTimed ? from : null, to: isTimed ? to : null },
    pieces: [...pieces, piece],
  };
}

function percent(share: number): string {
  return String(Math.round(100 * share));
}

function addedNames(names: readonly string[], counts: readonly number[], hasLength: boolean): string[] {
  const wanted = [
    ...['qartod_flag', 'porthole_usability', 'reason'],
    ...(hasLength ? ['usable_percent'] : []),
    ...counts.map((column) => withoutFormula(`${names[column] ?? ''}_masked`)),
    'oceansites_qc',
  ];
  const taken = new Set(names);
  return wanted.map((name) => {
    let free = name;
    for (let n = 2; taken.has(free); n++) free = `${name}_${String(n)}`;
    taken.add(free);
    return free;
  });
}

interface Verdict {
  readonly usability: Usability;
  readonly reason: RowReason;
  readonly isMasked: boolean;
  /** share of the row's time that is not masked, 0 … 1 */
  readonly kept: number;
}

/** A masked row is named after what took most of its unusable time, any other after its usable time. */
function verdictOf(begin: number, length: number, spans: readonly Span[]): Verdict {
  if (Number.isNaN(begin)) return { usability: 'unknown', reason: 'no-time', isMasked: true, kept: 0 };
  // A count in suspect time, or in time of which nothing is known, is doubtful too.
  const isAside = ({ usability }: Pick<Verdict, 'usability'>) => usability !== 'usable';
  const end = begin + length;
  const parts: { usability: Usability; reason: RowReason; time: number }[] = [];
  let unknown = length;
  for (let i = firstEndingAfter(spans, begin); i < spans.length && spans[i]!.begin < end; i++) {
    const { usability, reason, ...span } = spans[i]!;
    const time = Math.min(end, span.end) - Math.max(begin, span.begin);
    unknown -= time;
    parts.push({ usability, reason, time });
  }
  if (unknown > 0) parts.push({ usability: 'unknown', reason: 'not-known', time: unknown });
  const timeOf = (those: typeof parts) => those.reduce((sum, { time }) => sum + time, 0);
  const kept = 1 - timeOf(parts.filter(isAside)) / length;
  const isMasked = kept < NEEDED;
  const named = parts.filter((part) => isAside(part) === isMasked);
  const inAll = ({ usability }: (typeof parts)[number]) =>
    timeOf(named.filter((part) => part.usability === usability));
  const { usability, reason } = named.reduce((a, b) =>
    inAll(b) > inAll(a) || (b.usability === a.usability && b.time > a.time) ? b : a,
  );
  return { usability, reason, isMasked, kept };
}
