import { csvParseRows } from 'd3-dsv';
import { momentIn } from '../core/domain/camera/told';
import { SCENE_ANSWERS } from '../core/domain/glass/scene-answer';
import * as kind from '../core/domain/row';
import { isText, Misfit, type RowOf } from '../core/domain/row';
import type { RowFault } from './shard-row';

/** A day alone, or a time without a zone, is another moment in another place. */
const WITH_ZONE = /T.+(?:Z|[+-]\d\d:\d\d)$/;

const ROW = kind.row({
  at: kind.single<string>(isText, (written) => WITH_ZONE.test(written) && !Number.isNaN(momentIn(written))),
  kind: kind.oneOf(['cleaned', 'clean', ...SCENE_ANSWERS]),
  note: kind.note,
});
const COLUMNS = Object.keys(ROW.fields);

/** Something that happened to a camera, or that its person answered: a row of a CSV with the columns `at,kind,note`. */
export interface EventRow extends Omit<RowOf<typeof ROW>, 'at'> {
  readonly line: number;
  /** capture time, in milliseconds since 1970 */
  readonly at: number;
}

/**
 * A row that can't be used; `field` is `columns` for one with other columns, and `future` for a time that has not been
 * yet.
 */
export interface EventFault extends RowFault {
  /** as it is written */
  readonly written: string;
}

/** @param now - milliseconds since 1970 @returns the first row that can't be used, where there is one */
export function eventRowsIn(csv: string, now: number): readonly EventRow[] | EventFault {
  const [names = [], ...rows] = csvParseRows(csv);
  const fault = (line: number, field: string, cells: readonly string[]): EventFault => ({
    ...{ line, field, written: cells[names.indexOf(field)] ?? cells.join(',') },
  });
  if ([...names].sort().join() !== [...COLUMNS].sort().join()) return fault(1, 'columns', names);
  const read: EventRow[] = [];
  let next = 2;
  for (const cells of rows) {
    const line = next;
    // A note may have several.
    next += cells.join('').split('\n').length;
    if (cells.join('') === '') continue;
    if (cells.length !== names.length) return fault(line, 'columns', cells);
    try {
      const row = ROW.taken(Object.fromEntries(names.map((name, i) => [name, cells[i]!])));
      const at = momentIn(row.at);
      if (at > now) return { ...fault(line, 'at', cells), field: 'future' };
      read.push({ ...row, note: row.note.trim(), line, at });
    } catch (error) {
      if (error instanceof Misfit) return fault(line, error.path, cells);
      throw error;
    }
  }
  return read;
}
