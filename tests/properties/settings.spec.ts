import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import fc from 'fast-check';
import { expectation, judgingProblem, refuseBlinding } from '../../src/core/domain/drift/judging-problem';
import type { Judging } from '../../src/core/domain/drift/judging';
import { Alarm, lowerLineOf } from '../../src/core/domain/drift/persistence';
import { classify } from '../../src/core/domain/drift/thresholds';
import { hostileNumbers } from './hostile';
import { accepted, holds } from './holds';
import { detailInEnglish } from '../../src/core/i18n/in-english';

const REFERENCE = [0, 0.1, 0.2, 0.3].map((x) => Float32Array.of(x, 0.1 - x / 2, 0.05 * x));
// A number field that is empty gives null.
const anything = fc.oneof(hostileNumbers, fc.constant(null)) as fc.Arbitrary<number>;
const near = (most: number) => fc.oneof(fc.double({ min: 0, max: most, noNaN: true }), anything);
const count = (most: number) => fc.oneof(fc.integer({ min: 0, max: most }), anything);
const numbers = fc.record({
  sigma: near(3),
  windowSize: count(1001),
  warning: near(1),
  drift: near(2.1),
  raiseAfter: count(1001),
  clearAfter: count(1001),
  clearBelow: near(1.1),
});
const distance = fc.oneof(fc.constant(null), fc.double({ min: -0.1, max: 2, noNaN: true }));

test('settings that a form gives are refused with a reason, or judge every distance', async () => {
  const forms = fc.tuple(numbers, fc.array(distance, { maxLength: 40 }));
  await holds(forms, async ([form, distances]) => {
    const { sigma, windowSize, warning, drift, raiseAfter, clearAfter, clearBelow } = form;
    const judging: Judging = {
      detector: { name: 'mmd-streaming', sigma, windowSize },
      thresholds: { warning, drift },
      persistence: { raiseAfter, clearAfter, clearBelow },
    };
    const problem = judgingProblem(form);
    await accepted(() => {
      refuseBlinding(judging, REFERENCE);
      assert.equal(problem, null);
    });
    if (problem) {
      assert.match(detailInEnglish(expectation(problem)), /^expected /);
      return;
    }
    for (const whole of [windowSize, raiseAfter, clearAfter])
      assert.ok(Number.isInteger(whole) && whole >= 1);
    for (const number of Object.values(form))
      assert.ok(typeof number === 'number' && Number.isFinite(number));
    assert.ok(sigma > 0 && warning < drift && clearBelow > 0 && clearBelow <= 1);
    assert.ok(lowerLineOf(drift, judging.persistence) <= drift);
    const alarm = new Alarm(judging.thresholds, judging.persistence);
    for (const distance of distances) {
      const status = alarm.update(distance);
      assert.equal(status === 'warming-up', distance === null);
      if (raiseAfter === 1 && clearAfter === 1 && clearBelow === 1) {
        assert.equal(status, classify(distance, judging.thresholds));
      }
    }
  });
});
