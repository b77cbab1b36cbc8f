import { inLanguage } from '../../core/i18n/language';
import en from '../../words/science.en.js';

export const s = inLanguage('science', en);
