import { randomUUID } from 'node:crypto';

/** Values that Python's json reads and writes: JavaScript's JSON, NaN, ±Infinity and integers of any length. */
export type Json = null | boolean | number | bigint | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

const TOKENS = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;

/** Marks, in text that JSON.parse accepts, what it would refuse or round. */
const MARK = `${randomUUID()} `;

/**
 * Reads JSON as Python does.
 *
 * @returns a bigint for an integer that a double can't hold
 * @throws SyntaxError
 */
export function loads(text: string): Json {
  const strict = text.replace(TOKENS, (token) => {
    const isKept = token.startsWith('"') || /[.eE]/.test(token) || Number.isSafeInteger(Number(token));
    return isKept ? token : JSON.stringify(MARK + token);
  });
  return JSON.parse(strict, (_key, value: Json) => {
    if (typeof value !== 'string' || !value.startsWith(MARK)) return value;
    const token = value.slice(MARK.length);
    return /\d/.test(token) ? BigInt(token) : Number(token);
  }) as Json;
}

/** Writes JSON as Flask does: keys in alphabetical order, ASCII only, NaN and ±Infinity as bare literals. */
export function dumps(value: Json): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return ascii(JSON.stringify(value));
  if (value === null || typeof value === 'boolean') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(dumps).join(',')}]`;
  const members = Object.keys(value)
    .sort()
    .map((key) => `${ascii(JSON.stringify(key))}:${dumps(value[key]!)}`);
  return `{${members.join(',')}}`;
}

function ascii(text: string): string {
  return text.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** True if a value is a JSON object. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
