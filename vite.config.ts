import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import packageJson from './package.json' with { type: 'json' };
import { contentPolicy } from './scripts/content-policy.mjs';
import { driftwatchPath } from './scripts/driftwatch-path.mjs';

export default defineConfig({
  // Relative addresses, so that dist/ works from any sub-path of a static host.
  base: './',
  plugins: [svelte(), driftwatchPath(), contentPolicy()],
  define: { __PORTHOLE_VERSION__: JSON.stringify(packageJson.version) },
  resolve: {
    // Takes ONNX Runtime's WebAssembly from our own files instead of from inside its bundle.
    conditions: ['onnxruntime-web-use-extern-wasm', 'svelte', 'module', 'browser', 'development|production'],
  },
  optimizeDeps: {
    exclude: ['onnxruntime-web'],
    // What only a worker imports is found late, and a cold development server then reloads the page.
    include: ['comlink', 'pbf', '@noble/hashes/sha2.js'],
  },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
});
