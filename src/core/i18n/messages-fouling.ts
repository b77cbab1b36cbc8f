import { inLanguage } from './language';
import en from '../../words/fouling.en.js';

export const FOULING_NAMES = inLanguage('fouling', en);
