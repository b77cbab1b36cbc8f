import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import fc from 'fast-check';
import { Alarm, lowerLineOf, persistenceProblem, type Persistence } from '../../src/domain/persistence';
import { classify, thresholdsProblem, type Thresholds } from '../../src/domain/thresholds';
import { hostileNumbers, hostileValues } from './hostile';
import { holds } from './holds';

// A number field that is empty gives null, and a page that was left open may hold anything.
const inputs = fc.oneof({ weight: 4, arbitrary: hostileNumbers }, { weight: 1, arbitrary: hostileValues });
const near = fc.double({ min: 0.001, max: 2, noNaN: true });
const distances = fc.array(fc.oneof(fc.constant(null), fc.double({ min: -0.1, max: 2, noNaN: true })), {
  maxLength: 40,
});

test('limits and persistence that a form takes are numbers in order, and judge every distance', async () => {
  const forms = fc.record({
    warning: fc.oneof(inputs, near),
    drift: fc.oneof(inputs, near),
    raiseAfter: fc.oneof(inputs, fc.integer({ min: -1, max: 1002 })),
    clearAfter: fc.oneof(inputs, fc.integer({ min: -1, max: 1002 })),
    clearBelow: fc.oneof(inputs, near),
    distances,
  });
  await holds(forms, ({ distances, ...form }) => {
    const thresholds = form as unknown as Thresholds;
    const persistence = form as unknown as Persistence;
    const isRefused = thresholdsProblem(thresholds) !== null;
    if (!isRefused) {
      assert.ok(
        Number.isFinite(form.warning) && Number.isFinite(form.drift) && thresholds.warning < thresholds.drift,
      );
    }
    if (persistenceProblem(persistence) !== null) return;
    const { raiseAfter, clearAfter, clearBelow } = persistence;
    for (const count of [raiseAfter, clearAfter])
      assert.ok(Number.isInteger(count) && count >= 1 && count <= 1000);
    assert.ok(typeof clearBelow === 'number' && clearBelow > 0 && clearBelow <= 1);
    if (isRefused) return;
    assert.ok(lowerLineOf(thresholds.drift, persistence) <= thresholds.drift);
    const alarm = new Alarm(thresholds, persistence);
    for (const distance of distances) {
      const status = alarm.update(distance);
      assert.equal(status === 'warming-up', distance === null);
      if (raiseAfter === 1 && clearAfter === 1 && clearBelow === 1)
        assert.equal(status, classify(distance, thresholds));
    }
  });
});
