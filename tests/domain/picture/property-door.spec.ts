import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { CompletedJob } from '../../../src/core/domain/camera/job';
import { jobAxesOf, jobNumberOn, jobPointsOf } from '../../../src/features/jobs/pure/job-axes';
import { faultIn } from '../../../src/core/domain/camera/stored-rows';
import { imageProperties } from '../../../src/core/domain/picture/image-properties';
import {
  IMAGE_PROPERTIES,
  propertyFieldsOf,
  propertiesRow,
  propertyNumbersOf,
  type ImageProperties,
  type ImageProperty,
} from '../../../src/core/domain/picture/property-table';
import { Misfit } from '../../../src/core/domain/row';
import { unusualProperties } from '../../../src/core/domain/picture/second-opinion';
import { pictureSums } from '../../wasm';
import { completed } from '../camera/jobs';
import { LANGUAGES } from '../../../src/core/i18n/languages.js';

/** A property that Porthole does not have, as one row: all that is written to add it. */
const MADE = {
  key: 'redShare',
  measure: ({ sums: { red, green, blue } }) => red / (red + green + blue),
  recordField: 'red_share',
  lacking: 'absent',
  compared: { sides: ['above'], floor: 0.01, hintsAt: 'light' },
} as const satisfies ImageProperty<string>;

// The type of its key is that of the rows in the file.
const made = MADE as unknown as ImageProperty;
const TABLE = [...IMAGE_PROPERTIES, made];

const SIZE = { height: 1, width: 2 };

/** A picture of which this share is red. */
function pictured(redShare: number): ImageProperties {
  const red = Math.round(200 * redShare);
  const bytes = new Uint8Array([red, 200 - red, 0, red, 0, 200 - red]);
  return imageProperties(SIZE, SIZE, pictureSums(bytes, SIZE), TABLE);
}

const jobOf = (hour: number, properties: ImageProperties): CompletedJob =>
  completed(hour, 0.01, { properties });

test('a row that is added is measured of each picture, after the others and without touching them', () => {
  const bytes = new Uint8Array([50, 150, 0, 50, 0, 150]);
  const sums = pictureSums(bytes, SIZE);
  const properties = imageProperties(SIZE, SIZE, sums, TABLE);
  expect(properties).toEqual({ ...imageProperties(SIZE, SIZE, sums), redShare: 0.25 });
  expect(Object.keys(properties).at(-1)).toBe('redShare');
});

test('it is checked in stored rows, and one that the page has not is kept', () => {
  const kind = propertiesRow(TABLE);
  const properties = pictured(0.25);
  expect(kind.isUsable(properties)).toBe(true);
  const broken = { ...properties, redShare: 'much' };
  expect(kind.isUsable(broken)).toBe(false);
  expect(kind.faultIn(broken)).toBe('redShare');
  expect(faultIn('jobs', { ...jobOf(0, properties), properties: broken })).toBeNull();
  const older = completed(0, 0.01).properties;
  expect(kind.isUsable(older)).toBe(true);
  const strict = propertiesRow([
    ...IMAGE_PROPERTIES,
    { ...MADE, lacking: 'never' } as unknown as ImageProperty,
  ]);
  expect(strict.faultIn(older)).toBe('redShare');
});

test('it is imported when it is a number in range, and refuses the row when it is none', () => {
  const kind = propertiesRow(TABLE);
  const properties = pictured(0.25);
  expect(kind.taken(properties)).toEqual(properties);
  const older = completed(0, null).properties;
  expect(kind.taken(older)).toEqual(older);
  for (const redShare of ['much', NaN, 1e7, null])
    expect(() => kind.taken({ ...properties, redShare })).toThrow(Misfit);
});

test('it is a parameter of a record for DriftWatch that has room', () => {
  expect(propertyFieldsOf(pictured(0.25), TABLE)).toMatchObject({
    brightness: expect.any(Number),
    red_share: 0.25,
  });
});

test('jobs are plotted along it', () => {
  const jobs = [jobOf(0, pictured(0.75)), jobOf(1, pictured(0.25)), completed(2, 0.01)];
  expect(jobAxesOf(jobs, TABLE)).toEqual([...jobAxesOf(jobs), made.key]);
  expect(jobs.map((job) => jobNumberOn(job, made.key))).toEqual([0.75, 0.25, null]);
  expect(jobPointsOf(jobs, made.key, 'distance').map(({ x }) => x)).toEqual([0.25, 0.75]);
});

test('the second opinion looks at it on its sides', () => {
  const reference = Array.from({ length: 20 }, () => pictured(0.2));
  const found = (share: number) =>
    unusualProperties({ ...pictured(0.2), ...{ redShare: share } }, reference, TABLE);
  expect(found(0.5)).toMatchObject([{ property: 'redShare', side: 'above', hintsAt: 'light' }]);
  expect(found(0.01)).toEqual([]);
});

test('it is among all numbers of a snapshot', () => {
  expect(propertyNumbersOf(pictured(0.25), TABLE).at(-1)).toEqual(['redShare', 0.25]);
});

for (const language of Object.keys(LANGUAGES)) {
  test(`in ${language} each row has its name and what is said on its sides, and nothing else is there`, () => {
    const path = `../../../src/core/i18n/words/properties.${language}.json`;
    const words = JSON.parse(readFileSync(join(import.meta.dirname, path), 'utf8')) as Record<string, object>;
    const keys = Object.fromEntries(Object.entries(words).map(([key, said]) => [key, Object.keys(said)]));
    const expected = IMAGE_PROPERTIES.map(({ key, compared }) => [key, ['name', ...(compared?.sides ?? [])]]);
    expect(keys).toEqual(Object.fromEntries(expected));
  });
}
