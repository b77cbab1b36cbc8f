import { expect, test } from '@playwright/test';
import type { CompletedJob } from '../../../src/core/domain/camera/job';
import { fitGlass, Glass, type GlassFit } from '../../../src/core/domain/glass/glass';
import type { GlassSight } from '../../../src/core/domain/glass/sight';
import { countedNeeded, GLASS_MEMORY, type GlassFacts } from '../../../src/core/domain/glass/glass-facts';
import { GlassJudge, type GlassSettings } from '../../../src/core/domain/glass/glass-judge';
import type { GlassPicture } from '../../../src/core/domain/glass/picture';
import type { ViewTrace } from '../../../src/core/domain/glass/views';
import { cleanReference, grown, murky, scene, seen, SIZE } from './glass-scenes';
import { glassKernels } from '../../wasm';

const reef = scene(1);
let fit: GlassFit;
const SETTINGS: GlassSettings = {
  windowSize: 12,
  persistence: { raiseAfter: 1, clearAfter: 1, clearBelow: 1 },
  offGlass: [],
  isOwnModel: false,
  isWarm: false,
};
const dark: GlassPicture = { ...SIZE, data: new Uint8Array(3 * SIZE.height * SIZE.width).fill(4) };
const other = scene(7);

/** Clean, then growing over; a fish hour of another view and a night in between. */
const pictures: GlassPicture[] = [
  ...Array.from({ length: 16 }, (_, i) => seen(reef, 300 + i)),
  seen(other, 400),
  dark,
  dark,
  ...Array.from({ length: 16 }, (_, i) => grown(seen(reef, 500 + i), 24, 60)),
];
let look: Glass;
let sights: GlassSight[];
test.beforeAll(() => {
  fit = fitGlass(cleanReference(reef, 40), [], glassKernels);
  look = new Glass(fit, glassKernels);
  sights = pictures.map((picture) => look.look(picture));
});
/** The snapshot of another view and those of the dark. */
const ASIDE = [16, 17, 18];
const isCounted = (_: unknown, i: number) => !ASIDE.includes(i);

function judged(settings: GlassSettings = SETTINGS): GlassFacts[] {
  const judge = new GlassJudge(fit, settings);
  return sights.map((sight) => judge.update(sight, 'normal'));
}

test('what shows another view or the dark counts for nothing, and no window hears of it', () => {
  const facts = judged();
  expect(facts.slice(16, 19).map(({ growth, loss }) => [growth, loss])).toEqual(
    Array.from({ length: 3 }, () => [null, null]),
  );
  expect(facts[16]!.view).toMatchObject({ isAside: true, asideInARow: 1, isAlarming: false });
  expect(facts.slice(17, 19).map(({ isDark }) => isDark)).toEqual([true, true]);

  const judge = new GlassJudge(fit, SETTINGS);
  const without = sights.filter(isCounted).map((sight) => judge.update(sight, 'normal'));
  expect(facts.filter(({ growth }) => growth).map(({ growth, loss }) => [growth, loss])).toEqual(
    without.map(({ growth, loss }) => [growth, loss]),
  );
});

test('a camera that looks elsewhere is back when its view is, not when a picture shows nothing', () => {
  const flat: GlassPicture = { ...SIZE, data: new Uint8Array(3 * SIZE.height * SIZE.width).fill(90) };
  const judge = new GlassJudge(fit, SETTINGS);
  const isAside = (picture: GlassPicture) => judge.update(look.look(picture), 'normal').view.isAside;
  expect(isAside(flat)).toBe(false);
  expect([1, 2, 3].map((i) => isAside(seen(other, 600 + i)))).toEqual([true, true, true]);
  expect(isAside(flat)).toBe(true);
  expect(isAside(seen(reef, 700))).toBe(false);
});

test('what was concluded before stands only where a snapshot does not count', () => {
  const judge = new GlassJudge(fit, SETTINGS);
  const standing = sights.map((sight) => judge.update(sight, 'drift').standing);
  expect(standing.map((each, i) => (each ? i : -1)).filter((i) => i >= 0)).toEqual(ASIDE);
  expect(new Set(standing)).toEqual(new Set([undefined, 'drift']));
});

test('growth says how much of the glass it covers, and where', () => {
  const facts = judged();
  expect(facts[15]!.growth!.driftStatus).toBe('normal');
  const last = facts.at(-1)!;
  expect(last.growth!.driftStatus).toBe('drift');
  expect(last.cover).toBeGreaterThan(4 * facts[15]!.cover);
  expect(['upperLeft', 'left', 'lowerLeft']).toContain(last.thickest);
});

test('a judge that is restored from what is stored goes on as if nothing had been, to the last bit', () => {
  for (const settings of [SETTINGS, { ...SETTINGS, isWarm: true }]) {
    const whole = judged(settings);
    for (const at of [3, 13, 17, 18, 20, 25, 33]) {
      const traces = sights.map((sight, i): ViewTrace<GlassSight> => ({
        sight,
        isOtherView: whole[i]!.view.isAside,
      }));
      const counted = [...sights.keys()].filter((i) => i < at && isCounted(null, i));
      const needed = counted.slice(-countedNeeded(settings.windowSize));
      const judge = new GlassJudge(fit, settings);
      judge.restore({
        traces: traces.slice(Math.max(0, at - GLASS_MEMORY), at),
        counted: needed.map((i) => sights[i]!),
        earlier: [],
        isFromStart: needed.length === counted.length,
        turnedAt: whole[at - 1]?.turnedAt,
        facts: whole.slice(0, at),
        before: null,
      });
      expect(sights.slice(at).map((sight) => judge.update(sight, 'normal'))).toEqual(whole.slice(at));
    }
  }
});

test('a restored judge says since when nothing is seen, and what is no other view but growth', () => {
  const veiled = [
    ...Array.from({ length: 14 }, (_, i) => seen(reef, 300 + i)),
    ...Array.from({ length: 16 }, (_, i) => murky(seen(reef, 400 + i), 97, [110, 125, 110])),
    ...Array.from({ length: 40 }, (_, i) => grown(seen(reef, 500 + i), 5, 80 * i, SIZE.width)),
    ...Array.from({ length: 4 }, (_, i) => seen(other, 600 + i)),
  ].map((picture, i) => ({ ...look.look(picture), capturedAt: 1000 * i }));
  const judge = new GlassJudge(fit, SETTINGS);
  const whole = veiled.map((sight) => judge.update(sight, 'normal'));
  expect(whole[29]!.unseenSince).toBe(14_000);
  for (const at of [22, 28, 40, 55, 72]) {
    const counted = [...veiled.keys()].filter((i) => i < at && whole[i]!.growth);
    const traces = veiled.map((sight, i) => ({ sight, isOtherView: whole[i]!.view.isAside }));
    judge.restore({
      traces: traces.slice(Math.max(0, at - GLASS_MEMORY), at),
      counted: counted.map((i) => veiled[i]!),
      earlier: [],
      isFromStart: true,
      facts: counted.map((i) => whole[i]!),
      before: null,
    });
    expect(veiled.slice(at).map((sight) => judge.update(sight, 'normal'))).toEqual(whole.slice(at));
  }
});

test('after a cleaning the windows fill anew, and nothing of before is in them', () => {
  const judge = new GlassJudge(fit, { ...SETTINGS, isWarm: true });
  for (const sight of sights) judge.update(sight, 'normal');
  judge.empty();
  const after = sights.slice(0, 14).map((sight) => judge.update(sight, 'normal'));
  expect(after.map(({ growth }) => growth!.distance === null)).toEqual([
    ...Array.from({ length: 11 }, () => true),
    false,
    false,
    false,
  ]);
  expect(after.at(-1)!.growth!.driftStatus).toBe('normal');
  expect(after.at(-1)!.cover).toBeLessThan(0.05);
});

test('no picture that a person called clean is dirty, and what grows after them is', () => {
  const judge = new GlassJudge(fit, SETTINGS);
  const counted = sights.filter(isCounted);
  const called = counted.map((sight) => judge.update(sight, 'normal', 'called-clean'));
  expect(called.slice(11).every(({ growth }) => growth!.distance === 0)).toBe(true);
  expect(called.slice(11).every(({ loss }) => loss!.driftStatus === 'normal')).toBe(true);
  const { base } = called.at(-1)!.learning!;
  expect(base!.growth).toBeGreaterThan(0.1);
  expect(judge.update(counted.at(-1)!, 'normal', 'clean').learning).toEqual({ base });
});

test('cells that are not on the glass are left out of growth and of the share', () => {
  const left = [...sights[0]!.excess.keys()].filter((cell) => cell % 16 < 8);
  const last = judged({ ...SETTINGS, offGlass: left }).at(-1)!;
  expect(last.growth!.driftStatus).toBe('normal');
  expect(last.cover).toBeLessThan(judged().at(-1)!.cover / 4);
});

test('facts are what a job stores, and nothing that JSON would change', () => {
  const facts = judged();
  const stored: Pick<CompletedJob, 'glass'>[] = facts.map((glass) => ({ glass }));
  expect(JSON.parse(JSON.stringify(stored))).toEqual(stored);
});
