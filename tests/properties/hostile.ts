import fc from 'fast-check';
import { INSTANT } from '../../src/core/domain/ranges';

/** Longer than anything that is a name, and short enough to be read in no time. */
const LONG = 100_000;

/** Numbers at the edges of what programs expect. */
export const hostileNumbers: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 0.5, 1.5, NaN, Infinity, -Infinity, 1e300, -1e300, 5e-324, Number.MIN_VALUE),
  fc.constantFrom(
    2 ** 31,
    -(2 ** 31),
    2 ** 32,
    2 ** 53,
    -(2 ** 53),
    2 ** 63,
    2 ** 64,
    8.64e15,
    8.64e15 + 1,
    -8.64e15,
  ),
  fc.constantFrom(
    INSTANT.most,
    INSTANT.most + 1,
    Date.UTC(2026, 4, 17),
    Date.UTC(1900, 0),
    253_402_300_800_000,
  ),
  fc.integer(),
  fc.double(),
);

/** Keys that a careless program takes for an object's own, and ordinary ones. */
const hostileKeys = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '', '0', 'length'),
  fc.string({ maxLength: 8 }),
);

/** Texts that a careless pattern or a recursion takes ages for, or fails at. */
export const longTexts: readonly string[] = [
  ...[
    'x',
    ' ',
    '\0',
    '\u{1f41f}',
    '"',
    '\\"',
    '"\\',
    "'",
    '#',
    '\n',
    '_jpg.rf.a',
    '2026-',
    '20260101-',
    'a.',
  ],
  ...['[', '{"a":', '/../', '\ud800', 'NaN,', '-', '0:', '1', '"""'],
].map((part) => part.repeat(Math.ceil(LONG / part.length)));

/** Texts that mean something to a path, a link, a spreadsheet, a parser, or the one who reads them. */
export const hostileStrings: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: fc.string({ unit: 'binary', maxLength: 24 }) },
  { weight: 4, arbitrary: fc.string({ unit: 'binary-ascii', maxLength: 24 }) },
  { weight: 4, arbitrary: hostileKeys },
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      ...[
        '.',
        '..',
        '../../etc/passwd',
        '..\\..\\x',
        '/a',
        '//host.invalid/a',
        'C:\\x',
        'a/b',
        'a\0b',
        '%2e%2e%2f',
      ],
      ...[
        '\ud800',
        'a\udfff.jpg',
        '\u202egpj.exe',
        'a\u2028b',
        '\ufeffx',
        'e\u0301',
        '\u{1f41f}'.repeat(300),
      ],
      ...[
        '=1+1',
        '@x',
        '<img src=x onerror=alert(1)>',
        'javascript:alert(1)',
        'http://[',
        'https://a:b@host.invalid/',
      ],
      ...[
        'NaN',
        '-Infinity',
        '1e999',
        '9'.repeat(400),
        '0x10',
        'null',
        '{"a":',
        '[[',
        '"""',
        "'''",
        '${x}',
        '\\u0000',
      ],
      ...[
        '0000-00-00T00:00:00Z',
        '9999-12-31T23:59:59Z',
        '+275760-09-13T00:00:00Z',
        '1969-12-31',
        '2026-02-30',
      ],
      ...['20260230-250000-A.jpg', '19700101-000000+23:59', '99991231-235959-A.jpg', '0000:00:00 00:00:00'],
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(...longTexts) },
);

/** Anything that JSON can say, and the numbers that it can't. */
export const hostileValues: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { weight: 6, arbitrary: hostileNumbers },
    { weight: 6, arbitrary: hostileStrings },
    { weight: 3, arbitrary: fc.constantFrom(null, true, false) },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 4 }) },
    { weight: 1, arbitrary: fc.dictionary(hostileKeys, tie('value'), { maxKeys: 4, noNullPrototype: true }) },
  ),
})).value;

interface Edit {
  readonly at: number;
  readonly how: 'replace' | 'remove' | 'add' | 'repeat';
  readonly key: string;
  readonly value: unknown;
}

type Holder = Record<string, unknown> | unknown[];

/** A valid value, with a few of its parts replaced, removed, added or repeated. */
export function damaged(right: unknown): fc.Arbitrary<unknown> {
  const edit = fc.record({
    at: fc.nat(),
    how: fc.constantFrom<Edit['how']>('replace', 'replace', 'replace', 'remove', 'add', 'repeat'),
    key: hostileKeys,
    value: hostileValues,
  });
  return fc.array(edit, { maxLength: 3 }).map((edits) => {
    const whole = { whole: structuredClone(right) };
    for (const each of edits) apply(whole, each);
    return whole.whole ?? null;
  });
}

function apply(whole: { whole?: unknown }, { at, how, key, value }: Edit): void {
  const places = placesIn(whole);
  const place = places[at % places.length];
  if (!place) return;
  const [holder, name] = place;
  const inner = Reflect.get(holder, name) as unknown;
  if (how === 'remove') {
    if (Array.isArray(holder)) holder.splice(Number(name), 1);
    else Reflect.deleteProperty(holder, name);
  } else if (how === 'repeat' && Array.isArray(holder)) holder.push(inner);
  else if (how === 'add' && isHolder(inner)) {
    const own = Array.isArray(inner) ? String(inner.length) : key;
    Object.defineProperty(inner, own, { value, enumerable: true, writable: true, configurable: true });
  } else Object.defineProperty(holder, name, { value, enumerable: true, writable: true, configurable: true });
}

function isHolder(value: unknown): value is Holder {
  return typeof value === 'object' && value !== null;
}

function placesIn(holder: object): (readonly [Holder, string])[] {
  return Object.entries(holder).flatMap(([name, inner]: [string, unknown]) => [
    [holder as Holder, name] as const,
    ...(isHolder(inner) ? placesIn(inner) : []),
  ]);
}

/** JSON with what `JSON.stringify` would soften: -0, numbers too large to be finite, and bare NaN if it is wanted. */
export function jsonOf(value: unknown, nan = 'null'): string {
  if (typeof value === 'number') {
    if (Number.isNaN(value)) return nan;
    return Object.is(value, -0) ? '-0' : String(value).replace('Infinity', '1e999');
  }
  if (Array.isArray(value)) return `[${value.map((item) => jsonOf(item, nan)).join(',')}]`;
  if (!isHolder(value)) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}:${jsonOf(inner, nan)}`);
  return `{${entries.join(',')}}`;
}

const INTEGERS = [0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

/**
 * Files that are right, with bytes changed, cut off, taken out, put in or exchanged with another's.
 *
 * @param words - what means something in such a file
 */
export function damagedBytes(
  files: readonly Uint8Array[],
  words: readonly (string | Uint8Array)[] = [],
): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  // Most of what a parser decides by stands in the first bytes, or in the last ones.
  const place = fc.oneof(
    fc.nat({ max: 63 }),
    fc.nat(),
    fc.nat({ max: 63 }).map((back) => -1 - back),
  );
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 8 }),
    fc
      .constantFrom(...INTEGERS)
      .map((value) => Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24)),
    fc
      .constantFrom(...INTEGERS)
      .map((value) => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)),
    ...(words.length > 0 ? [fc.constantFrom(...words).map((word) => Buffer.from(word))] : []),
  );
  const edit = fc.record({
    how: fc.constantFrom('flip', 'write', 'write', 'insert', 'insert', 'remove', 'cut', 'copy', 'exchange'),
    at: place,
    from: place,
    length: fc.nat({ max: 300 }),
    bit: fc.nat({ max: 7 }),
    piece,
    other: fc.nat({ max: Math.max(0, files.length - 1) }),
  });
  return fc.tuple(fc.constantFrom(...files), fc.array(edit, { maxLength: 4 })).map(([file, edits]) =>
    edits.reduce((bytes, { how, at, from, length, bit, piece, other }) => {
      const size = bytes.length;
      const [start, source] = [at, from].map((where) => ((where % (size + 1)) + size + 1) % (size + 1)) as [
        number,
        number,
      ];
      const joined = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
      const [head, tail] = [bytes.subarray(0, start), bytes.subarray(start)];
      if (how === 'flip') return joined(head, Uint8Array.of((tail[0] ?? 0) ^ (1 << bit)), tail.subarray(1));
      if (how === 'write') return joined(head, piece, tail.subarray(piece.length));
      if (how === 'insert') return joined(head, piece, tail);
      if (how === 'remove') return joined(head, tail.subarray(length));
      if (how === 'cut') return joined(head);
      if (how === 'copy') return joined(head, bytes.subarray(source, source + length), tail);
      return joined(head, (files[other] ?? bytes).subarray(start));
    }, new Uint8Array(file)),
  );
}
