import { inLanguage } from '../../core/i18n/language';
import en from '../../words/glass.en.js';

export const gl = inLanguage('glass', en);
