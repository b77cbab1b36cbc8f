import en from './words/generated/offline.en.js';
import { inLanguage } from './language';

/** Sentences about new versions of the page, in the language of the page. */
export const offline = inLanguage('offline', en);
