import { expect, test } from '@playwright/test';
import { conclude, type ConclusionCode } from '../../../src/core/domain/glass/conclusion';
import type { DetectorReading, Evidence } from '../../../src/core/domain/glass/evidence';

const reading = (distance: number | null): DetectorReading => ({
  distance,
  limit: 0.1,
  status:
    distance === null ? 'warming-up' : distance > 0.1 ? 'drift' : distance > 0.05 ? 'warning' : 'normal',
});
const growth = reading;
const loss = (distance: number | null, part: 'red' | 'silt' | 'blur' | 'cover' = 'red') => ({
  ...reading(distance),
  part,
});
const own = (distance: number | null) => ({ ...reading(distance), isOwn: true });
const foreign = (distance: number | null) => ({ ...reading(distance), isOwn: false });
const HERE = { isAside: false, isAlarming: false, hasMoved: false };
const untold = () => ({ growth: growth(null), loss: loss(null) });
const QUIET: Evidence = {
  isReadable: true,
  cleanMissing: 0,
  isAwaiting: false,
  isDark: false,
  view: HERE,
  standing: 'normal',
  growth: growth(0.01),
  loss: loss(0.001),
  rest: null,
  isAsked: false,
  isStillDirty: false,
  learned: foreign(0.01),
  masked: 0,
  visible: 0.9,
  isUnseen: false,
  isInPlace: true,
};

/** Each case's input, then code, level and speaker of its conclusion. */
const CASES: readonly [string, Partial<Evidence>, ConclusionCode, string, string | null][] = [
  ['all quiet', {}, 'clear', 'normal', null],
  ['the camera was turned, and nobody has told why', { isAsked: true }, 'changed', 'warning', 'growth'],
  [
    'no window is full yet, and something came at once',
    { isAsked: true, ...untold() },
    'changed',
    'warning',
    'growth',
  ],
  ['less than most is left out', { masked: 0.59 }, 'clear', 'normal', null],
  ['most is left out', { masked: 0.6, ...untold() }, 'masked', 'unknown', null],
  [
    'most is left out, and a foreign model is far',
    { masked: 0.6, ...untold(), learned: foreign(0.3) },
    'masked',
    'unknown',
    null,
  ],
  [
    'most is left out, and the camera’s own model is calm',
    { masked: 0.6, ...untold(), learned: own(0.01) },
    'masked',
    'unknown',
    null,
  ],
  [
    'most is left out, and the camera’s own model is far',
    { masked: 0.6, ...untold(), learned: own(0.3), visible: 0.5 },
    'fouled',
    'drift',
    'learned',
  ],
  ['growth above drift', { growth: growth(0.2) }, 'growth', 'drift', 'growth'],
  ['growth above warning', { growth: growth(0.07) }, 'growth', 'warning', 'growth'],
  ['red lost', { loss: loss(0.3, 'red') }, 'film', 'drift', 'loss'],
  ['sediment', { loss: loss(0.3, 'silt') }, 'silt', 'drift', 'loss'],
  ['out of focus', { loss: loss(0.07, 'blur') }, 'blurred', 'warning', 'loss'],
  ['a part hidden', { loss: loss(0.3, 'cover') }, 'covered', 'drift', 'loss'],
  ['growth drifts, film warns', { growth: growth(0.11), loss: loss(0.09) }, 'growth', 'drift', 'growth'],
  ['both drift, film further', { growth: growth(0.11), loss: loss(0.3) }, 'film', 'drift', 'loss'],
  [
    'growth and loss are still to look, whatever the foreign model says',
    { isAwaiting: true, growth: null, loss: null, learned: foreign(0.5) },
    'awaiting',
    'unknown',
    null,
  ],
  ['foreign model alone', { learned: foreign(0.5) }, 'light-or-water', 'normal', null],
  ['own model alone, much is hidden', { learned: own(0.5), visible: 0.6 }, 'fouled', 'drift', 'learned'],
  ['own model alone, all is seen well', { learned: own(0.5) }, 'light-or-water', 'normal', null],
  [
    'own model alone, after a small move',
    { learned: own(0.5), visible: 0.6, isInPlace: false },
    'light-or-water',
    'normal',
    null,
  ],
  [
    'own model alone, nobody knows what is seen',
    { learned: own(0.5), visible: null },
    'fouled',
    'drift',
    'learned',
  ],
  [
    'own model warns, growth drifts',
    { learned: own(0.07), growth: growth(0.2) },
    'growth',
    'drift',
    'growth',
  ],
  ['own model and growth drift', { learned: own(0.9), growth: growth(0.11) }, 'growth', 'drift', 'growth'],
  [
    'own model drifts, growth warns',
    { learned: own(0.9), growth: growth(0.07) },
    'fouled',
    'drift',
    'learned',
  ],
  [
    'foreign model drifts, growth warns',
    { learned: foreign(0.9), growth: growth(0.07) },
    'growth',
    'warning',
    'growth',
  ],
  [
    'an old job: a model alone',
    { growth: null, loss: null, learned: foreign(0.2) },
    'fouled',
    'drift',
    'learned',
  ],
  ['no detector yet', { growth: null, loss: null, learned: null }, 'warming-up', 'unknown', null],
  [
    'windows fill',
    { growth: growth(null), loss: loss(null), learned: foreign(null) },
    'warming-up',
    'unknown',
    null,
  ],
  [
    'only a foreign model is ready',
    { growth: growth(null), loss: loss(null) },
    'warming-up',
    'unknown',
    null,
  ],
  ['growth fills, film speaks', { growth: growth(null), loss: loss(0.2) }, 'film', 'drift', 'loss'],
  ['murk, all quiet', { visible: 0.2 }, 'murky', 'normal', null],
  ['nothing of the scene is seen', { visible: 0.1, isUnseen: true }, 'murky', 'warning', 'view'],
  ['the scene is seen again, not yet in the median', { isUnseen: true }, 'clear', 'normal', null],
  [
    'growth hides all of the scene',
    { visible: 0.1, isUnseen: true, growth: growth(0.2) },
    'growth',
    'drift',
    'growth',
  ],
  ['murk silences nothing', { visible: 0.2, growth: growth(0.2) }, 'growth', 'drift', 'growth'],
  ['no structure to see murk by', { visible: NaN }, 'clear', 'normal', null],
  [
    'one snapshot elsewhere',
    { view: { ...HERE, isAside: true }, growth: growth(0.2) },
    'elsewhere',
    'unknown',
    'view',
  ],
  [
    'several in a row',
    { view: { ...HERE, isAside: true, isAlarming: true }, growth: growth(0.2) },
    'covered-or-elsewhere',
    'warning',
    'view',
  ],
  [
    'one snapshot elsewhere, and drift stood',
    { view: { ...HERE, isAside: true }, standing: 'drift' },
    'elsewhere',
    'drift',
    'view',
  ],
  [
    'a new view stays',
    { view: { isAside: true, isAlarming: true, hasMoved: true }, growth: growth(0.2) },
    'moved',
    'unknown',
    'view',
  ],
  [
    'a new view stays, and drift stood',
    { view: { isAside: true, isAlarming: true, hasMoved: true }, standing: 'drift' },
    'moved',
    'unknown',
    'view',
  ],
  [
    'drift stood when nothing of the view was left',
    { view: { ...HERE, isAside: true, isAlarming: true }, standing: 'drift' },
    'covered-or-elsewhere',
    'drift',
    'view',
  ],
  [
    'a warning stood when nothing of the view was left',
    { view: { ...HERE, isAside: true, isAlarming: true }, standing: 'warning' },
    'covered-or-elsewhere',
    'warning',
    'view',
  ],
  [
    'divers took a box away, and its place had been called covered',
    { loss: loss(0.09, 'cover'), rest: { growth: growth(0.01), loss: loss(0.001, 'cover') } },
    'changed',
    'warning',
    'loss',
  ],
  [
    'a rope’s beard had been called growth, and a thing that is new never drifts by itself',
    { growth: growth(0.3), rest: { growth: growth(0.02), loss: loss(0.001) } },
    'changed',
    'warning',
    'growth',
  ],
  [
    'the own model sees the change, too, and does not tell it from dirt',
    { growth: growth(0.3), learned: own(0.9), rest: { growth: growth(0.02), loss: loss(0.001) } },
    'changed',
    'warning',
    'growth',
  ],
  [
    'the rest of the glass has growth beside what is new',
    { growth: growth(0.4), rest: { growth: growth(0.2), loss: loss(0.001) } },
    'growth',
    'drift',
    'growth',
  ],
  [
    'a film on the whole glass is told beside what is new',
    { growth: growth(0.2), loss: loss(0.3), rest: { growth: growth(0.02), loss: loss(0.3) } },
    'film',
    'drift',
    'loss',
  ],
  ['night', { isDark: true, growth: growth(0.2) }, 'too-dark', 'unknown', null],
  ['no picture', { isReadable: false, growth: growth(0.2) }, 'not-checked', 'unknown', null],
];

for (const [title, evidence, code, level, speaker] of CASES) {
  test(`${title}: ${code}, ${level}`, () => {
    const found = conclude({ ...QUIET, ...evidence });
    expect([found.code, found.level, found.speaker]).toEqual([code, level, speaker]);
  });
}

test('what it rests on are the detectors that were heard: no foreign model, and no own one that nothing backs', () => {
  expect(conclude(QUIET).restsOn).toEqual(['growth', 'loss']);
  expect(conclude({ ...QUIET, learned: own(0.01) }).restsOn).toEqual(['growth', 'loss', 'learned']);
  expect(conclude({ ...QUIET, growth: growth(null) }).restsOn).toEqual(['loss']);
  expect(conclude({ ...QUIET, learned: foreign(0.5) }).restsOn).toEqual(['growth', 'loss']);
  expect(conclude({ ...QUIET, learned: own(0.5) }).restsOn).toEqual(['growth', 'loss']);
  expect(conclude({ ...QUIET, learned: own(0.5), visible: 0.6 }).restsOn).toEqual([
    'growth',
    'loss',
    'learned',
  ]);
});

test('murk is told beside an alarm', () => {
  expect(conclude({ ...QUIET, visible: 0.2, loss: loss(0.3, 'silt') })).toMatchObject({
    code: 'silt',
    isMurky: true,
  });
  expect(conclude({ ...QUIET, visible: 0.9, loss: loss(0.3, 'silt') }).isMurky).toBe(false);
});
