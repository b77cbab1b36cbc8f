import { expect } from '@playwright/test';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { farthestFrom, runGlass } from '../domain/glass/run-glass';
import { test } from './open-page';

const DEMO = join(import.meta.dirname, '../../public/demo');
const REAL = join(import.meta.dirname, '../../../shared/data/obsea');
const cameras = {
  demo: { clean: join(DEMO, 'reference'), later: [join(DEMO, 'snapshots')] },
  real: { clean: join(REAL, 'clean'), later: [join(REAL, 'clean'), join(REAL, 'dirty')] },
};
const jpegs = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.jpg'))
    .sort()
    .map((name) => join(folder, name));
const base64 = (path: string) => readFileSync(path).toString('base64');

for (const [name, { clean, later }] of Object.entries(cameras)) {
  const isMissing = !existsSync(clean);
  if (isMissing) console.log(`the ${name} camera’s growth and loss as ONNX: skipped, no ../shared/data`);

  test(`growth and loss of the ${name} camera as ONNX say what the page’s own say @long`, async ({
    shared,
  }) => {
    test.skip(isMissing, 'the snapshots are not ours to ship: no shared/ folder here');
    test.slow();
    const reference = jpegs(clean).slice(0, 40);
    const rest = later.flatMap((folder) => jpegs(folder)).filter((path) => !reference.includes(path));
    const chosen = Array.from({ length: 10 }, (_, i) => rest[Math.floor(((i + 0.5) * rest.length) / 10)]!);
    const found = await shared.evaluate(
      async ({ reference, chosen }) => {
        const { GlassPictures } = await import('/src/core/encoder/glass/glass-pictures.ts');
        const { openKernels } = await import('/src/core/encoder/open-kernels.ts');
        const { fitGlass, Glass } = await import('/src/core/domain/glass/glass.ts');
        const { glassOnnx } = await import('/src/core/domain/glass/glass-onnx.ts');
        const [reader, kernels] = [await GlassPictures.create(), await openKernels()];
        const read = async (file: string) =>
          reader.read(Uint8Array.from(atob(file), (byte) => byte.charCodeAt(0)).buffer);
        const clean = [];
        for (const file of reference) clean.push(await read(file));
        const fit = fitGlass(clean, [], kernels);
        const look = new Glass(fit, kernels);
        const seen = [];
        for (const file of chosen) {
          const picture = await read(file);
          const { excess, loss, visible, brightness, move } = look.look(picture, []);
          const sight = { excess: [...excess], loss: [...loss], visible, brightness, move };
          seen.push({ picture: { ...picture, data: [...picture.data] }, sight });
        }
        const stream = {
          windowSize: 12,
          persistence: { raiseAfter: 1, clearAfter: 1, clearBelow: 1 },
          offGlass: fit.captions,
          isWarm: true,
        };
        return { bytes: [...glassOnnx(fit, stream)], seen };
      },
      { reference: reference.map(base64), chosen: chosen.map(base64) },
    );
    const moves = found.seen.map(({ sight }) => sight.move);
    expect(moves.some(({ down, right }) => down % 2 !== 0 && right !== 0)).toBe(true);
    const pictures = found.seen.map(({ picture }) => ({ ...picture, data: Uint8Array.from(picture.data) }));
    const sights = found.seen.map(({ sight }) => ({
      ...sight,
      excess: Float32Array.from(sight.excess),
      loss: Float32Array.from(sight.loss),
    }));
    expect(Math.max(...sights.flatMap(({ excess }) => [...excess].filter((value) => value > 0)))).toBe(3);
    const far = farthestFrom(sights, await runGlass(Uint8Array.from(found.bytes), pictures, moves));
    expect(far.excess).toBeLessThan(0.0002);
    expect(far.loss).toBeLessThan(0.00005);
    expect(far.visible).toBeLessThan(0.0001);
    // WebAssembly sums its rows in float32.
    expect(far.brightness).toBeLessThan(0.05);
  });
}
