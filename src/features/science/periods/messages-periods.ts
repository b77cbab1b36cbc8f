import { inLanguage } from '../../../core/i18n/language';
import en from '../../../words/periods.en.js';

/** Every sentence of the tab with two periods, in the language of the page. */
export const p = inLanguage('periods', en);
