import { jb } from './messages-jobs';
import { inLanguage } from './language';
import en from '../../words/table.en.js';

const { distance, verdict, captured, image } = jb.columns;

export const tb = { ...inLanguage('table', en), distance, verdict, captured, image };
