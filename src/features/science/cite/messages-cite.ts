import { inLanguage } from '../../../core/i18n/language';
import en from '../../../words/cite.en.js';

/** Every sentence beside the methods paragraph, in the language of the page. */
export const ci = inLanguage('cite', en);
