import { inLanguage } from './language';
import en from '../../words/encoder.en.js';

const catalog = inLanguage('encoder', en);

export const enc = {
  ...catalog,
  selfTestPassed: (difference: number, tolerance: number) =>
    catalog.selfTestPassed({
      difference: difference.toExponential(1),
      tolerance: tolerance.toExponential(1),
    }),
};
