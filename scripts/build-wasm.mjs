/**
 * Compiles what is written in AssemblyScript to WebAssembly, beside it: `<name>/assembly/index.ts` to
 * `<name>/<name>.wasm`, a few kB each. Does nothing where the result is newer than the source and this script.
 */
import { readdirSync, renameSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDERS = [
  'core/encoder/resize',
  'core/encoder/glass',
  'core/encoder/blur',
  'core/encoder/layers',
  'core/encoder/thumbnail',
  'features/adapt/workers/fit',
];

/** What they share. */
const SHARED = 'core/encoder/assembly';

const at = (/** @type {string} */ path) => fileURLToPath(new URL(`../src/${path}`, import.meta.url));
const modified = (/** @type {string} */ path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

for (const folder of FOLDERS) {
  const source = at(`${folder}/assembly/index.ts`);
  const target = at(`${folder}/${basename(folder)}.wasm`);
  const sources = [SHARED, `${folder}/assembly`].flatMap((from) =>
    readdirSync(at(from)).map((file) => at(`${from}/${file}`)),
  );
  if (modified(target) > Math.max(...sources.map(modified), modified(fileURLToPath(import.meta.url))))
    continue;
  // Loaded only when needed: the compiler alone takes half a second to start.
  const { main } = await import('assemblyscript/asc');
  // Another process may read the file meanwhile, or write it too.
  const unfinished = target.replace(/wasm$/, `${process.pid}.wasm`);
  const { error, stderr } = await main([
    source,
    '--outFile',
    unfinished,
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
  renameSync(unfinished, target);
}
