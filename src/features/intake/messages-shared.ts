import { inLanguage } from '../../core/i18n/language';
import { MOST_BYTES, MOST_FILES } from './put-aside';
import en from '../../words/shared.en.js';

const catalog = inLanguage('shared', en);

/** Sentences about files that came without having been dropped, in the language of the page. */
export const shared = {
  ...catalog,
  refused: (names: readonly string[]) => catalog.refused({ names: names.join(', ') }),
  outcomes: {
    ...catalog.outcomes,
    'too-much': catalog.outcomes['too-much']({ files: MOST_FILES, size: MOST_BYTES }),
  },
};
