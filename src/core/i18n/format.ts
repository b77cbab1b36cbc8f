import { INSTANT, isWithin } from '../domain/ranges';
import english from '../../words/formats.en.js';
import type { Words } from '../../words/words';

/** How a language writes dates, numbers and lists. */
export type Formats = Words['formats'];

export const ENGLISH_FORMATS: Formats = english;
const MINUTE = 60_000;
/** Milliseconds within which a minute alone does not say when something happens. */
const SOON = 10 * MINUTE;
const ENGLISH = writer(ENGLISH_FORMATS);
let spoken = ENGLISH;

function writer(formats: Formats) {
  const { locale } = formats;
  const utc = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  return {
    ...formats,
    date: utc({ day: 'numeric', month: 'long', year: 'numeric' }),
    day: utc({ day: 'numeric', month: 'long' }),
    month: utc({ month: 'long', year: 'numeric' }),
    time: utc({ hour: '2-digit', minute: '2-digit' }),
    seconds: utc({ hour: '2-digit', minute: '2-digit', second: '2-digit' }),
    weekday: new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' }),
    local: new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'long' }),
  };
}

/** How the language of the page writes them, or English for what another program reads. */
export function formatsOf(language?: string): typeof spoken {
  return language === 'en' ? ENGLISH : spoken;
}

/** Writes dates and numbers as another language does: once, before the page is drawn. */
export function speakFormats(formats: Formats): void {
  spoken = writer(formats);
}

/** Digits as the language writes them: with its decimal sign, and a true minus. */
export function numeral(digits: number | string, language?: string): string {
  return String(digits).replace('.', formatsOf(language).decimal).replace(/^-/, '−');
}

/** A distance or another number with three significant digits, at most four decimals below a thousandth. */
export function threeDigits(value: number, language?: string): string {
  const text = Math.abs(value) < 0.001 ? value.toFixed(4) : value.toPrecision(3);
  // Next to nothing below 0 has no sign.
  return numeral(text.replace(/^-(?=0\.0+$)/, ''), language);
}

/** A limit as the person wrote it, with at least two decimals: 0.1 reads as 0.10. */
export function limit(value: number, language?: string): string {
  const text = String(Number(value.toPrecision(3)));
  return numeral(/^\d+(\.\d)?$/.test(text) ? value.toFixed(2) : text, language);
}

/** `24 July, 12:30 UTC`, and with its year where that is another one than now: `24 July 2023, 12:30 UTC` */
export function utc(at: number, language?: string): string {
  return isWithin(INSTANT, at)
    ? `${utcDay(at, language)}, ${utcTime(at, language)} UTC`
    : formatsOf(language).noDate;
}

/** A moment where the sentence before it, or its column, says that times are UTC. */
export function instant(at: number, language?: string): string {
  return utc(at, language).replace(' UTC', '');
}

/** `24 July`, and with its year where that is another one than now: `24 July 2023` */
export function utcDay(at: number, language?: string): string {
  const { day, date } = formatsOf(language);
  return written(isThisYear(at) ? day : date, at);
}

/** `24 July 2023`, for what may be read in another year. */
export function utcDate(at: number, language?: string): string {
  return written(formatsOf(language).date, at);
}

/** `12:30` */
export function utcTime(at: number, language?: string): string {
  return written(formatsOf(language).time, at);
}

/** `12:30:05` of what happens in the next minutes, `12:30` of what is further away */
export function utcSoon(at: number, language?: string): string {
  const { time, seconds } = formatsOf(language);
  return written(Math.abs(at - Date.now()) < SOON ? seconds : time, at);
}

/** `July 2023` */
export function utcMonth(at: number, language?: string): string {
  return written(formatsOf(language).month, at);
}

/** `Mon`; other languages write a stop behind it, which would end a sentence twice */
export function weekday(at: number, language?: string): string {
  return written(formatsOf(language).weekday, at).replace('.', '');
}

/** `Mon 24 July` */
export function utcWeekday(at: number, language?: string): string {
  return `${weekday(at, language)} ${utcDay(at, language)}`;
}

/** The same instant in the viewer's own time zone, for a tooltip. */
export function localTime(at: number): string {
  return written(spoken.local, at);
}

/** A duration in the largest unit that leaves at least two of it: `11 hours`, `3 days`, `2 years`. */
export function duration(milliseconds: number, language?: string): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 120) return `${String(Math.max(seconds, 1))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${String(minutes)} min`;
  const hours = Math.round(minutes / 60);
  const words = formatsOf(language);
  if (hours < 48) return `${String(hours)} ${words.hours}`;
  const days = Math.round(hours / 24);
  return days < 731 ? `${String(days)} ${words.days}` : `${String(Math.floor(days / 365.25))} ${words.years}`;
}

/** Bytes in the unit that fits: `1.4 MB`. */
export function bytes(count: number, language?: string): string {
  if (count < 1000) return `${String(count)} B`;
  if (count < 1_000_000) return `${(count / 1000).toFixed(0)} kB`;
  return numeral(count < 1e9 ? `${(count / 1e6).toFixed(1)} MB` : `${(count / 1e9).toFixed(1)} GB`, language);
}

/** A moment as a format writes it, which throws for a number that it can't hold; the language's mark for such a one. */
export function written(format: Intl.DateTimeFormat, at: number): string {
  return isWithin(INSTANT, at) ? format.format(at) : spoken.noDate;
}

let hasYears = false;

/** Lets each date that is written meanwhile have its year: an alert may be read in another one. */
export function withYears<T>(write: () => T): T {
  hasYears = true;
  try {
    return write();
  } finally {
    hasYears = false;
  }
}

export function isThisYear(at: number): boolean {
  return !hasYears && new Date(at).getUTCFullYear() === new Date().getUTCFullYear();
}
