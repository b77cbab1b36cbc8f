/**
 * Functions that write the values in a sentence, by their names in catalogs: `{at, utc}`, `{share, percent}`. Those
 * below also take the language of the sentence: an English one may be for another program, in any language of the page.
 */
import { formatsOf, utcInEnglish, utc as utcSpoken } from './format';
import * as wording from './wording';

export {
  bytes,
  duration,
  limit,
  threeDigits,
  utcDay,
  utcMonth,
  utcTime,
  utcWeekday,
  weekday,
} from './format';
export {
  capital,
  exponential,
  hours,
  lasting,
  localHour,
  localSecond,
  probability,
  roundPercent,
  times,
} from './wording';

export function utc(at: number, language: string): string {
  return language === 'en' ? utcInEnglish(at) : utcSpoken(at);
}

/** A moment where the sentence before it, or its column, says that times are UTC. */
export function instant(at: number, language: string): string {
  return utc(at, language).replace(' UTC', '');
}

export function utcDate(at: number, language: string): string {
  return utc(at, language).replace(/,.*/, '');
}

/** `1,300`; where sentences write decimals with a point, a point or a comma between thousands would mislead: `1 300` */
export function grouped(count: number, language: string): string {
  return wording.grouped(count).replaceAll(',', formatsOf(language).thousands);
}

/** `film, silt and growth` */
export function listed(words: readonly string[], language: string): string {
  return wording.listed(words, formatsOf(language).and);
}

/** `30 %`, `0.15 %`, and what is less as `under 0.1 %` */
export function percent(share: number, language: string): string {
  return wording.percent(share, formatsOf(language).under);
}

/** `30 %`, `1.5 %`, and what is less as `under 0.1 %` */
export function percentOrUnder(share: number, language: string): string {
  return wording.percentOrUnder(share, formatsOf(language).under);
}
