import { INSTANT, isWithin } from '../domain/ranges';
import english from '../../words/formats.en.js';
import type { Words } from '../../words/words';

/** How a language writes dates, lengths of time and lists. */
export type Formats = Words['formats'];

export const ENGLISH_FORMATS: Formats = english;
const ENGLISH = writer(ENGLISH_FORMATS);
let spoken = ENGLISH;

function writer(formats: Formats) {
  const { locale } = formats;
  const options = { day: 'numeric', month: 'short', timeZone: 'UTC' } as const;
  return {
    ...formats,
    date: new Intl.DateTimeFormat(locale, { ...options, year: 'numeric' }),
    day: new Intl.DateTimeFormat(locale, options),
    month: new Intl.DateTimeFormat(locale, { month: 'short', year: 'numeric', timeZone: 'UTC' }),
    time: new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' }),
    weekday: new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' }),
    local: new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'long' }),
  };
}

/** How the language of the page writes them, or English for what another program reads. */
export function formatsOf(language: string): Formats {
  return language === 'en' ? ENGLISH : spoken;
}

/** Writes dates as another language does: once, before the page is drawn. */
export function speakFormats(formats: Formats): void {
  spoken = writer(formats);
}

/** A distance or another number with three significant digits, at most four decimals below a thousandth; a true minus. */
export function threeDigits(value: number): string {
  const text = Math.abs(value) < 0.001 ? value.toFixed(4) : value.toPrecision(3);
  // Next to nothing below 0 has no sign.
  return text.replace(/^-(?=0\.0+$)/, '').replace('-', '−');
}

/** A limit as the person wrote it, with at least two decimals: 0.1 reads as 0.10. */
export function limit(value: number): string {
  const text = String(Number(value.toPrecision(3))).replace('-', '−');
  return /^\d+(\.\d)?$/.test(text) ? value.toFixed(2) : text;
}

/** `24 Jul 2023, 12:30 UTC` */
export function utc(at: number): string {
  return utcBy(spoken, at);
}

/** The same for what another program reads. */
export function utcInEnglish(at: number): string {
  return utcBy(ENGLISH, at);
}

/** `12:30` */
export function utcTime(at: number): string {
  return written(spoken.time, at);
}

/** `Jul 2023` */
export function utcMonth(at: number): string {
  return short(written(spoken.month, at));
}

/** `24 Jul`, and with its year where that is another one than now: `24 Jul 2023` */
export function utcDay(at: number): string {
  const isThisYear = new Date(at).getUTCFullYear() === new Date().getUTCFullYear();
  return short(written(isThisYear ? spoken.day : spoken.date, at));
}

/** `Mon`; other languages write a stop behind it, which would end a sentence twice */
export function weekday(at: number): string {
  return written(spoken.weekday, at).replace('.', '');
}

/** `Mon 24 Jul` */
export function utcWeekday(at: number): string {
  return `${weekday(at)} ${utcDay(at)}`;
}

/** The same instant in the viewer's own time zone, for a tooltip. */
export function localTime(at: number): string {
  return written(spoken.local, at);
}

/** A duration in the largest unit that leaves at least two of it: `11 hours`, `3 days`, `about 40 s`. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 120) return `${String(Math.max(seconds, 1))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${String(minutes)} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? inHours(String(hours)) : `${String(Math.round(hours / 24))} ${spoken.days}`;
}

/** `3.8 hours` */
export function inHours(hours: string): string {
  return `${hours} ${spoken.hours}`;
}

/** Bytes in the unit that fits: `1.4 MB`. */
export function bytes(count: number): string {
  if (count < 1000) return `${String(count)} B`;
  if (count < 1_000_000) return `${(count / 1000).toFixed(0)} kB`;
  return count < 1e9 ? `${(count / 1e6).toFixed(1)} MB` : `${(count / 1e9).toFixed(1)} GB`;
}

/** A moment as a format writes it, which throws for a number that it can't hold; the language's mark for such a one. */
export function written(format: Intl.DateTimeFormat, at: number): string {
  return isWithin(INSTANT, at) ? format.format(at) : spoken.noDate;
}

function utcBy({ date, time, noDate }: typeof ENGLISH, at: number): string {
  return isWithin(INSTANT, at) ? `${short(date.format(at))}, ${time.format(at)} UTC` : noDate;
}

/** Catalan would say `24 de jul. del 2023`, and `24 d’abr.` */
function short(text: string): string {
  return text.replace(/ del? | d’/g, ' ');
}
