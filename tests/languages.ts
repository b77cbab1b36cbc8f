import { LANGUAGES } from '../src/core/i18n/languages.js';
import type { Words } from '../src/words/words';

/** Every language but English, with its sentences. */
export const OTHERS = new Map<string, Words>();
for (const language of Object.keys(LANGUAGES)) {
  if (language === 'en') continue;
  const { words } = (await import(`../src/words/${language}.js`)) as { readonly words: Words };
  OTHERS.set(language, words);
}
