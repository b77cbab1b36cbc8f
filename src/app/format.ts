const DATE = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});
const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const LOCAL = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' });

/** A distance or another number with three significant digits, at most four decimals below a thousandth; a true minus. */
export function threeDigits(value: number): string {
  const text = Math.abs(value) < 0.001 ? value.toFixed(4) : value.toPrecision(3);
  return text.replace('-', '−');
}

/** A limit as the person wrote it, with at least two decimals: 0.1 reads as 0.10. */
export function limit(value: number): string {
  const text = String(Number(value.toPrecision(3))).replace('-', '−');
  return /^\d+(\.\d)?$/.test(text) ? value.toFixed(2) : text;
}

/** `24 Jul 2023, 12:30 UTC` */
export function utc(at: number): string {
  return `${DATE.format(at)}, ${TIME.format(at)} UTC`;
}

/** `12:30` */
export function utcTime(at: number): string {
  return TIME.format(at);
}

/** `24 Jul` */
export function utcDay(at: number): string {
  return DAY.format(at);
}

/** The same instant in the viewer's own time zone, for a tooltip. */
export function localTime(at: number): string {
  return LOCAL.format(at);
}

/** A duration in the largest unit that leaves at least two of it: `11 hours`, `3 days`, `about 40 s`. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 120) return `${String(Math.max(seconds, 1))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${String(minutes)} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${String(hours)} hours` : `${String(Math.round(hours / 24))} days`;
}

/** Bytes in the unit that fits: `1.4 MB`. */
export function bytes(count: number): string {
  if (count < 1000) return `${String(count)} B`;
  if (count < 1_000_000) return `${(count / 1000).toFixed(0)} kB`;
  return count < 1e9 ? `${(count / 1e6).toFixed(1)} MB` : `${(count / 1e9).toFixed(1)} GB`;
}
