import { inLanguage } from '../../i18n/language';
import en from '../../../words/timeline.en.js';
import type { Flag } from './flags';

const catalog = inLanguage('timeline', en);

export const tl = {
  ...catalog,
  /** a flag's name, short enough to stand above a plot */
  flag: (flag: Flag): string => {
    switch (flag.kind) {
      case 'model':
        return catalog.flags.model({ name: flag.name });
      case 'reference':
      case 'limits':
        return catalog.flags[flag.kind]({ version: flag.version });
      default:
        return catalog.flags[flag.kind];
    }
  },
};
