import { expose } from 'comlink';
import { AppError, asOutcome } from '../../../core/domain/errors';
import { LARGEST_TABLE, refuseLarger } from '../../../core/domain/files/file-size';
import { sha256 } from '../../../core/encoder/sha256';
import { alive } from '../../../core/thread/life';
import { doOverlap, mask } from '../pure/counts/mask';
import { CountsFile } from '../pure/counts/understand';
import type { CountsApi, OpenedTable } from './counts-api';
import { bytesOf, NoText, decodeText, type EncodedText } from './text-of';

let text: EncodedText | null = null;
let file: CountsFile | null = null;

const api: CountsApi = {
  ...alive,

  open: (given) =>
    asOutcome(async (): Promise<OpenedTable> => {
      refuseLarger(given, LARGEST_TABLE);
      const bytes = await given.arrayBuffer().catch((error: unknown) => {
        // The card was taken out, or the file was changed since it was chosen.
        throw new AppError('file-unreadable', error instanceof Error ? error.name : '', { cause: error });
      });
      if (bytes.byteLength === 0) return { kind: 'empty' };
      const hash = await sha256(bytes);
      try {
        text = decodeText(new Uint8Array(bytes));
      } catch (error) {
        if (!(error instanceof NoText)) throw error;
        return { kind: error.kind };
      }
      file = new CountsFile(text);
      return { kind: 'text', encoding: text.encoding, hasMark: text.hasMark, sha256: hash };
    }),

  understand: (answers) => Promise.resolve(opened().file.understand(answers)),

  async mask(answers, spans, setAside, needed) {
    const { text, file } = opened();
    const meaning = file.meaning(answers);
    if (!doOverlap(meaning.times, spans)) return null;
    const { totals, bins, added, missing, pieces } = mask(text, meaning, spans, {
      setAside: new Set(setAside),
      needed,
    });
    const returned = new Blob(bytesOf(pieces, text.encoding), { type: 'text/csv' });
    return {
      totals,
      bins,
      added,
      missing,
      file: returned,
      sha256: await sha256(await returned.arrayBuffer()),
    };
  },
};

function opened() {
  if (!text || !file) throw new Error('no file was opened');
  return { text, file };
}

expose(api);
