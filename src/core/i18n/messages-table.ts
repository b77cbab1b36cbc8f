import { jb } from './messages-jobs';
import { inLanguage } from './language';
import en from '../../words/table.en.js';

const { distance, verdict, captured, image } = jb.columns;

/** Every sentence of the tables beside charts, in the language of the page. */
export const tb = { ...inLanguage('table', en), distance, verdict, captured, image };
