import { expect, test } from '@playwright/test';
import { scaledDistance, spokenOf } from '../../../src/core/domain/camera/spoken';
import { joinable } from '../../../src/core/session/reference/next-reference';
import { CurrentRules } from '../../../src/core/session/history/current-rules';
import type { Camera } from '../../../src/core/domain/camera/camera';
import type { Job } from '../../../src/core/domain/camera/job';
import type { Reference } from '../../../src/core/domain/camera/reference';
import { conclusionOf, verdictOf } from '../../../src/core/domain/camera/verdict';
import { completed, failed, glass, otherView } from './jobs';

test('the distance beside a verdict is of the detector that spoke, else of the one nearest to its limit', () => {
  const spoken = (...[distance, facts]: [number | null, ReturnType<typeof glass>]) =>
    spokenOf(completed(0, distance, { glass: facts }));
  expect(spoken(0.4, glass(0.2, 0.12))).toMatchObject({ speaker: 'growth', distance: 0.2 });
  expect(spoken(0.4, glass(0.02, 0.12))).toMatchObject({ speaker: 'loss', distance: 0.12 });
  expect(spoken(0.4, glass(0.01, 0.02))).toMatchObject({ speaker: 'loss', distance: 0.02 });
  const hidden = { isOwnModel: true, visible: 0.5 };
  expect(spoken(0.4, glass(0.01, 0.02, hidden))).toMatchObject({ speaker: 'learned' });
  // Light or water: its number is no part of a verdict that all is well.
  expect(spoken(0.4, glass(0.01, 0.02, { ...hidden, visible: 0.9 }))).toMatchObject({ speaker: 'loss' });
  expect(spokenOf(completed(0, 0.4))).toMatchObject({ speaker: 'learned', distance: 0.4 });
});

test('the learned distance speaks by where the camera stands, and not by one snapshot’s own move', () => {
  const [here, away] = [
    { down: 0, right: 0 },
    { down: 0, right: 9 },
  ];
  const codeOf = (change: Parameters<typeof glass>[2]) =>
    conclusionOf(completed(0, 0.4, { glass: glass(0, 0, { isOwnModel: true, visible: 0.5, ...change }) }))
      .code;
  expect(codeOf({ move: away, position: here })).toBe('fouled');
  expect(codeOf({ move: here, position: away })).toBe('light-or-water');
  // Facts of before have a median as their move.
  expect([here, away].map((move) => codeOf({ move }))).toEqual(['fouled', 'light-or-water']);
});

test('a verdict is the conclusion’s level, whatever growth, loss and the learned distance say', () => {
  const distances = [null, 0.01, 0.07, 0.2];
  for (const growth of distances) {
    for (const loss of distances) {
      for (const learned of distances) {
        for (const isOwnModel of [true, false]) {
          for (const visible of [null, 0.3, 0.9]) {
            const facts = glass(growth ?? 0, loss ?? 0, { isOwnModel, visible });
            const job = completed(0, learned, { glass: facts });
            const { level, speaker } = conclusionOf(job);
            expect(verdictOf(job)).toBe(level);
            if (speaker && level !== 'normal') expect(spokenOf(job)?.speaker).toBe(speaker);
          }
        }
      }
    }
  }
});

test('a snapshot that counts for nothing has no distance beside it, also where it was scored before that was known', () => {
  const facts = otherView({}, { isOwnModel: true });
  const job = completed(0, 0.4, { glass: facts });
  expect(spokenOf(job)).toBeNull();
  expect(scaledDistance(job)).toBeNull();
});

test('what shows another view joins no reference, and keeps no other snapshot out of it as if it were in the window', () => {
  const jobs = [0, 1, 2, 3].map((hour) =>
    completed(hour, 0, { glass: hour === 3 ? otherView() : glass(0, 0) }),
  );
  const camera = { detector: { name: 'mmd-streaming', windowSize: 2, sigma: 0.3 } } as Camera;
  const reference = { modelSha256: jobs[0]!.modelSha256, names: [] as string[] } as unknown as Reference;
  expect(joinable(jobs, { camera, reference, jobs }).map(({ id }) => id)).toEqual(['job-0']);
});

test('what growth and loss are still to look at raises nothing on a camera that its model was not made for', () => {
  const awaited = completed(0, 0.4, { driftStatus: 'drift', awaitsGlass: true });
  expect(verdictOf(awaited)).toBe('not-checked');
  expect(conclusionOf(awaited)).toMatchObject({ code: 'awaiting', level: 'unknown', speaker: null });
  expect(spokenOf(awaited)).toBeNull();
  expect(scaledDistance(awaited)).toBeNull();
  // Once they have looked, or can't, it counts for nothing any more.
  expect(verdictOf({ ...awaited, glass: glass(0.01, 0.02) })).toBe('normal');
  expect(verdictOf({ ...awaited, glass: glass(0.2, 0.02) })).toBe('drift');
  expect(verdictOf({ ...awaited, glass: null })).toBe('drift');
});

test('stored jobs await growth and loss only where the fit of their reference is there to look through', () => {
  const jobs: Job[] = [
    completed(0, 0.4, { referenceId: 'fitted' }),
    completed(1, 0.4, { referenceId: 'other' }),
    completed(2, 0.4, { referenceId: 'fitted', glass: glass(0.01, 0.02) }),
    completed(3, 0.4, { referenceId: 'fitted', glass: null }),
    failed(4),
  ];
  const seen = new CurrentRules([], new Set(['fitted'])).applyTo(jobs);
  expect(seen.map((job) => 'awaitsGlass' in job)).toEqual([true, false, false, false, false]);
});
