import { expose } from 'comlink';
import { AppError, asOutcome } from '../../../core/domain/errors';
import { LARGEST_TABLE, refuseLarger } from '../../../core/domain/files/file-size';
import { alive } from '../../../core/thread/life';
import { mask } from '../pure/counts/mask';
import { guess } from '../../../core/domain/table/reading';
import type { Table } from '../../../core/domain/table/table';
import type { CountsApi } from './counts-api';
import { textOf } from '../../../core/encoder/text-of';

let opened: { readonly table: Table; readonly mark: string } | null = null;

const api: CountsApi = {
  ...alive,

  open: (given) =>
    asOutcome(async () => {
      refuseLarger(given, LARGEST_TABLE);
      const bytes = await given.arrayBuffer().catch((error: unknown) => {
        // The card was taken out, or the file was changed since it was chosen.
        throw new AppError('file-unreadable', error instanceof Error ? error.name : '', { cause: error });
      });
      const { mark, text } = textOf(new Uint8Array(bytes));
      // As in a spreadsheet's own file.
      if (text.includes('\0')) return 'no-text';
      const guessed = guess(text);
      if (typeof guessed === 'string') return guessed;
      const { table, reading } = guessed;
      opened = { table, mark };
      return { names: table.names, reading };
    }),

  mask(reading, spans) {
    if (!opened) throw new Error('no table was opened');
    const { pieces, ...masked } = mask(opened.table, reading, spans);
    return Promise.resolve({ ...masked, file: new Blob([opened.mark, ...pieces], { type: 'text/csv' }) });
  },
};

expose(api);
