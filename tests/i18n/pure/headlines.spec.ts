import { expect, test } from '@playwright/test';
import { causeWord, headlineOf } from '../../../src/core/i18n/conclusion-words';

test('water that hides nearly all has a clear lens, and a scene that is not seen at all needs a look', () => {
  expect([headlineOf('murky', 'normal'), causeWord('murky', 'normal')]).toEqual([
    'Nothing on the lens',
    'murky water',
  ]);
  expect([headlineOf('murky', 'warning'), causeWord('murky', 'warning')]).toEqual([
    'Look at the camera',
    'nothing is seen',
  ]);
});
