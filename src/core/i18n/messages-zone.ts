import en from '../../words/zone.en.js';
import { inLanguage } from './language';

/** Sentences about the zone of a camera's times. */
export const zn = inLanguage('zone', en);
