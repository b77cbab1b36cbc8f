import { buildWasm } from '../scripts/build-wasm.mjs';
import { buildWords } from '../scripts/words.mjs';

/** Specs read WebAssembly and words. Both are compiled only if they are missing or older than their sources. */
export default async function makeFiles(): Promise<void> {
  await buildWasm();
  await buildWords();
}
