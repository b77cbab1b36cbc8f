import { openWasm } from '../core/encoder/open-wasm';

/**
 * As {@link openWasm}, in Node too, whose `fetch` reads no files. An import of a module of Node would end in an error
 * when the package is bundled for a page.
 */
export async function openFile(url: string): Promise<WebAssembly.Module> {
  if (!url.startsWith('file:')) return openWasm(url);
  const { readFile } = process.getBuiltinModule('node:fs/promises');
  return WebAssembly.compile(new Uint8Array(await readFile(new URL(url))));
}
