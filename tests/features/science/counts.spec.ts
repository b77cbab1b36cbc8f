import { expect, test } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { csvParseRows, dsvFormat } from 'd3-dsv';
import type { Span, Usability } from '../../../src/core/domain/usable/span';
import { bytesOf, decodeText } from '../../../src/features/science/counts/text-of';
import { doOverlap, mask, type Masked } from '../../../src/features/science/pure/counts/mask';
import { readMoment, WAY_NAMES, WAYS } from '../../../src/features/science/pure/counts/moments';
import { Records } from '../../../src/features/science/pure/counts/records';
import { CountsFile, type Answers } from '../../../src/features/science/pure/counts/understand';
import { momentOf, zoneOf } from '../../../src/features/science/pure/counts/zones';

interface Expected {
  readonly spans: readonly Span[];
  readonly rows: readonly {
    readonly at: number;
    readonly flag: number;
    readonly usability: Usability;
    readonly reason: string;
    readonly percent: number;
    readonly fish: number | null;
    readonly isAside: boolean;
  }[];
  readonly totals: Masked['totals'];
  readonly dialects: readonly {
    readonly file: string;
    readonly opens: readonly string[];
    readonly answers: Answers;
    readonly missing: string;
    readonly untimed: number;
    readonly order: readonly number[] | null;
    readonly encoding: string;
  }[];
}

const FOLDER = new URL('../../fixtures/counts/', import.meta.url);
const expected = JSON.parse(readFileSync(new URL('expected.json', FOLDER), 'utf8')) as Expected;
const CHOICE = {
  setAside: new Set<Usability>(['fouled', 'murky', 'moved', 'dark', 'silent']),
  needed: 0.5,
};

function bytesFor(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(name, FOLDER)));
}

function opened(content: string | Uint8Array<ArrayBuffer>): CountsFile {
  return new CountsFile(
    decodeText(typeof content === 'string' ? new TextEncoder().encode(content) : content),
  );
}

function open(file: CountsFile, answers: Answers = {}): string[] {
  return file
    .understand(answers)
    .questions.filter(({ chosen }) => chosen === null)
    .map(({ id }) => id);
}

for (const dialect of expected.dialects) {
  test(`${dialect.file}: what it proves is understood, the rest is asked`, () => {
    const file = opened(bytesFor(dialect.file));
    expect(file.understand({}).problem).toBeNull();
    expect(open(file)).toEqual(dialect.opens);
    const { isReady, questions } = file.understand(dialect.answers);
    expect(isReady, JSON.stringify(questions.filter(({ chosen }) => chosen === null))).toBe(true);
  });

  test(`${dialect.file}: each hour gets its flag, and only counts of hours set aside are left out`, async () => {
    const text = decodeText(bytesFor(dialect.file));
    const file = new CountsFile(text);
    const { totals, pieces, bins } = mask(text, file.meaning(dialect.answers), expected.spans, CHOICE);
    const { by, ...sums } = expected.totals;
    expect(totals).toMatchObject({
      ...sums,
      rows: sums.rows + dialect.untimed,
      untimed: dialect.untimed,
      ...(dialect.untimed === 0 && { by }),
      ...(dialect.untimed > 0 && { counts: sums.counts + 9 }),
    });
    expect(bins.reduce((sum, bin) => sum + bin.before, 0)).toBe(sums.counts);
    expect(bins.reduce((sum, bin) => sum + bin.after, 0)).toBe(sums.counts - sums.countsAside);

    const given = new Uint8Array(await new Blob(bytesOf(pieces, text.encoding)).arrayBuffer());
    const decoder = new TextDecoder(
      { 'utf-16': 'utf-16le', cp1252: 'windows-1252' }[dialect.encoding] ?? 'utf-8',
    );
    const [theirs, ours] = [decoder.decode(bytesFor(dialect.file)), decoder.decode(given)].map((all) =>
      all.split(/\r\n|\n|\r/),
    );
    // Nothing of theirs is altered: each of their lines is the begin of one of ours.
    expect(ours!.length).toBe(theirs!.length);
    expect(ours!.map((line, i) => line.slice(0, theirs![i]!.length))).toEqual(theirs);

    const { layout } = file.understand(dialect.answers);
    const rows = dsvFormat(layout!.delimiter)
      .parseRows(decoder.decode(given).replace(/^(?:#.*|)$\r?\n?/gm, ''))
      .filter((cells) => cells.length >= layout!.columns + 4);
    const names = rows.shift()!;
    const column = (name: string) => names.indexOf(name) + (layout!.hasRowNames ? 1 : 0);
    const [counts] = file.meaning(dialect.answers).counts;
    const timed = rows.slice(0, expected.rows.length);
    const wanted = timed.map((_, i) => expected.rows[dialect.order?.[i] ?? i]!);
    const added = ['qartod_flag', 'porthole_usability', 'reason', 'usable_percent'].map(column);
    expect(timed.map((cells) => added.map((at) => cells[at]))).toEqual(
      wanted.map(({ flag, usability, reason, percent }) => [
        String(flag),
        usability,
        reason,
        String(percent),
      ]),
    );
    expect(timed.map((cells) => cells.at(-1))).toEqual(
      wanted.map(({ isAside, fish }, i) => (isAside || fish === null ? dialect.missing : timed[i]![counts!])),
    );
  });
}

test('cells are those that d3-dsv finds, quotes, line breaks and all', () => {
  const text = 'a,"b ""c"", d","e\nf"\r\n,,\r\n"",1,\n"x, y",é ñ,2026-05-10';
  const bytes = new TextEncoder().encode(text);
  const records = new Records(decodeText(bytes), ',', 0);
  const rows: string[][] = [];
  while (records.read()) rows.push(Array.from({ length: records.count }, (_, i) => records.text(i)));
  expect(rows).toEqual(csvParseRows(text));
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
  expect(momentOf(utc('2026-05-10T05:45'), zoneOf('+05:45'))).toBe(utc('2026-05-10T00:00'));
});

const TIMES: readonly (readonly [string, string])[] = [
  ['2026-05-10T08:30:36Z', '2026-05-10T08:30:36.000Z'],
  ['2026-05-10 08:30:36.123456+02:00', '2026-05-10T06:30:36.123Z'],
  ['2026-05-10 08:30:36 UTC', '2026-05-10T08:30:36.000Z'],
  ['2026/5/10 8:30', '2026-05-10T08:30:00.000Z'],
  ['20260510T083036', '2026-05-10T08:30:36.000Z'],
  ['20260510083036', '2026-05-10T08:30:36.000Z'],
  ['20260510', '2026-05-10T00:00:00.000Z'],
  ['31/05/2026 24:00', '2026-06-01T00:00:00.000Z'],
  ['31.5.26 8:30', '2026-05-31T08:30:00.000Z'],
  ['5/31/2026 12:05:00 AM', '2026-05-31T00:05:00.000Z'],
  ['31/05/2026 12:05 p. m.', '2026-05-31T12:05:00.000Z'],
  ['31-May-2026 08:30:36', '2026-05-31T08:30:36.000Z'],
  ['31 de mayo de 2026, 08:30', '2026-05-31T08:30:00.000Z'],
  ['31 d’agost del 2026', '2026-08-31T00:00:00.000Z'],
  ['Sun, 31 May 2026 08:30:36 GMT', '2026-05-31T08:30:36.000Z'],
  ['May 31, 2026 8:30 PM', '2026-05-31T20:30:00.000Z'],
  ['1780216236', '2026-05-31T08:30:36.000Z'],
  ['1780216236.5', '2026-05-31T08:30:36.500Z'],
  ['1780216236000', '2026-05-31T08:30:36.000Z'],
  ['1780216236000000', '2026-05-31T08:30:36.000Z'],
  ['1780216236000000000', '2026-05-31T08:30:36.000Z'],
];
const NO_TIMES = [
  ...[
    '31/02/2026',
    '2026-13-01',
    '32/01/2026',
    '1.78022E+12',
    '12',
    '2026',
    'fish',
    '10:30:99 2026',
    '2026-05',
  ],
  ...['31/05/2026 25:00', '31/05/2026 13:00 PM', '2026-05-10 08:30 tomorrow', '0,5', '45,123,9'],
];

test('a moment is read in the ways in which it is written', () => {
  for (const [text, iso] of TIMES) {
    const reading = readMoment(text);
    const ways = WAY_NAMES.filter((way) => reading.ways & WAYS[way]);
    const moments = ways.map((way) =>
      new Date(reading.at(way) - (reading.offset ?? 0) * 60_000).toISOString(),
    );
    expect(moments, text).toContain(iso);
    // One that a day above 12, four digits of a year or a word decide has one reading.
    if (!/^31\.5/.test(text)) expect(ways, text).toHaveLength(1);
  }
  for (const text of NO_TIMES) expect(readMoment(text).hasDate && readMoment(text).ways, text).toBeFalsy();
});

test('days that may be months are asked about, until one proves which they are', () => {
  const rows = (last: string) => ['when,fish', '05/06/2026 10:00,3', '07/08/2026 10:00,4', last].join('\n');
  const told = (content: string) =>
    opened(content)
      .understand({})
      .questions.find(({ id }) => id === 'way');
  expect(told(rows('09/10/2026 10:00,5'))).toMatchObject({ chosen: null, choices: ['dmy', 'mdy'] });
  expect(told(rows('13/10/2026 10:00,5'))).toMatchObject({ chosen: 'dmy', by: 'content' });
  expect(told(rows('10/13/2026 10:00,5'))).toMatchObject({ chosen: 'mdy', by: 'content' });
  const { problem } = opened(`${rows('13/10/2026 10:00,5')}\n10/13/2026 10:00,5`).understand({});
  expect(problem).toEqual({ code: 'mixed-times', line: 5 });
});

const TROUBLES: readonly (readonly [string, string, unknown])[] = [
  ['a picture’s name and no table', 'hello world', { code: 'no-table', line: null }],
  ['no times', 'a,b\n1,2\n3,4\n', { code: 'no-table', line: null }],
  [
    'quotes that never close',
    'time,fish,note\n2026-05-10,1,a\n2026-05-11,2,"b\n2026-05-12,3,c\n',
    {
      code: 'quotes',
      line: 3,
    },
  ],
  [
    'quotes that close too early',
    'time,fish,note\n2026-05-10,1,a\n2026-05-11,2,"b" c\n',
    {
      code: 'quotes',
      line: 3,
    },
  ],
  [
    'a row that is too long',
    `time,fish\n${'2026-05-10,1\n'.repeat(9)}2026-05-11,2,3\n`,
    {
      code: 'row-too-long',
      line: 11,
    },
  ],
  ['no numbers', 'time,fish\n2026-05-10,many\n2026-05-11,few\n', { code: 'no-counts', line: null }],
];
for (const [what, content, problem] of TROUBLES) {
  test(`${what}: it is said, with the line where there is one`, () => {
    expect(opened(content).understand({}).problem).toEqual(problem);
  });
}

test('counts that contradict each other’s decimal mark are refused', () => {
  const content = 'time;fish\n2026-05-10;1,5\n2026-05-11;1.5\n';
  expect(opened(content).understand({ counts: '1' }).problem).toEqual({ code: 'mixed-numbers', line: 3 });
});

test('where two marks could stand between the columns, a person is asked', () => {
  const content = 'time,a;b\n2026-05-10,1;2026-05-10\n2026-05-11,2;2026-05-11\n';
  expect(opened(content).understand({}).questions).toEqual([
    { id: 'delimiter', choices: [',', ';'], chosen: null, by: null },
  ]);
});

test('nothing that is added begins a formula, and what others wrote stays', async () => {
  const rows = (add: (line: number) => string) =>
    ['time,=cmd|fish,-x', '2026-05-10,=1+1,2', '2026-05-10 01:00,3,-4', '2026-05-10 02:00,5,6']
      .concat(['2026-05-11 22:00,7,8', '2026-05-14 21:00,9,+9'])
      .map((line, i) => `${line}${add(i)}\n`)
      .join('');
  const text = decodeText(new TextEncoder().encode(rows(() => '')));
  const answers = { zone: 'UTC', counts: '1,2', stands: 'moment' };
  const file = new CountsFile(text);
  expect(open(file, answers)).toEqual([]);
  const { pieces, totals } = mask(text, file.meaning(answers), expected.spans, CHOICE);
  const added = [
    ',qartod_flag,porthole_usability,reason,column_2_masked,column_3_masked',
    ',1,usable,clear,,2',
    ',1,usable,clear,3,-4',
    ',1,usable,clear,5,6',
    ',4,fouled,growth,,',
    ',2,unknown,not-known,9,+9',
  ];
  expect(await new Blob(bytesOf(pieces, text.encoding)).text()).toBe(rows((line) => added[line]!));
  expect(totals).toMatchObject({ notNumbers: 1, rows: 5, rowsAside: 1, notKnown: 1 });
});

test('a column’s name that says UTC is believed, one that says how far from it is not', () => {
  const zoneBy = (name: string) =>
    opened(`${name},fish\n2026-05-10 10:00,3\n2026-05-11 10:00,4\n`)
      .understand({})
      .questions.find(({ id }) => id === 'zone');
  for (const name of ['utc', 'time_utc', 'Hora (UTC)', 'Date/Time GMT']) {
    expect(zoneBy(name), name).toMatchObject({ chosen: 'UTC', by: 'name' });
  }
  for (const name of ['time UTC+2', 'time (UTC +02:00)', 'GMT-1 time', 'outcome time', 'local time']) {
    expect(zoneBy(name), name).toMatchObject({ chosen: null });
  }
});

test('a count between remarks is no reason to count something else', () => {
  const content = [
    'time,depth,fish',
    '2026-05-10,20,3',
    '2026-05-11,20,could not see',
    '2026-05-12,20,murky',
  ];
  const asked = opened(content.join('\n'))
    .understand({})
    .questions.find(({ id }) => id === 'counts');
  expect(asked).toMatchObject({ chosen: null, choices: ['1', '2'] });
});

test('a table of another year is told from one that overlaps', () => {
  const file = opened('time,fish\n2025-05-10 10:00,3\n2025-05-11 10:00,4\n');
  const { times } = file.meaning({ zone: 'UTC', stands: 'moment' });
  expect(doOverlap(times, expected.spans)).toBe(false);
});

test('until the next row: a gap, and the end, count as the usual step', () => {
  const rows = ['time,fish'];
  for (const hour of [0, 1, 2, 3, 20, 21, 22]) rows.push(`2026-05-10 ${String(hour).padStart(2, '0')}:00,1`);
  const text = decodeText(new TextEncoder().encode(rows.join('\n')));
  const meaning = new CountsFile(text).meaning({ zone: 'UTC', stands: 'next' });
  const { totals } = mask(text, meaning, expected.spans, CHOICE);
  expect(totals).toMatchObject({ time: 7 * 3_600_000, step: 3_600_000, cut: 1, rows: 7 });
});

test('a table that was masked can be masked again: its columns get other names', async () => {
  const mine = 'time,fish\n2026-05-10,3\n2026-05-11,4\n';
  const once = await maskedOnce(mine);
  const twice = await maskedOnce(once, { counts: '1' });
  expect(twice.split('\n')[0]).toBe(
    `${once.split('\n')[0]},qartod_flag_2,porthole_usability_2,reason_2,column_2_masked`,
  );
});

async function maskedOnce(content: string, answers: Answers = {}): Promise<string> {
  const text = decodeText(new TextEncoder().encode(content));
  const meaning = new CountsFile(text).meaning({ zone: 'UTC', stands: 'moment', ...answers });
  return new Blob(bytesOf(mask(text, meaning, expected.spans, CHOICE).pieces, text.encoding)).text();
}

test('a workbook, and what is no text, is refused', () => {
  const refused = (bytes: number[]) => () => decodeText(new Uint8Array(bytes));
  expect(refused([0x50, 0x4b, 3, 4, 0, 0])).toThrow('workbook');
  expect(refused([1, 2, 0, 3, 0, 0, 9])).toThrow('binary');
});

/** Times that a table is understood to have, once everything was answered: the zone is UTC, of columns the first choice. */
function timesBy(content: string, answers: Answers): string[] {
  const { times } = opened(content).meaning({ zone: 'UTC', stands: 'moment', ...answers });
  return [...times].map((at) => (Number.isNaN(at) ? '' : new Date(at).toISOString().slice(0, 19)));
}

const CLOCKS: readonly (readonly [
  what: string,
  table: string,
  opens: readonly string[],
  answers: Answers,
  times: readonly string[],
])[] = [
  [
    'AM and PM in a column of their own',
    'date,time,half,fish\n10/13/2026,08:30,PM,3\n10/14/2026,12:10,AM,4\n10/15/2026,14:00,PM,4\n',
    ['zone', 'stands'],
    {},
    ['2026-10-13T20:30:00', '2026-10-14T00:10:00', '2026-10-15T14:00:00'],
  ],
  [
    'AM and PM behind the whole moment',
    'when,half,fish\n10/13/2026 08:30,PM,3\n10/14/2026 08:30,AM,4\n10/14/2026 09:30,,4\n',
    ['zone', 'stands'],
    {},
    ['2026-10-13T20:30:00', '2026-10-14T08:30:00', ''],
  ],
  [
    'AM and PM below a line with units',
    `date,hour,half,fish\nUTC,h,-,n\n${'2026-10-13,8,PM,3\n'.repeat(9)}`,
    ['names'],
    { names: '0', clock: '1' },
    ['', ...Array<string>(9).fill('2026-10-13T20:00:00')],
  ],
  [
    'hours with PM',
    'date,hour,fish\n2026-05-10,3 PM,3\n2026-05-10,11 am,4\n',
    ['zone', 'stands'],
    {},
    ['2026-05-10T15:00:00', '2026-05-10T11:00:00'],
  ],
  [
    'hours with an h',
    'fecha;hora;peces\n2026-05-10;8h30;3\n2026-05-10;15 h;4\n2026-05-10;15:20 h;4\n',
    ['zone', 'stands'],
    {},
    ['2026-05-10T08:30:00', '2026-05-10T15:00:00', '2026-05-10T15:20:00'],
  ],
  [
    'times of day without a mark',
    'date,time,fish\n2026-05-10,0830,3\n2026-05-10,1530,4\n2026-05-10,5,4\n',
    ['clock'],
    { clock: '1' },
    ['2026-05-10T08:30:00', '2026-05-10T15:30:00', '2026-05-10T00:05:00'],
  ],
  [
    'hours and minutes in columns of their own',
    'date,hour,minute,fish\n2026-05-10,8,30,3\n2026-05-10,15,45,4\n',
    ['clock'],
    { clock: '1+2', counts: '3' },
    ['2026-05-10T08:30:00', '2026-05-10T15:45:00'],
  ],
  [
    'how long something took',
    'date,duration,fish\n2026-05-10,0:30,3\n2026-05-11,0:45,4\n',
    ['clock'],
    { clock: 'none' },
    ['2026-05-10T00:00:00', '2026-05-11T00:00:00'],
  ],
];
for (const [what, table, opens, answers, times] of CLOCKS) {
  test(`${what}: the time of day is read, or asked about`, () => {
    expect(open(opened(table))).toEqual(opens);
    expect(timesBy(table, answers)).toEqual(times);
  });
}

test('a column that should hold the time of day, and can’t be read, is named and asked about', () => {
  for (const cells of [
    ['noon', 'dusk'],
    // From when to when, which looks like a distance from UTC.
    ['10:00-11:00', '11:00-12:00', '12:00-13:00'],
    ['10:00-10:10', '11:00-11:10'],
  ]) {
    const rows = [...cells, cells[0]!].map((cell) => `2026-05-10,${cell},3`);
    const file = opened(['date,hour,fish', ...rows].join('\n'));
    const { questions, unreadClocks } = file.understand({});
    expect(unreadClocks).toEqual([1]);
    expect(questions.find(({ id }) => id === 'clock')).toMatchObject({ choices: ['none'], chosen: null });
  }
  const stretches = ['00:00-01:00', '01:00-02:00', '02:00-03:00', '03:00-04:00'];
  const rows = stretches.map((cell) => `2026-05-10 ${cell},3`);
  expect(opened(['time,fish', ...rows].join('\n')).understand({}).problem).toEqual({
    code: 'mixed-times',
    line: 4,
  });
});

test('times whose clock was set back within the table keep their two distances from UTC', () => {
  const rows = 'time,fish\n2026-10-25 02:30+02:00,3\n2026-10-25 02:30+01:00,4\n';
  expect(timesBy(rows, {})).toEqual(['2026-10-25T00:30:00', '2026-10-25T01:30:00']);
});

test('a title above the names is none of them, and where two lines may be the names a person is asked', () => {
  const rows = Array.from({ length: 9 }, (_, i) => `2026-05-10 0${String(i)}:00;3;1,5`).join('\n');
  const padded = opened(`Recuentos de OBSEA;;\n;;\nFecha;Peces;Talla\n${rows}`).understand({});
  expect(padded).toMatchObject({ names: ['Fecha', 'Peces', 'Talla'], rows: 9, layout: { preamble: 2 } });
  expect(padded.questions.map(({ id }) => id)).not.toContain('names');

  const units = opened(`time;fish;length\nUTC;count;cm\n${rows}`);
  expect(open(units)).toEqual(['names']);
  expect(units.understand({ names: '0' })).toMatchObject({ names: ['time', 'fish', 'length'], rows: 10 });
  const titled = opened(`Station;OBSEA;2026\nFecha;Peces;Talla\n${rows}`);
  expect(open(titled)).toEqual(['names']);
  expect(titled.understand({ names: '1' })).toMatchObject({ names: ['Fecha', 'Peces', 'Talla'], rows: 9 });
});

const PYTHON = '/usr/bin/python3';

test('pandas reads what comes back as it reads what was given, with the new columns beside', async () => {
  try {
    execFileSync(PYTHON, ['-c', 'import pandas'], { stdio: 'ignore' });
  } catch {
    test.skip(true, 'pandas is not installed');
  }
  const options: Record<string, string> = {
    'pandas.csv': '',
    'pandas-index.csv': ', index_col=0',
    'pandas-zoned.csv': '',
    'pandas-spain.csv': ', sep=";", decimal=","',
    'r-write-csv.csv': ', index_col=0',
    'r-write-csv2.csv': ', sep=";", decimal=","',
    'r-row-names.tsv': ', sep="\t"',
    'excel-us.csv': ', thousands=","',
    'excel-us-half-days.csv': '',
    'excel-spain.csv': ', sep=";", decimal=",", thousands=".", encoding="cp1252"',
    'excel-unicode.txt': ', sep="\t", encoding="utf-16"',
    'excel-serial.csv': '',
    'excel-serial-1904.csv': ', sep=";", decimal=","',
    'epoch-seconds.csv': '',
    'epoch-milliseconds.csv': ', sep="|"',
    'date-and-time.csv': '',
    'preamble.csv': ', sep=";", skiprows=2, comment="#"',
    'unsorted.csv': '',
  };
  const folder = test.info().outputPath('counts');
  mkdirSync(folder, { recursive: true });
  const lines = ['import pandas as pd'];
  for (const { file, answers } of expected.dialects) {
    const text = decodeText(bytesFor(file));
    const { pieces } = mask(text, new CountsFile(text).meaning(answers), expected.spans, CHOICE);
    const path = join(folder, file);
    writeFileSync(path, Buffer.from(await new Blob(bytesOf(pieces, text.encoding)).arrayBuffer()));
    const given = fileURLToPath(new URL(file, FOLDER));
    lines.push(
      `a = pd.read_csv(${JSON.stringify(given)}${options[file]!})`,
      `b = pd.read_csv(${JSON.stringify(path)}${options[file]!})`,
      `pd.testing.assert_frame_equal(a, b[a.columns])`,
      `assert list(b.columns[len(a.columns):])[:4] == ["qartod_flag", "porthole_usability", "reason", "usable_percent"], ${JSON.stringify(file)}`,
      `own = a.columns[list(a.columns).index(b.columns[-1].removesuffix("_masked"))]`,
      `kept = b["porthole_usability"].isin(["usable", "suspect", "unknown"])`,
      // Where nothing of it is set aside the numbers are the same, and missing ones stay missing.
      `same = (b[b.columns[-1]][kept] == a[own][kept]) | (b[b.columns[-1]][kept].isna() & a[own][kept].isna())`,
      `assert same.all() and (b[b.columns[-1]][~kept].isna() | (b[b.columns[-1]][~kept] == -999)).all(), ${JSON.stringify(file)}`,
    );
  }
  execFileSync(PYTHON, ['-c', lines.join('\n')], { stdio: 'pipe' });
});
