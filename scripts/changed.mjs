/**
 * Specs and checks that a change can reach, for `npm test -- --changed`. A file reaches the files and folders whose paths
 * stand in it in quotes: modules are imported by them, in Node and in the pages of specs, and so are scripts started and
 * fixtures read. Playwright's own `--only-changed` follows the imports of specs alone.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { ROOT, stop } from './prepare.mjs';

/** They open the built page, which reaches nearly all of src. */
const OPENS_PAGE = /^(tests\/journeys\/.*\.spec\.ts|scripts\/(drive|station\/browser)\.mjs)$/;
const PAGE = ['index.html', 'src/main.ts', 'src/service-worker.ts', 'scripts/serve.mjs'];
/** These read whole folders. */
const FOLDERS = { 'index.html': /^public\//, 'tests/markdown.ts': /\.md$/ };
/** So do these, and are run after each change: documents, workflows, catalogs. */
const READS_FOLDERS = /^tests\/(scripts|i18n|station)\/pure\//;
/** All specs are run with these. */
const OF_ALL =
  /^(package(-lock)?\.json|tsconfig\.json|(vite|playwright)\.config\.ts|tests\/(made-files|servers)\.ts|scripts\/(browser|build-wasm|prepare|words|words-compiler)\.mjs)$/;
const ENDINGS = ['', '.ts', '.mjs', '.svelte', '/index.ts'];
/** All commands import it, and it names what the page is built from: those that open the page read that. */
const NAMES_ALL = 'scripts/prepare.mjs';

const CODE = /\.(ts|svelte|m?js)$|^package/;
/** Files that can make a check fail. */
export const CHECKS = {
  domain: /^src\/core\/domain\/|^package/,
  floors: /^src\/.*\.(ts|svelte|js)$|^package/,
  lint: CODE,
  svelte: /\.(ts|svelte|m?js)$|\/words\/|^(package|tsconfig)/,
  unused: CODE,
};

/**
 * Ends the program where git has no such commit.
 *
 * @param {string} since - a commit
 * @returns {string[]} files that differ from then, or that git does not know yet
 */
export function changedSince(since) {
  try {
    return [...git('diff', '--name-only', since, '--'), ...git('ls-files', '--others', '--exclude-standard')];
  } catch {
    return stop(`--changed needs a commit that git has here; ${since} is none.`, 2);
  }
}

/**
 * @param {readonly string[]} changed - paths in the project's folder
 * @returns {{ specs: string[], of: number, checks: string[] }} of so many specs
 */
export function reachedBy(changed) {
  const files = [...new Set([...git('ls-files', '--cached', '--others', '--exclude-standard'), ...changed])];
  const all = files.filter((path) => path.endsWith('.spec.ts') && existsSync(join(ROOT, path)));
  const isOfAll = changed.some((path) => OF_ALL.test(path));
  return {
    specs: isOfAll ? all : reached(files, all, changed),
    of: all.length,
    checks: Object.keys(CHECKS).filter((check) => changed.some((path) => CHECKS[check].test(path))),
  };
}

/** @returns {string[]} the specs from which a changed file is reached */
function reached(files, specs, changed) {
  const places = placesOf(files);
  const readers = new Map(files.map((path) => [path, []]));
  for (const file of files) for (const named of namedIn(file, places)) readers.get(named).push(file);
  // A set goes on through what is added to it.
  const seen = new Set(changed);
  for (const each of seen) for (const reader of readers.get(each)) seen.add(reader);
  return specs.filter((spec) => seen.has(spec) || READS_FOLDERS.test(spec));
}

/** @returns {Map<string, string[]>} files by their path, by each folder above them, and by what is made of them */
function placesOf(files) {
  const places = new Map();
  const add = (place, path) => places.set(place, [...(places.get(place) ?? []), path]);
  for (const path of files) {
    add(path, path);
    // A folder such as src is rather a word than a path.
    for (let place = dirname(path); place.includes('/'); place = dirname(place)) add(place, path);
    if (path.startsWith('scripts/')) add(`${dirname(path)}/`, path);
    for (const [reader, paths] of Object.entries(FOLDERS)) if (paths.test(path)) add(reader, path);
    const [, folder] = /^(.*)\/assembly\//.exec(path) ?? [];
    if (folder) add(`${folder}/${basename(folder)}.wasm`, path);
    const [, part, language] = /\/words\/([\w-]+)\.(\w+)\.json$/.exec(path) ?? [];
    if (part) for (const place of ['', `/${part}`, `/${part}.${language}.js`]) add(`src/words${place}`, path);
  }
  return places;
}

/** @returns {Set<string>} the files that a file names, or whose folders it names */
function namedIn(file, places) {
  if (!/\.(ts|svelte|m?js|html)$/.test(file) || file === NAMES_ALL) return new Set();
  const path = join(ROOT, file);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  // A path may stand in parts: join(ROOT, 'public', 'demo').
  const names = [text, text.replaceAll("', '", '/')].flatMap((text) =>
    [...text.matchAll(/(['"`])([\w./$][^'"`\s]*)\1/g)].map(([, , name]) => name),
  );
  if (OPENS_PAGE.test(file)) names.push(...PAGE);
  return new Set(names.flatMap((name) => filesAt(name, dirname(file), places)));
}

/** @param {string} name - as it stands in a file of the folder `from`: a path from there or from the project's folder */
function filesAt(name, from, places) {
  // Without an address's query; one whose rest is put together may be any of the folder.
  const plain = name
    .replace(/\?.*$/, '')
    .replace(/\/$/, '')
    .replace(/[^/]*\$\{.*$/, '');
  const path = posix.normalize(plain.startsWith('.') ? posix.join(from, plain) : plain).replace(/^\//, '');
  const endings = path.endsWith('/') ? ['', '/'] : ENDINGS;
  // Modules of domain.mjs are named from src.
  const found = [path, `src/${path}`].flatMap((place) =>
    endings.map((ending) => places.get(place.replace(/\/$/, '') + ending)),
  );
  return found.find(Boolean) ?? [];
}

/** @returns {string[]} the lines of its answer */
function git(...args) {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' })
    .split('\n')
    .filter(Boolean);
}
