import type { Outcome } from '../../../core/domain/errors';
import type { Span } from '../../../core/domain/usable/span';
import type { Alive } from '../../../core/thread/life';
import type { Masked } from '../pure/counts/mask';
import type { Reading } from '../../../core/domain/table/reading';

/** Why there is no table in a file. */
export type NoTable = 'no-text' | 'no-table' | 'no-names';

export interface OpenedTable {
  readonly names: readonly string[];
  readonly reading: Reading;
}

export interface MaskedTable extends Omit<Masked, 'pieces'> {
  readonly file: Blob;
}

/** The worker that holds one table. */
export interface CountsApi extends Alive {
  /** @throws AppError, as an outcome, `file-unreadable`, `file-too-large` */
  open(file: File): Promise<Outcome<OpenedTable | NoTable>>;
  mask(reading: Reading, spans: readonly Span[]): Promise<MaskedTable>;
}
