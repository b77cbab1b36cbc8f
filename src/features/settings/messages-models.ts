import { inLanguage } from '../../core/i18n/language';
import en from '../../words/models.en.js';

/** Sentences about trying a model, in the language of the page. */
export const models = inLanguage('models', en);
