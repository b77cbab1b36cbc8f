/**
 * Packs ONNX Runtime's WebAssembly in the built page: 14.2 MB become 2.5 on hosts that compress nothing, which are those of
 * most static pages (gzip: 3.7). The page unpacks it (src/core/encoder/runtime-file.ts).
 */
import { compress, init } from '@bokuweb/zstd-wasm';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { ROOT } from './prepare.mjs';

/** Packing takes 20 s of processor time, and the files are the same until ONNX Runtime is another. */
const CACHE = join(ROOT, 'node_modules', '.cache', 'packed-runtime');
/**
 * The highest level whose window, 8 MB, is the largest that browsers take where a host says `Content-Encoding: zstd` (RFC
 * 9659). Builds with WebGPU are fetched after the first work and would take a minute.
 */
const LEVEL = { firstVisit: 19, webgpu: 12 };

/** @returns {import('vite').Plugin} */
export function packedRuntime() {
  return {
    name: 'packed-runtime',
    apply: 'build',
    async writeBundle({ dir = '' }) {
      const assets = join(dir, 'assets');
      for (const name of readdirSync(assets)) {
        if (!/^ort-wasm.*\.wasm$/.test(name)) continue;
        const path = join(assets, name);
        const level = /\.(asyncify|jspi)\b/.test(name) ? LEVEL.webgpu : LEVEL.firstVisit;
        writeFileSync(`${path}.zst`, await packed(readFileSync(path), level));
        rmSync(path);
      }
    },
  };
}

async function packed(plain, level) {
  const kept = join(CACHE, `${createHash('sha256').update(plain).digest('hex')}.${level}.zst`);
  if (existsSync(kept)) return readFileSync(kept);
  const bytes = await compressed({ plain, level });
  mkdirSync(CACHE, { recursive: true });
  // Whole or not at all, whatever ends the build.
  const unfinished = `${kept}.${process.pid}`;
  writeFileSync(unfinished, bytes);
  renameSync(unfinished, kept);
  return bytes;
}

/** On a thread of its own: the encoder's memory is not enough for several files one after the other. */
function compressed(work) {
  return new Promise((resolve, reject) => {
    const thread = new Worker(fileURLToPath(import.meta.url), { workerData: work });
    thread.once('message', resolve);
    thread.once('error', reject);
  });
}

if (!isMainThread && parentPort && workerData?.level) {
  await init();
  parentPort.postMessage(compress(workerData.plain, workerData.level));
}
