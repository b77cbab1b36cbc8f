import { inLanguage } from '../../core/i18n/language';
import en from '../../words/settings.en.js';

const catalog = inLanguage('settings', en);

/** Every sentence of the settings, in the language of the page. */
export const st = {
  ...catalog,
  persistenceHint: (span: string | null) =>
    catalog.persistenceHint({ hasSpan: span !== null, span: span ?? '' }),
  selfTestPassed: (difference: number, tolerance: number) =>
    catalog.selfTestPassed({
      difference: difference.toExponential(1),
      tolerance: tolerance.toExponential(1),
    }),
};
