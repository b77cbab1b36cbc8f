import { inLanguage } from '../../core/i18n/language';
import en from '../../words/deck.en.js';

/** A snapshot's age is told for two days. */
const RECENT = 48 * 3_600_000;

const catalog = inLanguage('deck', en);

/** Every sentence of deck mode, in the language of the page. */
export const dk = {
  ...catalog,
  newest: (at: number, now: number) =>
    catalog.newest({ at, isRecent: now - at > 0 && now - at < RECENT, age: now - at }),
};
