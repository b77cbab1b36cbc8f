/** Numbers and lists in sentences of every language. */
import { duration, inHours, utc, written } from './format';

const NUMBER = new Intl.NumberFormat('en-GB');

/** `1,300` */
export function grouped(count: number): string {
  return NUMBER.format(count);
}

/** A duration, with a decimal while hours are few: `3.8 hours`. */
export function lasting(milliseconds: number): string {
  const hours = milliseconds / 3_600_000;
  return hours >= 1.95 && hours < 9.95 ? inHours(hours.toFixed(1).replace('.0', '')) : duration(milliseconds);
}

/** Milliseconds as hours, with a decimal while there are few: `3.8 h`, `112 h`. */
export function hours(milliseconds: number): string {
  const count = milliseconds / 3_600_000;
  return `${count < 9.95 ? String(Number(count.toFixed(1))) : count.toFixed(0)}\u00a0h`;
}

/** `24 Jul 2023` */
export function utcDate(at: number): string {
  return utc(at).replace(/,.*/, '');
}

/** `24 Jul 2023 – 2 Aug 2023` */
export function utcDates(from: number, to: number): string {
  const [first, last] = [utcDate(from), utcDate(to)];
  return first === last ? first : `${first} – ${last}`;
}

/** `film, silt and growth` */
export function listed(words: readonly string[], and: string): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${and} ${words.at(-1)!}`;
}

export function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** `30 %`, `1.5 %`, `0.15 %`, and what is less as `under 0.1 %` */
export function percent(share: number, under: string): string {
  const value = 100 * share;
  const digits = value < 0.1 ? `${under} 0.1` : value < 10 ? value.toPrecision(2) : value.toFixed(0);
  return `${digits}\u00a0%`;
}

/** `30 %` */
export function roundPercent(share: number): string {
  return `${String(Math.round(100 * share))}\u00a0%`;
}

/** `30 %`, `1.5 %`, and what is less as `under 0.1 %` */
export function percentOrUnder(share: number, under: string): string {
  const value = 100 * share;
  return `${value >= 9.95 ? value.toFixed(0) : value >= 0.1 ? value.toFixed(1) : `${under} 0.1`}\u00a0%`;
}

/** How many times something else a number is: `0.3`, `3.2`, `12`, and what is less as `< 0.1` */
export function times(value: number): string {
  if (value < 0.05) return '<\u00a00.1';
  return value < 9.95 ? value.toFixed(1) : value.toFixed(0);
}

export function twoDigits(value: number): string {
  return String(Number(value.toPrecision(2)));
}

/** `1.2e-7` */
export function exponential(value: number): string {
  return value.toExponential(1);
}

/** A p-value with two significant digits: 0.001 for 1 of 1,001. */
export function probability(p: number): string {
  return twoDigits(p);
}

const HOUR = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });
const SECOND = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** `13:37` in the viewer's own time zone. */
export function localHour(at: number): string {
  return written(HOUR, at);
}

/** `13:37:05` in the viewer's own time zone. */
export function localSecond(at: number): string {
  return written(SECOND, at);
}
