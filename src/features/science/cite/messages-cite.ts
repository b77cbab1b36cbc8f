import { inLanguage } from '../../../core/i18n/language';
import en from '../../../words/cite.en.js';

export const ci = inLanguage('cite', en);
