import { expect, test } from '@playwright/test';
import { filmsOf, longestFilm } from '../../../src/features/jobs/pure/film';
import { completed, failed, glass, otherView } from '../../domain/camera/jobs';

/** A counted picture at an hour after noon of 30 July. */
const counted = (hour: number) => completed(hour, null, { glass: glass(0, 0) });

test('a film has one picture of each day at its hour: the first that counts, or of another view where none does', () => {
  const aside = (hour: number) => completed(hour, null, { glass: otherView() });
  const jobs = [aside(-36), aside(-12), counted(-11.5), failed(0), counted(0.5), aside(2), counted(24.25)];
  const films = filmsOf(jobs.toSorted((a, b) => a.capturedAt - b.capturedAt));
  expect(
    films.map(({ hour, jobs }) => [hour, jobs.map(({ capturedAt }) => new Date(capturedAt).getUTCDate())]),
  ).toEqual([
    [0, [29, 30]],
    [12, [30, 31]],
    [14, [30]],
  ]);
  expect(films[0]!.jobs[1]).toBe(jobs[2]);
});

test('the film of the most days comes first, of equals the one nearest to noon', () => {
  const days = [0, 24].flatMap((day) => [counted(day - 6), counted(day + 1), counted(day + 5)]);
  expect(longestFilm(filmsOf(days))?.hour).toBe(13);
  expect(longestFilm(filmsOf([...days, counted(48 + 5)]))?.hour).toBe(17);
  expect(longestFilm([])).toBeNull();
});
