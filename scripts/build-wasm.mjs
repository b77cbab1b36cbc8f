/**
 * Compiles AssemblyScript to WebAssembly next to it, a few kB each: `<name>/assembly/index.ts` to `<name>/<name>.wasm`.
 * Runs as `npm run build:wasm`, and in Vite before a build and while the development server runs.
 */
import { readdirSync, renameSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { argv, pid } from 'node:process';
import { fileURLToPath } from 'node:url';

const FOLDERS = [
  'core/encoder/resize',
  'core/encoder/glass',
  'core/encoder/layers',
  'core/encoder/thumbnail',
];

/** Not written where it is imported: TypeScript would find its types, which change those of every array. */
const COMPILER = 'assemblyscript/asc';

/** The code that all modules share. */
const SHARED = 'core/encoder/assembly';

const at = (/** @type {string} */ path) => fileURLToPath(new URL(`../src/${path}`, import.meta.url));
const modified = (/** @type {string} */ path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (argv[1] === fileURLToPath(import.meta.url)) await buildWasm();

/** Compiles before a build and before the development server starts, and whenever a source file is saved. */
export function wasm() {
  return {
    name: 'wasm',
    buildStart: buildWasm,
    /** @param {import('vite').ViteDevServer} server */
    configureServer(server) {
      server.watcher.on('change', (path) => {
        if (!/[\\/]assembly[\\/][^\\/]+\.ts$/.test(path)) return;
        buildWasm().catch((error) => {
          server.config.logger.error(error.message);
        });
      });
    },
  };
}

/** Skips each result that is newer than its sources and this script. @throws Error with the compiler's messages */
export async function buildWasm() {
  for (const folder of FOLDERS) {
    const source = at(`${folder}/assembly/index.ts`);
    const target = at(`${folder}/${basename(folder)}.wasm`);
    const sources = [SHARED, `${folder}/assembly`].flatMap((from) =>
      readdirSync(at(from)).map((file) => at(`${from}/${file}`)),
    );
    if (modified(target) > Math.max(...sources.map(modified), modified(fileURLToPath(import.meta.url))))
      continue;
    // Loaded only when needed: the compiler alone takes half a second to start.
    const { main } = await import(COMPILER);
    // Another process may read the file meanwhile, or write it too.
    const unfinished = target.replace(/wasm$/, `${pid}.wasm`);
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
    if (error) throw new Error(`${folder}: ${error.message}\n${stderr.toString()}`, { cause: error });
    renameSync(unfinished, target);
  }
}
