import { inLanguage } from '../../core/i18n/language';
import en from '../../words/settings.en.js';

/** Every sentence of the settings, in the language of the page. */
export const st = inLanguage('settings', en);
