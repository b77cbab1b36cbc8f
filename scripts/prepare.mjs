/**
 * Requirements of every command: a Node that is new enough, and the packages of the lockfile. Plain Node without
 * imports from packages, because it runs before there are any.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Standard output may go to a file or another program, so nothing but the answer may stand there. */
const TO_STDERR = ['inherit', 2, 2];

const NEWEST_INSTALL = join(ROOT, 'node_modules', '.package-lock.json');
const LOCKFILE = join(ROOT, 'package-lock.json');
const BUILD = join(ROOT, 'dist', 'index.html');
const BUNDLER = join(ROOT, 'node_modules', 'vite');
const BUILT_FROM = [
  'src',
  'public',
  'index.html',
  'vite.config.ts',
  'package.json',
  'scripts/build-wasm.mjs',
  'scripts/commit.mjs',
  'scripts/licences',
  'scripts/licences.mjs',
  'scripts/noscript.mjs',
  'scripts/open-graph.mjs',
  'scripts/packed-runtime.mjs',
  'scripts/web-manifest.mjs',
  'scripts/words.mjs',
  'scripts/words-compiler.mjs',
];

/** Ends the program with a sentence for a person, not with a stack. */
export function stop(message, code = 1) {
  console.error(message);
  process.exit(code);
}

/** Runs a command in the project's folder and ends the program when it fails. */
export function run(command, args, onFailure = `${command} ${args.join(' ')} failed.`, stdio = 'inherit') {
  const { status } = spawnSync(command, args, {
    cwd: ROOT,
    stdio,
    shell: process.platform === 'win32',
  });
  if (status !== 0) stop(onFailure, status ?? 1);
}

/** Checks Node and installs the packages when they are missing or older than the lockfile. */
export function prepare() {
  const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  if (!isWithin(process.versions.node, engines.node)) {
    stop(
      `Porthole needs Node.js ${engines.node}, and this is ${process.version}. Install the current LTS release from https://nodejs.org.`,
    );
  }
  const isInstalled = existsSync(NEWEST_INSTALL) && modified(NEWEST_INSTALL) >= modified(LOCKFILE);
  if (isInstalled && (existsSync(BUNDLER) || existsSync(BUILD))) return;
  console.error('Installing packages…');
  run(
    'npm',
    ['ci', '--include=dev', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'],
    'The packages could not be installed. npm needs the network once, or its cache; the lines above say what is missing.',
    TO_STDERR,
  );
}

/**
 * True if a version is in a range of the two kinds that `engines` uses.
 *
 * @param {string} version - such as `22.13.1`
 * @param {string} range - such as `^20.19 || >=24`
 */
export function isWithin(version, range) {
  const [major, minor] = version.split('.').map(Number);
  return range.split('||').some((part) => {
    const [, sign, ...least] = /^(\^|>=)(\d+)(?:\.(\d+))?$/.exec(part.trim()) ?? [];
    const [leastMajor, leastMinor] = least.map((number) => Number(number ?? 0));
    return major === leastMajor ? minor >= leastMinor : sign === '>=' && major > leastMajor;
  });
}

/** Builds dist/ when it is missing or older than its sources. Installed without the bundler, it is used as it is. */
export function build() {
  if (existsSync(BUILD) && !existsSync(BUNDLER)) return;
  const newest = Math.max(...BUILT_FROM.map((path) => newestIn(join(ROOT, path))));
  if (existsSync(BUILD) && modified(BUILD) >= newest) return;
  console.error('Building the page…');
  run(
    'npm',
    ['run', '--silent', 'build', '--', '--logLevel', 'warn'],
    'The page could not be built; the lines above say why.',
    TO_STDERR,
  );
}

function modified(path) {
  return statSync(path).mtimeMs;
}

function newestIn(path) {
  if (!statSync(path).isDirectory()) return modified(path);
  // Build products don't show the age of their sources.
  const entries = readdirSync(path).filter((name) => !name.endsWith('.wasm'));
  return Math.max(modified(path), ...entries.map((name) => newestIn(join(path, name))));
}
