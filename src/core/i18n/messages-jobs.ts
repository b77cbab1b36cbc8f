import { inLanguage } from './language';
import en from '../../words/jobs.en.js';

export const jb = inLanguage('jobs', en);
