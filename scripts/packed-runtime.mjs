/**
 * Packs ONNX Runtime's WebAssembly in the built page: 14.2 MB become 3.7 on hosts that compress nothing, which are those of
 * most static pages. The page unpacks it (src/core/encoder/runtime-file.ts).
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** @returns {import('vite').Plugin} */
export function packedRuntime() {
  return {
    name: 'packed-runtime',
    apply: 'build',
    writeBundle({ dir = '' }) {
      const assets = join(dir, 'assets');
      for (const name of readdirSync(assets)) {
        if (!/^ort-wasm.*\.wasm$/.test(name)) continue;
        const path = join(assets, name);
        writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
        rmSync(path);
      }
    },
  };
}
