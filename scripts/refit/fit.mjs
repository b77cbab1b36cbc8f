/** Condition heads that are fitted to several cameras at once, by the page's own fit. */
import { openWasm } from '../domain.mjs';

/**
 * @param {(name: string) => Promise<Record<string, any>>} load - of `withDomain`
 * @param {object} manifest - of the base
 * @param {readonly { plain: Float32Array[], views: import('./seen.mjs').Views[] }[]} cameras - statistics of the snapshots that are
 *   learned from, and views of each
 * @param {number} seed
 * @returns {Promise<{ head: object, reaches: number[] }>} the head, and how far each camera lets its numbers be stretched: the
 *   least was taken
 */
export async function fitHead(load, manifest, cameras, seed) {
  const { FIT, fitPart, joinParts, headReach } = await load('features/adapt/pure/condition-head');
  const { SimdFitKernels } = await load('features/adapt/workers/simd-fit-kernels');
  const wasm = await openWasm('features/adapt/workers/fit');
  const { condition, content } = manifest.adaptable;
  const size = { hidden: condition.hidden, numbers: manifest.embeddingLength - content.numbers };
  const pairs = pairsOf(cameras);
  const parts = [0, 1, 2, 3].map((part) => {
    const fit = fitPart(pairs, size, part, seed, FIT, new SimdFitKernels(wasm));
    for (;;) {
      const { done, value } = fit.next();
      if (done) return value;
    }
  });
  const reaches = cameras.map(({ plain }) => headReach(parts, plain));
  return { head: joinParts(parts, Math.min(...reaches)), reaches };
}

/**
 * Of a camera after the first, every so many views show its own dirt, the others the first one's: drawn dirt is of the demo's own
 * making, and a head that has seen all of it there raises drift days before growth can be measured.
 */
const OWN_DIRT = 4;

/** Each camera's snapshots are counted on from a multiple of the parts, so that a part lacks the same quarter of each. */
function pairsOf(cameras) {
  let first = 0;
  const [{ views: others }] = cameras;
  return cameras.flatMap(({ views }, nth) => {
    const pairs = views.flatMap((own, i) =>
      own.clean.map((clean, k) => {
        const { strengths, dirty } = nth === 0 || k % OWN_DIRT === 0 ? own : others[i % others.length];
        return { source: first + i, strength: strengths[k], clean, dirty: dirty[k] };
      }),
    );
    first += 4 * Math.ceil(views.length / 4);
    return pairs;
  });
}
