import { expect, test } from '@playwright/test';
import { AppError } from '../../../src/core/domain/errors';
import {
  isSameFit,
  isWholeFit,
  isWholeSight,
  readGlassFit,
  readSights,
  writeGlassFit,
  writeSights,
} from '../../../src/core/domain/files/glass-arrays';
import { readNpzArrays, writeNpzArrays, type NpzArray } from '../../../src/core/domain/files/npy';
import { inThisVersion, unknownRest } from '../../../src/core/domain/glass/fit-of-before';
import { fitGlass, Glass, type GlassFit } from '../../../src/core/domain/glass/glass';
import type { GlassSight } from '../../../src/core/domain/glass/sight';
import { GLASS_VERSION, LOSS_PARTS } from '../../../src/core/domain/glass/glass-facts';
import { isSight } from '../../../src/core/domain/glass/sight';
import { LossReader } from '../../../src/core/domain/glass/loss';
import type { GlassPicture } from '../../../src/core/domain/glass/picture';
import { cleanReference, grown, scene, seen, SIZE } from '../glass/glass-scenes';
import { glassKernels } from '../../wasm';

const reef = scene(1);
let fit: GlassFit;
const flat: GlassPicture = { ...SIZE, data: new Uint8Array(3 * SIZE.height * SIZE.width).fill(90) };
/** Clean, moved far enough that cells are not seen, grown over, another view, without structure. */
const pictures = [
  seen(reef, 300),
  seen(reef, 301, 20, -26),
  grown(seen(reef, 302), 5, 120),
  seen(scene(2), 303),
  flat,
];
const sights = new Map<string, GlassSight>();
test.beforeAll(() => {
  fit = fitGlass(cleanReference(reef), [], glassKernels);
  for (const [i, picture] of pictures.entries()) {
    sights.set(`job ${i}`, new Glass(fit, glassKernels).look(picture));
  }
});
const BLUR = LOSS_PARTS.indexOf('blur');
type Arrays = Record<string, NpzArray | readonly string[]>;
const changed = (bytes: Uint8Array, change: (arrays: Arrays) => void) => {
  const arrays: Arrays = Object.fromEntries(readNpzArrays(bytes));
  change(arrays);
  return writeNpzArrays(arrays);
};
const data = (arrays: Arrays, name: string) => (arrays[name] as NpzArray).data;
const codeOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error instanceof AppError ? error.code : error;
  }
  return null;
};

test('fits and sights come back in every bit, what is not seen too', () => {
  const all = [...sights.values()];
  expect(all.some(({ excess }) => excess.some(Number.isNaN))).toBe(true);
  expect(all.some(({ losses }) => losses.some(Number.isNaN))).toBe(true);
  expect(readSights(writeSights(sights), fit)).toEqual(sights);

  const back = readGlassFit(writeGlassFit(fit));
  expect(back).toEqual(fit);
  expect(isSameFit(back, fit)).toBe(true);
  const look = new Glass(back, glassKernels);
  expect(pictures.map((picture) => look.look(picture))).toEqual(all);
});

test('a fit that differs in one bit is another', () => {
  const sharp = fit.sharp.slice();
  sharp[7] = sharp[7]! * (1 + 2 ** -23);
  expect(isSameFit(fit, { ...fit, sharp })).toBe(false);
});

test('what can be in no sight is refused as a whole', () => {
  const wrong: ((arrays: Arrays) => void)[] = [
    (arrays) => (data(arrays, 'excess')[3] = 3.5),
    (arrays) => (data(arrays, 'excess')[3] = -1),
    (arrays) => (data(arrays, 'losses')[0] = Infinity),
    (arrays) => (data(arrays, 'losses')[0] = 1e9),
    (arrays) => (data(arrays, 'move')[0] = 1000),
    (arrays) => (data(arrays, 'move')[0] = 0.5),
    (arrays) => (data(arrays, 'move')[1] = NaN),
    (arrays) => (data(arrays, 'places')[0] = 3),
    (arrays) => (data(arrays, 'strength')[0] = -1),
    (arrays) => (data(arrays, 'brightness')[0] = 300),
    (arrays) => (data(arrays, 'measured')[0] = NaN),
    (arrays) => delete arrays['view'],
    (arrays) => (arrays['ids'] = [...(arrays['ids'] as string[]), 'one more']),
    (arrays) => (arrays['excess'] = arrays['losses']!),
    (arrays) => (arrays['view'] = { shape: [5, 10], data: new Int8Array(50) }),
    (arrays) => (arrays['measured'] = ['text']),
  ];
  for (const change of wrong) {
    expect(codeOf(() => readSights(changed(writeSights(sights), change), fit))).toBe('npy-format');
  }
  const cut = writeSights(sights).slice(0, 4000);
  expect(codeOf(() => readSights(cut, fit))).toMatch(/^npy-/);
  // Through a fit of another shape.
  const tall = { ...fit, height: 2 * fit.height };
  expect(codeOf(() => readSights(writeSights(sights), tall))).toBe('npy-format');
});

test('what can be in no fit is refused, and a stored one of that kind is not written', () => {
  const wrong: ((arrays: Arrays) => void)[] = [
    (arrays) => (data(arrays, 'size')[0] = 98),
    (arrays) => (data(arrays, 'size')[1] = 1e9),
    (arrays) => (data(arrays, 'fine')[0] = NaN),
    (arrays) => (data(arrays, 'sharp')[0] = 1e30),
    (arrays) => (data(arrays, 'growth_spread')[0] = 0),
    (arrays) => (data(arrays, 'loss_spread')[0] = -1),
    (arrays) => (data(arrays, 'loss_rest')[0] = 1e9),
    (arrays) => (data(arrays, 'loss_textured')[0] = 7),
    (arrays) => (data(arrays, 'reference_loss')[0] = NaN),
    (arrays) => (data(arrays, 'reference_losses')[0] = 1e9),
    (arrays) => (arrays['captions'] = { shape: [1], data: Float64Array.of(4000) }),
    (arrays) => (arrays['limits'] = ['unheard-of']),
    (arrays) => (arrays['reference_excess'] = { shape: [0, 128], data: new Float32Array() }),
    (arrays) => delete arrays['structure'],
  ];
  for (const change of wrong) {
    expect(codeOf(() => readGlassFit(changed(writeGlassFit(fit), change)))).toBe('npy-format');
  }
  const broken: unknown[] = [
    null,
    {},
    { version: GLASS_VERSION },
    { ...fit, loss: null },
    { ...fit, growth: { fine: 1 } },
  ];
  expect(broken.map(isWholeFit)).toEqual(broken.map(() => false));
  expect(isWholeSight({ ...sights.get('job 0'), view: 'x' }, fit)).toBe(false);
  expect(isWholeSight(undefined, fit)).toBe(false);
  expect(codeOf(() => writeGlassFit({ ...fit, version: GLASS_VERSION - 1 } as unknown as GlassFit))).toBe(
    'npy-format',
  );
});

test('what is not seen has the same bytes whichever sign its NaN has, so that two laptops make the same fit', () => {
  const unlike = { ...fit, loss: { ...fit.loss, rest: fit.loss.rest.slice() } };
  const [first, second] = [fit, unlike].map(({ loss }) => new Uint32Array(loss.rest.buffer, 0, 1));
  const kept = first![0]!;
  [first![0], second![0]] = [0x7fc00000, 0xffc00000];
  expect(unlike.loss.rest[0]).toBe(NaN);
  expect(isSameFit(fit, unlike)).toBe(true);
  first![0] = kept;
  expect(isSameFit(fit, unlike)).toBe(Number.isNaN(fit.loss.rest[0]));
});

test('a fit of version 1 is read, and says of growth what it said and of blur no less than one of now', () => {
  const first = readGlassFit(
    changed(writeGlassFit(fit), (arrays) => {
      delete arrays['loss_rest'];
      delete arrays['reference_losses'];
    }),
  );
  const { version, loss, reference, ...others } = fit;
  const { rest, ...lossThen } = loss;
  const { losses: _none, ...referenceThen } = reference;
  const then = { ...others, reference: referenceThen };
  expect(inThisVersion({ ...then, version: 1, loss: lossThen })).toEqual(first);
  expect(inThisVersion(fit)).toBe(fit);
  expect(first).toEqual({ ...then, version, loss: { ...lossThen, rest: unknownRest(rest.length) } });
  for (const picture of pictures) {
    const [before, now] = [first, fit].map((through) => {
      const sight = new Glass(through, glassKernels).look(picture);
      return { ...sight, loss: new LossReader(through, []).read(sight.losses).embedding };
    });
    expect(before!.excess).toEqual(now!.excess);
    expect(before!.move).toEqual(now!.move);
    expect(before!.loss[BLUR]).toBeGreaterThanOrEqual(now!.loss[BLUR]!);
  }
});

test('a fit of version 2 is read, and shows the same as one of now; sights of versions 2 and 3 are not taken', () => {
  const { losses: _none, ...reference } = fit.reference;
  const second = { ...fit, version: 2, reference } as const;
  const read = readGlassFit(changed(writeGlassFit(fit), (arrays) => delete arrays['reference_losses']));
  expect(inThisVersion(second)).toEqual(read);
  expect(read).toEqual({ ...fit, reference });
  expect(readGlassFit(writeGlassFit(read))).toEqual(read);
  const [then, now] = [read, fit].map((each) => new Glass(each, glassKernels).look(pictures[2]!));
  expect(then).toEqual(now);
  const { losses: _cells, ...earlier } = {
    ...now!,
    loss: new Float32Array(4),
    isOtherView: false,
    found: null,
  };
  const third = { ...now!, source: 'pixels' };
  expect([now, earlier, third, null].map(isSight)).toEqual([true, false, false, false]);
  expect([now, earlier, third].map((sight) => isWholeSight(sight, fit))).toEqual([true, false, false]);
});

test('an archive whose arrays are packed is not unpacked, since they could be of any size', () => {
  const bytes = writeSights(sights);
  const packed = bytes.slice();
  // Compression method of the first entry of the directory, and of its own header.
  const view = new DataView(packed.buffer);
  view.setUint16(8, 8, true);
  const directory = view.getUint32(packed.length - 6, true);
  view.setUint16(directory + 10, 8, true);
  expect(codeOf(() => readSights(packed, fit))).toBe('npy-format');
});
