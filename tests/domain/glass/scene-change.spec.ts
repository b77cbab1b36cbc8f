import { expect, test } from '@playwright/test';
import type { CameraEvent } from '../../../src/core/domain/camera/event';
import { conclusionOf, type JudgedFacts } from '../../../src/core/domain/camera/verdict';
import { reachesAnswers, standingAnswers } from '../../../src/core/domain/camera/stream';
import { fitGlass, Glass, type GlassFit } from '../../../src/core/domain/glass/glass';
import type { GlassFacts } from '../../../src/core/domain/glass/glass-facts';
import { GlassJudge, type GlassSettings, type JudgedSight } from '../../../src/core/domain/glass/glass-judge';
import type { GlassPicture } from '../../../src/core/domain/glass/picture';
import { LossReader } from '../../../src/core/domain/glass/loss';
import { changeIn, isSamePlace, type StandingAnswer } from '../../../src/core/domain/glass/scene-change';
import { cleanReference, filmed, grown, hidden, scene, seen } from './glass-scenes';
import { glassKernels } from '../../wasm';

const HOUR = 3_600_000;
const reef = scene(1);
let fit: GlassFit;
let look: Glass;
let sights: JudgedSight[];
let found: NonNullable<GlassFacts['changed']>;
// Not while the file is read, which each run does of all files before its first test.
test.beforeAll(() => {
  fit = fitGlass(cleanReference(reef, 40), [], glassKernels);
  look = new Glass(fit, glassKernels);
  sights = sightsOf(added);
  found = judged().at(-1)!.changed!;
});
const SETTINGS: GlassSettings = {
  windowSize: 12,
  persistence: { raiseAfter: 1, clearAfter: 1, clearBelow: 1 },
  offGlass: [],
  isOwnModel: false,
  isWarm: false,
};
const CHANGED_AT = 14;

/** A thing with edges of its own, which stands there from then on. */
function added(picture: GlassPicture): GlassPicture {
  const other = seen(scene(9), 900);
  const data = picture.data.slice();
  for (let y = 36; y < 60; y++) {
    for (let x = 96; x < 126; x++) {
      const i = 3 * (y * picture.width + x);
      data.set(other.data.subarray(i, i + 3), i);
    }
  }
  return { ...picture, data };
}

/** 14 clean snapshots, then 22 that are changed, one an hour. */
function sightsOf(change: (picture: GlassPicture) => GlassPicture): JudgedSight[] {
  return Array.from({ length: CHANGED_AT + 22 }, (_, i) => {
    const picture = seen(reef, 300 + i);
    const sight = look.look(i < CHANGED_AT ? picture : change(picture));
    return { ...sight, capturedAt: i * HOUR };
  });
}

function judged(answers: readonly StandingAnswer[] = [], through = sights): GlassFacts[] {
  const judge = new GlassJudge(fit, { ...SETTINGS, answers });
  return through.map((sight) => judge.update(sight, 'normal'));
}

function concluded(glass: GlassFacts) {
  const job = { jobStatus: 'Completed', glass, distance: null, thresholds: { warning: 0.05, drift: 0.1 } };
  const { code, level } = conclusionOf(job as JudgedFacts);
  return `${code} ${level}`;
}

const answer = (given: StandingAnswer['answer'], until = Infinity): StandingAnswer => ({
  growth: found.growth,
  loss: found.loss,
  answer: given,
  from: CHANGED_AT * HOUR,
  until,
});

test('something compact that stands there at once is a change, since the first snapshot that shows it', () => {
  const facts = judged();
  const raised = facts.filter(({ growth }) => growth?.driftStatus === 'drift');
  expect(raised.length).toBeGreaterThan(10);
  expect(new Set(raised.map(concluded))).toEqual(new Set(['changed warning']));
  expect(new Set(raised.map(({ changed }) => changed?.since))).toEqual(new Set([CHANGED_AT * HOUR]));
  expect(found.rest.growth.driftStatus).toBe('normal');
  const [rows, columns] = [
    [3, 4],
    [8, 9, 10],
  ];
  const inside = rows.flatMap((row) => columns.map((column) => 16 * row + column));
  expect(inside.filter((cell) => found.growth.includes(cell)).length).toBeGreaterThanOrEqual(5);
});

test('neither points that grow in many places nor a film are a change', () => {
  const many = judged(
    [],
    sightsOf((picture) => grown(picture, 24, 60)),
  );
  expect(concluded(many.at(-1)!)).toBe('growth drift');
  expect(many.filter(({ changed }) => changed)).toEqual([]);
  const film = judged([], sightsOf(filmed));
  expect(concluded(film.at(-1)!)).toBe('film drift');
  expect(film.filter(({ changed }) => changed)).toEqual([]);
});

test('dirt on the rest of the glass is told beside a change', () => {
  const both = judged(
    [],
    sightsOf((picture) => added(grown(picture, 24, 60))),
  );
  expect(both.filter(({ growth }) => growth?.driftStatus === 'drift').map(concluded)).not.toContain(
    'changed drift',
  );
  expect(concluded(both.at(-1)!)).toBe('growth drift');
});

test('a change in the scene is masked from its time on, and what was judged before stays', () => {
  const [without, masked] = [judged(), judged([answer('in-scene')])];
  expect(masked.slice(0, CHANGED_AT)).toEqual(without.slice(0, CHANGED_AT));
  expect(new Set(masked.slice(CHANGED_AT).map(concluded))).toEqual(new Set(['clear normal']));
  const lifted = judged([answer('in-scene', (CHANGED_AT + 4) * HOUR)]);
  expect(concluded(lifted.at(-1)!)).toBe('changed warning');
});

test('a change on the glass is growth until the next cleaning', () => {
  const told = judged([answer('on-glass')]).map(concluded);
  expect(new Set(told.slice(CHANGED_AT + 10))).toEqual(new Set(['growth drift']));
  const cleaned = judged([answer('on-glass', (CHANGED_AT + 4) * HOUR)]).map(concluded);
  expect(cleaned).toContain('changed warning');
  expect(cleaned).not.toContain('growth drift');
});

test('an answer that names more cells than there are silences nothing', () => {
  const every = { growth: Array.from({ length: 512 }, (_, cell) => cell), loss: [1e9] };
  const told = judged(
    [{ ...answer('in-scene'), ...every }],
    sightsOf((picture) => grown(picture, 24, 60)),
  );
  expect(told.every(({ growth }) => !Number.isNaN(growth?.distance))).toBe(true);
});

test('a cleaning reaches to the end of a history in which something was said to be on the glass', () => {
  const cleaned = { kind: 'cleaned', at: 1 } as CameraEvent;
  const scene = (given: string) => ({ kind: 'scene', at: 2, scene: { answer: given } }) as CameraEvent;
  expect(reachesAnswers([cleaned], [cleaned])).toBe(false);
  expect(reachesAnswers([cleaned], [cleaned, scene('in-scene')])).toBe(false);
  expect(reachesAnswers([cleaned], [cleaned, scene('on-glass')])).toBe(true);
  expect(reachesAnswers([scene('in-scene')], [])).toBe(true);
});

test('with changes and masks a judge that is restored says the same, to the last bit', () => {
  for (const answers of [[], [answer('in-scene')], [answer('in-scene', 30 * HOUR)]]) {
    const whole = judged(answers);
    for (const at of [CHANGED_AT + 1, CHANGED_AT + 9, CHANGED_AT + 20]) {
      const judge = new GlassJudge(fit, { ...SETTINGS, answers });
      judge.restore({
        traces: sights.slice(0, at).map((sight) => ({ sight, isOtherView: false })),
        counted: sights.slice(0, at).slice(-14),
        earlier: [],
        isFromStart: false,
        facts: whole.slice(0, at),
        before: null,
      });
      expect(sights.slice(at).map((sight) => judge.update(sight, 'normal'))).toEqual(whole.slice(at));
    }
  }
});

test('masked cells of loss are not gone, and the share of the others is one of those that are left', () => {
  const changed = look.look(hidden(seen(reef, 700), 60)).losses;
  const [whole, gone] = [new LossReader(fit, []), new LossReader(fit, []).gone(changed)!];
  expect(gone.length).toBeGreaterThan(2);
  const masked = new LossReader(fit, [], gone);
  expect(masked.gone(changed)).toEqual([]);
  expect(masked.read(changed).embedding[3]).toBe(0);
  expect(whole.read(changed).embedding[3]).toBeGreaterThan(0);
  const half = new LossReader(fit, [], gone.slice(1));
  expect(half.read(changed).embedding[3]).toBeLessThan(whole.read(changed).embedding[3]!);
  const few = look.look(hidden(seen(reef, 700), 30)).losses;
  const isLeft = whole.gone(few)!;
  const seenWell = [...fit.loss.textured[1].keys()].filter(
    (cell) => cell % 10 >= 5 && !isLeft.includes(cell),
  );
  expect(new LossReader(fit, [], seenWell).read(few).embedding[3]).toBeGreaterThan(
    1.5 * whole.read(few).embedding[3]!,
  );
});

test('a change in the scene of most of the picture silences the verdict, and restoring goes on from there', () => {
  const most = { growth: [...Array(80).keys()], loss: [] };
  const answers = [{ ...answer('in-scene', 30 * HOUR), ...most }];
  const whole = judged(answers);
  expect(whole.map(({ masked = 0 }) => masked)).toEqual(
    whole.map((_, i) => (i < CHANGED_AT || i >= 30 ? 0 : 80 / 128)),
  );
  expect(new Set(whole.slice(CHANGED_AT, 30).map(concluded))).toEqual(new Set(['masked unknown']));
  expect(concluded(whole[30]!)).toBe('changed warning');
  const judge = new GlassJudge(fit, { ...SETTINGS, answers });
  judge.restore({
    traces: sights.slice(0, 28).map((sight) => ({ sight, isOtherView: false })),
    counted: sights.slice(14, 28),
    earlier: [],
    isFromStart: false,
    facts: whole.slice(0, 28),
    before: null,
  });
  expect(sights.slice(28).map((sight) => judge.update(sight, 'normal'))).toEqual(whole.slice(28));
});

test('two changes are one when half of the smaller one lies in the other', () => {
  const places = (growth: number[], loss: number[] = []) => ({ growth, loss });
  expect(isSamePlace(places([1, 2, 3, 4]), places([3, 4, 5, 6]))).toBe(true);
  expect(isSamePlace(places([1, 2, 3, 4]), places([4, 5, 6, 7]))).toBe(false);
  expect(isSamePlace(places([1, 2], [7]), places([7, 8], [7]))).toBe(true);
  expect(isSamePlace(places([]), places([1, 2])), 'no place is no other').toBe(false);
});

test('an answer on the glass holds until the next cleaning, one in the scene until it is lifted', () => {
  const scene = { ...found, referenceId: 'mine', position: { down: 0, right: 0 } };
  const event = (kind: CameraEvent['kind'], at: number, more: Partial<CameraEvent> = {}): CameraEvent => ({
    ...{ id: `${kind} ${at}`, cameraId: 'camera', note: '' },
    ...{ kind, at, ...more },
  });
  const answered = (at: number, given: StandingAnswer['answer'] | 'unknown', more = {}) =>
    event('scene', at, { scene: { ...scene, answer: given, ...more } });
  const held = (events: readonly CameraEvent[]) =>
    standingAnswers(events, { id: 'mine' }).map((each) => [each.answer, each.from, each.until]);
  expect(
    held([
      event('cleaned', 1),
      answered(2, 'on-glass'),
      answered(3, 'in-scene'),
      event('note', 4),
      event('cleaned', 5),
      answered(6, 'in-scene', { liftedAt: 8 }),
      answered(7, 'on-glass'),
      answered(8, 'unknown'),
      answered(9, 'in-scene', { referenceId: 'another' }),
    ]),
  ).toEqual([
    ['on-glass', 2, 5],
    ['in-scene', 3, Infinity],
    ['in-scene', 6, 8],
    ['on-glass', 7, Infinity],
    ['unknown', 8, Infinity],
  ]);
});

test('cells that change together while the camera is turned are a change, though less compact', () => {
  const still = { move: { down: 0, right: 0 } };
  // Five of eight are one piece that fills five ninths of its box.
  const grown = [0, 1, 2, 16, 32, 9, 41, 61];
  const isGrown = Array.from({ length: 128 }, (_, cell) => grown.includes(cell));
  const stretch = (onset: (cell: number) => number, right: number) =>
    Array.from({ length: 14 }, (_, i) => ({
      ...(i < 6 ? still : { move: { down: 0, right } }),
      excess: Float32Array.from(isGrown, (is, cell) => (is && i >= onset(cell) ? 3 : 0)),
      gone: [],
      capturedAt: i * HOUR,
    }));
  const change = (sights: ReturnType<typeof stretch>) => changeIn(sights, 12, isGrown, [], fit, null);
  const together = () => 6;
  const oneByOne = (cell: number) => 2 + (cell % 11);
  expect(change(stretch(together, 8))?.since).toBe(6 * HOUR);
  expect(change(stretch(together, 0))).toBeNull();
  expect(change(stretch(oneByOne, 8))).toBeNull();
});
