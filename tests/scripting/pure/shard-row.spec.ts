import { expect, test } from '@playwright/test';
import { shardRowIn } from '../../../src/scripting/shard-row';

const READ = {
  path: 'a/20260509-074512-DEMO.jpg',
  bytes: 27_675,
  image_name: '20260509-074512-DEMO.jpg',
  captured_at: '2026-05-09T07:45:12.000Z',
  captured_at_source: 'file-name',
  content_sha256: 'e'.repeat(64),
  modified_ms: 1_795_974_824_669,
  properties: {
    ...{ width: 640, height: 360, brightness: 0.55, contrast: 0.12, sharpness: 0.013 },
    ...{ blueMinusRed: 0.25, greenCast: 0.11, haze: 0.5 },
  },
  error: null,
  embedding: 0,
  picture: { height: 108, row: 0 },
  thumbnail: { at: 0, bytes: 12_193 },
};
const UNREAD = {
  ...READ,
  ...{ properties: null, embedding: null, picture: null, thumbnail: null },
  error: { code: 'not-an-image', detail: '' },
};

test('a row of a shard is taken as it was written, of a picture or of what could not be read', () => {
  for (const row of [READ, UNREAD, { ...READ, modified_ms: -1 }, { ...UNREAD, content_sha256: '' }]) {
    expect(shardRowIn(JSON.stringify(row))).toEqual(row);
  }
});

test('the first field of a row that makes no sense is named', () => {
  const wrong = {
    captured_at: ['garbage', '2026-05-09', '2026-02-30T07:45:12.000Z', '2300-01-01T00:00:00.000Z', 12, null],
    captured_at_source: ['a guess', null],
    modified_ms: ['2026', null, 9e15],
    bytes: [-1, 0.5, '27675', null],
    path: ['', 3],
    image_name: [null],
    content_sha256: ['', 'E'.repeat(64)],
    properties: [null],
    embedding: [-1, 0.5, null],
    picture: [null],
    'picture.row': [{ height: 108, row: -1 }],
    'thumbnail.bytes': [{ at: 0, bytes: null }],
    'properties.contrast': [{ ...READ.properties, contrast: 'high' }],
  };
  for (const [field, values] of Object.entries(wrong)) {
    for (const value of values) {
      const row = { ...READ, [field.split('.')[0]!]: value };
      expect(shardRowIn(JSON.stringify(row)), JSON.stringify(value)).toBe(field);
    }
  }
  const unknown = { ...UNREAD, error: { code: 'no such code', detail: '' } };
  expect(shardRowIn(JSON.stringify(unknown))).toBe('error.code');
  expect(shardRowIn(JSON.stringify({ ...UNREAD, embedding: 0 }))).toBe('embedding');
  for (const line of ['{"path":', '3', 'null', '']) expect(shardRowIn(line)).toBe('row');
});
