/** Gives scripts the page's own arithmetic: the pure TypeScript of src, as Vite serves it to a page in development. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

/**
 * @template T
 * @param {(load: (name: string) => Promise<Record<string, any>>) => Promise<T>} work - `load` takes a name below
 *   src, such as `core/domain/errors`
 */
export async function withDomain(work) {
  const vite = await createServer({
    configFile: false,
    root: fileURLToPath(new URL('..', import.meta.url)),
    server: { middlewareMode: true, ws: false, watch: null },
    appType: 'custom',
    logLevel: 'error',
    optimizeDeps: { noDiscovery: true },
  });
  try {
    return await work((name) => vite.ssrLoadModule(`/src/${name}.ts`));
  } finally {
    await vite.close();
  }
}

/**
 * One of the page's WebAssembly files, compiled; built first if it is missing or old.
 *
 * @param {string} folder - below src, such as `core/encoder/glass`
 */
export async function openWasm(folder) {
  const { buildWasm } = await import('./build-wasm.mjs');
  await buildWasm();
  const file = new URL(`../src/${folder}/${basename(folder)}.wasm`, import.meta.url);
  return WebAssembly.compile(readFileSync(file));
}

/**
 * The page's arithmetic of growth and loss.
 *
 * @param {(name: string) => Promise<Record<string, any>>} load - of `withDomain`
 */
export async function glassKernels(load) {
  const { simdKernels } = await load('core/encoder/glass/glass-kernels');
  return simdKernels(await openWasm('core/encoder/glass'));
}

/**
 * Reproducible float32 embeddings, uniform in 0..0.1, where sigma 0.3 gives kernels between 0 and 1.
 *
 * @param {number} count
 * @param {number} length
 */
export function sampleEmbeddings(count, length, seed = 20230730) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (0.1 * state) / 2 ** 32;
  };
  return Array.from({ length: count }, () => Float32Array.from({ length }, next));
}
