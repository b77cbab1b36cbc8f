import { expect, test } from '@playwright/test';
import { adviceOn, type Advice } from '../../../src/core/domain/model/advice';
import type { AdaptationEvidence, Performance } from '../../../src/core/domain/model/adaptation-evidence';
import { FOULINGS, type Fouling } from '../../../src/core/domain/picture/fouling';

const WINDOW = 12;
const lenses = FOULINGS.flatMap((kind) =>
  [1, 2, 3, 4, 5].flatMap((severity) => [
    { kind, severity },
    { kind, severity },
  ]),
);

interface Side {
  /** clean windows of 24 above warning, and above drift */
  readonly warned?: number;
  readonly drifted?: number;
  /** the severity from which every kind raises drift; 6 for none */
  readonly from?: number;
  /** of kinds that differ from that */
  readonly but?: Partial<Record<Fouling, number>>;
  /** dirty snapshots until drift */
  readonly delay?: number | null;
  /** distance after the last of them */
  readonly last?: number;
}

function side({ warned = 0, drifted = 0, from = 2, but = {}, delay = null, last = 0.4 }: Side): Performance {
  return {
    thresholds: { warning: 0.05, drift: 0.1 },
    aboveWarning: warned,
    aboveDrift: drifted,
    highestClean: warned > 0 ? 0.3 : 0.02,
    fouled: lenses.map(({ kind, severity }) => (severity >= (but[kind] ?? from) ? 0.3 : 0.01)),
    dirtyDelay: delay,
    dirtyLast: delay === null ? null : last,
  };
}

function evidence(before: Side, after: Side, dirtySnapshots: number): AdaptationEvidence {
  const counts = { fitted: 80, fittedDays: 20, keptOut: 24, keptOutDays: 7 };
  return { ...counts, dirtySnapshots, lenses, before: side(before), after: side(after) };
}

const alarming = { warned: 20, drifted: 15, from: 1 };

/** Title, the present model, the changed one, dirty snapshots given; then the advice and its reason. */
const CASES: readonly (readonly [
  what: string,
  before: Side,
  after: Side,
  dirty: number,
  advice: Advice['advice'],
  because: readonly string[],
])[] = [
  ['alarms end, real dirt seen', alarming, { delay: 5 }, 9, 'accept', ['calmer', 'dirty-seen']],
  ['both see real dirt', { ...alarming, delay: 1 }, { delay: 5 }, 9, 'accept', ['calmer']],
  ['real dirt is let go of again', alarming, { delay: 13, last: 0.07 }, 30, 'try', ['calmer']],
  ['alarms end, no real dirt known', alarming, {}, 0, 'try', ['calmer']],
  ['alarms end, too few dirty ones', alarming, { delay: 2 }, 5, 'try', ['calmer']],
  ['one odd snapshot less', { warned: 12, drifted: 3 }, {}, 0, 'keep', []],
  ['one window more than that', { warned: 13, drifted: 3 }, {}, 0, 'try', ['calmer']],
  ['real dirt was not seen before', { warned: 0 }, { delay: 4 }, 6, 'accept', ['dirty-seen']],
  ['nothing changes', {}, {}, 0, 'keep', []],
  ['a smaller highest distance alone', { warned: 1 }, {}, 0, 'keep', []],
  ['one severity sooner', { from: 3 }, { from: 2 }, 0, 'keep', []],
  ['two severities sooner', { from: 4 }, { from: 2 }, 0, 'try', ['sooner']],
  ['one kind two sooner', { but: { tubes: 4 } }, {}, 0, 'try', ['sooner']],
  ['one kind never before, now at 5', { but: { nets: 6 } }, { but: { nets: 5 } }, 0, 'keep', []],
  ['one kind never before, now at 4', { but: { nets: 6 } }, { but: { nets: 4 } }, 0, 'try', ['sooner']],
  ['one sooner, another later', { but: { tubes: 4 } }, { but: { silt: 4 } }, 0, 'keep', []],
  ['sooner only because it alarmed', alarming, { from: 4, but: { film: 1 } }, 0, 'try', ['calmer']],
  ['later on real dirt', { from: 4, delay: 3 }, { from: 2, delay: 5 }, 9, 'keep', []],
  ['one snapshot later on it', { from: 4, delay: 3 }, { delay: 4 }, 9, 'accept', ['sooner']],
  ['real dirt overlooked', alarming, {}, 9, 'refuse', ['overlooks-dirty']],
  ['alarms on clean days', {}, { warned: 3 }, 9, 'refuse', ['clean-alarms']],
  ['an old kind overlooked', alarming, { but: { film: 5 } }, 0, 'refuse', ['overlooks']],
  ['a new kind overlooked', alarming, { but: { tubes: 5 } }, 0, 'refuse', ['overlooks']],
  [
    'a new kind that none sees',
    { ...alarming, but: { 'grey-film': 6 } },
    { but: { 'grey-film': 6 } },
    0,
    'try',
    ['calmer'],
  ],
  [
    'an old kind that none sees',
    { ...alarming, but: { film: 6 } },
    { but: { film: 6 } },
    0,
    'refuse',
    ['overlooks'],
  ],
];

for (const [what, before, after, dirty, expected, because] of CASES) {
  test(`${what}: ${[expected, ...because].join(', ')}`, () => {
    const advice = adviceOn(evidence(before, after, dirty), WINDOW);
    expect(advice.advice).toBe(expected);
    const reasons = 'gains' in advice ? advice.gains.map((gain) => gain.because) : [];
    expect('refusal' in advice ? [advice.refusal.because] : reasons).toEqual(because);
  });
}

test('gains are told by their figures', () => {
  const { gains } = adviceOn(
    evidence({ warned: 13, drifted: 3, but: { tubes: 6 } }, { warned: 0, delay: 4 }, 7),
    WINDOW,
  ) as Extract<Advice, { advice: 'accept' }>;
  expect(gains).toEqual([
    { because: 'calmer', before: 13, after: 0, windows: 24 },
    { because: 'dirty-seen', delay: 4 },
  ]);
  const sooner = adviceOn(evidence({ but: { tubes: 6, nets: 4 } }, { from: 2 }, 0), WINDOW);
  expect(sooner).toEqual({
    advice: 'try',
    gains: [
      {
        because: 'sooner',
        kinds: [
          { kind: 'tubes', before: null, after: 2 },
          { kind: 'nets', before: 4, after: 2 },
        ],
      },
    ],
  });
});

test('a kind that is overlooked is named', () => {
  const advice = adviceOn(evidence(alarming, { but: { tubes: 6, film: 5 } }, 0), WINDOW);
  expect(advice).toEqual({
    advice: 'refuse',
    refusal: { because: 'overlooks', kinds: ['film', 'tubes'] },
  });
});

test('evidence from before the newer kinds could be drawn is judged by those that were tried', () => {
  const all = evidence(alarming, { delay: 3 }, 9);
  const first = all.lenses.length - 50;
  const cut = (performance: Performance) => ({
    ...performance,
    fouled: performance.fouled.slice(0, first),
  });
  const old = { ...all, lenses: all.lenses.slice(0, first), before: cut(all.before), after: cut(all.after) };
  expect(adviceOn(old, WINDOW).advice).toBe('accept');
});
