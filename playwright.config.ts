import { defineConfig } from '@playwright/test';
import { browserLaunchOptions } from './scripts/browser.mjs';

const { args = [], ...launchOptions } = browserLaunchOptions();
// Each page runs little of ONNX Runtime, for a moment only: V8 compiles what is called, and nothing a second time.
const BRIEF = '--js-flags=--wasm-tiering-budget=200000000 --wasm-lazy-compilation';

/** The server that a project's specs ask (tests/servers.ts). */
const BUILT = { metadata: { server: 'page' } };
const SOURCES = { metadata: { server: 'vite' } };

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
  projects: [
    // These open no page: `npm run unit`.
    { name: 'domain', testDir: 'tests/domain' },
    { name: 'features', testDir: 'tests/features' },
    { name: 'properties', testDir: 'tests/properties' },
    // Before the others, which are short: none that is long must be what is waited for at the end.
    { name: 'journeys', testDir: 'tests/journeys', ...BUILT },
    { name: 'station', testDir: 'tests/station', ...SOURCES },
    { name: 'page', testDir: 'tests/page', ...SOURCES },
    { name: 'thread', testDir: 'tests/thread', ...SOURCES },
    { name: 'encoder', testDir: 'tests/encoder', ...SOURCES },
    { name: 'storage', testDir: 'tests/storage', ...SOURCES },
    { name: 'sync', testDir: 'tests/sync', ...SOURCES },
  ],
});
