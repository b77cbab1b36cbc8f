import { expect, test } from '@playwright/test';
import type { GlassSight } from '../../src/core/domain/glass/sight';
import { BLANK } from '../addresses';

test('the worker fits a reference and looks at a snapshot', async ({ page }) => {
  await page.goto(BLANK);
  const sight = await page.evaluate(async () => {
    const { GlassLooker } = await import('/src/core/encoder/glass/glass-looker.ts');
    const pictures: ArrayBuffer[] = [];
    for (let i = 0; i < 14; i++) {
      const canvas = new OffscreenCanvas(192, 96);
      const context = canvas.getContext('2d')!;
      for (let k = 0; k < 400; k++) {
        context.fillStyle = `rgb(${40 + ((k * 37) % 150)} ${40 + ((k * 53) % 150)} ${(k * 71 + i) % 200})`;
        context.fillRect((k * 97) % 192, (k * 61) % 96, 3 + (k % 11), 3 + (k % 7));
      }
      pictures.push(await (await canvas.convertToBlob({ type: 'image/jpeg' })).arrayBuffer());
    }
    const looker = new GlassLooker();
    const fit = await looker.fit(
      pictures,
      pictures.map((_, i) => i),
    );
    const [seen] = await looker.look(fit!, [pictures[3]!]);
    return seen;
  });
  expect(Object.values(sight!.excess)).toHaveLength(128);
  expect(Math.max(...Object.values(sight!.excess))).toBeLessThan(3);
  expect(sight).toMatchObject({ move: { down: 0, right: 0 }, measured: 1 });
});

test('growth and loss see the same on arrival as in the stored thumbnail ever after, bit for bit', async ({
  page,
}) => {
  await page.goto(BLANK);
  const same = await page.evaluate(async () => {
    const { isSameFit, writeSights } = await import('/src/core/domain/files/glass-arrays.ts');
    const { Preprocessor } = await import('/src/core/encoder/preprocess.ts');
    const { GlassLooker } = await import('/src/core/encoder/glass/glass-looker.ts');
    const [preprocessor, looker] = [await Preprocessor.create(), new GlassLooker()];
    const resize = { height: 216, width: 384 };
    const tensor = new Float32Array(3 * resize.height * resize.width);
    const prepared = async (height: number, width: number, i: number) => {
      const context = new OffscreenCanvas(width, height).getContext('2d')!;
      for (let k = 0; k < 500; k++) {
        context.fillStyle = `rgb(${40 + ((k * 37) % 150)} ${40 + ((k * 53) % 150)} ${(k * 71 + 9 * i) % 200})`;
        context.fillRect((k * 97) % width, (k * 61) % height, 8 + (k % 41), 8 + (k % 37));
      }
      const file = await context.canvas.convertToBlob({ type: i % 2 === 0 ? 'image/jpeg' : 'image/png' });
      const transform = { resize, mean: [0, 0, 0], std: [1, 1, 1] } as const;
      const found = await preprocessor.prepare(await file.arrayBuffer(), transform, tensor, 0);
      if (!found.ok) throw new Error(found.code);
      return { glass: found.glass, thumbnail: found.thumbnail };
    };
    const bits = (all: readonly (GlassSight | null)[]) =>
      writeSights(new Map(all.map((sight, i) => [String(i), sight!]))).join();
    const same: boolean[] = [];
    for (const [height, width] of [
      [360, 640],
      [481, 639],
      [640, 300],
    ] as const) {
      const pictures = [];
      for (let i = 0; i < 12; i++) pictures.push(await prepared(height, width, i));
      const arrived = pictures.map(({ glass }) => glass);
      const kept = pictures.map(({ thumbnail }) => thumbnail);
      const [fit, again] = [(await looker.fit(arrived, []))!, (await looker.fit(kept, []))!];
      same.push(isSameFit(fit, again));
      same.push(bits(await looker.look(fit, arrived)) === bits(await looker.look(fit, kept)));
    }
    return same;
  });
  expect(same).toEqual(Array.from({ length: 6 }, () => true));
});

test('snapshots of a view that no reference knows are registered to each other before their median', async ({
  page,
}) => {
  await page.goto(BLANK);
  const difference = await page.evaluate(async () => {
    const { GlassLooker } = await import('/src/core/encoder/glass/glass-looker.ts');
    const { whatStays } = await import('/src/core/session/pictures/what-stays.ts');
    const drawn = async (right: number) => {
      const context = new OffscreenCanvas(320, 160).getContext('2d')!;
      for (let k = 0; k < 500; k++) {
        context.fillStyle = `rgb(${40 + ((k * 37) % 150)} ${40 + ((k * 53) % 150)} ${(k * 71) % 200})`;
        context.fillRect(right + ((k * 97) % 360) - 20, (k * 61) % 160, 8 + (k % 21), 8 + (k % 17));
      }
      return (await context.canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 })).arrayBuffer();
    };
    const thumbnails = new Map<string, ArrayBuffer>();
    for (let i = 0; i < 12; i++) thumbnails.set(String(i), await drawn([0, 15, 0, -15][i % 4]!));
    const room = { db: { get: (_: string, key: string) => Promise.resolve(thumbnails.get(key)) } };
    const jobs = [...thumbnails.keys()].map((id, i) => ({ id, capturedAt: 60_000 * i }));
    const given = { ...room, looker: new GlassLooker() } as unknown as Parameters<typeof whatStays>[0];
    const { own } = await whatStays(given, jobs as unknown as Parameters<typeof whatStays>[1], []);
    const pixels = async (source: Blob) => {
      const context = new OffscreenCanvas(320, 160).getContext('2d')!;
      context.drawImage(await createImageBitmap(source), 0, 0);
      return context.getImageData(40, 20, 240, 120).data;
    };
    const still = await pixels(new Blob([thumbnails.get('0')!]));
    const differenceOf = async (jpeg: Blob) => {
      const data = await pixels(jpeg);
      return data.reduce((sum, value, i) => sum + Math.abs(value - still[i]!), 0) / data.length;
    };
    const move = { down: 0, right: 0 };
    const unmoved = await given.looker.stays([...thumbnails.values()].map((source) => ({ source, move })));
    return {
      registered: await differenceOf(await (await fetch(own!.address)).blob()),
      unmoved: await differenceOf(new Blob([unmoved!.jpeg])),
    };
  });
  expect(difference.registered).toBeLessThan(difference.unmoved / 2);
});
