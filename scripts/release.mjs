/**
 * `npm run release:files`: the files of a release, in release/. The built page as a zip, the arithmetic as an npm package,
 * their SHA-256, and the version's part of the changelog as notes. The same page gives the same bytes on any day and in any
 * time zone.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { commandLine } from './command-line.mjs';
import { ROOT, run, stop } from './prepare.mjs';

const USAGE = `npm run release:files -- [--tag v1.0.0] [--links ADDRESS/]

  --tag     ends with an error unless it is that of package.json's version
  --links   what relative links of the notes begin with
  --page    folder of the built page; without it the page is built in dist
  --package folder of the built package; without it the package is built in package
  --to      folder for the files; release without it`;

const text = { type: 'string' };
const given = commandLine({ tag: text, links: text, page: text, package: text, to: text }, USAGE);
const {
  tag,
  links = '',
  page = join(ROOT, 'dist'),
  package: arithmetic = join(ROOT, 'package'),
  to = join(ROOT, 'release'),
} = given;

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
if (tag !== undefined && tag !== `v${version}`) stop(`The tag is ${tag}, and package.json says ${version}.`);
const notes = notesOf(version);
if (!notes) stop(`CHANGELOG.md says nothing of ${version}.`);
if (given.page === undefined) run('npm', ['run', '--silent', 'build']);
if (given.package === undefined) run('npm', ['run', '--silent', 'build:package']);
if (!existsSync(join(page, 'index.html'))) stop(`There is no page in ${page}; npm run build makes one.`);
if (!existsSync(join(arithmetic, 'package.json'))) {
  stop(`There is no package in ${arithmetic}; npm run build:package makes one.`);
}

const name = `porthole-${version}`;
const files = readdirSync(page, { recursive: true, encoding: 'utf8' })
  .filter((path) => statSync(join(page, path)).isFile())
  .sort()
  .map((path) => [`${name}/${path.replaceAll('\\', '/')}`, readFileSync(join(page, path))]);
// A zip stores local time: this constant gives the same bytes in every time zone.
const zip = zipSync(Object.fromEntries(files), { level: 9, mtime: new Date(1980, 0, 1) });

mkdirSync(to, { recursive: true });
writeFileSync(join(to, `${name}.zip`), zip);
const packed = ['pack', arithmetic, '--pack-destination', to, '--silent'];
execFileSync('npm', packed, { shell: process.platform === 'win32', stdio: ['ignore', 'ignore', 'inherit'] });
const sums = [`${name}.zip`, `${name}.tgz`].map((file) => {
  const bytes = readFileSync(join(to, file));
  console.log(`${file}, ${(bytes.length / 1e6).toFixed(1)} MB, in ${to}`);
  return `${createHash('sha256').update(bytes).digest('hex')}  ${file}\n`;
});
writeFileSync(join(to, 'SHA256SUMS'), sums.join(''));
writeFileSync(join(to, 'notes.md'), `${notes.replaceAll(/\]\((?!\w+:|#)/g, `](${links}`)}\n`);

/** @param {string} version @returns {string | undefined} what stands below its heading */
function notesOf(version) {
  const parts = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8').split(/^## /m);
  const part = parts.find((part) => part.replace('[', '').split(/[\s\]]/)[0] === version);
  return part?.slice(part.indexOf('\n')).trim();
}
