import { inLanguage } from '../../core/i18n/language';
import en from '../../words/look.en.js';

/** Every sentence about sorting jobs and looking at the least sure of them, in the language of the page. */
export const lk = inLanguage('look', en);
