/**
 * Loads modules of the page into Node, for specs that open no page: runes (`*.svelte.ts`) are compiled as for a server,
 * where each derived value is computed when it is read, and requests go without a frame.
 */
import { readFileSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

const require = createRequire(import.meta.url);

export function resolve(specifier, context, next) {
  return next(specifier.endsWith('/request-frame') ? FRAMELESS : specifier, context);
}

export function load(url, context, next) {
  if (!url.endsWith('.svelte.ts')) return next(url, context);
  // Late, because few specs need them.
  const { ModuleKind, ScriptTarget, transpileModule } = require('typescript');
  const { compileModule } = require('svelte/compiler');
  const filename = fileURLToPath(url);
  const { outputText } = transpileModule(readFileSync(filename, 'utf8'), {
    compilerOptions: {
      module: ModuleKind.ESNext,
      target: ScriptTarget.ES2022,
      verbatimModuleSyntax: true,
    },
  });
  const { js } = compileModule(outputText, { filename, generate: 'server' });
  return { format: 'module', source: js.code, shortCircuit: true };
}

const FRAMELESS = new URL('sync/frameless.ts', import.meta.url).href;

// Before Node 22.15 modules are loaded in a thread of its own.
if (module.registerHooks) module.registerHooks({ resolve, load });
else if (isMainThread) module.register(import.meta.url);
