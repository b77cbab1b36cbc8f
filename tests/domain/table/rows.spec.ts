import { expect, test } from '@playwright/test';
import { rowContent, rowsOfArray, rowsOfJson, rowsOfTable } from '../../../src/core/domain/table/rows';

const FILE = { name: 'ctd.csv', lastModified: Date.UTC(2026, 4, 1) };
const table = (...lines: string[]) =>
  rowsOfTable(lines.join('\n'), FILE).map(({ name, stated, values }) => ({
    name,
    at: stated.at,
    values: [...values],
  }));

test('a table gives a row for each time, with its numbers in the order of the columns', () => {
  expect(
    table(
      'time,temperature,note,salinity',
      '2026-05-01T12:00:00Z,13.5,calm,37.9',
      '2026-05-01T12:30:00.25Z,13.25,,38',
    ),
  ).toEqual([
    { name: '2026-05-01T12:00:00Z', at: Date.UTC(2026, 4, 1, 12), values: [13.5, Math.fround(37.9)] },
    { name: '2026-05-01T12:30:00.250Z', at: Date.UTC(2026, 4, 1, 12, 30, 0, 250), values: [13.25, 38] },
  ]);
});

test('one row is enough, and a line of units below the names is none', () => {
  expect(table('time,t,s', 'UTC,degree_C,1', '2026-05-01T12:00:00Z,13.5,38')).toMatchObject([
    { values: [13.5, 38] },
  ]);
  expect(table('time,t', '2026-05-01T12:00:00Z,13.5')).toMatchObject([{ values: [13.5] }]);
});

test('a missing number is NaN, which no judge takes, and a time without a zone is the sensor’s own', () => {
  const rows = table('date;clock;t;s', '01.05.2026;12:00;13,5;38', '13.05.2026;12:30;;-1,5e-1');
  expect(rows[0]).toEqual({ name: '2026-05-01T12:00:00', at: Date.UTC(2026, 4, 1, 12), values: [13.5, 38] });
  expect(rows[1]!.values).toEqual([NaN, Math.fround(-0.15)]);
});

test('a time that can’t be read in the middle of a table is refused by its line', () => {
  expect(() => table('time,t', '2026-05-01T12:00:00Z,1', 'soon,2', '2026-05-01T13:00:00Z,1')).toThrow(
    'ctd.csv:3',
  );
  expect(() => table('a,b', '1,2', '3,4')).toThrow('ctd.csv');
  expect(() => table('time,note', '2026-05-01T12:00:00Z,calm')).toThrow('ctd.csv');
});

test('rows of an array go by their names, else by the time and order of their file', () => {
  const embeddings = [
    [1, 2],
    [3, 4],
  ].map((row) => Float32Array.from(row));
  const at = ({ name, stated }: ReturnType<typeof rowsOfArray>[number]) => [name, stated.at, stated.source];
  expect(rowsOfArray({ embeddings, names: null }, { ...FILE, name: 'new.npy' }).map(at)).toEqual([
    ['new.npy 1', FILE.lastModified, 'file-date'],
    ['new.npy 2', FILE.lastModified + 1, 'file-date'],
  ]);
  expect(rowsOfArray({ embeddings, names: null }, { ...FILE, name: '20260601-120000.npy' }).map(at)).toEqual([
    ['20260601-120000.npy 1', Date.UTC(2026, 5, 1, 12), 'file-name'],
    ['20260601-120000.npy 2', Date.UTC(2026, 5, 1, 12) + 1, 'file-name'],
  ]);
  expect(rowsOfArray({ embeddings, names: ['2026-06-01T12:00:00Z', 'b'] }, FILE).map(at)[0]).toEqual([
    '2026-06-01T12:00:00Z',
    Date.UTC(2026, 5, 1, 12),
    'file-name',
  ]);
});

test('a row is known by its time and its float32 numbers, whatever file has it', () => {
  const [csv] = rowsOfTable('time,a,b\n2026-06-01T12:00:00Z,0.1,2', FILE);
  const [json] = rowsOfJson('[0.1, 2]', { name: '20260601-120000Z.json', lastModified: 0 });
  expect(rowContent(csv!)).toEqual(rowContent(json!));
  const [later] = rowsOfTable('time,a,b\n2026-06-01T12:00:01Z,0.1,2', FILE);
  expect(rowContent(csv!)).not.toEqual(rowContent(later!));
});

test('JSON is one row or several, of numbers alone', () => {
  expect(rowsOfJson('[[1, 2], [3, 4]]', FILE).map(({ values }) => [...values])).toEqual([
    [1, 2],
    [3, 4],
  ]);
  for (const text of ['[]', '[1, null]', '{"a": 1}', '[1, "2"]', 'no'])
    expect(() => rowsOfJson(text, FILE), text).toThrow('ctd.csv');
});
