/** Numbers and lists in sentences of every language. */
import { duration, formatsOf, numeral, utcDay, written } from './format';

const NUMBER = new Intl.NumberFormat('en-GB');

/** `1,300`; where a comma stands before decimals: `1 300` */
export function grouped(count: number, language?: string): string {
  return NUMBER.format(count).replaceAll(',', formatsOf(language).thousands);
}

/** A duration, with a decimal while hours are few: `3.8 hours`. */
export function lasting(milliseconds: number, language?: string): string {
  const count = milliseconds / 3_600_000;
  if (count < 1.95 || count >= 9.95) return duration(milliseconds, language);
  return `${numeral(Number(count.toFixed(1)), language)} ${formatsOf(language).hours}`;
}

/** Milliseconds as hours, with a decimal while there are few: `3.8 h`, `112 h`. */
export function hours(milliseconds: number, language?: string): string {
  const count = milliseconds / 3_600_000;
  return `${numeral(Number(count.toFixed(count < 9.95 ? 1 : 0)), language)}\u00a0h`;
}

/** `24 July – 2 August` */
export function utcDates(from: number, to: number): string {
  const [first, last] = [utcDay(from), utcDay(to)];
  return first === last ? first : `${first} – ${last}`;
}

/** `film, silt and growth` */
export function listed(words: readonly string[], language?: string): string {
  const { and } = formatsOf(language);
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${and} ${words.at(-1)!}`;
}

export function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** `30 %`, `1.5 %`, `0.15 %`, and what is less as `under 0.1 %` */
export function percent(share: number, language?: string): string {
  const value = 100 * share;
  if (value < 0.1) return underTenth(language);
  return `${numeral(value < 10 ? value.toPrecision(2) : value.toFixed(0), language)}\u00a0%`;
}

/** `30 %` */
export function roundPercent(share: number): string {
  return `${String(Math.round(100 * share))}\u00a0%`;
}

/** `30 %`, `1.5 %`, and what is less as `under 0.1 %` */
export function percentOrUnder(share: number, language?: string): string {
  const value = 100 * share;
  if (value < 0.1) return underTenth(language);
  return `${numeral(value.toFixed(value < 9.95 ? 1 : 0), language)}\u00a0%`;
}

function underTenth(language?: string): string {
  return `${formatsOf(language).under} ${numeral(0.1, language)}\u00a0%`;
}

/** How many times something else a number is: `0.3`, `3.2`, `12`, and what is less as `< 0.1` */
export function times(value: number, language?: string): string {
  if (value < 0.05) return `<\u00a0${numeral(0.1, language)}`;
  return numeral(value.toFixed(value < 9.95 ? 1 : 0), language);
}

export function twoDigits(value: number, language?: string): string {
  return numeral(Number(value.toPrecision(2)), language);
}

/** `1.2e-7` */
export function exponential(value: number, language?: string): string {
  return numeral(value.toExponential(1), language);
}

/** A p-value with two significant digits: 0.001 for 1 of 1,001. */
export function probability(p: number, language?: string): string {
  return twoDigits(p, language);
}

const HOUR = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });

/** `13:37` in the viewer's own time zone. */
export function localHour(at: number): string {
  return written(HOUR, at);
}
