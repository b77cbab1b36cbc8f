import { inLanguage } from './language';
import en from './words/generated/models.en.js';

/** Sentences about trying a model, in the language of the page. */
export const models = inLanguage('models', en);
