import en from '../../words/hours.en.js';
import { inLanguage } from './language';

export const hr = inLanguage('hours', en);
