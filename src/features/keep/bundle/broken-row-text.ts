import type { BrokenRow } from '../../../core/storage/rows/broken-rows';

/** A broken row as JSON: what JSON has no word for, such as NaN, becomes text; numbers of an embedding become a list. */
export function brokenRowText(found: BrokenRow): string {
  try {
    return JSON.stringify(found, sayable);
  } catch {
    // A row may hold itself.
    return JSON.stringify({ ...found, row: null }, sayable);
  }
}

function sayable(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
    ? Array.from(value as unknown as ArrayLike<unknown>)
    : value;
}
