import { readFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { BLANK } from '../addresses';
import { test } from '../shared-page';
import type { Box } from '../../src/core/domain/detection/detection';

// by numpy: tests/fixtures/detection/make-detectors.py
const golden = JSON.parse(
  readFileSync(new URL('../fixtures/detection/golden.json', import.meta.url)).toString(),
) as {
  readonly floor: number;
  readonly iou: number;
  readonly names: readonly string[];
  readonly found: readonly {
    readonly picture: string;
    readonly detector: string;
    readonly width: number;
    readonly height: number;
    readonly boxes: readonly Box[];
  }[];
};
const DETECTORS = ['v8', 'any-size', 'v5', 'suppressed', 'end2end'] as const;
const SIEVE = { floor: golden.floor, overlap: golden.iou };

async function open(page: Page): Promise<void> {
  if (page.url() !== BLANK) await page.goto(BLANK);
  await page.evaluate(async () => {
    const parts = await Promise.all([
      import('/src/features/science/detections/workers/finder.ts'),
      import('/src/core/encoder/sha256.ts'),
      import('/tests/journeys/hostile-models.ts'),
      import('/tests/told.ts'),
    ]);
    const bytes = async (name: string) => (await fetch(`/tests/fixtures/${name}`)).arrayBuffer();
    Object.assign(globalThis, ...parts, { bytes });
  });
}

// Globals that open() makes inside the page.
declare const Finder: (typeof import('../../src/features/science/detections/workers/finder'))['Finder'];
declare const sha256: (typeof import('../../src/core/encoder/sha256'))['sha256'];
declare const endless: (typeof import('../journeys/hostile-models'))['endless'];
declare const cyclic: (typeof import('../journeys/hostile-models'))['cyclic'];
declare const told: (typeof import('../told'))['told'];
declare const bytes: (name: string) => Promise<ArrayBuffer>;

for (const detector of DETECTORS) {
  test(`boxes are those of numpy within a pixel, and as many: ${detector}`, async ({ page }) => {
    await open(page);
    const pictures = golden.found.filter((found) => found.detector === detector);
    expect(pictures.length).toBeGreaterThan(3);
    const got = await page.evaluate(
      async ({ detector, names, sieve }) => {
        const { signal } = new AbortController();
        const finder = await Finder.open(await bytes(`detection/${detector}.onnx`), signal);
        const seen = [];
        for (const name of names) {
          const content = await bytes(`detection/${name}.png`);
          seen.push(await finder.detect(new File([content], `${name}.png`), await sha256(content), sieve));
        }
        finder.end();
        return { tried: finder.tried, seen };
      },
      { detector, names: pictures.map(({ picture }) => picture), sieve: SIEVE },
    );
    expect(got.tried).toMatchObject({
      classes: golden.names,
      isNamed: true,
      input: { height: 96, width: 128 },
    });
    for (const [i, { picture, width, height, boxes }] of pictures.entries()) {
      const seen = got.seen[i]!;
      expect(seen.size, picture).toEqual({ width, height });
      expect(seen.boxes.length, picture).toBe(boxes.length);
      for (const conf of [0.25, 0.4, 0.6]) {
        const counts = (all: readonly Box[]) =>
          golden.names.map((_, id) => all.filter((b) => b.classId === id && b.score >= conf).length);
        expect(counts(seen.boxes), `${picture} ${String(conf)}`).toEqual(counts(boxes));
      }
      // Each has a partner: boxes of equal scores may come in another order.
      const left = [...seen.boxes];
      for (const box of boxes) {
        const partner = left.findIndex(
          (other) =>
            other.classId === box.classId &&
            Math.abs(other.score - box.score) < 0.01 &&
            (['left', 'top', 'width', 'height'] as const).every(
              (edge) => Math.abs(other[edge] - box[edge]) < 1,
            ),
        );
        expect(partner, `${picture}: ${JSON.stringify(box)}`).toBeGreaterThanOrEqual(0);
        left.splice(partner, 1);
      }
    }
  });
}

test('a file of another content is not taken for the snapshot, and one that is no picture is told', async ({
  page,
}) => {
  await open(page);
  const got = await page.evaluate(async (sieve) => {
    const finder = await Finder.open(await bytes('detection/v8.onnx'), new AbortController().signal);
    const content = await bytes('detection/wide.png');
    const other = await finder.detect(new File([content], 'wide.png'), '0'.repeat(64), sieve);
    const cut = content.slice(0, 900);
    const damaged = await finder.detect(new File([cut], 'cut.png'), await sha256(cut), sieve).catch(told);
    const after = await finder.detect(new File([content], 'wide.png'), await sha256(content), sieve);
    finder.end();
    return { other, damaged, after: after?.boxes.length };
  }, SIEVE);
  expect(got.other).toBeNull();
  expect(got.damaged).toContain('image-damaged');
  expect(got.after, 'the next one is looked at').toBeGreaterThan(5);
});

const REFUSED: readonly [string, string][] = [
  ['detection/segment.onnx', 'made for the task “segment”'],
  ['detection/float16.onnx', 'model-input: 1 input: images float16'],
  ['detection/many-names.onnx', 'it names 80 classes'],
  ['detection/classes-only.onnx', 'output0 [1, 3] has none of the shapes'],
  ['detection/unclear.onnx', 'one row for each cell of a grid'],
  ['onnx/autoencoder.onnx', 'it takes pictures of 12 × 20 pixels'],
  ['onnx/two-inputs.onnx', 'model-input: 2 inputs'],
  ['onnx/external-data.onnx', 'model-external-data'],
  ['onnx/golden.json', 'model-not-onnx'],
];

test('each file that is no detector is refused with its reason @long', async ({ page }) => {
  await open(page);
  const got = await page.evaluate(
    async (names) => {
      const refusals: string[] = [];
      for (const name of names) {
        const { signal } = new AbortController();
        refusals.push(
          await Finder.open(await bytes(name), signal).then((finder) => {
            finder.end();
            return 'accepted';
          }, told),
        );
      }
      return refusals;
    },
    REFUSED.map(([name]) => name),
  );
  for (const [i, [name, reason]] of REFUSED.entries()) expect(got[i], name).toContain(reason);
});

test('scores that are none are refused at the first picture', async ({ page }) => {
  await open(page);
  const refusal = await page.evaluate(async (sieve) => {
    const finder = await Finder.open(await bytes('detection/logits.onnx'), new AbortController().signal);
    const content = await bytes('detection/wide.png');
    return finder
      .detect(new File([content], 'wide.png'), await sha256(content), sieve)
      .then(() => 'accepted', told)
      .finally(() => finder.end());
  }, SIEVE);
  expect(refusal).toMatch(/not-a-detector: it gives a score of \d/);
});

test('a detector that never answers can be cancelled, and one of nodes that wait for each other is refused @long', async ({
  page,
}) => {
  await open(page);
  const got = await page.evaluate(async () => {
    const model = new Uint8Array(await bytes('onnx/any-size.onnx'));
    const { signal } = new AbortController();
    const circle = await Finder.open(new Uint8Array(cyclic(model)).buffer, signal).then(
      () => 'accepted',
      told,
    );
    const stop = new AbortController();
    const opening = Finder.open(new Uint8Array(endless(model, null)).buffer, stop.signal).then(
      () => 'accepted',
      (error: unknown) => String(error),
    );
    setTimeout(() => stop.abort(new Error('the person has cancelled it')), 3000);
    return { circle, endless: await opening };
  });
  expect(got.circle).toMatch(/model-not-onnx|not-a-detector|model-operators/);
  expect(got.endless).toContain('the person has cancelled it');
});
