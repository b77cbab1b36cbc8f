import en from '../../words/hours.en.js';
import { inLanguage } from './language';

/** What is said of hours of the day that a reference doesn't show, in the language of the page. */
export const hr = inLanguage('hours', en);
