import type { Outcome } from '../../../core/domain/errors';
import type { Span, Usability } from '../../../core/domain/usable/span';
import type { Alive } from '../../../core/thread/life';
import type { Masked } from '../pure/counts/mask';
import type { Answers, Understanding } from '../pure/counts/understand';
import type { Encoding } from './text-of';

/** A file that was opened, or what it is in place of a text. */
export type OpenedTable =
  | { readonly kind: 'text'; readonly encoding: Encoding; readonly hasMark: boolean; readonly sha256: string }
  | { readonly kind: 'workbook' | 'binary' | 'empty' };

/** What comes back of a file. */
export interface Returned extends Pick<Masked, 'totals' | 'bins' | 'added' | 'missing'> {
  readonly file: Blob;
  readonly sha256: string;
}

/** What the worker does that holds one file with counts. */
export interface CountsApi extends Alive {
  /** @throws AppError, as an outcome, `file-unreadable`, `file-too-large` */
  open(file: File): Promise<Outcome<OpenedTable>>;
  understand(answers: Answers): Promise<Understanding>;
  /** @returns null where no row lies in what is known of the camera */
  mask(
    answers: Answers,
    spans: readonly Span[],
    setAside: readonly Usability[],
    needed: number,
  ): Promise<Returned | null>;
}
