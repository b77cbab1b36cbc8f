/** The page's WebAssembly, for specs that open no page. What is missing or old is built first. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

// Not imported: the compiler's types would change those of every array.
execFileSync(process.execPath, [fileURLToPath(new URL('../scripts/build-wasm.mjs', import.meta.url))]);

/** @param folder - below src, such as `core/encoder/glass` */
export function wasm(folder: string): WebAssembly.Module {
  const file = new URL(`../src/${folder}/${basename(folder)}.wasm`, import.meta.url);
  return new WebAssembly.Module(readFileSync(file));
}
