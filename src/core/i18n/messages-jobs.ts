import { inLanguage } from './language';
import en from '../../words/jobs.en.js';

/** Every sentence about a list or a plot of jobs, in the language of the page. */
export const jb = inLanguage('jobs', en);
