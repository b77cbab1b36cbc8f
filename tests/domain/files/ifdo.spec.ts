import { expect, test } from '@playwright/test';
import { AppError } from '../../../src/core/domain/errors';
import { readIfdo } from '../../../src/core/domain/files/ifdo';

// Fields as https://www.ifdo-schema.org/standard/v2.2.1/ names them.
const HEADER = {
  'image-set-name': 'OBSEA IPC608 2026',
  'image-set-uuid': '7dc1a7bb-9e66-4a8d-8d8c-35a4d3b1bd15',
  'image-set-handle': 'https://doi.org/10.1594/PANGAEA.896157',
  'image-set-ifdo-version': 'v2.2.0',
  'image-datetime': '2026-03-01 09:00:00.000',
  'image-latitude': 41.1819,
  'image-longitude': 1.7524,
  'image-altitude-meters': -19.5,
  'image-event': { name: 'Vilanova', uri: 'https://obsea.example.org/' },
  'image-platform': { name: 'OBSEA' },
  'image-sensor': { name: 'IPC608', uri: 'https://hdl.handle.net/1/2' },
  'image-creators': [{ name: 'Ada', uri: 'https://orcid.org/0' }, { name: 'UPC' }],
  'image-license': { name: 'CC-BY', uri: 'https://creativecommons.org/licenses/by/4.0/' },
};
const ITEMS = {
  'b.jpg': { 'image-datetime': '2026-03-02 10:00:00.123456' },
  'a.jpg': { 'image-datetime': '2026-03-01 09:00:00.000' },
  'film.mp4': [
    { 'image-datetime': '2026-03-03 10:00:00.000', 'image-latitude': 41.2 },
    { 'image-datetime': '2026-03-03 11:00:00.000' },
  ],
};
const TOLD = {
  position: { latitude: 41.1819, longitude: 1.7524 },
  depth: 19.5,
  ...{ platform: 'OBSEA', sensor: 'IPC608', site: 'Vilanova', licence: 'CC-BY', creators: ['Ada', 'UPC'] },
  begin: Date.UTC(2026, 2, 1, 9),
  end: Date.UTC(2026, 2, 3, 11),
  doi: '10.1594/PANGAEA.896157',
};

const ifdo = (header: object, items: object = {}) =>
  JSON.stringify({ 'image-set-header': header, 'image-set-items': items });

test('an iFDO of version 2 says where, when, by whom and under which licence', () => {
  expect(readIfdo(ifdo(HEADER, ITEMS))).toEqual(TOLD);
});

test('YAML says the same, and times in it are UTC', () => {
  expect(
    readIfdo(`# made by hand
image-set-header:
  image-set-handle: https://doi.org/10.1594/PANGAEA.896157
  image-latitude: 41.1819
  image-longitude: 1.7524
  image-altitude-meters: -19.5
  image-event: {name: Vilanova}
  image-platform: {name: OBSEA}
  image-sensor: {name: IPC608}
  image-creators:
    - name: Ada
    - name: UPC
  image-license: {name: CC-BY}
image-set-items:
  a.jpg:
    image-datetime: 2026-03-01 09:00:00
  b.jpg:
    image-datetime: 2026-03-03T12:00:00+01:00
`),
  ).toEqual(TOLD);
});

test('version 1 has texts for objects, a depth for an altitude, and positions of its images', () => {
  const header = { 'image-platform': 'OBSEA', 'image-license': 'CC-0', 'image-depth': 20 };
  const items = { 'a.jpg': { 'image-latitude': '41.1', 'image-longitude': 1.7, 'image-datetime': null } };
  expect(readIfdo(ifdo(header, items))).toEqual({
    position: { latitude: 41.1, longitude: 1.7 },
    ...{ depth: 20, platform: 'OBSEA', licence: 'CC-0' },
  });
});

test('one moment is a begin, another format of time is read as it says, a camera above the sea has no depth', () => {
  const header = { 'image-datetime-format': '%d.%m.%Y %H:%M:%S.%f', 'image-altitude-meters': 3 };
  expect(readIfdo(ifdo({ ...header, 'image-datetime': '31.05.2026 14:30:05.250000' }))).toEqual({
    begin: Date.UTC(2026, 4, 31, 14, 30, 5, 250),
  });
});

test('a handle that is no DOI is none, and what cannot be seen in a name is left out', () => {
  const header = { 'image-set-handle': 'https://hdl.handle.net/20.500.12085/1', 'image-sensor': 'a\u202eb' };
  expect(readIfdo(ifdo(header))).toEqual({ sensor: 'a b' });
});

test('what can’t be used is refused with its key or its line', () => {
  for (const [text, why] of [
    ['[]', 'image-set-header'],
    ['image-set-header: x', 'image-set-header'],
    ['{"image-set-header": {', 'ifdo-syntax'],
    ['image-set-header:\n  a: b\n c: [', '3'],
    ['', 'ifdo-syntax'],
    ['['.repeat(100_000), 'ifdo-syntax'],
    ['a: &a [1]\nb: &b [*a,*a]\nc: *x', 'ifdo-syntax'],
    [ifdo({ 'image-latitude': 91, 'image-longitude': 0 }), 'image-latitude: toml-between'],
    [ifdo({ 'image-altitude-meters': -12_001 }), 'image-altitude-meters: toml-between'],
    [ifdo({ 'image-altitude-meters': 'deep' }), 'image-altitude-meters: manifest-finite'],
    [ifdo({ 'image-datetime': 'yesterday' }), 'image-datetime: ifdo-time'],
    [ifdo({ 'image-platform': { name: 'x'.repeat(201) } }), 'image-platform: manifest-letters'],
    [ifdo({ 'image-creators': Array(51).fill('Ada') }), 'image-creators: toml-creators'],
  ] as const) {
    let said = '';
    try {
      readIfdo(text);
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
      const { code, detail } = error as AppError;
      expect(code).toBe('ifdo');
      said = typeof detail === 'string' ? detail : `${detail.at ?? ''} ${Object.values(detail).join(' ')}`;
    }
    expect(said, text.slice(0, 60)).toContain(why);
  }
});
