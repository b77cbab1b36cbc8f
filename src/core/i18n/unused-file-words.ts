import type { Detail } from '../domain/detail';
import type { ErrorCode } from '../domain/errors';
import type { UnusedFile } from '../domain/camera/unused-file';
import { findingsWords } from '../../words/findings';
import type { Words } from '../../words/words';
import { explain } from './failures';

export function unusedFileSentence(entry: UnusedFile): string {
  return unusedFileSentenceIn(findingsWords, explain, entry);
}

/** The same in any language. @param failure - the sentence for a failure's code and detail, in that language */
export function unusedFileSentenceIn(
  { unused }: Words['findings'],
  failure: (code: ErrorCode, detail: Detail) => string,
  entry: UnusedFile,
): string {
  if (entry.kind === 'same-picture') return unused.same({ name: entry.name, other: entry.as });
  if (entry.kind !== 'failed') return unused[entry.kind](entry);
  return unused.failed({ name: entry.name, reason: failure(entry.code, entry.detail) });
}
