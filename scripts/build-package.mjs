/**
 * `npm run build:package`: the arithmetic as an npm package without dependencies, in package/. Its entries are the
 * `exports` of package.json, from src/package.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, posix } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { wasm } from './build-wasm.mjs';
import { writtenLicences } from './licences.mjs';
import { ROOT, run } from './prepare.mjs';
import { buildWords } from './words.mjs';

const TO = join(ROOT, 'package');
const SOURCES = join(ROOT, 'src');
/** Relative modules that a declaration names. */
const NAMED = /\b(from |import\()(['"])(\.[^'"]+)\2/g;

const root = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const entries = Object.keys(root.exports).map((path) => path.slice('./'.length));

rmSync(TO, { recursive: true, force: true });
const [{ output }] = await build({
  configFile: false,
  root: ROOT,
  logLevel: 'warn',
  publicDir: false,
  // Addresses of WebAssembly are relative to the module that opens it.
  base: './',
  plugins: [wasm(), wasmBeside(), writtenLicences()],
  build: {
    outDir: TO,
    target: 'es2022',
    minify: false,
    lib: {
      entry: Object.fromEntries(entries.map((entry) => [entry, join(SOURCES, `package/${entry}.ts`)])),
      formats: ['es'],
    },
    rolldownOptions: { output: { chunkFileNames: '[name].js', assetFileNames: '[name][extname]' } },
  },
});
// Details of failures have the types of their sentences.
await buildWords();
writeTypes();
copyFileSync(join(SOURCES, 'package/README.md'), join(TO, 'README.md'));
copyFileSync(join(ROOT, 'LICENSE'), join(TO, 'LICENSE'));
writeFileSync(join(TO, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
for (const entry of entries) console.log(sizeOf(entry));

/** Vite would write WebAssembly into the code of a library. @returns {import('vite').Plugin} */
function wasmBeside() {
  const isWasm = /\.wasm\?url$/;
  return {
    name: 'wasm-beside',
    enforce: 'pre',
    resolveId: {
      filter: { id: isWasm },
      handler: (id, importer) => join(dirname(importer), id),
    },
    load: {
      filter: { id: isWasm },
      handler(id) {
        const file = id.slice(0, -'?url'.length);
        const reference = this.emitFile({ type: 'asset', name: basename(file), source: readFileSync(file) });
        return `export default import.meta.ROLLUP_FILE_URL_${reference};`;
      },
    },
  };
}

/** Declarations that the entries' reach, with the extensions that Node's resolution asks for. */
function writeTypes() {
  const made = mkdtempSync(join(tmpdir(), 'porthole-types-'));
  try {
    const compiler = 'node_modules/@typescript/native-preview/bin/tsc';
    run(process.execPath, [compiler, '-p', 'src/package', '--outDir', made]);
    // Some were written by other scripts.
    const find = (path) => [made, SOURCES].map((folder) => join(folder, path)).find(existsSync);
    const reached = new Set(entries.map((entry) => `package/${entry}.d.ts`));
    for (const path of reached) {
      const whole = readFileSync(find(path), 'utf8').replaceAll(NAMED, (_, before, quote, named) => {
        const base = posix.join(posix.dirname(path), named.replace(/\.js$/, ''));
        const target = [`${base}.d.ts`, `${base}/index.d.ts`].find(find);
        if (!target) throw new Error(`${path} names ${named}, which has no declaration.`);
        reached.add(target);
        const relative = posix.relative(posix.dirname(path), target.replace(/\.d\.ts$/, '.js'));
        return `${before}${quote}${relative.startsWith('.') ? relative : `./${relative}`}${quote}`;
      });
      const to = join(TO, 'types', path);
      mkdirSync(dirname(to), { recursive: true });
      writeFileSync(to, whole);
    }
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

/** The package's own package.json. */
function manifest() {
  const { name, version, description, license, type, engines, repository, homepage, bugs } = root;
  const exports = JSON.parse(JSON.stringify(root.exports).replaceAll('"./package/', '"./'));
  return {
    ...{ name, version, description, license, private: root.private, type, engines },
    ...{ repository, homepage, bugs, sideEffects: false, exports },
  };
}

/** Bytes of an entry with all that it may load. */
function sizeOf(entry) {
  const files = new Set([`${entry}.js`]);
  for (const file of files) {
    const chunk = output.find(({ fileName }) => fileName === file);
    const { imports = [], dynamicImports = [], viteMetadata } = chunk;
    for (const other of [...imports, ...dynamicImports, ...(viteMetadata?.importedAssets ?? [])])
      files.add(other);
  }
  const contents = [...files].map((file) => readFileSync(join(TO, file)));
  const sum = (sizes) => sizes.reduce((total, size) => total + size, 0).toLocaleString('en');
  const bytes = sum(contents.map(({ length }) => length));
  const gzipped = sum(contents.map((content) => gzipSync(content).length));
  return `${root.name}/${entry}: ${bytes} bytes in ${files.size} files, ${gzipped} gzipped`;
}
