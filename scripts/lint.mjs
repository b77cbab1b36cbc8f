/**
 * `npm run check:lint`: ESLint over everything, as eslint.config.js says. Its parser of components gives TypeScript what
 * it makes of them when TypeScript first reads them; else each component, once its turn comes, makes a new program of
 * all files. It is said through the environment, before the parser is loaded.
 *
 * ESLint's cache knows a file's own content and its configuration. Rules with types also depend on imported files, so the
 * configuration carries a hash of every file that may be imported (docs/house.md, Floors).
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './prepare.mjs';

process.env.SVELTE_ESLINT_PARSER_EXPERIMENTAL_TS_SYS_HOOK = '1';
const { ESLint } = await import('eslint');

const general = hashOf(['package-lock.json', 'tsconfig.json', ...below('src').filter(isDeclaration)]);
const domain = hashOf(below('src/core/domain'));
const core = hashOf(below('src/core'));
const features = readdirSync(join(ROOT, 'src/features'), { withFileTypes: true });
const all = hashOf(
  ['src/core', 'src/features', 'src/package', 'src/scripting', 'tests', 'scripts'].flatMap(below),
);

const eslint = new ESLint({
  cache: true,
  cacheLocation: join(ROOT, 'node_modules/.cache/eslint'),
  cacheStrategy: 'content',
  // The last that names a file counts.
  overrideConfig: [
    dependent('**/*.{ts,svelte}', all),
    dependent('src/core/**', core),
    dependent('src/core/domain/**', domain),
    ...features
      .filter((feature) => feature.isDirectory())
      .map(({ name }) => `src/features/${name}`)
      .map((folder) => dependent(`${folder}/**`, core + hashOf(below(folder)))),
  ],
});
const results = await eslint.lintFiles('.');
const formatter = await eslint.loadFormatter();
const found = await formatter.format(results);
if (found) console.log(found);
if (results.some(({ errorCount, warningCount }) => errorCount + warningCount > 0)) process.exitCode = 1;

/** @param {string} files @param {string} imported what they may import */
function dependent(files, imported) {
  return { files: [files], settings: { imported: general + imported } };
}

/** @param {string} folder @returns {string[]} the paths of its code */
function below(folder) {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|svelte|js|mjs)$/.test(name))
    .map((name) => `${folder}/${name}`)
    .sort();
}

/** @param {string} path */
function isDeclaration(path) {
  return path.endsWith('.d.ts');
}

/** @param {readonly string[]} paths */
function hashOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(path).update(readFileSync(join(ROOT, path)));
  return hash.digest('base64');
}
