import { inLanguage } from '../../../core/i18n/language';
import en from '../../../words/counts.en.js';

/** Every sentence about tables of counts, in the language of the page. */
export const ct = inLanguage('counts', en);
