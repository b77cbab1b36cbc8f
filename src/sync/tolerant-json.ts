const STRING_OR_WORD = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;
/** No text of a service begins like this, since a NUL can't be typed. */
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
    const marked = text.replace(STRING_OR_WORD, (found) =>
      found.startsWith('"') ? found : JSON.stringify(MARK + found),
    );
    return JSON.parse(marked, (_key, value: unknown) =>
      typeof value === 'string' && value.startsWith(MARK) ? Number(value.slice(MARK.length)) : value,
    );
  }
}
