import { inLanguage } from './language';
import { t } from './messages';
import en from '../../words/table.en.js';

const { distance, verdict, captured, image } = t.jobs.columns;

/** Every sentence of the tables beside charts, in the language of the page. */
export const tb = { ...inLanguage('table', en), distance, verdict, captured, image };
