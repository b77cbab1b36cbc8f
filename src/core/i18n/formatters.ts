/**
 * Functions that write the values in a sentence, by their names in catalogs: `{at, utc}`, `{share, percent}`. Each also
 * takes the language of the sentence: an English one may be for another program, in any language of the page.
 */
export {
  bytes,
  duration,
  instant,
  limit,
  numeral,
  threeDigits,
  utc,
  utcDate,
  utcDay,
  utcMonth,
  utcSoon,
  utcTime,
  utcWeekday,
  weekday,
} from './format';
export {
  capital,
  exponential,
  grouped,
  hours,
  lasting,
  listed,
  localHour,
  percent,
  percentOrUnder,
  probability,
  roundPercent,
  times,
} from './wording';
