import { inLanguage } from '../../core/i18n/language';
import en from '../../words/look.en.js';

export const lk = inLanguage('look', en);
