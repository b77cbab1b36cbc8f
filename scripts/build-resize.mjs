/**
 * Compiles src/encoder/resize/assembly (AssemblyScript) to src/core/encoder/resize/resize.wasm, about 2 kB.
 * Does nothing when the result is newer than the source and this script.
 */
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (/** @type {string} */ path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const source = at('src/core/encoder/resize/assembly/index.ts');
const target = at('src/core/encoder/resize/resize.wasm');
const modified = (/** @type {string} */ path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (modified(target) <= Math.max(modified(source), modified(fileURLToPath(import.meta.url)))) {
  // Loaded only when needed: the compiler alone takes half a second to start.
  const { main } = await import('assemblyscript/asc');
  const { error, stderr } = await main([
    source,
    '--outFile',
    target,
    '--optimizeLevel',
    '3',
    '--enable',
    'simd',
    '--runtime',
    'stub',
    '--noAssert',
    '--use',
    'abort=',
  ]);
  if (error) {
    console.error(stderr.toString());
    throw error;
  }
}
