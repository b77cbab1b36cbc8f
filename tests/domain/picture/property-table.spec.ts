import { expect, test } from '@playwright/test';
import type { ImageProperties } from '../../../src/core/domain/picture/property-table';
import {
  presentProperties,
  IMAGE_PROPERTIES,
  propertyNumbersOf,
} from '../../../src/core/domain/picture/property-table';

const OLD: ImageProperties = {
  width: 4,
  height: 3,
  brightness: 0.5,
  contrast: 0.25,
  sharpness: 0.125,
  blueMinusRed: 0,
  greenCast: -0.5,
};

test('the numbers of a job are every property that it has', () => {
  const keys = (properties: object) => propertyNumbersOf(properties as ImageProperties).map(([key]) => key);
  const all = IMAGE_PROPERTIES.map(({ key }) => key);
  expect(keys(Object.fromEntries(all.map((key) => [key, 0.1])))).toEqual(all);
  expect(keys(OLD)).toEqual(['brightness', 'contrast', 'sharpness', 'blueMinusRed', 'greenCast']);
});

test('the reconstruction error that earlier versions stored is no number of a job, and is not exported', () => {
  const stored = { ...OLD, reconstructionError: 0.01 };
  expect(propertyNumbersOf(stored)).toEqual(propertyNumbersOf(OLD));
  expect(presentProperties(stored)).toEqual(OLD);
  expect(presentProperties(OLD)).toEqual(OLD);
});
