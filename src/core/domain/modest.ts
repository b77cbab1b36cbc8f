/** Records and rows of ours have three levels; no other program's that we know has ten. */
const MOST_LEVELS = 32;
/** A hundred times what a record of ours holds. */
const MOST_VALUES = 10_000;

/**
 * True for a JSON value of a size that can be drawn, compared and stored. What is nested more deeply ends
 * in an overflow wherever it is walked through by recursion; this looks without one.
 *
 * @param mostValues - Infinity where only the depth matters
 */
export function isModest(value: unknown, mostValues = MOST_VALUES): boolean {
  let level: unknown[] = [value];
  let values = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    values += level.length;
    if (depth > MOST_LEVELS || values > mostValues) return false;
    const next: unknown[] = [];
    for (const inner of level) {
      if (typeof inner !== 'object' || inner === null) continue;
      for (const value of Object.values(inner)) {
        next.push(value);
        if (next.length > mostValues) return false;
      }
    }
    level = next;
  }
  return true;
}
