/**
 * `npm run check:lint`: ESLint over everything, as eslint.config.js says. Its parser of components gives TypeScript what
 * it makes of them when TypeScript first reads them; else each component, once its turn comes, makes a new program of
 * all files. It is said through the environment, before the parser is loaded.
 */
process.env.SVELTE_ESLINT_PARSER_EXPERIMENTAL_TS_SYS_HOOK = '1';
const { ESLint } = await import('eslint');

const eslint = new ESLint();
const results = await eslint.lintFiles('.');
const formatter = await eslint.loadFormatter();
const found = await formatter.format(results);
if (found) console.log(found);
if (results.some(({ errorCount, warningCount }) => errorCount + warningCount > 0)) process.exitCode = 1;
