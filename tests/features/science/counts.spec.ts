import { expect, test } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { csvParseRows } from 'd3-dsv';
import type { Span, Usability } from '../../../src/core/domain/usable/span';
import { textOf } from '../../../src/core/encoder/text-of';
import { mask, type MaskOutcome } from '../../../src/features/science/pure/counts/mask';
import { ISO, momentOf, momentReader } from '../../../src/core/domain/table/moments';
import { guess, type Guess, type TableReading } from '../../../src/core/domain/table/reading';
import { cellsOf, tableOf } from '../../../src/core/domain/table/table';
import { zoneOf } from '../../../src/core/domain/camera/time/zone';

interface Expected {
  readonly spans: readonly Span[];
  readonly judged: {
    readonly rows: readonly {
      readonly flag: number;
      readonly usability: Usability;
      readonly reason: string;
      readonly percent: number;
      readonly isMasked: boolean;
    }[];
    readonly masked: number;
    readonly by: MaskOutcome['by'];
  };
  readonly dialects: readonly (Pick<TableReading, 'time' | 'counts' | 'format' | 'zone'> & {
    readonly file: string;
    readonly untimed: number;
    readonly order: readonly number[] | null;
    readonly encoding: string;
  })[];
}

const FOLDER = new URL('../../fixtures/counts/', import.meta.url);
const expected = JSON.parse(readFileSync(new URL('expected.json', FOLDER), 'utf8')) as Expected;

function guessed(content: string): Exclude<Guess, string> {
  const found = guess(content);
  if (typeof found === 'string') throw new Error(found);
  return found;
}

function opened(name: string) {
  const { mark, text } = textOf(readFileSync(new URL(name, FOLDER)));
  return { mark, text, ...guessed(text) };
}

function maskedText(content: string, change: Partial<TableReading> = {}): string {
  const { table, reading } = guessed(content);
  return mask(table, { ...reading, ...change }, expected.spans).pieces.join('');
}

for (const dialect of expected.dialects) {
  test(`${dialect.file}: its time and its counts are found`, () => {
    const { reading } = opened(dialect.file);
    const { time, format, counts } = dialect;
    expect(reading).toEqual({ time, format, counts, zone: 'UTC', minutes: 0 });
  });

  test(`${dialect.file}: each hour gets its flag, and is masked unless its time is usable`, () => {
    const { rows, masked, by } = expected.judged;
    const { table, reading, text } = opened(dialect.file);
    const { file, zone, untimed, order } = dialect;
    const result = mask(table, { ...reading, zone, minutes: 60 }, expected.spans);
    expect(result).toMatchObject({
      rows: rows.length + untimed,
      masked: masked + untimed,
      by: { ...by, unknown: by.unknown! + untimed },
      unreadable: untimed,
      unreadableLines: untimed > 0 ? [rows.length + 2] : [],
    });

    // Nothing of theirs is altered: each of their lines is the begin of one of ours.
    const ours = result.pieces.join('').split(/\r\n|\n|\r/);
    const theirs = text.split(/\r\n|\n|\r/);
    expect(ours.map((line, i) => line.slice(0, theirs[i]!.length))).toEqual(theirs);

    const all = ours.map((line) => cellsOf(line, table.delimiter)).filter((cells) => cells.length > 1);
    const [names, ...lines] = all.slice(all.findIndex((cells) => cells.includes('qartod_flag')));
    const column = (name: string) => names!.indexOf(name);
    const timed = lines.slice(0, rows.length);
    const wanted = timed.map((_, i) => rows[order?.[i] ?? i]!);
    const added = ['qartod_flag', 'porthole_usability', 'reason', 'usable_percent'].map(column);
    expect(timed.map((cells) => added.map((at) => cells[at]))).toEqual(
      wanted.map(({ flag, usability, reason, percent }) => [
        ...[String(flag), usability, reason, String(percent)],
      ]),
    );
    const own = reading.counts[0]!;
    const copy = column(`${names![own]!}_masked`);
    expect(
      timed.map((cells) => cells[copy]),
      file,
    ).toEqual(wanted.map(({ isMasked }, i) => (isMasked ? '' : timed[i]![own])));
  });
}

test('UTF-8 comes back byte for byte, and UTF-16 and Windows-1252 as UTF-8 with its mark', () => {
  for (const { file, encoding } of expected.dialects) {
    const bytes = readFileSync(new URL(file, FOLDER));
    const { mark, text } = textOf(bytes);
    if (encoding === 'utf-8') expect(Buffer.from(mark + text)).toEqual(bytes);
    else expect([mark, /Nº|–/.test(text)]).toEqual(['\ufeff', true]);
  }
});

test('cells are those that d3-dsv finds, and line breaks within quotes end no line', () => {
  const text = 'a,"b ""c""",d\r\n,"e\nf",\r\n"",1,"x, y"\n';
  const { lines } = tableOf(text, ',');
  expect(lines.join('')).toBe(text);
  expect(lines.map((line) => cellsOf(line, ','))).toEqual(csvParseRows(text));
  // Quotes that never close take the rest with them; nothing is lost.
  const open = 'time,fish,note\n2026-05-10,1,a\n2026-05-11,2,"b\n2026-05-12,3,c\n';
  expect(maskedText(open).startsWith('time,fish,note,qartod_flag')).toBe(true);
  expect(tableOf(open, ',').lines.join('')).toBe(open);
});

test('a clock that is set forward or back is believed only where it shows a time once', () => {
  const madrid = zoneOf('Europe/Madrid');
  const utc = (text: string) => Date.parse(`${text}Z`);
  expect(momentOf(utc('2026-07-01T12:00'), madrid)).toBe(utc('2026-07-01T10:00'));
  expect(momentOf(utc('2026-12-01T12:00'), madrid)).toBe(utc('2026-12-01T11:00'));
  expect(momentOf(utc('2026-03-29T01:59'), madrid)).toBe(utc('2026-03-29T00:59'));
  expect(momentOf(utc('2026-03-29T02:30'), madrid)).toBe(NaN);
  expect(momentOf(utc('2026-03-29T03:00'), madrid)).toBe(utc('2026-03-29T01:00'));
  expect(momentOf(utc('2026-10-25T01:59'), madrid)).toBe(utc('2026-10-24T23:59'));
  expect(momentOf(utc('2026-10-25T02:30'), madrid)).toBe(NaN);
  expect(momentOf(utc('2026-10-25T03:00'), madrid)).toBe(utc('2026-10-25T02:00'));
  expect(momentOf(utc('2026-05-10T05:45'), zoneOf('Asia/Kathmandu'))).toBe(utc('2026-05-10T00:00'));
  expect(momentOf(utc('2026-05-10T02:00'), zoneOf('Etc/GMT-2'))).toBe(utc('2026-05-10T00:00'));
});

const TIMES: readonly (readonly [cell: string, format: string, iso: string])[] = [
  ['2026-05-10T08:30:36Z', ISO, '2026-05-10T08:30:36.000Z'],
  ['2026-05-10 08:30:36.123456+02:00', ISO, '2026-05-10T06:30:36.123Z'],
  ['2026-05-10 08:30:36 UTC', ISO, '2026-05-10T08:30:36.000Z'],
  ['2026-05-10 08:30-0130', ISO, '2026-05-10T10:00:00.000Z'],
  ['2026-05-10', ISO, '2026-05-10T00:00:00.000Z'],
  ['2026/5/10 8:30', '%Y/%m/%d %H:%M', '2026-05-10T08:30:00.000Z'],
  ['31.5.26 8:30', '%d.%m.%y %H:%M', '2026-05-31T08:30:00.000Z'],
  ['5/31/2026 12:05:00 AM', '%m/%d/%Y %I:%M:%S %p', '2026-05-31T00:05:00.000Z'],
  ['31-May-2026 08:30:36', '%d-%b-%Y %H:%M:%S', '2026-05-31T08:30:36.000Z'],
  ['31/05/2026 08:30 +0200', '%d/%m/%Y %H:%M %Z', '2026-05-31T06:30:00.000Z'],
  ['20260510083036', '%Y%m%d%H%M%S', '2026-05-10T08:30:36.000Z'],
  ['2026-05-10 08:30:36.123456', '%Y-%m-%d %H:%M:%S.%f', '2026-05-10T08:30:36.123Z'],
  ['1780216236', '%s', '2026-05-31T08:30:36.000Z'],
  ['1780216236000', '%Q', '2026-05-31T08:30:36.000Z'],
];
const NO_TIMES: readonly (readonly [cell: string, format: string])[] = [
  ...['2026-02-31', '2026-13-01', '2026-05-10 24:00', '2026-05-10 08:301', '2026-05', '10/05/2026', ''].map(
    (cell) => [cell, ISO] as const,
  ),
  ...['31/02/2026', '31/13/2026', '2026/05/10', '05/26'].map((cell) => [cell, '%d/%m/%Y'] as const),
  ...['31/05/2026 25:00', '31/05/2026 08:75'].map((cell) => [cell, '%d/%m/%Y %H:%M'] as const),
  ...[
    ['31/05/2026 08:30', '%d/%m/%Y %H:%M %Z'],
    ['12', '%s'],
    ['1780216236', '%Q'],
    ['2026-05-10', ''],
    ['2026-05-10', '%K'],
  ].map(([cell, format]) => [cell!, format!] as const),
];

test('a moment is what its format says, and a day or an hour that does not exist is none', () => {
  for (const [cell, format, iso] of TIMES) {
    expect(new Date(momentReader(format, 'UTC')(cell)).toISOString(), cell).toBe(iso);
  }
  for (const [cell, format] of NO_TIMES) expect(momentReader(format, 'UTC')(cell), cell).toBe(NaN);
  expect(momentReader('%d/%m/%Y %H:%M', 'Europe/Madrid')('31/05/2026 10:30')).toBe(
    Date.UTC(2026, 4, 31, 8, 30),
  );
});

test('days that may be months are asked about, until one proves which they are', () => {
  const format = (last: string) =>
    guessed(['when,fish', '05/06/2026 10:00,3', '07/08/2026 10:00,4', last].join('\n')).reading.format;
  expect(format('09/10/2026 10:00,5')).toBe('');
  expect(format('13/10/2026 10:00,5')).toBe('%d/%m/%Y %H:%M');
  expect(format('10/13/2026 10:00,5')).toBe('%m/%d/%Y %H:%M');
});

test('what is no table is said, and a title above the names is none of them', () => {
  expect(guess('hello world')).toBe('no-table');
  expect(guess('')).toBe('no-table');
  expect(guess('2026-05-10,1\n2026-05-11,2\n')).toBe('no-names');
  const rows = Array.from({ length: 9 }, (_, i) => `2026-05-10 0${String(i)}:00;3;1,5`).join('\n');
  const { table, reading } = guessed(`sep=;\nRecuentos de OBSEA;;\n;;\nFecha;Peces;Talla\n${rows}`);
  expect(table.names).toEqual(['Fecha', 'Peces', 'Talla']);
  expect(reading).toMatchObject({ time: [0], format: ISO, counts: [1, 2] });
});

test('a row that is too short is filled up, and one that is too long stays and is listed', () => {
  const lines = [
    'time,fish,crabs',
    '2026-05-10 01:00,3,1',
    '2026-05-10 02:00',
    '2026-05-10 03:00,1,2,3',
    'x,1,2',
  ];
  const { table, reading } = guessed(lines.join('\n'));
  const { pieces, unreadableLines } = mask(table, reading, expected.spans);
  expect(pieces.join('').split('\n')).toEqual([
    'time,fish,crabs,qartod_flag,porthole_usability,reason,fish_masked,crabs_masked,oceansites_qc',
    '2026-05-10 01:00,3,1,1,usable,clear,3,1,1',
    '2026-05-10 02:00,,,1,usable,clear,,,1',
    '2026-05-10 03:00,1,2,3',
    'x,1,2,9,unknown,no-time,,,9',
  ]);
  expect(unreadableLines).toEqual([4, 5]);
});

test('counts at 10:00 in Madrid are those of 08:00 UTC in summer and of 09:00 in winter', () => {
  const text = 'time,fish\n2026-07-01 10:00,7\n2026-07-02 10:00,8\n2026-12-01 10:00,9\n';
  // Nothing but these hours can be used.
  const usable = ['2026-07-01T08:00Z', '2026-07-02T08:00Z', '2026-12-01T09:00Z'].map((at) => Date.parse(at));
  const hour = 3_600_000;
  const span = (usability: Usability, begin: number, end: number): Span => ({
    ...{ usability, reason: usability === 'usable' ? 'clear' : 'growth', begin, end },
    ...{
      referenceId: null,
      byHandId: null,
      snapshots: 1,
      effort: end - begin,
      cover: null,
      timesOfLimit: null,
    },
  });
  const spans = usable.flatMap((at, i) => [
    span('fouled', i === 0 ? at - 24 * hour : usable[i - 1]! + hour, at),
    span('usable', at, at + hour),
  ]);
  spans.push(span('fouled', usable.at(-1)! + hour, usable.at(-1)! + 24 * hour));
  const { table, reading } = guessed(text);
  const kept = (zone: string) =>
    csvParseRows(mask(table, { ...reading, zone, minutes: 60 }, spans).pieces.join(''))
      .slice(1)
      .map((row) => [row[2], row[6], row[7]]);
  expect(kept('Europe/Madrid')).toEqual([
    ['1', '7', '1'],
    ['1', '8', '1'],
    ['1', '9', '1'],
  ]);
  expect(kept('UTC')).toEqual([
    ['4', '', '4'],
    ['4', '', '4'],
    ['4', '', '4'],
  ]);
});

test('nothing that is added begins a formula, and what others wrote stays', () => {
  const rows = (add: (line: number) => string) =>
    ['time,=cmd|fish,-x', '2026-05-10,=1+1,2', '2026-05-10 01:00,3,-4', '2026-05-10 02:00,5,6']
      .concat(['2026-05-11 22:00,7,8', '2026-05-14 21:00,9,+9'])
      .map((line, i) => `${line}${add(i)}\n`)
      .join('');
  const added = [
    ",qartod_flag,porthole_usability,reason,'=cmd|fish_masked,'-x_masked,oceansites_qc",
    ",1,usable,clear,'=1+1,2,1",
    ',1,usable,clear,3,-4,1',
    ',1,usable,clear,5,6,1',
    ',4,fouled,growth,,,4',
    ',2,unknown,not-known,,,0',
  ];
  expect(maskedText(rows(() => ''))).toBe(rows((line) => added[line]!));
});

test('a table of another year has no row that is known', () => {
  const { table, reading } = guessed('time,fish\n2025-05-10 10:00,3\n2025-05-11 10:00,4\n');
  expect(mask(table, reading, expected.spans)).toMatchObject({ rows: 2, known: 0 });
});

test('a table that was masked can be masked again: its columns get other names', () => {
  const once = maskedText('time,fish\n2026-05-10,3\n2026-05-11,4\n');
  const twice = maskedText(once, { counts: [1] });
  expect(twice.split('\n')[0]).toBe(
    `${once.split('\n')[0]!},qartod_flag_2,porthole_usability_2,reason_2,fish_masked_2,oceansites_qc_2`,
  );
});

const PYTHON = '/usr/bin/python3';

test('pandas reads what comes back as it reads what was given, with the new columns beside', () => {
  try {
    execFileSync(PYTHON, ['-c', 'import pandas'], { stdio: 'ignore' });
  } catch {
    test.skip(true, 'pandas is not installed');
  }
  const options: Record<string, string> = {
    'pandas-spain.csv': ', sep=";", decimal=","',
    'r-write-csv2.csv': ', sep=";", decimal=","',
    'excel-us.csv': ', thousands=","',
    'excel-spain.csv': ', sep=";", decimal=",", thousands="."',
    'excel-unicode.txt': ', sep="\t"',
    'epoch-milliseconds.csv': ', sep="|"',
    'preamble.csv': ', sep=";", skiprows=2, comment="#"',
  };
  const folder = test.info().outputPath('counts');
  mkdirSync(folder, { recursive: true });
  const lines = ['import pandas as pd'];
  for (const { file, encoding } of expected.dialects) {
    const { table, reading, mark } = opened(file);
    const { pieces } = mask(table, { ...reading, minutes: 60 }, expected.spans);
    const path = join(folder, file);
    writeFileSync(path, mark + pieces.join(''));
    const given = fileURLToPath(new URL(file, FOLDER));
    const read = options[file] ?? '';
    const names = JSON.stringify(reading.counts.map((column) => table.names[column]));
    lines.push(
      `a = pd.read_csv(${JSON.stringify(given)}${read}, encoding=${JSON.stringify(encoding)})`,
      `b = pd.read_csv(${JSON.stringify(path)}${read})`,
      `pd.testing.assert_frame_equal(a, b[a.columns])`,
      `kept = b["porthole_usability"] == "usable"`,
      `for name in ${names}:`,
      `    own, copy = b[name], b[name + "_masked"]`,
      // Numbers that are not masked stay the same, and missing ones stay missing.
      `    assert ((copy == own) | (copy.isna() & own.isna()))[kept].all() and copy[~kept].isna().all(), ${JSON.stringify(file)}`,
    );
  }
  execFileSync(PYTHON, ['-c', lines.join('\n')], { stdio: 'pipe' });
});
