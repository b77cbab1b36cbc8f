import { inLanguage } from '../../core/i18n/language';
import { utcDates } from '../../core/i18n/wording';
import en from '../../words/clock.en.js';

const catalog = inLanguage('clock', en);

/** Every sentence about clocks that are wrong, in the language of the page. */
export const clk = {
  ...catalog,
  ahead: (count: number, from: number, to: number) => catalog.ahead({ count, to, dates: utcDates(from, to) }),
  impossible: (count: number, from: number, to: number) =>
    catalog.impossible({ count, to, dates: utcDates(from, to) }),
  shift: (count: number, by: number) =>
    by === 0 ? catalog.stays({ count }) : catalog.moves({ count, isBack: by < 0, by: Math.abs(by) }),
  done: (count: number, by: number) =>
    by === 0 ? catalog.stays({ count }) : catalog.moved({ count, isBack: by < 0, by: Math.abs(by) }),
  corrected: (count: number, by: number) => catalog.corrected({ count, isBack: by < 0, by: Math.abs(by) }),
};
