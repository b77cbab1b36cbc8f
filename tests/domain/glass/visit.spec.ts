import { expect, test } from '@playwright/test';
import { fitGlass, Glass, type GlassFit } from '../../../src/core/domain/glass/glass';
import { countedNeeded, GLASS_MEMORY, type GlassFacts } from '../../../src/core/domain/glass/glass-facts';
import { GlassJudge, type GlassSettings } from '../../../src/core/domain/glass/glass-judge';
import type { GlassSight } from '../../../src/core/domain/glass/sight';
import {
  changedSince,
  clearingIn,
  isGone,
  isGrownAgain,
  stepIn,
  turnIn,
  type StoodAt,
  type VisitSight,
} from '../../../src/core/domain/glass/visit';
import { cleanReference, grown, scene, seen, SIZE } from './glass-scenes';
import { glassKernels } from '../../wasm';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BEGIN = Date.UTC(2026, 4, 1);
const [ROWS, COLUMNS] = [8, 16];

const stood = (right: number, i: number, more: Partial<StoodAt> = {}): StoodAt => ({
  capturedAt: BEGIN + i * HOUR,
  move: { down: 0, right },
  isSure: true,
  isOtherView: false,
  ...more,
});
const standing = (rights: readonly number[]) => rights.map((right, i) => stood(right, i));
const times = (count: number, value: number) => Array.from({ length: count }, () => value);

test('three snapshots that agree elsewhere are a turn, told with the third, and never again', () => {
  const moves = [...times(8, 0), 9, 9, 10, 10];
  const found = moves.map((_, i) => turnIn(standing(moves.slice(0, i + 1))));
  expect(found.map((turn) => turn !== null)).toEqual(moves.map((_, i) => i === 10));
  expect(found[10]).toMatchObject({ since: BEGIN + 8 * HOUR, from: { right: 0 }, to: { right: 9 } });
});

test('less than six snapshots before do not tell what was usual, and a camera that trembles has not turned', () => {
  expect(turnIn(standing([...times(5, 0), 9, 9, 9]))).toBeNull();
  expect(turnIn(standing([...times(6, 0), 9, 9, 9]))).not.toBeNull();
  expect(turnIn(standing([-6, 6, -5, 5, -6, 6, 8, 8, 8]))).toBeNull();
  expect(turnIn(standing([...times(8, 0), 3, 3, 3]))).toBeNull();
  expect(turnIn(standing([...times(8, 0), 9, 14, 9]))).toBeNull();
});

test('what can’t be told where it stands is passed over, and what was set aside may show a turn, not where it stood', () => {
  const before = standing(times(8, 0));
  const unsure = stood(30, 9, { isSure: false });
  const aside = (i: number) => stood(20, i, { isOtherView: true });
  expect(turnIn([...before, stood(9, 8), unsure, stood(9, 10), stood(9, 11)])).not.toBeNull();
  expect(turnIn([...before, stood(9, 8), stood(9, 9), stood(9, 10), unsure])).toBeNull();
  expect(turnIn([...before, aside(8), aside(9), aside(10)])).not.toBeNull();
  expect(turnIn([...times(8, 20).map((_, i) => aside(i)), ...[8, 9, 10].map((i) => stood(0, i))])).toBeNull();
});

/** A snapshot in which these cells have changed by so many deviations. */
function sight(
  i: number,
  cells: readonly number[],
  excess = 3,
  gone: readonly number[] | null = [],
): VisitSight {
  const values = new Float32Array(ROWS * COLUMNS);
  for (const cell of cells) values[cell] = excess;
  return { capturedAt: BEGIN + i * HOUR, excess: values, gone };
}
/** Two rows of four. */
const PLACE = [18, 19, 20, 21, 34, 35, 36, 37];
const ROUND = [0, 3, 7, 12, 15, 48, 53, 60, 66, 77, 81, 95, 100, 111, 120, 127];
const sights = (cells: readonly (readonly number[])[]) => cells.map((each, i) => sight(i, each));
const clean = Array.from({ length: 8 }, () => []);

test('a compact place that three snapshots show is a change, told with the third or the next', () => {
  const shown = [...clean, PLACE, PLACE, PLACE, PLACE, PLACE, PLACE];
  const found = shown.map((_, i) => stepIn(sights(shown.slice(0, i + 1)), [], SIZE, false));
  expect(found.map((step) => step !== null)).toEqual(shown.map((_, i) => i === 10 || i === 11));
  expect(found[10]).toEqual({ since: BEGIN + 8 * HOUR, places: { growth: PLACE, loss: [] } });
});

test('dirt in many places is no change, nor is what was there before, what is masked or what shows faintly', () => {
  const three = (cells: readonly number[]) => sights([...clean, cells, cells, cells]);
  expect(stepIn(three(ROUND), [], SIZE, false)).toBeNull();
  expect(stepIn(three(PLACE), PLACE, SIZE, false)).toBeNull();
  expect(stepIn(three(PLACE.slice(0, 1)), [], SIZE, false)).toBeNull();
  expect(stepIn(sights([...clean.map(() => PLACE), PLACE, PLACE, PLACE]), [], SIZE, false)).toBeNull();
  const faint = [8, 9, 10].map((i) => sight(i, PLACE, 1.5));
  expect(stepIn([...sights(clean), ...faint], [], SIZE, false)).toBeNull();
});

test('all that changed while the camera was turned belongs to it, but not what came in days without a snapshot', () => {
  const turned = (gap: number) => [...sights(clean), ...[8, 9, 10].map((i) => sight(i + gap / HOUR, ROUND))];
  expect(stepIn(turned(0), [], SIZE, true)?.places.growth).toEqual(ROUND);
  expect(stepIn(turned(2 * DAY), [], SIZE, true)).toBeNull();
});

test('a change keeps its cells while it flickers, and takes those that most snapshots show', () => {
  const known = { growth: PLACE, loss: [] };
  const since = BEGIN + 8 * HOUR;
  const wider = [...PLACE, 22, 38];
  const found = (after: readonly (readonly number[])[]) =>
    changedSince(sights([...clean, ...after]), since, [], SIZE, known, false);
  expect(found([PLACE, PLACE, PLACE])).toBe(known);
  expect(found([PLACE, wider, wider, wider]).growth.toSorted((a, b) => a - b)).toEqual(
    wider.toSorted((a, b) => a - b),
  );
  expect(found([[], [], [], PLACE])).toBe(known);
  expect(found([ROUND, ROUND, ROUND, ROUND])).toBe(known);
  const long = sights(Array.from({ length: 15 }, () => PLACE.slice(1)));
  expect(changedSince(long, BEGIN, [], SIZE, known, false)).toBe(known);
});

test('a change is gone once none of three snapshots shows it, unless murk may hide it', () => {
  const places = { growth: PLACE, loss: [] };
  expect(isGone(places, sights([PLACE, [], [], []]))).toBe(true);
  expect(isGone(places, sights([[], [], PLACE.slice(0, 3)]))).toBe(false);
  expect(isGone(places, [...sights([[], []]), sight(2, [], 3, null)])).toBe(false);
});

test('growth is gone once three snapshots show less than half of a drift, and is back at a whole one', () => {
  const half = Array.from({ length: ROWS * COLUMNS }, (_, cell) => cell).filter((cell) => cell % 2 === 0);
  const dirty = [half, half, half];
  expect(clearingIn(sights(dirty), [])).toBeNull();
  expect(clearingIn(sights([...dirty, [], []]), [])).toBeNull();
  expect(clearingIn(sights([...dirty, [], [], []]), [])).toBe(BEGIN + 3 * HOUR);
  expect(clearingIn(sights([[], []]), [])).toBeNull();
  expect(isGrownAgain(sights(dirty), [])).toBe(true);
  expect(isGrownAgain(sights([[], [], []]), [])).toBe(false);
});

const reef = scene(1);
let fit: GlassFit;
let look: Glass;
test.beforeAll(() => {
  fit = fitGlass(cleanReference(reef, 40), [], glassKernels);
  look = new Glass(fit, glassKernels);
});
const SETTINGS: GlassSettings = {
  windowSize: 12,
  persistence: { raiseAfter: 1, clearAfter: 1, clearBelow: 1 },
  offGlass: [],
  isOwnModel: false,
  isWarm: true,
};
type TimedSight = GlassSight & { readonly capturedAt: number };

/** Clean, grown over, and clean again; four snapshots a day. */
const wiped = (): TimedSight[] =>
  [
    ...Array.from({ length: 12 }, (_, i) => seen(reef, 300 + i)),
    ...Array.from({ length: 14 }, (_, i) => grown(seen(reef, 500 + i), 24, 60)),
    ...Array.from({ length: 20 }, (_, i) => seen(reef, 700 + i)),
    ...Array.from({ length: 14 }, (_, i) => grown(seen(reef, 800 + i), 24, 60)),
    ...Array.from({ length: 6 }, (_, i) => seen(reef, 900 + i)),
  ].map((picture, i) => ({ ...look.look(picture), capturedAt: BEGIN + 6 * i * HOUR }));
const turnedBy = (pixels: number): TimedSight[] =>
  Array.from({ length: 40 }, (_, i) => seen(reef, 300 + i, 0, i < 14 ? 0 : pixels)).map((picture, i) => ({
    ...look.look(picture),
    capturedAt: BEGIN + 6 * i * HOUR,
  }));

function judged(given: readonly TimedSight[], settings = SETTINGS): GlassFacts[] {
  const judge = new GlassJudge(fit, settings);
  return given.map((each) => judge.update(each, 'normal'));
}

test('growth that falls off is asked about once until the lens is cleaned, and not if it grows again', () => {
  const given = wiped();
  const facts = judged(given);
  const asked = facts.flatMap(({ visit }, i) => (visit?.kind === 'cleared' ? [i] : []));
  const since = new Set(facts.flatMap(({ visit }) => visit?.since ?? []));
  // A fish in one of three snapshots may look like growth.
  const first = asked[0]! - 2;
  expect([26, 27, 28]).toContain(first);
  expect(since).toEqual(new Set([given[first]!.capturedAt]));
  expect(asked.at(-1)).toBeLessThan(52);
  expect(facts.at(-1)!.clearedAt).toBe(given[first]!.capturedAt);
  // Growth from before does not count any more.
  expect(facts[asked[0]!]!.growth!.driftStatus).toBe('drift');
  expect(facts[asked[0]!]!.changed!.rest.growth.driftStatus).toBe('normal');

  const answers = [
    { answer: 'unknown', growth: [], loss: [], from: given[first]!.capturedAt, until: Infinity },
  ] as const;
  expect(judged(given, { ...SETTINGS, answers }).filter(({ visit }) => visit)).toEqual([]);
});

test('a turn goes on until it is answered, is over if the camera turns back, and a small one asks nothing', () => {
  const given = turnedBy(12);
  const facts = judged(given);
  expect(facts.findIndex(({ visit }) => visit)).toBe(16);
  expect(facts.at(-1)!.visit).toMatchObject({ kind: 'turned', since: given[14]!.capturedAt, isAsked: true });
  expect(facts.at(-1)!.visit!.days).toBe(7);
  const begins = [given[14]!.capturedAt];
  expect(judged(given, { ...SETTINGS, begins }).filter(({ visit }) => visit)).toEqual([]);

  const back = [...given.slice(0, 24), ...turnedBy(0).slice(0, 16)].map((each, i) => ({
    ...each,
    capturedAt: BEGIN + 6 * i * HOUR,
  }));
  expect(judged(back).findLastIndex(({ visit }) => visit)).toBeLessThan(32);

  const small = judged(turnedBy(5)).flatMap(({ visit }) => visit ?? []);
  expect(small[0]).toMatchObject({ kind: 'turned', isAsked: false });
  expect(small.some(({ isAsked }) => isAsked)).toBe(false);
  expect(small.length).toBeLessThan(20);
});

test('a judge that is restored over a cleaning finds the same visit, to the last bit', () => {
  for (const given of [wiped(), turnedBy(12)]) {
    for (const cleanedAt of [15, 26]) {
      const judge = new GlassJudge(fit, SETTINGS);
      const whole = given.map((each, i) => {
        if (i === cleanedAt) judge.empty();
        return judge.update(each, 'normal');
      });
      for (let at = cleanedAt; at < given.length; at += 3) {
        const traces = given.map((each, i) => ({ sight: each, isOtherView: whole[i]!.view.isAside }));
        const other = new GlassJudge(fit, SETTINGS);
        other.restore({
          traces: traces.slice(Math.max(0, at - GLASS_MEMORY), at),
          counted: given.slice(cleanedAt, at).slice(-countedNeeded(12)),
          earlier: given.slice(0, cleanedAt).slice(-15),
          isFromStart: false,
          turnedAt: whole[at - 1]!.turnedAt,
          facts: whole.slice(cleanedAt, at),
          before: whole[cleanedAt - 1]!,
        });
        expect(given.slice(at).map((each) => other.update(each, 'normal'))).toEqual(whole.slice(at));
      }
    }
  }
});
