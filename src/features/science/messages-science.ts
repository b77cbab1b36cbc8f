import { inLanguage } from '../../core/i18n/language';
import en from '../../words/science.en.js';

/** Every sentence of the Science place beside those of its tabs, in the language of the page. */
export const s = inLanguage('science', en);
