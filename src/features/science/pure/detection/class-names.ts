/** Of a detector; what a file says beyond them is not read. */
const MOST_CLASSES = 10_000;
const LONGEST_TEXT = 1_000_000;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' };
const SPACE = /\s*/y;
const NUMBER = /\d{1,5}/y;
const HEXADECIMAL: Readonly<Record<string, RegExp>> = {
  x: /[\da-f]{2}/iy,
  u: /[\da-f]{4}/iy,
  U: /[\da-f]{8}/iy,
};

/**
 * The names of a detector's classes as exporters write them into an ONNX file: a Python dict `{0: 'fish', 1: "diver's"}` or
 * list, or the same in JSON. It is read as data, never run.
 *
 * @returns by number, a class that is left out being called by it; null for anything else
 */
export function readClassNames(text: string): readonly string[] | null {
  if (text.length > LONGEST_TEXT) return null;
  const reader = new LiteralReader(text);
  const names = reader.names();
  if (!names || names.size === 0) return null;
  const count = Math.max(...names.keys()) + 1;
  return Array.from({ length: count }, (_, id) => names.get(id) ?? String(id));
}

class LiteralReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  names(): Map<number, string> | null {
    const names = new Map<number, string>();
    const end = this.#takes('{') ? '}' : this.#takes('[') ? ']' : null;
    if (end === null) return null;
    while (!this.#takes(end)) {
      const id = end === '}' ? this.#key() : names.size;
      const name = id === null ? null : this.#string();
      if (id === null || name === null || id >= MOST_CLASSES) return null;
      names.set(id, name);
      if (this.#takes(',')) continue;
      if (!this.#takes(end)) return null;
      break;
    }
    this.#match(SPACE);
    return this.#at === this.#text.length ? names : null;
  }

  /** JSON has numbers as text. */
  #key(): number | null {
    const quoted = this.#string();
    const written = quoted ?? this.#match(NUMBER);
    const isNumber = written !== null && /^\d{1,5}$/.test(written);
    return isNumber && this.#takes(':') ? Number(written) : null;
  }

  #string(): string | null {
    this.#match(SPACE);
    const quote = this.#text[this.#at];
    if (quote !== "'" && quote !== '"') return null;
    this.#at += 1;
    const parts: string[] = [];
    for (;;) {
      const letter = this.#text[this.#at];
      this.#at += 1;
      if (letter === undefined) return null;
      if (letter === quote) return parts.join('');
      const part = letter === '\\' ? this.#escape() : letter;
      if (part === null) return null;
      parts.push(part);
    }
  }

  #escape(): string | null {
    const letter = this.#text[this.#at];
    this.#at += 1;
    if (letter === undefined) return null;
    const digits = HEXADECIMAL[letter];
    if (!digits) return ESCAPES[letter] ?? letter;
    const code = Number.parseInt(this.#match(digits) ?? '', 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : null;
  }

  #takes(letter: string): boolean {
    this.#match(SPACE);
    if (this.#text[this.#at] !== letter) return false;
    this.#at += 1;
    return true;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (!found) return null;
    this.#at = pattern.lastIndex;
    return found[0];
  }
}
