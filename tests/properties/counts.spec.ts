import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import fc from 'fast-check';
import type { Span } from '../../src/core/domain/usable/span';
import { textOf } from '../../src/core/encoder/text-of';
import { mask } from '../../src/features/science/pure/counts/mask';
import { guess, type TableReading } from '../../src/core/domain/table/reading';
import { DELIMITERS } from '../../src/core/domain/table/table';
import { damagedBytes } from './hostile';
import { assertSound, holds } from './holds';

const MINUTE = 60_000;
const two = (value: number) => String(value).padStart(2, '0');
const SPANS = [
  { usability: 'fouled', reason: 'growth', begin: 0, end: Date.UTC(2027, 0, 1) } as Span,
  { usability: 'usable', reason: 'clear', begin: Date.UTC(2027, 0, 1), end: Date.UTC(2200, 0, 1) } as Span,
] as const;

/** Ways of writing moments, by the format that reads them. */
const WRITINGS: Readonly<Record<string, (at: Date) => string>> = {
  'ISO 8601': (at) => at.toISOString().slice(0, 19).replace('T', ' '),
  '%d/%m/%Y %H:%M': (at) => `${two(at.getUTCDate())}/${two(at.getUTCMonth() + 1)}/${year(at)} ${clock(at)}`,
  '%m/%d/%Y %H:%M': (at) => `${at.getUTCMonth() + 1}/${at.getUTCDate()}/${year(at)} ${clock(at)}`,
  '%d.%m.%y %H:%M': (at) =>
    `${two(at.getUTCDate())}.${two(at.getUTCMonth() + 1)}.${year(at).slice(2)} ${clock(at)}`,
  '%s': (at) => String(at.getTime() / 1000),
  '%Q': (at) => String(at.getTime()),
};
const year = (at: Date) => String(at.getUTCFullYear());
const clock = (at: Date) => `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;

interface Given {
  readonly rows: readonly { readonly at: number; readonly fish: number | null; readonly note: string }[];
  readonly format: string;
  readonly delimiter: string;
  readonly eol: string;
  readonly mark: string;
  readonly preamble: number;
}

const tables: fc.Arbitrary<Given> = fc.record({
  rows: fc.array(
    fc.record({
      at: fc
        .integer({ min: Date.UTC(2012, 0, 1) / MINUTE, max: Date.UTC(2031, 11, 31) / MINUTE })
        .map((minutes) => minutes * MINUTE),
      fish: fc.option(fc.nat(2_000_000), { freq: 5 }),
      note: fc.constantFrom('', 'a', '"b"', '=1+1', '"c\nd"', '"e, f; g"', '"h ""i"""'),
    }),
    { minLength: 2, maxLength: 12 },
  ),
  format: fc.constantFrom(...Object.keys(WRITINGS)),
  delimiter: fc.constantFrom(...DELIMITERS),
  eol: fc.constantFrom('\n', '\r\n', '\r'),
  mark: fc.constantFrom('', '\ufeff'),
  preamble: fc.nat(3),
});

function written({ rows, format, delimiter, eol, mark, preamble }: Given): string {
  const lines = rows.map(({ at, fish, note }) =>
    [WRITINGS[format]!(new Date(at)), fish === null ? 'NA' : String(fish), note].join(delimiter),
  );
  const remarks = Array.from({ length: preamble }, (_, i) => `# station ${String(i)}, exported; by hand`);
  return mark + [...remarks, ['when', 'fish', 'note'].join(delimiter), ...lines].join(eol) + eol;
}

test('whatever program wrote a table, its format is right or asked about, and nothing of it is lost', async () => {
  let asked = 0;
  await holds(
    tables,
    (given) => {
      const content = written(given);
      const { mark, text } = textOf(Buffer.from(content));
      assert.equal(mark + text, content);
      const guessed = guess(text);
      assert.ok(typeof guessed !== 'string');
      const { table, reading } = guessed;
      if (reading.format === '') asked += 1;
      else assert.equal(reading.format, given.format);
      assert.deepEqual([table.delimiter, reading.time], [given.delimiter, [0]]);
      const read = { ...reading, format: given.format, counts: [1] };
      const { pieces, rows, masked, unreadable } = mask(table, read, SPANS);
      const fouled = given.rows.filter(({ at }) => at < SPANS[0].end).length;
      assert.deepEqual([rows, masked, unreadable], [given.rows.length, fouled, 0]);
      assertContains(pieces.join(''), text);
    },
    { share: 3 },
  );
  assert.ok(asked > 0);
});

/** Each character of the text stands in what came back, in order. */
function assertContains(returned: string, given: string): void {
  let at = 0;
  for (const letter of given) {
    at = returned.indexOf(letter, at) + 1;
    assert.ok(at > 0, 'something of the file is gone');
  }
}

test('a damaged table is refused or masked, and never stops the page', async () => {
  let masked = 0;
  const rows = ['2026-05-31 08:30;3;a', '2026-05-31 09:30;NA;"b\nc"', '2026-06-01 09:30;1204;d'];
  const sound = ['when;fish;note', ...rows].join('\r\n');
  const words = ['"', '""', ';', ',', '\t', '\n', '\r', '#', '\0', '\ufeff', '=1+1', '1e999', 'sep=|\n'];
  const changes: readonly Partial<TableReading>[] = [
    {},
    { time: [0], format: '%Q', zone: 'Europe/Madrid', minutes: 1e9 },
    { time: [1, 2], format: '%%', counts: [0, 99] },
  ];
  await holds(
    damagedBytes([Buffer.from(sound), Buffer.from(`\ufeff${sound}`, 'utf16le')], words),
    (bytes) => {
      const { text } = textOf(new Uint8Array(bytes));
      const guessed = guess(text);
      if (typeof guessed === 'string') return;
      for (const change of changes) {
        const { pieces, ...facts } = mask(guessed.table, { ...guessed.reading, ...change }, SPANS);
        assertSound({ ...facts, preview: [] }, 100_000);
        assert.ok(pieces.join('').length > text.length);
        masked += 1;
      }
    },
  );
  assert.ok(masked > 0);
});
