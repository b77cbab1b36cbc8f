/**
 * Compiles what is written in AssemblyScript to WebAssembly, beside it: `<name>/assembly/index.ts` of src/core/encoder
 * to `<name>/<name>.wasm`, a few kB each. Does nothing where the result is newer than the source and this script.
 */
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const NAMES = ['resize', 'glass'];

const at = (/** @type {string} */ path) =>
  fileURLToPath(new URL(`../src/core/encoder/${path}`, import.meta.url));
const modified = (/** @type {string} */ path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

for (const name of NAMES) {
  const source = at(`${name}/assembly/index.ts`);
  const target = at(`${name}/${name}.wasm`);
  if (modified(target) > Math.max(modified(source), modified(fileURLToPath(import.meta.url)))) continue;
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
