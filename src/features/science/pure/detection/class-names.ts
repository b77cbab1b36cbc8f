/** Most classes of a detector; further ones in a file are not read. */
const MOST_CLASSES = 10_000;
const LONGEST_TEXT = 1_000_000;

/** JSON has numbers as text. */
const KEY = String.raw`(['"]?)(?<key>\d{1,5})\1\s*:\s*`;
const NAME = String.raw`(?<name>'[^'\\]*(?:\\[^][^'\\]*)*'|"[^"\\]*(?:\\[^][^"\\]*)*")\s*(?<comma>,?)\s*`;
const ESCAPE = /\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[^])/;
const ESCAPED: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' };

/**
 * The names of a detector's classes as exporters write them into an ONNX file: a Python dict `{0: 'fish', 1: "diver's"}` or
 * list, or the same in JSON. It is read as data, never run.
 *
 * @returns by number, a class that is left out being called by it; null for anything else
 */
export function readClassNames(text: string): readonly string[] | null {
  const [begin, bracket] = /^\s*([{[])\s*/.exec(text) ?? [];
  if (begin === undefined || text.length > LONGEST_TEXT) return null;
  const isDict = bracket === '{';
  const entry = new RegExp((isDict ? KEY : '') + NAME, 'y');
  const names = new Map<number, string>();
  let at = begin.length;
  let isMore = true;
  while (isMore) {
    entry.lastIndex = at;
    const found = entry.exec(text)?.groups;
    // A comma may be the last.
    if (!found) break;
    const id = isDict ? Number(found['key']) : names.size;
    const name = unescaped(found['name']!);
    if (name === null || id >= MOST_CLASSES) return null;
    names.set(id, name);
    at = entry.lastIndex;
    isMore = found['comma'] === ',';
  }
  if (names.size === 0 || text.slice(at).trimEnd() !== (isDict ? '}' : ']')) return null;
  const count = Math.max(...names.keys()) + 1;
  return Array.from({ length: count }, (_, id) => names.get(id) ?? String(id));
}

/** Content of a text in quotes; null if an escape can't be read. */
function unescaped(quoted: string): string | null {
  const parts = quoted
    .slice(1, -1)
    .split(ESCAPE)
    .map((part, i) => (i % 2 === 0 ? part : escaped(part)));
  return parts.includes(null) ? null : parts.join('');
}

/** @returns null where digits are missing or name no character */
function escaped(part: string): string | null {
  if (!/^[xuU]/.test(part)) return ESCAPED[part] ?? part;
  const code = Number.parseInt(part.slice(1), 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : null;
}
