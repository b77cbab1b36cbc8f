import { inLanguage } from '../../core/i18n/language';
import en from '../../words/glass.en.js';

/** Every sentence about the map of the glass and the camera's view, in the language of the page. */
export const gl = inLanguage('glass', en);
