import en from './words/generated/fouling.en.js';
import { inLanguage } from './language';

/** What a person calls each kind of dirt. */
export const FOULING_NAMES = inLanguage('fouling', en);
