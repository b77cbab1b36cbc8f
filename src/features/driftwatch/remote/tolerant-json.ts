const WORD = /-?\bInfinity\b|\bNaN\b/g;
/** No text of a service begins like this, because a NUL can't be typed. */
const MARK = '\u0000number:';

/**
 * Parses JSON as Python writes it: bare `NaN`, `Infinity` and `-Infinity` become those numbers, so that one
 * record with them does not hide all the others.
 *
 * @throws SyntaxError when it isn't JSON otherwise
 */
export function parseTolerantly(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return unmarked(JSON.parse(marked(text)));
  }
}

/**
 * The text with its bare words as marked strings. One pattern for strings and words would look for the end of a string
 * from each of its quotes: 30 s for 100 kB that are cut off (Node 20, 2026-11).
 */
function marked(text: string): string {
  const parts: string[] = [];
  for (let at = 0; at < text.length;) {
    const quote = text.indexOf('"', at);
    const bare = text.slice(at, quote < 0 ? text.length : quote);
    at = quote < 0 ? text.length : endOfString(text, quote);
    parts.push(
      bare.replace(WORD, (found) => JSON.stringify(MARK + found)),
      quote < 0 ? '' : text.slice(quote, at),
    );
  }
  return parts.join('');
}

function endOfString(text: string, quote: number): number {
  for (let at = quote + 1; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

/** The value with its marked numbers as numbers. Not recursive, because deep nesting would overflow the stack. */
function unmarked(value: unknown): unknown {
  const whole = { value };
  const holders: object[] = [whole];
  for (let holder = holders.pop(); holder; holder = holders.pop()) {
    for (const [key, inner] of Object.entries(holder) as [string, unknown][]) {
      if (typeof inner === 'object' && inner !== null) holders.push(inner);
      else if (typeof inner === 'string' && inner.startsWith(MARK)) {
        // Assigning to `__proto__` would do something else.
        Object.defineProperty(holder, key, { value: Number(inner.slice(MARK.length)) });
      }
    }
  }
  return whole.value;
}
