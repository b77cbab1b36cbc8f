import type { Outcome } from '../../../core/domain/errors';
import type { Span } from '../../../core/domain/usable/span';
import type { Alive } from '../../../core/thread/life';
import type { MaskOutcome } from '../pure/counts/mask';
import type { TableReading } from '../../../core/domain/table/reading';

/** Why there is no table in a file. */
export type NoTable = 'no-text' | 'no-table' | 'no-names';

export interface OpenedTable {
  readonly names: readonly string[];
  readonly reading: TableReading;
}

export interface MaskedTable extends Omit<MaskOutcome, 'pieces'> {
  readonly file: Blob;
}

/** The worker that holds one table. */
export interface CountsApi extends Alive {
  /** @throws AppError, as an outcome, `file-unreadable`, `file-too-large` */
  open(file: File): Promise<Outcome<OpenedTable | NoTable>>;
  mask(reading: TableReading, spans: readonly Span[]): Promise<MaskedTable>;
}
