import { expect, test } from '@playwright/test';
import { captionCells } from '../../../src/core/domain/glass/captions';
import { conclude } from '../../../src/core/domain/glass/conclusion';
import { evidenceOf } from '../../../src/core/domain/glass/evidence';
import { fitGlass, Glass, type GlassFit } from '../../../src/core/domain/glass/glass';
import { GlassJudge } from '../../../src/core/domain/glass/glass-judge';
import { coverOf, growthEmbedding } from '../../../src/core/domain/glass/growth';
import { LEAST_MOVE, LOSS_PARTS, positionOf } from '../../../src/core/domain/glass/glass-facts';
import { LossReader } from '../../../src/core/domain/glass/loss';
import { glassSize, type GlassPicture } from '../../../src/core/domain/glass/picture';
import { agree, fittingReference, positionAfter } from '../../../src/core/domain/glass/views';
import {
  cleanReference,
  filmed,
  grown,
  hidden,
  mixed,
  murky,
  scene,
  seen,
  SIZE,
  smeared,
  turned,
} from './glass-scenes';
import { glassKernels } from '../../wasm';

const reef = scene(1);
const reference = cleanReference(reef, 40);
const fit = fitGlass(reference, [], glassKernels);
const glass = new Glass(fit, glassKernels);

const clean = (count: number, seed = 300) => Array.from({ length: count }, (_, i) => seen(reef, seed + i));

/** 0 to 1, the same for the same place. */
function randomAt(place: number): number {
  const state = Math.imul(place + 1, 2654435761) >>> 0;
  return (Math.imul(state ^ (state >>> 15), 2246822519) >>> 0) / 2 ** 32;
}

function judgeOf(through: GlassFit, offGlass: readonly number[] = []) {
  return new GlassJudge(through, {
    windowSize: 12,
    persistence: { raiseAfter: 1, clearAfter: 1, clearBelow: 1 },
    offGlass,
    isOwnModel: false,
    isWarm: false,
  });
}

/** Judges a camera's stream: sights, facts, and growth and loss at the end. */
function watch(through: GlassFit, pictures: readonly GlassPicture[], offGlass: readonly number[] = []) {
  const look = new Glass(through, glassKernels);
  const judge = judgeOf(through, offGlass);
  const sights = pictures.map((picture) => look.look(picture));
  const facts = sights.map((sight) => judge.update(sight, 'normal'));
  const counted = sights.filter((_, i) => facts[i]!.growth !== null);
  const { growth, loss } = facts.findLast((each) => each.growth !== null)!;
  return { sights, facts, counted, growth: growth!.distance!, loss: loss!.distance!, part: loss!.part };
}

/** Loss of a single picture. */
function lossOf(picture: GlassPicture, through = fit) {
  const { losses } = new Glass(through, glassKernels).look(picture);
  return new LossReader(through, []).read(losses);
}

test('later clean snapshots are quiet', () => {
  const { growth, loss, counted } = watch(fit, clean(14));
  expect(growth).toBeLessThan(0.03);
  expect(loss).toBeLessThan(0.01);
  expect(counted).toHaveLength(14);
});

test('pale points on the glass are growth, where they are', () => {
  const { growth, loss, counted } = watch(
    fit,
    clean(14).map((picture) => grown(picture, 5, 120)),
  );
  expect(growth).toBeGreaterThan(0.1);
  expect(loss).toBeLessThan(0.05);
  const { share, isGrown } = coverOf(counted.slice(-12).map(({ excess }) => excess));
  expect(share).toBeGreaterThan(0.15);
  const columns = glass.grid.width;
  const onTheLeft = isGrown.filter((is, cell) => is && cell % columns < columns / 2).length;
  expect(onTheLeft).toBeGreaterThan(0.9 * isGrown.filter(Boolean).length);
});

test('murk, which takes contrast everywhere, is neither growth nor film', () => {
  for (const veil of [
    [125, 125, 125],
    [100, 128, 112],
  ]) {
    for (const percent of [30, 60]) {
      const { growth, loss, facts } = watch(
        fit,
        clean(14).map((picture) => murky(picture, percent, veil)),
      );
      expect(growth, String(percent)).toBeLessThan(0.03);
      expect(loss, String(percent)).toBeLessThan(0.05);
      expect(facts.at(-1)!.visible).toBeLessThan(1.1 - percent / 100);
    }
  }
});

test('half the light and twice the light are nothing', () => {
  for (const factor of [0.5, 1.6]) {
    const { growth, loss } = watch(
      fit,
      clean(14).map((picture) => mixed(picture, (value) => Math.min(255, Math.round(value * factor)))),
    );
    expect(growth, String(factor)).toBeLessThan(0.05);
    expect(loss, String(factor)).toBeLessThan(0.05);
  }
});

test('a film is lost red, and growth says nothing of it', () => {
  const { loss, part } = watch(fit, clean(14).map(filmed));
  expect(loss).toBeGreaterThan(0.1);
  expect(part).toBe('red');
});

test('a smeared lens is lost sharpness', () => {
  const smear = ({ data, ...size }: GlassPicture): GlassPicture => {
    const row = 3 * size.width;
    const at = (i: number) => data[Math.min(data.length - 1, Math.max(0, i))]!;
    const offsets = [-2, -1, 0, 1, 2];
    const sums = (i: number) =>
      offsets.reduce((sum, y) => sum + offsets.reduce((s, x) => s + at(i + y * row + 3 * x), 0), 0);
    return { ...size, data: data.map((_, i) => Math.round(sums(i) / 25)) };
  };
  const { loss, part } = watch(fit, clean(14).map(smear));
  expect(loss).toBeGreaterThan(0.1);
  expect(part).toBe('blur');
});

test('a camera that was turned by a pixel is as sharp as before, and is not when it is smeared too', () => {
  const blurOf = (picture: GlassPicture) => lossOf(picture).embedding[LOSS_PARTS.indexOf('blur')]!;
  for (const picture of clean(3)) {
    expect(blurOf(turned(picture))).toBe(0);
    expect(blurOf(smeared(smeared(turned(picture))))).toBeGreaterThan(0.05);
  }
});

test('where hardly a place is recognised, as behind a cloud of grains, nothing is told as covered', () => {
  const cloudy = (picture: GlassPicture) => {
    const data = picture.data.slice();
    for (let grain = 0; grain < 2500; grain++) {
      const at = Math.floor(randomAt(grain) * (data.length / 3 - 3 * SIZE.width));
      for (let i = 0; i < 9; i++) {
        const pixel = at + (i % 3) + Math.floor(i / 3) * SIZE.width;
        data.fill(grain % 2 === 0 ? 200 : 30, 3 * pixel, 3 * pixel + 3);
      }
    }
    return { ...picture, data };
  };
  const coverOf = (picture: GlassPicture) => {
    const { embedding, recognised } = lossOf(picture);
    return { cover: embedding[LOSS_PARTS.indexOf('cover')]!, recognised };
  };
  for (const picture of clean(3)) {
    expect(coverOf(hidden(picture, 50)).cover).toBeGreaterThan(0.1);
    const behind = coverOf(cloudy(hidden(picture, 50)));
    expect(behind.recognised).toBeLessThan(0.25);
    expect(behind.cover).toBe(0);
  }
});

test('a dark thing over a third of the picture is told as covered', () => {
  const { loss, counted, part } = watch(
    fit,
    clean(14).map((picture) => hidden(picture, 70)),
  );
  expect(counted).toHaveLength(14);
  expect(loss).toBeGreaterThan(0.1);
  expect(part).toBe('cover');
});

test('a small move is undone, and told', () => {
  const moved = Array.from({ length: 14 }, (_, i) => seen(reef, 400 + i, 6, -11));
  const { growth, loss, sights, facts } = watch(fit, moved);
  expect(facts.map(({ move }) => move)).toEqual(moved.map(() => ({ down: 6, right: -11 })));
  expect(facts.map(positionOf)).toEqual(moved.map(() => ({ down: 6, right: -11 })));
  expect(sights.at(-1)!.measured).toBeLessThan(1);
  expect(growth).toBeLessThan(0.05);
  expect(loss).toBeLessThan(0.05);
});

test('a camera that was pushed aside is followed at once, and that is no growth @long', () => {
  const pushed = Array.from({ length: 14 }, (_, i) => seen(reef, 900 + i, 6, -10));
  const before = clean(14);
  const { facts } = watch(fit, [...before, ...pushed]);
  const [moves, positions] = [facts.map(({ move }) => move), facts.map(positionOf)].map((all) =>
    all.slice(14).map(({ down, right }) => [down, right]),
  );
  expect(moves).toEqual(pushed.map(() => [6, -10]));
  // The median of a dozen: seven of them.
  expect(positions!.map(([down]) => down !== 0)).toEqual(pushed.map((_, i) => i >= 5));
  expect(positions!.slice(6)).toEqual(pushed.slice(6).map(() => [6, -10]));
  const courses = pushed.map((_, i) => watch(fit, [...before, ...pushed.slice(0, i + 1)]).growth);
  expect(Math.max(...courses)).toBeLessThan(0.05);
});

test('another view is set aside, does not become what the camera saw lately, and is an alarm from the third on', () => {
  const elsewhere = scene(2);
  const pictures = [...clean(14), ...Array.from({ length: 14 }, (_, i) => seen(elsewhere, 500 + i))];
  const { facts, counted } = watch(fit, pictures);
  expect(facts.map(({ view }) => view.isAside)).toEqual(pictures.map((_, i) => i >= 14));
  expect(counted).toHaveLength(14);
  const factsAfter = (count: number) => facts[count - 1]!.view;
  expect(factsAfter(14)).toEqual({ isAside: false, asideInARow: 0, isAlarming: false, hasMoved: false });
  expect(factsAfter(16)).toMatchObject({ isAside: true, asideInARow: 2, isAlarming: false });
  expect(factsAfter(17)).toMatchObject({ asideInARow: 3, isAlarming: true, hasMoved: false });
  expect(factsAfter(26)).toMatchObject({ asideInARow: 12, hasMoved: true });
});

test('pictures that show few places move the camera’s position nowhere', () => {
  const traceOf = (places: number, down: number) => (picture: GlassPicture) => ({
    sight: { ...glass.look(picture), places, move: { right: 0, down } },
    isOtherView: false,
  });
  const tilted = clean(12).map(traceOf(0.29, -20));
  expect(positionAfter([...clean(5).map(traceOf(0.6, 1)), ...tilted])).toEqual({ right: 0, down: 1 });
});

test('a bag over most of the picture or all of it is an alarm from the third on, and one that shows nothing never a move', () => {
  const bag = (columns: number) => (picture: GlassPicture) => ({
    ...picture,
    data: picture.data.map((value, i) =>
      Math.floor(i / 3) % SIZE.width < columns ? 110 + Math.round(20 * Math.sin(i / 40)) : value,
    ),
  });
  for (const columns of [115, SIZE.width]) {
    const { facts } = watch(fit, [...clean(14), ...clean(14, 900).map(bag(columns))]);
    expect(facts[16]!.view, String(columns)).toMatchObject({ asideInARow: 3, isAlarming: true });
  }
  const blank = watch(fit, [...clean(14), ...clean(14, 900).map((picture) => mixed(picture, () => 110))]);
  expect(blank.facts.at(-1)!.view).toMatchObject({ asideInARow: 14, hasMoved: false });
});

test('growth that comes bit by bit stays growth when it has hidden the whole scene', () => {
  const pictures = clean(80).map((picture, i) => grown(picture, 5, 50 * Math.max(0, i - 14), SIZE.width));
  const { facts } = watch(fit, pictures);
  expect(facts.every(({ view }) => !view.isAside)).toBe(true);
  expect(facts.at(-1)!.visible).toBeLessThan(0.4);
  expect(
    conclude({
      ...evidenceOf(facts.at(-1)),
      isReadable: true,
      cleanMissing: 0,
      isAwaiting: false,
      learned: null,
    }),
  ).toMatchObject({ code: 'growth', level: 'drift' });
});

test('that nothing of the scene is seen is told since the first such picture of the window, until it is seen again', () => {
  const judge = judgeOf(fit);
  const murk = clean(12).map((picture) => murky(picture, 97, [110, 125, 110]));
  const facts = [...clean(12), ...murk, ...clean(12, 800)].map((picture, i) =>
    judge.update({ ...glass.look(picture), capturedAt: 1000 * i }, 'normal'),
  );
  const since = facts.map(({ unseenSince }) => unseenSince);
  expect(since.slice(0, 17)).toEqual(Array(17).fill(undefined));
  expect(since[23]).toBe(12_000);
  expect(since.at(-1)).toBeUndefined();
});

test('views that differ from each other are no new view', () => {
  const views = Array.from({ length: 12 }, (_, i) => glass.look(seen(scene(20 + i), 600)).view);
  expect(agree(views)).toBe(false);
  expect(agree(clean(12).map((picture) => glass.look(picture).view))).toBe(true);
});

test('sudden heavy growth is no other view while a part of the scene is seen, and an alarm when none is', () => {
  const heavy = (points: number, width: number) => (picture: GlassPicture) => {
    const data = picture.data.slice();
    const points_ = grown({ ...picture, data: picture.data }, 9, points).data;
    for (let i = 0; i < data.length; i++) if (Math.floor(i / 3) % SIZE.width < width) data[i] = points_[i]!;
    return { ...picture, data };
  };
  const half = watch(fit, [...clean(12), ...clean(12, 700).map(heavy(2500, 96))]);
  expect(half.counted).toHaveLength(24);
  expect(half.growth).toBeGreaterThan(0.1);
  const other = Array.from({ length: 12 }, (_, i) => {
    const picture = seen(reef, 800 + i);
    const blots = scene(77);
    return { ...picture, data: seen(blots, 900 + i).data };
  });
  expect(watch(fit, [...clean(12), ...other]).facts.at(-1)!.view.isAlarming).toBe(true);
});

test('a sight is the same to the last bit whatever was looked at before, in whatever order', () => {
  const pictures = [
    ...clean(6),
    ...Array.from({ length: 8 }, (_, i) => seen(reef, 400 + i, (i % 5) - 2, -i % 7)),
    ...Array.from({ length: 4 }, (_, i) => seen(scene(2), 500 + i)),
    seen(reef, 600, 20, -26),
  ];
  const { sights } = watch(fit, pictures);
  const places = [...pictures.keys()].sort((a, b) => randomAt(a) - randomAt(b));
  const shuffled = new Map(places.map((place) => [place, glass.look(pictures[place]!)]));
  expect(pictures.map((_, i) => shuffled.get(i))).toEqual(sights);
  expect(structuredClone(fit)).toEqual(fit);
  expect(new Glass(structuredClone(fit), glassKernels).look(pictures.at(-1)!)).toEqual(sights.at(-1));
});

test('a camera that trembles is in its place and calm, and a picture that is turned over is another view', () => {
  const trembling = Array.from({ length: 30 }, (_, i) => {
    const by = (place: number) => Math.round(10 * (randomAt(place) - 0.5));
    return seen(reef, 1000 + i, by(i), by(i + 50));
  });
  const { counted, facts, growth, loss } = watch(fit, trembling);
  expect(counted).toHaveLength(30);
  expect(growth).toBeLessThan(0.05);
  expect(loss).toBeLessThan(0.05);
  const far = facts
    .slice(12)
    .map(positionOf)
    .map(({ down, right }) => Math.hypot(down, right));
  expect(Math.max(...far)).toBeLessThan(LEAST_MOVE);
  const over = ({ data, ...size }: GlassPicture): GlassPicture => ({
    ...size,
    data: data.map((_, i) => data[data.length - 3 - 3 * Math.floor(i / 3) + (i % 3)]!),
  });
  for (const picture of clean(6)) {
    expect(watch(fit, [...trembling, over(picture)]).facts.at(-1)!.view.isAside).toBe(true);
  }
});

test('a sudden far move is believed where the places are seen, or from the third snapshot that shares it', () => {
  const pushed = Array.from({ length: 4 }, (_, i) => seen(reef, 900 + i, 4, -24));
  const isAside = (pictures: readonly GlassPicture[]) =>
    watch(fit, [...clean(14), ...pictures])
      .facts.slice(14)
      .map(({ view }) => view.isAside);
  expect(isAside(pushed)).toEqual([false, false, false, false]);
  const covered = pushed.map((picture, i) => grown(hidden(picture, 40), 20 + i, 900));
  expect(isAside(covered)).toEqual([true, true, false, false]);
  expect(isAside([covered[0]!, ...clean(3)])).toEqual([true, false, false, false]);
});

test('a mask applies to loss too, from the cells alone, and hidden places outside of it still count', () => {
  const pictures = clean(14).map((picture) => hidden(picture, 70));
  const left = [...glass.look(pictures[0]!).excess.keys()].filter((cell) => cell % 16 < 6);
  const [plain, masked] = [watch(fit, pictures), watch(fit, pictures, left)];
  expect(plain.loss).toBeGreaterThan(0.1);
  expect(masked.loss).toBeLessThan(0.01);
  expect(masked.sights).toEqual(plain.sights);
  expect(
    watch(
      fit,
      pictures,
      left.filter((cell) => cell % 16 > 4),
    ).loss,
  ).toBeGreaterThan(0.1);
  const little = clean(14).map((picture) => hidden(picture, 24));
  const far = [...Array(128).keys()].filter((cell) => cell % 16 >= 8);
  expect(watch(fit, little, far).loss).toBeGreaterThan(1.5 * watch(fit, little).loss);
  const second = { ...fit, reference: { ...fit.reference, losses: undefined } };
  expect(watch(second as unknown as GlassFit, pictures, left).loss).toBe(plain.loss);
});

test('the embeddings of the reference come out of its cells to the last bit', () => {
  const reader = new LossReader(fit, []);
  const again = fit.reference.losses!.map((losses) => reader.read(losses).embedding);
  expect(again).toEqual(fit.reference.loss);
});

test('a masked place never counts, and the others are measured on the glass that is left', () => {
  const pictures = clean(14).map((picture) => grown(picture, 5, 120));
  const { counted, growth } = watch(fit, pictures);
  const excess = counted.slice(-3).map((sight) => sight.excess);
  const grownCells = [...coverOf(counted.map((sight) => sight.excess)).isGrown.keys()].filter(
    (cell) => cell % glass.grid.width < glass.grid.width / 2,
  );
  const [plain, masked] = [growthEmbedding(excess), growthEmbedding(excess, grownCells)];
  const louder = Math.sqrt(plain.length / (plain.length - grownCells.length));
  for (const [cell, value] of masked.entries())
    expect(value).toBeCloseTo(grownCells.includes(cell) ? 0 : louder * plain[cell]!, 6);
  expect(watch(fit, pictures, grownCells).growth).toBeLessThan(0.3 * growth);
});

test('a mask hides no growth beside it: a small one changes little, and behind most of the picture nothing is told', () => {
  const pictures = clean(14).map((picture) => grown(picture, 5, 120));
  const { width, height } = glass.grid;
  const cells = [...Array(width * height).keys()];
  const behind = (isMasked: (row: number, column: number) => boolean) => {
    const offGlass = cells.filter((cell) => isMasked(Math.floor(cell / width), cell % width));
    const facts = watch(fit, pictures, offGlass).facts.at(-1)!;
    const { code, level } = conclude({
      ...evidenceOf(facts),
      ...{ isReadable: true, cleanMissing: 0, isAwaiting: false, learned: null },
    });
    return { ...facts, growth: facts.growth!, said: `${code} ${level}` };
  };
  const whole = behind(() => false);
  expect(whole).toMatchObject({ said: 'growth drift' });
  expect(whole).not.toHaveProperty('masked');

  const small = behind((row, column) => row === 0 && column >= width - 3);
  expect(small.masked).toBeCloseTo(3 / 128, 9);
  expect(small.growth.distance! / whole.growth.distance!).toBeGreaterThan(1);
  expect(small.growth.distance! / whole.growth.distance!).toBeLessThan(1.025);

  const half = behind((row) => row < height / 2);
  expect(half).toMatchObject({ masked: 0.5, said: 'growth drift' });
  expect(half.growth.distance).toBeGreaterThan(0.75 * whole.growth.distance!);

  const most = behind((row) => row < 0.75 * height);
  const nothing = { distance: null, driftStatus: 'warming-up' };
  expect(most).toMatchObject({ masked: 0.75, growth: nothing, loss: nothing, said: 'masked unknown' });
  expect(behind(() => true)).toMatchObject({ masked: 1, growth: nothing, said: 'masked unknown', cover: 0 });
});

test('a film behind a mask of most of the picture is not told, and behind half of it is', () => {
  const watched = (columns: number) => {
    const judge = new GlassJudge(fit, {
      windowSize: 12,
      persistence: { raiseAfter: 1, clearAfter: 1, clearBelow: 1 },
      offGlass: [...Array(128).keys()].filter((cell) => cell % 16 < columns),
      isOwnModel: false,
      isWarm: false,
    });
    return clean(14)
      .map((picture) => judge.update(glass.look(filmed(picture)), 'normal'))
      .at(-1)!.loss;
  };
  expect(watched(8)).toMatchObject({ driftStatus: 'drift', part: 'red' });
  expect(watched(10)).toMatchObject({ distance: null, driftStatus: 'warming-up' });
});

test('one snapshot with a large fish moves no embedding', () => {
  const { sights } = watch(fit, clean(4));
  const excess = sights.map((sight) => sight.excess);
  const fish = excess[3]!.map(() => 3);
  expect(growthEmbedding([excess[1]!, excess[2]!, fish])).not.toEqual(growthEmbedding([fish, fish, fish]));
  const least = growthEmbedding([excess[1]!, fish, excess[2]!]);
  expect(least.reduce((a, b) => a + b, 0)).toBeLessThan(
    0.5 * growthEmbedding([fish]).reduce((a, b) => a + b, 0),
  );
});

/** With text over the upper left of a picture, of this share of full contrast. */
function captioned(picture: GlassPicture, contrast = 1): GlassPicture {
  const data = picture.data.slice();
  for (let y = 2; y < 9; y++) {
    for (let x = 4; x < 56; x++) {
      const from = 3 * (y * SIZE.width + x);
      data.fill(145 + contrast * ((x * 7 + y * 3) % 5 < 2 ? 105 : -105), from, from + 3);
    }
  }
  return { ...picture, data };
}

test('a caption is found where water changes, and not where it does not', () => {
  const kernels = glassKernels(SIZE);
  const finest = (pictures: readonly GlassPicture[]) =>
    pictures.map((picture) => kernels.split(picture).finest);
  const uncaptioned = reference.map((picture, i) => murky(picture, 10 * (i % 6), [120, 125, 122]));
  const written = uncaptioned.map((picture) => captioned(picture));
  expect(captionCells(finest(written), SIZE, kernels)).toEqual([0, 1, 2, 3, 4]);
  // As sharp, and little water before it dims it by up to a fifth: a rock near the camera.
  const near = uncaptioned.map((picture, i) => captioned(picture, 1 - (i % 6) / 24));
  expect(captionCells(finest(near), SIZE, kernels)).toEqual([]);
  expect(captionCells(finest(uncaptioned), SIZE, kernels)).toEqual([]);
  expect(fit.captions).toEqual([]);
});

test('what a camera does not allow is said @long', () => {
  const days = reference.map((_, i) => Date.UTC(2024, 0, 1 + (i % 20)));
  const blue = reference.map((picture) =>
    mixed(picture, (value, k) => Math.round(value * [0.5, 0.9, 1][k]!)),
  );
  expect(fitGlass(blue, days, glassKernels).limits).toEqual([]);
  expect(fitGlass(reference, days, glassKernels).limits).toEqual(['white-balance']);
  expect(
    fitGlass(
      blue,
      days.map((_, i) => days[i % 9]!),
      glassKernels,
    ).limits,
  ).toEqual(['few-days']);
  const grey = reference.map(({ data, ...size }) => ({
    ...size,
    data: data.map((_, i) => data[i - (i % 3) + 1]!),
  }));
  const seenGrey = fitGlass(grey, days, glassKernels);
  expect(seenGrey.limits).toEqual(['grey']);
  const { loss } = watch(
    seenGrey,
    clean(14)
      .map(filmed)
      .map(({ data, ...size }) => ({ ...size, data: data.map((_, i) => data[i - (i % 3) + 1]!) })),
  );
  expect(loss).toBeLessThan(0.05);
  const flat = reference.map((picture, i) => mixed(picture, (_, k) => [70, 110, 120][k]! + (i % 3)));
  expect(fitGlass(flat, days, glassKernels).limits).toContain('no-texture');
  expect(watch(fitGlass(flat, days, glassKernels), flat.slice(0, 14)).growth).toBeLessThan(0.05);
  const hazy = blue.map(({ data, ...size }, n) => ({
    ...size,
    data: data.map((value, i) => Math.round(0.4 * value + 30 + 60 * randomAt(i + n * data.length))),
  }));
  expect(fitGlass(hazy, days, glassKernels).limits).toEqual(['no-blur']);
});

test('a sensor’s grain, which no water veils, is no structure to tell a blur by', () => {
  const days = reference.map((_, i) => Date.UTC(2024, 0, 1 + (i % 20)));
  const inWater = reference.map((picture, i) => murky(picture, 60 + ((7 * i) % 35), [60, 110, 140]));
  const grainy = inWater.map(({ data, ...size }) => ({
    ...size,
    data: data.map((value, i) => Math.round(value + 40 * randomAt(Math.floor(i / 3)))),
  }));
  expect(fitGlass(inWater, days, glassKernels).limits).toEqual([]);
  expect(fitGlass(grainy, days, glassKernels).limits).toEqual(['no-blur']);
});

test('a camera that returns finds the reference that fits', () => {
  const otherFit = fitGlass(cleanReference(scene(2), 40), [], glassKernels);
  const pictures = clean(6);
  const through = [otherFit, fit].map((each) => ({
    fit: each,
    sights: pictures.map((picture) => new Glass(each, glassKernels).look(picture)),
  }));
  expect(fittingReference(through)).toBe(1);
  expect(fittingReference([through[0]!])).toBeNull();
  expect(fittingReference([{ fit, sights: through[1]!.sights.slice(0, 5) }])).toBeNull();
});

test('inputs survive, and what can’t be used is refused', () => {
  const picture = seen(reef, 300);
  const copy = picture.data.slice();
  const sight = glass.look(picture);
  glass.look(seen(reef, 301));
  expect(picture.data).toEqual(copy);
  expect(sight).toEqual(glass.look(picture));
  expect(lossOf(picture).embedding).toHaveLength(LOSS_PARTS.length);
  expect(() => fitGlass(reference.slice(0, 11), [], glassKernels)).toThrow(RangeError);
  const low = { ...picture, height: 92, data: picture.data.slice(0, 92 * 192 * 3) };
  expect(() => glass.look(low)).toThrow(RangeError);
  expect(() => growthEmbedding([])).toThrow(RangeError);
});

test('snapshots of any shape get a size that the bands can halve twice', () => {
  expect(glassSize({ height: 1080, width: 1920 })).toEqual({ height: 108, width: 192 });
  expect(glassSize({ height: 480, width: 640 })).toEqual({ height: 144, width: 192 });
  for (const [height, width] of [
    [1, 5000],
    [5000, 1],
    [719, 1283],
    [13, 17],
  ] as const) {
    const size = glassSize({ height, width });
    expect(size.height % 4).toBe(0);
    expect(size.height).toBeGreaterThanOrEqual(24);
    expect(size.height).toBeLessThanOrEqual(384);
  }
});
