/**
 * Puts the notices of everything that is bundled into dist/licences.txt, since nearly every licence asks for its text
 * beside a copy. Vite's own `build.license` sees neither the modules of workers nor those of the service worker.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './prepare.mjs';

/** A module's path up to the folder of its package. */
const PACKAGE = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/;
const NOTICE = /^(licen[cs]e|copying|notice|third-?party)/i;
const RULE = `\n\n${'='.repeat(80)}\n\n`;

/** Folders of the packages. AssemblyScript compiles parts of its standard library into the kernels. */
const folders = new Set([join(ROOT, 'node_modules/assemblyscript')]);

/** Notes the packages in one build: the page's, or a worker's. @returns {import('vite').Plugin} */
export function notedLicences() {
  return { name: 'noted-licences', apply: 'build', generateBundle: (_, bundle) => note(bundle) };
}

/** Writes the file; for the service worker's build, which is the last. @returns {import('vite').Plugin} */
export function writtenLicences() {
  return {
    name: 'written-licences',
    generateBundle(_, bundle) {
      note(bundle);
      const notices = [
        noticeOf(ROOT),
        ...[...folders].map(noticeOf).sort((a, b) => a.localeCompare(b, 'en')),
      ];
      // The mark at the beginning says UTF-8 where a host names no encoding.
      this.emitFile({ type: 'asset', fileName: 'licences.txt', source: `\ufeff${notices.join(RULE)}\n` });
    },
  };
}

/** @param {import('vite').Rolldown.OutputBundle} bundle */
function note(bundle) {
  for (const chunk of Object.values(bundle)) {
    if (chunk.type !== 'chunk') continue;
    for (const id of chunk.moduleIds) {
      const folder = PACKAGE.exec(id.replace('\0', ''))?.[0];
      if (folder) folders.add(folder);
    }
  }
}

/**
 * Name, version, licence and its text. A package that comes without a text has one in scripts/licences.
 *
 * @param {string} folder @returns {string} @throws Error when there is none
 */
export function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(folder)
    .filter((file) => NOTICE.test(file))
    .map((file) => join(folder, file));
  const ours = `scripts/licences/${name.replace('/', '-')}.txt`;
  if (texts.length === 0) texts.push(join(ROOT, ours));
  if (!existsSync(texts[0])) throw new Error(`${name} ${version} has no licence text. Put one into ${ours}.`);
  return [`${name} ${version} (${license})`, ...texts.map((text) => readFileSync(text, 'utf8').trim())].join(
    '\n\n',
  );
}
