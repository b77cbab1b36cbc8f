import english from '../../words/app.en.js';
import type { Words } from '../../words/words';

/** The sentences that are loaded with the page, before a language is chosen. */
export let appWords: Words['app'] = english;

/** Other programs read English, in whatever language the page is. */
export const englishWords: Words['app'] = english;

/** Puts another language in force: once, before the page is drawn. */
export function speak(words: Words['app']): void {
  appWords = words;
}
