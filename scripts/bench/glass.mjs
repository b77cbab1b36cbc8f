/**
 * Times what is said of the glass, on made pictures of 192 × 96, against the oracle of the tests in TypeScript. One
 * thread of Node; a 16:9 camera has an eighth more pixels, a 4:3 one half as many again.
 */
import { fileURLToPath } from 'node:url';
import { glassKernels, withDomain } from '../domain.mjs';

const SETTINGS = { reference: 60, stream: 60, runs: 5 };
const WANTED = { look: 0.8, fit: 500 };

/** Prints the fastest of all looks, the median look and the fastest fit of each, and their ratios. */
export async function benchGlass() {
  await withDomain(async (load) => {
    const { fitGlass, Glass } = await load('core/domain/glass/glass');
    const { oracleKernels } = await load('../tests/oracles/glass-kernels');
    const { scene, seen, cleanReference } = await load('../tests/domain/glass/glass-scenes');
    const reef = scene(1);
    const reference = cleanReference(reef, SETTINGS.reference);
    const stream = Array.from({ length: SETTINGS.stream }, (_, i) => seen(reef, 300 + i));
    const kinds = { oracle: oracleKernels, simd: await glassKernels(load) };
    const times = { oracle: { look: [], fit: [] }, simd: { look: [], fit: [] } };
    for (let run = 0; run < SETTINGS.runs; run++) {
      for (const [kind, kernels] of Object.entries(kinds)) {
        let start = performance.now();
        const fit = fitGlass(reference, [], kernels);
        times[kind].fit.push(performance.now() - start);
        const glass = new Glass(fit, kernels);
        for (const picture of stream) {
          start = performance.now();
          glass.look(picture);
          times[kind].look.push(performance.now() - start);
        }
      }
    }
    for (const kind of Object.values(times))
      for (const list of Object.values(kind)) list.sort((a, b) => a - b);
    const ratio = (what, place) => (times.oracle[what][place] / times.simd[what][place]).toFixed(1);
    const middle = (SETTINGS.runs * SETTINGS.stream) >> 1;
    console.log(
      `  one snapshot: fastest ${times.simd.look[0].toFixed(2)}, median ${times.simd.look[middle].toFixed(2)} ms ` +
        `(wanted ${WANTED.look}); ${ratio('look', 0)} and ${ratio('look', middle)} times as fast as the oracle`,
    );
    console.log(
      `  a reference of ${SETTINGS.reference}: fastest ${times.simd.fit[0].toFixed(0)} ms (wanted ${WANTED.fit}); ` +
        `${ratio('fit', 0)} times as fast as the oracle`,
    );
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await benchGlass();
