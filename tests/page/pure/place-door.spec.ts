import { expect, test } from '@playwright/test';
import { placesOf, type Feature } from '../../../src/core/page/feature';

test('places have the order of the header and of its gear, where those that are named nowhere come last', () => {
  const [one, two, three, four] = ['one', 'two', 'three', 'four'].map((name): Feature => ({
    place: { name, title: () => name, open: () => Promise.reject(new Error(name)) },
  }));
  const { inHeader, behindGear } = placesOf([one!, {}, two!, three!, four!], [three!, two!], [four!]);
  expect(inHeader.map(({ name }) => name)).toEqual(['three', 'two']);
  expect(behindGear.map(({ name }) => name)).toEqual(['four', 'one']);
});
