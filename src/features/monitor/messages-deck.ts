import { inLanguage } from '../../core/i18n/language';
import en from '../../words/deck.en.js';

const catalog = inLanguage('deck', en);

/** Every sentence of deck mode, in the language of the page. */
export const dk = {
  ...catalog,
  newest: (at: number, now: number) => catalog.newest({ at, isPast: now > at, age: now - at }),
};
