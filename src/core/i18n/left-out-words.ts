import type { Detail } from '../domain/detail';
import type { ErrorCode } from '../domain/errors';
import type { LeftOut } from '../domain/camera/left-out';
import { findingsWords } from '../../words/findings';
import type { Words } from '../../words/words';
import { explain } from './failures';

export function leftOutSentence(entry: LeftOut): string {
  return leftOutSentenceIn(findingsWords, explain, entry);
}

/** The same in any language. @param failure - the sentence for a failure's code and detail, in that language */
export function leftOutSentenceIn(
  { leftOut }: Words['findings'],
  failure: (code: ErrorCode, detail: Detail) => string,
  entry: LeftOut,
): string {
  if (entry.kind === 'same-picture') return leftOut.same({ name: entry.name, other: entry.as });
  if (entry.kind !== 'unreadable') return leftOut[entry.kind](entry);
  return leftOut.unreadable({ name: entry.name, reason: failure(entry.code, entry.detail) });
}
