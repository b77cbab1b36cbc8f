import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import fc from 'fast-check';
import type { Span } from '../../src/core/domain/usable/span';
import { bytesOf, NoText, decodeText } from '../../src/features/science/counts/text-of';
import { mask } from '../../src/features/science/pure/counts/mask';
import type { Way } from '../../src/features/science/pure/counts/moments';
import { DELIMITERS } from '../../src/features/science/pure/counts/records';
import { CountsFile, type Answers, type QuestionId } from '../../src/features/science/pure/counts/understand';
import { damagedBytes } from './hostile';
import { assertSound, holds } from './holds';

const MINUTE = 60_000;
const two = (value: number) => String(value).padStart(2, '0');
const CHOICE = { setAside: new Set(['fouled'] as const), needed: 0.5 };
const SPANS: readonly Span[] = [
  {
    ...{
      usability: 'fouled',
      reason: 'growth',
      begin: 0,
      end: Date.UTC(2027, 0, 1),
      effort: 0,
      byHandId: null,
    },
    ...{ referenceId: null, snapshots: 1, cover: null, timesOfLimit: null },
  },
];

/** A way of writing moments, and by which way of reading it is understood rightly. */
interface Writing {
  readonly way: Way;
  readonly isZoned: boolean;
  readonly write: (at: number) => string;
}

const parts = (at: number) => {
  const date = new Date(at);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  return { year, month, day, hour: date.getUTCHours(), minute: date.getUTCMinutes() };
};
const clock = (at: number) => `${two(parts(at).hour)}:${two(parts(at).minute)}`;
const half = (at: number) => {
  const { hour, minute } = parts(at);
  return `${String(((hour + 11) % 12) + 1)}:${two(minute)} ${hour < 12 ? 'AM' : 'PM'}`;
};
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const serial = (at: number, days: number) => (at / 86_400_000 + days).toFixed(9).replace(/\.?0+$/, '');

const WRITINGS: readonly Writing[] = [
  { way: 'ymd', isZoned: true, write: (at) => new Date(at).toISOString() },
  { way: 'ymd', isZoned: false, write: (at) => new Date(at).toISOString().slice(0, 19).replace('T', ' ') },
  {
    way: 'ymd',
    isZoned: true,
    write: (at) => `${new Date(at + 120 * MINUTE).toISOString().slice(0, 19).replace('T', ' ')}+02:00`,
  },
  {
    way: 'dmy',
    isZoned: false,
    write: (at) => {
      const { year, month, day } = parts(at);
      return `${two(day)}/${two(month)}/${String(year)} ${clock(at)}`;
    },
  },
  {
    way: 'mdy',
    isZoned: false,
    write: (at) => {
      const { year, month, day } = parts(at);
      return `${String(month)}/${String(day)}/${String(year)} ${half(at)}`;
    },
  },
  {
    way: 'dmy',
    isZoned: false,
    write: (at) => {
      const { year, month, day } = parts(at);
      return `${two(day)}.${two(month)}.${String(year).slice(2)} ${clock(at)}`;
    },
  },
  {
    way: 'mdy',
    isZoned: false,
    write: (at) => {
      const { year, month, day } = parts(at);
      return `${two(month)}-${two(day)}-${String(year).slice(2)} ${clock(at)}`;
    },
  },
  {
    way: 'named',
    isZoned: false,
    write: (at) => {
      const { year, month, day } = parts(at);
      return `${String(day)}-${MONTHS[month - 1]!}-${String(year)} ${clock(at)}`;
    },
  },
  { way: 'seconds', isZoned: true, write: (at) => String(at / 1000) },
  { way: 'milliseconds', isZoned: true, write: (at) => String(at) },
  { way: 'serial1900', isZoned: false, write: (at) => serial(at, 25_569) },
  { way: 'serial1904', isZoned: false, write: (at) => serial(at, 24_107) },
];

interface Table {
  readonly rows: readonly { readonly at: number; readonly fish: number | null; readonly mass: number }[];
  readonly writing: Writing;
  readonly delimiter: (typeof DELIMITERS)[number];
  readonly decimal: 'point' | 'comma';
  readonly hasThousands: boolean;
  readonly hasMass: boolean;
  readonly isQuoted: boolean;
  readonly index: 'none' | 'pandas' | 'r';
  readonly eol: string;
  readonly encoding: 'utf-8' | 'utf-8 bom' | 'utf-16le';
  readonly preamble: number;
  /** whether a title stands above the names, with empty cells behind it as a spreadsheet writes it; not as R writes tables */
  readonly isTitled: boolean;
  readonly missing: string;
}

const tables: fc.Arbitrary<Table> = fc.record({
  rows: fc.array(
    fc.record({
      at: fc
        .integer({ min: Date.UTC(2012, 0, 1) / MINUTE, max: Date.UTC(2031, 11, 31) / MINUTE })
        .map((minutes) => minutes * MINUTE),
      fish: fc.option(fc.oneof(fc.nat(40), fc.nat(3000), fc.nat(2_000_000)), { freq: 5 }),
      mass: fc.integer({ min: -99_999, max: 999_999 }).map((value) => value / 1000),
    }),
    { minLength: 2, maxLength: 12 },
  ),
  writing: fc.constantFrom(...WRITINGS),
  delimiter: fc.constantFrom(...DELIMITERS),
  decimal: fc.constantFrom('point', 'comma'),
  hasThousands: fc.boolean(),
  hasMass: fc.boolean(),
  isQuoted: fc.boolean(),
  index: fc.constantFrom('none', 'pandas', 'r'),
  eol: fc.constantFrom('\n', '\r\n', '\r'),
  encoding: fc.constantFrom('utf-8', 'utf-8 bom', 'utf-16le'),
  preamble: fc.nat(3),
  isTitled: fc.boolean(),
  missing: fc.constantFrom('', 'NA', 'NaN'),
});

function written(value: number, { decimal, hasThousands }: Table): string {
  const [whole = '', rest] = String(value).split('.');
  const grouped = hasThousands ? whole.replace(/(?<=\d)(?=(?:\d{3})+$)/g, ',') : whole;
  const text = rest === undefined ? grouped : `${grouped}.${rest}`;
  return decimal === 'point' ? text : text.replace(/[.,]/g, (mark) => (mark === '.' ? ',' : '.'));
}

function fileOf(table: Table): Uint8Array<ArrayBuffer> {
  const { rows, writing, delimiter, isQuoted, index, eol, encoding, hasMass } = table;
  const cell = (text: string, isText: boolean) =>
    (isQuoted && isText) || text.includes(delimiter) ? `"${text}"` : text;
  const names = ['when', 'fish', ...(hasMass ? ['mass'] : [])].map((name) => cell(name, true));
  const head = index === 'pandas' ? [cell('', true), ...names] : names;
  const lines = rows.map(({ at, fish, mass }, i) =>
    [
      ...(index === 'none' ? [] : [cell(String(i + (index === 'r' ? 1 : 0)), index === 'r')]),
      cell(
        writing
          .write(at)
          .replace('.', writing.way.startsWith('serial') && table.decimal === 'comma' ? ',' : '.'),
        true,
      ),
      cell(fish === null ? table.missing : written(fish, table), false),
      ...(hasMass ? [cell(written(mass, table), false)] : []),
    ].join(delimiter),
  );
  const preamble = Array.from(
    { length: table.preamble },
    (_, i) => `# station ${String(i)}, exported; by hand`,
  );
  const title =
    table.isTitled && index !== 'r' ? [`Fish of the reef${delimiter.repeat(head.length - 1)}`] : [];
  const text = [...preamble, ...title, head.join(delimiter), ...lines].join(eol) + eol;
  if (encoding === 'utf-16le') return new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'));
  return new Uint8Array(Buffer.from(encoding === 'utf-8' ? text : `\ufeff${text}`));
}

/** What a person would answer who knows the table. */
function truth({ delimiter, writing, decimal, index }: Table): Required<Answers> {
  const first = index === 'none' ? 0 : 1;
  return {
    ...{ names: '0', delimiter, time: String(first), clock: 'none', way: writing.way, zone: 'UTC', decimal },
    ...{ counts: String(first + 1), sentinel: 'number', stands: 'moment' },
  };
}

test('whatever program wrote a table, each of its facts is right or asked about, and it comes back byte for byte', async () => {
  let [asked, decided, refused] = [0, 0, 0];
  await holds(
    tables,
    async (table) => {
      const bytes = fileOf(table);
      const text = decodeText(bytes.slice());
      const file = new CountsFile(text);
      const right = truth(table);
      let answers: Answers = {};
      let understanding = file.understand(answers);
      for (let turn = 0; !understanding.isReady && turn < 12; turn += 1) {
        // The only ways to be wrong without a word: to decide otherwise, or to leave no choice of the right one.
        for (const { id, chosen, by, choices } of understanding.questions) {
          if (by === 'content' || by === 'name') {
            decided += 1;
            assert.equal(chosen, right[id], `${id} was decided`);
          } else if (chosen === null) {
            asked += 1;
            const needed = id === 'counts' ? [] : [right[id]];
            assert.ok(
              choices.length === 0 || needed.every((one) => choices.includes(one)),
              `no choice of ${id}`,
            );
          }
        }
        if (understanding.problem) break;
        const open = understanding.questions.filter(({ chosen }) => chosen === null);
        answers = {
          ...answers,
          ...Object.fromEntries(open.map(({ id }): [QuestionId, string] => [id, right[id]])),
        };
        understanding = file.understand(answers);
      }
      if (understanding.problem) {
        // Where all counts are missing there is nothing to count.
        refused += 1;
        assert.ok(
          table.rows.every(({ fish }) => fish === null) || understanding.problem.code !== 'no-counts',
        );
        return;
      }
      assert.ok(understanding.isReady, JSON.stringify(understanding.questions));
      const meaning = file.meaning(answers);
      assert.deepEqual(
        [...meaning.times],
        table.rows.map(({ at }) => at),
      );
      const { pieces, totals } = mask(text, meaning, SPANS, CHOICE);
      assert.equal(
        totals.counts,
        table.rows.reduce((sum, { fish }) => sum + (fish ?? 0), 0),
      );
      const returned = new Uint8Array(await new Blob(bytesOf(pieces, text.encoding)).arrayBuffer());
      assertContains(returned, bytes);
    },
    { share: 3 },
  );
  assert.ok(asked > 100 && decided > 100, `${asked} asked, ${decided} decided, ${refused} refused`);
});

/** Each byte of the file stands in what came back, in order, and what is between them begins with a delimiter. */
function assertContains(returned: Uint8Array, given: Uint8Array): void {
  let at = 0;
  for (const byte of given) {
    at = returned.indexOf(byte, at) + 1;
    assert.ok(at > 0, 'something of the file is gone');
  }
}

const SOUND = fileOf({
  rows: [
    { at: Date.UTC(2026, 4, 31, 8, 30), fish: 3, mass: 1.5 },
    { at: Date.UTC(2026, 4, 31, 9, 30), fish: null, mass: 2.25 },
    { at: Date.UTC(2026, 5, 1, 9, 30), fish: 1204, mass: 0.001 },
  ],
  writing: WRITINGS[1]!,
  ...{ delimiter: ';', decimal: 'comma', hasThousands: true, hasMass: true, isQuoted: true, index: 'r' },
  ...{ eol: '\r\n', encoding: 'utf-8', preamble: 1, isTitled: false, missing: 'NA' },
});

test('a damaged table is refused, asked about or masked, and never stops the page', async () => {
  let masked = 0;
  const words = [
    '"',
    '""',
    ';',
    ',',
    '\t',
    '\n',
    '\r',
    '#',
    '\0',
    '\ufeff',
    '=1+1',
    '-999',
    '1e999',
    'sep=|\n',
  ];
  await holds(
    damagedBytes([SOUND, fileOf({ ...tablesExample(), encoding: 'utf-16le' })], words),
    async (bytes) => {
      let text;
      try {
        text = decodeText(new Uint8Array(bytes));
      } catch (error) {
        assert.ok(error instanceof NoText);
        return;
      }
      const file = new CountsFile(text);
      const answers = { delimiter: ';', time: '1', way: 'ymd', zone: 'UTC', counts: '2', decimal: 'comma' };
      for (const given of [{}, { ...answers, sentinel: 'missing', stands: 'next' }]) {
        const understanding = file.understand(given);
        assertSound({ ...understanding, preview: [] }, 100_000);
        if (!understanding.isReady) continue;
        const { totals, pieces } = mask(text, file.meaning(given), SPANS, CHOICE);
        assertSound({ rows: totals.rows, time: totals.time });
        const returned = await new Blob(bytesOf(pieces, text.encoding)).arrayBuffer();
        assert.ok(returned.byteLength > bytes.length);
        masked += 1;
      }
    },
  );
  assert.ok(masked > 0);
});

function tablesExample(): Table {
  return {
    rows: [
      { at: Date.UTC(2026, 4, 31, 8, 30), fish: 3, mass: 1.5 },
      { at: Date.UTC(2026, 4, 31, 9, 30), fish: 4, mass: 2.5 },
    ],
    writing: WRITINGS[1]!,
    ...{
      delimiter: ';',
      decimal: 'comma',
      hasThousands: false,
      hasMass: true,
      isQuoted: false,
      index: 'pandas',
    },
    ...{ eol: '\n', encoding: 'utf-8', preamble: 0, isTitled: false, missing: '' },
  };
}
