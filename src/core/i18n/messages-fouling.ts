import { inLanguage } from './language';
import en from '../../words/fouling.en.js';

/** What a person calls each kind of dirt. */
export const FOULING_NAMES = inLanguage('fouling', en);
