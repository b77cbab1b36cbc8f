import { expect, test } from '@playwright/test';
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
  expect(sight).toMatchObject({ move: { down: 0, right: 0 }, measured: 1, source: 'thumbnail' });
});
