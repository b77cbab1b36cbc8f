import { inLanguage } from '../../core/i18n/language';
import en from '../../words/offline.en.js';

export const offline = inLanguage('offline', en);
