import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import packageJson from './package.json' with { type: 'json' };
import { contentPolicy } from './scripts/content-policy.mjs';
import { SCREENSHOTS, webManifest } from './scripts/web-manifest.mjs';
import shipped from './public/models/index.json' with { type: 'json' };
import { notedLicences, writtenLicences } from './scripts/licences.mjs';
import { driftwatchPath } from './scripts/driftwatch-path.mjs';
import { commit } from './scripts/commit.mjs';
import { noscript } from './scripts/noscript.mjs';
import { openGraph, SOCIAL } from './scripts/open-graph.mjs';
import { packedRuntime } from './scripts/packed-runtime.mjs';
import { wasm } from './scripts/build-wasm.mjs';
import { words } from './scripts/words.mjs';

/**
 * Timings of the bundler look like faults to who only starts the page. English details come late with what is written in
 * English, and by themselves for who reads English: both are meant.
 */
const CHECKS = { bundlerTimings: false, ineffectiveDynamicImport: false };

/** The files of models that no new camera gets. */
function earlierModels(): string[] {
  return shipped.models.filter((id) => id !== shipped.default).map((id) => `models/${id}/*.onnx`);
}

export default defineConfig(({ command }) => {
  // A shell, and Playwright, may say otherwise of whatever they run; what is built is for production.
  if (command === 'build') process.env['NODE_ENV'] = 'production';
  return {
    // Relative addresses, so that dist/ works from any sub-path of a static host.
    base: './',
    plugins: [
      wasm(),
      words(),
      svelte(),
      driftwatchPath(),
      contentPolicy(),
      noscript(),
      openGraph((packageJson as { homepage?: string }).homepage),
      packedRuntime(),
      notedLicences(),
      VitePWA({
        strategies: 'injectManifest',
        srcDir: 'src',
        filename: 'service-worker.ts',
        // src/features/device/offline.svelte.ts registers it, once the page is painted.
        injectRegister: false,
        manifest: webManifest,
        includeAssets: [],
        injectManifest: {
          rollupFormat: 'iife',
          buildPlugins: { vite: [writtenLicences()] },
          // Only cameras of before use an earlier model; the service worker keeps it where one was used. Pictures of
          // the page itself are for others.
          globIgnores: [...earlierModels(), ...[SOCIAL, ...SCREENSHOTS].map(({ path }) => path)],
          globPatterns: ['**/*.{html,css,js,mjs,wasm,svg,png,jpg,json,toml,onnx,txt,zst,bin}'],
          // ONNX Runtime's build with WebGPU is the largest, with 27 MB.
          maximumFileSizeToCacheInBytes: 40_000_000,
        },
      }),
    ],
    define: {
      __PORTHOLE_VERSION__: JSON.stringify(packageJson.version),
      __PORTHOLE_COMMIT__: JSON.stringify(commit()),
      __ONNX_RUNTIME_VERSION__: JSON.stringify(packageJson.devDependencies['onnxruntime-web']),
    },
    resolve: {
      // Takes ONNX Runtime's WebAssembly from our own files instead of from inside its bundle.
      conditions: [
        'onnxruntime-web-use-extern-wasm',
        'svelte',
        'module',
        'browser',
        'development|production',
      ],
    },
    optimizeDeps: {
      exclude: ['onnxruntime-web'],
      // Imports of workers are found late, and a cold development server then reloads the page.
      include: ['comlink', 'js-yaml', 'pbf', '@noble/hashes/sha2.js', '@zip.js/zip.js'],
    },
    worker: { format: 'es', plugins: () => [notedLicences()], rolldownOptions: { checks: CHECKS } },
    build: {
      target: 'es2022',
      // Browsers without it fetch what they need when they find it.
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      rolldownOptions: {
        checks: CHECKS,
        output: {
          // One file before the first paint instead of twenty: a slow link pays for each of them.
          codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] },
        },
      },
    },
  };
});
