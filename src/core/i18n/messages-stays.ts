import en from '../../words/stays.en.js';
import { inLanguage } from './language';

export const ss = inLanguage('stays', en);
