import { INSTANT, isWithin } from '../../../core/domain/ranges';

const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(\.\d+)?\s?(Z|[+-]\d\d:?\d\d)?)?$/i;

/**
 * Reads a date as Python, JavaScript and people write it; without a zone it is UTC.
 *
 * @returns milliseconds since 1970, within `INSTANT`, or null for anything else
 */
export function instantOf(text: string): number | null {
  const [, day, minutes, seconds = ':00', fraction = '', zone = 'Z'] = ISO.exec(text.trim()) ?? [];
  if (day === undefined) return null;
  if (minutes === undefined) return instant(`${day}T00:00:00Z`);
  // Browsers agree on milliseconds and on zones with a colon; Python writes microseconds.
  const offset = zone.toUpperCase().replace(/^([+-]\d\d):?(\d\d)$/, '$1:$2');
  return instant(`${day}T${minutes}${seconds}${fraction.slice(0, 4)}${offset}`);
}

function instant(iso: string): number | null {
  const at = Date.parse(iso);
  return isWithin(INSTANT, at) ? at : null;
}

/** All fields with their dotted paths; lists and empty objects are values. */
export function leavesOf(
  fields: Readonly<Record<string, unknown>>,
  prefix = '',
): [path: string, value: unknown][] {
  return Object.entries(fields).flatMap(([key, value]) =>
    isObject(value) && Object.keys(value).length > 0
      ? leavesOf(value, `${prefix}${key}.`)
      : [[`${prefix}${key}`, value] as [string, unknown]],
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A parameter's value as a person reads it, whole and unrounded. */
export function parameterText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}
