import en from './words/generated/models.en.js';
import { inLanguage } from './language';

/** Sentences about trying a model, in the language of the page. */
export const models = inLanguage('models', en);
