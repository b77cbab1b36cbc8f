import { expect, test } from '@playwright/test';
import { studentTQuantile } from '../../../src/core/domain/drift/student-t';

// scipy.stats.t.ppf, SciPy 1.15.3
const EXPECTED = [
  [0.5, 3, 0],
  [0.95, 10, 1.8124611228107335],
  [0.99, 4, 3.7469473879811366],
  [0.999, 4, 7.173182219782318],
  [0.999, 1, 318.3088389855419],
  [0.99, 2.5, 5.353111173030872],
  [0.999, 1e6, 3.0902404563165193],
] as const;

test('quantiles equal those of SciPy', () => {
  for (const [p, degrees, expected] of EXPECTED) {
    expect(Math.abs(studentTQuantile(p, degrees) - expected), `${p}, ${degrees}`).toBeLessThanOrEqual(
      1e-8 * Math.max(1, expected),
    );
  }
});

test('what is no probability or no number of degrees is refused', () => {
  for (const [p, degrees] of [
    [0.4, 3],
    [1, 3],
    [0.9, 0],
    [Number.NaN, 1],
  ] as const) {
    expect(() => studentTQuantile(p, degrees)).toThrow(RangeError);
  }
});
