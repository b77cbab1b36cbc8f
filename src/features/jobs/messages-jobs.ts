import { inLanguage } from '../../core/i18n/language';
import en from '../../words/jobs.en.js';

/** Every sentence of the Jobs place alone, in the language of the page. */
export const jb = inLanguage('jobs', en);
