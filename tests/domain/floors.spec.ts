import { expect, test } from '@playwright/test';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const SRC = join(dirname(fileURLToPath(import.meta.url)), '../../src');

/** What each floor may import besides itself and npm packages; main.ts and the service worker may import everything. */
const ALLOWED: Readonly<Record<string, readonly RegExp[]>> = {
  ui: [/^app\//, /^domain\//],
  app: [
    /^adaptation\/(api|adapter|training|training-api)$/,
    /^encoder\/(api|pool|packed-file|image-file)$/,
    /^analysis\/(api|analyst)$/,
    /^storage\//,
    /^sync(\/|$)/,
    /^thread\//,
    /^domain\//,
  ],
  encoder: [/^thread\//, /^domain\//],
  adaptation: [/^encoder\//, /^thread\//, /^domain\//],
  analysis: [/^thread\//, /^domain\//],
  storage: [/^domain\//],
  sync: [/^domain\//],
  domain: [],
  thread: [],
};

/** Static, re-exporting and dynamic imports, and workers' `new URL('…', import.meta.url)`. */
function importsOf(source: string): string[] {
  const code = source.replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
  const patterns = [
    /\b(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/g,
    /\bimport\s*\(?\s*['"]([^'"]+)['"]/g,
    /\bnew URL\(\s*['"]([^'"]+)['"]\s*,\s*import\.meta\.url/g,
  ];
  return patterns.flatMap((pattern) => Array.from(code.matchAll(pattern), (match) => match[1] ?? ''));
}

/**
 * The imports of one file that its floor doesn't allow.
 *
 * @param file - path below src, with forward slashes
 */
function brokenImports(file: string, source: string): string[] {
  if (file === 'main.ts' || file === 'service-worker.ts') return [];
  const floor = file.split('/')[0] ?? '';
  return importsOf(source).filter((specifier) => {
    if (specifier.startsWith('node:')) return true;
    const isLocal = specifier.startsWith('.') || specifier.startsWith('/');
    if (!isLocal) return false;
    const target = specifier.startsWith('/')
      ? specifier.replace(/^\/src\//, '')
      : posix.join(posix.dirname(file), specifier);
    // beside src: package.json, public; only domain knows nothing of them
    if (target.startsWith('../')) return floor === 'domain';
    const path = target.replace(/\?.*$/, '').replace(/\.(?:ts|js)$/, '');
    if (path.startsWith(`${floor}/`)) return false;
    return !(ALLOWED[floor] ?? [/^domain\//]).some((allowed) => allowed.test(path));
  });
}

test('no file under src imports what its floor may not', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /\.(?:ts|js|svelte)$/.test(file) && !file.endsWith('.d.ts'));
  expect(files.length).toBeGreaterThan(0);
  const broken = files.flatMap((file) =>
    brokenImports(file, readFileSync(join(SRC, file), 'utf8')).map(
      (specifier) => `${file} imports ${specifier}`,
    ),
  );
  expect(broken).toEqual([]);
});

test('a broken floor is found in every way to write an import', () => {
  for (const [file, source] of [
    ['domain/mmd.ts', "import { save } from '../storage/jobs';"],
    ['domain/detectors/mmd.ts', "import type {\n  Pool,\n} from '../../encoder/pool';"],
    ['domain/mmd.ts', "import { readFile } from 'node:fs';"],
    ['domain/mmd.ts', "import manifest from '../../package.json';"],
    ['encoder/pool.ts', "export * from '../storage/db';"],
    ['storage/db.ts', "const sync = await import('../sync/index');"],
    ['sync/index.ts', "import '/src/app/monitor.svelte.ts';"],
    ['app/monitor.svelte.ts', "import { decode } from '../encoder/decode';"],
    ['app/monitor.svelte.ts', "import App from '../ui/App.svelte';"],
    ['app/start.ts', "new Worker(new URL('../encoder/encoder.worker.ts', import.meta.url));"],
    ['ui/Jobs.svelte', "<script>\n  import { db } from '../storage/db';\n</script>"],
  ] as const) {
    expect(brokenImports(file, source), source).toHaveLength(1);
  }
});

test('the permitted imports pass', () => {
  for (const [file, source] of [
    ['main.ts', "import { open } from './storage/db'; import App from './ui/App.svelte';"],
    ['domain/job.ts', "import { parse } from 'smol-toml'; import type { Size } from './model';"],
    [
      'encoder/pool.ts',
      "import type { EncoderApi } from './api'; new URL('./encoder.worker.ts', import.meta.url);",
    ],
    ['app/monitor.svelte.ts', "import { Pool } from '../encoder/pool'; import { a } from '../sync/index';"],
    ['ui/jobs/List.svelte', "<script>import { monitor } from '../../app/monitor.svelte';</script>"],
    ['ui/Help.svelte', "// import { db } from '../storage/db';"],
  ] as const) {
    expect(brokenImports(file, source), source).toEqual([]);
  }
});
