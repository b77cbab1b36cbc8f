import { inLanguage } from '../../../core/i18n/language';
import en from '../../../words/counts.en.js';

export const ct = inLanguage('counts', en);
