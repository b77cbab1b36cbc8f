import { defineConfig } from '@playwright/test';
import { browserLaunchOptions } from './scripts/browser.mjs';
import './tests/in-node.mjs';

const { args = [], ...launchOptions } = browserLaunchOptions();
// Each page runs little of ONNX Runtime, for a moment only: V8 compiles what is called, and nothing a second time.
const BRIEF = '--js-flags=--wasm-tiering-budget=200000000 --wasm-lazy-compilation';

/** Specs of these folders. */
const of = (...folders: string[]) => folders.map((folder) => `**/tests/${folder}/**/*.spec.ts`);

export default defineConfig({
  testDir: 'tests',
  globalSetup: ['./tests/made-files.ts', './tests/servers.ts'],
  outputDir: 'test-results',
  fullyParallel: false,
  // One more than the cores that CI has, for the tests that wait.
  workers: 3,
  forbidOnly: Boolean(process.env['CI']),
  reporter: [['list'], ['./tests/skip-reporter.ts']],
  timeout: 90_000,
  // A busy machine with two cores takes its time; nothing here waits longer than it must.
  expect: { timeout: 40_000 },
  use: { launchOptions: { ...launchOptions, args: [...args, BRIEF] } },
  // With the server that its specs ask (tests/servers.ts). A project less is three browsers less that are started.
  projects: [
    // These open no page: `npm run unit`.
    {
      name: 'unit',
      testMatch: of('domain', 'features', 'properties', '*/pure'),
      testIgnore: of('features/*/page'),
    },
    // Before the others, which are short: none that is long must be what is waited for at the end.
    { name: 'journeys', testMatch: of('journeys'), metadata: { server: 'page' } },
    {
      name: 'parts',
      testMatch: of(
        'encoder',
        'features/*/page',
        'page',
        'scripts',
        'session',
        'station',
        'storage',
        'sync',
        'thread',
      ),
      testIgnore: of('*/pure'),
      metadata: { server: 'vite' },
    },
  ],
});
