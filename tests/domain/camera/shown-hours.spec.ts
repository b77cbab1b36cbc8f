import { expect, test } from '@playwright/test';
import { shownHours, unshownHours } from '../../../src/core/domain/camera/time/shown-hours';

const at = (text: string) => Date.parse(`2026-05-${text}Z`);
/** Two afternoons. */
const AFTERNOONS = ['01T13:00', '01T15:30', '02T14:15', '02T17:00'].map(at);

test('a reference shows the hours whose middle is within an hour and a half of a picture', () => {
  expect(shownHours(AFTERNOONS)).toBe('11–19');
  expect(shownHours([at('01T23:40'), at('01T12:00')])).toBe('00–01, 10–14, 22–24');
  expect(shownHours([])).toBe('');
});

test('snapshots of other hours are counted once they are a quarter of the window', () => {
  const days = ['11', '12', '13'];
  const noons = days.flatMap((day) => [`${day}T12:10`, `${day}T14:00`, `${day}T16:30`]).map(at);
  expect(unshownHours(AFTERNOONS, noons)).toBeNull();
  const mornings = ['11T06:20', '12T07:59', '13T10:05'].map(at);
  expect(unshownHours(AFTERNOONS, [...noons, ...mornings])).toEqual({
    count: 3,
    of: 12,
    hours: '06–08, 10–11',
  });
  expect(unshownHours(AFTERNOONS, [...noons, ...mornings.slice(1)])).toBeNull();
});

test('an hour and a half from a picture is still shown, a minute more is not, also across midnight', () => {
  const evening = [at('01T23:00')];
  expect(unshownHours(evening, [at('09T00:30')])).toBeNull();
  expect(unshownHours(evening, [at('09T00:31')])).toEqual({ count: 1, of: 1, hours: '00–01' });
});

test('of a reference whose times are not known nothing is said', () => {
  expect(unshownHours([null, ...AFTERNOONS], [at('11T03:00')])).toBeNull();
  expect(unshownHours([], [at('11T03:00')])).toBeNull();
});
