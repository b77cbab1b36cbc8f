import { inLanguage } from './language';
import en from './words/generated/offline.en.js';

/** Sentences about new versions of the page, in the language of the page. */
export const offline = inLanguage('offline', en);
