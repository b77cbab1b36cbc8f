import { expect, test } from '@playwright/test';
import { parseConfig } from '../../../src/core/domain/files/config-toml';
import { expectation, judgingProblem, refuseBlinding } from '../../../src/core/domain/drift/judging-problem';
import { normalNumbers } from './streams';
import { detailInEnglish } from '../../../src/core/i18n/in-english';
import { refusalOf } from '../../told';

const GOOD = {
  ...{ sigma: 0.3, windowSize: 12, warning: 0.05, drift: 0.1 },
  ...{ raiseAfter: 1, clearAfter: 1, clearBelow: 1 },
};

test('each number is taken to the ends of its range, and refused beyond them with its name', () => {
  expect(judgingProblem(GOOD)).toBeNull();
  const table = {
    sigma: { taken: [1e-6, 1e6], refused: [1e-9, 1e9, 0, -1] },
    windowSize: { taken: [2, 1000], refused: [1, 1001, 2.5] },
    warning: { taken: [-1], refused: [-1.1, 2, 1e307] },
    drift: { taken: [1.999], refused: [0, 2, 1e307] },
    raiseAfter: { taken: [1, 1000], refused: [0, 1001, 1.5] },
    clearAfter: { taken: [1, 1000], refused: [0, 1001, 1.5] },
    clearBelow: { taken: [0.01, 1], refused: [0, 1.01] },
  };
  for (const [field, { taken, refused }] of Object.entries(table)) {
    for (const value of taken) expect(judgingProblem({ ...GOOD, [field]: value }), field).toBeNull();
    for (const value of [...refused, Number.NaN, Infinity]) {
      expect(judgingProblem({ ...GOOD, [field]: value }), `${field} ${value}`).toMatchObject({
        field,
        value,
      });
    }
  }
  const out = judgingProblem({ sigma: 1e-9 });
  expect(out && detailInEnglish(expectation(out, 'sigma:'))).toBe(
    'sigma: expected a number from 0.000001 to 1000000: outside it all pictures look alike, or none do',
  );
});

test('a warning limit must be below the drift limit it is merged with', () => {
  expect(judgingProblem({ warning: 0.5 })).toBeNull();
  expect(judgingProblem({ ...GOOD, warning: 0.5 })).toEqual({ kind: 'order', warning: 0.5, drift: 0.1 });
});

test('a configuration is refused with the number, its range and why', () => {
  const refusals = {
    '[detector]\nsigma = 1e-9': 'detector.sigma: expected a number from 0.000001 to 1000000: outside it',
    '[detector]\nwindow_size = 5000': 'detector.window_size: expected a whole number from 2 to 1000: ',
    '[thresholds]\ndrift = 1e307':
      'thresholds.drift: expected a number from 0.000001 to 1.999: distances are',
    '[thresholds]\nwarning = -2': 'thresholds.warning: expected a number from -1 to 1.999: distances are',
    '[persistence]\nraise_after = 2000': 'persistence.raise_after: expected a whole number from 1 to 1000: ',
    '[persistence]\nclear_below = 0': 'persistence.clear_below: expected a number from 0.01 to 1: ',
  };
  for (const [text, says] of Object.entries(refusals)) {
    expect(refusalOf(() => parseConfig(text))).toContain(says);
  }
});

test('settings are refused for a number, or for what they can tell of a reference', () => {
  const normal = normalNumbers(7);
  const reference = Array.from({ length: 20 }, () => Float32Array.from({ length: 8 }, normal));
  const judging = {
    detector: { name: 'mmd-streaming', windowSize: 12, sigma: 4 },
    thresholds: { warning: 0.05, drift: 0.1 },
    persistence: { raiseAfter: 1, clearAfter: 1, clearBelow: 1 },
  };
  const withSigma = (sigma: number) => () => {
    refuseBlinding({ ...judging, detector: { ...judging.detector, sigma } }, reference);
  };
  expect(withSigma(4)).not.toThrow();
  expect(refusalOf(withSigma(1e-9))).toMatch(/^detector-settings: sigma 1e-9, expected a number from/);
  expect(withSigma(1e-5)).toThrow('detector-blind: empty');
  expect(withSigma(1e5)).toThrow('detector-blind: saturated');
});
