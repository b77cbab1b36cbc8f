import { formatsOf, isThisYear, numeral, utcTime, written } from './format';

const MINUTE = 60_000;
/** By the language in which they write. */
const WRITERS = new Map<string, ReturnType<typeof writer>>();

function writer(locale: string) {
  const utc = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  const fractions = { minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 } as const;
  return {
    date: utc({ day: 'numeric', month: 'short', year: 'numeric' }),
    day: utc({ day: 'numeric', month: 'short' }),
    month: utc({ month: 'short', year: 'numeric' }),
    fractions: utc({ hour: '2-digit', ...fractions }),
  };
}

function spoken() {
  const { locale } = formatsOf();
  const known = WRITERS.get(locale) ?? writer(locale);
  WRITERS.set(locale, known);
  return known;
}

/** `24 Jul` or `24 Jul 2023`, for an axis. */
export function tickDay(at: number): string {
  return short(written(isThisYear(at) ? spoken().day : spoken().date, at));
}

/** `12:30`, `12:30:05` or `12:30:05.250`, for an axis: as fine as all its ticks need. */
export function tickTime(at: number, ticks: readonly number[]): string {
  const areWhole = (unit: number) => ticks.every((tick) => tick % unit === 0);
  if (areWhole(MINUTE)) return utcTime(at);
  return written(areWhole(1000) ? formatsOf().seconds : spoken().fractions, at);
}

/** A number on an axis: as fine as its ticks are apart. */
export function tickNumber(value: number, step: number): string {
  const isWhole = (scaled: number) => Math.abs(scaled - Math.round(scaled)) < 1e-6 * scaled;
  let decimals = 0;
  while (decimals < 12 && !isWhole(Math.abs(step) * 10 ** decimals)) decimals += 1;
  return numeral(Number(value.toFixed(decimals)));
}

/** `Jul 2023`, for an axis. */
export function tickMonth(at: number): string {
  return short(written(spoken().month, at));
}

/** Catalan would say `24 de jul. del 2023`, and `24 d’abr.` */
function short(text: string): string {
  return text.replace(/ del? | d’/g, ' ').replace('.', '');
}
