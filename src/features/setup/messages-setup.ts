import type { ConfigNotice } from '../../core/domain/files/config-toml';
import type { ErrorCode } from '../../core/domain/errors';
import type { MatchProblem } from './pure/match-files';
import { inLanguage } from '../../core/i18n/language';
import { explain, failureSentence, inEnglish } from '../../core/i18n/messages';
import type { LeftOut } from '../../core/session/reference-builder';
import en from '../../words/setup.en.js';
import type { Words } from '../../words/words';

/** Every sentence about setting up a camera and its reference, in the language of the page. */
export const su = compose(inLanguage('setup', en), explain);

/** The same for other programs. */
export const setUpInEnglish = compose(en, (code, detail) => failureSentence(inEnglish, code, detail));

/** @param failure - the sentence for a failure's code and detail, in the same language */
function compose(words: Words['setup'], failure: (code: ErrorCode, detail: string) => string) {
  return {
    ...words,
    chosen: (clean: number, dirty: number, rest: number) =>
      words.chosen({ clean, dirty, unlisted: Math.max(0, rest - dirty) }),
    configNotice: ({ kind, key }: ConfigNotice) => words.configNotices[kind]({ key }),
    matchProblem: ({ kind, name }: MatchProblem) => words.matchProblems[kind]({ name }),
    leftOut: (entry: LeftOut) =>
      entry.kind === 'same-picture'
        ? words.leftOut.same({ name: entry.name, other: entry.as })
        : words.leftOut.unreadable({ name: entry.name, reason: failure(entry.code, entry.detail) }),
  };
}
