import { inLanguage } from '../../core/i18n/language';
import en from '../../words/monitor.en.js';

/** What the Monitor says that nobody needs before it is seen, in the language of the page. */
export const mo = inLanguage('monitor', en);
