import { expect, test } from '@playwright/test';
import type { CompletedJob } from '../../../src/core/domain/camera/job';
import { verdictOf } from '../../../src/core/domain/camera/verdict';
import { flagOf, testFlagsOf } from '../../../src/core/domain/camera/qartod';
import { completed, failed, glass, otherView } from './jobs';

test('each verdict has its flag, and what was not judged is never flagged as passed', () => {
  expect(flagOf(completed(0, 0.05))).toBe(1);
  expect(flagOf(completed(0, null))).toBe(2);
  expect(flagOf(completed(0, 0.0501))).toBe(3);
  expect(flagOf(completed(0, 0.1001))).toBe(4);
  expect(flagOf(failed(0))).toBe(9);
  expect(flagOf({ ...failed(0), code: 'embedding-not-finite' })).toBe(2);
});

test('the flag is of the verdict that stood, which an alarm may hold beyond its distance', () => {
  expect(flagOf(completed(0, 0.01, { driftStatus: 'drift' }))).toBe(4);
  expect(flagOf(completed(0, 0.2, { driftStatus: 'normal' }))).toBe(1);
});

test('the flag is of the conclusion: growth’s alarm fails, whatever the learned distance of another camera’s model is', () => {
  const flag = (facts: ReturnType<typeof glass>, distance: number | null = 0.01) =>
    flagOf(completed(0, distance, { glass: facts }));
  expect(flag(glass(0.2, 0))).toBe(4);
  expect(flag(glass(0.01, 0.07))).toBe(3);
  expect(flag(glass(0.01, 0), 0.4)).toBe(1);
  expect(flag(glass(0.01, 0, { isOwnModel: true, visible: 0.5 }), 0.4)).toBe(4);
  expect(flag(glass(0.01, 0, { isOwnModel: true, visible: 0.9 }), 0.4)).toBe(1);
  expect(flag(glass(null, null), 0.4)).toBe(2);
});

test('another view, the dark and a camera that was moved for good are not evaluated, and that something covers it is suspect', () => {
  const flag = (facts: ReturnType<typeof glass>) => flagOf(completed(0, null, { glass: facts }));
  expect(flag(otherView())).toBe(2);
  expect(flag(otherView({ isAside: false, asideInARow: 0 }, { isDark: true }))).toBe(2);
  expect(flag(otherView({ asideInARow: 3, isAlarming: true }))).toBe(3);
  const moved = { asideInARow: 12, isAlarming: true, hasMoved: true };
  expect(flag(otherView(moved))).toBe(2);
  expect(flag(otherView(moved, { standing: 'drift' }))).toBe(2);
  expect(flag(otherView({}, { standing: 'drift' }))).toBe(4);
});

test('a lens that nothing of the scene is seen through is suspect', () => {
  const flag = (visible: number) =>
    flagOf(completed(0, null, { glass: glass(0, 0, { visible, unseenSince: 0 }) }));
  expect([flag(0.1), flag(0.9)]).toEqual([3, 1]);
});

test('a clean lens on a turned camera is suspect until the new view is accepted, and dirt on it fails all the same', () => {
  const flag = (growth: number | null, right: number, more: Partial<CompletedJob> = {}) =>
    flagOf(completed(0, null, { glass: glass(growth, 0, { position: { right, down: 0 } }), ...more }));
  expect(flag(0, 9)).toBe(1);
  expect(flag(0, 10)).toBe(3);
  expect(verdictOf(completed(0, null, { glass: glass(0, 0, { position: { right: 10, down: 0 } }) }))).toBe(
    'normal',
  );
  expect(flag(0.2, 10)).toBe(4);
  // By the reference of the new view it is in place.
  expect(flag(0, 0, { referenceId: 'new view' })).toBe(1);
  const elsewhere = otherView({}, { position: { right: 30, down: 0 } });
  expect(flagOf(completed(0, null, { glass: elsewhere }))).toBe(2);
});

test('two models’ jobs of one snapshot have a flag each', () => {
  const jobs = [
    completed(0, 0.2, { modelSha256: 'b'.repeat(64) }),
    completed(0, 0.01, { modelSha256: 'a'.repeat(64) }),
  ];
  expect(jobs.map(flagOf)).toEqual([4, 1]);
});

test('each test has a flag, of which the roll-up is the worst', () => {
  const at = (facts: ReturnType<typeof glass>, distance: number | null = 0.01) =>
    completed(0, distance, { glass: facts });
  const asked = { since: 0, kind: 'turned', days: 1, from: { down: 0, right: 0 }, isAsked: true } as const;
  const cases = [
    [at(glass(0.01, 0)), [1, 1, 1, 1, null]],
    [at(glass(0.2, 0.07)), [4, 3, 1, 1, null]],
    [at(glass(0.01, 0), 0.4), [1, 1, 1, 1, null]],
    [at(glass(0.01, 0, { isOwnModel: true, visible: 0.5 }), 0.4), [1, 1, 1, 1, 4]],
    [at(glass(0.01, 0, { isOwnModel: true }), 0.01), [1, 1, 1, 1, 1]],
    [at(glass(null, null), null), [2, 2, 1, 1, null]],
    [at(otherView()), [2, 2, 2, 1, null]],
    [at(otherView({ asideInARow: 3, isAlarming: true })), [null, null, 3, 1, null]],
    [at(glass(0.01, 0, { visit: asked })), [1, 1, 3, 1, null]],
    [at(glass(0.2, 0, { position: { right: 10, down: 0 } })), [4, 1, 3, 1, null]],
    [completed(0, 0.2), [null, null, 1, 1, 4]],
    [failed(0), [9, 9, 9, 9, 9]],
    [{ ...failed(0), code: 'embedding-not-finite' }, [2, 2, 2, 1, 2]],
  ] as const;
  for (const [job, flags] of cases) {
    expect(Object.values(testFlagsOf(job))).toEqual(flags);
    const told = flags.filter((flag) => flag !== null);
    expect(Math.max(...told)).toBe(flagOf(job));
  }
});
