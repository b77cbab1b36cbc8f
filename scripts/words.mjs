/**
 * Compiles the catalogs `<part>.<language>.json` (ICU MessageFormat), which lie in the folder `words` of the core and of
 * each feature, to modules of plain functions with their types in src/words: `npm run build:words`, and by itself while
 * Vite runs.
 */
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { LANGUAGES } from '../src/core/i18n/languages.js';

const at = (/** @type {string} */ path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const SRC = at('src/');
const OUT = at('src/words/');
const MADE = `${OUT}made`;
const modified = (/** @type {string} */ path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (argv[1] === fileURLToPath(import.meta.url)) {
  await buildWords().catch((error) => {
    console.error(error.message);
    process.exit(1);
  });
}

/** Compiles them before a build and a development server's start, and whenever one is saved. */
export function words() {
  return {
    name: 'words',
    buildStart: buildWords,
    /** @param {import('vite').ViteDevServer} server */
    configureServer(server) {
      server.watcher.on('change', (path) => {
        if (!isCatalog(path)) return;
        buildWords().catch((error) => {
          server.config.logger.error(error.message);
        });
      });
    },
  };
}

/** Does nothing when the modules are newer than the catalogs and the compiler. @throws Error with a line for each mistake */
export async function buildWords() {
  const catalogs = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .map((path) => join(SRC, path))
    .filter(isCatalog);
  const compiler = at('scripts/words-compiler.mjs');
  const sources = [
    compiler,
    at('src/core/i18n/languages.js'),
    ...catalogs,
    ...catalogs.map((path) => dirname(path)),
  ];
  if (modified(MADE) > Math.max(...sources.map(modified))) return;
  // Loaded only when needed: it takes a third of a second to start.
  const { compileWords } = await import('./words-compiler.mjs');
  const read = (/** @type {string} */ path) => JSON.parse(readFileSync(path, 'utf8'));
  const { files, problems } = compileWords(new Map(catalogs.map((path) => [basename(path), read(path)])));
  for (const language of Object.keys(LANGUAGES)) {
    // English is the page's own, in modules for each part.
    if (language !== 'en' && !files.has(`${language}.js`)) problems.push(`${language}: it has no catalogs`);
  }
  if (problems.length > 0) throw new Error(['These sentences can’t be used:', ...problems].join('\n  '));
  mkdirSync(OUT, { recursive: true });
  for (const name of readdirSync(OUT)) if (!files.has(name)) rmSync(OUT + name);
  for (const [name, text] of files) writeFileSync(OUT + name, text);
  writeFileSync(MADE, '');
}

/** @param {string} path */
function isCatalog(path) {
  return path.endsWith('.json') && basename(dirname(path)) === 'words';
}
