import type { Detail } from '../domain/detail';
import type { ErrorCode } from '../domain/errors';
import { inLanguage } from './language';
import { explain } from './messages';
import type { LeftOut } from '../domain/camera/left-out';
import en from '../../words/findings.en.js';
import type { Words } from '../../words/words';

export const fd = composeFindings(inLanguage('findings', en), explain);

/** @param failure - the sentence for a failure's code and detail, in the same language */
export function composeFindings(
  words: Words['findings'],
  failure: (code: ErrorCode, detail: Detail) => string,
) {
  return {
    ...words,
    leftOut: (entry: LeftOut) => {
      if (entry.kind === 'same-picture') return words.leftOut.same({ name: entry.name, other: entry.as });
      if (entry.kind !== 'unreadable') return words.leftOut[entry.kind](entry);
      return words.leftOut.unreadable({ name: entry.name, reason: failure(entry.code, entry.detail) });
    },
  };
}
