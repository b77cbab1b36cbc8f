import { inLanguage } from '../../core/i18n/language';
import en from '../../words/offline.en.js';

/** Sentences about new versions of the page, in the language of the page. */
export const offline = inLanguage('offline', en);
