import { expect, test } from '@playwright/test';
import { eventRowsIn } from '../../../src/scripting/event-rows';

const NOW = Date.UTC(2026, 5, 1);
const read = (...lines: string[]) => eventRowsIn(lines.join('\r\n'), NOW);

test('rows of a log come with their line, in any order of the columns', () => {
  expect(
    read(
      'kind,note,at',
      'cleaned,"by diver,\nwith a brush",2026-05-04T11:30+02:00',
      '',
      'on-glass,,2026-05-05T00:00:00.500Z',
    ),
  ).toEqual([
    { line: 2, at: Date.UTC(2026, 4, 4, 9, 30), kind: 'cleaned', note: 'by diver,\nwith a brush' },
    { line: 5, at: Date.UTC(2026, 4, 5) + 500, kind: 'on-glass', note: '' },
  ]);
});

const FAULTS: Record<string, readonly [lines: readonly string[], field: string, line: number]> = {
  'a kind that there is not': [['2026-05-04T09:30Z,cleaned,', '2026-05-05T09:30Z,washed,'], 'kind', 3],
  'a time without a zone': [['2026-05-04T09:30,cleaned,'], 'at', 2],
  'a day alone': [['2026-05-04,cleaned,'], 'at', 2],
  'a day that there is not': [['2026-02-30T09:30Z,cleaned,'], 'at', 2],
  'a time to come': [['2026-06-01T00:00:01Z,cleaned,'], 'future', 2],
  'a note with an unquoted comma': [['2026-05-04T09:30Z,cleaned,by diver, with a brush'], 'columns', 2],
  'a row that ends early': [['2026-05-04T09:30Z,cleaned'], 'columns', 2],
};

for (const [what, [lines, field, line]] of Object.entries(FAULTS)) {
  test(`refuses ${what}`, () => {
    expect(read('at,kind,note', ...lines)).toMatchObject({ line, field });
  });
}

test('refuses columns that are missing or unknown', () => {
  expect(read('at,kind', '2026-05-04T09:30Z,cleaned')).toEqual({
    ...{ line: 1, field: 'columns', written: 'at,kind' },
  });
  expect(read('at,kind,note,diver', '2026-05-04T09:30Z,cleaned,,Ann')).toMatchObject({ line: 1 });
  expect(read('')).toMatchObject({ line: 1, field: 'columns' });
});
