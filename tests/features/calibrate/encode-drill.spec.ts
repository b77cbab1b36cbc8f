import { expect, test } from '@playwright/test';
import type { GlassFit } from '../../../src/core/domain/glass/glass';
import type { GlassPicture } from '../../../src/core/domain/glass/picture';
import { encodeDrill, DRILL_LENSES } from '../../../src/features/calibrate/drill/encode-drill';

type Eyes = Parameters<typeof encodeDrill>[0];

const TRANSFORM = { resize: { height: 2, width: 2 }, mean: [0, 0, 0], std: [1, 1, 1] } as const;
const FIT = {} as GlassFit;
const files = ['a.jpg', 'no-picture.jpg', 'b.jpg', 'c.jpg'].map((name) => new File([], name));

/** A picture that says of which snapshot it is, and through which lens: 0 is none. */
function pictureOf(snapshot: number, lens: number): GlassPicture {
  return { height: 1, width: 1, data: Uint8Array.of(snapshot, lens, 0) };
}

/** Eyes that see no more than the names of files, and a record of what was looked at. */
function eyes(looks: number[][]): Eyes {
  const pool = {
    async *encode(given: readonly File[]) {
      for (const [i, { name }] of given.entries()) {
        if (name.startsWith('no')) yield [{ ok: false, code: 'not-an-image', detail: '' }];
        else yield [{ ok: true, embedding: Float32Array.of(i), glass: pictureOf(i, 0) }];
      }
    },
    async *encodeFouled(given: readonly File[], _: unknown, lenses: readonly unknown[]) {
      for (const { name } of given) {
        const snapshot = files.findIndex((file) => file.name === name);
        yield [
          {
            ok: true,
            clean: Float32Array.of(snapshot),
            fouled: lenses.map((_, nth) => Float32Array.of(snapshot, nth)),
            measures: lenses.map((_, nth) => ({ kind: 'covered', value: nth })),
            glass: lenses.map((_, nth) => pictureOf(snapshot, nth + 1)),
          },
        ];
      }
    },
  };
  const codeOf = ({ data }: GlassPicture) => 100 * data[0]! + data[1]!;
  const looker = {
    look: async (_: GlassFit, pictures: readonly GlassPicture[]) => {
      looks.push(pictures.map(codeOf));
      return pictures.map((picture) => ({ move: { down: codeOf(picture), right: 0 }, brightness: 9 }));
    },
  };
  return { pool, looker } as unknown as Eyes;
}

function run(looks: number[][], fit: GlassFit | null, signal = new AbortController().signal) {
  let done = 0;
  const asked = encodeDrill(eyes(looks), files, TRANSFORM, fit, signal, (count) => (done += count));
  return asked.then((seen) => ({ seen, done }));
}

test('each snapshot is looked at as it is and through each lens, in capture order', async () => {
  const looks: number[][] = [];
  const { seen, done } = await run(looks, FIT);
  expect(seen!.files.map(({ name }) => name)).toEqual(['a.jpg', 'b.jpg', 'c.jpg']);
  expect(seen!.unused).toEqual([
    { kind: 'failed', name: 'no-picture.jpg', code: 'not-an-image', detail: '' },
  ]);
  expect(done).toBe(files.length);
  const through = (lens: number) => looks.flat().filter((code) => code % 100 === lens);
  expect(through(0)).toEqual([0, 200, 300]);
  expect(through(7)).toEqual([7, 207, 307]);
  expect(seen!.fouled).toHaveLength(DRILL_LENSES.length);
  expect(seen!.fouled[6]).toMatchObject({ ...pick(DRILL_LENSES[6]!), measure: { value: 6 } });
  expect(seen!.fouled[6]!.embeddings.map((embedding) => [...embedding])).toEqual([
    [0, 6],
    [2, 6],
    [3, 6],
  ]);
  expect(seen!.fouled[6]!.sights).toHaveLength(3);
});

test('without a fit nothing looks but the model, and an abort gives nothing', async () => {
  const looks: number[][] = [];
  const { seen } = await run(looks, null);
  expect(looks).toEqual([]);
  expect(seen!.clean.sights).toEqual([null, null, null]);
  expect(seen!.fouled[0]!.sights).toEqual([null, null, null]);
  const abort = new AbortController();
  abort.abort();
  expect((await run([], FIT, abort.signal)).seen).toBeNull();
});

function pick({ kind, severity }: (typeof DRILL_LENSES)[number]) {
  return { kind, severity };
}
