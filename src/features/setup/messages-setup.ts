import type { ConfigNotice } from '../../core/domain/files/config-toml';
import type { MatchProblem } from './pure/match-files';
import { inLanguage } from '../../core/i18n/language';
import en from '../../words/setup.en.js';
import type { Words } from '../../words/words';

/** Every sentence about setting up a camera and its reference, in the language of the page. */
export const su = composeSetUp(inLanguage('setup', en));

/** The same of another catalog: other programs get English. */
export function composeSetUp(words: Words['setup']) {
  return {
    ...words,
    chosen: (clean: number, dirty: number, rest: number) =>
      words.chosen({ clean, dirty, unlisted: Math.max(0, rest - dirty) }),
    configNotice: ({ kind, key }: ConfigNotice) => words.configNotices[kind]({ key }),
    matchProblem: ({ kind, name }: MatchProblem) => words.matchProblems[kind]({ name }),
  };
}
